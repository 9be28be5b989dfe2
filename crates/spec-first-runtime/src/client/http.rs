//! The underlying HTTP client: one that is built, or the caller's own.

use std::env::VarError;
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

    /// Builds the client that connects to `servers`, through the proxies that the variables of the environment name.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], [`Error::Setup`].
    pub(super) fn build<'a>(
        self,
        servers: impl Iterator<Item = &'a BaseUrl>,
        variable: impl Fn(&str) -> Result<String, VarError>,
        user_agent: &HeaderValue,
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
            // Every attempt is one of ours, which hooks see and the budget counts. Otherwise, reqwest would copy each request.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT));
        let mut routes = Vec::new();
        for server in servers {
            // Through a proxy, a request to loopback would leave the machine unencrypted.
            let proxy = match server.channel {
                Channel::Loopback => None,
                Channel::Https | Channel::PlainHttp => proxy::find(&server.url, &variable)?,
            };
            routes.push((server.url.origin(), proxy));
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let uses_tls = routes.iter().any(|(origin, proxy)| {
            let proxy = proxy.as_ref().map(url::Url::scheme);
            origin.ascii_serialization().starts_with("https:") || proxy == Some("https")
        });
        let proxy = routes.first().and_then(|(_, proxy)| proxy.clone());
        let is_for_all = routes.iter().all(|(_, other)| *other == proxy);
        let http = match proxy {
            None if is_for_all => http.no_proxy(),
            Some(proxy) if is_for_all => {
                let proxy = reqwest::Proxy::all(proxy);
                http.proxy(proxy.map_err(|_| {
                    Error::invalid_input("proxy", "it is not the address of a proxy")
                })?)
            }
            _ => http.proxy(reqwest::Proxy::custom(move |url| {
                let origin = url.origin();
                let mut known = routes.iter();
                let route = known.find(|(known, _)| *known == origin);
                route.or(routes.first())?.1.clone()
            })),
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
            .user_agent(user_agent)
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

    #[tokio::test]
    async fn the_user_agent_is_that_of_the_builder_or_of_the_request() {
        let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
        let client = Client::builder(&API, Credentials::api_key("API_KEY"))
            .base_url(server.origin())
            .user_agent("app/1.0")
            .http(|http| http.user_agent("other/1.0"));
        let client: Client = client.build().unwrap();
        let request = || client.request("PATCH", "/items/1");
        request().send().await.unwrap();
        let own = request().header("user-agent", "own/1.0");
        own.send().await.unwrap();
        for (sent, expected) in server.requests().iter().zip(["app/1.0 ", "own/1.0"]) {
            assert!(sent.contains(&format!("user-agent: {expected}")), "{sent}");
            assert_eq!(sent.matches("user-agent").count(), 1, "{sent}");
        }
        let shown = request().prepare().unwrap();
        let mut headers = shown.headers();
        let (_, shown) = headers.find(|(name, _)| *name == "user-agent").unwrap();
        assert!(shown.unwrap().starts_with(b"app/1.0 "));
    }

    #[tokio::test]
    async fn each_server_has_its_own_proxy() {
        let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
        let [secure, plain] = [502, 203].map(|status| {
            Server::start(move |_| Answer::new(format!("HTTP/1.1 {status} X\r\n\r\n")))
        });
        let gateways = ["https://gateway.invalid", "http://gateway.invalid"];
        let loopback = server.origin();
        let servers = [gateways[0], gateways[1], &loopback];
        let servers = servers.map(|url| crate::base_url::parse(url, true).unwrap());
        let http = super::Http::new().build(
            servers.iter(),
            |name| match name {
                "HTTPS_PROXY" => Ok(secure.origin()),
                "HTTP_PROXY" => Ok(plain.origin()),
                _ => Err(std::env::VarError::NotPresent),
            },
            &http::HeaderValue::from_static("a"),
        );
        let http = http.unwrap();
        let local = http.get(&loopback).send().await.unwrap();
        assert_eq!(local.status(), 204);
        let relayed = http.get(gateways[1]).send().await.unwrap();
        assert_eq!(relayed.status(), 203);
        http.get(gateways[0]).send().await.unwrap_err();
        assert!(secure.requests()[0].starts_with("CONNECT gateway.invalid:443 "));
        let counts = [&server, &secure, &plain].map(|server| server.requests().len());
        assert_eq!(counts, [1, 1, 1]);
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
