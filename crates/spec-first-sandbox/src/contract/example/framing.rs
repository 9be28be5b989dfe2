//! How a value is written in a response that is neither JSON nor XML.

use axum::http::HeaderValue;
use serde_json::Value;

use crate::contract::{forms::Form, parameters::text_of, place::Place, shape::Members};

/// The fields of a server-sent event.
const FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

#[derive(Debug)]
pub(super) enum Framing {
    /// Server-sent events, each with the value as its data.
    Events,
    /// Server-sent events, of which the value has the fields.
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

    /// The text of a value, and the media type where it has parameters; `None` for a text that is an example as it is.
    pub(super) fn write(&self, value: &Value) -> (Option<Value>, Option<HeaderValue>) {
        let text = match self {
            _ if value.is_string() && !matches!(self, Self::Events) => return (None, None),
            Self::Events => match value {
                // An example of a whole stream.
                Value::String(text) if text.contains("data:") => return (None, None),
                Value::String(text) => format!("data: {}\n\n", text.replace('\n', "\ndata: ")),
                value => format!("data: {value}\n\n"),
            },
            Self::Fields => {
                let fields = FIELDS
                    .iter()
                    .filter_map(|name| Some((name, value.get(*name)?)));
                let lines = fields.map(|(name, value)| {
                    let separator = format!("\n{name}: ");
                    format!("{name}: {}\n", text_of(value).replace('\n', &separator))
                });
                lines.chain(["\n".to_owned()]).collect()
            }
            Self::Lines => match value {
                Value::Array(items) => items.iter().map(|item| format!("{item}\n")).collect(),
                value => format!("{value}\n"),
            },
            Self::Form(form) => {
                let (media_type, text) = form.write(value);
                return (Some(text.into()), HeaderValue::try_from(media_type).ok());
            }
            Self::Text | Self::Opaque => value.to_string(),
        };
        (Some(text.into()), None)
    }
}

/// Whether items are events with their fields, as in OpenAPI 3.2.
fn are_fields(media: &Place<'_>) -> bool {
    let item = media.get("itemSchema");
    let members = item.as_ref().map(Members::of).unwrap_or_default();
    let mut fields = members.all.iter();
    members.get("data").is_some() && fields.all(|field| FIELDS.contains(&field.name))
}
