//! Which credentials are required and accepted, and how that is written on the command line.

use std::{fmt, str::FromStr};

use secrecy::SecretString;

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

/// A credential that a sandbox accepts. Its `Debug` form does not show the secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// The value of an `apiKey` scheme, or the token of a bearer scheme.
    ApiKey(SecretString),
    /// A user name and password for HTTP Basic authentication.
    Client {
        /// The client ID, sent as the user name.
        id: String,
        /// The client secret, sent as the password.
        secret: SecretString,
    },
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

impl UnknownMode {
    /// `expected` lists the names that would have been accepted.
    pub fn new(given: impl Into<String>, expected: &'static str) -> Self {
        Self {
            given: given.into(),
            expected,
        }
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
        named.ok_or_else(|| UnknownMode::new(text, "`api-key`, `basic`, `either`, `none`"))
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
        assert_eq!("api-key".parse(), Ok(Authentication::ApiKey));
        assert_eq!("none".parse(), Ok(Authentication::None));
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_known_ones() {
        let error = "".parse::<Authentication>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`` is not one of `api-key`, `basic`, `either`, `none`"
        );
    }
}
