//! One call of an operation: its parameters and body, sent or shown.

use std::fmt::{self, Display};
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use serde::Serialize;

use crate::api::{Api, Operation};
use crate::body::{self, Body, FormStyle, Part};
use crate::client::Exchange;
use crate::credentials::Unauthenticated;
use crate::parameter::{Location, Parameter};
use crate::path_segment::check_path_segment;
use crate::reply::{Answer, Read};
use crate::sent::{self, Sent};
use crate::{
    Client, Error, HttpRequest, HttpResponse, InvalidInput, Reply, RetryPolicy, Secret,
    encode_path, headers,
};

/// A call of an operation before it is sent. Generated code fills it in; the first value that cannot be sent is reported when the
/// call is.
#[derive(Clone)]
pub struct Call {
    client: Client,
    operation: &'static Operation,
    invalid: Option<InvalidInput>,
    /// What was written for each parameter.
    parameters: Vec<(&'static Parameter, String)>,
    /// The secrets in parameters and in the parts of a multipart form.
    secrets: Vec<Secret>,
    body: Option<Body>,
    raw_body: Option<Body>,
    /// Added to those of the client, and take precedence over them.
    headers: HeaderMap,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
}

/// A call that generated code defines: what it returns, and how that is read.
pub trait OperationCall: Sized {
    /// What a success returns.
    type Value;

    /// The place of the operation in the list of its API.
    const INDEX: usize;

    /// Whether a redirection is a success, because the document describes no other.
    const REDIRECTS: bool = false;

    /// The API that the operation belongs to.
    fn api() -> &'static Api;

    /// The call with everything that was set.
    fn into_call(self) -> Call;

    /// Reads a response with a status of success.
    ///
    /// # Errors
    /// [`Error::Api`] if it reports a failure nevertheless, [`Error::UnreadableReply`] if it cannot be read.
    fn read(answer: &Answer<'_>) -> Result<Read<Self::Value>, Error>;
}

/// The response, and whether an attempt without this response may have been applied.
pub(crate) type Exchanged<'a> =
    Pin<Box<dyn Future<Output = Result<(HttpResponse, bool), Error>> + Send + 'a>>;

impl Call {
    /// Begins a call of an operation.
    pub fn new<C: OperationCall>(client: &Client) -> Self {
        Self {
            client: client.clone(),
            operation: &C::api().operations[C::INDEX],
            invalid: None,
            parameters: Vec::new(),
            secrets: Vec::new(),
            body: None,
            raw_body: None,
            headers: HeaderMap::new(),
            timeout: None,
            retry: None,
        }
    }

    /// Sets a parameter that is text.
    pub fn text(&mut self, parameter: &'static Parameter, value: &str) {
        if parameter.location != Location::Path || !parameter.is_plain() {
            return self.parameter(parameter, value);
        }
        if parameter.is_secret {
            self.secrets.push(value.into());
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
                true => sent::collect_all(&value, &mut self.secrets),
                false => sent::collect_from(self.client.api(), &value, &mut self.secrets),
            }
            parameter.write(value)
        });
        match written {
            Ok(Some(written)) => self.put(parameter, written),
            Ok(None) => self.parameters.retain(|(known, _)| *known != parameter),
            Err(reason) => self.refuse(parameter.name, reason),
        }
    }

    fn put(&mut self, parameter: &'static Parameter, written: String) {
        match self
            .parameters
            .iter_mut()
            .find(|(known, _)| *known == parameter)
        {
            Some((_, value)) => *value = written,
            None => self.parameters.push((parameter, written)),
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
    pub fn refuse(&mut self, field: &'static str, reason: impl Display) {
        self.invalid
            .get_or_insert_with(|| InvalidInput::new(field, reason));
    }

    /// Sends `body` as JSON of the media type.
    pub fn json(&mut self, media_type: &'static str, body: &impl Serialize) {
        self.set_body(Body::json(media_type, body));
    }

    /// Sends the members of `body` as a form. `styles` names the members that are written in another style.
    pub fn form(&mut self, body: &impl Serialize, styles: &[(&str, FormStyle)]) {
        self.set_body(Body::form(body, styles));
    }

    /// Sends `parts` as a multipart form.
    pub fn multipart(&mut self, media_type: &'static str, parts: &[(&'static str, Part)]) {
        for (name, part) in parts {
            part.collect_secrets(self.client.api(), name, &mut self.secrets);
        }
        self.set_body(Body::multipart(media_type, parts));
    }

    /// Sends `body` as it is.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<Bytes>) {
        self.set_body(Body::new(media_type, body.into()));
    }

    /// Sends the bytes of `part` with its media type.
    pub fn part(&mut self, part: Part) {
        self.set_body(Ok(part.into()));
    }

    /// Sends `body` in a media type that replaces that of any other body.
    pub fn raw_body(&mut self, media_type: &'static str, body: Vec<u8>) {
        self.raw_body = Some(Body {
            media_type: media_type.into(),
            bytes: body.into(),
        });
    }

    fn set_body(&mut self, body: Result<Body, String>) {
        match body {
            Ok(body) => self.body = Some(body),
            Err(reason) => self.refuse("body", reason),
        }
    }

    /// Adds a header, or replaces one of [`ClientBuilder::header`](crate::ClientBuilder::header).
    pub fn header(&mut self, name: &str, value: &str) {
        match headers::parse_additional(self.client.api(), name, value) {
            Ok((name, value)) => _ = self.headers.insert(name, value),
            Err(reason) => self.refuse("header", reason),
        }
    }

    /// Limits the call, including retries and waits; replaces [`RetryPolicy::deadline`].
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Replaces the policy of the client for this call.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }

    /// The request that would be sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`].
    pub fn prepare(self) -> Result<HttpRequest, Error> {
        let request = self.build(fastrand::u64(..))?;
        let shown = HttpRequest::of(&request, self.body(), &self.client);
        Ok(shown.with_secrets(self.secrets))
    }

    /// Sends the call and reads the response.
    ///
    /// # Errors
    /// Every variant of [`Error`].
    pub async fn send<C: OperationCall>(self) -> Result<Reply<C::Value>, Error> {
        let (response, may_have_been_applied_before) = self.exchange().await?;
        let sent = Sent {
            api: self.client.api(),
            credentials: self.client.shared_credentials(),
            body: self.body(),
            others: self.secrets,
        };
        read::<C>(response, Some(sent), may_have_been_applied_before)
    }

    /// Everything but the reading, which is compiled for each operation. In a box, because what is awaited is moved several times.
    pub(crate) fn exchange(&self) -> Exchanged<'_> {
        let idempotency_key = fastrand::u64(..);
        let exchange = Exchange {
            operation: Some(self.operation),
            is_idempotent: self.operation.is_idempotent,
            retry: self.retry.as_ref(),
            timeout: self.timeout,
        };
        let build = move || self.build(idempotency_key);
        Box::pin(self.client.exchange(exchange, build))
    }

    /// Attempts of the same call have the same key.
    fn build(&self, idempotency_key: u64) -> Result<reqwest::Request, Error> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone().into());
        }
        let mut headers = HeaderMap::with_capacity(8);
        // A path may be written with a query, and with a fragment, which is not sent.
        let template = self.operation.path.split('#').next().unwrap_or_default();
        let (template, query) = template.split_once('?').unwrap_or((template, ""));
        let mut query = query.to_owned();
        let mut cookies = String::new();
        for (parameter, written) in &self.parameters {
            let (list, separator) = match parameter.location {
                Location::Path => continue,
                Location::Query => (&mut query, "&"),
                Location::Cookie => (&mut cookies, "; "),
                Location::Header => {
                    let (name, mut value) = header(parameter.name, written)?;
                    value.set_sensitive(parameter.is_secret);
                    headers.insert(name, value);
                    continue;
                }
            };
            if !list.is_empty() {
                list.push_str(separator);
            }
            list.push_str(written);
        }
        let mut url = self.client.server(self.operation)?.clone();
        let base = url.path().trim_end_matches('/');
        let mut path = String::with_capacity(base.len() + template.len() + ROOM_FOR_VALUES);
        path.push_str(base);
        expand(template, &self.parameters, &mut path)?;
        url.set_path(&path);
        if let Some(accept) = self.operation.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        if let Some(Body { media_type, .. }) = self.raw_body.as_ref().or(self.body.as_ref()) {
            let value = HeaderValue::try_from(media_type.as_ref())
                .map_err(|_| Error::invalid_input("media type", "no header can carry it"))?;
            headers.insert(CONTENT_TYPE, value);
        }
        let body = self.body();
        for name in self.operation.idempotency_keys {
            let name = HeaderName::from_static(name);
            let key = || HeaderValue::from(idempotency_key);
            headers.entry(name).or_insert_with(key);
        }
        let mut request = Unauthenticated {
            body: &body,
            headers: &mut headers,
            query: &mut query,
            cookies: &mut cookies,
        };
        self.client
            .credentials()
            .apply(self.operation, &mut request)?;
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        if !cookies.is_empty() {
            headers.insert(COOKIE, headers::sensitive(&cookies)?);
        }
        headers::add_missing(&mut headers, &self.headers);
        headers::add_missing(&mut headers, self.client.headers());
        let method = Method::from_bytes(self.operation.method.as_bytes())
            .map_err(|_| Error::invalid_input("method", "HTTP does not allow it"))?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }

    fn body(&self) -> Bytes {
        let body = self.raw_body.as_ref().or(self.body.as_ref());
        body.map(|body| body.bytes.clone()).unwrap_or_default()
    }
}

/// Shows no part of the request, because any of them may contain a secret.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// Reads a response as the client does.
pub(crate) fn read<C: OperationCall>(
    response: HttpResponse,
    sent: Option<Sent>,
    may_have_been_applied_before: bool,
) -> Result<Reply<C::Value>, Error> {
    let answer = Answer::new(
        &response,
        C::api(),
        sent.as_ref(),
        may_have_been_applied_before,
    );
    let is_expected = match response.status {
        300..=399 => C::REDIRECTS,
        _ => response.is_success(),
    };
    if !is_expected {
        return Err(answer.failure());
    }
    if response.is_cut_off {
        return Err(Error::TooLong {
            limit: response.body.len(),
            response: Box::new(response),
        });
    }
    let Read { value, shape } = C::read(&answer)?;
    Ok(Reply::new(value, shape, response, sent))
}

/// Bytes by which the values of a path are usually longer than their names.
const ROOM_FOR_VALUES: usize = 32;

/// Puts the values of the path parameters into `template`.
fn expand(
    template: &str,
    parameters: &[(&'static Parameter, String)],
    path: &mut String,
) -> Result<(), Error> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = parameters
            .iter()
            .find(|(parameter, _)| parameter.location == Location::Path && parameter.name == name);
        let Some((_, value)) = value else {
            return Err(Error::invalid_input("path", format!("`{name}` is not set")));
        };
        path.push_str(before);
        path.push_str(value);
        rest = after;
    }
    path.push_str(rest);
    Ok(())
}

fn header(name: &'static str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let invalid =
        |_| Error::invalid_input(name, "it has characters in it that no header can carry");
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::invalid_input(name, "HTTP does not allow this name of a header"))?;
    Ok((parsed, HeaderValue::from_str(value).map_err(invalid)?))
}

/// Defines what every call has besides its own setters. Generated code calls it once for each operation.
#[macro_export]
macro_rules! operation_call {
    ($name:ident -> $value:ty) => {
        impl $name {
            /// Adds a header to this request, such as `traceparent`, or replaces one of the client's.
            ///
            /// Headers that carry credentials, that the client sets, or that HTTP derives from the request are refused.
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.call.header(name, value);
                self
            }

            /// Limits this call, including retries and waits; replaces the deadline of the retry policy.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// Replaces the retry policy of the client for this call.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.call.retry(policy);
                self
            }

            /// The request that [`send`](Self::send) would send, for inspection. Nothing is sent.
            ///
            /// # Errors
            /// [`Error::InvalidInput`]($crate::Error::InvalidInput).
            pub fn prepare(self) -> ::std::result::Result<$crate::HttpRequest, $crate::Error> {
                $crate::OperationCall::into_call(self).prepare()
            }

            /// Sends the request and reads the response.
            ///
            /// # Errors
            /// [`Error::InvalidInput`]($crate::Error::InvalidInput) before anything is sent; every other variant of
            /// [`Error`]($crate::Error) afterwards.
            pub async fn send(self) -> ::std::result::Result<$crate::Reply<$value>, $crate::Error> {
                $crate::OperationCall::into_call(self).send::<Self>().await
            }

            /// Reads `response` as [`send`](Self::send) does, for tests that replace the API.
            ///
            /// # Errors
            /// Those of [`send`](Self::send) after the response arrived.
            pub fn read(
                response: $crate::HttpResponse,
            ) -> ::std::result::Result<$crate::Reply<$value>, $crate::Error> {
                $crate::read_response::<Self>(response)
            }
        }

        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$crate::Reply<$value>, $crate::Error>;
            type IntoFuture = ::std::pin::Pin<
                ::std::boxed::Box<
                    dyn ::std::future::Future<Output = Self::Output> + ::std::marker::Send,
                >,
            >;

            /// [`send`](Self::send).
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

/// Reads a response that did not come from a server.
#[doc(hidden)]
pub fn read_response<C: OperationCall>(response: HttpResponse) -> Result<Reply<C::Value>, Error> {
    read::<C>(response, None, false)
}

/// Converts a value for `field` of a builder.
///
/// ```
/// let year: Result<u8, String> = spec_first_runtime::converted("year", 2026);
/// assert_eq!(year.unwrap_err(), "`year` cannot be used: out of range integral type conversion attempted");
/// ```
///
/// # Errors
/// Why the value cannot be used, with the name of the field.
pub fn converted<T, V>(field: &str, value: V) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value
        .try_into()
        .map_err(|error| format!("`{field}` cannot be used: {error}"))
}

#[cfg(test)]
mod tests;
