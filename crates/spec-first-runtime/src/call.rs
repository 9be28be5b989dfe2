//! One call of an operation: its parameters and body, sent or shown.

mod accept;
mod operation;
mod path;
mod requirements;

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use serde::Serialize;

use crate::api::Operation;
use crate::attempt::BoxFuture;
use crate::body::{self, FormStyle, Part, TypedBody};
use crate::client::{Exchange, Exchanged, Streamed};
use crate::content::SPENT;
use crate::credentials::Unauthenticated;
use crate::parameter::{Location, Parameter};
use crate::path_segment::check_path_segment;
use crate::reply::Answer;
use crate::sent::{self, Sent};
use crate::{
    Body, Client, Error, HttpRequest, InvalidInput, Reply, ReplyStream, RetryPolicy, Secret,
    encode_path, headers,
};
use operation::is_expected;

pub(crate) use operation::read;
pub use operation::{OperationCall, converted, read_response};
pub(crate) use requirements::includes;

pub use accept::{Accept, Negotiated};
use path::{expand, expand_query};

/// A call of an operation before it is sent. Generated code fills it in; the first value that cannot be sent is reported when the
/// call is.
#[derive(Clone)]
pub struct Call(Box<Parts>);

/// In a box, because every setter moves the call.
#[derive(Clone)]
struct Parts {
    client: Client,
    operation: &'static Operation,
    /// What was written for each parameter.
    parameters: Vec<(&'static Parameter, String)>,
    /// The secrets in parameters and in the parts of a multipart form.
    secrets: Vec<Secret>,
    body: Option<TypedBody>,
    rare: Option<Box<Rare>>,
}

/// What most calls do without. In a box, because every setter moves the call.
#[derive(Clone, Default)]
struct Rare {
    invalid: Option<InvalidInput>,
    raw_body: Option<TypedBody>,
    /// The media types of a reply that is read in chunks.
    streamed: Option<&'static str>,
    /// The media type of the reply, if the caller chose one.
    accept: Option<&'static str>,
    /// Added to those of the client, and take precedence over them.
    headers: HeaderMap,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
}

impl Call {
    /// Begins a call of an operation.
    pub fn new<C: OperationCall>(client: &Client) -> Self {
        Self(Box::new(Parts {
            client: client.clone(),
            operation: &C::API.operations[C::INDEX],
            parameters: Vec::new(),
            secrets: Vec::new(),
            body: None,
            rare: None,
        }))
    }

    fn rare(&mut self) -> &mut Rare {
        self.0.rare.get_or_insert_default()
    }

    fn raw(&self) -> Option<&TypedBody> {
        self.0.rare.as_ref()?.raw_body.as_ref()
    }

    /// Sets a parameter that is text.
    pub fn text(&mut self, parameter: &'static Parameter, value: &str) {
        if parameter.location != Location::Path || !parameter.is_plain() {
            return self.parameter(parameter, value);
        }
        if parameter.is_secret {
            self.0.secrets.push(value.into());
        }
        match check_path_segment(value) {
            Ok(()) => self.put(parameter, encode_path(value)),
            Err(error) => self.refuse(parameter.name, error),
        }
    }

    /// Sets a parameter.
    pub fn parameter(&mut self, parameter: &'static Parameter, value: impl Serialize) {
        let written = body::to_json(&value).and_then(|value| {
            match parameter.is_secret {
                true => sent::collect_all(&value, &mut self.0.secrets),
                false => sent::collect_from(self.0.client.api(), &value, &mut self.0.secrets),
            }
            parameter.write(value)
        });
        match written {
            Ok(Some(written)) => self.put(parameter, written),
            Ok(None) => self
                .0
                .parameters
                .retain(|(known, _)| !known.is_same(parameter)),
            Err(reason) => self.refuse(parameter.name, reason),
        }
    }

    fn put(&mut self, parameter: &'static Parameter, written: String) {
        match self
            .0
            .parameters
            .iter_mut()
            .find(|(known, _)| known.is_same(parameter))
        {
            Some((_, value)) => *value = written,
            None => self.0.parameters.push((parameter, written)),
        }
    }

    /// Converts the value of `field`, or keeps the reason why it cannot be sent.
    pub fn convert<T, V>(&mut self, field: &'static str, value: V) -> Option<T>
    where
        V: TryInto<T, Error: Display>,
    {
        value
            .try_into()
            .map_err(|error| self.refuse(field, error))
            .ok()
    }

    /// Keeps the reason why the value of `field` cannot be sent, unless another came before.
    #[cold]
    pub fn refuse(&mut self, field: &'static str, reason: impl Display) {
        let invalid = &mut self.rare().invalid;
        invalid.get_or_insert_with(|| InvalidInput::new(field, reason));
    }

    /// Sends `body` as JSON of the media type.
    pub fn json(&mut self, media_type: &'static str, body: &impl Serialize) {
        self.check_limits(body);
        self.set_body(TypedBody::json(media_type, body));
    }

    /// Sends the members of `body` as a form. `styles` names the members that are written in another style.
    pub fn form(&mut self, body: &impl Serialize, styles: &[(&str, FormStyle)]) {
        self.check_limits(body);
        self.set_body(TypedBody::form(body, styles));
    }

    /// Sends `parts` as a multipart form, unless a required part is missing.
    pub fn multipart(
        &mut self,
        media_type: &'static str,
        parts: &[(&'static str, Part)],
        required: &[&'static str],
    ) {
        self.require_parts(parts, required);
        for (name, part) in parts {
            part.collect_secrets(self.0.client.api(), name, &mut self.0.secrets);
        }
        self.set_body(TypedBody::multipart(media_type, parts));
    }

    /// Sends `body` as it is.
    pub fn body(&mut self, media_type: &'static str, body: impl Into<Body>) {
        self.set_body(TypedBody::new(media_type, body));
    }

    /// Sends the bytes of `part` with its media type, which must be in the range that is `described`.
    pub fn part(&mut self, part: Part, described: &'static str) {
        let body = TypedBody::from(part);
        self.require_media_type(&body.media_type, &[described]);
        self.set_body(Ok(body));
    }

    /// Sends `body` in a media type that replaces that of any other body, and must be one of those that are `described`.
    pub fn raw_body(
        &mut self,
        media_type: &'static str,
        body: impl Into<Body>,
        described: &[&'static str],
    ) {
        self.require_media_type(media_type, described);
        self.rare().raw_body = TypedBody::new(media_type, body).ok();
    }

    fn set_body(&mut self, body: Result<TypedBody, String>) {
        match body {
            Ok(body) => self.0.body = Some(body),
            Err(reason) => self.refuse("body", reason),
        }
    }

    /// Adds a header, or replaces that of a parameter or of [`ClientBuilder::header`](crate::ClientBuilder::header).
    pub fn header(&mut self, name: &str, value: &str) {
        match headers::parse_additional(self.0.client.api(), name, value) {
            Ok((name, value)) => _ = self.rare().headers.insert(name, value),
            Err(reason) => self.refuse("header", reason),
        }
    }

    /// Limits the call, including retries and waits; replaces [`RetryPolicy::deadline`].
    pub fn timeout(&mut self, timeout: Duration) {
        self.rare().timeout = Some(timeout);
    }

    /// Replaces the policy of the client for this call.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.rare().retry = Some(policy);
    }

    /// The request that would be sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`].
    pub fn prepare(self) -> Result<HttpRequest, Error> {
        let request = self.build(self.draw_idempotency_key())?;
        let shown = HttpRequest::of(
            &request,
            self.bytes(),
            &self.0.client,
            Some(self.0.operation),
        );
        Ok(shown.with_secrets(self.0.secrets))
    }

    /// Sends the call and reads the response.
    ///
    /// # Errors
    /// Every variant of [`Error`].
    pub async fn send<C: OperationCall>(self) -> Result<Reply<C::Value>, Error> {
        let exchanged = self.exchange().await?;
        read::<C>(
            exchanged.response,
            Some(self.into_sent()),
            exchanged.may_have_been_applied_before,
        )
    }

    /// Sends the call, and returns a response with a status of success as soon as its head has arrived. `media_types` are those that
    /// the caller wants to read.
    ///
    /// # Errors
    /// Every variant of [`Error`], except for those of a success that cannot be read.
    pub async fn send_streaming<C: OperationCall>(
        mut self,
        media_types: &'static str,
    ) -> Result<ReplyStream, Error> {
        self.rare().streamed = Some(media_types);
        let Exchanged {
            response,
            rest,
            may_have_been_applied_before,
        } = self.exchange().await?;
        match is_expected::<C>(response.status) {
            true => Ok(self.0.client.reply_stream(response, rest)),
            false => {
                let sent = self.into_sent();
                let before = may_have_been_applied_before;
                Err(Answer::new(&response, C::API, Some(&sent), before).failure())
            }
        }
    }

    /// Random bits for the idempotency key, which all attempts of a call share.
    fn draw_idempotency_key(&self) -> [u8; 16] {
        match self.0.operation.idempotency_keys {
            [] => [0; 16],
            _ => fastrand::u128(..).to_be_bytes(),
        }
    }

    fn into_sent(self) -> Sent {
        Sent {
            api: self.0.client.api(),
            body: self.bytes(),
            is_secret_body: self.0.operation.has_secret_body,
            others: self.0.secrets,
            credentials: self.0.client.into_credentials(),
        }
    }

    /// Everything but the reading, which is compiled for each operation. In a box, because what is awaited is moved several times.
    pub(crate) fn exchange(&self) -> BoxFuture<'_, Result<Exchanged, Error>> {
        let idempotency_key = self.draw_idempotency_key();
        let rare = self.0.rare.as_deref();
        let exchange = Exchange {
            operation: Some(self.0.operation),
            is_idempotent: self.0.operation.is_idempotent,
            retry: rare.and_then(|rare| rare.retry.as_ref()),
            timeout: rare.and_then(|rare| rare.timeout),
            body: self.content(),
            streamed: match rare.and_then(|rare| rare.streamed) {
                Some(_) => Streamed::Successes,
                None => Streamed::None,
            },
        };
        let build = move || self.build(idempotency_key);
        Box::pin(self.0.client.exchange(exchange, build))
    }

    #[inline(never)]
    fn build(&self, idempotency_key: [u8; 16]) -> Result<reqwest::Request, Error> {
        let rare = self.0.rare.as_deref();
        if let Some(invalid) = rare.and_then(|rare| rare.invalid.as_ref()) {
            return Err(invalid.clone().into());
        }
        let body = self.content();
        if body.is_some_and(Body::is_spent) {
            return Err(Error::invalid_input("body", SPENT));
        }
        // More makes room for twice as many.
        let mut headers = HeaderMap::with_capacity(6);
        let (template, query) = self.0.operation.split_path();
        let mut query = expand_query(query, &self.0.parameters);
        let mut cookies = String::new();
        for (parameter, written) in &self.0.parameters {
            if parameter.location != Location::Path {
                add_parameter(parameter, written, &mut headers, &mut query, &mut cookies)?;
            }
        }
        let mut url = self.0.client.server(self.0.operation)?.clone();
        let base = url.path().trim_end_matches('/');
        let mut path = String::with_capacity(base.len() + template.len() + ROOM_FOR_VALUES);
        path.push_str(base);
        expand(template, &self.0.parameters, &mut path)?;
        url.set_path(&path);
        let chosen = rare.and_then(|rare| rare.streamed.or(rare.accept));
        if let Some(accept) = chosen.or(self.0.operation.accept) {
            headers.insert(ACCEPT, of_media_type(accept.into())?);
        }
        if let Some(TypedBody { media_type, .. }) = self.typed_body() {
            headers.insert(CONTENT_TYPE, of_media_type(media_type.clone())?);
        }
        let mut request = Unauthenticated {
            body: body.map_or(Some(&[]), |body| body.bytes().map(|bytes| &bytes[..])),
            headers: &mut headers,
            query: &mut query,
            cookies: &mut cookies,
        };
        self.0
            .client
            .credentials()
            .apply(self.0.operation, &mut request)?;
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        if !cookies.is_empty() {
            headers.insert(COOKIE, headers::sensitive(&cookies)?);
        }
        for (name, value) in rare.iter().flat_map(|rare| &rare.headers) {
            headers.insert(name, value.clone());
        }
        headers::add_missing(&mut headers, self.0.client.headers());
        for name in self.0.operation.idempotency_keys {
            add_idempotency_key(name, idempotency_key, &mut headers)?;
        }
        let method = Method::from_bytes(self.0.operation.method.as_bytes())
            .map_err(|_| Error::invalid_input("method", "HTTP does not allow it"))?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.and_then(Body::outgoing);
        Ok(request)
    }

    fn typed_body(&self) -> Option<&TypedBody> {
        self.raw().or(self.0.body.as_ref())
    }

    fn content(&self) -> Option<&Body> {
        self.typed_body().map(|body| &body.content)
    }

    /// The body, unless it is a stream.
    fn bytes(&self) -> Bytes {
        let bytes = self.content().and_then(Body::bytes);
        bytes.cloned().unwrap_or_default()
    }
}

/// Shows no part of the request, because any of them may contain a secret.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("operation", &self.0.operation)
            .finish_non_exhaustive()
    }
}

/// Bytes by which the values of a path are usually longer than their names.
const ROOM_FOR_VALUES: usize = 32;

/// A UUID of version 4 (RFC 9562) with these random bits, because some APIs take nothing else.
fn uuid(bits: [u8; 16]) -> String {
    let bits = u128::from_be_bytes(bits) & !(0xf << 76 | 0b11 << 62) | 4 << 76 | 0b10 << 62;
    let digits = format!("{bits:032x}");
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[inline(never)]
fn add_parameter(
    parameter: &Parameter,
    written: &str,
    headers: &mut HeaderMap,
    query: &mut String,
    cookies: &mut String,
) -> Result<(), Error> {
    let (list, separator) = match parameter.location {
        Location::Path => return Ok(()),
        Location::Query | Location::Querystring => (query, "&"),
        Location::Cookie => (cookies, "; "),
        // There is one header for all cookies.
        Location::Header if parameter.name.eq_ignore_ascii_case("cookie") => (cookies, "; "),
        Location::Header => {
            let (name, mut value) = header(parameter.name, written)?;
            value.set_sensitive(parameter.is_secret);
            headers.insert(name, value);
            return Ok(());
        }
    };
    if !list.is_empty() {
        list.push_str(separator);
    }
    list.push_str(written);
    Ok(())
}

/// Adds an idempotency key, unless the caller set one.
#[inline(never)]
fn add_idempotency_key(
    name: &'static str,
    key: [u8; 16],
    headers: &mut HeaderMap,
) -> Result<(), Error> {
    if !headers.contains_key(name) {
        let (name, key) = header(name, &uuid(key))?;
        headers.insert(name, key);
    }
    Ok(())
}

fn of_media_type(media_type: Cow<'static, str>) -> Result<HeaderValue, Error> {
    let value = match media_type {
        Cow::Borrowed("application/json") => {
            return Ok(const { HeaderValue::from_static("application/json") });
        }
        Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
        Cow::Owned(text) => HeaderValue::try_from(text),
    };
    value.map_err(|_| Error::invalid_input("media type", "no header can carry it"))
}

fn header(name: &'static str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let invalid =
        |_| Error::invalid_input(name, "it has characters in it that no header can carry");
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::invalid_input(name, "HTTP does not allow this name of a header"))?;
    Ok((parsed, HeaderValue::from_str(value).map_err(invalid)?))
}

#[cfg(test)]
mod tests;
