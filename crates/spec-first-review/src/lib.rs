//! Reports breaking changes between two versions of an OpenAPI document, and whether clients or servers break.
//!
//! A schema describes a set of JSON values, and data flows in one direction. In a **request**, the new document must still accept
//! everything that the old one accepted. In a **response**, everything that the new one allows must have been allowed by the old one.
//! So each keyword needs only one comparison, with one [`Outcome`]: wider, narrower, incomparable or undecided. The direction decides
//! what an outcome means for clients. The few exceptions, where clients rely on something else, are in [`Policy`].
//!
//! ```
//! use spec_first_review::{Input, Options, Verdict, review};
//!
//! let base = |_: &str| Ok("{openapi: 3.0.3, paths: {/pets: {get: {responses: {'200': {description: Pets}}}}}}".to_owned());
//! let head = |_: &str| Ok("{openapi: 3.0.3, paths: {}}".to_owned());
//! let input = |files| Input { files, path: "pets.yaml" };
//! let review = review(input(&base), input(&head), &Options::default())?;
//! assert_eq!(review.verdict(), Some(Verdict::Breaking));
//! assert_eq!(review.changes[0].message, "the operation `GET /pets` was dropped");
//! # Ok::<(), spec_first_document::Finding>(())
//! ```
//!
//! Documents may be OpenAPI 3.0, 3.1 or 3.2, in YAML or JSON, in one or several files. References to other machines are refused.

mod acknowledgements;
mod attribution;
mod change;
mod contract;
mod explanation;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod lifecycle;
mod literal;
mod merging;
mod notes;
mod paths;
mod policy;
mod reach;
pub mod render;
mod review;
mod schema;
mod subject;
mod surface;
mod versions;

pub use acknowledgements::{Acknowledged, Acknowledgements};
pub use change::{Direction, Outcome, Row};
pub use contract::Use;
pub use explanation::{Example, Explanation, explanation};
pub use notes::Note;
pub use paths::{InvalidPathPattern, Paths};
pub use policy::{Exception, Judgement, Level, Policy, Verdict};
pub use review::{Change, Input, Options, Place, Review, Verdicts, review};
pub use spec_first_document::{Files, Folder};
pub use surface::{Step, Surface, SurfaceChange, surface_changes};
pub use versions::{judge_step, next_version, version_step};

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
