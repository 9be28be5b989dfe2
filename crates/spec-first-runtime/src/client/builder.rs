//! Configures a client.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{HeaderValue, USER_AGENT};

use super::http::{Configure, Http};
use super::{Client, Shared};
use crate::api::Api;
use crate::attempt::{Answerer, Attempt, Beginning, Hooks, NextAttempt, Observer, RESPONSE_LIMIT};
use crate::transport::Transport;
use crate::{Credentials, Error, HttpRequest, HttpResponse, RetryPolicy, base_url, headers};

/// The time for an attempt, unless [`ClientBuilder::request_timeout`] sets another.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Configures a client, and makes a `C` of it: the [`Client`] itself, or the generated client around it.
///
/// Defaults:
/// - base URL: the first server of the document;
/// - timeouts: 10 seconds to connect, 30 seconds for an attempt, a minute for all attempts of a request;
/// - retries: those of [`RetryPolicy::default`];
/// - redirects are not followed, because a server could send the credentials to another origin;
/// - a proxy is used if the environment names one: `HTTPS_PROXY` or `ALL_PROXY`, except for the hosts in `NO_PROXY` and always
///   except for loopback, which also goes for the servers of single operations. It learns the name of the server and not the request, which is encrypted from end to end. It is an
///   `http` or `https` URL; `NO_PROXY` takes `host` (including its subdomains), `*.host` (only its subdomains), `host:port`,
///   addresses, networks such as `10.0.0.0/8`, and `*`;
/// - at most 1 MiB of a response body is read; [`ClientBuilder::response_limit`] sets another limit.
#[derive(Clone, Debug)]
pub struct ClientBuilder<C = Client> {
    api: &'static Api,
    base_url: Option<String>,
    server_variables: Vec<(String, String)>,
    allows_plain_http: bool,
    credentials: Credentials,
    http: Http,
    request_timeout: Duration,
    retry: RetryPolicy,
    user_agent: Option<String>,
    /// Or why one of them cannot be sent.
    headers: Result<HeaderMap, String>,
    response_limit: usize,
    hooks: Hooks,
    makes: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Configures a client of `api` that uses `credentials`, for the constructor of a generated client.
    pub fn new(api: &'static Api, credentials: Credentials) -> Self {
        Self {
            api,
            base_url: None,
            server_variables: Vec::new(),
            allows_plain_http: false,
            credentials,
            http: Http::new(),
            request_timeout: REQUEST_TIMEOUT,
            retry: RetryPolicy::default(),
            user_agent: None,
            headers: Ok(HeaderMap::new()),
            response_limit: RESPONSE_LIMIT,
            hooks: Hooks::default(),
            makes: PhantomData,
        }
    }

    /// Sends requests to `base_url` instead of the first server of the document.
    ///
    /// It replaces the servers of single operations too, unless it is another server of the document.
    ///
    /// It must be `https`, or plain `http` to the loopback interface; [`ClientBuilder::allow_plain_http`] lifts that.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets a variable in the URLs of the first server of the document and of the servers of single operations, instead of its
    /// default. Other variables keep theirs. A value cannot lead to another host: it must not contain `?`, `#`, `@`, `\\`, braces or white
    /// space, nor `/` in the name of the host. [`build`](Self::build) refuses it.
    ///
    /// ```
    /// use spec_first_runtime::{Api, Client, Credentials, ServerVariable};
    ///
    /// static API: Api = Api::new(spec_first_runtime::package!())
    ///     .servers(&["https://eu.example.com/v1"])
    ///     .server_variables(
    ///         "https://{region}.example.com/v1",
    ///         &[ServerVariable::new("region", "eu", &["eu", "us"])],
    ///     );
    /// let client: Client = Client::builder(&API, Credentials::none()).server_variable("region", "us").build()?;
    /// assert_eq!(client.base_url(), "https://us.example.com/v1");
    /// # Ok::<(), spec_first_runtime::Error>(())
    /// ```
    #[must_use]
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server_variables.push((name.into(), value.into()));
        self
    }

    /// Accepts a plain `http` base URL that is not loopback, for a gateway inside a trusted network.
    ///
    /// **Anyone on the network path can read the credentials and change the requests**, including a proxy that the environment
    /// names (`HTTP_PROXY`). Not allowed by default.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// Limits the time to connect; 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// Limits the time of an attempt, from connecting to the last byte received; 30 seconds by default.
    ///
    /// Where a body is streamed, it limits the silence: it begins again with each chunk that is sent, and once more when the request is
    /// complete; the reply has it to begin, and then for each chunk, unless [`ReplyStream::chunk_timeout`](crate::ReplyStream) says
    /// otherwise.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Reads at most this many bytes of a response body; 1 MiB by default. A longer success is
    /// [`Error::TooLong`](crate::Error::TooLong), and of a longer error the beginning is kept.
    ///
    /// The whole body is kept in memory, so a server can make the program use as much for each request.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Calls `observe` after every attempt to send a request, for metrics. It must not block. Several functions are called in the order
    /// in which they were added.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use std::sync::atomic::{AtomicU64, Ordering};
    /// # use spec_first_runtime::ClientBuilder;
    /// # fn configure(builder: ClientBuilder) -> ClientBuilder {
    /// let throttled = Arc::new(AtomicU64::new(0));
    /// let count = Arc::clone(&throttled);
    /// builder.after_attempt(move |attempt| {
    ///     if attempt.status == Some(429) {
    ///         count.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn after_attempt(mut self, observe: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.hooks.observers.push(Observer(Arc::new(observe)));
        self
    }

    /// Awaits `begin` before every attempt, before the credentials are added: to renew a token that is about to expire, or to wait for a
    /// rate limit. The time that it takes is not limited, but counts towards the deadline. Several functions are awaited in the order in
    /// which they were added.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use std::sync::atomic::{AtomicU64, Ordering};
    /// # use spec_first_runtime::ClientBuilder;
    /// # fn configure(builder: ClientBuilder) -> ClientBuilder {
    /// let resent = Arc::new(AtomicU64::new(0));
    /// builder.before_attempt(move |attempt| {
    ///     let resent = Arc::clone(&resent);
    ///     async move {
    ///         if attempt.number > 1 {
    ///             resent.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     }
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn before_attempt<F: Future<Output = ()> + Send + 'static>(
        mut self,
        begin: impl Fn(NextAttempt) -> F + Send + Sync + 'static,
    ) -> Self {
        let begin = Beginning(Arc::new(move |attempt| Box::pin(begin(attempt))));
        self.hooks.beginnings.push(begin);
        self
    }

    /// Answers every request with `answer` instead of sending it, for tests: no server, no port, no network. Everything else is as
    /// usual: credentials, retries, limits of time, and how the response is read. The closure returns a response, or a `Result` with an
    /// error such as [`Error::not_sent`], after which the client retries as it would if it happened.
    ///
    /// ```
    /// # use spec_first_runtime::{ClientBuilder, HttpResponse};
    /// # fn configure(builder: ClientBuilder) -> ClientBuilder {
    /// builder.answer_with(|request| match request.method() {
    ///     "GET" => HttpResponse::new(200, r#"{"name": "Ada"}"#),
    ///     _ => HttpResponse::new(405, ""),
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn answer_with<R: Into<Result<HttpResponse, Error>>>(
        mut self,
        answer: impl Fn(&HttpRequest) -> R + Send + Sync + 'static,
    ) -> Self {
        let answer = move |request: &HttpRequest| answer(request).into();
        self.hooks.answerer = Some(Answerer(Arc::new(answer)));
        self
    }

    /// Sets when a failed request is sent again; see [`RetryPolicy`] for the defaults.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Names the program in the header `User-Agent`, before the crate of the client: `my-app/1.0 pets-client/0.1.0`.
    #[must_use]
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Adds a header to every request, or replaces it; a request that sets the same header itself keeps its own.
    ///
    /// Headers that carry credentials, that the client sets, or that HTTP derives from the request are refused. `Debug` does not
    /// show the value, but a server may echo it: the client redacts only the credentials and what the document marks as secret.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = self.headers.and_then(|mut headers| {
            let (name, value) = headers::parse_additional(self.api, name, value)?;
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
        self.http.root_certificates = self.http.root_certificates.and_then(|mut certificates| {
            match reqwest::Certificate::from_pem_bundle(pem.as_ref()) {
                Ok(added) if !added.is_empty() => certificates.extend(added),
                _ => return Err("it contains no PEM certificate".to_owned()),
            }
            Ok(certificates)
        });
        self
    }

    /// Configures the underlying HTTP client where this builder has no option: another proxy, a resolver, a client certificate, a
    /// connector layer. `configure` receives the builder of [`reqwest`] with everything set, and returns it.
    ///
    /// Whatever `configure` does, redirects are not followed, connections do not log what they carry, and the user agent is that of
    /// [`user_agent`](Self::user_agent). The credentials are added
    /// to each request, so no other host gets them. But its settings for proxies and certificates apply: a proxy sees requests over
    /// plain `http`, including those to loopback, and where certificates are not verified, **anyone on the network path can read
    /// the credentials**. `Debug` of the client shows default headers unless their values are marked sensitive. The retries of reqwest
    /// itself, which are for HTTP/2, are off unless `configure` sets a policy: the client makes every attempt, so that hooks see it.
    ///
    /// To replace the proxy of the environment, clear it first: `http.no_proxy().proxy(proxy)`. A proxy that is only added is used
    /// where the environment names none. A variable that names an unusable proxy is an error in either case. For a plain `http`
    /// base URL, add the certificate of such an `https` proxy with `root_certificate`: those of the platform are not loaded.
    ///
    /// This ties the program to the version of reqwest that this crate depends on.
    ///
    /// ```
    /// # use spec_first_runtime::ClientBuilder;
    /// # fn configure(builder: ClientBuilder) -> ClientBuilder {
    /// builder.http(|http| http.tcp_nodelay(false))
    /// # }
    /// ```
    #[must_use]
    pub fn http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.configure.push(Configure(Arc::new(configure)));
        self
    }

    /// Sends requests with an HTTP client of the caller, to share its connections or to configure what this builder has no option for.
    ///
    /// **What this builder would set for it is up to the caller**, and `connect_timeout`, `root_certificate` and `http` are refused:
    /// - redirects: `reqwest::redirect::Policy::none()`, unless the credentials may be sent to wherever a server redirects to;
    /// - a timeout for connecting, and no total timeout if replies are streamed;
    /// - proxies, also for loopback, certificates, cookies and default headers.
    ///
    /// Base URL, credentials, retries, [`request_timeout`](Self::request_timeout), and the headers of this builder apply as usual. Like
    /// [`http`](Self::http), this ties the program to the version of reqwest that this crate depends on.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.own = Some(client);
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a value that cannot be used, including a proxy of the environment. [`Error::Setup`] if HTTPS
    /// cannot be set up, for instance because the platform trusts no certificate or a root certificate is malformed.
    pub fn build(self) -> Result<C, Error> {
        let with_variables = match self.server_variables.as_slice() {
            [] => None,
            _ if self.base_url.is_some() => {
                return Err(Error::invalid_input(
                    "server variable",
                    "the base URL replaces the server that has it",
                ));
            }
            values => {
                let url = self.api.base_url_with(values);
                url.map_err(|reason| Error::invalid_input("server variable", reason))?
            }
        };
        let base_url = self.base_url.as_deref().or(with_variables.as_deref());
        let base_url = base_url.or(self.api.default_base_url());
        let base_url = base_url.ok_or_else(|| {
            Error::invalid_input(
                "base URL",
                "none is given, and the document names no server",
            )
        })?;
        let base_url = base_url::parse(base_url, self.allows_plain_http)?;
        self.credentials.check()?;

        let user_agent = user_agent(self.api, self.user_agent.as_deref())?;
        let mut headers = self
            .headers
            .map_err(|reason| Error::invalid_input("header", reason))?;
        if self.http.own.is_some() {
            // The caller's client may set a different one.
            headers.insert(USER_AGENT, user_agent.clone());
        }

        let is_own_base = self.base_url.is_some() && !self.api.has_server(base_url.text());
        let servers = match is_own_base {
            true => HashMap::new(),
            false => {
                let (variables, plain) = (&self.server_variables, self.allows_plain_http);
                let servers = self.api.operation_servers(&base_url.url, variables, plain);
                servers.map_err(|reason| Error::invalid_input("server variable", reason))?
            }
        };
        let destinations = std::iter::once(&base_url).chain(servers.values().flatten());
        let http = self
            .http
            .build(destinations, |name| std::env::var(name), &user_agent)?;

        let client = Client {
            shared: Arc::new(Shared {
                api: self.api,
                is_own_base,
                base_url: base_url.text().to_owned(),
                servers,
                base: base_url.url,
                transport: Transport::new(self.retry, self.request_timeout),
                http,
                response_limit: self.response_limit,
                hooks: self.hooks,
                headers,
                user_agent,
            }),
            credentials: Arc::new(self.credentials),
        };
        Ok(client.into())
    }
}

/// How the client names itself, after the `product` that uses it.
fn user_agent(api: &Api, product: Option<&str>) -> Result<HeaderValue, Error> {
    let refused = |reason: &str| Error::invalid_input("user agent", reason);
    let own = api.package.user_agent();
    let text = match product {
        Some(product) if product.trim().is_empty() => return Err(refused("it is empty")),
        Some(product) => format!("{product} {own}"),
        None => own,
    };
    HeaderValue::from_str(&text).map_err(|_| refused("it has a character that no header can carry"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_without_a_server_needs_a_base_url() {
        static API: Api = Api::new(crate::package!());
        let builder = || Client::builder(&API, Credentials::api_key("API_KEY"));
        let error = builder().build().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the base URL cannot be used: none is given, and the document names no server"
        );
        let client = builder().base_url("http://127.0.0.1:1/").build().unwrap();
        assert_eq!(client.base_url(), "http://127.0.0.1:1");
    }
}
