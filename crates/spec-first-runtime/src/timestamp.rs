//! An instant as the API wrote it.

use std::fmt;
use std::time::SystemTime;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Visitor};

/// A timestamp from the API: the text that was received and the instant it denotes.
///
/// The text is kept as received, and one that is not in the form of RFC 3339 does not make the whole reply unreadable. Neither
/// does a number, which is kept as text and has no [`instant`](Self::instant): it may count seconds or milliseconds.
///
/// ```
/// use spec_first_runtime::Timestamp;
///
/// let with_milliseconds = Timestamp::from("2026-01-15T10:30:00.000Z");
/// let without = Timestamp::from("2026-01-15T10:30:00Z");
/// assert_eq!(with_milliseconds.instant(), without.instant());
/// assert_eq!(with_milliseconds.as_str(), "2026-01-15T10:30:00.000Z");
/// assert_eq!(Timestamp::from("yesterday").instant(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it was received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant; `None` if the text is not in the form of RFC 3339, or is within the last two days of the year 9999, which are
    /// outside the supported range.
    pub fn instant(&self) -> Option<SystemTime> {
        self.0.parse::<jiff::Timestamp>().ok().map(SystemTime::from)
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::str::FromStr for Timestamp {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.into())
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(text.into())
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(number.to_string().into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(number.to_string().into())
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(number.to_string().into())
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
