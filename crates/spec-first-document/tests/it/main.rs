//! Documents in several files, read as one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod path_items;
mod several_files;
