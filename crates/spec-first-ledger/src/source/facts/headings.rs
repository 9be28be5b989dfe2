//! Which lines are headings, and which sections they begin.

use std::collections::HashMap;

use spec_first_document::literal::is_hidden;

use super::notation::{is_name, is_type};
use super::reasons::reason;
use super::statuses::{is_status, is_status_title};
use crate::source::labels::{Heading, Labels, normalize, unnumbered};
use crate::source::page::{Content, Form, Line};

/// The maximum number of words in an unlabelled heading of plain text.
const WORDS: usize = 6;

/// The maximum number of lines between the type of a field and its expander.
const FIELD: usize = 6;

/// The maximum number of lines between the type of a field and the next field.
const DESCRIPTION: usize = 20;

/// The section that a line begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) section: String,
    pub(super) is_schema: bool,
    languages: Vec<usize>,
}

impl Found {
    /// Whether the heading is one of the labels.
    pub(super) fn is_known(&self) -> bool {
        !self.languages.is_empty()
    }
}

/// Finds the headings of a page, by the index of their lines.
pub(super) fn find(
    lines: &[Line],
    form: Form,
    is_nameless: bool,
    labels: &Labels,
) -> HashMap<usize, Found> {
    let is_marked = lines
        .iter()
        .any(|line| matches!(line.content, Content::Heading { .. }));
    let mut candidates: Vec<(usize, Vec<Heading>, bool)> = Vec::new();
    let is_index = |meanings: &[Heading]| {
        let mut meanings = meanings.iter();
        meanings.any(|meaning| meaning.section == "documentation-index")
    };
    let mut is_below_title = false;
    for (index, line) in lines.iter().enumerate() {
        // Text above the samples and the first section is the title.
        is_below_title |=
            !candidates.is_empty() || line.text().is_some_and(|text| text.starts_with("curl "));
        let (text, is_schema) = match &line.content {
            Content::Heading {
                text, is_schema, ..
            } => (text, *is_schema),
            Content::Text(text) if !is_marked => (text, false),
            _ => continue,
        };
        let meanings = labels.heading(text);
        let is_field = !is_nameless && is_field(lines, index, labels);
        let is_title = matches!(line.content, Content::Heading { level: 1, .. })
            && candidates.iter().all(|(_, meanings, _)| is_index(meanings));
        if !meanings.is_empty() && !is_field {
            candidates.push((index, meanings.to_vec(), is_schema));
        } else if matches!(line.content, Content::Heading { .. }) && !is_title {
            candidates.push((index, Vec::new(), is_schema));
        } else if !is_marked
            && is_below_title
            && may_be_heading(lines, index)
            && !is_expander(text, labels)
            && !is_collapsed(lines, index, labels)
        {
            candidates.push((index, Vec::new(), false));
        }
    }
    // Markdown converted from a rendered page keeps its heading levels.
    let is_schema_level = |content: &Content| matches!(content, Content::Heading { level, .. } if *level >= labels.layout.schema_heading_level);
    let line_of = |index: usize| &lines[index];
    let mut found: HashMap<usize, Found> = HashMap::new();
    let mut is_schema_above = false;
    let mut responses: Option<u8> = None;
    for (place, (index, meanings, is_schema)) in candidates.iter().enumerate() {
        let is_schema_only = |meanings: &[Heading]| {
            !meanings.is_empty() && meanings.iter().all(|each| each.is_schema)
        };
        let is_prose_only = |meanings: &[Heading]| meanings.iter().all(|each| !each.is_schema);
        let is_schema = if is_prose_only(meanings) {
            false
        } else if is_schema_only(meanings) || *is_schema {
            true
        } else if form == Form::Markdown && !is_schema_level(&line_of(*index).content) {
            false
        } else {
            let below = candidates.get(place + 1);
            let is_schema_below = below.is_some_and(|(_, meanings, _)| is_schema_only(meanings));
            let is_between = is_schema_above && is_schema_below;
            let by_layout = (form == Form::Text && !is_between)
                .then(|| is_spaced_field(lines, *index, labels))
                .flatten();
            by_layout.unwrap_or(is_schema_above || is_schema_below)
        };
        // In the part generated from a document, a description of a field is written like an unlabelled heading.
        let text = normalize(text_of(&lines[*index]));
        let is_failure = labels.is_any(&text, |language| &language.failures);
        let is_hidden = meanings.is_empty() && is_schema_above && !is_marked && !is_failure;
        if is_hidden && !is_above_field(lines, *index, labels) {
            continue;
        }
        let is_schema = is_schema || is_hidden;
        // In plain text, a status among the responses is a line.
        let level = level(&lines[*index]);
        let is_status = meanings.is_empty() && is_status_title(text_of(&lines[*index]));
        if is_status && responses.is_some_and(|above| above < level) {
            continue;
        }
        let fitting = meanings.iter().filter(|each| each.is_schema == is_schema);
        let above = place.checked_sub(1).map(|above| candidates[above].0);
        let section = match fitting.clone().next() {
            Some(first)
                if first.section == "body" && is_of_response(lines, above, *index, labels) =>
            {
                "response".to_owned()
            }
            Some(first) => first.section.clone(),
            None if meanings.is_empty() => slug(unnumbered(text_of(&lines[*index]))),
            None => continue,
        };
        responses = matches!(&*section, "responses" | "errors").then_some(level);
        found.insert(
            *index,
            Found {
                section,
                is_schema,
                languages: fitting.map(|each| each.language).collect(),
            },
        );
        is_schema_above = is_schema;
    }
    found
}

/// Whether a body is that of the responses above it: only the tabs of their statuses are in between, or nothing is.
fn is_of_response(lines: &[Line], above: Option<usize>, index: usize, labels: &Labels) -> bool {
    let Some(above) = above else {
        return false;
    };
    let mut meanings = labels.heading(text_of(&lines[above])).iter();
    let is_of_responses = meanings.any(|each| each.section.starts_with("response"));
    let is_tab = |line: &Line| {
        let text = line.text().unwrap_or_default();
        is_status(text) || reason(text).is_some_and(|(_, rest)| rest.is_empty())
    };
    is_of_responses && lines[above + 1..index].iter().all(is_tab)
}

/// The language of most headings and boilerplate lines, or of the most words.
pub(super) fn language(
    lines: &[Line],
    found: &HashMap<usize, Found>,
    labels: &Labels,
) -> Option<String> {
    let name = |index: usize| labels.languages[index].language.clone();
    let mut headings = vec![0_usize; labels.languages.len()];
    for heading in found.values() {
        let mut languages = heading.languages.clone();
        languages.dedup();
        for language in languages {
            headings[language] += 1;
        }
    }
    let mut votes = headings.clone();
    for line in lines.iter().filter_map(Line::text) {
        if let Some(Some(language)) = labels.boilerplate(&normalize(line)) {
            votes[language] += 1;
        }
    }
    let most = votes.iter().copied().max().unwrap_or_default();
    let mut best = votes
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == most);
    let decided = match (best.next(), best.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    };
    // Headings and boilerplate may be those that a documentation system shows without translations.
    let is_default = decided == Some(0) && headings.iter().all(|count| *count == 0);
    // A few words may be quoted.
    let least = if is_default { 0 } else { 2 * most.max(3) };
    let words = most_words(lines, labels);
    let words = words.filter(|(_, count)| decided.is_none() || *count >= least);
    words.map(|(index, _)| index).or(decided).map(name)
}

/// The language with at least twice as many common words as any other, and their number.
fn most_words(lines: &[Line], labels: &Labels) -> Option<(usize, usize)> {
    let mut counts = vec![0_usize; labels.languages.len()];
    let texts = lines.iter().flat_map(|line| match &line.content {
        Content::Text(text) => std::slice::from_ref(text),
        Content::Row { cells, .. } => cells,
        _ => &[],
    });
    let words = texts.flat_map(|text| text.split_whitespace());
    for word in words.map(str::to_lowercase) {
        for (count, language) in counts.iter_mut().zip(&labels.languages) {
            *count += usize::from(language.common.contains(&word));
        }
    }
    let most = counts.iter().copied().max().filter(|most| *most > 2)?;
    let mut near = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count * 2 > most);
    let (index, _) = near.next()?;
    near.next().is_none().then_some((index, most))
}

/// The level of a heading; 0 in plain text.
pub(super) fn level(line: &Line) -> u8 {
    match line.content {
        Content::Heading { level, .. } => level,
        _ => 0,
    }
}

fn text_of(line: &Line) -> &str {
    match &line.content {
        Content::Text(text) | Content::Heading { text, .. } => text,
        _ => "",
    }
}

/// Whether a line is the name of a field, with its type below.
fn is_field(lines: &[Line], index: usize, labels: &Labels) -> bool {
    let text = |index: usize| lines.get(index).and_then(Line::text);
    text(index).is_some_and(is_name) && text(index + 1).is_some_and(|below| is_type(below, labels))
}

/// Whether a field follows a line that is not the first of the description of the field above.
fn is_above_field(lines: &[Line], index: usize, labels: &Labels) -> bool {
    let is_of_field = |text: &&str| is_type(text, labels) || is_mark(text, labels);
    let above = lines[..index].iter().rev().take(DESCRIPTION);
    let above = above.map_while(Line::text);
    let mut above = above.take_while(|text| labels.heading(text).is_empty());
    let is_first = above.next().is_none_or(|above| is_of_field(&above));
    !is_first && above.any(|text| is_of_field(&text)) && is_field(lines, index + 1, labels)
}

/// Whether a line is a mark beside the type of a field.
fn is_mark(text: &str, labels: &Labels) -> bool {
    let text = normalize(text);
    labels.is_any(&text, |language| &language.required)
        || labels.is_any(&text, |language| &language.optional)
        || labels.layout.places.contains(&text)
}

/// Whether a page of plain text shows the types of its fields, but not their names.
pub(super) fn is_nameless(lines: &[Line], labels: &Labels) -> bool {
    let is_type_at = |index: usize| {
        let text = lines.get(index).and_then(Line::text);
        text.is_some_and(|text| text.starts_with(char::is_lowercase) && is_type(text, labels))
    };
    let (mut named, mut nameless) = (0, 0);
    for index in (1..lines.len()).filter(|index| is_type_at(*index) && !is_type_at(index + 1)) {
        match lines[index - 1].text() {
            Some(above) if !labels.heading(above).is_empty() || above.contains(' ') => {
                nameless += 1
            }
            Some(above) if is_name(above) && !is_type_at(index - 1) => named += 1,
            _ => {}
        }
    }
    nameless > 1 && nameless > named
}

/// Whether an empty line separates the first field from its description, as in the part generated from a document.
fn is_spaced_field(lines: &[Line], heading: usize, labels: &Labels) -> Option<bool> {
    let mut at = heading + 1;
    let name = lines.get(at)?.text()?;
    let kind = lines.get(at + 1)?.text()?;
    // If even the type is apart, space says nothing.
    if !is_name(name) || !is_type(kind, labels) || lines[at + 1].is_spaced {
        return None;
    }
    at += 2;
    loop {
        let line = lines.get(at)?;
        let text = line.text()?;
        if !is_mark(text, labels) {
            let is_description = text.contains(' ');
            return is_description.then_some(line.is_spaced);
        }
        at += 1;
    }
}

/// Whether a line is the button that hides nested fields.
pub(super) fn is_expander(text: &str, labels: &Labels) -> bool {
    let normalized = normalize(text);
    let first = normalized.split(' ').next().unwrap_or_default();
    labels.is_any(first, |language| &language.expanded) && normalized.split(' ').count() <= WORDS
}

/// Whether a line is the button that shows nested fields, below a field that may have some.
fn is_collapsed(lines: &[Line], index: usize, labels: &Labels) -> bool {
    let text = lines[index].text().map(normalize).unwrap_or_default();
    let first = text.split(' ').next().unwrap_or_default();
    let above = &lines[index.saturating_sub(FIELD)..index];
    let is_holder = |line: &Line| {
        let text = line.text().unwrap_or_default();
        is_type(text, labels) && (text.starts_with("object") || text.ends_with("[]"))
    };
    labels.is_any(first, |language| &language.collapsed) && above.iter().any(is_holder)
}

/// Whether a line of plain text may be an unlabelled heading: a few words between empty lines.
pub(super) fn may_be_heading(lines: &[Line], index: usize) -> bool {
    let line = &lines[index];
    let Some(text) = line.text().map(unnumbered) else {
        return false;
    };
    let Some(above) = index.checked_sub(1).map(|above| &lines[above]) else {
        return false;
    };
    let is_row = matches!(above.content, Content::Row { is_head: false, .. });
    let is_below_row = is_row && text.contains(' ');
    let is_reason = above.text().is_some_and(is_status)
        && reason(text).is_some_and(|(_, rest)| rest.is_empty());
    let is_alone = (line.is_spaced && lines.get(index + 1).is_some_and(|next| next.is_spaced)
        || is_below_row)
        && !is_reason;
    let words = text.split_whitespace().count();
    let is_worded = text.starts_with(char::is_uppercase)
        && words <= WORDS
        && text.len() <= 60
        && text.contains(|character: char| character.is_lowercase())
        && !text.contains([
            '"', '{', '}', '<', '>', '=', '/', '|', '\\', '(', ':', '.', ',', ';', '!', '?', '[',
            '_',
        ]);
    is_alone && is_worded
}

/// The section id of an unlabelled heading.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().filter(|character| !is_hidden(*character)) {
        match character {
            _ if character.is_alphanumeric() => slug.extend(character.to_lowercase()),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
        if slug.len() > 60 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "section".to_owned()
    } else {
        slug.to_owned()
    }
}
