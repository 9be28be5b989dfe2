//! Runs the real binary, in an empty environment, against real servers on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

#[macro_use]
mod command;
mod files;
mod server;
#[cfg(unix)]
mod terminal;

mod apply;
mod authorization;
mod config;
#[cfg(unix)]
mod confirmation;
mod doctor;
mod dry_run;
mod failures;
mod help;
#[cfg(unix)]
mod interruption;
mod panel;
mod pipes;
mod profile_use;
mod profiles;
mod raw;
mod readme;
mod sandbox;
#[cfg(unix)]
mod sandbox_readme;
mod secrets;
mod shell_support;
mod signing_secret;
mod success;
mod usage;
mod walkthrough;
mod webhook;
