//! What a row means, by example. The examples are cases of the tests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Row;

/// Examples of changes that a row is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// A change that breaks somebody; `None` if no change of the row does.
    pub breaking: Option<Example>,
    /// A change that breaks nobody; `None` if every change of the row does.
    pub harmless: Option<Example>,
}

/// A change of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Example {
    /// What changes, in one sentence.
    pub what: String,
    /// The edits: what is done, where, and the new value as JSON.
    pub edits: Vec<String>,
    /// Why it breaks somebody, or nobody.
    pub why: String,
}

impl Example {
    /// An example, for the test that collects them.
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
