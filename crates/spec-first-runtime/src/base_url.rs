//! The base URL: an origin and a base path, checked once.

use url::{Host, Url};

use crate::Error;

/// How requests reach the base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Encrypted, through a proxy if the environment names one.
    Https,
    /// Plain `http` that does not leave the machine. No proxy is used, because the request would leave it then.
    Loopback,
    /// Plain `http` over a network, as the caller requested.
    PlainHttp,
}

/// A base URL that was checked.
#[derive(Debug)]
pub(crate) struct BaseUrl {
    pub(crate) url: Url,
    pub(crate) channel: Channel,
}

impl BaseUrl {
    /// The URL without a slash at its end: the paths of the document begin with one.
    pub(crate) fn text(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }
}

/// Checks `text`.
///
/// # Errors
/// It is not a URL, has credentials, an `@` in its path, a query or a fragment, or is plain `http` to anything but the loopback
/// interface, which would send credentials in clear text, and `allows_plain_http` does not accept that.
pub(crate) fn parse(text: &str, allows_plain_http: bool) -> Result<BaseUrl, Error> {
    check(text, allows_plain_http).map_err(|reason| Error::invalid_input("base URL", reason))
}

/// Like [`parse`], with the reason alone.
pub(crate) fn check(text: &str, allows_plain_http: bool) -> Result<BaseUrl, String> {
    let url = Url::parse(text).map_err(|error| format!("it is not a URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it has credentials in it; they must be given apart from it".to_owned());
    }
    // People read `https://user:1/2@host` as a password that contains a slash; URL parsers read it as the server `user`.
    if url.path().contains('@') || url.path().to_ascii_lowercase().contains("%40") {
        return Err("its path has an `@` in it, as if it began with credentials; they must be given apart from it".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it has a query or a fragment".to_owned());
    }
    let channel = match url.scheme() {
        "https" => Channel::Https,
        "http" if is_loopback(&url) => Channel::Loopback,
        "http" if allows_plain_http => Channel::PlainHttp,
        "http" => {
            return Err("it is plain `http`, so credentials would travel in clear; use `https` (`http` works for loopback only)".to_owned());
        }
        scheme => {
            return Err(format!("`{scheme}` is neither `https` nor `http`"));
        }
    };
    Ok(BaseUrl { url, channel })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trailing_slash_goes() {
        for (text, expected) in [
            (
                "https://gateway.acme.example/api/",
                ("https://gateway.acme.example/api", Channel::Https),
            ),
            (
                "http://127.0.0.1:8080",
                ("http://127.0.0.1:8080", Channel::Loopback),
            ),
        ] {
            let base_url = parse(text, false).unwrap();
            assert_eq!((base_url.text(), base_url.channel), expected);
        }
    }

    #[test]
    fn a_url_that_would_expose_a_credential_is_refused() {
        for text in [
            "http://gateway.acme.example/api",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "https://user:canary@gateway.acme.example",
            "https://gateway.acme.example/?key=canary",
            "https://user:1/canary@gateway.acme.example",
            "https://127.0.0.1:1/canary%40gateway.acme.example",
            "file:///etc/passwd",
            "gateway.acme.example",
        ] {
            let error = parse(text, false).unwrap_err();
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn plain_http_over_a_network_must_be_asked_for() {
        let base_url = parse("http://gateway.internal:8080", true).unwrap();
        assert_eq!(base_url.channel, Channel::PlainHttp);
        let base_url = parse("http://[::1]:8080", true).unwrap();
        assert_eq!(base_url.channel, Channel::Loopback);
        parse("ftp://gateway.internal", true).unwrap_err();
        parse("http://user:canary@gateway.internal", true).unwrap_err();
    }
}
