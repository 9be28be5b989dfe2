//! The review of a change, run as a reviewer runs it.

mod acknowledging;
mod documents;
mod failures;
#[cfg(unix)]
mod files;
mod generated_code;
mod output;
pub(super) mod repository;
mod workflows;
