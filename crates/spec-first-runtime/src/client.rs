//! The client: where requests go, who sends them, and how.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tracing::Instrument;

use crate::api::{Api, Operation};
use crate::transport::{Earlier, Ending, Transport};
use crate::{Call, Credentials, UntypedRequest, telemetry};

pub use builder::ClientBuilder;

/// What a generated client sends its requests with. Cloning it is cheap and shares its connections.
///
/// ```no_run
/// # use spec_first_runtime::{Api, Client, Credentials, Error};
/// # async fn read(api: &'static Api) -> Result<(), Error> {
/// let client = Client::builder(api, Credentials::api_key("API_KEY")).build()?;
/// let response = client.request("GET", "/items/1").send().await?;
/// println!("{}: {}", response.status(), String::from_utf8_lossy(response.body()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    credentials: Arc<Credentials>,
}

/// What clients with other credentials share.
struct Shared {
    api: &'static Api,
    base_url: String,
    transport: Transport,
    http: reqwest::Client,
    /// Added to every request that does not have them.
    headers: HeaderMap,
}

impl Client {
    /// Configures a client of `api` that uses `credentials`.
    pub fn builder(api: &'static Api, credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(api, credentials)
    }

    /// A client of the same server that uses `credentials`, and shares everything else with this one: connections, trusted
    /// certificates, timeouts, and the budget of retries.
    ///
    /// It costs no handshake and loads no certificates. Credentials that cannot be sent are reported by the first request, as
    /// [`Error::InvalidInput`](crate::Error::InvalidInput), or earlier by [`Credentials::check`].
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            credentials: Arc::new(credentials),
        }
    }

    /// The URL to which the paths of the document are appended, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The API that the client is for.
    pub fn api(&self) -> &'static Api {
        self.shared.api
    }

    /// The underlying HTTP client. It adds neither credentials nor limits; [`Exchange::send`](crate::Exchange::send) does.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Begins a call of an operation, for generated code.
    pub fn call(&self) -> Call {
        Call::new(self)
    }

    /// Begins a request with any method and path, for what the document does not describe; with the same credentials, retries
    /// and limits. `path` is appended to the base URL: it begins with `/`, is percent-encoded, and may have a query.
    pub fn request(&self, method: &str, path: &str) -> UntypedRequest<'_> {
        UntypedRequest::new(self, method, path)
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    /// What every request has besides the credentials.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }

    /// Sends `request` within a span. Without an operation in the document, HTTP says whether the method is idempotent.
    pub(crate) async fn send(
        &self,
        operation: Option<&Operation>,
        request: reqwest::Request,
        timeout: Option<Duration>,
    ) -> (Ending, Earlier) {
        let is_idempotent = match operation {
            Some(operation) => operation.is_idempotent,
            None => request.method().is_idempotent(),
        };
        let span = telemetry::span(self.api().package, operation, request.url());
        let sending = self
            .transport()
            .send(self.http(), request, is_idempotent, timeout);
        let (ending, earlier) = sending.instrument(span.clone()).await;
        telemetry::record(&span, &ending, earlier.attempts);
        (ending, earlier)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared {
            api,
            base_url,
            transport,
            http,
            headers,
        } = &*self.shared;
        formatter
            .debug_struct("Client")
            .field("api", api)
            .field("base_url", base_url)
            .field("credentials", &self.credentials)
            .field("transport", transport)
            .field("http", http)
            .field("headers", headers)
            .finish()
    }
}
