//! Tests the generated code, the rejected documents and the surface.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod content;
mod document;
mod generate;
mod hostile;
mod origins;
mod secrets;
mod surface;
mod types;
