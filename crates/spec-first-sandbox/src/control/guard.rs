//! Who may use the control API: programs and the sandbox's own page, but no page of another origin.
//!
//! A page of another origin is recognized by `Origin` or `Sec-Fetch-Site`, and DNS rebinding by the `Host`. There are no CORS
//! headers, so browsers do not let other origins read the responses either.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::Response,
};

use super::responses::rejection;
use crate::host;

/// Lets a request through unless it comes from another origin.
pub(super) async fn admit(
    State(address): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    match authorize(address.ip(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => rejection(StatusCode::FORBIDDEN, refused.error, refused.help),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Refused {
    error: &'static str,
    help: &'static str,
}

const HOST: Refused = Refused {
    error: "the control API is not available under this host",
    help: "use the address that the sandbox listens on, `localhost` or `127.0.0.1`",
};

const ORIGIN: Refused = Refused {
    error: "the control API is not available to pages of other origins",
    help: "use it from a program or from the sandbox's own page",
};

fn authorize(bound: IpAddr, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(HOST);
    };
    let host = host.to_str().map_err(|_| HOST)?;
    // An absolute request target contains a host, which takes precedence.
    let named = uri.authority().map(Authority::as_str).into_iter();
    if !named.chain([host]).all(|host| is_own_host(bound, host)) {
        return Err(HOST);
    }
    let own_origin = format!("http://{host}");
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if !origins.all(|origin| {
        origin
            .as_bytes()
            .eq_ignore_ascii_case(own_origin.as_bytes())
    }) {
        return Err(ORIGIN);
    }
    let mut sites = headers.get_all("sec-fetch-site").iter();
    // `none` means that a person entered the address.
    if !sites.all(|site| site == "same-origin" || site == "none") {
        return Err(ORIGIN);
    }
    Ok(())
}

/// Whether a host, with or without a port, means this machine without asking a name server. Any port is accepted, since it may
/// be forwarded.
fn is_own_host(bound: IpAddr, written: &str) -> bool {
    let Ok(authority) = written.parse::<Authority>() else {
        return false;
    };
    if written.contains('@') {
        return false;
    }
    let name = authority.host();
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let Some(address) = host::address(name) else {
        return false;
    };
    // A sandbox that listens on all addresses is reachable under each of them. Literal addresses need no name server.
    let is_bound = bound.is_unspecified() || address == bound;
    is_bound || host::is_loopback(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorize_headers(
        bound: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Result<(), Refused> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        authorize(bound.parse().unwrap(), &Uri::from_static("/state"), &map)
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: Result<(), Refused>) {
        assert_eq!(
            authorize_headers("127.0.0.1", headers),
            expected,
            "{headers:?}"
        );
    }

    #[test]
    fn the_host_must_be_an_address_of_this_machine() {
        for host in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "127.9.9.9:1",
            "localhost:8080",
            "LOCALHOST",
            "[::1]:8080",
            "[::ffff:127.0.0.1]:1",
        ] {
            check(&[("host", host)], Ok(()));
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "user@127.0.0.1",
            "192.168.1.5",
            "0.0.0.0:8080",
            "127.0.0.1:8080:9090",
            "",
        ] {
            check(&[("host", host)], Err(HOST));
        }
        check(&[], Err(HOST));
        check(&[("host", "localhost"), ("host", "localhost")], Err(HOST));
    }

    #[test]
    fn the_bound_address_is_accepted_as_the_host() {
        assert_eq!(
            authorize_headers("192.168.1.5", &[("host", "192.168.1.5:80")]),
            Ok(())
        );
        assert_eq!(
            authorize_headers("192.168.1.5", &[("host", "192.168.1.6:80")]),
            Err(HOST)
        );
        assert_eq!(
            authorize_headers("0.0.0.0", &[("host", "192.168.1.6:80")]),
            Ok(())
        );
        assert_eq!(
            authorize_headers("0.0.0.0", &[("host", "evil.example")]),
            Err(HOST)
        );
    }

    #[test]
    fn the_host_of_an_absolute_target_is_checked() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost".parse().unwrap());
        let bound = "127.0.0.1".parse().unwrap();
        let evil = Uri::from_static("http://evil.example/state");
        assert_eq!(authorize(bound, &evil, &headers), Err(HOST));
        let own = Uri::from_static("http://localhost/state");
        assert_eq!(authorize(bound, &own, &headers), Ok(()));
    }

    #[test]
    fn the_origin_must_match_the_host() {
        const OWN: (&str, &str) = ("host", "localhost:8080");
        check(&[OWN, ("origin", "http://localhost:8080")], Ok(()));
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:3000",
            "http://localhost",
            "https://localhost:8080",
            "http://127.0.0.1:8080",
            "http://localhost:8080.evil.example",
            "",
        ] {
            check(&[OWN, ("origin", origin)], Err(ORIGIN));
        }
        check(
            &[
                OWN,
                ("origin", "http://localhost:8080"),
                ("origin", "http://evil.example"),
            ],
            Err(ORIGIN),
        );
    }

    #[test]
    fn a_fetch_must_be_same_origin_or_user_initiated() {
        const OWN: (&str, &str) = ("host", "localhost:8080");
        check(&[OWN, ("sec-fetch-site", "same-origin")], Ok(()));
        check(&[OWN, ("sec-fetch-site", "none")], Ok(()));
        check(&[OWN, ("sec-fetch-site", "same-site")], Err(ORIGIN));
        check(&[OWN, ("sec-fetch-site", "cross-site")], Err(ORIGIN));
        check(&[OWN, ("sec-fetch-site", "else")], Err(ORIGIN));
    }
}
