//! How a value is written in a response that is neither JSON nor XML.

use std::slice;

use axum::http::HeaderValue;
use serde_json::Value;

use crate::contract::{forms::Form, parameters::text_of, place::Place, shape::Members};

/// The fields of a server-sent event.
const FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

#[derive(Debug)]
pub(super) enum Framing {
    /// Server-sent events, each with a value as its data.
    Events,
    /// Server-sent events, each with the fields of a value.
    Fields,
    /// A value per line.
    Lines,
    Form(Form),
    Text,
    /// Bytes, which are not judged.
    Opaque,
}

impl Framing {
    pub(super) fn of(essence: &str, media: &Place<'_>) -> Self {
        match essence {
            "text/event-stream" if are_fields(media) => Self::Fields,
            "text/event-stream" => Self::Events,
            "application/jsonl"
            | "application/json-lines"
            | "application/json-seq"
            | "application/ndjson"
            | "application/x-jsonl"
            | "application/x-jsonlines"
            | "application/x-ndjson" => Self::Lines,
            "application/x-www-form-urlencoded" => Self::Form(Form::url_encoded(media)),
            "multipart/form-data" => Self::Form(Form::multipart(media)),
            text if text.starts_with("text/") => Self::Text,
            _ => Self::Opaque,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }

    pub(super) fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque)
    }

    /// The text of a value, or of each one of a list where they follow each other, and the media type where it has parameters; `None` for a text that is an example as it is.
    pub(super) fn write(&self, value: &Value) -> (Option<Value>, Option<HeaderValue>) {
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => slice::from_ref(one),
        };
        let text: String = match (self, value) {
            // An example of a whole stream.
            (Self::Events, Value::String(text)) if text.contains("data:") => return (None, None),
            (Self::Events, _) => {
                let events = items.iter();
                events
                    .map(|data| format!("{}\n", field("data", data)))
                    .collect()
            }
            (_, Value::String(_)) => return (None, None),
            (Self::Fields, _) => items.iter().map(event).collect(),
            (Self::Lines, _) => items.iter().map(|item| format!("{item}\n")).collect(),
            (Self::Form(form), _) => {
                let (media_type, text) = form.write(value);
                return (Some(text.into()), HeaderValue::try_from(media_type).ok());
            }
            (Self::Text | Self::Opaque, _) => value.to_string(),
        };
        (Some(text.into()), None)
    }
}

/// An event with the fields of a value.
fn event(value: &Value) -> String {
    let fields = FIELDS
        .iter()
        .filter_map(|name| Some((name, value.get(*name)?)));
    let fields = fields.filter(|(_, value)| !value.is_null());
    let fields: String = fields.map(|(name, value)| field(name, value)).collect();
    format!("{fields}\n")
}

/// A field of an event, in which each line of its text is one. A carriage return ends a line, too.
fn field(name: &str, value: &Value) -> String {
    let text = text_of(value).replace("\r\n", "\n");
    let lines = text.split(['\n', '\r']);
    lines.map(|line| format!("{name}: {line}\n")).collect()
}

/// Whether items are events with their fields, as in OpenAPI 3.2.
fn are_fields(media: &Place<'_>) -> bool {
    let item = media.get("itemSchema");
    let members = item.as_ref().map(Members::of).unwrap_or_default();
    let mut fields = members.all.iter();
    members.get("data").is_some() && fields.all(|field| FIELDS.contains(&field.name))
}
