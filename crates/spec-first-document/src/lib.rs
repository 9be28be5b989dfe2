//! Reads OpenAPI 3.0, 3.1 and 3.2 documents, in one file or several, and keeps the position of every value.
//!
//! Tools that deserialize an OpenAPI document into types can report *what* is wrong, but not *where*. This crate keeps the
//! document as written, with the line and column of every key and value.
//!
//! ```
//! use spec_first_document::{Document, Pointer};
//!
//! let document = Document::parse("pets.yaml", "openapi: 3.0.3\ninfo:\n  title: Pets\n")?;
//! let title = Pointer::root().child("info").child("title");
//! assert_eq!(document.node(&title).and_then(|node| node.as_str()), Some("Pets"));
//! assert_eq!(document.position(&title).line, 3);
//! # Ok::<(), spec_first_document::Finding>(())
//! ```
//!
//! It does not lint documents, generate code or send requests.

mod bundle;
mod document;
pub mod files;
mod finding;
mod fingerprint;
mod folder;
pub mod grammar;
pub mod headers;
#[cfg(feature = "validation")]
pub mod instance;
mod json_schema;
pub mod literal;
pub mod media_type;
mod node;
mod operations;
pub mod pattern;
mod pointer;
pub mod references;
mod stack;
pub mod survey;
pub mod tree;
mod version;
#[cfg(feature = "validation")]
pub mod violation;

pub use document::{Document, Source};
pub use files::{Files, Root};
pub use finding::{Finding, Severity, escape_workflow_commands};
pub use fingerprint::fingerprint;
pub use folder::{Folder, OUTSIDE};
pub use json_schema::{Direction, JsonSchema};
pub use node::{Children, Content, Entries, Entry, IntoIter, Items, Node, Position};
pub use operations::{METHODS, OperationNode, operation_pointer, operations_in, sent_method};
pub use pointer::{Path, Pointer};
pub use stack::{both_with_large_stack, with_large_stack};
pub use survey::Survey;
pub use version::Version;
