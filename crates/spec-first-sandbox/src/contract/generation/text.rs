//! Generates a string that matches a schema: from its pattern, from its format, or from its name and of the required length.

use regex_syntax::hir::{Class, Hir, HirKind};
use spec_first_document::pattern::for_generating;

use super::{
    LENGTH, REPEATS,
    believable::{Words, uuid},
    limit,
};
use crate::contract::{pattern, place::Place};

/// Generates a string for `schema`: what a person would believe if its `pattern` matches that, or else from the pattern.
pub(super) fn text(schema: &Place<'_>, words: &Words, row: usize) -> String {
    let least = limit(schema, "minLength").unwrap_or(0);
    let most = limit(schema, "maxLength").unwrap_or(LENGTH.max(least));
    let fits = |text: &str| (least..=most).contains(&(text.chars().count() as u64));
    let formatted = schema
        .text("format")
        .and_then(|format| of_format(format, words, row));
    if let Some(pattern) = schema.text("pattern") {
        let believable = formatted.iter().cloned().chain(words.texts(row));
        let matches = pattern::matcher(pattern);
        let matches = |text: &String| matches.as_ref().is_some_and(|matches| matches(text));
        let believable = believable.filter(|text| fits(text)).find(matches);
        if let Some(text) = believable.or_else(|| matching(pattern, least, most)) {
            return text;
        }
    }
    if let Some(formatted) = formatted {
        return formatted;
    }
    words
        .text(row)
        .filter(|text| fits(text))
        .unwrap_or_else(|| {
            let mut sample = words.joined(" ").unwrap_or_else(|| "string".to_owned());
            while (sample.chars().count() as u64) < least.min(LENGTH) {
                sample.push('a');
            }
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            sample.chars().take(most).collect()
        })
}

/// A string of a format; `None` if the format is not known.
fn of_format(format: &str, words: &Words, row: usize) -> Option<String> {
    let named = |end: &str| Words::of(end).text(row);
    let text = match format {
        "date-time" | "google-datetime" => return Some(at_second(words.time(), row)),
        "date" => return Some(words.date(row)),
        "time" => return Some(at_second("10:30:00Z", row)),
        "duration" => "PT1H",
        "google-duration" => "3600s",
        "int32" | "int64" | "uint32" | "uint64" => return Some((row + 1).to_string()),
        "uuid" => return Some(uuid(row)),
        "email" | "idn-email" => return named("email"),
        "uri" | "url" | "iri" => return named("url"),
        "uri-reference" | "iri-reference" => "/example",
        "hostname" | "idn-hostname" => return named("host"),
        "ipv4" => return named("ip"),
        "ipv6" => "2001:db8::1",
        "byte" => "c3RyaW5n",
        "json-pointer" => "/example",
        "regex" => ".*",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A time that ends with whole minutes, some seconds later.
fn at_second(time: &str, row: usize) -> String {
    let minutes = time.trim_end_matches("00Z");
    format!("{minutes}{:02}Z", row % 60)
}

/// A short string that matches a regular expression, ignoring its assertions; `None` if it cannot be parsed.
fn matching(pattern: &str, least: u64, most: u64) -> Option<String> {
    let parsed = regex_syntax::parse(&for_generating(pattern)).ok()?;
    let length = |text: &String| text.chars().count() as u64;
    let mut longest_too_short = String::new();
    for repeats in 1..=REPEATS {
        let mut text = String::new();
        match write_match(&parsed, repeats, &mut text) {
            None if repeats == 1 => return None,
            None => break,
            Some(()) if length(&text) > most && repeats > 1 => break,
            Some(()) if length(&text) >= least => return Some(text),
            Some(()) => longest_too_short = text,
        }
    }
    // Most patterns end with a repetition of the last character.
    let mut text = longest_too_short;
    let last = text.chars().last().unwrap_or('a');
    text.extend((length(&text)..least.min(LENGTH)).map(|_| last));
    Some(text)
}

/// Writes what matches, in which everything that may be repeated occurs so often, unless the expression says otherwise.
fn write_match(expression: &Hir, repeats: u32, text: &mut String) -> Option<()> {
    if text.len() as u64 > LENGTH {
        return None;
    }
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(pick(class)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let count = match (repetition.min, most) {
                (0, 1) => repeats - 1,
                // Not as seldom as possible: readers hardly ever expect an empty string.
                (least, _) => repeats.max(least),
            };
            for _ in 0..count.min(most) {
                let length = text.len();
                write_match(&repetition.sub, repeats, text)?;
                if text.len() == length {
                    // So it would be every time, and patterns may repeat repetitions.
                    break;
                }
            }
        }
        HirKind::Capture(capture) => write_match(&capture.sub, repeats, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write_match(part, repeats, text)?;
            }
        }
        HirKind::Alternation(parts) => write_match(parts.first()?, repeats, text)?,
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
        check(
            "{pattern: '^[a-z]+(-[a-z]+)?-[a-z]+-[0-9]$', minLength: 9, maxLength: 14}",
            "aa-aa-aa-0",
        );
        // Each star would repeat those within it, and none of them writes anything.
        check(
            "{pattern: '^((((((|a)*)*)*)*)*)*c$', minLength: 70}",
            &"c".repeat(70),
        );
        check(
            "{pattern: '^[a-z]+-[a-z]+$', minLength: 8, maxLength: 8}",
            "aaa-aaaa",
        );
    }

    #[test]
    fn a_pattern_that_allows_what_a_person_would_believe_does_not_replace_it() {
        for (name, schema, expected) in [
            ("firstName", "{pattern: '^[A-Za-z]+$'}", "Ada"),
            ("countryCode", "{pattern: '^[a-z]{2}$'}", "pt"),
            ("projectKey", "{pattern: '^[a-z-]+$'}", "project-key"),
            ("firstName", "{pattern: '^[A-Za-z]+$', maxLength: 2}", "a"),
            ("invoiceId", "{pattern: '^INV-[0-9]{4}$'}", "INV-0000"),
            ("start", "{pattern: '^2', format: date}", "2026-01-15"),
            ("start", "{pattern: '^3', format: date}", "3"),
        ] {
            let document = Document::parse("schema.yaml", schema).unwrap();
            let text = text(&Place::root(&document), &Words::of(name), 0);
            assert_eq!(text, expected, "{name}: {schema}");
        }
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
