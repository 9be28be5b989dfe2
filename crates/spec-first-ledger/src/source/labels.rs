//! Loads the words of languages and the layouts of documentation systems, which are data.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spec_first_document::{Document, Pointer};

use super::Error;
use super::words::of_heading;
pub(crate) use super::words::{contains, is_media_type, normalize, unnumbered};
use crate::record::pointer_of;

const LANGUAGES: [(&str, &str); 3] = [
    ("labels/en.yaml", include_str!("../../labels/en.yaml")),
    ("labels/es.yaml", include_str!("../../labels/es.yaml")),
    ("labels/pt.yaml", include_str!("../../labels/pt.yaml")),
];

const LAYOUT: (&str, &str) = (
    "layouts/mintlify.yaml",
    include_str!("../../layouts/mintlify.yaml"),
);

/// The words of the known languages, and the layout of a documentation system.
#[derive(Clone, Debug)]
pub struct Labels {
    pub(crate) layout: Layout,
    pub(crate) languages: Vec<Language>,
    headings: HashMap<String, Vec<Heading>>,
    boilerplate: HashMap<String, Option<usize>>,
    /// How boilerplate lines begin whose end varies.
    beginnings: Vec<String>,
}

/// What a heading means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The index of the language.
    pub(crate) language: usize,
    pub(crate) section: String,
    /// Whether the section is generated from an OpenAPI document.
    pub(crate) is_schema: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Language {
    pub(crate) language: String,
    sections: BTreeMap<String, Vec<String>>,
    schema_sections: BTreeMap<String, Vec<String>>,
    pub(crate) required: Vec<String>,
    pub(crate) optional: Vec<String>,
    pub(crate) deprecated: Vec<String>,
    pub(crate) default: Vec<String>,
    pub(crate) example: Vec<String>,
    pub(crate) options: Vec<String>,
    pub(crate) truth: Vec<String>,
    pub(crate) falsehood: Vec<String>,
    pub(crate) columns: BTreeMap<Column, Vec<String>>,
    #[serde(default)]
    pub(crate) types: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) lists: Vec<String>,
    #[serde(default)]
    pub(crate) fixed: Vec<String>,
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    #[serde(default)]
    pub(crate) common: Vec<String>,
    pub(crate) header_mentions: Vec<String>,
    pub(crate) negations: Vec<String>,
    #[serde(default)]
    pub(crate) withdrawals: Vec<String>,
    #[serde(default)]
    pub(crate) conditions: Vec<String>,
    #[serde(default)]
    pub(crate) hedges: Vec<String>,
    #[serde(default)]
    ordinary: Vec<String>,
    #[serde(default)]
    pub(crate) credentials: Vec<String>,
    #[serde(default)]
    pub(crate) returns: Vec<String>,
    #[serde(default)]
    pub(crate) unreturned: Vec<String>,
    #[serde(default)]
    pub(crate) outcomes: Vec<String>,
    #[serde(default)]
    pub(crate) failures: Vec<String>,
    #[serde(default)]
    pub(crate) counterexamples: Vec<String>,
    #[serde(default)]
    pub(crate) successors: Vec<String>,
    #[serde(default)]
    pub(crate) reasons: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) defaults: Vec<String>,
    #[serde(default)]
    pub(crate) open_ends: Vec<String>,
    pub(crate) statements: Vec<Words>,
    pub(crate) constraints: Vec<Constraint>,
    #[serde(default)]
    pub(crate) expanded: Vec<String>,
    #[serde(default)]
    pub(crate) collapsed: Vec<String>,
    #[serde(default)]
    pub(crate) limits: BTreeMap<Limit, Vec<String>>,
    #[serde(default)]
    pub(crate) conjunctions: Vec<String>,
    #[serde(default)]
    pub(crate) contents: Vec<String>,
    boilerplate: Vec<String>,
    #[serde(default)]
    pub(crate) footer: Vec<String>,
}

/// The meaning of a table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Column {
    Code,
    Reason,
    Text,
    Name,
    Type,
    Required,
    Default,
    ErrorCode,
    Limit,
    Value,
}

/// A kind of limit on the values of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Limit {
    Range,
    Length,
    MinLength,
    MaxLength,
    Items,
    MinItems,
    MaxItems,
}

/// The meaning of a label such as `Example:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Example,
    Options,
    Default,
    Limit(Limit),
}

/// A statement in prose, and the words that make it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) kind: String,
    pub(crate) value: Value,
    pub(crate) words: Vec<String>,
}

/// A rule about a field, and the words that state it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Constraint {
    pub(crate) value: String,
    pub(crate) words: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Layout {
    #[serde(rename = "name")]
    _name: String,
    pub(crate) types: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) schemes: BTreeMap<String, Vec<String>>,
    pub(crate) fields: Vec<String>,
    pub(crate) field_components: Vec<String>,
    pub(crate) titled_components: Vec<String>,
    pub(crate) nesting_components: Vec<String>,
    pub(crate) notes: BTreeMap<String, String>,
    pub(crate) note_attributes: Vec<String>,
    pub(crate) sections: BTreeMap<String, String>,
    pub(crate) headers: Vec<String>,
    pub(crate) schema_heading_classes: Vec<String>,
    pub(crate) schema_heading_level: u8,
    pub(crate) line_attributes: Vec<String>,
    pub(crate) elements: BTreeMap<String, String>,
    pub(crate) templates: BTreeMap<String, String>,
    pub(crate) skipped_elements: Vec<String>,
    boilerplate: Vec<String>,
    pub(crate) index: Vec<String>,
}

impl Labels {
    /// The built-in languages and layout.
    pub fn built_in() -> Self {
        Self::with(None, &[])
            .expect("the files that come with the crate are valid; a test reads them")
    }

    /// The built-in languages and layout, with another layout and more languages, each as the name and text of a file. Missing keys of a
    /// layout are taken from Mintlify's.
    ///
    /// # Errors
    /// A file is invalid; the finding says where.
    pub fn with(layout: Option<(&str, &str)>, languages: &[(&str, &str)]) -> Result<Self, Error> {
        let base = file(LAYOUT)?.root().to_json();
        let layout = file(layout.unwrap_or(LAYOUT))?;
        let mut labels = Self {
            layout: parse(&layout, Some(base))?,
            languages: Vec::new(),
            headings: HashMap::new(),
            boilerplate: HashMap::new(),
            beginnings: Vec::new(),
        };
        for line in &labels.layout.boilerplate {
            match line.strip_suffix('…') {
                Some(start) => labels.beginnings.push(normalize(start)),
                None => _ = labels.boilerplate.insert(normalize(line), None),
            }
        }
        for each in LANGUAGES.iter().chain(languages) {
            labels.add(parse(&file(*each)?, None)?);
        }
        Ok(labels)
    }

    fn add(&mut self, mut language: Language) {
        let index = self.languages.len();
        for (sections, is_schema) in [
            (&language.sections, false),
            (&language.schema_sections, true),
        ] {
            for (section, headings) in sections {
                for heading in headings {
                    let meanings = self.headings.entry(of_heading(heading)).or_default();
                    let meaning = Heading {
                        language: index,
                        section: section.clone(),
                        is_schema,
                    };
                    meanings.push(meaning);
                }
            }
        }
        for line in language.boilerplate.iter().chain(&language.footer) {
            self.boilerplate.insert(normalize(line), Some(index));
        }
        for words in [
            &mut language.required,
            &mut language.optional,
            &mut language.deprecated,
            &mut language.default,
            &mut language.example,
            &mut language.options,
            &mut language.truth,
            &mut language.falsehood,
            &mut language.negations,
            &mut language.expanded,
            &mut language.collapsed,
            &mut language.conjunctions,
            &mut language.contents,
            &mut language.header_mentions,
            &mut language.footer,
            &mut language.withdrawals,
            &mut language.conditions,
            &mut language.hedges,
            &mut language.ordinary,
            &mut language.credentials,
            &mut language.returns,
            &mut language.unreturned,
            &mut language.counterexamples,
            &mut language.successors,
            &mut language.defaults,
            &mut language.outcomes,
            &mut language.failures,
            &mut language.open_ends,
            &mut language.fixed,
            &mut language.absent,
            &mut language.common,
        ]
        .into_iter()
        .chain(language.columns.values_mut())
        .chain(language.types.values_mut())
        .chain(language.reasons.values_mut())
        .chain(language.statements.iter_mut().map(|each| &mut each.words))
        .chain(language.constraints.iter_mut().map(|each| &mut each.words))
        .chain(language.limits.values_mut())
        {
            for word in words {
                *word = normalize(word);
            }
        }
        for before in &mut language.lists {
            *before = format!("{} ", normalize(before));
        }
        self.languages.push(language);
    }

    /// The meanings of a heading, in all languages. A media type may follow it, as in `Request body: application/json`.
    pub(crate) fn heading(&self, text: &str) -> &[Heading] {
        let known = |text: &str| self.headings.get(&of_heading(text));
        let title = text.rsplit_once(' ');
        let title = title.filter(|(_, last)| is_media_type(last));
        let known = known(text).or_else(|| known(title?.0));
        known.map_or(&[], Vec::as_slice)
    }

    /// The section that the label before a text names, as in `Base URL: https://api.example.com`, and the text.
    pub(crate) fn labelled<'t>(&self, text: &'t str) -> Option<(&str, &'t str)> {
        let (label, rest) = text.split_once(": ")?;
        let section = &self.heading(label).first()?.section;
        Some((section, rest.trim()))
    }

    /// A request without the label before it, as in `Endpoint: GET /pets`.
    pub(crate) fn request<'t>(&self, text: &'t str) -> &'t str {
        let labelled = self.labelled(text);
        let request = labelled.filter(|(section, _)| *section == "endpoint");
        request.map_or(text, |(_, request)| request)
    }

    /// Whether a text is a truncated heading.
    pub(crate) fn begins_heading(&self, text: &str) -> bool {
        let start = of_heading(text);
        let is_longer = |heading: &String| heading.starts_with(&start) && *heading != start;
        start.len() > 3 && self.heading(&start).is_empty() && self.headings.keys().any(is_longer)
    }

    /// Whether a line is boilerplate, and in which language.
    pub(crate) fn boilerplate(&self, normalized: &str) -> Option<Option<usize>> {
        let mut beginnings = self.beginnings.iter();
        if beginnings.any(|start| normalized.starts_with(start.as_str())) {
            return Some(None);
        }
        let sentence = normalized.strip_suffix('.');
        let sentence = sentence.filter(|sentence| sentence.contains(' '));
        let lines = [Some(normalized), sentence].into_iter().flatten();
        let mut known = lines.filter_map(|line| self.boilerplate.get(line));
        known.next().copied()
    }

    /// Whether a text is a truncated label such as `Example:`, or truncated glued column headers.
    pub(crate) fn begins_label(&self, text: &str) -> bool {
        let start = normalize(text);
        let labels = self.languages.iter().flat_map(|language| {
            let lists = [&language.options, &language.example];
            lists.into_iter().flatten()
        });
        let is_longer = |word: &String| word.starts_with(&start) && *word != start;
        let is_label = start.len() > 4 && self.label(&start).is_none();
        (is_label && labels.into_iter().any(is_longer)) || self.begins_heads(text.trim(), 0)
    }

    /// Whether a text is glued column headers, each with a capital letter, of which the last is truncated.
    fn begins_heads(&self, text: &str, count: usize) -> bool {
        let start = text.to_lowercase();
        let languages = self.languages.iter();
        let mut heads = languages.flat_map(|language| language.columns.values().flatten());
        let goes_on = |head: &String| {
            let (glued, rest) = text.split_at_checked(head.len())?;
            Some(glued.ends_with(char::is_lowercase) && self.begins_heads(rest, count + 1))
        };
        text.starts_with(char::is_uppercase)
            && count < 8
            && heads.any(|head| {
                (count > 0 && head.starts_with(&start) && *head != start)
                    || (start.starts_with(head.as_str()) && goes_on(head) == Some(true))
            })
    }

    /// Whether a text is the start of a boilerplate line.
    pub(crate) fn begins_boilerplate(&self, normalized: &str) -> bool {
        let mut lines = self.boilerplate.keys();
        normalized.len() > 3 && lines.any(|line| line.starts_with(normalized))
    }

    /// Whether a text is a column header, in any language.
    pub(crate) fn is_column(&self, normalized: &str) -> bool {
        let languages = self.languages.iter();
        let mut heads = languages.flat_map(|language| language.columns.values().flatten());
        heads.any(|head| head == normalized)
    }

    /// Whether a text is the header of a column with one of these meanings, in any language.
    pub(crate) fn means(&self, normalized: &str, columns: &[Column]) -> bool {
        let languages = self.languages.iter();
        let mut known = languages.flat_map(|language| &language.columns);
        known.any(|(column, heads)| {
            columns.contains(column) && heads.iter().any(|head| head == normalized)
        })
    }

    /// The meaning of a label, in any language.
    pub(crate) fn label(&self, normalized: &str) -> Option<Label> {
        self.languages.iter().find_map(|language| {
            let limits = language.limits.iter();
            [
                (Label::Options, &language.options),
                (Label::Example, &language.example),
                (Label::Default, &language.default),
            ]
            .into_iter()
            .chain(limits.map(|(limit, words)| (Label::Limit(*limit), words)))
            .find(|(_, words)| words.iter().any(|word| word == normalized))
            .map(|(label, _)| label)
        })
    }

    /// Whether a text has words of a list of any language, apart from those that are ordinary in the language of the page.
    pub(crate) fn has_any(
        &self,
        text: &str,
        page: Option<&str>,
        list: fn(&Language) -> &Vec<String>,
    ) -> bool {
        let mut languages = self.languages.iter();
        let own = languages.find(|language| Some(language.language.as_str()) == page);
        let is_ordinary = |word: &String| own.is_some_and(|own| own.ordinary.contains(word));
        let mut words = self.languages.iter().flat_map(list);
        words.any(|word| contains(text, word) && !is_ordinary(word))
    }

    /// Whether a list of any language contains a word.
    pub(crate) fn is_any(&self, word: &str, list: fn(&Language) -> &Vec<String>) -> bool {
        self.languages
            .iter()
            .any(|language| list(language).iter().any(|each| each == word))
    }
}

fn file((name, text): (&str, &str)) -> Result<Document, Error> {
    Document::parse(name, text).map_err(|finding| Error::File(Box::new(finding)))
}

/// Parses a file; missing keys are taken from `base`.
fn parse<T: DeserializeOwned>(file: &Document, base: Option<Value>) -> Result<T, Error> {
    let mut value = file.root().to_json();
    let is_layout = base.is_some();
    if let (Value::Object(own), Some(Value::Object(base))) = (&mut value, base) {
        for (key, value) in base {
            own.entry(key).or_insert(value);
        }
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: Pointer = pointer_of(error.path());
        let message = error.inner().to_string();
        let help = match is_layout {
            true => "write it like `layouts/mintlify.yaml` of `spec-first-ledger`",
            false => "write it like `labels/en.yaml` of `spec-first-ledger`",
        };
        Error::File(Box::new(file.finding(
            "labels-form",
            &pointer,
            message,
            help,
        )))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_come_with_the_crate_are_valid() {
        let labels = Labels::built_in();
        assert_eq!(labels.languages.len(), LANGUAGES.len());
        let [prose, schema] = labels.heading("parámetros de ruta") else {
            panic!("{:?}", labels.heading("parámetros de ruta"));
        };
        assert_eq!((prose.is_schema, schema.is_schema), (false, true));
    }

    #[test]
    fn a_mistake_in_a_file_has_its_line() {
        let text = LANGUAGES[0]
            .1
            .replace("optional: [optional]", "optional: optional");
        let Err(Error::File(finding)) = Labels::with(None, &[("labels/xx.yaml", &text)]) else {
            panic!("it was read");
        };
        let above = text.split("\noptional").next().unwrap_or_default();
        let line = above.lines().count() + 1;
        assert!(
            finding
                .to_string()
                .starts_with(&format!("labels/xx.yaml:{line}:1: ")),
            "{finding}"
        );
    }
}
