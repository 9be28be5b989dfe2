//! The record as data: what the YAML file holds.

use std::collections::BTreeMap;

use openapi_document::{Document, Finding, Pointer};
use serde::Deserialize;
use serde_json::Value;

/// A record of reconciliation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What the source is.
    pub source: String,
    /// The parts of the source, in the order of the columns of the table.
    pub parts: Vec<String>,
    /// The sections of the source by their id; each must be claimed by some entry.
    pub sections: BTreeMap<String, Section>,
    /// The disagreements, in the order in which a reader should meet them.
    pub entries: Vec<Entry>,
}

/// A section of the source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading in the source.
    pub heading: String,
    /// The part of the source that it belongs to, one of [`Record::parts`].
    pub part: String,
}

/// A disagreement, or a silence, and how it was settled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name: lower case, words joined by hyphens.
    pub id: String,
    /// What it is about, in a few words.
    pub subject: String,
    /// What each section says.
    pub claims: Vec<Claim>,
    /// What was decided, in one sentence.
    pub decision: String,
    /// The reason.
    pub why: String,
    /// What would change the decision.
    pub revisit: String,
    /// The values in the document that carry the decision.
    #[serde(default)]
    pub document: Vec<Expectation>,
    /// The tests that prove it, each as `PATH::FUNCTION`.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why no test can prove it; in place of `tests`.
    pub not_on_the_wire: Option<String>,
}

/// What one section of the source says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The id of the section.
    pub section: String,
    /// What it says, in the words of the record.
    pub says: String,
}

/// A value that the document must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Where in the document, as a JSON pointer.
    pub pointer: String,
    /// What stands there; without it, nothing may stand there.
    #[serde(default, deserialize_with = "present")]
    pub value: Option<Value>,
}

/// Tells `value: null` from no `value` at all.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Record {
    /// Reads a record out of its file.
    ///
    /// # Errors
    /// A field is missing, unknown or of the wrong type; the finding has its line.
    pub fn read(file: &Document) -> Result<Self, Finding> {
        serde_path_to_error::deserialize(file.root().to_json()).map_err(|error| {
            let mut pointer = Pointer::root();
            for segment in error.path() {
                use serde_path_to_error::Segment;
                pointer = match segment {
                    Segment::Seq { index } => pointer.child(index),
                    Segment::Map { key } | Segment::Enum { variant: key } => pointer.child(key),
                    Segment::Unknown => break,
                };
            }
            let message = format!("this is no record of reconciliation: {}", error.inner());
            file.finding(
                "reconciliation-form",
                &pointer,
                message,
                "the file has `source`, `parts`, `sections` and `entries`; an entry has `id`, `subject`, `claims`, `decision`, `why`, `revisit`, and `document` with `tests` or `not_on_the_wire`",
            )
        })
    }
}
