//! What the server sets in a resource: identifiers, timestamps and links, by format and by what is read-only.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::contract::{
    generation::{Strategy, generate},
    place::Place,
    shape::{Member, Members, plain},
};

use super::plan::Parent;

/// Names of links to the resource itself.
const LINKS: [&str; 7] = ["self", "href", "url", "uri", "link", "selflink", "htmlurl"];

/// What a schema says about the form of an identifier.
const SAYING: [&str; 8] = [
    "const",
    "default",
    "enum",
    "example",
    "examples",
    "format",
    "minLength",
    "pattern",
];

/// What is known about the resources that a request creates or changes.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// Counts the resources of the sandbox, from 1.
    pub(super) number: u64,
    /// Chooses among generated values.
    pub(super) seed: u64,
    pub(super) now: Timestamp,
    /// The URL of the resource.
    pub(super) url: String,
    /// The URL of its collection.
    pub(super) collection: String,
    pub(super) parents: Vec<Parent<'a>>,
    /// A resource as the document shows it, with the members that a client cannot send.
    pub(super) shown: Map<String, Value>,
}

/// Adds what the server sets: members that are required or read-only, or that a client cannot send, and that it did not send.
pub(super) fn fill(resource: &mut Map<String, Value>, described: &Members<'_>, facts: &Facts<'_>) {
    for member in &described.all {
        if resource.contains_key(member.name) || member.is_write_only() {
            continue;
        }
        let mut parents = facts.parents.iter();
        let value = match parents.find(|parent| parent.is_in(member.name)) {
            Some(parent) => typed(&member.schema, parent.value),
            None if member.is_required || member.is_read_only() => fresh(member, facts),
            None => facts.shown.get(member.name).map(|shown| {
                let own = own(member, facts);
                own.unwrap_or_else(|| shown.clone())
            }),
        };
        resource.extend(value.map(|value| (member.name.to_owned(), value)));
    }
}

/// Adds the defaults of what was not sent.
pub(super) fn add_defaults(resource: &mut Map<String, Value>, sendable: &Members<'_>) {
    for member in &sendable.all {
        let (written, resolved) = (Some(&member.schema), member.schema.resolve());
        let mut schemas = written.into_iter().chain(&resolved);
        if !resource.contains_key(member.name)
            && let Some(default) = schemas.find_map(|schema| schema.get("default"))
        {
            resource.insert(member.name.to_owned(), default.node.to_json());
        }
    }
}

/// Sets the time of the last change, if the resource has one.
pub(super) fn touch(resource: &mut Map<String, Value>, described: &Members<'_>, now: Timestamp) {
    for member in &described.all {
        let name = plain(member.name);
        if (name.contains("updat") || name.contains("modif"))
            && let Some(time) = time(&member.schema, now)
        {
            resource.insert(member.name.to_owned(), time);
        }
    }
}

/// The members that a response describes, with those that it requires and the resource lacks.
pub(super) fn project(
    resource: &Map<String, Value>,
    described: &Members<'_>,
    seed: u64,
) -> Map<String, Value> {
    let mut shown = Map::new();
    for (name, value) in resource {
        let is_shown = match described.get(name) {
            Some(member) => !member.is_write_only(),
            None => described.is_open || described.all.is_empty(),
        };
        if is_shown {
            shown.insert(name.clone(), value.clone());
        }
    }
    for member in described.all.iter().filter(|it| it.is_required) {
        if !shown.contains_key(member.name) {
            let value = generate(&member.schema, Strategy::first(seed));
            shown.extend(value.map(|value| (member.name.to_owned(), value)));
        }
    }
    shown
}

/// Text as the type that a schema expects.
pub(super) fn typed(schema: &Place<'_>, text: &str) -> Option<Value> {
    match schema.resolve()?.kind() {
        Some("integer") => text.parse::<i64>().ok().map(Value::from),
        Some("number") => text.parse::<f64>().ok().map(Value::from),
        Some("boolean") => text.parse::<bool>().ok().map(Value::from),
        Some("array" | "object") => None,
        _ => Some(text.into()),
    }
}

/// A text, number or boolean as it is written in a path.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value that no other resource has, where that matters.
fn fresh(member: &Member<'_>, facts: &Facts<'_>) -> Option<Value> {
    let own = own(member, facts);
    own.or_else(|| generate(&member.schema, Strategy::first(facts.seed)))
}

/// A time, an identifier or a link that is the resource's own.
fn own(member: &Member<'_>, facts: &Facts<'_>) -> Option<Value> {
    let schema = member.schema.resolve()?;
    let name = plain(member.name);
    if let Some(time) = time(&member.schema, facts.now) {
        return Some(time);
    }
    match schema.text("format") {
        Some("uuid") => return Some(uuid(facts.number).into()),
        Some("uri" | "url" | "uri-reference") | None
            if schema.kind() == Some("string") && LINKS.contains(&&*name) =>
        {
            return Some(facts.url.as_str().into());
        }
        _ => {}
    }
    let described = Members::of(&schema);
    if name == "links" && described.is_object() {
        let mut links = Map::new();
        fill(&mut links, &described, facts);
        for member in described.all.iter().filter(|it| plain(it.name) == "self") {
            let link = fresh(member, facts);
            links.extend(link.map(|link| (member.name.to_owned(), link)));
        }
        return Some(links.into());
    }
    None
}

/// The time in the format of the schema; `None` if it is not one.
fn time(schema: &Place<'_>, now: Timestamp) -> Option<Value> {
    let schema = schema.resolve()?;
    match schema.text("format") {
        Some("date-time") => Some(format!("{now:.0}").into()),
        Some("date") => Some(now.strftime("%Y-%m-%d").to_string().into()),
        _ => None,
    }
}

fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// What the identifiers of new resources look like.
#[derive(Debug)]
pub(super) struct Identifiers {
    are_numbers: bool,
    are_uuids: bool,
    /// One that the schema describes; empty if it says only that they are texts.
    sample: String,
}

impl Identifiers {
    pub(super) fn of(schema: Option<&Place<'_>>) -> Self {
        let resolved = schema.and_then(Place::resolve);
        let kind = resolved.as_ref().and_then(Place::kind);
        let format = resolved.as_ref().and_then(|it| it.text("format"));
        let (are_numbers, are_uuids) = (
            matches!(kind, Some("integer" | "number")),
            format == Some("uuid"),
        );
        // A name says that it is an identifier, but not which ones.
        let resolved = resolved.filter(|schema| SAYING.iter().any(|key| schema.get(key).is_some()));
        let sample = resolved.and_then(|schema| generate(&schema, Strategy::first(0)));
        let sample = sample.as_ref().and_then(Value::as_str);
        Self {
            are_numbers,
            are_uuids,
            sample: sample.unwrap_or_default().to_owned(),
        }
    }

    /// Those with this number, the most likely first.
    pub(super) fn numbered(&self, number: u64) -> Vec<Value> {
        if self.are_numbers {
            return vec![number.into()];
        }
        let mut identifiers = vec![Value::from(number.to_string())];
        let varied = [b'0', b'a', b'A'].map(|first| vary(&self.sample, number, first).into());
        identifiers.extend(varied);
        let uuid = Value::from(uuid(number));
        match self.are_uuids {
            true => identifiers.insert(0, uuid),
            false => identifiers.push(uuid),
        }
        // What looks like the sample is more believable than a bare number.
        if !self.sample.is_empty() {
            identifiers[..2].rotate_left(usize::from(!self.are_uuids));
        }
        identifiers
    }
}

/// The sample with a number at its end, in digits that begin with `first`.
fn vary(sample: &str, mut number: u64, first: u8) -> String {
    let base = if first == b'0' { 10 } else { 26 };
    let mut characters: Vec<char> = sample.chars().collect();
    for character in characters.iter_mut().rev() {
        if character.is_ascii_alphanumeric() && number > 0 {
            let digit = u8::try_from(number % base).unwrap_or_default();
            *character = char::from(first + digit);
            number /= base;
        }
    }
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    #[track_caller]
    fn check(schema: &str, expected: &str) {
        let document = Document::parse("schema.yaml", schema).unwrap();
        let place = Place::root(&document);
        let identifiers = Identifiers::of(Some(&place));
        assert_eq!(identifiers.numbered(12)[0], expected, "{schema}");
    }

    #[test]
    fn an_identifier_looks_like_the_sample() {
        check("{type: string}", "12");
        check(
            "{type: string, format: uuid}",
            "00000000-0000-4000-8000-00000000000c",
        );
        check("{type: string, example: pet_0a}", "pet_12");
        check("{type: string, minLength: 8}", "string12");
        check("{type: string, pattern: '^[0-9]{4}$'}", "0012");
    }

    #[test]
    fn a_number_is_written_in_digits_or_letters() {
        assert_eq!(vary("aaaa", 27, b'a'), "aabb");
        assert_eq!(vary("X-9", 7, b'0'), "X-7");
        assert_eq!(vary("", 7, b'0'), "");
    }
}
