//! The generator, seen from outside: what it writes, what it refuses, and what makes the surface change.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod document;
mod generate;
mod origins;
mod surface;
mod unsupported;
