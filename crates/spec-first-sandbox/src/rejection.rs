//! Why a request is rejected, and the body that says so. Does not know which API is served.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::contract::responses::Responses;

/// A request that is not performed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    messages: Vec<String>,
    fields: Vec<(String, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// The shape of the errors that a sandbox makes itself. By default, problem details as in RFC 9457.
///
/// If the document describes errors of another shape, the example in the document is sent instead.
///
/// ```
/// use serde_json::json;
/// use spec_first_sandbox::ErrorFormat;
///
/// let format = ErrorFormat::new("application/json", |rejection| json!({"errors": rejection.messages()}));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ErrorFormat {
    media_type: &'static str,
    body: fn(&Rejection) -> Value,
}

impl Rejection {
    /// Rejects a request with this status and message. The message must not contain secrets.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self::of(status, vec![message.into()], Vec::new())
    }

    /// Rejects an invalid request; `fields` are the invalid fields, and what is wrong with each.
    pub(crate) fn of(
        status: StatusCode,
        messages: Vec<String>,
        fields: Vec<(String, String)>,
    ) -> Self {
        Self {
            status,
            messages,
            fields,
            headers: Vec::new(),
        }
    }

    /// Invalid requests are rejected with 422 where the document has that and not 400.
    #[must_use]
    pub(crate) fn documented_in(mut self, responses: &Responses) -> Self {
        let instead = StatusCode::UNPROCESSABLE_ENTITY;
        let is_other = !responses.describe(self.status) && responses.describe(instead);
        if self.status == StatusCode::BAD_REQUEST && is_other {
            self.status = instead;
        }
        self
    }

    /// An error in the document that is only found on use.
    pub(crate) fn unusable(problem: String) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, problem)
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Everything that is wrong, one sentence each. Never contains values of the request.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }

    /// The fields and parameters that are invalid, and what is wrong with each: the rest of a sentence that starts with the
    /// name. A name occurs once for each thing that is wrong with it.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Appends a message.
    #[must_use]
    pub(crate) fn explain(mut self, message: String) -> Self {
        self.messages.push(message);
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        // The value comes from the document. If it is not a valid header value, the response is still correct without it.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The messages and headers, once the body is written.
    pub(crate) fn into_parts(self) -> (Vec<String>, Vec<(HeaderName, HeaderValue)>) {
        (self.messages, self.headers)
    }
}

impl ErrorFormat {
    /// Errors of this media type, whose body `body` makes from a rejection.
    pub const fn new(media_type: &'static str, body: fn(&Rejection) -> Value) -> Self {
        Self { media_type, body }
    }

    pub(crate) fn body(self, rejection: &Rejection) -> Value {
        (self.body)(rejection)
    }

    pub(crate) fn content_type(self) -> Option<HeaderValue> {
        HeaderValue::from_str(self.media_type).ok()
    }
}

impl Default for ErrorFormat {
    fn default() -> Self {
        Self::new("application/problem+json", problem_details)
    }
}

/// RFC 9457: without a `type`, the `title` is that of the status.
fn problem_details(rejection: &Rejection) -> Value {
    let mut details = json!({
        "title": rejection.status.canonical_reason().unwrap_or("Error"),
        "status": rejection.status.as_u16(),
        "detail": rejection.messages.join("; "),
    });
    if !rejection.fields.is_empty() {
        let fields = rejection.fields.iter();
        let errors = fields.map(|(field, detail)| json!({"field": field, "detail": detail}));
        details["errors"] = errors.collect();
    }
    details
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_problem_details_by_default() {
        let rejection = Rejection::of(
            StatusCode::BAD_REQUEST,
            vec!["pages must be at least 1".to_owned()],
            vec![("pages".to_owned(), "must be at least 1".to_owned())],
        );
        let expected = json!({
            "title": "Bad Request",
            "status": 400,
            "detail": "pages must be at least 1",
            "errors": [{"field": "pages", "detail": "must be at least 1"}],
        });
        assert_eq!(ErrorFormat::default().body(&rejection), expected);
    }
}
