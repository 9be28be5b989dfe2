//! Explains rows by example. The examples come from the test cases.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Direction, Outcome, Row};

/// The outcomes of a row, with examples.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The outcomes that the row can have, by who sends the value.
    pub outcomes: BTreeSet<(Outcome, Direction)>,
    /// An example of each of them.
    pub examples: Vec<Example>,
}

/// A change to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Example {
    /// The outcome of the change.
    pub outcome: Outcome,
    /// Who sends the value that changed.
    pub direction: Direction,
    /// The change, in one sentence.
    pub what: String,
    /// The changed lines of the document as YAML: removed ones begin with `-`, added ones with `+`.
    pub lines: Vec<String>,
    /// Why the change is breaking or harmless.
    pub why: String,
}

impl Example {
    /// Creates an example. Used by the test that collects them.
    #[doc(hidden)]
    pub fn new(
        (outcome, direction): (Outcome, Direction),
        what: String,
        lines: Vec<String>,
        why: String,
    ) -> Self {
        Self {
            outcome,
            direction,
            what,
            lines,
            why,
        }
    }
}

/// The outcomes of a row, with examples.
pub fn explanation(row: Row) -> Explanation {
    let mut all: BTreeMap<String, Explanation> =
        serde_json::from_str(include_str!("explanations.json"))
            .expect("a test writes the file and reads it back");
    all.remove(row.as_str()).unwrap_or_default()
}
