//! Lints a valid document, edits of it with one error each, and hostile documents.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod examples;
mod hostile;
mod ignoring;
mod newer;
mod others;
mod readme;
mod settings;
