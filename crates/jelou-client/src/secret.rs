//! Text that is never printed, and is wiped from memory when dropped.

mod decoding;
mod redaction;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Printed instead of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// A secret: an API key, a client secret, the credentials of a webhook.
///
/// `Debug` prints `[redacted]`, there is no `Display`, and the memory is overwritten on drop. Serialising it, which only a
/// request body needs, does write it out.
///
/// ```
/// use jelou_client::Secret;
///
/// let secret = Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret in clear. Every call is a place where it can leak.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// `text` with `[redacted]` in place of each of `secrets`, for text that came from elsewhere and may echo them: as they are,
    /// without the white space around them, percent-encoded, escaped as in HTML or JSON, as Base64, with UTF-8 taken for
    /// ISO-8859-1, or cut off after their first 12 characters.
    ///
    /// ```
    /// use jelou_client::Secret;
    ///
    /// let secrets = ["hunter2".into(), "pass/word\n".into()];
    /// assert_eq!(Secret::redact_all(&secrets, "bad: pass/word, hunter2"), "bad: [redacted], [redacted]");
    /// assert_eq!(Secret::redact_all(&secrets, "bad: pass%2Fword, aHVudGVyMg"), "bad: [redacted], [redacted]");
    /// ```
    pub fn redact_all(secrets: &[Secret], text: &str) -> String {
        redaction::redact(secrets, text)
    }
}

/// For tests. It does not take the same time for every secret, so do not let anybody guess with it.
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
