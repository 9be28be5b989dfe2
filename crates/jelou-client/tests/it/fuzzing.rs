//! The property of the fuzz target `webhook_url`, and its corpus. The input is the URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;
use jelou_client::{InvalidWebhookUrl, WebhookUrl};
use url::{Host, Url};

/// Checks that whatever is accepted leads to a public host by HTTPS, as other readers understand it, and that a refusal echoes
/// nothing.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match WebhookUrl::try_from(text.as_ref()) {
        Ok(accepted) => check_accepted(&accepted, &text),
        Err(error) => check_refused(&error),
    }
    match WebhookUrl::for_development(text.as_ref()) {
        Ok(accepted) => {
            assert_eq!(accepted.as_str(), text);
            let url = Url::parse(&text).expect("it was accepted as a URL");
            assert!(url.has_host() && matches!(url.scheme(), "http" | "https"));
            assert_eq!((url.username(), url.password()), ("", None));
        }
        Err(error) => check_refused(&error),
    }
}

fn check_accepted(accepted: &WebhookUrl, text: &str) {
    assert_eq!(accepted.as_str(), text, "it is sent as it was written");
    assert_eq!(text.parse().as_ref(), Ok(accepted), "it is accepted again");
    let json = serde_json::to_string(accepted).expect("it is a text");
    assert_eq!(
        serde_json::from_str::<WebhookUrl>(&json).ok().as_ref(),
        Some(accepted)
    );
    assert_eq!(WebhookUrl::for_development(text).as_ref(), Ok(accepted));

    assert!(
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    );
    // The pattern of the document: `^https://[^/?#@]+([/?#]|$)`.
    let rest = text.strip_prefix("https://").expect("it is https");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    assert!(!authority.is_empty() && !authority.contains('@'), "{text}");

    let url = Url::parse(text).expect("it was accepted as a URL");
    assert_eq!(url.scheme(), "https");
    assert_eq!((url.username(), url.password()), ("", None));
    match url.host().expect("it has a host") {
        Host::Ipv4(address) => assert!(is_public_v4(address), "{text}"),
        Host::Ipv6(address) => assert!(is_public_v6(address), "{text}"),
        Host::Domain(name) => check_name(name, text),
    }
    check_other_reader(&url, text);
}

fn check_name(name: &str, text: &str) {
    let name = name.trim_end_matches('.');
    let (_, last) = name.rsplit_once('.').expect("a public name has a dot");
    assert!(
        !["localhost", "local", "internal", "arpa", "test", "lan"].contains(&last),
        "{text}"
    );
    assert!(name.parse::<IpAddr>().is_err(), "{text}");
}

/// Another reader of URLs, that of hyper, must not see another host or another port.
fn check_other_reader(url: &Url, text: &str) {
    let Ok(uri) = text.parse::<Uri>() else {
        return;
    };
    let host = uri.host().expect("an absolute URI has a host");
    if host.contains('%') {
        // Nothing is decoded; the decoded text would not be an address, as checked above.
        return;
    }
    let same = match url.host() {
        Some(Host::Ipv6(address)) => host.trim_matches(['[', ']']).parse() == Ok(address),
        Some(Host::Ipv4(address)) => host.parse() == Ok(address),
        Some(Host::Domain(name)) => host.eq_ignore_ascii_case(name),
        None => false,
    };
    assert!(same, "`{host}` is not the host of {text}");
    assert_eq!(
        uri.port_u16().unwrap_or(443),
        url.port().unwrap_or(443),
        "{text}"
    );
}

/// An error shows no part of the URL, which may contain a password. The canary is in the corpus and the dictionary.
fn check_refused(error: &InvalidWebhookUrl) {
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("canary"), "{printed}");
    assert!(!printed.chars().any(char::is_control), "{printed:?}");
    if let InvalidWebhookUrl::AddressNotPublic { address, .. } = error {
        assert_eq!(
            address.to_canonical(),
            *address,
            "it is where the host leads"
        );
    }
}

/// Written without the crate's table: the standard library where it can judge, arithmetic where it cannot.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && second / 64 == 1)
        || (first == 198 && second / 2 == 9);
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = Ipv4Addr::from_bits(address.to_bits() as u32);
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(v4),
        [0x2001, 0xdb8, ..] | [0x2001, 0, ..] | [0x2002, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[test]
fn what_holds_for_any_bytes_holds_for_the_corpus() {
    test_support::corpus::replay(
        env!("CARGO_MANIFEST_DIR"),
        &[
            ("webhook_event", crate::fuzzing_events::check),
            ("webhook_url", check),
        ],
    );
}
