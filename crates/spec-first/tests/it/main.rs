//! The command, run as somebody runs it in a repository of their own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod explaining;
mod folder;
mod generating;
mod init;
mod linting;
mod mocking;
mod readme;
mod repositories;
mod review;
mod safety;
mod several_files;
mod source;
