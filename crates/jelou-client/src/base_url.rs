//! Where requests go: an origin and a base path, checked once.

use url::{Host, Url};

use crate::Error;

const FIELD: &str = "base URL";

/// How requests reach the base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Encrypted, through a proxy where the environment names one.
    Https,
    /// Plain `http` that does not leave the machine. A proxy would carry it away, so none is used.
    Loopback,
    /// Plain `http` over a network, which the caller asked for.
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
/// interface: credentials would travel in clear, unless `allows_plain_http` accepts that.
pub(crate) fn parse(text: &str, allows_plain_http: bool) -> Result<BaseUrl, Error> {
    let url = Url::parse(text)
        .map_err(|error| Error::invalid_input(FIELD, format!("it is not a URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid_input(
            FIELD,
            "it has credentials in it; they must be given apart from it",
        ));
    }
    // `https://user:1/2@host` is a password with a slash in it to a person, and the server `user` to a URL reader.
    if url.path().contains('@') || url.path().to_ascii_lowercase().contains("%40") {
        return Err(Error::invalid_input(
            FIELD,
            "its path has an `@` in it, as if it began with credentials; they must be given apart from it",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Error::invalid_input(FIELD, "it has a query or a fragment"));
    }
    let channel = match url.scheme() {
        "https" => Channel::Https,
        "http" if is_loopback(&url) => Channel::Loopback,
        "http" if allows_plain_http => Channel::PlainHttp,
        "http" => {
            return Err(Error::invalid_input(
                FIELD,
                "it is plain `http`, so credentials would travel in clear; use `https` (`http` works for loopback only)",
            ));
        }
        scheme => {
            return Err(Error::invalid_input(
                FIELD,
                format!("`{scheme}` is neither `https` nor `http`"),
            ));
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
                "https://gateway.jelou.ai/jelouapi/",
                ("https://gateway.jelou.ai/jelouapi", Channel::Https),
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
            "http://gateway.jelou.ai/jelouapi",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "https://user:canary@gateway.jelou.ai",
            "https://gateway.jelou.ai/?key=canary",
            "https://user:1/canary@gateway.jelou.ai",
            "https://127.0.0.1:1/canary%40gateway.jelou.ai",
            "file:///etc/passwd",
            "gateway.jelou.ai",
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
