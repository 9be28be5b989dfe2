//! A response as it was received: status, headers and body.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, retry};

/// A response of the server; its body is cut off after the limit of the client, by default 1 MiB.
///
/// `Debug` shows only the status, the number of headers and the length of the body, because a server may echo a secret elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    pub(crate) status: u16,
    /// In a box, because a response is moved several times.
    pub(crate) headers: Box<HeaderMap>,
    pub(crate) body: Bytes,
    pub(crate) is_cut_off: bool,
}

impl HttpResponse {
    /// A response without headers, for tests that replace the API; the `read` of each call reads it. [`with_header`](Self::with_header)
    /// adds headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Box::default(),
            body: Bytes::from(body.into()),
            is_cut_off: false,
        }
    }

    /// Adds a header, such as `Retry-After` or `Location`, for tests that replace the API.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use spec_first_runtime::HttpResponse;
    ///
    /// let response = HttpResponse::new(429, "").with_header("Retry-After", "7")?;
    /// assert_eq!(response.retry_after(SystemTime::now()), Some(Duration::from_secs(7)));
    /// # Ok::<(), spec_first_runtime::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if HTTP does not allow the name or the value.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let invalid = |reason| Error::invalid_input("header", reason);
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| invalid("its name is not a valid header name"))?;
        let value = HeaderValue::from_str(value)
            .map_err(|_| invalid("it has a character in its value that no header can carry"))?;
        self.headers.append(name, value);
        Ok(self)
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first value of the header `name`, whose case does not matter; `None` if it is absent.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.get(name).map(http::HeaderValue::as_bytes)
    }

    /// How long the server asks to wait before another request: `Retry-After`, in either form, relative to `now`. `None` if it is
    /// absent or invalid.
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry::parse_retry_after(self.header("retry-after")?, now)
    }

    /// The headers, names in lower case, in no particular order; repeated headers are listed repeatedly.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The body, decompressed, up to the limit of the client. It may echo what was sent, secrets included.
    ///
    /// gzip and deflate are decoded, and `content-encoding` and `content-length` are removed. Any other encoding is left as it is.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body was cut off.
    pub fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }
}

/// For [`ClientBuilder::answer_with`](crate::ClientBuilder::answer_with), whose closure may also fail.
impl From<HttpResponse> for Result<HttpResponse, Error> {
    fn from(response: HttpResponse) -> Self {
        Ok(response)
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
