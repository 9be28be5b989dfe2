//! Reads the value out of a response, whether bare or in an envelope.

mod envelope;
mod outcome;

use std::fmt;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::exchange::Exchange;
use crate::members::{Members, Value};
use crate::{Api, ApiError, Error, HttpResponse, Secret, content_encoding};
use outcome::Outcome;

pub use envelope::{Envelope, Marker, ReplyValue};

/// The shape of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The bare value.
    Flat,
    /// The value in an envelope.
    Enveloped,
    /// No value: the API reported success without a field of it, for example with HTTP status 204. Every field reads as absent.
    Absent,
}

/// A successful response: the value, whatever its [`Shape`], and the response as it was received.
///
/// It dereferences to the value.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    shape: Shape,
    response: HttpResponse,
    /// What was sent, so that `Debug` shows no secret that the server echoes. `None` for [`Reply::from_response`].
    exchange: Option<Exchange>,
}

impl<T> Reply<T> {
    /// The value alone, to move fields out of.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The shape of the response.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether the response contains a field of the value. If not, the API reported success and nothing else: the operation was
    /// accepted, and every field reads as absent.
    pub fn has_value(&self) -> bool {
        self.shape != Shape::Absent
    }

    /// The JSON exactly as it was received, including unknown fields, but without a byte order mark. Empty if there was no body,
    /// which is possible only for a reply [without a value](Self::has_value).
    pub fn raw_json(&self) -> &str {
        text(&self.response).unwrap_or_default()
    }

    /// The response as it was received: status, headers and body.
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

/// Compares values, shapes and responses.
impl<T: PartialEq> PartialEq for Reply<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.value, self.shape, &self.response) == (&other.value, other.shape, &other.response)
    }
}

/// Shows the value with the secrets that were sent redacted.
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

impl<T: ReplyValue + DeserializeOwned + Default> Reply<T> {
    /// Reads `response` as the client does, for tests that replace the API.
    ///
    /// # Errors
    /// [`Error::Api`] if it reports a failure, [`Error::UnreadableReply`] if it cannot be read.
    ///
    /// ```
    /// # use spec_first_runtime::{Api, Envelope, HttpResponse, Reply, ReplyValue};
    /// # static API: Api = Api::new(spec_first_runtime::package!());
    /// #[derive(Default, serde::Deserialize)]
    /// struct Pet {
    ///     name: Option<String>,
    /// }
    ///
    /// // A generated client has this already.
    /// impl ReplyValue for Pet {
    ///     const API: &'static Api = &API;
    ///     const ENVELOPE: Option<Envelope> = Some(Envelope::new("data", &[]));
    /// }
    ///
    /// let reply: Reply<Pet> = Reply::from_response(HttpResponse::new(200, r#"{"data":{"name":"Ada"}}"#))?;
    /// assert_eq!(reply.name.as_deref(), Some("Ada"));
    /// # Ok::<(), spec_first_runtime::Error>(())
    /// ```
    pub fn from_response(response: HttpResponse) -> Result<Self, Error> {
        if response.is_success() {
            Self::read(response, None)
        } else {
            Err(api_error(T::API, response, None))
        }
    }

    /// Reads a response with a status of success. An object with the member that the envelope keeps the value in is an envelope;
    /// everything else is the value itself.
    pub(crate) fn read(response: HttpResponse, exchange: Option<Exchange>) -> Result<Self, Error> {
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
        let outcome = members.as_ref().map_or(Outcome::Unsaid, |members| {
            Outcome::of(
                members,
                T::ENVELOPE.map_or(&[], |envelope| envelope.success),
            )
        });
        if outcome == Outcome::Failure {
            return Err(api_error(T::API, response, exchange.as_ref()));
        }
        let wrapped = members
            .as_ref()
            .zip(T::ENVELOPE)
            .and_then(|(members, envelope)| {
                let value = members.get(envelope.value)?;
                Some((envelope.value, value))
            });
        let (shape, value) = match wrapped {
            Some((_, value)) => (Shape::Enveloped, Value::new(value)),
            None => (Shape::Flat, Value::new(whole)),
        };
        match read_value(&value) {
            Ok(read) if value.has_known_member() => Ok(Self {
                value: read,
                shape,
                response,
                exchange,
            }),
            // Nothing in it says that anything was done.
            Ok(_) if promises_value && outcome == Outcome::Unsaid => {
                Err(api_error(T::API, response, exchange.as_ref()))
            }
            Ok(_) => Ok(Self::without_value(response, exchange)),
            Err(member) => {
                let path = match (wrapped, member.as_str()) {
                    (Some((name, _)), ".") => name.to_owned(),
                    (Some((name, _)), _) => format!("{name}.{member}"),
                    (None, _) => member,
                };
                Err(unreadable(response, &path, OTHER_TYPE))
            }
        }
    }

    fn without_value(response: HttpResponse, exchange: Option<Exchange>) -> Self {
        Self {
            value: T::default(),
            shape: Shape::Absent,
            response,
            exchange,
        }
    }
}

fn api_error(api: &Api, response: HttpResponse, exchange: Option<&Exchange>) -> Error {
    match exchange {
        Some(exchange) => exchange.api_error(response),
        None => Error::Api(Box::new(ApiError::read(api, response, &[], false))),
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
    use super::*;
    use crate::Credentials;
    use crate::sample::{Item, client};

    #[test]
    fn debug_shows_the_value_and_no_secret_that_the_server_echoes() {
        let exchange = client(Credentials::api_key("canary")).call().exchange();
        exchange.protect_body(br#"{"authorization":"hunter2"}"#);
        let body =
            r#"{"id":"ITEM_ID","authType":"canary","webhookUrl":"https://a.example/?hunter%32"}"#;
        let reply = Reply::<Item>::read(HttpResponse::new(200, body), Some(exchange)).unwrap();
        for shown in [format!("{reply:?}"), format!("{reply:#?}")] {
            assert!(
                shown.contains("ITEM_ID") && shown.contains("shape: Flat"),
                "{shown}"
            );
            assert!(shown.contains("https://a.example/?[redacted]"), "{shown}");
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert_eq!(reply, reply.clone());
        let other = HttpResponse::new(200, r#"{"id":"ITEM_ID"}"#);
        assert_ne!(reply, Reply::from_response(other).unwrap());
    }

    #[test]
    fn an_object_is_an_envelope_only_if_the_document_says_so() {
        #[derive(Debug, Default, PartialEq, serde::Deserialize)]
        struct Bare {
            data: Option<String>,
            status: Option<i64>,
        }
        impl ReplyValue for Bare {
            const API: &'static Api = &crate::sample::API;
        }
        let body = r#"{"data":"a","status":0}"#;
        let reply = Reply::<Bare>::from_response(HttpResponse::new(200, body)).unwrap();
        assert_eq!(reply.shape(), Shape::Flat);
        assert_eq!((reply.data.as_deref(), reply.status), (Some("a"), Some(0)));

        let error = Reply::<Item>::from_response(HttpResponse::new(200, body)).unwrap_err();
        assert!(matches!(error, Error::Api(_)), "{error:?}");
    }

    #[test]
    fn a_content_encoding_is_blamed_only_for_what_cannot_be_read() {
        let read = |body: &[u8]| {
            let mut response = HttpResponse::new(200, body);
            let encoding = http::HeaderValue::from_static("br");
            response
                .headers
                .insert(http::header::CONTENT_ENCODING, encoding);
            Reply::<Item>::from_response(response)
        };
        for body in [b"\x0b\x01\x80\x03".as_slice(), b"no"] {
            let error = read(body).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(
                cause,
                "the body has the content encoding `br`, which is not supported"
            );
        }
        read(br#"{"id":"ITEM_ID"}"#).unwrap();
    }
}
