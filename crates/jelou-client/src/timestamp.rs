//! An instant as the API wrote it.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// An instant of the API: the text that was received, and the instant it stands for.
///
/// The page shows instants with milliseconds in one section and without in the other (`timestamps` in the reconciliation), so
/// the text is kept as it came, and one that cannot be read does not make the whole reply unreadable.
///
/// ```
/// use jelou_client::Timestamp;
///
/// let with_milliseconds = Timestamp::from("2026-01-15T10:30:00.000Z");
/// let without = Timestamp::from("2026-01-15T10:30:00Z");
/// assert_eq!(with_milliseconds.instant(), without.instant());
/// assert_eq!(with_milliseconds.as_str(), "2026-01-15T10:30:00.000Z");
/// assert_eq!(Timestamp::from("yesterday").instant(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it was received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant; `None` if the text is not in the form of RFC 3339, or lies within the last two days of the year 9999, where
    /// the range of instants that can be computed with ends.
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

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
