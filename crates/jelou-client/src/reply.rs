//! Both response shapes, read into one value.

mod outcome;

use std::fmt;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::exchange::Exchange;
use crate::members::{Members, Value};
use crate::{ApiError, Error, HttpResponse, Secret, content_encoding};
use outcome::Outcome;

/// The member by which an envelope is told from a bare value.
const DATA: &str = "data";

/// In which shape the API answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The value itself, as the schema section of the page shows it.
    Flat,
    /// The value under `data`, beside `message`, `statusMessage` and `status`, as the prose of the page shows it.
    Enveloped,
    /// No value: the API reported success without a field of it, such as with HTTP status 204. Every field reads as absent.
    Absent,
}

/// What the API answered: the value, whichever shape it came in, and the answer as it was received.
///
/// It dereferences to the value.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    shape: Shape,
    response: HttpResponse,
    /// What was sent, so that `Debug` shows no secret that the server echoes. `None` for a reply that was made by hand.
    exchange: Option<Exchange>,
}

impl<T> Reply<T> {
    /// The value alone, out of which fields can be moved.
    ///
    /// ```no_run
    /// # async fn update(client: jelou_client::Client) -> Result<(), jelou_client::Error> {
    /// # let update = client.integrations().update("PROJECT_ID");
    /// let integration = update.webhook_url("https://my-system.com/webhook/jelou-v2").await?.into_value();
    /// let url: Option<String> = integration.webhook_url;
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_value(self) -> T {
        self.value
    }

    /// The shape in which the value came.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether the answer has a field of the value in it. Without one the API reported success and nothing else: the operation
    /// was accepted, and every field reads as absent.
    pub fn has_value(&self) -> bool {
        self.shape != Shape::Absent
    }

    /// The JSON exactly as it was received, with every field that this crate does not know, but without a byte order mark. Empty
    /// if there was no body, which only a reply [without a value](Self::has_value) can be.
    pub fn raw_json(&self) -> &str {
        text(&self.response).unwrap_or_default()
    }

    /// The answer as it was received: status, headers and body.
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Compares the values, their shapes and the answers.
impl<T: PartialEq> PartialEq for Reply<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.value, self.shape, &self.response) == (&other.value, other.shape, &other.response)
    }
}

/// Shows the value, in which secrets that were sent are redacted.
impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if formatter.alternate() {
            format!("{:#?}", self.value)
        } else {
            format!("{:?}", self.value)
        };
        let secrets = self.exchange.as_ref().map(Exchange::secrets);
        let value = Secret::redact_all(&secrets.unwrap_or_default(), &value);
        formatter
            .debug_struct("Reply")
            .field("value", &format_args!("{value}"))
            .field("shape", &self.shape)
            .field("response", &self.response)
            .finish()
    }
}

impl<T: DeserializeOwned + Default> Reply<T> {
    /// Reads `response` as the client does, for tests that replace the API.
    ///
    /// # Errors
    /// [`Error::Api`] if it reports a failure, [`Error::UnreadableReply`] if it cannot be read.
    ///
    /// ```
    /// use jelou_client::types::Integration;
    /// use jelou_client::{Error, HttpResponse, Reply};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let reply: Reply<Integration> = Reply::from_response(HttpResponse::new(200, r#"{"webhookUrl":"https://my-system.com"}"#))?;
    /// assert_eq!(reply.webhook_url.as_deref(), Some("https://my-system.com"));
    ///
    /// let failure = Reply::<Integration>::from_response(HttpResponse::new(404, r#"{"message":"Integration not found"}"#));
    /// assert!(matches!(failure, Err(Error::Api(error)) if error.message() == Some("Integration not found")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_response(response: HttpResponse) -> Result<Self, Error> {
        if response.is_success() {
            Self::read(response, None)
        } else {
            Err(api_error(response, None))
        }
    }

    /// Reads an answer with a status of success: an object with `data` is an envelope, everything else is the value itself.
    pub(crate) fn read(response: HttpResponse, exchange: Option<&Exchange>) -> Result<Self, Error> {
        // Of all successes, only 200 promises the result in its body (RFC 9110, 15.3.1).
        let promises_value = response.status() == 200;
        let body = match text(&response) {
            Some(body) if promises_value || body.trim_start().starts_with('{') => body,
            None if promises_value => {
                let problem = content_encoding::problem(&response);
                let reason = problem.unwrap_or_else(|| NOT_UTF_8.to_owned());
                return Err(unreadable(response, ".", reason));
            }
            _ => return Ok(Self::without_value(response, exchange)),
        };
        let whole: &RawValue = match serde_json::from_str(body) {
            Ok(whole) => whole,
            Err(error) => {
                let problem = content_encoding::problem(&response);
                let reason = problem.unwrap_or_else(|| describe(&error));
                return Err(unreadable(response, ".", reason));
            }
        };
        let members = Members::of(whole);
        let outcome = members.as_ref().map_or(Outcome::Unsaid, Outcome::of);
        if outcome == Outcome::Failure {
            return Err(api_error(response, exchange));
        }
        let data = members.as_ref().and_then(|members| members.get(DATA));
        let (shape, value) = match data {
            Some(data) => (Shape::Enveloped, Value::new(data)),
            None => (Shape::Flat, Value::new(whole)),
        };
        match read_value(&value) {
            Ok(read) if value.has_known_member() => Ok(Self {
                value: read,
                shape,
                response,
                exchange: exchange.cloned(),
            }),
            // Nothing in it says that anything was done.
            Ok(_) if promises_value && outcome == Outcome::Unsaid => {
                Err(api_error(response, exchange))
            }
            Ok(_) => Ok(Self::without_value(response, exchange)),
            Err(member) => {
                let path = match (shape, member.as_str()) {
                    (Shape::Enveloped, ".") => DATA.to_owned(),
                    (Shape::Enveloped, _) => format!("{DATA}.{member}"),
                    _ => member,
                };
                Err(unreadable(response, &path, OTHER_TYPE))
            }
        }
    }

    fn without_value(response: HttpResponse, exchange: Option<&Exchange>) -> Self {
        Self {
            value: T::default(),
            shape: Shape::Absent,
            response,
            exchange: exchange.cloned(),
        }
    }
}

fn api_error(response: HttpResponse, exchange: Option<&Exchange>) -> Error {
    match exchange {
        Some(exchange) => exchange.api_error(response),
        None => Error::Api(Box::new(ApiError::read(response, &[], false))),
    }
}

/// The body, without the byte order mark that some servers put before their JSON; `None` if it is not UTF-8.
fn text(response: &HttpResponse) -> Option<&str> {
    let body = std::str::from_utf8(response.body()).ok()?;
    Some(body.strip_prefix('\u{feff}').unwrap_or(body))
}

/// The value, or the member that cannot be read; `.` for all of it. Below a member, names may be the server's own, secrets
/// included.
fn read_value<T: DeserializeOwned>(value: &Value<'_>) -> Result<T, String> {
    // Recording the path of each value costs as much again as reading it, so it is looked for once something is wrong.
    T::deserialize(value)
        .or_else(|_| serde_path_to_error::deserialize(value))
        .map_err(|error| {
            let path = error.path().to_string();
            match path.split(['.', '[']).next() {
                Some(member) if !member.is_empty() => member.to_owned(),
                _ => ".".to_owned(),
            }
        })
}

const NOT_UTF_8: &str = "the text is not UTF-8";
/// Without the value that could not be read: a server may echo a secret there.
const OTHER_TYPE: &str = "a value is missing or of another type";

fn unreadable(response: HttpResponse, path: &str, reason: impl Into<String>) -> Error {
    Error::UnreadableReply {
        response: Box::new(response),
        path: path.to_owned(),
        source: reason.into().into(),
    }
}

/// What is wrong with a text that is not JSON.
fn describe(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        format!("the JSON ends too early, at line {line} column {column}")
    } else {
        format!("this is not JSON, at line {line} column {column}")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::exchange::Decoder;
    use crate::transport::Transport;
    use crate::types::Integration;
    use crate::{Credentials, RetryPolicy};

    #[test]
    fn debug_shows_the_value_and_no_secret_that_the_server_echoes() {
        let transport = Transport::new(RetryPolicy::never(), Duration::ZERO);
        let credentials = Arc::new(Credentials::api_key("canary"));
        let exchange = Exchange::new(credentials, Arc::new(transport), Decoder::Reply);
        exchange.protect_body(br#"{"authorization":"hunter2"}"#);
        let body = r#"{"id":"INTEGRATION_ID","authType":"canary","webhookUrl":"https://a.example/?hunter%32"}"#;
        let reply =
            Reply::<Integration>::read(HttpResponse::new(200, body), Some(&exchange)).unwrap();
        for shown in [format!("{reply:?}"), format!("{reply:#?}")] {
            assert!(
                shown.contains("INTEGRATION_ID") && shown.contains("shape: Flat"),
                "{shown}"
            );
            assert!(shown.contains("https://a.example/?[redacted]"), "{shown}");
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert_eq!(reply, reply.clone());
        let other = HttpResponse::new(200, r#"{"id":"INTEGRATION_ID"}"#);
        assert_ne!(reply, Reply::from_response(other).unwrap());
    }

    #[test]
    fn a_content_encoding_is_blamed_only_for_what_cannot_be_read() {
        let read = |body: &[u8]| {
            let mut response = HttpResponse::new(200, body);
            let encoding = http::HeaderValue::from_static("br");
            response
                .headers
                .insert(http::header::CONTENT_ENCODING, encoding);
            Reply::<Integration>::from_response(response)
        };
        for body in [b"\x0b\x01\x80\x03".as_slice(), b"no"] {
            let error = read(body).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(
                cause,
                "the body has the content encoding `br`, which is not supported"
            );
        }
        read(br#"{"id":"INTEGRATION_ID"}"#).unwrap();
    }
}
