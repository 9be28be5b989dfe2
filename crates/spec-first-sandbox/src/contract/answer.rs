//! A response before it is sent.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;

use crate::{
    ErrorFormat, Outgoing, Rejection,
    contract::{example::Example, note},
};

/// Why a request was rejected, for clients that read an error whose shape has no place for the reason.
const REASON: HeaderName = HeaderName::from_static("sandbox-reason");

/// A response that has not been sent yet.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The media type of a JSON payload, if it is not `application/json`.
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) payload: Payload,
    /// Whether the sandbox chose the message; if so, an example from the document may replace it.
    pub(crate) is_own_failure: bool,
    /// What was wrong with the request, for the record.
    pub(crate) problems: Vec<String>,
    /// What is sent to webhooks after it.
    pub(crate) due: Vec<Outgoing>,
    /// An additional note for the record that is not a problem of the request.
    pub(crate) remark: Option<String>,
}

/// The body of a response.
#[derive(Debug)]
pub(crate) enum Payload {
    Empty,
    Json(Value),
    /// An example from the document, of the media type in the headers.
    Example(Example),
    /// Text of the media type in the headers.
    Text(String),
    /// What a real server sent, and the value if it was read as JSON.
    Passed(Body, Option<Value>),
}

impl Payload {
    /// The value, if it is JSON.
    pub(crate) fn json(&self) -> Option<&Value> {
        match self {
            Self::Json(value) => Some(value),
            Self::Example(example) => example.json(),
            Self::Passed(_, value) => value.as_ref(),
            Self::Empty | Self::Text(_) => None,
        }
    }
}

impl Answer {
    pub(crate) fn new(status: StatusCode, payload: Payload) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type: None,
            payload,
            is_own_failure: false,
            problems: Vec::new(),
            due: Vec::new(),
            remark: None,
        }
    }

    /// The response to a rejected request.
    pub(crate) fn rejected(rejection: Rejection, format: ErrorFormat) -> Self {
        let payload = Payload::Json(format.body(&rejection));
        let answer = Self::new(rejection.status(), payload);
        let (problems, headers) = rejection.into_parts();
        Self {
            headers,
            problems,
            is_own_failure: true,
            content_type: format.content_type(),
            ..answer
        }
    }

    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        // The value comes from the document. If it is not a valid header value, the response is still correct without it.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    pub(crate) fn into_response(self) -> Response {
        let is_json = matches!(self.payload, Payload::Json(_));
        let is_passed = matches!(self.payload, Payload::Passed(..));
        let body = match self.payload {
            Payload::Empty => Body::empty(),
            Payload::Json(value) => Body::from(serialize(&value)),
            Payload::Example(example) => Body::from(example.bytes()),
            Payload::Text(text) => Body::from(text),
            Payload::Passed(body, _) => body,
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        if !self.status.is_success() && !self.problems.is_empty() && !is_passed {
            headers.insert(REASON, note::header_value(&self.problems.join("; ")));
        }
        if is_json {
            let json = || HeaderValue::from_static("application/json");
            let content_type = self.content_type.unwrap_or_else(json);
            headers.entry(header::CONTENT_TYPE).or_insert(content_type);
        }
        response
    }
}

/// Avoids `Display`, which writes in small pieces through a formatter.
fn serialize(value: &Value) -> Vec<u8> {
    let mut text = Vec::with_capacity(256);
    // Writing a JSON value to a vector cannot fail.
    _ = serde_json::to_writer(&mut text, value);
    text
}
