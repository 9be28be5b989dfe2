//! Limits on the values of a field, as JSON Schema keywords.

use serde_json::{Map, Number, Value};
use spec_first_document::Node;

use crate::source::labels::Limit;
use crate::source::values::ungrouped;

/// The JSON Schema keywords that limit values.
pub(crate) const KEYWORDS: [&str; 8] = [
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// Parses the text after a label, such as `1 <= x <= 100` or `1 - 20`.
pub(super) fn parse(limit: Limit, text: &str) -> Option<Value> {
    let words: Vec<&str> = text.trim().trim_matches('`').split_whitespace().collect();
    let pairs: Vec<(&str, &str)> = match (limit, &words[..]) {
        (Limit::Range, words) => range(words)?,
        (Limit::MinLength, [least]) => vec![("minLength", least)],
        (Limit::MaxLength, [most]) => vec![("maxLength", most)],
        (Limit::MinItems, [least, ..]) => vec![("minItems", least)],
        (Limit::MaxItems, [most, ..]) => vec![("maxItems", most)],
        (Limit::Length, [least, "-", most]) => vec![("minLength", least), ("maxLength", most)],
        (Limit::Items, [least, "-", most, ..]) => vec![("minItems", least), ("maxItems", most)],
        _ => return None,
    };
    let pairs = pairs.into_iter();
    let pairs = pairs.map(|(key, number)| {
        let plain = ungrouped(number);
        let number = plain.as_deref().unwrap_or(number).parse::<Number>();
        Some((key.to_owned(), number.ok()?.into()))
    });
    pairs
        .collect::<Option<Map<String, Value>>>()
        .map(Value::Object)
}

/// Parses a range written with `x`.
fn range<'t>(words: &[&'t str]) -> Option<Vec<(&'static str, &'t str)>> {
    let least = |sign: &str| match sign {
        "<=" => Some("minimum"),
        "<" => Some("exclusiveMinimum"),
        _ => None,
    };
    let most = |sign: &str| match sign {
        "<=" => Some("maximum"),
        "<" => Some("exclusiveMaximum"),
        ">=" => Some("minimum"),
        ">" => Some("exclusiveMinimum"),
        _ => None,
    };
    match words {
        [number, sign, "x"] => Some(vec![(least(sign)?, number)]),
        ["x", sign, number] => Some(vec![(most(sign)?, number)]),
        [first, sign, "x", other, second] => {
            Some(vec![(least(sign)?, first), (most(other)?, second)])
        }
        _ => None,
    }
}

/// The limits in a schema.
pub(super) fn of<'a>(nodes: impl Iterator<Item = Node<'a>>) -> Option<Value> {
    let mut limits = Map::new();
    for node in nodes {
        for key in KEYWORDS {
            if let Some(value) = node.get(key).map(Node::to_json).filter(Value::is_number) {
                limits.entry(key).or_insert(value);
            }
        }
    }
    (!limits.is_empty()).then_some(Value::Object(limits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_keywords() {
        let check = |limit, text, expected: &str| {
            let found = parse(limit, text).map(|value| value.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        };
        check(
            Limit::Range,
            "`1 <= x <= 100`",
            r#"{"maximum":100,"minimum":1}"#,
        );
        check(Limit::Range, "x > 0.5", r#"{"exclusiveMinimum":0.5}"#);
        check(Limit::Length, "1 - 20", r#"{"maxLength":20,"minLength":1}"#);
        check(
            Limit::Items,
            "1 - 4 elements",
            r#"{"maxItems":4,"minItems":1}"#,
        );
        check(Limit::MaxLength, "255", r#"{"maxLength":255}"#);
        for (limit, text) in [
            (Limit::Range, "1 to 100"),
            (Limit::Range, "1 >= x"),
            (Limit::Length, "20"),
            (Limit::MaxLength, "twenty"),
            (Limit::MinItems, ""),
        ] {
            assert_eq!(parse(limit, text), None, "{text}");
        }
    }
}
