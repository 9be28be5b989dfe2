//! A request as it would be sent, for a person or a test to inspect. Does not send.

use std::fmt;

use bytes::Bytes;
use http::header::{HeaderMap, USER_AGENT};

use crate::api::{Api, Operation};
use crate::sent::collect_secrets;
use crate::{Client, Secret};

/// A request that is ready and was not sent; `Debug` shows the method, the names of the headers and the length of the body.
///
/// It does not contain what HTTP derives from it: `host`, `content-length`.
#[derive(Clone)]
pub struct HttpRequest {
    method: String,
    url: String,
    headers: HeaderMap,
    body: Bytes,
    api: &'static Api,
    /// Whether all of the body is secret.
    is_secret_body: bool,
    /// The secrets in parameters and in the parts of a multipart form.
    secrets: Vec<Secret>,
}

impl HttpRequest {
    pub(crate) fn of(
        request: &reqwest::Request,
        body: Bytes,
        client: &Client,
        operation: Option<&Operation>,
    ) -> Self {
        let mut headers = request.headers().clone();
        let user_agent = headers.entry(USER_AGENT);
        user_agent.or_insert_with(|| client.user_agent().clone());
        Self {
            method: request.method().to_string(),
            url: Secret::redact_all(&client.credentials().secrets(), request.url().as_str()),
            headers,
            body,
            api: client.api(),
            is_secret_body: operation.is_some_and(|operation| operation.has_secret_body),
            secrets: Vec::new(),
        }
    }

    /// Notes more secrets than those of the client, and hides them in the URL.
    pub(crate) fn with_secrets(mut self, secrets: Vec<Secret>) -> Self {
        self.url = Secret::redact_all(&secrets, &self.url);
        self.secrets = secrets;
        self
    }

    /// The method, in upper case.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The whole URL. An API key that the document puts in the query, and the value of a secret parameter, are replaced by
    /// `[redacted]`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, names in lower case; `None` hides the value of a credential, of a secret parameter, or of a header that the
    /// caller added to a call or with [`ClientBuilder::header`](crate::ClientBuilder::header).
    pub fn headers(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.headers.iter().map(|(name, value)| {
            let shown = (!value.is_sensitive()).then(|| value.as_bytes());
            (name.as_str(), shown)
        })
    }

    /// The secrets in the parameters, and in the body if it is JSON or a form: values that the document marks as secret.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.secrets.clone();
        collect_secrets(self.api, &self.body, self.is_secret_body, &mut secrets);
        secrets
    }

    /// The exact body; empty if there is none, or if it is a stream that has not been sent. **It contains secrets in clear text**, see [`secrets`](Self::secrets).
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers().map(|(name, _)| name).collect();
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
