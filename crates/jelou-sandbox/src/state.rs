//! What the sandbox remembers between requests.

pub(crate) mod integrations;
