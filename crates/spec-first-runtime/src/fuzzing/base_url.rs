//! The base URL of a client. The input is the URL.

use url::{Host, Url};

use crate::base_url::{Channel, parse};

/// Checks that a path can be appended to every accepted base, and that credentials are sent in clear text only if that is allowed.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for allows_plain_http in [false, true] {
        match parse(&text, allows_plain_http) {
            Ok(accepted) => {
                let (base, channel) = (accepted.text(), accepted.channel);
                check_accepted(&text, base, channel, allows_plain_http);
                let again = parse(base, allows_plain_http).expect("it is accepted again");
                assert_eq!(
                    (again.text(), again.channel),
                    (base, channel),
                    "it is read again as it was"
                );
            }
            Err(error) => check_refused(&text, &error.to_string()),
        }
    }
}

fn check_accepted(text: &str, base: &str, channel: Channel, allows_plain_http: bool) {
    let url = Url::parse(base).expect("a base URL is a URL");
    let expected = match (url.scheme(), is_loopback(&url)) {
        ("https", _) => Channel::Https,
        ("http", true) => Channel::Loopback,
        ("http", false) => Channel::PlainHttp,
        (scheme, _) => panic!("`{scheme}` is accepted"),
    };
    assert_eq!(channel, expected, "{base}");
    assert!(allows_plain_http || channel != Channel::PlainHttp, "{base}");
    assert_eq!((url.username(), url.password()), ("", None), "{base}");
    assert_eq!((url.query(), url.fragment()), (None, None), "{base}");
    assert!(!base.ends_with('/'), "{base}");

    let written = Url::parse(text).expect("it was accepted as a URL");
    assert_eq!(url.origin(), written.origin(), "{base}");
    assert!(url.origin().is_tuple(), "{base}");

    let path = "/v1/projects/PROJECT_ID";
    let request = Url::parse(&format!("{base}{path}")).expect("a path can be appended");
    assert_eq!(request.origin(), url.origin(), "{request}");
    assert_eq!(
        request.path(),
        format!("{}{path}", url.path().trim_end_matches('/')),
        "{request}"
    );
    assert_eq!((request.query(), request.fragment()), (None, None));
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.octets()[0] == 127,
        Some(Host::Ipv6(address)) => address.to_bits() == 1,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Checks that an error shows at most the scheme. The canary is in the corpus and the dictionary.
fn check_refused(text: &str, error: &str) {
    let is_scheme = Url::parse(text).is_ok_and(|url| url.scheme().contains("canary"));
    assert!(is_scheme || !error.contains("canary"), "{error}");
    assert!(!error.chars().any(char::is_control), "{error:?}");
}
