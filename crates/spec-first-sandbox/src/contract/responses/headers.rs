//! The documented headers of a response, with the values of their examples.

use axum::http::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::contract::{
    generation::{Strategy, generate},
    parameters::Parameter,
    place::Place,
    validation::Schemas,
};

/// Headers that the server sets itself; the value of an example would break the message.
const OF_THE_MESSAGE: [&str; 8] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
];

/// The headers of `response` that have an example or are required.
pub(super) fn read(response: &Place<'_>, seed: u64) -> Vec<(HeaderName, HeaderValue)> {
    let headers = response.entries_of("headers").into_iter();
    let headers = headers.filter_map(|(name, header)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let is_sent = !OF_THE_MESSAGE.contains(&name.as_str());
        let value = value_of(&header.resolve()?, seed).filter(|_| is_sent)?;
        Some((name, HeaderValue::from_str(&value).ok()?))
    });
    headers.collect()
}

/// The documented headers of `response`, if they are judged. OpenAPI says to ignore `Content-Type` here.
pub(super) fn judged(response: &Place<'_>, schemas: &mut Schemas) -> Vec<Parameter> {
    if !schemas.judges_headers {
        return Vec::new();
    }
    let headers = response.entries_of("headers").into_iter();
    let headers = headers.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let judged = headers
        .filter_map(|(name, header)| Parameter::of_header(schemas, name, &header.resolve()?));
    judged.collect()
}

fn value_of(header: &Place<'_>, seed: u64) -> Option<String> {
    let value = match header.examples().next() {
        Some((_, example)) => example.node.to_json(),
        None => {
            let schema = header.get("schema")?;
            let has_example = schema.resolve()?.get("example").is_some();
            if !has_example && !header.is_true("required") {
                return None;
            }
            generate(&schema, Strategy::first(seed))?
        }
    };
    Some(written(&value))
}

/// OpenAPI 3.0 has only one style for headers, `simple`.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let members = members.iter();
            let parts = members.flat_map(|(name, value)| [name.clone(), written(value)]);
            parts.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
