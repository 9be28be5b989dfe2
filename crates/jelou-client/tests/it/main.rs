//! What holds for the public items of this crate. What goes over the wire is pinned in the package `tests`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fuzzing;
mod fuzzing_events;
mod panel_example;
mod untyped;
mod webhook;
mod webhook_auth;
mod webhook_url;
mod webhook_url_spellings;
