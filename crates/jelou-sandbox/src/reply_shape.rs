//! The two response shapes of the panel, and their names on the command line.

use std::{fmt, str::FromStr};

use spec_first_sandbox::UnknownMode;

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

impl ReplyShape {
    /// The names of the document's examples with this shape, in the order in which replies use them.
    pub(crate) fn examples(self) -> Vec<String> {
        let shapes = match self {
            Self::Alternate => vec![Self::Flat, Self::Enveloped],
            shape => vec![shape],
        };
        shapes.iter().map(Self::to_string).collect()
    }

    fn name(self) -> &'static str {
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
        named.ok_or_else(|| UnknownMode::new(text, "`flat`, `enveloped`, `alternate`"))
    }
}

impl fmt::Display for ReplyShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_parsed_from_their_names() {
        assert_eq!("alternate".parse(), Ok(ReplyShape::Alternate));
        assert_eq!("enveloped".parse(), Ok(ReplyShape::Enveloped));
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_known_ones() {
        let error = "FLAT".parse::<ReplyShape>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`FLAT` is not one of `flat`, `enveloped`, `alternate`"
        );
    }
}
