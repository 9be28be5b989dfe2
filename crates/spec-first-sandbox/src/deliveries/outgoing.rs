//! A request to a webhook before it is sent.

use std::fmt;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
};
use hmac_sha256::HMAC;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::DeliveryFault;

/// A request to a webhook that has not been sent yet. `Debug` does not show its headers, which may be secret.
#[derive(Clone)]
pub struct Outgoing {
    pub(crate) event: String,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    signature: Option<Signature>,
}

/// How a request is signed: with HMAC-SHA256 of its body, in hexadecimal digits.
#[derive(Clone)]
struct Signature {
    header: HeaderName,
    prefix: &'static str,
    secret: SecretString,
}

impl Outgoing {
    /// A `POST` of JSON.
    pub fn new(event: impl Into<String>, url: impl Into<String>, body: String) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            event: event.into(),
            method: Method::POST,
            url: url.into(),
            headers: HeaderMap::from_iter([(header::CONTENT_TYPE, json)]),
            body,
            signature: None,
        }
    }

    /// Adds a header, unless its name or value cannot be sent.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds a header with `prefix` and [`hex_hmac`] of the body.
    #[must_use]
    pub fn signed(mut self, header: &str, prefix: &'static str, secret: &SecretString) -> Self {
        self.signature = HeaderName::try_from(header).ok().map(|header| Signature {
            header,
            prefix,
            secret: secret.clone(),
        });
        self
    }

    /// Makes the body say something that no page documents.
    pub(super) fn falsify(&mut self, fault: Option<DeliveryFault>) {
        let is_event = match fault {
            Some(DeliveryFault::UnknownEvent) => true,
            Some(DeliveryFault::UnknownType) => false,
            _ => return,
        };
        let Ok(Value::Object(mut members)) = serde_json::from_str(&self.body) else {
            return;
        };
        if is_event {
            let mut names = ["event", "event_type", "type"].into_iter();
            if let Some(event) = names.find_map(|name| {
                members
                    .get_mut(name)
                    .filter(|it| it.is_string())
                    .map(|_| name)
            }) {
                members.insert(event.to_owned(), "sandbox.unknown".into());
            }
        } else {
            let mut objects = members.values_mut().filter_map(Value::as_object_mut);
            if let Some(object) = objects.find(|it| it.get("type").is_some_and(Value::is_string)) {
                object.insert("type".to_owned(), "sandbox_unknown".into());
                if let Some(content) = object.get_mut("content") {
                    *content = json!({"unknown": true});
                }
            }
        }
        self.body = Value::Object(members).to_string();
    }

    pub(super) fn request(&self, is_badly_signed: bool) -> Result<hyper::Request<Body>, String> {
        let uri: Uri = self
            .url
            .parse()
            .map_err(|_| "this is not a URL".to_owned())?;
        let mut request = hyper::Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        if let Some(Signature {
            header,
            prefix,
            secret,
        }) = &self.signature
        {
            let wrong = SecretString::from("another secret");
            let secret = if is_badly_signed { &wrong } else { secret };
            let value = format!("{prefix}{}", hex_hmac(secret, self.body.as_bytes()));
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            request.headers_mut().insert(header.clone(), value);
        }
        Ok(request)
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Outgoing");
        shown.field("event", &self.event).field("url", &self.url);
        shown.finish_non_exhaustive()
    }
}

/// HMAC-SHA256 of `body`, in hexadecimal digits.
pub fn hex_hmac(secret: &SecretString, body: &[u8]) -> String {
    let bytes = HMAC::mac(body, secret.expose_secret());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
