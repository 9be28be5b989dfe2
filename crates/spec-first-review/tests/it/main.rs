//! The integration tests, in one binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attribution;
mod browser;
mod cases;
mod laws;
mod names;
mod reading;
mod rendering;
mod robustness;
mod safety;
