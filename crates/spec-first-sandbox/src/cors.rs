//! Which pages may use the API from a browser (the CORS protocol of the Fetch standard). Does not cover the control API, which
//! pages of other origins can never use.

use std::str::FromStr;

use axum::http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{self, HeaderName},
    request::Parts,
};

use crate::{
    contract::answer::{Answer, Payload},
    host,
};

/// The origin of pages that may use the API from a browser: `loopback`, `any`, or an origin such as `https://app.example:8443`.
///
/// ```
/// use spec_first_sandbox::CorsOrigin;
///
/// assert_eq!("loopback".parse(), Ok(CorsOrigin::Loopback));
/// assert_eq!("https://app.example/".parse(), Ok(CorsOrigin::Exact("https://app.example".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorsOrigin {
    /// Pages on this machine: `http` or `https`, with any port of `localhost`, its subdomains, or a loopback address.
    Loopback,
    /// All pages, without cookies.
    Any,
    /// Pages of one origin, as browsers write it: in lower case, without a default port and without a path.
    Exact(String),
}

/// The text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not `loopback`, `any`, or an origin such as `https://app.example:8443`")]
#[non_exhaustive]
pub struct UnknownOrigin {
    /// The text.
    pub given: String,
}

/// The origins whose pages may use the API.
#[derive(Debug)]
pub(crate) struct Cors(Vec<CorsOrigin>);

impl FromStr for CorsOrigin {
    type Err = UnknownOrigin;

    fn from_str(text: &str) -> Result<Self, UnknownOrigin> {
        match text {
            "loopback" => return Ok(Self::Loopback),
            "any" => return Ok(Self::Any),
            _ => {}
        }
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let unknown = || UnknownOrigin {
            given: text.to_owned(),
        };
        let (scheme, host) = split(&origin).ok_or_else(unknown)?;
        let default_port = match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let port = host.port_u16().filter(|port| Some(*port) != default_port);
        Ok(Self::Exact(format_origin(&scheme, host.host(), port)))
    }
}

impl CorsOrigin {
    fn includes(&self, origin: &str) -> bool {
        match self {
            Self::Loopback => is_loopback(origin),
            Self::Any => true,
            Self::Exact(exact) => exact == origin,
        }
    }
}

impl Cors {
    pub(crate) fn of(origins: &[CorsOrigin]) -> Self {
        Self(origins.to_vec())
    }

    /// Answers a preflight; `None` if the request is not one or its origin is not allowed.
    pub(crate) fn preflight(&self, head: &Parts) -> Option<Answer> {
        let method = asked_before(head).filter(|_| self.allows(&head.headers))?;
        let mut answer = Answer::new(StatusCode::NO_CONTENT, Payload::Empty);
        // Methods and headers that are not documented are rejected in the actual request, with a reason that the page can read.
        let methods = (header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        let names = head.headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
        let names = names.into_iter().cloned();
        let names = names.map(|names| (header::ACCESS_CONTROL_ALLOW_HEADERS, names));
        answer.headers.extend([methods].into_iter().chain(names));
        Some(answer)
    }

    /// Lets the page that sent a request read the response and all of its headers, if its origin is allowed.
    pub(crate) fn permit(&self, request: &Parts, answer: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        let is_any = self.0.contains(&CorsOrigin::Any);
        let origin = request.headers.get(header::ORIGIN);
        let may_be_cached = [Method::GET, Method::HEAD].contains(&request.method);
        if !is_any && (origin.is_some() || may_be_cached) {
            answer.append(header::VARY, HeaderValue::from_static("origin"));
        }
        let Some(origin) = origin.filter(|_| self.allows(&request.headers)) else {
            return;
        };
        let mut names: Vec<_> = answer.keys().map(HeaderName::as_str).collect();
        if !answer.contains_key(header::DATE) {
            // hyper adds it later.
            names.push(header::DATE.as_str());
        }
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        let allowed = if is_any {
            HeaderValue::from_static("*")
        } else {
            let with_cookies = HeaderValue::from_static("true");
            answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, with_cookies);
            origin.clone()
        };
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    }

    /// Whether a request comes from a page that may use the API.
    fn allows(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (Some(origin), None) = (origins.next(), origins.next()) else {
            return false;
        };
        let origin = origin.to_str();
        origin.is_ok_and(|origin| self.0.iter().any(|allowed| allowed.includes(origin)))
    }
}

/// The method of the request before which a browser sends this one; `None` if it is not a preflight.
pub(crate) fn asked_before(head: &Parts) -> Option<&HeaderValue> {
    if head.method != Method::OPTIONS || !head.headers.contains_key(header::ORIGIN) {
        return None;
    }
    head.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Splits an origin into scheme and host.
fn split(origin: &str) -> Option<(String, axum::http::uri::Authority)> {
    let parts = origin.parse::<Uri>().ok()?.into_parts();
    let (scheme, host) = (parts.scheme?.to_string(), parts.authority?);
    // No user, no path, and a numeric port.
    let is_whole = format_origin(&scheme, host.host(), host.port_u16()) == origin;
    let names_host = !host.host().is_empty() && !host.host().contains('*');
    (is_whole && names_host).then_some((scheme, host))
}

fn is_loopback(origin: &str) -> bool {
    let Some((scheme, host)) = split(origin) else {
        return false;
    };
    let name = host.host();
    let is_name = || name == "localhost" || name.ends_with(".localhost");
    let is_address = || host::address(name).is_some_and(host::is_loopback);
    ["http", "https"].contains(&scheme.as_str()) && (is_name() || is_address())
}

fn format_origin(scheme: &str, host: &str, port: Option<u16>) -> String {
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    format!("{scheme}://{host}{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_on_this_machine_are_recognized_by_their_host() {
        for origin in [
            "http://localhost:5173",
            "https://localhost",
            "http://app.localhost:3000",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:3000",
        ] {
            assert!(CorsOrigin::Loopback.includes(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "localhost:5173",
            "ftp://localhost",
            "http://localhost.evil.example",
            "http://evil.example#.localhost",
            "http://evil.example/.localhost",
            "http://localhost@evil.example",
            "http://localhost:80@evil.example",
            "http://notlocalhost",
            "http://127.0.0.1.evil.example",
            "http://192.168.1.5",
            "http://0.0.0.0",
            "file://",
        ] {
            assert!(!CorsOrigin::Loopback.includes(origin), "{origin}");
        }
    }

    #[test]
    fn origins_are_compared_as_browsers_write_them() {
        for (text, origin) in [
            ("https://App.Example", "https://app.example"),
            ("https://app.example:443/", "https://app.example"),
            ("http://app.example:443", "http://app.example:443"),
            ("http://[::1]:80", "http://[::1]"),
            ("app://desktop", "app://desktop"),
        ] {
            let parsed: CorsOrigin = text.parse().unwrap();
            assert!(parsed.includes(origin), "{text}: {parsed:?}");
            assert!(!parsed.includes("https://other.example"), "{text}");
        }
        for text in [
            "",
            "*",
            "app.example",
            "https://",
            "https://a.example/path",
            "https://a.example?q",
            "https://user@a.example",
            "https://a.example:",
            "https://a b",
            "https://*.example",
            "https://a.example:99999",
        ] {
            let error = text.parse::<CorsOrigin>().unwrap_err();
            assert_eq!(error.given, text);
        }
    }
}
