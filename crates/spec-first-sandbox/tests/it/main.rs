//! The sandbox as its callers see it: over real sockets, with handwritten requests.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

mod errors;
mod http;
mod state;
