//! Keeps what a sandbox received, with secrets taken out before anything is kept.

pub(crate) mod redaction;

use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;

use crate::contract::request_body::ReceivedBody;
use redaction::Redaction;

/// A request as a sandbox received it, without its secrets.
///
/// `[redacted]` stands in the place of each value that the document marks as a credential, as `writeOnly` or as
/// `format: password`. A body that is not JSON is left out as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method, in upper case.
    pub method: String,
    /// Path and query, encoded as they came.
    pub target: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl ReceivedRequest {
    /// The first value of a header; the name is compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

/// The requests since the start, in the order in which their bodies were complete.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Vec<ReceivedRequest>>);

impl Recorder {
    pub(crate) fn record(&self, redaction: &Redaction, head: &Parts, body: &ReceivedBody) {
        let request = ReceivedRequest {
            method: head.method.to_string(),
            target: redaction.target(&head.uri),
            headers: redaction.headers(&head.headers),
            body: redaction.body(body),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
