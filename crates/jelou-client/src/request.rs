//! A request as it would be sent: to be looked at, by a person or a test. Does not send.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderMap;

use crate::Secret;
use crate::exchange::collect_secrets;

/// How the client names itself, in every request.
pub(crate) const USER_AGENT_TEXT: &str = concat!("jelou-client/", env!("CARGO_PKG_VERSION"));

/// A request that is ready and was not sent; `Debug` shows the method, the names of the headers and the length of the body.
///
/// What HTTP derives from it is not in it: `host`, `content-length`.
#[derive(Clone)]
pub struct HttpRequest {
    method: String,
    url: String,
    headers: HeaderMap,
    body: Bytes,
}

impl HttpRequest {
    pub(crate) fn of(request: &reqwest::Request) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        Self {
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers: request.headers().clone(),
            body: Bytes::copy_from_slice(body.unwrap_or_default()),
        }
    }

    /// The method, in upper case.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The whole URL. There is no credential in it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, names in lower case; `None` hides the value of a credential, or of a header added with
    /// [`ClientBuilder::header`](crate::ClientBuilder::header) or [`UpdateIntegration::header`](crate::UpdateIntegration::header).
    pub fn headers(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.headers.iter().map(|(name, value)| {
            let shown = (!value.is_sensitive()).then(|| value.as_bytes());
            (name.as_str(), shown)
        })
    }

    /// The secrets in the body, if it is JSON: values under a name that the document calls secret, such as
    /// `authorization`.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        if let Ok(body) = serde_json::from_slice(&self.body) {
            collect_secrets(&body, &mut secrets);
        }
        secrets
    }

    /// The exact body; empty if there is none. **It contains secrets in clear text**, see [`secrets`](Self::secrets).
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
