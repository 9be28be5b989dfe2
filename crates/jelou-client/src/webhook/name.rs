//! Decides whether a name of a host is one that the public DNS can answer. Looks nothing up.

/// The ends of names that the public DNS never answers with the address of a web server, and what they are for.
///
/// Sources: IANA's [Special-Use Domain Names]; `internal`, which ICANN reserved for private use in 2024; and what
/// RFC 6762, appendix G, and common routers use in local networks. `example.com`, `example.net` and `example.org` are special
/// too, but they resolve and are common in documentation, so they are accepted.
///
/// [Special-Use Domain Names]: https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
const ENDS: &[(&str, &str)] = &[
    ("alt", "names outside of DNS"),
    ("arpa", "the infrastructure of DNS and of homes"),
    ("corp", "local networks"),
    ("example", "documentation"),
    ("home", "local networks"),
    ("internal", "private use"),
    ("intranet", "local networks"),
    ("invalid", "names that do not exist"),
    ("lan", "local networks"),
    ("local", "multicast DNS"),
    ("localdomain", "local networks"),
    ("localhost", "loopback"),
    ("onion", "Tor"),
    ("private", "local networks"),
    ("test", "tests"),
];

/// Why a name is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotPublic {
    /// DNS cannot hold the name.
    Malformed,
    /// The name has no dot.
    SingleLabel,
    /// The name ends with a label that is for something else.
    End(&'static str, &'static str),
}

/// Judges `name`, which is in lower case and ASCII, as a URL reader leaves it.
pub(super) fn check(name: &str) -> Result<(), NotPublic> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.len() > 253 {
        return Err(NotPublic::Malformed);
    }
    // Only ASCII is valid, so bytes are enough.
    let mut last = name.as_bytes();
    for label in last.split(|byte| *byte == b'.') {
        if !is_label(label) {
            return Err(NotPublic::Malformed);
        }
        last = label;
    }
    if let Some((end, purpose)) = ENDS.iter().find(|(end, _)| end.as_bytes() == last) {
        return Err(NotPublic::End(end, purpose));
    }
    if last.len() == name.len() {
        return Err(NotPublic::SingleLabel);
    }
    Ok(())
}

/// RFC 1123 does not allow underscores in host names, but DNS, proxies and real hosts do.
fn is_label(label: &[u8]) -> bool {
    (1..=63).contains(&label.len())
        && label
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_and_a_name_are_as_long_as_dns_allows() {
        let label = "a".repeat(63);
        let name = [label.as_str(); 3].join(".");
        assert_eq!(check(&format!("{label}.com")), Ok(()));
        assert_eq!(check(&format!("a{label}.com")), Err(NotPublic::Malformed));
        let longest = format!("{name}.{}", "b".repeat(61));
        assert_eq!(longest.len(), 253);
        assert_eq!(check(&longest), Ok(()));
        assert_eq!(check(&format!("{longest}.")), Ok(()));
        assert_eq!(check(&format!("{longest}b")), Err(NotPublic::Malformed));
    }

    #[test]
    fn an_end_is_a_whole_label() {
        for (end, purpose) in ENDS {
            let refused = Err(NotPublic::End(end, purpose));
            assert_eq!(check(end), refused);
            assert_eq!(check(&format!("a.{end}.")), refused);
            assert_eq!(check(&format!("a.b.{end}")), refused);
            assert_eq!(check(&format!("a.my{end}")), Ok(()));
            assert_eq!(check(&format!("{end}.com")), Ok(()));
        }
    }
}
