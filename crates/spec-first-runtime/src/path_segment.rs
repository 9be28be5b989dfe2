//! Path parameters. A value fills one segment of a path and cannot leave it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Why a value cannot fill a segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPathSegment {
    /// The value is empty, so the path would lose a segment.
    #[error("it is empty")]
    Empty,
    /// The value is made of dots only, which a URL reads as a step to another path.
    #[error("it is made of dots only, which would address another path")]
    DotsOnly,
}

/// Everything but what RFC 3986 calls unreserved: nothing of it can mean anything in a path.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes `text` for one segment of a path, backslashes included, which URL parsers treat as slashes.
pub fn encode_path(text: &str) -> String {
    Cow::from(utf8_percent_encode(text, RESERVED)).into_owned()
}

/// Checks that `text` is safe in one segment of a path once it is percent-encoded, which dots are not.
///
/// # Errors
/// It is empty, or consists of dots only.
pub fn check_path_segment(text: &str) -> Result<(), InvalidPathSegment> {
    if text.is_empty() {
        return Err(InvalidPathSegment::Empty);
    }
    if text.chars().all(|character| character == '.') {
        return Err(InvalidPathSegment::DotsOnly);
    }
    Ok(())
}

/// Defines the type of a path parameter, for programs that check identifiers before they call.
///
/// The crate that calls it depends on `serde`, and on `schemars` if it has a feature of that name that is on.
#[macro_export]
macro_rules! path_segment {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        ///
        /// Any text that is not empty and does not consist of dots only. Characters with a meaning in URLs are percent-encoded.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        pub struct $name(String);

        impl $name {
            /// The identifier as text, not encoded.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::InvalidPathSegment;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                $crate::check_path_segment(&text).map(|()| Self(text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::InvalidPathSegment;
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::try_from(text.to_owned())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidPathSegment;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_neither_empty_nor_a_step() {
        assert_eq!(check_path_segment(""), Err(InvalidPathSegment::Empty));
        for text in [".", "..", "..."] {
            assert_eq!(check_path_segment(text), Err(InvalidPathSegment::DotsOnly));
        }
    }

    #[test]
    fn everything_else_can_be_encoded() {
        for text in ["PROJECT_ID", "a/b", "..%2F", "a?b#c", "ñandú", " "] {
            assert_eq!(check_path_segment(text), Ok(()));
        }
    }
}
