//! Makes each call of a generated client against a sandbox; `cargo xtask roundtrip` writes what surrounds this file.
//!
//! The first argument is a file with the values to call with; each line of the output is the result of one operation.

#![allow(unused)]

mod client;
mod calls;

use std::collections::BTreeMap;
use std::fmt::Display;

use client::Client;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spec_first_runtime::{Credentials, Error, OperationCall, RetryPolicy, Shape};

/// The values to call an operation with.
#[derive(Deserialize)]
pub struct Values {
    base_url: String,
    parameters: Vec<(String, String, Value)>,
    bodies: BTreeMap<String, Option<Value>>,
    written: BTreeMap<String, String>,
    /// Whether the document describes a success.
    succeeds: bool,
    /// The statuses of errors that have a type, as the document writes them.
    errors: Vec<String>,
    /// Requests that the document forbids.
    invalid: Vec<Invalid>,
}

/// A request that the document forbids.
#[derive(Deserialize)]
struct Invalid {
    kind: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    /// The media type and the text of the body.
    body: Option<(String, String)>,
}

/// The result of an operation.
#[derive(Default, Serialize)]
pub struct Outcome {
    failure: Option<Failure>,
    #[serde(flatten)]
    held: Held,
}

/// What is known of an operation that was called.
#[derive(Default, Serialize)]
pub struct Held {
    /// The places in the body that were set and not sent, and the body if there are any.
    unsent: Vec<String>,
    set: Value,
    /// The places in the reply that its value lacks, and the reply if there are any.
    lost: Vec<String>,
    received: Value,
    /// The number of invalid requests that were refused.
    refused: usize,
}

/// Why a round trip failed.
#[derive(Debug, Serialize)]
pub struct Failure {
    step: &'static str,
    reason: String,
}

impl Failure {
    fn new(step: &'static str, reason: impl Display) -> Self {
        Self {
            step,
            reason: reason.to_string(),
        }
    }
}

impl Values {
    pub fn has_parameter(&self, location: &str, name: &str) -> bool {
        self.find(location, name).is_some()
    }

    pub fn has_body(&self, media_type: &str) -> bool {
        self.bodies.contains_key(media_type)
    }

    /// Whether the body is more than an object without values, which may be left out.
    pub fn has_content(&self, media_type: &str) -> bool {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        match self.bodies.get(media_type) {
            Some(Some(Value::Object(members))) => !members.values().all(is_empty),
            // The sandbox knows the parts of `multipart/form-data` alone.
            Some(None) => !media_type.starts_with("multipart/"),
            body => body.is_some(),
        }
    }

    pub fn has_member(&self, media_type: &str, name: &str) -> bool {
        self.json(media_type).is_some_and(|body| body.get(name).is_some())
    }

    pub fn has_value(&self, media_type: &str, name: &str) -> bool {
        let body = self.json(media_type);
        body.is_some_and(|body| body.get(name).is_some_and(|value| !value.is_null()))
    }

    pub fn text(&self, location: &str, name: &str) -> Result<String, Failure> {
        match self.find(location, name) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(value) => Ok(value.to_string()),
            None => Err(missing(format_args!("{location} parameter `{name}`"))),
        }
    }

    pub fn parameter<T: DeserializeOwned>(&self, location: &str, name: &str) -> Result<T, Failure> {
        read(format_args!("{location} parameter `{name}`"), self.find(location, name))
    }

    pub fn body<T: DeserializeOwned>(&self, media_type: &str) -> Result<T, Failure> {
        // Without a schema, any value will do, and an object is a form, too.
        let any = serde_json::json!({"any": "any"});
        let body = self.bodies.get(media_type).map(|body| body.as_ref().unwrap_or(&any));
        read("body", body)
    }

    /// A body that is sent as it is.
    pub fn written(&self, media_type: &str) -> Result<String, Failure> {
        self.written.get(media_type).cloned().ok_or_else(|| missing(format_args!("body `{media_type}`")))
    }

    pub fn member<T: DeserializeOwned>(&self, media_type: &str, name: &str) -> Result<T, Failure> {
        let body = self.json(media_type);
        read(format_args!("member `{name}` of the body"), body.and_then(|body| body.get(name)))
    }

    /// Whether the document describes the body of an error with this status.
    fn describes_error(&self, status: u16) -> bool {
        let class = format!("{}XX", status / 100);
        let mut errors = self.errors.iter();
        errors.any(|it| *it == status.to_string() || it.eq_ignore_ascii_case(&class) || it == "default")
    }

    pub fn bytes(&self) -> Vec<u8> {
        b"bytes".to_vec()
    }

    fn json(&self, media_type: &str) -> Option<&Value> {
        self.bodies.get(media_type)?.as_ref()
    }

    fn find(&self, location: &str, name: &str) -> Option<&Value> {
        let mut parameters = self.parameters.iter();
        parameters.find_map(|(of, known, value)| (of == location && known == name).then_some(value))
    }
}

fn missing(what: impl Display) -> Failure {
    Failure::new("values", format_args!("no value for the {what}"))
}

fn read<T: DeserializeOwned>(what: impl Display, value: Option<&Value>) -> Result<T, Failure> {
    let value = value.ok_or_else(|| missing(&what))?;
    serde_json::from_value(value.clone())
        .map_err(|error| Failure::new("values", format_args!("the {what} is not of its type: {error}")))
}

pub struct Driver;

impl Driver {
    /// Sends the call and reads its reply, in chunks too if `streamed` has media types of it. Then asks for each error that has a type,
    /// and sends requests that the document forbids.
    pub async fn exercise<C: OperationCall + Clone>(
        &self,
        client: &Client,
        values: &Values,
        call: C,
        body: Option<(&str, bool)>,
        read: fn(&C::Value) -> Option<Value>,
        typed: Option<fn(&Error) -> bool>,
        streamed: Option<&'static str>,
    ) -> Result<Held, Failure> {
        let prepared = call.clone().into_call().prepare();
        let prepared = prepared.map_err(|error| Failure::new("call", describe(&error)))?;
        if let Some((media_type, _)) = body
            && prepared.body().is_empty()
            && values.has_content(media_type)
        {
            return Err(Failure::new("request", "its body was not sent"));
        }
        let mut held = Held::default();
        let json = body.filter(|(_, is_json)| *is_json);
        if let Some(expected) = json.and_then(|(media_type, _)| values.json(media_type)) {
            // Without values, the body is empty.
            let sent = serde_json::from_slice(prepared.body()).unwrap_or(Value::Object(Default::default()));
            compare(expected, &sent, "", &mut held.unsent);
            if !held.unsent.is_empty() {
                held.set = expected.clone();
            }
        }
        match call.clone().into_call().send::<C>().await {
            Ok(reply) => {
                if let (Shape::Flat, Some(read)) = (reply.shape(), read(&reply))
                    && let Ok(received) = serde_json::from_str(reply.raw_json())
                {
                    compare(&received, &read, "", &mut held.lost);
                    if !held.lost.is_empty() {
                        held.received = received;
                    }
                }
            }
            // The sandbox accepts the request, but has no response to send, or none that conforms.
            Err(error) if !values.succeeds && error.status() == Some(501) || is_nonconforming(&error) => {}
            Err(error) => return Err(Failure::new("reply", describe(&error))),
        }
        if let Some(media_types) = streamed.filter(|_| values.succeeds) {
            let failed = |error: Error| Failure::new("stream", describe(&error));
            let sent = call.clone().into_call().send_streaming::<C>(media_types).await;
            let mut reply = sent.map_err(failed)?;
            let mut length = 0;
            while let Some(chunk) = reply.chunk().await.map_err(failed)? {
                length += chunk.len();
            }
            if length == 0 && reply.head().status() != 204 {
                return Err(Failure::new("stream", "the reply is empty"));
            }
        }
        let statuses = values.errors.iter().filter_map(|status| status.parse::<u16>().ok());
        for status in statuses {
            let mut failing = call.clone().into_call();
            failing.header("Prefer", &format!("code={status}"));
            match failing.send::<C>().await {
                Err(error) if error.status() == Some(status) => {
                    if typed.is_some_and(|typed| !typed(&error)) {
                        let reason = format_args!("the body of a {status} is not of its type");
                        return Err(Failure::new("error", reason));
                    }
                }
                Err(error) => return Err(Failure::new("error", describe(&error))),
                Ok(_) => return Err(Failure::new("error", format_args!("a {status} is a success"))),
            }
        }
        for invalid in &values.invalid {
            self.refuse::<C>(client, values, invalid, typed).await?;
        }
        held.refused = values.invalid.len();
        Ok(held)
    }

    /// Checks the reply in a media type that was asked for.
    pub fn accepted(&self, values: &Values, media_type: &str, reply: Result<(), Error>) -> Result<(), Failure> {
        match reply {
            Err(error) if values.succeeds => {
                Err(Failure::new("accept", format_args!("`{media_type}`: {}", describe(&error))))
            }
            _ => Ok(()),
        }
    }

    /// Sends a request that the document forbids past the checks of the call, which reads the response.
    async fn refuse<C: OperationCall>(
        &self,
        client: &Client,
        values: &Values,
        invalid: &Invalid,
        typed: Option<fn(&Error) -> bool>,
    ) -> Result<(), Failure> {
        let failure = |reason: &dyn Display| Failure::new("invalid", format_args!("{}: {reason}", invalid.kind));
        let mut request = client.request(&invalid.method, &invalid.target);
        for (name, value) in &invalid.headers {
            // The client refuses those that carry credentials.
            if client.request("GET", "/").header(name, value).prepare().is_ok() {
                request = request.header(name, value);
            }
        }
        if let Some((media_type, body)) = &invalid.body {
            request = request.header("content-type", media_type).body(body.clone());
        }
        let response = request.send().await.map_err(|error| failure(&describe(&error)))?;
        let is_json = matches!(response.header("content-type"), Some(it) if String::from_utf8_lossy(it).contains("json"));
        let Err(error) = spec_first_runtime::read_response::<C>(response) else {
            return Err(failure(&"it is not refused"));
        };
        match (error.status(), typed) {
            (Some(status @ 400..=499), Some(typed)) if is_json && invalid.method != "HEAD" && values.describes_error(status) && !typed(&error) => {
                Err(failure(&format_args!("the body of the {status} is not of its type: {}", describe(&error))))
            }
            (Some(400..=499), _) => Ok(()),
            _ => Err(failure(&describe(&error))),
        }
    }
}

/// Whether the sandbox says that its answer does not conform, because none does.
fn is_nonconforming(error: &Error) -> bool {
    let note = error.response().and_then(|response| response.header("sandbox-note"));
    note.is_some_and(|note| String::from_utf8_lossy(note).contains("does not match its schema: "))
}

fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    if let Some(response) = error.response() {
        if let Some(Ok(reason)) = response.header("sandbox-reason").map(std::str::from_utf8) {
            text.push_str(&format!(": {reason}"));
        }
        let body = String::from_utf8_lossy(response.body());
        text.push_str(&format!(" ({})", body.chars().take(300).collect::<String>()));
    }
    text
}

/// Finds the members and items of `expected` that `actual` does not have; members that are `null` may be absent.
fn compare(expected: &Value, actual: &Value, place: &str, lost: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in expected {
                let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                match actual.get(name) {
                    Some(actual) => compare(value, actual, &place, lost),
                    None if value.is_null() => {}
                    None => lost.push(place),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(expected, actual, &format!("{place}/{index}"), lost);
            }
        }
        (Value::Number(expected), Value::Number(actual))
            if expected.as_f64() == actual.as_f64() => {}
        _ if expected == actual => {}
        _ => lost.push(place.to_owned()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("no file is named")?;
    let values: Vec<Values> = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut client: Option<(String, Client)> = None;
    for (index, values) in values.iter().enumerate() {
        if values.base_url.is_empty() {
            let failure = Some(missing("operation"));
            println!("{}", serde_json::to_string(&Outcome { failure, held: Held::default() })?);
            continue;
        }
        if client.as_ref().is_none_or(|(base_url, _)| *base_url != values.base_url) {
            let builder = Client::builder(calls::credentials());
            let built = builder.base_url(&values.base_url).retry(RetryPolicy::never()).build()?;
            client = Some((values.base_url.clone(), built));
        }
        let Some((_, client)) = &client else { continue };
        let outcome = match calls::call(index, &Driver, client, values).await {
            Ok(held) => Outcome { failure: None, held },
            Err(failure) => Outcome { failure: Some(failure), held: Held::default() },
        };
        println!("{}", serde_json::to_string(&outcome)?);
    }
    Ok(())
}
