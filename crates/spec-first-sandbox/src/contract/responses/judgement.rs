//! What does not fit the document in a response of a real server.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use serde_json::Value;
use spec_first_document::Pointer;

use super::{Response, Responses};
use crate::contract::{
    evidence::Evidence,
    example::Media,
    negotiation::{essence, find_media, is_json},
    parameters::Given,
    validation::Schema,
    violation::{Violation, Violations},
    xml::{self, is_xml},
};

/// A response of a real server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) content: &'a Content,
}

/// The content of such a response.
#[derive(Debug)]
pub(crate) enum Content {
    /// The response has none because of its status or the method.
    Excluded,
    /// Why it was not read.
    Unread(&'static str),
    Bytes(Bytes),
}

impl Content {
    /// The value, if it is JSON and says so.
    pub(crate) fn json(&self, headers: &HeaderMap) -> Option<Value> {
        match self {
            Self::Bytes(bytes) if is_json(&media_type(headers)?) => {
                serde_json::from_slice(bytes).ok()
            }
            _ => None,
        }
    }
}

impl Responses {
    /// Everything in a response that does not fit the document.
    pub(crate) fn judge(&self, received: Received<'_>) -> Violations {
        match self.find(received.status) {
            Some(response) => response.judge(received),
            None => {
                let (status, known) = (received.status.as_u16(), self.keys().join(", "));
                let message = format!("{status} is not documented; documented: {known}");
                Violation::of_field("the status", &message).into()
            }
        }
    }
}

impl Responses {
    /// What a response says about the places in the document that describe it. `at` is where the responses are written.
    pub(crate) fn testify(&self, at: &Pointer, received: Received<'_>, evidence: &mut Evidence) {
        let Some((key, response)) = self.find_with_key(received.status) else {
            return evidence.add(at.child(received.status.as_u16()), false);
        };
        evidence.add(at.child(key), true);
        evidence.add(at.child(key).child("$ref"), true);
        let Some(media_type) = media_type(received.headers) else {
            return;
        };
        let Some(schema) = response.find_media(&media_type).and_then(Media::schema) else {
            let described = response.media.iter().filter_map(Media::schema);
            return described.for_each(|schema| evidence.add_schema(schema, false));
        };
        evidence.add_schema(schema, true);
        if let Some(value) = received.content.json(received.headers) {
            evidence.add_response(schema, &value);
        }
    }
}

impl Response {
    fn judge(&self, received: Received<'_>) -> Violations {
        let mut violations = Violations::default();
        let given = Given {
            path: &[],
            query: &[],
            query_text: "",
            headers: received.headers,
        };
        for header in &self.judged_headers {
            violations.append(or_unusable(header.violations(given)));
        }
        if let Content::Bytes(bytes) = received.content {
            violations.append(self.judge_body(received.headers, bytes));
        } else if let Content::Unread(_) = received.content
            && let Some(media_type) = media_type(received.headers)
            && self.find_media(&media_type).is_none()
        {
            violations.add(self.undocumented(&media_type));
        }
        violations
    }

    fn judge_body(&self, headers: &HeaderMap, bytes: &Bytes) -> Violations {
        if bytes.is_empty() || self.media.is_empty() {
            return match (bytes.is_empty(), self.media.is_empty()) {
                (true, false) => Violation::of_body("must not be empty").into(),
                (false, true) => Violation::of_body("is not documented").into(),
                _ => Violations::default(),
            };
        }
        let Some(media_type) = media_type(headers) else {
            return Violation::of_body("must have a media type").into();
        };
        let Some(media) = self.find_media(&media_type) else {
            return self.undocumented(&media_type).into();
        };
        let value = if is_json(&media_type) {
            match serde_json::from_slice(bytes) {
                Ok(value) => value,
                Err(error) => {
                    return Violation::of_body(&format!("is not JSON: {error}")).into();
                }
            }
        } else if is_xml(&media_type) {
            let described = media.xml_schema().and_then(Schema::place);
            match described.map(|schema| xml::read(&schema, bytes)) {
                Some(Ok(value)) => value,
                Some(Err(problem)) => return Violation::of_body(&problem).into(),
                None => return Violations::default(),
            }
        } else if media_type.starts_with("text/") {
            match std::str::from_utf8(bytes) {
                Ok(text) => Value::from(text),
                Err(_) => return Violation::of_body("must be UTF-8").into(),
            }
        } else {
            return Violations::default();
        };
        let schema = media.schema().or_else(|| media.xml_schema());
        schema.map_or_else(Violations::default, |schema| {
            or_unusable(schema.violations(&value, None))
        })
    }

    fn find_media(&self, media_type: &str) -> Option<&Media> {
        find_media(&self.media, |media| &media.essence, media_type)
    }

    fn undocumented(&self, media_type: &str) -> Violation {
        let known = self.media_types().join("`, `");
        Violation::of_body(&match known.as_str() {
            "" => "is not documented".to_owned(),
            known => {
                format!("has the undocumented media type `{media_type}`; documented: `{known}`")
            }
        })
    }
}

/// A schema that cannot be used is a problem of the document, which is worth knowing.
fn or_unusable(judged: Result<Violations, String>) -> Violations {
    judged
        .unwrap_or_else(|problem| Violation::of_body(&format!("was not judged: {problem}")).into())
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(essence(value))
}
