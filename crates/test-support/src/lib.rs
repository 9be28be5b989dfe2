//! Shared by the tests of several packages: raw HTTP requests, a loopback server, the corpus of fuzz targets, a browser, and git
//! repositories. Not published.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "everything here is for tests, which fail by panicking"
)]

#[cfg(feature = "browser")]
pub mod browser;
pub mod corpus;
pub mod http;
#[cfg(feature = "repository")]
pub mod repository;
pub mod server;
