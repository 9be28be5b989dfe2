//! Finds the proxy that the environment names for a base URL. An address that cannot be used is an error: reqwest ignores it and
//! connects directly.

use std::env::VarError;
use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use crate::Error;

/// The address of the proxy for `base_url`, by the variables that `variable` reads; `None` to connect directly.
///
/// # Errors
/// [`Error::InvalidInput`] for a proxy address that cannot be used. The message does not show it, because it may contain a password.
pub(crate) fn find(
    base_url: &Url,
    variable: impl Fn(&str) -> Result<String, VarError>,
) -> Result<Option<Url>, Error> {
    let without = first_set(&["NO_PROXY", "no_proxy"], &variable)?;
    if without.is_some_and(|(_, list)| is_listed(&list, base_url)) {
        return Ok(None);
    }
    let names: &[&'static str] = if base_url.scheme() == "https" {
        &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else if matches!(variable("REQUEST_METHOD"), Err(VarError::NotPresent)) {
        &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        // In a CGI program, `HTTP_PROXY` is the `Proxy` header of the incoming request.
        &["http_proxy", "ALL_PROXY", "all_proxy"]
    };
    let Some((name, address)) = first_set(names, &variable)? else {
        return Ok(None);
    };
    let proxy = parse(&address).map_err(|reason| unusable(name, &reason))?;
    Ok(Some(proxy))
}

/// The first variable that is not empty, with its name.
fn first_set(
    names: &[&'static str],
    variable: impl Fn(&str) -> Result<String, VarError>,
) -> Result<Option<(&'static str, String)>, Error> {
    for &name in names {
        match variable(name) {
            Ok(value) if !value.trim().is_empty() => return Ok(Some((name, value))),
            Ok(_) | Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(unusable(name, "it is not Unicode")),
        }
    }
    Ok(None)
}

fn unusable(name: &str, reason: &str) -> Error {
    Error::invalid_input("proxy", format!("in the variable `{name}`, {reason}"))
}

/// Parses the address of a proxy, which is `http` if it has no scheme.
fn parse(address: &str) -> Result<Url, String> {
    let address = address.trim();
    let address = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    let mut url = Url::parse(&address).map_err(|error| format!("it is not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" => {}
        "socks4" | "socks4a" | "socks5" | "socks5h" => {
            return Err("it is a SOCKS proxy; only `http` and `https` are supported".to_owned());
        }
        _ => return Err("its scheme is neither `http` nor `https`".to_owned()),
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    // reqwest ignores addresses that are URLs for browsers but not for HTTP.
    if url.as_str().parse::<http::Uri>().is_err() {
        return Err("it has a character that the address of a proxy cannot have".to_owned());
    }
    Ok(url)
}

/// Whether `list`, the value of `NO_PROXY`, names the host of `url`.
fn is_listed(list: &str, url: &Url) -> bool {
    let entries = list.split(|character: char| character == ',' || character.is_whitespace());
    entries
        .filter(|entry| !entry.is_empty())
        .any(|entry| covers(entry, url))
}

fn covers(entry: &str, url: &Url) -> bool {
    if entry == "*" {
        return true;
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        _ => None,
    };
    if let Ok(network) = entry.parse::<IpNet>() {
        return address.is_some_and(|address| network.contains(&address));
    }
    // A colon in an IPv6 address without brackets is not followed by a port.
    if let Ok(entry) = entry.parse::<IpAddr>() {
        return address == Some(entry);
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (entry, None),
    };
    if port.is_some_and(|port| port.parse().ok() != url.port_or_known_default()) {
        return false;
    }
    let (name, only_below) = match name.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (name.strip_prefix('.').unwrap_or(name), false),
    };
    match (Host::parse(name), url.host()) {
        (Ok(Host::Domain(name)), Some(Host::Domain(host))) => {
            let (name, host) = (name.trim_end_matches('.'), host.trim_end_matches('.'));
            match host.strip_suffix(name) {
                Some("") => !only_below,
                Some(below) => below.ends_with('.'),
                None => false,
            }
        }
        (Ok(name), Some(host)) => !only_below && name == host.to_owned(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_with(base_url: &str, variables: &[(&str, &str)]) -> Result<Option<Url>, Error> {
        find(&Url::parse(base_url).unwrap(), |name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })
    }

    #[track_caller]
    fn refused(variable: &str, value: &str) -> String {
        let result = find_with("https://gateway.acme.example", &[(variable, value)]);
        match result {
            Err(error) => format!("{error} {error:?}"),
            Ok(_) => panic!("{variable}={value} is taken"),
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused_and_not_shown() {
        for value in [
            "canary://proxy.example",
            "socks5://user:canary@proxy.example",
            "http://user:canary@",
            "http://user:canary@proxy.example:port",
            "user:canary@proxy.example:99999999",
            "http://user:canary@proxy{}.example",
            "http://user:canary@pro xy",
            "://canary",
        ] {
            let text = refused("HTTPS_PROXY", value);
            assert!(text.contains("`HTTPS_PROXY`"), "{text}");
            assert!(!text.contains("canary"), "{value}: {text}");
        }
    }

    #[test]
    fn every_spelling_of_the_variables_counts_and_the_scheme_chooses() {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            assert!(refused(name, "ftp://x").contains(&format!("`{name}`")));
        }
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
            assert!(find_with("http://gateway.example", &[(name, "ftp://x")]).is_err());
        }
        for (base_url, name) in [
            ("http://gateway.example", "HTTPS_PROXY"),
            ("https://gateway.example", "HTTP_PROXY"),
        ] {
            let proxy = find_with(base_url, &[(name, "ftp://x")]).unwrap();
            assert!(proxy.is_none());
        }
        let empty = [("HTTPS_PROXY", " "), ("https_proxy", "ftp://x")];
        assert!(find_with("https://gateway.example", &empty).is_err());
    }

    #[test]
    fn a_cgi_program_does_not_let_its_caller_choose_the_proxy() {
        let cgi = ("REQUEST_METHOD", "GET");
        let base_url = "http://gateway.example";
        let proxy = find_with(base_url, &[cgi, ("HTTP_PROXY", "http://x")]).unwrap();
        assert!(proxy.is_none());
        let proxy = find_with(base_url, &[cgi, ("http_proxy", "http://x")]).unwrap();
        assert!(proxy.is_some());
    }

    #[test]
    fn usual_addresses_are_taken() {
        for value in [
            "http://proxy.example:3128",
            "HTTP://proxy.example/",
            "https://user:p%40ss@proxy.example",
            "proxy.example:3128",
            "user:pass@proxy.example:3128",
            "[::1]:3128",
            " http://10.0.0.1 ",
        ] {
            let proxy =
                find_with("https://gateway.acme.example", &[("HTTPS_PROXY", value)]).unwrap();
            assert!(proxy.is_some(), "{value}");
        }
    }

    #[test]
    fn the_hosts_without_a_proxy_are_named_in_any_usual_way() {
        let name = "https://gateway.acme.example/api";
        for (list, url, expected) in [
            ("*", name, true),
            ("acme.example", name, true),
            (".acme.example", name, true),
            ("*.acme.example", name, true),
            ("*.ACME.example", name, true),
            ("Gateway.Acme.EXAMPLE", name, true),
            ("gateway.acme.example.", name, true),
            ("*.gateway.acme.example", name, false),
            (".gateway.acme.example", name, true),
            ("elou.ai", name, false),
            ("acme", name, false),
            ("gateway.acme.example:443", name, true),
            ("*.acme.example:443", name, true),
            ("gateway.acme.example:80", name, false),
            ("gateway.acme.example:port", name, false),
            ("localhost , acme.example", name, true),
            ("localhost acme.example", name, true),
            ("localhost,,", name, false),
            ("", name, false),
            ("10.0.0.0/8", name, false),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.0.0.0/8", "https://11.1.2.3", false),
            ("10.1.2.3", "https://10.1.2.3:8443", true),
            ("10.1.2.3:8443", "https://10.1.2.3:8443", true),
            ("10.1.2.3:443", "https://10.1.2.3:8443", false),
            ("fd00::/8", "https://[fd00::1]", true),
            ("fd00::1", "https://[fd00::1]", true),
            ("[fd00::1]", "https://[fd00::1]", true),
            ("[fd00::1]:443", "https://[fd00::1]", true),
            ("[fd00::1]:80", "https://[fd00::1]", false),
            ("fd00::2", "https://[fd00::1]", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(is_listed(list, &url), expected, "{list} {url}");
        }
    }

    #[test]
    fn what_is_not_used_does_not_have_to_be_usable() {
        let variables = [("HTTPS_PROXY", "ftp://x"), ("no_proxy", "*.acme.example")];
        let proxy = find_with("https://gateway.acme.example", &variables).unwrap();
        assert!(proxy.is_none());
    }
}
