//! Hides the secrets of a run in text from other sources.

use jelou_client::{Credentials, Secret};
use url::Url;

/// The secrets of a run.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    secrets: Vec<Secret>,
}

impl Redaction {
    /// Hides `credentials` in every form in which they are sent.
    pub(crate) fn of(credentials: &Credentials) -> Self {
        Self {
            secrets: credentials.secrets(),
        }
    }

    /// Adds `secret` to the secrets to hide.
    pub(crate) fn protect(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// Hides the secrets in the parts of `bytes` that are UTF-8; the rest is unchanged.
    pub(crate) fn hide_in_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        bytes
            .utf8_chunks()
            .flat_map(|chunk| {
                let mut part = self.hide_in(chunk.valid()).into_bytes();
                part.extend(chunk.invalid());
                part
            })
            .collect()
    }

    /// Hides the secrets in `text`.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        Secret::redact_all(&self.secrets, text)
    }
}

/// Returns a base URL for display, without the parts that may contain secrets.
///
/// Shows at most the scheme, host, port and path. Text that is not an `http` or `https` URL is hidden completely: it may be a
/// key that was pasted into the wrong place.
pub(crate) fn show_base_url(text: &str) -> String {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) else {
        return "[redacted: not an http or https URL]".to_owned();
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let credentials = if has_credentials { "[redacted]@" } else { "" };
    // URL parsers treat a password that contains a slash as part of the path.
    let may_hold_credentials =
        url.path().contains('@') || url.path().to_ascii_lowercase().contains("%40");
    let (host, path) = match may_hold_credentials {
        true => ("[redacted]", "/[redacted]"),
        false => (host, url.path()),
    };
    let port = url
        .port()
        .filter(|_| !may_hold_credentials)
        .map(|port| format!(":{port}"));
    let query = url.query().map_or("", |_| "?[redacted]");
    let fragment = url.fragment().map_or("", |_| "#[redacted]");
    let shown = format!(
        "{}://{credentials}{host}{}{}{query}{fragment}",
        url.scheme(),
        port.unwrap_or_default(),
        path,
    );
    // If nothing was hidden, show the URL as the user wrote it.
    if has_credentials || url.query().is_some() || url.fragment().is_some() {
        shown
    } else {
        shown.trim_end_matches('/').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_base_url_that_may_be_a_secret_is_shown() {
        for (text, shown) in [
            ("https://a.example", "https://a.example"),
            ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api"),
            ("https://[::1]:8443/api", "https://[::1]:8443/api"),
            (
                "https://u:CANARY@a.example/b",
                "https://[redacted]@a.example/b",
            ),
            ("https://CANARY@a.example", "https://[redacted]@a.example/"),
            (
                "https://u:CAN%41RY@a.example:8443",
                "https://[redacted]@a.example:8443/",
            ),
            ("https:u:CANARY@a.example", "https://[redacted]@a.example/"),
            (
                r"https:\\u:CANARY@a.example",
                "https://[redacted]@a.example/",
            ),
            (
                "https://a.example/?key=CANARY",
                "https://a.example/?[redacted]",
            ),
            ("https://a.example/#CANARY", "https://a.example/#[redacted]"),
            (
                "https://u:1/CANARY@a.example",
                "https://[redacted]/[redacted]",
            ),
            (
                "https://127.0.0.1:1/CANARY%40a.example/b",
                "https://[redacted]/[redacted]",
            ),
            (
                " HTTPS://u:CANARY@A.example ",
                "https://[redacted]@a.example/",
            ),
        ] {
            assert_eq!(show_base_url(text), shown);
        }
        for text in [
            "https://u:CANARY@a.example:bad",
            "u:CANARY@a.example",
            "a.example/?key=CANARY",
            "sk_CANARY",
            "ftp://u:CANARY@a.example",
            "https://u:CANARY@",
            "https://u:CANARY@[::1",
            "",
        ] {
            assert_eq!(show_base_url(text), "[redacted: not an http or https URL]");
        }
    }

    #[track_caller]
    fn check(secret: &str, text: &str, expected: &str) {
        let redaction = Redaction::of(&Credentials::client("id", secret));
        assert_eq!(redaction.hide_in(text), expected);
    }

    #[test]
    fn a_secret_is_hidden_in_every_spelling() {
        check("canary", "a canary", "a [redacted]");
        check("canary\n", "a canary", "a [redacted]");
        check("cana\"ry", r#"{"a":"cana\"ry"}"#, r#"{"a":"[redacted]"}"#);
        check("canary", "Basic aWQ6Y2FuYXJ5", "Basic [redacted]");
    }

    #[test]
    fn a_secret_that_is_a_prefix_of_another_leaves_nothing_of_it() {
        let mut redaction = Redaction::of(&Credentials::api_key("canary"));
        redaction.protect(&"canary-and-its-tail".into());
        assert_eq!(
            redaction.hide_in("canary-and-its-tail canary"),
            "[redacted] [redacted]"
        );
    }

    #[test]
    fn a_secret_is_hidden_among_bytes_that_are_not_utf_8() {
        let redaction = Redaction::of(&Credentials::api_key("canary"));
        assert_eq!(
            redaction.hide_in_bytes(b"\xffcanary\xff shown"),
            b"\xff[redacted]\xff shown"
        );
    }

    #[test]
    fn nothing_is_hidden_without_a_secret() {
        check(" ", "a b", "a b");
        assert_eq!(Redaction::default().hide_in("a b"), "a b");
    }
}
