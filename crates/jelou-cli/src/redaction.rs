//! Hides the secrets of a run in text that came from elsewhere.

use jelou_client::{Credentials, Secret};

/// The secrets of a run.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    secrets: Vec<Secret>,
}

impl Redaction {
    /// Hides `credentials` from now on, in every form in which they travel.
    pub(crate) fn of(credentials: &Credentials) -> Self {
        Self {
            secrets: credentials.secrets(),
        }
    }

    /// Hides `secret` from now on.
    pub(crate) fn protect(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// `bytes` without the secrets, as far as they are text; the rest stays as it is.
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

    /// `text` without the secrets.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        Secret::redact_all(&self.secrets, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_secret_that_begins_like_another_leaves_nothing_of_it() {
        let mut redaction = Redaction::of(&Credentials::api_key("canary"));
        redaction.protect(&"canary-and-its-tail".into());
        assert_eq!(
            redaction.hide_in("canary-and-its-tail canary"),
            "[redacted] [redacted]"
        );
    }

    #[test]
    fn a_secret_is_hidden_among_bytes_that_are_no_text() {
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
