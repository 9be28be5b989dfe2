//! Text that is never printed, and is wiped from memory when dropped.

mod decoding;
mod redaction;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Printed instead of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// A secret, such as an API key or a password.
///
/// `Debug` prints `[redacted]`, there is no `Display`, and the memory is overwritten on drop. Serializing it writes it out, which
/// only a request body needs.
///
/// ```
/// use spec_first_runtime::Secret;
///
/// let secret = Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret in clear text. Every call is a place where it can leak.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Replaces each of `secrets` in `text` by `[redacted]`, for text from elsewhere that may echo them: verbatim, without
    /// surrounding white space, percent-encoded, escaped as in HTML or JSON, as Base64, with UTF-8 read as ISO-8859-1, or cut off
    /// after their first 12 characters.
    ///
    /// ```
    /// use spec_first_runtime::Secret;
    ///
    /// let secrets = ["hunter2".into(), "pass/word\n".into()];
    /// assert_eq!(Secret::redact_all(&secrets, "bad: pass/word, hunter2"), "bad: [redacted], [redacted]");
    /// assert_eq!(Secret::redact_all(&secrets, "bad: pass%2Fword, aHVudGVyMg"), "bad: [redacted], [redacted]");
    /// ```
    pub fn redact_all(secrets: &[Secret], text: &str) -> String {
        redaction::redact(secrets, text)
    }
}

/// For tests. It does not take constant time, so do not use it to check the guesses of others.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}
