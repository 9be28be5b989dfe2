//! A response before it is sent.

use std::sync::OnceLock;

use axum::{
    body::{Body, Bytes},
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
    Json(Json),
    /// An example from the document, of the media type in the headers.
    Example(Example),
    /// Text of the media type in the headers.
    Text(String),
    /// What a real server sent, and the value if it was read as JSON.
    Passed(Body, Option<Json>),
}

/// A value, and its text once that is needed: to record it and to send it.
#[derive(Debug)]
pub(crate) struct Json {
    value: Value,
    text: OnceLock<Bytes>,
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        let text = OnceLock::new();
        Self { value, text }
    }
}

impl Json {
    fn text(&self) -> &Bytes {
        self.text.get_or_init(|| {
            // `Display` would write in small pieces through a formatter.
            let mut text = Vec::with_capacity(256);
            // Writing a JSON value to a vector cannot fail.
            _ = serde_json::to_writer(&mut text, &self.value);
            text.into()
        })
    }
}

impl Payload {
    pub(crate) fn of(value: Value) -> Self {
        Self::Json(value.into())
    }

    /// The value, if it is JSON.
    pub(crate) fn json(&self) -> Option<&Value> {
        match self {
            Self::Json(json) | Self::Passed(_, Some(json)) => Some(&json.value),
            Self::Example(example) => example.json(),
            Self::Empty | Self::Text(_) | Self::Passed(_, None) => None,
        }
    }

    /// The value and its text, if it is JSON.
    pub(crate) fn json_text(&self) -> Option<(&Value, &Bytes)> {
        let value = self.json()?;
        match self {
            Self::Json(json) | Self::Passed(_, Some(json)) => Some((value, json.text())),
            Self::Example(example) => Some((value, example.bytes())),
            Self::Empty | Self::Text(_) | Self::Passed(_, None) => None,
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
        let payload = Payload::of(format.body(&rejection));
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
            Payload::Json(json) => Body::from(json.text().clone()),
            Payload::Example(example) => Body::from(example.bytes().clone()),
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
