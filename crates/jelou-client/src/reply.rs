//! Both response shapes, read into one value.

use std::ops::Deref;

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

use crate::exchange::Exchange;
use crate::{Error, HttpResponse};

/// The member by which an envelope is told from a bare value.
const DATA: &str = "data";

/// In which of its two shapes the API answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The value itself, as the schema section of the page shows it.
    Flat,
    /// The value under `data`, beside `message`, `statusMessage` and `status`, as the prose of the page shows it.
    Enveloped,
}

/// What the API answered: the value, whichever shape it came in, and the answer as it was received.
///
/// It dereferences to the value.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    shape: Shape,
    response: HttpResponse,
}

impl<T> Reply<T> {
    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The shape in which the value came.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The JSON exactly as it was received, with every field that this crate does not know.
    pub fn raw_json(&self) -> &str {
        // It was read as JSON, which is UTF-8.
        std::str::from_utf8(self.response.body()).unwrap_or_default()
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

impl<T: std::fmt::Debug> std::fmt::Debug for Reply<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("value", &self.value)
            .field("shape", &self.shape)
            .field("response", &self.response)
            .finish()
    }
}

impl<T: DeserializeOwned + Serialize> Reply<T> {
    /// Reads a successful answer: an object with `data` is an envelope, everything else is the value itself.
    pub(crate) fn read(response: HttpResponse, exchange: &Exchange) -> Result<Self, Error> {
        let whole: Value = match serde_json::from_slice(response.body()) {
            Ok(whole) => whole,
            Err(error) => return Err(unreadable(response, ".".to_owned(), error)),
        };
        if reports_failure(&whole) {
            return Err(exchange.api_error(response));
        }
        let (shape, value) = match &whole {
            Value::Object(members) if members.contains_key(DATA) => {
                (Shape::Enveloped, &whole[DATA])
            }
            _ => (Shape::Flat, &whole),
        };
        match read_value(value) {
            Ok(value) => Ok(Self {
                value,
                shape,
                response,
            }),
            Err((inner, error)) => {
                let path = match (shape, inner.as_str()) {
                    (Shape::Flat, _) => inner,
                    (Shape::Enveloped, ".") => DATA.to_owned(),
                    (Shape::Enveloped, _) => format!("{DATA}.{inner}"),
                };
                Err(unreadable(response, path, error))
            }
        }
    }
}

/// The value, or where in it something else stands and what serde says about it.
fn read_value<T: DeserializeOwned + Serialize>(
    value: &Value,
) -> Result<T, (String, serde_json::Error)> {
    // To note the way to each value costs as much again as to read it, so the way is looked for once something is wrong.
    let read = T::deserialize(value)
        .or_else(|_| serde_path_to_error::deserialize(value))
        .map_err(|error| (error.path().to_string(), error.into_inner()))?;
    // serde takes an array for an object too, whose members it reads by their position.
    if value.is_array() && serde_json::to_value(&read).is_ok_and(|read| read.is_object()) {
        return Err((".".to_owned(), serde_json::Error::custom("not an object")));
    }
    Ok(read)
}

/// Whether an answer with a status of success says of itself that the operation failed (`success-signal` in the reconciliation).
///
/// `status` decides, 1 for success; without it `statusMessage`; without both, an `error` that stands alone.
fn reports_failure(whole: &Value) -> bool {
    match (
        whole.get("status"),
        whole.get("statusMessage"),
        whole.get("error"),
    ) {
        (Some(Value::Number(status)), _, _) => status.as_f64() != Some(1.0),
        (_, Some(Value::String(message)), _) => message != "success",
        (_, _, Some(error)) => !error.is_null() && whole.get(DATA).is_none(),
        _ => false,
    }
}

fn unreadable(response: HttpResponse, path: String, error: serde_json::Error) -> Error {
    let source = WithoutValue(describe(&error)).into();
    Error::UnreadableReply {
        response: Box::new(response),
        path,
        source,
    }
}

/// What serde_json says, without the value that it could not read: a server may echo a secret there.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WithoutValue(String);

fn describe(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => "a value is missing or of another type".to_owned(),
        Category::Eof => format!("the JSON ends too early, at line {line} column {column}"),
        Category::Syntax | Category::Io => {
            format!("this is not JSON, at line {line} column {column}")
        }
    }
}
