//! The record of how a source that contradicts itself was settled in one OpenAPI document.
//!
//! A record is a YAML file: the sections of the source, and an entry for each disagreement with what each section claims, the
//! decision, the reason, what would change it, the values in the document that carry it, and the tests that prove it.
//! [`check`] makes sure that all of that is still true; [`render`] writes it for people. Nothing here knows a particular API.

mod check;
mod record;
mod render;
mod tests_of_rust;

pub use check::check;
pub use record::{Claim, Entry, Expectation, Record, Section};
pub use render::render;
pub use tests_of_rust::TestIndex;
