//! The modes that choose between what the document allows, and how they are written on a command line.

use std::{fmt, str::FromStr};

/// Which of the two documented shapes a reply with an integration has.
///
/// Written `flat`, `enveloped` or `alternate`. An operation that is answered from its examples is answered from the one of this
/// name, if it has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyShape {
    /// The integration itself, with timestamps in whole seconds: the schema section of Jelou's page.
    #[default]
    Flat,
    /// The integration in an envelope with the outcome, with timestamps in milliseconds: the prose section of the page.
    Enveloped,
    /// One and the other in turn, the first reply flat: a client must not rely on either.
    Alternate,
}

/// Which credentials of the document are asked for. Written `api-key`, `basic`, `either` or `none`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authentication {
    /// Only what holds a single secret: a key in a header, the query or a cookie, or a bearer token.
    ApiKey,
    /// Only user name and password in HTTP Basic authentication.
    Basic,
    /// Whatever the document describes.
    #[default]
    Either,
    /// None: a request is performed without credentials, and with any.
    None,
}

/// A word that names no mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {expected}")]
#[non_exhaustive]
pub struct UnknownMode {
    /// The word.
    pub given: String,
    /// The words that there are.
    pub expected: &'static str,
}

impl ReplyShape {
    /// The name of the shape, which is also that of the example that shows it.
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
    fn modes_are_read_from_their_words() {
        assert_eq!("alternate".parse(), Ok(ReplyShape::Alternate));
        assert_eq!("enveloped".parse(), Ok(ReplyShape::Enveloped));
        assert_eq!("api-key".parse(), Ok(Authentication::ApiKey));
        assert_eq!("none".parse(), Ok(Authentication::None));
    }

    #[test]
    fn a_word_that_names_no_mode_is_an_error_that_lists_them() {
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
