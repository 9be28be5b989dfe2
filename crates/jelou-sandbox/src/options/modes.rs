//! Modes that choose between alternatives in the document, and their spelling on the command line.

use std::{fmt, str::FromStr};

/// Which of the two documented shapes is used to reply with an integration.
///
/// Written `flat`, `enveloped` or `alternate`. An operation that is answered from its examples uses the example with this
/// name, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyShape {
    /// The bare integration, with timestamps in whole seconds: the schema section of Jelou's page.
    #[default]
    Flat,
    /// The integration wrapped in an envelope, with timestamps in milliseconds: the prose section of the page.
    Enveloped,
    /// Both shapes in turn, starting with flat: a client must not rely on either.
    Alternate,
}

/// Which of the documented credentials are required. Written `api-key`, `basic`, `either` or `none`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authentication {
    /// Only a single secret: a key in a header, the query or a cookie, or a bearer token.
    ApiKey,
    /// Only a user name and password (HTTP Basic authentication).
    Basic,
    /// Anything that the document accepts.
    #[default]
    Either,
    /// None: requests are accepted with or without credentials.
    None,
}

/// The text is not the name of a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {expected}")]
#[non_exhaustive]
pub struct UnknownMode {
    /// The text.
    pub given: String,
    /// The available names.
    pub expected: &'static str,
}

impl ReplyShape {
    /// The name of the shape, and of its example in the document.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Enveloped => "enveloped",
            Self::Alternate => "alternate",
        }
    }
}

impl FromStr for ReplyShape {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let shapes = [Self::Flat, Self::Enveloped, Self::Alternate];
        let named = shapes.into_iter().find(|shape| shape.name() == text);
        named.ok_or_else(|| UnknownMode {
            given: text.to_owned(),
            expected: "`flat`, `enveloped`, `alternate`",
        })
    }
}

impl Authentication {
    fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Basic => "basic",
            Self::Either => "either",
            Self::None => "none",
        }
    }
}

impl FromStr for Authentication {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let all = [Self::ApiKey, Self::Basic, Self::Either, Self::None];
        let named = all.into_iter().find(|mode| mode.name() == text);
        named.ok_or_else(|| UnknownMode {
            given: text.to_owned(),
            expected: "`api-key`, `basic`, `either`, `none`",
        })
    }
}

impl fmt::Display for ReplyShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_parsed_from_their_names() {
        assert_eq!("alternate".parse(), Ok(ReplyShape::Alternate));
        assert_eq!("enveloped".parse(), Ok(ReplyShape::Enveloped));
        assert_eq!("api-key".parse(), Ok(Authentication::ApiKey));
        assert_eq!("none".parse(), Ok(Authentication::None));
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_known_ones() {
        let error = "FLAT".parse::<ReplyShape>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`FLAT` is not one of `flat`, `enveloped`, `alternate`"
        );
        let error = "".parse::<Authentication>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`` is not one of `api-key`, `basic`, `either`, `none`"
        );
    }
}
