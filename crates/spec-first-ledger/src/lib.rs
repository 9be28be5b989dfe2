//! Records how contradictions in an API's documentation were resolved in an OpenAPI document.
//!
//! A record is a YAML file. It lists the sections of the source and has one entry per contradiction: what each section
//! claims, the decision, the reason, what would change it, the values in the document that implement it, and the tests
//! that prove it. [`check`] verifies that the record is still accurate; [`render`] writes it as Markdown. Nothing here
//! is specific to one API.

mod check;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod record;
mod render;
pub mod source;
mod tests_of_rust;

pub use check::check;
pub use record::{Claim, Entry, Expectation, Record, Section};
pub use render::render;
pub use tests_of_rust::TestIndex;
