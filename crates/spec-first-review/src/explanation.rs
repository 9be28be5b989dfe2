//! Explains rows by example. The examples come from the test cases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Row;

/// Examples of changes to which a row applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// A breaking change; `None` if the row has none.
    pub breaking: Option<Example>,
    /// A harmless change; `None` if the row has none.
    pub harmless: Option<Example>,
}

/// A change to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Example {
    /// The change, in one sentence.
    pub what: String,
    /// The edits, each with its operation, its place and the new value as JSON.
    pub edits: Vec<String>,
    /// Why the change is breaking or harmless.
    pub why: String,
}

impl Example {
    /// Creates an example. Used by the test that collects them.
    #[doc(hidden)]
    pub fn new(what: String, edits: Vec<String>, why: String) -> Self {
        Self { what, edits, why }
    }
}

/// The examples of a row.
pub fn explanation(row: Row) -> Explanation {
    let mut all: BTreeMap<String, Explanation> =
        serde_json::from_str(include_str!("explanations.json"))
            .expect("a test writes the file and reads it back");
    all.remove(row.as_str()).unwrap_or_default()
}
