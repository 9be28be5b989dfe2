//! Generates a string that matches a schema: from its pattern, from its format, or from its name and of the required length.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::{LENGTH, believable::Words, limit};
use crate::contract::{pattern, place::Place};

/// Generates a string for `schema`, from its `pattern` if that can be parsed.
pub(super) fn text(schema: &Place<'_>, words: &Words, row: usize) -> String {
    let least = limit(schema, "minLength").unwrap_or(0);
    let most = limit(schema, "maxLength").unwrap_or(LENGTH.max(least));
    let pattern = schema.text("pattern");
    if let Some(text) = pattern.and_then(|pattern| matching(pattern, least)) {
        return text;
    }
    let fits = |text: &String| (least..=most).contains(&(text.chars().count() as u64));
    let named = |end: &str| Words::of(end).text(row).unwrap_or_default();
    match schema.text("format") {
        Some("date-time") => return words.time().to_owned(),
        Some("date") => return words.date(row % 4),
        Some("time") => "10:30:00Z",
        Some("duration") => "PT1H",
        Some("uuid") => return format!("3fa85f64-5717-4562-b3fc-2c963f66a{:03x}", 0xfa6 - row),
        Some("email" | "idn-email") => return named("email"),
        Some("uri" | "url" | "iri") => return named("url"),
        Some("uri-reference" | "iri-reference") => "/example",
        Some("hostname" | "idn-hostname") => return named("host"),
        Some("ipv4") => return named("ip"),
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "c3RyaW5n",
        Some("json-pointer") => "/example",
        Some("regex") => ".*",
        _ => {
            return words.text(row).filter(fits).unwrap_or_else(|| {
                let mut sample = words.spaced().unwrap_or_else(|| "string".to_owned());
                while (sample.chars().count() as u64) < least.min(LENGTH) {
                    sample.push('a');
                }
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                sample.chars().take(most).collect()
            });
        }
    }
    .to_owned()
}

/// A short string that matches a regular expression, ignoring its assertions; `None` if it cannot be parsed.
fn matching(pattern: &str, least: u64) -> Option<String> {
    let parsed = regex_syntax::parse(&pattern::for_generating(pattern)).ok()?;
    let mut text = String::new();
    write_match(&parsed, &mut text)?;
    // Most patterns whose result is too short end with a repetition of the last character.
    let last = text.chars().last().unwrap_or('a');
    while (text.chars().count() as u64) < least.min(LENGTH) {
        text.push(last);
    }
    Some(text)
}

fn write_match(expression: &Hir, text: &mut String) -> Option<()> {
    if text.len() as u64 > LENGTH {
        return None;
    }
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(pick(class)?),
        HirKind::Repetition(repetition) => {
            // Optional parts occur once: readers hardly ever expect an empty string.
            let least = repetition.min.max(u32::from(repetition.max != Some(0)));
            let count = if repetition.min == 0 && repetition.max == Some(1) {
                0
            } else {
                least
            };
            for _ in 0..count {
                write_match(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write_match(&capture.sub, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write_match(part, text)?;
            }
        }
        HirKind::Alternation(parts) => write_match(parts.first()?, text)?,
    }
    Some(())
}

/// A character of a class, preferably a letter or a digit.
fn pick(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let contains = |wanted: char| {
        let mut ranges = class.iter();
        ranges.any(|range| (range.start()..=range.end()).contains(&wanted))
    };
    let usual = ('a'..='z').chain('0'..='9').chain('A'..='Z');
    usual
        .chain("-_. /:@".chars())
        .find(|wanted| contains(*wanted))
        .or_else(|| class.iter().next().map(|range| range.start()))
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    #[track_caller]
    fn check(schema: &str, expected: &str) {
        let document = Document::parse("schema.yaml", schema).unwrap();
        let text = text(&Place::root(&document), &Words::default(), 0);
        assert_eq!(text, expected, "{schema}");
    }

    #[test]
    fn a_text_is_as_long_as_the_schema_asks() {
        check("{}", "string");
        check("{minLength: 6}", "string");
        check("{minLength: 8}", "stringaa");
        check("{maxLength: 6}", "string");
        check("{maxLength: 5}", "strin");
        check("{maxLength: 0}", "");
        check("{minLength: 2000}", &format!("string{}", "a".repeat(994)));
    }

    #[test]
    fn a_text_matches_the_pattern() {
        check("{pattern: '^ab$'}", "ab");
        check("{pattern: '^(ab|cd)e?f*g+h{2,4}$'}", "abfghh");
        check("{pattern: 'a{0}b'}", "b");
        check("{pattern: '[0-9]'}", "0");
        check("{pattern: '[A-Z0-9]'}", "0");
        check("{pattern: '[A-Z]'}", "A");
        check("{pattern: '[^a-zA-Z0-9]'}", "-");
        check("{pattern: '[☃]'}", "☃");
        check("{pattern: '^ñ+$', minLength: 3}", "ñññ");
        check("{pattern: '', minLength: 2}", "aa");
    }

    #[test]
    fn a_pattern_that_is_invalid_or_too_long_is_ignored() {
        check("{pattern: '(', maxLength: 3}", "str");
        check("{pattern: '(a{1000}){1000}'}", "string");
        check("{pattern: '^a{1000}$'}", &"a".repeat(1000));
    }

    #[test]
    fn a_text_has_the_format() {
        check("{format: uuid}", "3fa85f64-5717-4562-b3fc-2c963f66afa6");
        check("{format: date}", "2026-01-15");
        check("{format: duration, maxLength: 2}", "PT1H");
        check("{format: unknown, maxLength: 2}", "st");
    }
}
