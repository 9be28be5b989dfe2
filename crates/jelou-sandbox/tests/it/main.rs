//! The sandbox as its callers see it: through real sockets, with requests written by hand.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

mod documents;
mod hostile;
mod http;
mod lifecycle;
mod record;
mod requests;
mod security;
mod state;
