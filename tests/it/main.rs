//! What holds across the crates of this workspace: the wire, the contract, the secrets.
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
// Elsewhere no variable changes which certificates the platform trusts.
#[cfg(target_os = "linux")]
mod sandbox_proxy;
mod secrets;
mod server;
mod telemetry;
mod webhook;
