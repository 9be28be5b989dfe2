//! The client: where requests go, who asks, and how they travel.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{HeaderValue, USER_AGENT};
use reqwest::redirect;

use crate::base_url::{self, Channel};
use crate::exchange::{CallOptions, Decoder, Exchange};
use crate::proxy;
use crate::request::USER_AGENT_TEXT;
use crate::transport::Transport;
use crate::{
    Credentials, Error, Integrations, RetryPolicy, UntypedRequest, generated, headers, raw,
};

/// How long it may take to connect, unless [`ClientBuilder::connect_timeout`] says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an attempt may take, unless [`ClientBuilder::request_timeout`] says otherwise.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A client of the External Support Panel. Cloning it is cheap and shares its connections.
///
/// ```no_run
/// use jelou_client::{Client, Credentials};
///
/// let client = Client::builder(Credentials::client("CLIENT_ID", "CLIENT_SECRET")).build()?;
/// # Ok::<(), jelou_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    base_url: Arc<str>,
    credentials: Arc<Credentials>,
    transport: Arc<Transport>,
    http: reqwest::Client,
    /// Added to every request that does not have them.
    headers: Arc<HeaderMap>,
}

/// Sets up a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    base_url: Option<String>,
    allows_plain_http: bool,
    credentials: Credentials,
    connect_timeout: Duration,
    request_timeout: Duration,
    retry: RetryPolicy,
    user_agent: Option<String>,
    /// Or why one of them cannot be sent.
    headers: Result<HeaderMap, String>,
    /// Or why one of them cannot be read.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    root_certificates: Result<Vec<reqwest::Certificate>, String>,
    configure: Vec<Configure>,
}

/// A change to the HTTP client.
#[derive(Clone)]
struct Configure(Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>);

impl Client {
    /// Begins to set up a client that uses `credentials`.
    ///
    /// Defaults:
    /// - base URL: the first server of the document, `https://gateway.jelou.ai/jelouapi`;
    /// - timeouts: 10 seconds to connect, 30 seconds for an attempt, a minute for all attempts of a request;
    /// - retries: those of [`RetryPolicy::default`];
    /// - no redirect is followed: a server could lead the credentials to another origin;
    /// - a proxy is used where the environment names one: `HTTPS_PROXY` or `ALL_PROXY`, but not for the hosts in `NO_PROXY`
    ///   and never for loopback. It sees the name of the server, not the request: that is encrypted from end to end. It is
    ///   an `http` or `https` URL; `NO_PROXY` takes `host` (with all below it), `*.host` (only what is below it), `host:port`,
    ///   addresses, networks such as `10.0.0.0/8`, and `*`;
    /// - a response body is read up to 1 MiB.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder {
            base_url: None,
            allows_plain_http: false,
            credentials,
            connect_timeout: CONNECT_TIMEOUT,
            request_timeout: REQUEST_TIMEOUT,
            retry: RetryPolicy::default(),
            user_agent: None,
            headers: Ok(HeaderMap::new()),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Ok(Vec::new()),
            configure: Vec::new(),
        }
    }

    /// The base URL of a client that is given none: the first server of the document.
    pub fn default_base_url() -> &'static str {
        let first = generated::contract::SERVERS.first();
        first.copied().unwrap_or_default()
    }

    /// A client of the same server that uses `credentials`, and shares everything else with this one: connections, trusted
    /// certificates, timeouts, and the budget of retries.
    ///
    /// An API key belongs to one project, so a program that serves many projects has many keys: build one client, and derive
    /// the others from it. Deriving one costs no handshake and loads no certificates. Credentials that cannot be sent are
    /// reported by the first request, as [`Error::InvalidInput`], or earlier by [`Credentials::check`].
    ///
    /// ```no_run
    /// use jelou_client::{Client, Credentials};
    ///
    /// # async fn update(keys: Vec<(String, String)>) -> Result<(), jelou_client::Error> {
    /// let shared = Client::builder(Credentials::api_key("API_KEY")).build()?;
    /// for (project_id, api_key) in keys {
    ///     let client = shared.with_credentials(Credentials::api_key(api_key));
    ///     let update = client.integrations().update(project_id);
    ///     update.webhook_url("https://my-system.com/webhook/jelou-v2").send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self {
            credentials: Arc::new(credentials),
            ..self.clone()
        }
    }

    /// The operations on integrations, the connections of projects with the panel.
    pub fn integrations(&self) -> Integrations<'_> {
        Integrations::new(self)
    }

    /// The URL that the paths of the document are appended to, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The generated client, with the same credentials, retries and limits; see [`raw`].
    ///
    /// Of an answer over the limit of 1 MiB, the beginning arrives there.
    pub fn raw(&self) -> raw::Client {
        let exchange = self.exchange_for(Decoder::Generated);
        self.generated(&exchange.with_options(self.call_options()))
    }

    /// Begins a request with any method and path, for what the document does not describe; with the same credentials, retries
    /// and limits. `path` is appended to the base URL: it begins with `/`, is percent-encoded, and may have a query.
    ///
    /// ```no_run
    /// # async fn look(client: jelou_client::Client) -> Result<(), jelou_client::Error> {
    /// let answer = client.request("GET", "/v1/external-support/PROJECT_ID").send().await?;
    /// println!("{}: {}", answer.status(), String::from_utf8_lossy(answer.body()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &str, path: &str) -> UntypedRequest<'_> {
        UntypedRequest::new(self, method, path)
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// What every request has, beside the credentials.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The options of a call that does not set any.
    pub(crate) fn call_options(&self) -> CallOptions {
        CallOptions {
            headers: HeaderMap::clone(&self.headers),
            timeout: None,
        }
    }

    /// For one call whose answer [`Reply`](crate::Reply) reads.
    pub(crate) fn exchange(&self) -> Exchange {
        self.exchange_for(Decoder::Reply)
    }

    fn exchange_for(&self, decoder: Decoder) -> Exchange {
        let (credentials, transport) = (Arc::clone(&self.credentials), Arc::clone(&self.transport));
        Exchange::new(credentials, transport, decoder)
    }

    /// The generated client for one call, which records what becomes of it in `exchange`.
    pub(crate) fn generated(&self, exchange: &Exchange) -> generated::Client {
        generated::Client::new_with_client(&self.base_url, self.http.clone(), exchange.clone())
    }
}

impl ClientBuilder {
    /// Sends requests to `base_url` and not to the server of the document.
    ///
    /// It must be `https`, or plain `http` to the loopback interface; [`ClientBuilder::allow_plain_http`] lifts that.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Accepts a base URL of plain `http` that is not loopback, for a gateway inside a network that is trusted.
    ///
    /// **Anyone on the network path can read the credentials and change the requests**, including a proxy that the environment
    /// names (`HTTP_PROXY`). Not allowed by default.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// How long it may take to connect; 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an attempt may take, from connecting to the last byte received; 30 seconds by default.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// When a request that failed is sent again; see [`RetryPolicy`] for the defaults.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Names the program in the header `User-Agent`, before this crate: `my-app/1.0 jelou-client/0.1.0`.
    ///
    /// ```
    /// # use jelou_client::{Client, Credentials};
    /// let builder = Client::builder(Credentials::api_key("API_KEY")).user_agent("my-app/1.0");
    /// # _ = builder;
    /// ```
    #[must_use]
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Adds a header to every request, or replaces it; a request that sets the same header itself keeps its own.
    ///
    /// Those of the credentials, and those that the client sets or HTTP derives from the request, are refused. `Debug` does not
    /// show the value, but a server may echo it: the client only redacts the credentials and what the document calls secret.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = self.headers.and_then(|mut headers| {
            let (name, value) = headers::parse_additional(name, value)?;
            headers.insert(name, value);
            Ok(headers)
        });
        self
    }

    /// Trusts the certificates in `pem` in addition to those of the platform, for a gateway or a proxy with a private certificate
    /// authority. `pem` may hold several.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[must_use]
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificates = self.root_certificates.and_then(|mut certificates| {
            match reqwest::Certificate::from_pem_bundle(pem.as_ref()) {
                Ok(added) if !added.is_empty() => certificates.extend(added),
                _ => return Err("it contains no PEM certificate".to_owned()),
            }
            Ok(certificates)
        });
        self
    }

    /// Customizes the underlying HTTP client where this builder has no option: another proxy, a resolver, a client certificate, a
    /// connector layer. `configure` gets the builder of [`reqwest`] with everything set, and returns it.
    ///
    /// Whatever `configure` says, redirects are not followed, and connections do not log what they carry. The credentials are added
    /// to each request, so no other host gets them. But its settings for proxies and certificates apply: a proxy sees requests over
    /// plain `http`, including those to loopback, and where certificates are not verified, **anyone on the network path can read
    /// the credentials**. `Debug` of the client shows default headers unless their values are marked sensitive.
    ///
    /// To replace the proxy of the environment, clear it first: `http.no_proxy().proxy(proxy)`. A proxy that is only added is used
    /// where the environment names none. A variable that names an unusable proxy is an error in either case. For a plain `http`
    /// base URL, add the certificate of such an `https` proxy with `root_certificate`: those of the platform are not loaded.
    ///
    /// This ties the program to the version of reqwest that this crate depends on.
    ///
    /// ```
    /// # use jelou_client::{Client, Credentials};
    /// let builder = Client::builder(Credentials::api_key("API_KEY")).http(|http| http.tcp_nodelay(false));
    /// # _ = builder;
    /// ```
    #[must_use]
    pub fn http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure.push(Configure(Arc::new(configure)));
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a value that cannot be used, including a proxy of the environment. [`Error::Setup`] if HTTPS
    /// cannot be set up, for instance because the platform trusts no certificate or a root certificate is malformed.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.base_url.as_deref();
        let base_url = base_url.unwrap_or(Client::default_base_url());
        let base_url = base_url::parse(base_url, self.allows_plain_http)?;
        self.credentials.check()?;

        let user_agent = user_agent(self.user_agent.as_deref())?;
        let mut headers = self
            .headers
            .map_err(|reason| Error::invalid_input("header", reason))?;
        headers.insert(USER_AGENT, user_agent.clone());

        let http = reqwest::Client::builder()
            // For the proxy: requests have it already.
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout);
        // Through a proxy, what is meant for loopback would leave the machine in clear.
        let proxy = match base_url.channel {
            Channel::Loopback => None,
            Channel::Https | Channel::PlainHttp => {
                proxy::find(&base_url.url, |name| std::env::var(name))?
            }
        };
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let uses_tls = [Some(&base_url.url), proxy.as_ref()]
            .into_iter()
            .flatten()
            .any(|url| url.scheme() == "https");
        let proxy = proxy.map(reqwest::Proxy::all).transpose();
        let proxy =
            proxy.map_err(|_| Error::invalid_input("proxy", "it is not the address of a proxy"))?;
        let http = match proxy {
            Some(proxy) => http.proxy(proxy),
            None => http.no_proxy(),
        };
        #[cfg(feature = "rustls")]
        let http = http.tls_backend_rustls();
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let http = {
            let certificates = self
                .root_certificates
                .map_err(|reason| Error::invalid_input("root certificate", reason))?;
            // Without TLS, the client also works on a machine that trusts no certificate.
            match uses_tls {
                true => http.tls_certs_merge(certificates),
                false => http.tls_certs_only(certificates),
            }
        };
        let http = self
            .configure
            .iter()
            .fold(http, |http, Configure(configure)| configure(http))
            .redirect(redirect::Policy::none())
            // It logs every byte that is sent, credentials included.
            .connection_verbose(false)
            .build()
            .map_err(|error| Error::Setup {
                source: error.without_url().into(),
            })?;

        Ok(Client {
            base_url: base_url.text().into(),
            credentials: Arc::new(self.credentials),
            transport: Arc::new(Transport::new(self.retry, self.request_timeout)),
            http,
            headers: Arc::new(headers),
        })
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Configure")
    }
}

/// How the client names itself, after the `product` that uses it.
fn user_agent(product: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(product) = product else {
        return Ok(HeaderValue::from_static(USER_AGENT_TEXT));
    };
    let refused = |reason: &str| Error::invalid_input("user agent", reason);
    if product.trim().is_empty() {
        return Err(refused("it is empty"));
    }
    HeaderValue::from_str(&format!("{product} {USER_AGENT_TEXT}"))
        .map_err(|_| refused("it has a character that no header can carry"))
}
