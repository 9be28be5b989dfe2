//! Writes the same document differently: as JSON or YAML, with mappings and unordered lists shuffled.

use std::fmt::Write;

use fastrand::Rng;
use serde_json::Value;

/// The syntax of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Json,
    Yaml,
}

/// Lists whose order has no meaning.
const UNORDERED: [&str; 9] = [
    "required",
    "enum",
    "type",
    "allOf",
    "anyOf",
    "oneOf",
    "tags",
    "parameters",
    "security",
];

/// Writes the document in random order.
pub(crate) fn write(document: &Value, style: Style, random: &mut Rng) -> String {
    let mut text = String::new();
    match style {
        Style::Json => write_json(document, None, random, &mut text),
        Style::Yaml => write_yaml(document, None, 0, random, &mut text),
    }
    text
}

fn members<'a>(
    value: &'a Value,
    key: Option<&str>,
    random: &mut Rng,
) -> Vec<(Option<&'a str>, &'a Value)> {
    let mut members: Vec<_> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| (Some(key.as_str()), member))
            .collect(),
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        _ => Vec::new(),
    };
    if value.is_object() || key.is_some_and(|key| UNORDERED.contains(&key)) {
        random.shuffle(&mut members);
    }
    members
}

fn write_json(value: &Value, key: Option<&str>, random: &mut Rng, text: &mut String) {
    let (open, close) = match value {
        Value::Object(_) => ('{', '}'),
        Value::Array(_) => ('[', ']'),
        scalar => {
            _ = write!(text, "{scalar}");
            return;
        }
    };
    text.push(open);
    for (number, (key, member)) in members(value, key, random).into_iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        if let Some(key) = key {
            _ = write!(text, "{}: ", Value::from(key));
        }
        write_json(member, key, random, text);
    }
    text.push(close);
}

fn write_yaml(value: &Value, key: Option<&str>, depth: usize, random: &mut Rng, text: &mut String) {
    let is_empty = value.as_object().is_none_or(|members| members.is_empty())
        && value.as_array().is_none_or(|items| items.is_empty());
    if is_empty {
        _ = writeln!(text, " {value}");
        return;
    }
    text.push('\n');
    for (key, member) in members(value, key, random) {
        let indent = "  ".repeat(depth);
        _ = match key {
            Some(key) => write!(text, "{indent}{}:", Value::from(key)),
            None => write!(text, "{indent}-"),
        };
        write_yaml(member, key, depth + 1, random, text);
    }
}
