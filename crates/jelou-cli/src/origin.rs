//! Where the base URL and the credentials of a run came from, so that a hint can name the place to look at.

/// Where the parts of a target came from, for the hints.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) base_url: BaseUrlOrigin,
    pub(crate) credentials: CredentialsOrigin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BaseUrlOrigin {
    Argument,
    Environment,
    Document,
    Sandbox,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialsOrigin {
    ApiKey,
    Client,
    Sandbox,
}
