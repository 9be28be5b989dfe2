//! What the tests of several packages need to look at a server from outside. Not published.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "everything here is for tests, which fail by panicking"
)]

#[cfg(feature = "browser")]
pub mod browser;
pub mod http;
pub mod server;
