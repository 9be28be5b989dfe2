//! Tests across the crates of this workspace: the wire format, the contract, and secrets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod credentials;
mod document;
mod errors;
mod faults;
mod fixtures;
mod json_schemas;
mod operations;
mod options;
mod panel;
mod proxy;
mod readers;
mod replies;
mod requests;
mod retries;
mod runtime;
mod sandbox;
mod sandbox_faults;
// On other platforms, no variable changes the trusted certificates.
#[cfg(target_os = "linux")]
mod sandbox_proxy;
mod secrets;
mod server;
mod telemetry;
mod webhook;
