//! Properties of generated types that can be absent, `null` or a value.

use serde::{Deserialize, Deserializer};

/// Reads a property that is present: `null` is `Some(None)`, so that it differs from one that is absent.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Update {
///     #[serde(default, deserialize_with = "spec_first_runtime::read_nullable")]
///     name: Option<Option<String>>,
/// }
///
/// let read = |json| serde_json::from_str::<Update>(json).map(|update| update.name);
/// assert_eq!(read("{}")?, None);
/// assert_eq!(read(r#"{"name": null}"#)?, Some(None));
/// assert_eq!(read(r#"{"name": "Rex"}"#)?, Some(Some("Rex".to_owned())));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The value is neither `null` nor a `T`.
pub fn read_nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
