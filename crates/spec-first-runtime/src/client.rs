//! The client: where requests go, who sends them, and how.

mod builder;
mod http;

use std::collections::HashMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderMap, HeaderValue};
use tokio::time::Instant;
use tracing::Instrument;

use crate::api::{Api, Operation};
use crate::attempt::{Hooks, Sender};
use crate::base_url::BaseUrl;
use crate::transport::{Earlier, Ending, Transport};
use crate::{
    Body, Credentials, Error, HttpResponse, ReplyStream, RetryPolicy, UntypedRequest, telemetry,
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
    /// The servers of operations, or why one cannot be used.
    servers: HashMap<&'static str, Result<BaseUrl, String>>,
    transport: Transport,
    http: reqwest::Client,
    response_limit: usize,
    hooks: Hooks,
    /// Added to every request that does not have them.
    headers: HeaderMap,
    /// Added by the HTTP client, unless `headers` have it.
    user_agent: HeaderValue,
}

/// How a request is sent, whatever is in it.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    /// The operation, if the document describes one.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) is_idempotent: bool,
    /// Replaces the policy of the client.
    pub(crate) retry: Option<&'a RetryPolicy>,
    /// Replaces the deadline of the policy.
    pub(crate) timeout: Option<Duration>,
    /// What is sent.
    pub(crate) body: Option<&'a Body>,
    /// Which response bodies are streamed.
    pub(crate) streamed: Streamed,
}

/// Which response bodies are streamed to the caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Streamed {
    None,
    Successes,
    All,
}

/// The response to a request.
pub(crate) struct Exchanged {
    pub(crate) response: HttpResponse,
    /// What has not been read of it.
    pub(crate) rest: Option<Box<reqwest::Response>>,
    /// Whether an attempt without this response may have been applied.
    pub(crate) may_have_been_applied_before: bool,
}

impl Exchange<'_> {
    pub(crate) fn operation_id(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.operation_id)
    }

    /// The body, if it is a stream.
    pub(crate) fn stream(&self) -> Option<&Body> {
        self.body.filter(|body| body.bytes().is_none())
    }

    /// Whether the request cannot be made again, because its body was a stream.
    pub(crate) fn is_spent(&self) -> bool {
        self.body.is_some_and(Body::is_spent)
    }
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
    /// and limits. `path` is appended to the base URL, or to the server of the operation if the document describes one there that has
    /// its own: it begins with `/`, is percent-encoded, and may have a query.
    pub fn request(&self, method: &str, path: &str) -> UntypedRequest<'_> {
        UntypedRequest::new(self, method, path)
    }

    pub(crate) fn reply_stream(
        &self,
        response: HttpResponse,
        rest: Option<Box<reqwest::Response>>,
    ) -> ReplyStream {
        let shared = &*self.shared;
        let timeout = shared.transport.request_timeout();
        ReplyStream::new(response, rest, timeout, shared.response_limit)
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn into_credentials(self) -> Arc<Credentials> {
        self.credentials
    }

    /// The URL of the server of `operation`.
    pub(crate) fn server(&self, operation: &Operation) -> Result<&Url, Error> {
        match operation.server.filter(|_| !self.shared.is_own_base) {
            None => Ok(&self.shared.base),
            Some(server) => match self.shared.servers.get(server) {
                Some(Ok(server)) => Ok(&server.url),
                Some(Err(reason)) => Err(Error::invalid_input("server", reason.clone())),
                None => Err(Error::invalid_input("server", "it is not a URL")),
            },
        }
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    /// What every request has besides the credentials and `User-Agent`.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.shared.user_agent
    }

    /// Sends the request that `build` makes, each time anew; after a 401, renews the credentials and sends it once more.
    #[expect(
        clippy::manual_async_fn,
        reason = "it would have room for each argument twice"
    )]
    pub(crate) fn exchange(
        &self,
        mut exchange: Exchange<'_>,
        build: impl Fn() -> Result<reqwest::Request, Error>,
    ) -> impl Future<Output = Result<Exchanged, Error>> {
        async move {
            let connects = self.shared.hooks.answerer.is_none();
            self.transport().check_runtime(connects)?;
            let mut renewable = self.credentials.can_be_renewed().then(Instant::now);
            let mut may_have_been_applied = false;
            loop {
                let (ending, earlier) = self.send(&exchange, &build).await?;
                may_have_been_applied |= earlier.may_have_been_applied;
                if ending.status() == Some(401)
                    && let Some(started) = renewable.take()
                    && self.credentials.renew().await
                    && !exchange.is_spent()
                {
                    let deadline = match exchange.stream() {
                        None => Some(self.transport().deadline(exchange.retry)),
                        // It may take longer than the policy says.
                        Some(_) => None,
                    };
                    let left = |deadline: Duration| deadline.saturating_sub(started.elapsed());
                    exchange.timeout = exchange.timeout.or(deadline).map(left);
                    continue;
                }
                let (response, rest) = match ending {
                    Ending::Answered(response) => (response, None),
                    Ending::Begun(response, rest) => (response, Some(rest)),
                    Ending::Failed { status, failure } => {
                        return Err(Error::transport(status, failure, may_have_been_applied));
                    }
                };
                return Ok(Exchanged {
                    response,
                    rest,
                    may_have_been_applied_before: may_have_been_applied,
                });
            }
        }
    }

    /// Sends a request within a span.
    async fn send(
        &self,
        exchange: &Exchange<'_>,
        build: &impl Fn() -> Result<reqwest::Request, Error>,
    ) -> Result<(Ending, Earlier), Error> {
        let shared = &*self.shared;
        let operation = exchange.operation;
        let url = match operation {
            Some(operation) => self.server(operation)?,
            None => &shared.base,
        };
        let span = telemetry::span(shared.api.package, operation, url);
        let sender = Sender {
            client: self,
            hooks: &shared.hooks,
            response_limit: shared.response_limit,
            exchange,
            build,
        };
        let sent = shared.transport.send(&sender).instrument(span);
        let mut sent = pin!(sent);
        let (ending, earlier) = sent.as_mut().await?;
        telemetry::record(sent.span(), &ending, earlier.attempts);
        Ok((ending, earlier))
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
            /// retries and limits. `path` is appended to the base URL, or to the server of the operation if the document describes
            /// one there that has its own: it begins with `/`, is percent-encoded, and may have a query.
            pub fn request(&self, method: &str, path: &str) -> $crate::UntypedRequest<'_> {
                self.0.request(method, path)
            }
        }
    };
}
