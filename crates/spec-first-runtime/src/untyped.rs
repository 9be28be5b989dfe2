//! A request with any method and path, for what the document does not describe.
//!
//! It is sent like every other one, with the same credentials, retries and limits. Does not read the response.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderValue};
use http::{HeaderMap, Method};
use url::Url;

use crate::api::{Api, Operation};
use crate::client::{Exchange, Exchanged, Streamed};
use crate::content::SPENT;
use crate::credentials::Unauthenticated;
use crate::{Body, Client, Error, HttpRequest, HttpResponse, ReplyStream, headers};

/// A request with any method and path; see [`Client::request`].
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct UntypedRequest<'a> {
    client: &'a Client,
    parts: Result<Parts, Error>,
    timeout: Option<Duration>,
}

struct Parts {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Body>,
    /// The operation in the document, if it describes one.
    operation: Option<&'static Operation>,
}

impl<'a> UntypedRequest<'a> {
    pub(crate) fn new(client: &'a Client, method: &str, path: &str) -> Self {
        let parts = parse_method(method).and_then(|method| {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
            let operation = find_operation(client.api(), &method, path);
            let base_url = match operation {
                Some(operation) => client.server(operation)?.as_str().trim_end_matches('/'),
                None => client.base_url(),
            };
            Ok(Parts {
                url: append(base_url, path)?,
                operation,
                method,
                headers,
                body: None,
            })
        });
        Self {
            client,
            parts,
            timeout: None,
        }
    }

    /// Adds a header, or replaces it. Headers that carry credentials or that HTTP derives from the request are refused.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.parts = self.parts.and_then(|mut parts| {
            let (name, value) = headers::parse(self.client.api(), name, value)
                .map_err(|reason| Error::invalid_input("header", reason))?;
            parts.headers.insert(name, value);
            Ok(parts)
        });
        self
    }

    /// Sends this body, as `application/json` unless a header says otherwise.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        if let Ok(parts) = &mut self.parts {
            parts.body = Some(body.into());
        }
        self
    }

    /// Limits this request including retries and waits; replaces [`RetryPolicy::deadline`](crate::RetryPolicy::deadline). Each
    /// attempt is still limited by [`ClientBuilder::request_timeout`](crate::ClientBuilder::request_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The request that [`send`](Self::send) would send. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`].
    pub fn prepare(self) -> Result<HttpRequest, Error> {
        let parts = self.parts?;
        let request = parts.build(self.client)?;
        let body = parts.body.as_ref().and_then(Body::bytes).cloned();
        Ok(HttpRequest::of(
            &request,
            body.unwrap_or_default(),
            self.client,
            parts.operation,
        ))
    }

    /// Sends the request, retries it where that does no harm, and returns the response, whatever its status.
    ///
    /// The document says whether the operation may be sent again after it may have been applied. If it does not describe the
    /// operation, HTTP says so for the method.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], [`Error::Setup`], [`Error::NotSent`] or [`Error::NoAnswer`].
    pub async fn send(self) -> Result<HttpResponse, Error> {
        Ok(self.exchange(Streamed::None).await?.response)
    }

    /// Sends the request as [`send`](Self::send) does, and returns the response, whatever its status, as soon as its head has arrived.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], [`Error::Setup`], [`Error::NotSent`] or [`Error::NoAnswer`].
    pub async fn send_streaming(self) -> Result<ReplyStream, Error> {
        let client = self.client;
        let exchanged = self.exchange(Streamed::All).await?;
        Ok(client.reply_stream(exchanged.response, exchanged.rest))
    }

    async fn exchange(self, streamed: Streamed) -> Result<Exchanged, Error> {
        let (client, parts) = (self.client, self.parts?);
        let exchange = Exchange {
            operation: parts.operation,
            is_idempotent: match parts.operation {
                Some(operation) => operation.is_idempotent,
                None => parts.method.is_idempotent(),
            },
            retry: None,
            timeout: self.timeout,
            body: parts.body.as_ref(),
            streamed,
        };
        client.exchange(exchange, || parts.build(client)).await
    }
}

impl Parts {
    fn build(&self, client: &Client) -> Result<reqwest::Request, Error> {
        let body = self.body.as_ref();
        if body.is_some_and(Body::is_spent) {
            return Err(Error::invalid_input("body", SPENT));
        }
        let mut headers = self.headers.clone();
        if body.is_some() {
            let json = HeaderValue::from_static("application/json");
            headers.entry(CONTENT_TYPE).or_insert(json);
        }
        let mut url = self.url.clone();
        let mut query = url.query().unwrap_or_default().to_owned();
        let mut cookies = String::new();
        let mut request = Unauthenticated {
            body: body.map_or(Some(&[]), |body| body.bytes().map(|bytes| &bytes[..])),
            headers: &mut headers,
            query: &mut query,
            cookies: &mut cookies,
        };
        client
            .credentials()
            .apply_to_any(client.api(), self.operation, &mut request)?;
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        if !cookies.is_empty() {
            headers.insert(COOKIE, headers::sensitive(&cookies)?);
        }
        headers::add_missing(&mut headers, client.headers());
        let mut request = reqwest::Request::new(self.method.clone(), url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.and_then(Body::outgoing);
        Ok(request)
    }
}

/// Shows no part of the request, because any of them may contain a secret.
impl fmt::Debug for UntypedRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UntypedRequest")
            .finish_non_exhaustive()
    }
}

fn parse_method(method: &str) -> Result<Method, Error> {
    match Method::from_bytes(method.as_bytes()) {
        // A tunnel is not a request to the API.
        Ok(method) if method != Method::CONNECT => Ok(method),
        _ => Err(Error::invalid_input(
            "method",
            "it is not a valid method, such as `GET` or `PATCH`",
        )),
    }
}

/// The URL of `path`. It is below the base, because credentials must not be sent elsewhere.
fn append(base_url: &str, path: &str) -> Result<Url, Error> {
    const FIELD: &str = "path";
    if !path.starts_with('/') {
        return Err(Error::invalid_input(FIELD, "it does not begin with `/`"));
    }
    if path.contains('#') {
        return Err(Error::invalid_input(FIELD, "it has a fragment"));
    }
    let invalid = |error| Error::invalid_input(FIELD, format!("it makes no URL: {error}"));
    let base = Url::parse(base_url).map_err(invalid)?;
    let url = Url::parse(&format!("{base_url}{path}")).map_err(invalid)?;
    let below = format!("{}/", base.path().trim_end_matches('/'));
    if url.origin() == base.origin() && url.path().starts_with(&below) {
        Ok(url)
    } else {
        Err(Error::invalid_input(FIELD, "it leads out of the base URL"))
    }
}

/// The operation that the document describes there, whatever the query: of several, the one with the fewest parameters in its path.
fn find_operation(api: &Api, method: &Method, path: &str) -> Option<&'static Operation> {
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    api.operations
        .iter()
        .filter(|operation| {
            operation.method == method.as_str() && fits(operation.split_path().0, path)
        })
        .min_by_key(|operation| operation.path.matches('{').count())
}

/// Whether `path` is one of those that `template` describes.
fn fits(template: &str, path: &str) -> bool {
    let (mut expected, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return true,
            (Some(expected), Some(given)) if fits_segment(expected, given) => {}
            _ => return false,
        }
    }
}

/// Parameters have at least one character; what is between two of them is not compared.
fn fits_segment(expected: &str, given: &str) -> bool {
    let Some((start, rest)) = expected.split_once('{') else {
        return expected == given;
    };
    let end = rest.rsplit_once('}').map_or("", |(_, end)| end);
    let value = given
        .strip_prefix(start)
        .and_then(|it| it.strip_suffix(end));
    value.is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Credentials;
    use crate::sample::{API, client};

    const BASE_URL: &str = "https://api.example.com/v1";

    fn sample() -> Client {
        client(Credentials::api_key("canary"))
    }

    #[track_caller]
    fn refused(request: UntypedRequest<'_>) -> String {
        let error = request.prepare().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
        error.to_string()
    }

    #[test]
    fn a_path_stays_below_the_base_url() {
        for (path, expected) in [
            ("/", "/"),
            ("/items/a%20b?c=d", "/items/a%20b?c=d"),
            ("//my-system.com", "//my-system.com"),
            ("/a/../b", "/b"),
        ] {
            let url = append(BASE_URL, path).unwrap();
            assert_eq!(url.as_str(), format!("{BASE_URL}{expected}"));
        }
        for path in [
            "",
            "v1",
            "@my-system.com",
            "https://my-system.com",
            "/..",
            "/../other",
            "/%2e%2e/other",
            "/a/../../other",
            "\\..\\other",
            "/\\../../other",
            "/a#b",
        ] {
            append(BASE_URL, path).unwrap_err();
        }
    }

    #[test]
    fn headers_that_could_carry_or_hide_a_credential_are_refused() {
        for name in [
            "Authorization",
            "X-API-KEY",
            "cookie",
            "Host",
            "content-length",
            "expect",
            "trailer",
            "keep-alive",
            "proxy-connection",
            "a b",
        ] {
            let text = refused(sample().request("GET", "/").header(name, "canary"));
            assert!(!text.contains("canary"), "{text}");
        }
        let text = refused(sample().request("GET", "/").header("x-trace", "canary\n"));
        assert!(!text.contains("canary"), "{text}");
        refused(sample().request("CONNECT", "/"));
        refused(sample().request("G T", "/"));
    }

    #[test]
    fn an_operation_is_known_by_method_and_path() {
        for (method, path, is_known) in [
            ("PATCH", "/items/a", true),
            ("PATCH", "/items/a?b=c", true),
            ("GET", "/items/a", false),
            ("PATCH", "/items/", false),
            ("PATCH", "/items/a/b", false),
            ("PATCH", "/items", false),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(
                find_operation(&API, &method, path).is_some(),
                is_known,
                "{path}"
            );
        }
    }

    #[test]
    fn a_concrete_path_comes_before_one_with_parameters() {
        static API: Api = Api::new(crate::package!()).operations(&[
            Operation::new("token", "GET", "/tokens/{id}"),
            Operation::new("public", "GET", "/tokens/public"),
            Operation::new("file", "GET", "/files/{id}.json"),
            Operation::new("version", "GET", "/v{version}"),
            Operation::new("search", "GET", "/search?query={query}"),
            Operation::new("start", "GET", "/start#now"),
        ]);
        for (path, expected) in [
            ("/tokens/public", Some("public")),
            ("/tokens/1", Some("token")),
            ("/files/1.json", Some("file")),
            ("/files/.json", None),
            ("/files/1.xml", None),
            ("/v2", Some("version")),
            ("/v", None),
            ("/search?query=a", Some("search")),
            ("/start", Some("start")),
        ] {
            let found = find_operation(&API, &Method::GET, path);
            assert_eq!(found.map(|found| found.operation_id), expected, "{path}");
        }
    }

    #[test]
    fn an_operation_keeps_its_server() {
        static API: Api = Api::new(crate::package!())
            .servers(&["https://api.example.com/v1"])
            .operations(&[Operation::new("upload", "PUT", "/files/{name}")
                .server("https://files.example.com/up/")]);
        let client = |base_url| {
            let builder = Client::builder(&API, Credentials::none()).base_url(base_url);
            let client: Client = builder.build().unwrap();
            client
        };
        for (base_url, path, expected) in [
            (
                BASE_URL,
                "/files/a?b=c",
                "https://files.example.com/up/files/a?b=c",
            ),
            (BASE_URL, "/items", "https://api.example.com/v1/items"),
            (
                "https://eu.example.com",
                "/files/a",
                "https://eu.example.com/files/a",
            ),
        ] {
            let client = client(base_url);
            let request = client.request("PUT", path).prepare().unwrap();
            assert_eq!(request.url(), expected);
        }
    }

    #[test]
    fn a_prepared_request_shows_everything_but_the_credential() {
        let client = sample();
        let request = client.request("POST", "/a").header("x-trace", "1");
        let request = request.body(*br#"{"a":[{"authorization":"x"}]}"#);
        let request = request.prepare().unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(request.url(), "http://127.0.0.1:1/v1/a");
        let secrets = request.secrets();
        assert_eq!(secrets.len(), 1);
        assert_eq!(secrets[0].expose(), "x");
        let mut headers: Vec<_> = request.headers().collect();
        headers.sort();
        assert_eq!(
            headers,
            [
                ("accept", Some("*/*".as_bytes())),
                ("content-type", Some(b"application/json")),
                (
                    "user-agent",
                    Some(concat!("spec-first-runtime/", env!("CARGO_PKG_VERSION")).as_bytes())
                ),
                ("x-api-key", None),
                ("x-trace", Some(b"1")),
            ]
        );
        assert!(!format!("{request:?}").contains("canary"));
    }
}
