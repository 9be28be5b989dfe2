//! What can go wrong with a request, by phase: whether it was sent, and whether it may have been applied.

use serde_json::Value;

use crate::retry::Phase;
use crate::{HttpResponse, Secret, retry, transport};

/// Why an operation did not succeed.
///
/// Each variant says whether the request may have been applied. No text, `Debug` included, holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that the caller gave cannot be sent. Nothing was sent.
    #[error("the {field} cannot be used: {reason}")]
    #[non_exhaustive]
    InvalidInput {
        /// What the value is, in words.
        field: &'static str,
        /// What is wrong with it; never the value of a secret.
        reason: String,
    },

    /// The client could not be set up. Nothing was sent.
    #[error("the HTTP client could not be set up")]
    #[non_exhaustive]
    Setup {
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The server could not be reached. Nothing was sent.
    #[error("the server could not be reached")]
    #[non_exhaustive]
    NotSent {
        /// Whether it may be otherwise the next time; not so for a server whose certificate is not trusted.
        is_temporary: bool,
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The request was sent, or part of it, and no complete answer came. **It may have been applied.**
    #[error("{}, so the request may have been applied", describe_silence(*.status))]
    #[non_exhaustive]
    NoAnswer {
        /// The status, if the answer broke off after it.
        status: Option<u16>,
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The answer says success and is longer than the client reads. **The request was most likely applied.**
    #[error("the answer, of status {}, is longer than {limit} bytes", .response.status)]
    #[non_exhaustive]
    TooLong {
        /// The answer, with the beginning of its body.
        response: Box<HttpResponse>,
        /// The number of bytes that the client reads at the most.
        limit: usize,
    },

    /// The API answered with an error, in the HTTP status or in the envelope. With a status of 4XX nothing was applied, unless an
    /// attempt before it got no answer; with any other **the request may have been applied**.
    #[error(transparent)]
    Api(Box<ApiError>),

    /// The answer says success, but cannot be read. **The request was most likely applied.**
    #[error("the answer, of status {}, is not what the document describes at `{path}`", .response.status)]
    #[non_exhaustive]
    UnreadableReply {
        /// The answer, whole.
        response: Box<HttpResponse>,
        /// Where in the JSON of the answer; `.` for all of it.
        path: String,
        /// The cause.
        #[source]
        source: BoxedCause,
    },
}

/// The error of another crate; which one is no part of the API.
type BoxedCause = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.response().status()),
            Self::UnreadableReply { response, .. } => Some(response.status()),
            Self::TooLong { response, .. } => Some(response.status()),
            Self::NoAnswer { status, .. } => *status,
            Self::InvalidInput { .. } | Self::Setup { .. } | Self::NotSent { .. } => None,
        }
    }

    /// The answer, if a complete one came; of a body of more than 1 MiB the beginning.
    pub fn response(&self) -> Option<&HttpResponse> {
        match self {
            Self::Api(error) => Some(error.response()),
            Self::UnreadableReply { response, .. } | Self::TooLong { response, .. } => {
                Some(response)
            }
            _ => None,
        }
    }

    /// Whether the API may have applied the request in spite of the error.
    pub fn may_have_been_applied(&self) -> bool {
        match self {
            Self::InvalidInput { .. } | Self::Setup { .. } | Self::NotSent { .. } => false,
            Self::NoAnswer { .. } | Self::TooLong { .. } | Self::UnreadableReply { .. } => true,
            Self::Api(error) => error.may_have_been_applied,
        }
    }

    /// Whether the same request may succeed later, when the server or the network has recovered.
    ///
    /// It says nothing about harm: where [`Error::may_have_been_applied`] says so too, sending again is right only for an
    /// operation that may be applied twice. An update of an integration may.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent { is_temporary, .. } => *is_temporary,
            Self::NoAnswer { .. } => true,
            Self::Api(error) => retry::is_retryable_status(error.response().status(), true),
            Self::InvalidInput { .. }
            | Self::Setup { .. }
            | Self::TooLong { .. }
            | Self::UnreadableReply { .. } => false,
        }
    }

    /// What to do about it, in one sentence for a person: lower case, no full stop.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::InvalidInput { .. } => "correct the value; nothing was sent",
            Self::Setup { .. } => "install the certificates that this platform trusts",
            Self::NotSent { .. } => {
                "check the base URL, the network and the proxy; nothing was sent"
            }
            Self::NoAnswer { .. } => {
                "find out whether the request was applied, or send it again if that does no harm"
            }
            Self::TooLong { .. } | Self::UnreadableReply { .. } => {
                "check that the base URL is that of the API"
            }
            Self::Api(error) => match error.response().status() {
                200..=299 => {
                    "correct what the API names, or check that the base URL is that of the API: its HTTP status says success, its body does not"
                }
                300..=399 => {
                    "check the base URL; redirects are not followed, since they could lead the credentials elsewhere"
                }
                401 | 403 => "check the credentials, and that they are for this project",
                404 => "check the identifier, and that what it names exists",
                408 | 425 | 429 => "wait before the request is sent again; it was not applied",
                400..=499 => "correct what the API names; nothing was applied",
                _ => "send the request again later if that does no harm; it may have been applied",
            },
        }
    }

    pub(crate) fn invalid_input(field: &'static str, reason: impl Into<String>) -> Self {
        Self::InvalidInput {
            field,
            reason: reason.into(),
        }
    }

    /// That the last attempt sent nothing says nothing about those before it. `source` must hold no secret; a `reqwest::Error` is given without its URL.
    pub(crate) fn transport(error: reqwest::Error, may_have_been_applied_before: bool) -> Self {
        let phase = transport::phase_of(&error);
        let source = error.without_url().into();
        if !phase.may_have_been_applied() && !may_have_been_applied_before {
            Self::NotSent {
                is_temporary: phase == Phase::NotSent,
                source,
            }
        } else {
            Self::NoAnswer {
                status: None,
                source,
            }
        }
    }

    /// The answer broke off after its head.
    pub(crate) fn broken_off(status: u16, error: reqwest::Error) -> Self {
        Self::NoAnswer {
            status: Some(status),
            source: error.without_url().into(),
        }
    }
}

/// An error that the API reported.
///
/// The page documents the statuses 400, 401, 404 and 500 and no body for them (`error-bodies` in the reconciliation), so the
/// parts of the body are read as far as they are there, and the answer is kept whole.
#[derive(Clone, Debug)]
pub struct ApiError {
    response: HttpResponse,
    message: Option<String>,
    code: Option<String>,
    key: Option<String>,
    may_have_been_applied: bool,
}

const REQUEST_ID_HEADERS: [&str; 5] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "cf-ray",
];

impl ApiError {
    /// Reads what there is to read in `response`; what echoes one of `secrets` is redacted.
    pub(crate) fn read(
        response: HttpResponse,
        secrets: &[Secret],
        may_have_been_applied_before: bool,
    ) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let redact = |text: String| {
            // Before characters are replaced, after which a secret might no longer be recognised; and after, for a space that takes
            // the place of another character can complete one.
            let shown = printable(&Secret::redact_all(secrets, &text));
            Secret::redact_all(secrets, &shown)
        };
        let detail = &body["error"];
        let message = text(&body["message"])
            .or_else(|| text(&detail["description"]))
            .or_else(|| text(detail));
        Self {
            message: message.map(redact),
            code: text(&detail["code"]).map(redact),
            key: text(&detail["key"]).map(redact),
            may_have_been_applied: may_have_been_applied_before
                || retry::is_applied_status(response.status),
            response,
        }
    }

    /// The answer, whole; its body may echo what was sent.
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }

    /// The identifier by which the operators of the API find the request in their logs, from whichever header carries it.
    ///
    /// The page documents none; these are the names that gateways commonly use.
    pub fn request_id(&self) -> Option<&str> {
        let value = REQUEST_ID_HEADERS
            .iter()
            .find_map(|name| self.response.headers.get(*name))?;
        value.to_str().ok()
    }

    /// What the API says went wrong, in its own words; several texts are joined by `; `.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The API's code of the error.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The API's name of the error.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the API answered with status {}",
            self.response.status
        )?;
        if let Some(code) = self.code.as_ref().or(self.key.as_ref()) {
            write!(formatter, ", code `{code}`")?;
        }
        match &self.message {
            Some(message) => write!(formatter, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

fn describe_silence(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("the answer, of status {status}, broke off"),
        None => "no answer came".to_owned(),
    }
}

/// Text where there is any that can be seen: as it is, as a number, or several joined.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().filter_map(text).collect::<Vec<_>>().join("; "),
        _ => return None,
    };
    text.chars()
        .any(|character| !character.is_whitespace() && !character.is_control())
        .then_some(text)
}

/// A line break or an escape sequence of a server must not reach a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let response = HttpResponse {
            status: 400,
            headers: Default::default(),
            body: body.to_owned().into(),
            is_cut_off: false,
        };
        let error = ApiError::read(response, &["canary".into(), "cana\nry".into()], false);
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(error.response().body(), body.as_bytes());
    }

    #[test]
    fn every_part_of_an_error_body_is_optional() {
        let status = "the API answered with status 400";
        check("", status);
        check("<html>Bad Gateway</html>", status);
        check("{\"validationError\": null}", status);
        check("{\"message\": []}", status);
        check("{\"message\": \"no\"}", &format!("{status}: no"));
        check(
            "{\"message\": [\"no\", \"never\"]}",
            &format!("{status}: no; never"),
        );
        check(
            "{\"error\": \"Bad Request\"}",
            &format!("{status}: Bad Request"),
        );
        check(
            "{\"error\": {\"code\": 17, \"description\": \"no\"}}",
            &format!("{status}, code `17`: no"),
        );
        check(
            "{\"error\": {\"key\": \"NO\"}}",
            &format!("{status}, code `NO`"),
        );
    }

    #[test]
    fn an_echoed_secret_and_a_control_character_do_not_reach_the_text() {
        check(
            "{\"message\": \"bad key canary\"}",
            "the API answered with status 400: bad key [redacted]",
        );
        check(
            "{\"message\": \"a\\u001b[31mb\"}",
            "the API answered with status 400: a [31mb",
        );
        check(
            "{\"message\": \"bad key cana\\nry and \\\"cana\\\\nry\\\"\"}",
            "the API answered with status 400: bad key [redacted] and \"[redacted]\"",
        );
    }
}
