//! Prose: a few facts are recognised by the words in the label files.

use serde_json::Value;

use super::notation::values;
use super::reader::Reader;
use crate::source::labels::{Label, normalize};
use crate::source::values;

/// The maximum length of a label such as `Example:`, in bytes.
const LONGEST_LABEL: usize = 80;

impl Reader<'_> {
    /// Reads a line of prose, and keeps it.
    pub(super) fn prose(&mut self, text: &str, number: u32) {
        let (sentences, mut labelled) = self.split_at_label(text);
        while let Some((label, text)) = labelled {
            let (value, next) = self.split_at_label(text);
            self.label_within(label, value.trim(), number);
            labelled = next;
        }
        let sentences = sentences.trim();
        let mut is_understood = self.sentences(sentences, number);
        if let Some(mark) = self.take_note() {
            self.state("note", &values::digest(sentences), mark.into(), number);
            is_understood = true;
        }
        if let Some(field) = &mut self.field {
            field.paragraphs += 1;
        }
        if !sentences.is_empty() {
            self.keep(sentences, number, is_understood);
        }
    }

    /// States what the sentences say; returns whether they say anything known.
    pub(super) fn sentences(&mut self, text: &str, number: u32) -> bool {
        let without_urls: Vec<&str> = text
            .split_whitespace()
            .filter(|word| !word.contains("://"))
            .collect();
        let labels = self.labels;
        let mut found: Vec<(&str, String, Value)> = Vec::new();
        let mut rules = Vec::new();
        for sentence in without_urls.join(" ").split(['.', ';', '!', '?']) {
            let sentence = normalize(sentence);
            for language in &labels.languages {
                if language
                    .negations
                    .iter()
                    .any(|word| contains(&sentence, word))
                {
                    continue;
                }
                for statement in &language.statements {
                    if statement
                        .words
                        .iter()
                        .any(|words| contains(&sentence, words))
                    {
                        found.push(("statement", statement.kind.clone(), statement.value.clone()));
                    }
                }
                for rule in &language.constraints {
                    if rule.words.iter().any(|words| contains(&sentence, words)) {
                        rules.push(rule.value.as_str());
                    }
                }
                for pattern in &language.header_mentions {
                    if let Some(name) = mentioned(&sentence, pattern)
                        .filter(|name| is_credential(name) && !is_glued(text, name))
                    {
                        found.push(("credential", name.to_owned(), "header".into()));
                    }
                }
            }
            if let Some(field) = &self.field {
                let name = field.name.to_lowercase();
                for (scheme, words) in &labels.layout.schemes {
                    if self.section == "authorizations"
                        && words.iter().any(|words| contains(&sentence, words))
                    {
                        found.push(("scheme", name.clone(), scheme.as_str().into()));
                    }
                }
            }
        }
        if self.section == "authorizations"
            && let Some(field) = &self.field
            && let Some(pair) = pair(text)
        {
            found.push(("pair", field.name.to_lowercase(), pair.into()));
        }
        if let Some(field) = &self.field
            && field.paragraphs == 0
            && !rules.is_empty()
        {
            rules.sort_unstable();
            rules.dedup();
            found.push(("constraint", field.name.clone(), rules.join(", ").into()));
        }
        found.sort_by(|(a, b, _), (c, d, _)| (a, b).cmp(&(c, d)));
        found.dedup();
        let is_understood = !found.is_empty();
        for (kind, name, value) in found {
            self.state(kind, &name, value, number);
        }
        is_understood
    }

    /// Splits a line at a label such as `Example:` that follows a sentence.
    fn split_at_label<'t>(&self, text: &'t str) -> (&'t str, Option<(Label, &'t str)>) {
        if self.field.is_none() {
            return (text, None);
        }
        for (colon, _) in text.match_indices(':') {
            let mut window = colon.saturating_sub(LONGEST_LABEL);
            window += (0..4)
                .find(|at| text.is_char_boundary(window + at))
                .unwrap_or_default();
            let end = text[window..colon].rfind(['.', '!', '?', ')', '|']);
            let Some(start) = end.map(|at| window + at + 1).or((window == 0).then_some(0)) else {
                continue;
            };
            let before = &text[..colon];
            if let Some(label) = self.labels.label(&normalize(&before[start..])) {
                return (&text[..start], Some((label, text[colon + 1..].trim())));
            }
        }
        (text, None)
    }

    /// States the value of a label, or keeps its text.
    fn label_within(&mut self, label: Label, value: &str, number: u32) {
        let Some(name) = self.field.as_ref().map(|field| field.name.clone()) else {
            return;
        };
        let plain = value.trim_end_matches('.').trim_matches('`');
        let is_json = plain.starts_with(['{', '[']) && serde_json::from_str::<Value>(plain).is_ok();
        let is_single = !plain.is_empty() && !value.trim_matches(['`', '"']).contains(' ');
        let items = values(value, self.labels).filter(|_| label == Label::Options);
        match (label, items) {
            (_, Some(items)) => {
                let items: Vec<Value> = items.into_iter().map(|item| self.option(item)).collect();
                self.state("enum", &name, items.into(), number);
            }
            (Label::Example | Label::Default, _) if is_json || is_single => {
                let kind = if label == Label::Default {
                    "default"
                } else {
                    "example"
                };
                let value = self.literal(if is_json { plain } else { value });
                self.state(kind, &name, value, number);
            }
            _ if value.is_empty() => {}
            _ => self.keep(value, number, false),
        }
    }
}

/// Whether a normalized sentence contains the whole words.
fn contains(sentence: &str, words: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    sentence.match_indices(words).any(|(start, found)| {
        let before = sentence[..start].chars().next_back();
        let after = sentence[start + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The word that matches `{}` in a pattern.
fn mentioned<'a>(sentence: &'a str, pattern: &str) -> Option<&'a str> {
    let (before, after) = pattern.split_once("{}")?;
    let word = match before.is_empty() {
        false => {
            let (_, rest) = sentence.split_once(before)?;
            rest.split_whitespace().next()?
        }
        true => {
            let (rest, _) = sentence.split_once(after)?;
            rest.split_whitespace().next_back()?
        }
    };
    Some(word.trim_matches(|character: char| !character.is_ascii_alphanumeric()))
}

/// Whether a header with this name carries a credential.
fn is_credential(name: &str) -> bool {
    let is_part = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    // Words such as `token` are ordinary prose.
    let is_name = name.contains('-') || matches!(name, "authorization" | "apikey");
    name.chars().all(is_part) && is_name && values::is_credential(name)
}

/// Whether a lower-case header name is glued to the word before it, as in `theX-Api-Key` or `thex-api-key`.
fn is_glued(text: &str, name: &str) -> bool {
    let first = name.split('-').next().unwrap_or_default();
    let is_at = |word: &str| word.to_lowercase().contains(name);
    let mut words = text.split_whitespace().filter(|word| is_at(word));
    let has_capital_within = |word: &str| {
        let mut pairs = word.chars().zip(word.chars().skip(1));
        pairs.any(|(before, after)| before.is_lowercase() && after.is_uppercase())
    };
    (first.len() > 1 && first.ends_with('x')) || words.any(has_capital_within)
}

/// Two names separated by a colon, such as `clientId:clientSecret`.
fn pair(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()))
        .find(|word| {
            word.split_once(':').is_some_and(|(user, secret)| {
                let is_name = |name: &str| {
                    !name.is_empty()
                        && name.chars().all(|character| {
                            character.is_ascii_alphanumeric() || "_-".contains(character)
                        })
                };
                is_name(user) && is_name(secret)
            })
        })
}
