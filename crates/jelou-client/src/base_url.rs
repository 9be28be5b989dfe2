//! Where requests go: an origin and a base path, checked once.

use url::{Host, Url};

use crate::Error;

const FIELD: &str = "base URL";

/// Checks `text` and removes the trailing slash, with which the paths of the document would begin with two.
///
/// # Errors
/// It is no URL, has credentials, a query or a fragment, or is plain `http` to anything but the loopback interface: credentials
/// would travel in clear.
pub(crate) fn parse(text: &str) -> Result<String, Error> {
    let url = Url::parse(text)
        .map_err(|error| Error::invalid_input(FIELD, format!("it is not a URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid_input(
            FIELD,
            "it has credentials in it; they must be given apart from it",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Error::invalid_input(FIELD, "it has a query or a fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
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
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
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
        assert_eq!(
            parse("https://gateway.jelou.ai/jelouapi/").unwrap(),
            "https://gateway.jelou.ai/jelouapi"
        );
        assert_eq!(
            parse("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080"
        );
    }

    #[test]
    fn a_url_that_would_expose_a_credential_is_refused() {
        for text in [
            "http://gateway.jelou.ai/jelouapi",
            "http://localhost.example.com",
            "https://user:canary@gateway.jelou.ai",
            "https://gateway.jelou.ai/?key=canary",
            "file:///etc/passwd",
            "gateway.jelou.ai",
        ] {
            let error = parse(text).unwrap_err();
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
}
