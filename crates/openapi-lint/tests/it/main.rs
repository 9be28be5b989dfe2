//! The linter against documents: a good one, that one with each mistake in turn, and documents that are none.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod cases;
mod hostile;
mod readme;
