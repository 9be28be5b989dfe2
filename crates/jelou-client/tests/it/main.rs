//! What holds for the public items of this crate, without a network.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod webhook_auth;
mod webhook_url;
mod webhook_url_spellings;
