//! Tests the generated code, the rejected documents and the surface.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    unexpected_cfgs,
    reason = "generated types have a feature that this package lacks"
)]

mod document;
mod generate;
mod origins;
mod surface;
mod types;
