//! The body of a request: how much of it is read, and what the document asks of it.
//!
//! Bodies that are not JSON are accepted where the document describes their media type, and not judged further.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::BodyExt;
use openapi_document::{Node, OperationNode};
use serde_json::Value;

use crate::{
    StartError,
    answer::Answer,
    contract::validation::{Schema, Schemas, Violation},
};

/// The largest body that is accepted, in bytes.
pub(crate) const LIMIT: usize = 1024 * 1024;

/// How much more is read and thrown away, so that a client that is still sending sees the answer and not a reset.
const DISCARDED: usize = 15 * LIMIT;

/// A body as it came.
#[derive(Debug)]
pub(crate) enum ReceivedBody {
    /// All of it, and what it is as JSON or why it is not JSON.
    Complete {
        bytes: Bytes,
        json: Result<Value, String>,
    },
    /// More than [`LIMIT`].
    TooLarge,
    /// The connection or the transfer coding broke.
    Broken,
}

/// What the document asks of the body of an operation.
#[derive(Debug)]
pub(crate) struct RequestBody {
    is_required: bool,
    media: Vec<(String, Option<Schema>)>,
}

impl ReceivedBody {
    pub(crate) async fn read(mut body: Body) -> Self {
        let mut bytes = Vec::new();
        let mut length: usize = 0;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                return Self::Broken;
            };
            let Ok(data) = frame.into_data() else {
                continue;
            };
            length = length.saturating_add(data.len());
            if length > LIMIT + DISCARDED {
                break;
            }
            if length <= LIMIT {
                bytes.extend_from_slice(&data);
            }
        }
        if length > LIMIT {
            return Self::TooLarge;
        }
        Self::Complete {
            json: serde_json::from_slice(&bytes).map_err(|error| error.to_string()),
            bytes: bytes.into(),
        }
    }
}

impl RequestBody {
    pub(crate) fn of(
        schemas: &mut Schemas<'_>,
        operation: &OperationNode<'_>,
    ) -> Result<Option<Self>, StartError> {
        let Some(written) = operation.node.get("requestBody") else {
            return Ok(None);
        };
        let pointer = operation.pointer().child("requestBody");
        let Some(node) = schemas.document().resolve(written) else {
            return Err(StartError::at(
                schemas.document(),
                &pointer,
                "this reference leads nowhere",
                "let it lead to a request body in this document",
            ));
        };
        let mut media = Vec::new();
        for entry in node.get("content").map_or(&[][..], Node::entries) {
            let media_type = essence(&entry.key);
            let schema = match entry.value.get("schema") {
                Some(schema) if is_json(&media_type) => Some(schemas.request(schema, &pointer)?),
                _ => None,
            };
            media.push((media_type, schema));
        }
        Ok(Some(Self {
            is_required: node.get("required").and_then(Node::as_bool) == Some(true),
            media,
        }))
    }

    /// Judges a body by its media type and its schema. `Ok` has the JSON value, if there is one.
    pub(crate) fn judge<'a>(
        &self,
        headers: &HeaderMap,
        body: &'a ReceivedBody,
    ) -> Result<(Option<&'a Value>, Vec<Violation>), Answer> {
        let ReceivedBody::Complete { bytes, json } = body else {
            return Ok((None, Vec::new()));
        };
        if bytes.is_empty() {
            let missing = Violation {
                field: None,
                message: "is required".to_owned(),
            };
            return Ok((
                None,
                self.is_required.then_some(missing).into_iter().collect(),
            ));
        }
        let encoding = headers.get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(self.unsupported(
                "must have a media type that the document describes, and no content coding",
            ));
        }
        let media_type = headers.get(header::CONTENT_TYPE);
        let media_type = media_type
            .and_then(|value| value.to_str().ok())
            .map(essence);
        let Some((media_type, (_, schema))) = media_type.and_then(|media_type| {
            let described = self
                .media
                .iter()
                .find(|(range, _)| includes(range, &media_type))?;
            Some((media_type, described))
        }) else {
            return Err(self.unsupported("must have a media type that the document describes"));
        };
        if !is_json(&media_type) {
            return Ok((None, Vec::new()));
        }
        let value = json.as_ref().map_err(|error| {
            Answer::failure(
                StatusCode::BAD_REQUEST,
                format!("the body is not JSON: {error}"),
            )
        })?;
        let violations = schema
            .as_ref()
            .map_or_else(Vec::new, |schema| schema.violations(value, None));
        Ok((Some(value), violations))
    }

    fn unsupported(&self, expected: &str) -> Answer {
        let described: Vec<_> = self
            .media
            .iter()
            .map(|(media_type, _)| format!("`{media_type}`"))
            .collect();
        let described = described.join(", ");
        Answer::failure(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the body {expected}: {described}"),
        )
    }
}

/// Whether values of this media type, or range of media types, are JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json") || media_type.contains('*')
}

/// A media type without parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type falls into a range such as `application/*`.
fn includes(range: &str, media_type: &str) -> bool {
    match range.strip_suffix('*') {
        Some("*/") => true,
        Some(kind) => media_type.starts_with(kind),
        None => range == media_type,
    }
}
