//! The sandbox as its callers see it: over real sockets, with handwritten requests.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

mod control;
mod control_events;
mod control_guard;
mod documents;
mod faults;
mod http;
mod kill;
mod modes;
mod page_browser;
mod persistence;
mod preferences;
mod record;
mod requests;
mod security;
mod state;
