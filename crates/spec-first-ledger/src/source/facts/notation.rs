//! The notation of field names, types and marks.

use crate::source::labels::{Labels, normalize};
use crate::source::values::with_format;

/// The maximum length of a type, in bytes.
const LONGEST_TYPE: usize = 80;

/// Whether a text can be the name of a field.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.trim();
    let is_part =
        |character: char| character.is_ascii_alphanumeric() || "_$@.-[]".contains(character);
    text.len() <= 100
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || "_$@".contains(first))
        && text.chars().all(is_part)
        && !text.ends_with('.')
}

/// Strips the star that marks a name as required; returns whether there was one.
pub(super) fn starred(text: &str) -> (&str, bool) {
    let text = text.trim();
    match text
        .strip_suffix('*')
        .map(|name| name.trim_end().trim_matches('`'))
    {
        Some(name) if is_name(name) => (name, true),
        _ => (text, false),
    }
}

/// Whether the name cannot be the first word of a sentence.
pub(super) fn is_technical(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase()) || name.contains(['_', '-'])
}

/// Whether a name is made of several words, such as `page_size` or `pageSize`.
pub(super) fn is_made_of_words(name: &str) -> bool {
    name.contains(['_', '.', '[']) || name.chars().skip(1).any(|part| part.is_ascii_uppercase())
}

/// Whether a text is a type, such as `string<uri> | null`.
pub(super) fn is_type(text: &str, labels: &Labels) -> bool {
    let is_one = |part: &str| {
        let part = part.trim().trim_end_matches("[]");
        let (base, rest) = match with_format(part) {
            Some((base, _)) => (base, ""),
            None => part.split_at(part.find('<').unwrap_or(part.len())),
        };
        let mut types = labels.layout.types.iter();
        let is_known = types.any(|known| base.eq_ignore_ascii_case(known));
        is_known && (rest.is_empty() || rest.ends_with('>'))
    };
    text.len() <= LONGEST_TYPE && untitled(text).split('|').all(is_one)
}

/// A type in the words of a layout, for one that may be in the words of a language, such as `lista de textos`.
pub(super) fn named_type(text: &str, labels: &Labels) -> Option<String> {
    let text = untitled(text.trim());
    if text.len() > LONGEST_TYPE {
        return None;
    }
    if is_type(text, labels) {
        return Some(text.to_owned());
    }
    let languages = || labels.languages.iter();
    let types = || languages().flat_map(|language| &language.types);
    let lists = || languages().flat_map(|language| &language.lists);
    let text = normalize(text);
    let (mut word, mut nesting) = (text.as_str(), String::new());
    loop {
        let known = types().find(|(_, words)| words.iter().any(|known| known == word));
        let known = known.map(|(name, _)| name.as_str());
        if let Some(kind) = known.or(Some(word).filter(|word| is_type(word, labels))) {
            return Some(format!("{kind}{nesting}"));
        }
        word = lists().find_map(|before| word.strip_prefix(before.as_str()))?;
        nesting.push_str("[]");
    }
}

/// A type without the title of its schema, as in `Order · object`.
pub(super) fn untitled(kind: &str) -> &str {
    kind.rsplit(" · ").next().unwrap_or(kind)
}

/// Whether a text starts with a known type; a quick test that most texts fail.
pub(super) fn begins_with_type(text: &str, labels: &Labels) -> bool {
    let begins = |known: &String| {
        let start = text.get(..known.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(known))
    };
    labels.layout.types.iter().any(begins)
}

/// Splits a type from the marks glued to it, as in `stringrequired`.
pub(super) fn type_and_pills<'t>(text: &'t str, labels: &Labels) -> Option<(&'t str, &'t str)> {
    let text = text.trim();
    if is_type(text, labels) {
        return Some((text, ""));
    }
    if !begins_with_type(text, labels) {
        return None;
    }
    let starts = text.char_indices().map(|(at, _)| at).skip(1).take(80);
    let mut split = starts.map(|at| text.split_at(at)).filter(|(kind, pills)| {
        is_type(kind, labels) && pills_of(pills, labels).is_some_and(|pills| !pills.is_empty())
    });
    // An ambiguous split is not used.
    split.next().filter(|_| split.next().is_none())
}

/// Splits glued marks such as `required`; a default comes last.
pub(super) fn pills_of<'t>(mut text: &'t str, labels: &Labels) -> Option<Vec<&'t str>> {
    let mut pills = Vec::new();
    let languages = labels.languages.iter();
    let words = languages.flat_map(|language| {
        let lists = [&language.required, &language.optional, &language.deprecated];
        lists.into_iter().flatten()
    });
    let words: Vec<&String> = words.chain(&labels.layout.places).collect();
    while !text.is_empty() {
        let end = match words.iter().find(|word| text.starts_with(word.as_str())) {
            Some(word) => word.len(),
            None => {
                let (label, value) = text.split_once(':')?;
                let is_default = labels.is_any(label, |language| &language.default);
                let is_certain = words.iter().all(|word| !value.ends_with(word.as_str()));
                (is_default && is_certain && !value.trim().is_empty()).then_some(text.len())?
            }
        };
        pills.push(&text[..end]);
        text = &text[end..];
    }
    Some(pills)
}

/// The value after the word for a default, with a colon or as glued JSON, as in `default"asc"`.
pub(super) fn default_of<'t>(text: &'t str, labels: &Labels) -> Option<&'t str> {
    let is_label = |label: &str| labels.is_any(&normalize(label), |language| &language.default);
    if let Some((_, default)) = text.split_once(':').filter(|(label, _)| is_label(label)) {
        return Some(default).filter(|default| !default.trim().is_empty());
    }
    let words = labels
        .languages
        .iter()
        .flat_map(|language| &language.default);
    let starts = words.filter_map(|word| text.split_at_checked(word.len()));
    let mut defaults = starts.filter(|(label, _)| is_label(label));
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    defaults.find_map(|(_, default)| is_json(default).then_some(default))
}

/// The values in a comma-separated list, with a word such as `or` before the last. `None` if the text may be anything else,
/// such as a range.
pub(super) fn values<'t>(text: &'t str, labels: &Labels) -> Option<Vec<&'t str>> {
    const QUOTES: [char; 7] = ['`', '"', '\'', '“', '”', '‘', '’'];
    let is_between = |word: &str| labels.is_any(word, |language| &language.conjunctions);
    let text = text.trim().trim_end_matches('.');
    let within = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let mut items: Vec<&str> = within.unwrap_or(text).split(',').map(str::trim).collect();
    let last = items.pop()?;
    let words: Vec<&str> = last.split(' ').collect();
    // The list goes on, as in `a, b and more`.
    let is_open = |word: &&str| labels.is_any(&normalize(word), |language| &language.open_ends);
    if words.last().is_some_and(is_open) {
        return None;
    }
    match words[..] {
        [between, last] if is_between(between) && !items.is_empty() => items.push(last),
        [before, between, last] if is_between(between) => items.extend([before, last]),
        _ => items.push(last),
    }
    let items: Vec<&str> = items
        .into_iter()
        .map(|item| item.trim_matches(QUOTES))
        .collect();
    let is_number = |part: &str| part.trim().parse::<f64>().is_ok();
    let is_range = |item: &&str| {
        let ends = item
            .split_once(['-', '–', '…'])
            .or_else(|| item.split_once(".."));
        ends.is_some_and(|(least, most)| is_number(least) && is_number(most))
    };
    let is_value =
        |item: &&str| !item.is_empty() && !item.contains(' ') && *item != "…" && !is_range(item);
    items.iter().all(is_value).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every language adds a way to read each of the nested lists.
    #[test]
    fn lists_of_lists_are_read_once() {
        let english = include_str!("../../../labels/en.yaml");
        let languages =
            (0..30).map(|number| english.replace("language: en", &format!("language: x{number}")));
        let languages: Vec<String> = languages.collect();
        let files: Vec<(&str, &str)> = languages
            .iter()
            .map(|text| ("labels.yaml", text.as_str()))
            .collect();
        let labels = Labels::with(None, &files).unwrap();
        let lists = "list of ".repeat(8);
        assert_eq!(named_type(&format!("{lists}thing"), &labels), None);
        let named = named_type(&format!("{lists}text"), &labels);
        assert_eq!(named, Some(format!("string{}", "[]".repeat(8))));
        assert_eq!(
            named_type("arreglo de lista de fecha y hora", &labels).as_deref(),
            Some("datetime[][]")
        );
    }
}
