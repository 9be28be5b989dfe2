//! The responses that the document describes for an operation: their examples, and whether an answer fits them.

use axum::http::{StatusCode, header};
use openapi_document::{Document, Node, OperationNode};
use serde_json::Value;

use crate::{
    StartError,
    answer::{Answer, Payload},
    contract::request_body::{essence, is_json},
    contract::validation::{Schema, Schemas},
};

/// The responses of an operation, in the order of the document.
#[derive(Debug)]
pub(crate) struct Responses(Vec<Response>);

#[derive(Debug)]
struct Response {
    statuses: Statuses,
    media: Vec<Media>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statuses {
    One(StatusCode),
    /// All whose first digit is this one.
    Hundred(u16),
    Default,
}

#[derive(Debug)]
struct Media {
    media_type: String,
    is_json: bool,
    example: Option<Value>,
    schema: Option<Schema>,
}

impl Responses {
    pub(crate) fn of(
        schemas: &mut Schemas<'_>,
        operation: &OperationNode<'_>,
    ) -> Result<Self, StartError> {
        let document = schemas.document();
        let mut responses = Vec::new();
        for entry in operation
            .node
            .get("responses")
            .map_or(&[][..], Node::entries)
        {
            let pointer = operation.pointer().child("responses").child(&entry.key);
            let (Some(statuses), Some(node)) =
                (Statuses::parse(&entry.key), document.resolve(&entry.value))
            else {
                // Extensions stand here too.
                if entry.key.starts_with("x-") {
                    continue;
                }
                return Err(StartError::at(
                    document,
                    &pointer,
                    "this is not a response of OpenAPI 3.0",
                    "its key is a status, a range such as `4XX`, or `default`; a reference must lead to a response",
                ));
            };
            let mut media = Vec::new();
            for entry in node.get("content").map_or(&[][..], Node::entries) {
                let media_type = essence(&entry.key);
                let is_json = is_json(&media_type);
                let schema = match entry.value.get("schema") {
                    Some(schema) if is_json => Some(schemas.response(schema, &pointer)?),
                    _ => None,
                };
                media.push(Media {
                    example: find_example(document, &entry.value),
                    media_type,
                    is_json,
                    schema,
                });
            }
            // JSON first: that is what the callers of this API read.
            media.sort_by_key(|media| !media.is_json);
            responses.push(Response { statuses, media });
        }
        Ok(Self(responses))
    }

    /// Whether the document describes answers with this status.
    pub(crate) fn describe(&self, status: StatusCode) -> bool {
        self.find(status).is_some()
    }

    /// The example of the first response that means success; `None` if the document has no example of it.
    pub(crate) fn success(&self) -> Option<Answer> {
        let success = self.0.iter().find_map(|response| match response.statuses {
            Statuses::One(status) if status.is_success() => Some((status, response)),
            Statuses::Hundred(2) => Some((StatusCode::OK, response)),
            _ => None,
        });
        let default = || {
            self.0
                .iter()
                .find(|response| response.statuses == Statuses::Default)
        };
        let (status, response) = success.or_else(|| Some((StatusCode::OK, default()?)))?;
        response.example(status)
    }

    /// The example of the response with this status; `None` if the document has none.
    pub(crate) fn example(&self, status: StatusCode) -> Option<Answer> {
        self.find(status)?.example(status)
    }

    /// In what an answer does not fit the document; `None` if it fits, or if the document says nothing of it.
    pub(crate) fn problem(&self, answer: &Answer) -> Option<String> {
        let Payload::Json(value) = &answer.payload else {
            return None;
        };
        let response = self.find(answer.status)?;
        let media = response.media.iter().find(|media| media.is_json)?;
        let violations = media.schema.as_ref()?.violations(value, None);
        let problems: Vec<_> = violations.iter().map(ToString::to_string).collect();
        (!problems.is_empty()).then(|| problems.join("; "))
    }

    fn find(&self, status: StatusCode) -> Option<&Response> {
        let hundred = Statuses::Hundred(status.as_u16() / 100);
        [Statuses::One(status), hundred, Statuses::Default]
            .iter()
            .find_map(|wanted| self.0.iter().find(|response| response.statuses == *wanted))
    }
}

impl Response {
    fn example(&self, status: StatusCode) -> Option<Answer> {
        let Some(media) = self.media.first() else {
            return Some(Answer::new(status, Payload::Empty));
        };
        let media = self
            .media
            .iter()
            .find(|media| media.example.is_some())
            .unwrap_or(media);
        let example = media.example.clone()?;
        let payload = match (media.is_json, example) {
            (true, value) => Payload::Json(value),
            (false, Value::String(text)) => Payload::Text(text),
            (false, value) => Payload::Text(value.to_string()),
        };
        let answer = Answer::new(status, payload);
        if media.media_type.contains('*') {
            return Some(answer);
        }
        Some(answer.header(header::CONTENT_TYPE, &media.media_type))
    }
}

impl Statuses {
    fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let Some(digit) = key.strip_suffix("XX") {
            let digit = digit.parse().ok()?;
            return (1..=5).contains(&digit).then_some(Self::Hundred(digit));
        }
        StatusCode::from_bytes(key.as_bytes()).ok().map(Self::One)
    }
}

/// The example of a media type: its own, the first of several, or that of its schema.
fn find_example(document: &Document, media: &Node) -> Option<Value> {
    if let Some(example) = media.get("example") {
        return Some(example.to_json());
    }
    let named = media.get("examples").map_or(&[][..], Node::entries);
    let named = named
        .iter()
        .find_map(|entry| document.resolve(&entry.value)?.get("value"));
    if let Some(value) = named {
        return Some(value.to_json());
    }
    let schema = document.resolve(media.get("schema")?)?;
    if let Some(example) = schema.get("example") {
        return Some(example.to_json());
    }
    // A list without an example of its own: one item that has one.
    let item = document.resolve(schema.get("items")?)?.get("example")?;
    Some(Value::Array(vec![item.to_json()]))
}
