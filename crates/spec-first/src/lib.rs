//! The `spec-first` command as a library, for programs that add something to it.
//!
//! It finds documents in a folder, a git repository or a revision of it, and says on a terminal what the other crates say as values.
//! It opens no connections, and knows nothing of how documents are compared, linted or turned into code.

#![deny(
    clippy::print_stderr,
    reason = "`terminal::tell` does not panic when nobody reads"
)]

mod addresses;
pub mod command;
pub mod configuration;
pub mod derived;
mod diff;
mod documents;
mod error;
mod explain;
mod generate;
mod git;
mod init;
pub mod lint;
mod mock;
mod project;
pub mod review;
pub mod source;
mod sources;
mod terminal;

pub use diff::diff;
pub use error::Error;
pub use project::Project;
pub use sources::Source;
pub use terminal::print_error;

/// The README, so that its examples are compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
