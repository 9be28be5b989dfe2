//! The real binary, in an empty environment, against real servers on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

#[macro_use]
mod command;
mod server;

mod failures;
mod help;
mod pipes;
mod readme;
mod secrets;
mod success;
mod usage;
