//! The client: where requests go, who sends them, and how.

mod builder;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use tokio::time::Instant;
use tracing::Instrument;

use crate::api::{Api, Operation};
use crate::attempt::{self, Answerer, Attempt, Observer, Renewal, Sender};
use crate::transport::{Earlier, Ending, Transport};
use crate::{
    Credentials, Error, HttpRequest, HttpResponse, RetryPolicy, UntypedRequest, telemetry,
};
use url::Url;

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
    /// The same, parsed.
    base: Url,
    /// Whether it is not one of the document, so that it replaces the servers of operations too.
    is_own_base: bool,
    transport: Transport,
    http: reqwest::Client,
    response_limit: usize,
    /// Answers instead of the server.
    answerer: Option<Answerer>,
    /// Sees every attempt.
    observer: Option<Observer>,
    /// Renews the credentials after a 401.
    renewal: Option<Renewal>,
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

    /// The underlying HTTP client. It adds neither credentials nor limits.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Begins a request with any method and path, for what the document does not describe; with the same credentials, retries
    /// and limits. `path` is appended to the base URL: it begins with `/`, is percent-encoded, and may have a query.
    pub fn request(&self, method: &str, path: &str) -> UntypedRequest<'_> {
        UntypedRequest::new(self, method, path)
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn shared_credentials(&self) -> Arc<Credentials> {
        Arc::clone(&self.credentials)
    }

    /// The URL of `path`, which is encoded, below the server of `operation`.
    pub(crate) fn url(&self, operation: &Operation, path: &str) -> Result<Url, Error> {
        let server = operation.server.filter(|_| !self.shared.is_own_base);
        let mut url = match server {
            Some(server) => Url::parse(server).map_err(|error| {
                Error::invalid_input("server", format!("it is not a URL: {error}"))
            })?,
            None => self.shared.base.clone(),
        };
        let base = url.path().trim_end_matches('/');
        let path = format!("{base}{path}");
        url.set_path(&path);
        Ok(url)
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    /// What every request has besides the credentials.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }

    /// Sends the request that `build` makes with its body; after a 401, renews the credentials and sends it once more. Returns the
    /// response, the body that was sent, and whether an attempt without this response may have been applied.
    pub(crate) async fn exchange(
        &self,
        operation: Option<&Operation>,
        retry: Option<&RetryPolicy>,
        timeout: Option<Duration>,
        build: impl Fn() -> Result<(reqwest::Request, Bytes), Error>,
    ) -> Result<(HttpResponse, Bytes, bool), Error> {
        let (request, mut body) = build()?;
        self.transport().check_runtime()?;
        let renewal = self.shared.renewal.as_ref();
        let renewal = renewal.map(|Renewal(renew)| (renew, Instant::now()));
        let (mut ending, earlier) = self.send(operation, request, retry, timeout).await;
        let mut may_have_been_applied = earlier.may_have_been_applied;
        if let Some((renew, started)) = renewal
            && ending.status() == Some(401)
            && renew().await
        {
            let deadline = timeout.unwrap_or_else(|| self.transport().deadline(retry));
            let remaining = deadline.saturating_sub(started.elapsed());
            let (again, same) = build()?;
            body = same;
            let (ending_again, earlier) = self.send(operation, again, retry, Some(remaining)).await;
            ending = ending_again;
            may_have_been_applied |= earlier.may_have_been_applied;
        }
        match ending {
            Ending::Answered(response) => Ok((response, body, may_have_been_applied)),
            Ending::BrokenOff { status, error } => Err(Error::broken_off(status, error)),
            Ending::Failed(error) => Err(Error::transport(error, may_have_been_applied)),
        }
    }

    /// Sends `request` within a span. Without an operation in the document, HTTP says whether the method is idempotent.
    async fn send(
        &self,
        operation: Option<&Operation>,
        request: reqwest::Request,
        retry: Option<&RetryPolicy>,
        timeout: Option<Duration>,
    ) -> (Ending, Earlier) {
        let is_idempotent = match operation {
            Some(operation) => operation.is_idempotent,
            None => request.method().is_idempotent(),
        };
        let span = telemetry::span(self.api().package, operation, request.url());
        let shared = &*self.shared;
        let answer = shared.answerer.as_ref().map(|Answerer(answer)| {
            |request: &reqwest::Request| {
                answer(&HttpRequest::of(request, attempt::body_of(request), self))
            }
        });
        let number = AtomicU32::new(0);
        let observe = shared.observer.as_ref().map(|Observer(observe)| {
            |status, duration| {
                observe(&Attempt {
                    operation_id: operation.map(|operation| operation.operation_id),
                    number: number.fetch_add(1, Ordering::Relaxed) + 1,
                    status,
                    duration,
                });
            }
        });
        let sender = Sender {
            http: self.http(),
            response_limit: shared.response_limit,
            answer: answer.as_ref().map(|answer| answer as _),
            observe: observe.as_ref().map(|observe| observe as _),
        };
        let sending = shared
            .transport
            .send(&sender, request, is_idempotent, retry, timeout);
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
            ..
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

/// Defines the type `Client` of a generated client. Generated code calls it once.
#[macro_export]
macro_rules! client {
    ($(#[$attribute:meta])* $name:ident for $api:path) => {
        $(#[$attribute])*
        ///
        /// Cloning it is cheap and shares its connections.
        #[derive(Clone, Debug)]
        pub struct $name($crate::Client);

        impl ::std::convert::From<$crate::Client> for $name {
            fn from(client: $crate::Client) -> Self {
                Self(client)
            }
        }

        impl $name {
            /// Configures a client that uses `credentials`; see [`ClientBuilder`]($crate::ClientBuilder) for the defaults.
            pub fn builder(credentials: $crate::Credentials) -> $crate::ClientBuilder<Self> {
                $crate::ClientBuilder::new(&$api, credentials)
            }

            /// The default base URL: the first server of the document, if it names one.
            pub fn default_base_url() -> ::std::option::Option<&'static str> {
                $api.default_base_url()
            }

            /// A client of the same server that uses `credentials`, and shares everything else with this one: connections, trusted
            /// certificates, timeouts, and the budget of retries.
            ///
            /// It costs no handshake and loads no certificates. Credentials that cannot be sent are reported by the first request,
            /// as [`Error::InvalidInput`]($crate::Error::InvalidInput), or earlier by
            /// [`Credentials::check`]($crate::Credentials::check).
            #[must_use]
            pub fn with_credentials(&self, credentials: $crate::Credentials) -> Self {
                Self(self.0.with_credentials(credentials))
            }

            /// The URL to which the paths of the document are appended, without a slash at its end.
            pub fn base_url(&self) -> &str {
                self.0.base_url()
            }

            /// Begins a request with any method and path, for what the document does not describe; with the same credentials,
            /// retries and limits. `path` is appended to the base URL: it begins with `/`, is percent-encoded, and may have a
            /// query.
            pub fn request(&self, method: &str, path: &str) -> $crate::UntypedRequest<'_> {
                self.0.request(method, path)
            }
        }
    };
}
