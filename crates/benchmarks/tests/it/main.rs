//! Tests that both sides of each bench do the same work.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

mod client;
mod review;
mod webhook;
