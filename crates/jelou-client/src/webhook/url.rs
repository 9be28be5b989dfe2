//! The address to which Jelou delivers events. Judges the text alone: no name is looked up, and no connection is made.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};
use url::{Host, ParseError, Url};

use super::{address, name};

const HTTPS: &str = "https://";

/// Why a text is not the URL of a webhook: the first rule that it breaks. Nothing was sent.
///
/// No variant holds the text, whose credentials must not reach a log; an address is shown as it is read.
///
/// Source: `Parámetros del cuerpo` and `Cuerpo` of the page; `webhook-url-constraint` in the reconciliation.
///
/// ```
/// use jelou_client::WebhookUrl;
///
/// let error = WebhookUrl::try_from("https://0x7f.1/webhook").unwrap_err();
/// assert_eq!(error.to_string(), "its host is `127.0.0.1`, which is not a public address (loopback)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebhookUrl {
    /// The text is not a URL.
    #[error("it is not a URL: {0}")]
    NotAUrl(String),
    /// The URL has white space or control characters, which URL parsers silently remove.
    #[error("it contains white space or control characters")]
    HasWhiteSpace,
    /// The URL contains a backslash, which some URL parsers read as a slash and others as a part of the user name.
    #[error("it contains a backslash, which URL parsers interpret differently")]
    HasBackslash,
    /// The URL contains a user name or a password, which would end up in logs.
    #[error("it contains credentials; give them as `authorization`")]
    HasCredentials,
    /// The URL has a character that RFC 3986 does not allow in its position; the document requires a URI.
    #[error("it contains `{}`, which must be percent-encoded, or written as `xn--…` in a host name", .character.escape_default())]
    #[non_exhaustive]
    NotAUri {
        /// The first such character; `%` if no two hexadecimal digits follow it.
        character: char,
    },
    /// The URL does not begin with `https://`.
    #[error("it does not begin with `https://`")]
    NotHttps,
    /// The URL begins neither with `https://` nor with `http://`; see [`WebhookUrl::for_development`].
    #[error("it begins neither with `https://` nor with `http://`")]
    NotHttp,
    /// No host follows the scheme.
    #[error("it has no host")]
    NoHost,
    /// The host is an address that is not public, in whatever spelling.
    #[error("its host is `{address}`, which is not a public address ({purpose})")]
    #[non_exhaustive]
    AddressNotPublic {
        /// The address, whatever its spelling.
        address: IpAddr,
        /// What the address is for, such as `loopback`, `private use` or `link-local`.
        purpose: &'static str,
    },
    /// The host is a public IPv4 address that URL parsers interpret differently, such as `010.8.8.8`.
    #[error(
        "its host is `{address}`, written in a way that URL parsers interpret differently; write `{address}`"
    )]
    #[non_exhaustive]
    AmbiguousAddress {
        /// The address, as this crate reads it.
        address: Ipv4Addr,
    },
    /// The host name is reserved for something other than public web servers.
    #[error("its host name is not public: `.{end}` is reserved for {purpose}")]
    #[non_exhaustive]
    NameNotPublic {
        /// The last label of the name.
        end: &'static str,
        /// What such names are reserved for.
        purpose: &'static str,
    },
    /// The host is a name without a dot, which only a local network could know.
    #[error("its host name is not public: it has no dot")]
    SingleLabelName,
    /// The host is not a valid DNS name: a label is empty, too long, or contains characters other than letters, digits,
    /// `-` and `_`.
    #[error("its host is not a valid DNS name")]
    MalformedName,
}

/// What makes `TryInto<WebhookUrl>` of a URL that was checked already one more input of
/// [`Update::webhook_url`](crate::integrations::Update::webhook_url).
impl From<Infallible> for InvalidWebhookUrl {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The URL of a webhook: public, reached by HTTPS, and sent exactly as it was written.
///
/// - It is a URI (RFC 3986), begins with `https://` and a host, and has no credentials in it.
/// - A host that is an address is public, in whatever spelling: decimal, octal or hexadecimal, with digits of another script,
///   as IPv6 that carries IPv4.
/// - A host that is a name is one that the public DNS could answer: not `localhost`, `panel`, `panel.local`, `panel.internal`.
///
/// **No name is looked up**, so a name may still resolve to a private address, now or later: the code that connects must check
/// the address again. The rules keep mistakes out, such as the URL of a test environment; they protect no network.
///
/// The prose of the page wants a public URL reached by HTTPS, the schema section any URI: what satisfies the first satisfies
/// both. Source: `Parámetros del cuerpo` and `Cuerpo` of the page; `webhook-url-constraint` in the reconciliation.
///
/// ```
/// use jelou_client::{InvalidWebhookUrl, WebhookUrl};
///
/// let url: WebhookUrl = "https://my-system.com/webhook/jelou-v2".parse()?;
/// assert_eq!(url.as_str(), "https://my-system.com/webhook/jelou-v2");
/// assert_eq!("http://my-system.com".parse::<WebhookUrl>(), Err(InvalidWebhookUrl::NotHttps));
/// assert!("https://[::ffff:10.0.0.1]/webhook".parse::<WebhookUrl>().is_err());
/// # Ok::<(), InvalidWebhookUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// Accepts the URL of a webhook that only a test environment can reach: `http` and any host.
    ///
    /// The page wants a public URL reached by HTTPS, so **expect the real API to refuse it, or to accept it and never deliver an
    /// event**; the document demands `https://` in any case. It is for a stand-in of the API. What was written out with serde is
    /// read back by the strict rules, and refused.
    ///
    /// Source: `Parámetros del cuerpo` of the page; `webhook-url-constraint` in the reconciliation.
    ///
    /// # Errors
    /// White space, control characters, backslashes, credentials and text that is not a URL with a host are still refused,
    /// other schemes as [`InvalidWebhookUrl::NotHttp`].
    ///
    /// ```
    /// use jelou_client::{InvalidWebhookUrl, WebhookUrl};
    ///
    /// let url = WebhookUrl::for_development("http://localhost:8080/webhook")?;
    /// assert_eq!(url.as_str(), "http://localhost:8080/webhook");
    /// # Ok::<(), InvalidWebhookUrl>(())
    /// ```
    pub fn for_development(text: impl Into<String>) -> Result<Self, InvalidWebhookUrl> {
        let text = text.into();
        parse(&text, InvalidWebhookUrl::NotHttp)?;
        if !begins_with_host(&text, HTTPS)? && !begins_with_host(&text, "http://")? {
            return Err(InvalidWebhookUrl::NotHttp);
        }
        Ok(Self(text))
    }

    /// The URL as it was written.
    ///
    /// Source: `Parámetros del cuerpo` of the page; `webhook-url-constraint` in the reconciliation.
    ///
    /// ```
    /// let url = jelou_client::WebhookUrl::try_from("https://EXAMPLE.com/%7E")?;
    /// assert_eq!(url.as_str(), "https://EXAMPLE.com/%7E");
    /// # Ok::<(), jelou_client::InvalidWebhookUrl>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = InvalidWebhookUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if !is_plain(&text) {
            check(&text)?;
        }
        Ok(Self(text))
    }
}

impl TryFrom<&str> for WebhookUrl {
    type Error = InvalidWebhookUrl;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<&String> for WebhookUrl {
    type Error = InvalidWebhookUrl;

    fn try_from(text: &String) -> Result<Self, Self::Error> {
        Self::try_from(text.as_str())
    }
}

impl std::str::FromStr for WebhookUrl {
    type Err = InvalidWebhookUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> Self {
        url.0
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for WebhookUrl {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WebhookUrl".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uri", "pattern": "^https://[^/?#@]+([/?#]|$)" })
    }
}

/// Whether `text` follows every rule and every URL parser reads it in the same way, so that none needs to be asked:
/// `https://`, a name in lower case without a port, and no fragment or `%`.
fn is_plain(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(HTTPS) else {
        return false;
    };
    let length = rest.bytes().position(|byte| matches!(byte, b'/' | b'?'));
    let (host, rest) = rest.split_at(length.unwrap_or(rest.len()));
    let mut previous = b'.';
    let mut last_begins_with = b'.';
    for byte in host.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' => {}
            // Readers decode labels that begin with `xn--`.
            b'-' if previous != b'-' => {}
            _ => return false,
        }
        if previous == b'.' {
            last_begins_with = byte;
        }
        previous = byte;
    }
    // Readers take a name for an address if its last label is a number.
    last_begins_with.is_ascii_lowercase()
        && name::check(host).is_ok()
        && rest.bytes().all(is_allowed)
}

/// Whether RFC 3986 allows the byte anywhere after the host.
fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
        || matches!(
            byte,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';'
        )
        || matches!(byte, b'=' | b':' | b'@' | b'/' | b'?')
}

/// All rules.
fn check(text: &str) -> Result<(), InvalidWebhookUrl> {
    let url = parse(text, InvalidWebhookUrl::NotHttps)?;
    if !begins_with_host(text, HTTPS)? {
        return Err(InvalidWebhookUrl::NotHttps);
    }
    check_host(&url, text)?;
    match find_foreign_character(text) {
        Some(character) => Err(InvalidWebhookUrl::NotAUri { character }),
        None => Ok(()),
    }
}

/// Checks the rules for every webhook and returns the URL as the `url` crate parses it. `no_scheme` is the error for a URL without one.
fn parse(text: &str, no_scheme: InvalidWebhookUrl) -> Result<Url, InvalidWebhookUrl> {
    if text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control())
    {
        return Err(InvalidWebhookUrl::HasWhiteSpace);
    }
    if text.contains('\\') {
        return Err(InvalidWebhookUrl::HasBackslash);
    }
    // First, so that no other error shows a part of a URL with a password.
    if authority(text).contains('@') {
        return Err(InvalidWebhookUrl::HasCredentials);
    }
    let url = Url::parse(text).map_err(|error| match error {
        ParseError::EmptyHost => InvalidWebhookUrl::NoHost,
        ParseError::RelativeUrlWithoutBase => no_scheme,
        error => InvalidWebhookUrl::NotAUrl(error.to_string()),
    })?;
    // `https:user:password@my-system.com` has an authority too, for a reader that forgives.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidWebhookUrl::HasCredentials);
    }
    Ok(url)
}

/// The authority, between `//` and the path: user, password, host and port.
fn authority(text: &str) -> &str {
    let (_, rest) = text.split_once("://").unwrap_or_default();
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether `text` begins with `scheme` and a host. URL parsers also accept `HTTPS:`, `https:/` and `https:///`; the document does
/// not.
fn begins_with_host(text: &str, scheme: &str) -> Result<bool, InvalidWebhookUrl> {
    match text.strip_prefix(scheme) {
        Some(rest) if rest.starts_with('/') => Err(InvalidWebhookUrl::NoHost),
        rest => Ok(rest.is_some()),
    }
}

/// The rules for the host of `url`, which was written as `text`.
fn check_host(url: &Url, text: &str) -> Result<(), InvalidWebhookUrl> {
    match url.host() {
        Some(Host::Ipv4(address)) => {
            check_address(address.into())?;
            let written = authority(text);
            let written = written.split_once(':').map_or(written, |(host, _)| host);
            if written != address.to_string() {
                return Err(InvalidWebhookUrl::AmbiguousAddress { address });
            }
            Ok(())
        }
        Some(Host::Ipv6(address)) => check_address(address.into()),
        Some(Host::Domain(name)) => name::check(name).map_err(|reason| match reason {
            name::NotPublic::Malformed => InvalidWebhookUrl::MalformedName,
            name::NotPublic::SingleLabel => InvalidWebhookUrl::SingleLabelName,
            name::NotPublic::End(end, purpose) => InvalidWebhookUrl::NameNotPublic { end, purpose },
        }),
        None => Err(InvalidWebhookUrl::NoHost),
    }
}

/// The first character that RFC 3986 does not allow in its position. URL parsers accept more, and each writes it differently.
fn find_foreign_character(text: &str) -> Option<char> {
    let before_path = HTTPS.len() + authority(text).len();
    let mut is_in_fragment = false;
    for (index, character) in text.char_indices() {
        let is_allowed = match character {
            _ if u8::try_from(character).is_ok_and(is_allowed) => true,
            '[' | ']' => index < before_path,
            '#' => !std::mem::replace(&mut is_in_fragment, true),
            '%' => {
                let digits = text.as_bytes().get(index + 1..index + 3);
                digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            }
            _ => false,
        };
        if !is_allowed {
            return Some(character);
        }
    }
    None
}

fn check_address(address: IpAddr) -> Result<(), InvalidWebhookUrl> {
    let address = address::find_destination(address);
    match address::find_purpose(address) {
        Some(purpose) => Err(InvalidWebhookUrl::AddressNotPublic { address, purpose }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hosts and what follows them, of parts that are plain and parts that are nearly.
    fn texts() -> impl Strategy<Value = String> {
        let label = prop_oneof![
            8 => "[a-z][a-z0-9_-]{0,3}",
            1 => prop::sample::select(vec![
                "", "-", "_", "0", "0x", "0x7f", "127", "1a", "xn--", "xn--p1ai", "a--b", "test", "local", "%61", "é", "A", "a@b", "a:1",
                "[::1]", "\\", "a\tb", "ß",
            ])
            .prop_map(str::to_owned),
        ];
        let end = prop_oneof![
            4 => "[a-z0-9]{0,3}[/?#:@a-f%!$&'(*)+,;=._~-]{0,4}",
            1 => "[/?#][ -~é]{0,3}",
        ];
        let scheme = prop_oneof![
            9 => Just("https://"),
            1 => prop::sample::select(vec!["http://", "https:", "https:///", "HTTPS://", " https://"]),
        ];
        (scheme, prop::collection::vec(label, 1..4), end)
            .prop_map(|(scheme, labels, end)| format!("{scheme}{}{end}", labels.join(".")))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_plain_keeps_to_every_rule(text in texts()) {
            if is_plain(&text) {
                prop_assert_eq!(check(&text), Ok(()));
            }
        }
    }

    #[test]
    fn what_a_reader_must_be_asked_about_is_not_plain() {
        assert!(is_plain("https://my-system.com/webhook?a=1&b='@:~'"));
        for text in [
            "https://my-system.com/%20",
            "https://my-system.com#a",
            "https://my-system.com:443/",
            "https://xn--p1ai.com/",
            "https://MY-system.com/",
            "https://8.8.8.8/",
            "https://8.8.8.0x8/",
        ] {
            assert!(!is_plain(text), "{text}");
            assert!(check(text).is_ok() || text.contains("0x"), "{text}");
        }
    }
}
