//! The data model of a record.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use spec_first_document::{Document, Finding, Pointer};

/// A reconciliation record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// A description of the source.
    pub source: String,
    /// The parts of the source, in the order of the table columns.
    pub parts: Vec<String>,
    /// The pages of the source by id, each with its title; empty if the source is a single page.
    #[serde(default)]
    pub pages: BTreeMap<String, String>,
    /// The languages that the pages are written in; empty if there is only one.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The sections of the source by id; at least one entry must cite each.
    pub sections: BTreeMap<String, Section>,
    /// The entries, in reading order.
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
    /// The page that it is on, one of [`Record::pages`]; `None` if the source is a single page, or if every page has it.
    pub page: Option<String>,
    /// The sections of the recorded facts that it consists of; if empty, the one with its own id.
    #[serde(default)]
    pub reads: Vec<String>,
}

/// A contradiction or an omission in the source, and how it was resolved.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The id, in kebab case.
    pub id: String,
    /// The subject, in a few words.
    pub subject: String,
    /// What each section says.
    pub claims: Vec<Claim>,
    /// The decision, in one sentence.
    pub decision: String,
    /// The reason.
    pub why: String,
    /// What would change the decision.
    pub revisit: String,
    /// The values in the document that implement the decision.
    #[serde(default)]
    pub document: Vec<Expectation>,
    /// The tests that prove the decision, each as `PATH::FUNCTION`.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why no test can prove the decision; replaces `tests`.
    pub not_on_the_wire: Option<String>,
}

/// What one section of the source says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The id of the section.
    pub section: String,
    /// The language in which the section says it, one of [`Record::languages`]; `None` if all of them do.
    pub language: Option<String>,
    /// What the section says, paraphrased.
    pub says: String,
    /// The ids of the facts that it rests on, if those of the page are recorded.
    #[serde(default)]
    pub facts: Vec<String>,
    /// The kinds of facts, such as `body/required`, that the section does not have.
    #[serde(default)]
    pub silent: Vec<String>,
    /// Why no fact can carry the claim, for example because it follows from the words of a sentence.
    pub not_stated: Option<String>,
}

/// A value that the document must contain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The JSON pointer to the value.
    pub pointer: String,
    /// The expected value; if omitted, the document must have no value there.
    #[serde(default, deserialize_with = "present")]
    pub value: Option<Value>,
}

/// Distinguishes `value: null` from an absent `value`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Record {
    /// Reads a record from its file.
    ///
    /// # Errors
    /// Returns a finding with the line if a field is missing, unknown or has the wrong type.
    pub fn read(file: &Document) -> Result<Self, Finding> {
        serde_path_to_error::deserialize(file.root().to_json()).map_err(|error| {
            let pointer = pointer_of(error.path());
            let message = format!("invalid reconciliation record: {}", error.inner());
            file.finding(
                "reconciliation-form",
                &pointer,
                message,
                "the file needs `source`, `parts`, `sections` and `entries`; an entry needs `id`, `subject`, `claims`, `decision`, `why`, `revisit`, and `document` with `tests` or `not_on_the_wire`",
            )
        })
    }
}

/// Where a value that cannot be deserialized is.
pub(crate) fn pointer_of(path: &serde_path_to_error::Path) -> Pointer {
    use serde_path_to_error::Segment;
    let mut pointer = Pointer::root();
    for segment in path {
        pointer = match segment {
            Segment::Seq { index } => pointer.child(index),
            Segment::Map { key } | Segment::Enum { variant: key } => pointer.child(key),
            Segment::Unknown => break,
        };
    }
    pointer
}
