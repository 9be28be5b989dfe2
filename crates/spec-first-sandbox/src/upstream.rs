//! The real server behind a proxy: which one it is, and how a request gets there. Does not look into requests or responses.

use std::{error::Error, fmt, str::FromStr, time::Duration};

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts,
        uri::Authority,
    },
};
use hyper::{Response, body::Incoming};
use hyper_util::{
    client::legacy::{Client, ResponseFuture, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::timeout;

use crate::Rejection;

/// How long a connection may take to be established.
const CONNECT: Duration = Duration::from_secs(10);

/// How long the upstream may take to begin, and then to finish, a response that is judged.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Headers that are about one connection and not about the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The real server that a sandbox passes requests to, written as its URL.
///
/// If the URL has a path, it takes the place of the path of the document's first server; otherwise paths are passed on as they
/// are.
///
/// ```
/// use spec_first_sandbox::Upstream;
///
/// assert!("http://localhost:3000".parse::<Upstream>().is_ok());
/// assert!("localhost:3000".parse::<Upstream>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    is_https: bool,
    authority: Authority,
    /// Without a trailing slash.
    path: String,
}

/// The text is not the URL of a server that requests can be passed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownUpstream {
    /// It is not a URL, or of another scheme.
    #[error("write the URL of a server, such as `http://localhost:3000`")]
    Url,
    /// It contains a user name or a password, which other users of the machine could see.
    #[error(
        "the URL contains credentials; send them with the requests, which are passed on with their headers"
    )]
    Credentials,
    /// It has a query or a fragment.
    #[error("the URL of a server has no query and no fragment")]
    Query,
    /// It needs TLS, which this program was built without.
    #[error(
        "this program was built without support for `https`; to add it, build it with `cargo install --features tls`"
    )]
    Tls,
}

impl FromStr for Upstream {
    type Err = UnknownUpstream;

    fn from_str(text: &str) -> Result<Self, UnknownUpstream> {
        if text.contains(['?', '#']) {
            return Err(UnknownUpstream::Query);
        }
        let uri: Uri = text.parse().map_err(|_| UnknownUpstream::Url)?;
        let is_https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") if cfg!(feature = "tls") => true,
            Some("https") => return Err(UnknownUpstream::Tls),
            _ => return Err(UnknownUpstream::Url),
        };
        let authority = uri.authority().ok_or(UnknownUpstream::Url)?;
        if authority.as_str().contains('@') {
            return Err(UnknownUpstream::Credentials);
        }
        Ok(Self {
            is_https,
            authority: authority.clone(),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.authority, self.path)
    }
}

/// Sends requests to an upstream, and to no other server: redirects are not followed, and no proxy of the environment is used.
#[derive(Clone, Debug)]
pub(crate) struct Forwarder {
    upstream: Upstream,
    client: Transport,
}

/// A pool of connections to any server.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    Plain(Client<HttpConnector, Body>),
    #[cfg(feature = "tls")]
    Tls(Client<hyper_rustls::HttpsConnector<HttpConnector>, Body>),
}

impl Transport {
    /// # Errors
    /// The trusted certificates of the system cannot be read.
    pub(crate) fn of(is_https: bool) -> std::io::Result<Self> {
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new());
        #[cfg(feature = "tls")]
        if is_https {
            http.enforce_http(false);
            let provider = rustls::crypto::aws_lc_rs::default_provider();
            let tls = hyper_rustls::HttpsConnectorBuilder::new()
                .with_provider_and_native_roots(provider)?
                .https_only()
                .enable_http1()
                .wrap_connector(http);
            return Ok(Self::Tls(client.build(tls)));
        }
        _ = is_https;
        Ok(Self::Plain(client.build(http)))
    }

    pub(crate) fn request(&self, request: hyper::Request<Body>) -> ResponseFuture {
        match self {
            Self::Plain(client) => client.request(request),
            #[cfg(feature = "tls")]
            Self::Tls(client) => client.request(request),
        }
    }
}

impl Forwarder {
    /// # Errors
    /// The trusted certificates of the system cannot be read.
    pub(crate) fn of(upstream: Upstream) -> std::io::Result<Self> {
        let client = Transport::of(upstream.is_https)?;
        Ok(Self { upstream, client })
    }

    /// Passes a request on. `base_path` is that of the document's first server.
    pub(crate) async fn send(
        &self,
        head: &Parts,
        body: Body,
        base_path: &str,
    ) -> Result<Response<Incoming>, Rejection> {
        let request = self.request(head, body, base_path).map_err(|_| {
            let message = "the request cannot be passed on: its target is not the path of a URL";
            Rejection::new(StatusCode::BAD_REQUEST, message)
        })?;
        match timeout(PATIENCE, self.client.request(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.bad_gateway(&error)),
            Err(_) => Err(self.too_slow()),
        }
    }

    fn request(
        &self,
        head: &Parts,
        body: Body,
        base_path: &str,
    ) -> Result<hyper::Request<Body>, axum::http::Error> {
        let target = head.uri.path_and_query().map_or("/", |it| it.as_str());
        let below = target.strip_prefix(base_path).filter(|rest| {
            !self.upstream.path.is_empty() && (rest.is_empty() || rest.starts_with(['/', '?']))
        });
        let scheme = if self.upstream.is_https {
            "https"
        } else {
            "http"
        };
        let uri = Uri::builder()
            .scheme(scheme)
            .authority(self.upstream.authority.clone())
            .path_and_query(match below {
                Some(rest) => format!("{}{rest}", self.upstream.path),
                None => target.to_owned(),
            })
            .build()?;
        let mut request = hyper::Request::builder()
            .method(head.method.clone())
            .uri(uri)
            .body(body)?;
        let headers = request.headers_mut();
        *headers = end_to_end(&head.headers);
        // The client sets the host and the length, and whoever expects a `100 Continue` has got it.
        for name in [header::HOST, header::CONTENT_LENGTH, header::EXPECT] {
            headers.remove(name);
        }
        headers.remove("x-sandbox-fault");
        // A compressed body could not be judged.
        let identity = HeaderValue::from_static("identity");
        headers.insert(header::ACCEPT_ENCODING, identity);
        Ok(request)
    }

    /// The response if the upstream cannot be reached, or breaks off.
    pub(crate) fn bad_gateway(&self, error: &dyn Error) -> Rejection {
        let mut cause = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let message = format!("`{}` did not answer: {cause}", self.upstream);
        Rejection::new(StatusCode::BAD_GATEWAY, message)
    }

    pub(crate) fn too_slow(&self) -> Rejection {
        let seconds = PATIENCE.as_secs();
        let message = format!(
            "`{}` did not answer within {seconds} seconds",
            self.upstream
        );
        Rejection::new(StatusCode::GATEWAY_TIMEOUT, message)
    }
}

/// The headers without those that are about the connection, among them those that `Connection` names.
pub(crate) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(header::CONNECTION).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    let named = named.flat_map(|value| value.split(','));
    let named: Vec<_> = named
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    let mut kept = headers.clone();
    for name in &named {
        kept.remove(name);
    }
    for name in HOP_BY_HOP {
        kept.remove(name);
    }
    kept
}

/// Whether a response to this method with this status has no body.
pub(crate) fn has_no_body(method: &Method, status: StatusCode) -> bool {
    *method == Method::HEAD
        || status.is_informational()
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_the_url_of_a_server() {
        let shown = |text: &str| text.parse::<Upstream>().map(|it| it.to_string());
        assert_eq!(shown("http://a.example/"), Ok("http://a.example".into()));
        assert_eq!(
            shown("http://a.example:80/v1/"),
            Ok("http://a.example:80/v1".into())
        );
        for text in ["", "/v1", "a.example:80", "ftp://a.example", "http://"] {
            assert_eq!(shown(text), Err(UnknownUpstream::Url), "{text}");
        }
        assert_eq!(
            shown("http://user:secret@a.example"),
            Err(UnknownUpstream::Credentials)
        );
        assert_eq!(shown("http://a.example?b"), Err(UnknownUpstream::Query));
        assert_eq!(shown("http://a.example#b"), Err(UnknownUpstream::Query));
    }

    #[test]
    fn headers_of_the_connection_are_dropped() {
        let headers = [
            ("connection", "X-One, close"),
            ("x-one", "1"),
            ("x-two", "2"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("proxy-authorization", "Basic secret"),
        ];
        let headers = headers.map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let kept = end_to_end(&HeaderMap::from_iter(headers));
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["x-two"]);
    }
}
