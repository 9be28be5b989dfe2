//! Tests across the crates of this workspace; they are in `it/`.

/// The README of the repository, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
