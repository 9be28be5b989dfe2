//! Where the base URL and the credentials of a run came from, so that hints can name the setting to check.

use std::fmt;

use crate::environment::{API_KEY, BASE_URL, CLIENT_ID, CLIENT_SECRET, PROFILE};

/// The origins of the base URL and the credentials.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) base_url: BaseUrlOrigin,
    pub(crate) credentials: CredentialsOrigin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BaseUrlOrigin {
    Argument,
    Environment,
    Profile(String),
    Document,
    Sandbox,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CredentialsOrigin {
    ApiKey,
    Client,
    Profile(String),
    SigningSecret,
    Sandbox,
}

/// What selected the profile in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProfileOrigin {
    Argument,
    Environment,
    Configuration,
}

impl fmt::Display for BaseUrlOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => formatter.write_str("`--base-url`"),
            Self::Environment => write!(formatter, "`{BASE_URL}`"),
            Self::Profile(name) => write!(formatter, "the profile `{name}`"),
            Self::Document => formatter.write_str("the document"),
            Self::Sandbox => formatter.write_str("`--sandbox`"),
        }
    }
}

impl fmt::Display for CredentialsOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey => write!(formatter, "`{API_KEY}`"),
            Self::Client => write!(formatter, "`{CLIENT_ID}` and `{CLIENT_SECRET}`"),
            Self::Profile(name) => write!(formatter, "the profile `{name}`"),
            Self::SigningSecret => formatter.write_str("the signing secret"),
            Self::Sandbox => formatter.write_str("the sandbox"),
        }
    }
}

impl fmt::Display for ProfileOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => formatter.write_str("`--profile`"),
            Self::Environment => write!(formatter, "`{PROFILE}`"),
            Self::Configuration => formatter.write_str("`default` in the configuration file"),
        }
    }
}
