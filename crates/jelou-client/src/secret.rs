//! Text that is printed nowhere and wiped from memory when it is no longer needed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands in place of a secret wherever one would be printed.
const REDACTED: &str = "[redacted]";

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

    /// `text` with `[redacted]` wherever one of `secrets` stands in it, for text that came from elsewhere and may echo them: as they
    /// are, without the white space around them, or spelled as JSON spells them.
    ///
    /// ```
    /// use jelou_client::Secret;
    ///
    /// let secrets = ["hunter2".into(), "hunter2-webhook\n".into()];
    /// assert_eq!(Secret::redact_all(&secrets, "bad: hunter2-webhook, hunter2"), "bad: [redacted], [redacted]");
    /// ```
    pub fn redact_all(secrets: &[Secret], text: &str) -> String {
        let mut spellings: Vec<Secret> = secrets.iter().flat_map(Secret::spellings).collect();
        // Longest first: a secret may be the beginning of another, and the rest of that one must not stay.
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.expose().len()));

        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let found = spellings
                .iter()
                .find(|spelling| rest.starts_with(spelling.expose()));
            let length = match found {
                Some(spelling) => {
                    redacted.push_str(REDACTED);
                    spelling.expose().len()
                }
                None => {
                    redacted.push(character);
                    character.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        redacted
    }

    /// The ways in which a server may write the secret. White space alone tells nothing, and would take a text apart.
    fn spellings(&self) -> impl Iterator<Item = Secret> {
        [self.expose(), self.expose().trim()]
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .flat_map(|text| {
                let quoted = Secret::from(serde_json::Value::from(text).to_string());
                let escaped = &quoted.expose()[1..quoted.expose().len() - 1];
                [Secret::from(text), Secret::from(escaped)]
            })
    }
}

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
