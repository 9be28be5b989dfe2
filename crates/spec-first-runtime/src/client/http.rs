//! The underlying HTTP client: one that is built, or the caller's own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderValue;
use reqwest::redirect;

use crate::base_url::{BaseUrl, Channel};
use crate::{Error, proxy};

/// The time to connect, unless [`ClientBuilder::connect_timeout`](super::ClientBuilder::connect_timeout) sets another.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the HTTP client is built of.
#[derive(Clone, Debug)]
pub(super) struct Http {
    pub(super) connect_timeout: Option<Duration>,
    /// Or why one of them cannot be read.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) root_certificates: Result<Vec<reqwest::Certificate>, String>,
    pub(super) configure: Vec<Configure>,
    /// The caller's own, which needs none of the above.
    pub(super) own: Option<reqwest::Client>,
}

/// A change to the HTTP client.
#[derive(Clone)]
pub(super) struct Configure(
    pub(super) Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>,
);

impl Http {
    pub(super) fn new() -> Self {
        Self {
            connect_timeout: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Ok(Vec::new()),
            configure: Vec::new(),
            own: None,
        }
    }

    /// Builds the client that connects to `base_url`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], [`Error::Setup`].
    pub(super) fn build(
        self,
        base_url: &BaseUrl,
        user_agent: HeaderValue,
    ) -> Result<reqwest::Client, Error> {
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let certificates = self
            .root_certificates
            .map_err(|reason| Error::invalid_input("root certificate", reason))?;
        if let Some(own) = self.own {
            let is_configured = self.connect_timeout.is_some() || !self.configure.is_empty();
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            let is_configured = is_configured || !certificates.is_empty();
            return match is_configured {
                false => Ok(own),
                true => Err(Error::invalid_input(
                    "HTTP client",
                    "`connect_timeout`, `root_certificate` and `http` have no effect on one that is built already",
                )),
            };
        }
        let http = reqwest::Client::builder()
            // For the proxy: requests have it already.
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT));
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
        // Without TLS, the client also works on a machine that trusts no certificate.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let http = match uses_tls {
            true => http.tls_certs_merge(certificates),
            false => http.tls_certs_only(certificates),
        };
        self.configure
            .iter()
            .fold(http, |http, Configure(configure)| configure(http))
            .redirect(redirect::Policy::none())
            // It logs every byte that is sent, credentials included.
            .connection_verbose(false)
            .build()
            .map_err(|error| Error::setup(error.without_url()))
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Configure")
    }
}

#[cfg(test)]
mod tests {
    use test_support::server::{Answer, Server};

    use crate::sample::API;
    use crate::{Client, ClientBuilder, Credentials};

    fn builder(origin: String) -> ClientBuilder {
        let own = reqwest::Client::builder()
            .no_proxy()
            .user_agent("own/1.0")
            .default_headers(http::HeaderMap::from_iter([(
                http::header::REFERER,
                http::HeaderValue::from_static("own"),
            )]));
        Client::builder(&API, Credentials::api_key("API_KEY"))
            .base_url(origin)
            .http_client(own.build().unwrap())
    }

    #[tokio::test]
    async fn requests_are_sent_with_the_callers_client() {
        let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
        let client = builder(server.origin()).header("x-a", "1").build().unwrap();
        client.request("PATCH", "/items/1").send().await.unwrap();
        let requests = server.requests();
        for expected in ["referer: own", "x-api-key: API_KEY", "x-a: 1"] {
            assert!(requests[0].contains(expected), "{requests:?}");
        }
        assert!(!requests[0].contains("own/1.0"), "{requests:?}");
    }

    #[test]
    fn what_has_no_effect_on_the_callers_client_is_refused() {
        let builder = || builder("http://127.0.0.1:1".to_owned());
        builder().build().unwrap();
        let second = std::time::Duration::from_secs(1);
        builder().connect_timeout(second).build().unwrap_err();
        builder().http(|http| http).build().unwrap_err();
    }
}
