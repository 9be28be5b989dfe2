//! Compares a new capture of a page with the recorded facts.

mod comparable;
mod end;
mod matching;
mod meaning;
mod render;
mod sections;
mod statements;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use spec_first_document::Document;

use super::contradictions::contradictions;
use super::facts::{Fact, Page};
use super::recorded::Recorded;
use crate::Record;
pub use render::Format;

/// The changes on a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// The name of the page.
    pub page: String,
    /// The changes, in page order.
    pub changes: Vec<Change>,
    /// New contradictions, by subject.
    pub new_contradictions: Vec<String>,
    /// Contradictions that no longer exist, by subject.
    pub settled_contradictions: Vec<String>,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
}

/// One change and its consequences.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Whether something was added, removed or changed.
    pub kind: ChangeKind,
    /// The fact or section that changed; the first, if one line states several facts.
    pub subject: String,
    /// The facts that changed with it.
    pub facts: Vec<FactChange>,
    /// The line of the recorded capture.
    pub line_before: Option<u32>,
    /// The line of the new capture.
    pub line_after: Option<u32>,
    /// The last line of the new capture, if the change may only mean that the capture is cut off there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off_after: Option<u32>,
    /// The decisions that it may overturn.
    pub decisions: Vec<Decision>,
    /// Where the document disagrees with the page.
    pub document: Vec<Disagreement>,
    /// What clients of the API would notice.
    pub client: String,
}

/// Whether something was added, removed or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The fact is new.
    New,
    /// The fact is gone.
    Gone,
    /// The fact has changed.
    Changed,
}

/// A fact before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FactChange {
    /// The id of the recorded fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The id of the new fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The recorded value.
    pub value_before: Option<Value>,
    /// The new value.
    pub value_after: Option<Value>,
}

impl FactChange {
    /// The new id, or the recorded one if there is none.
    pub fn id(&self) -> &str {
        self.after
            .as_deref()
            .or(self.before.as_deref())
            .unwrap_or_default()
    }
}

/// A decision that rests on what changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The id of the entry.
    pub entry: String,
    /// The subject of the entry.
    pub subject: String,
    /// What would change the decision.
    pub revisit: String,
}

/// What a document says of a fact that is gone.
const NO_LONGER: &str = "what the page no longer states";

/// A place where the document disagrees with the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Disagreement {
    /// The JSON pointer.
    pub pointer: String,
    /// What the document says there.
    pub says: String,
}

/// Compares a new capture of a page with its recorded facts.
///
/// Moved and renamed sections are not changes. What a capture cannot show, because it is in another language or form or cut off, is
/// not compared.
pub fn drift(
    recorded: &Recorded,
    page: &Page,
    record: Option<&Record>,
    document: Option<&Document>,
) -> Drift {
    let names = sections::renamed(recorded, page);
    let mut notes = Vec::new();
    let mut changes = matching::changes(recorded, page, &names, &mut notes);
    let meaning = meaning::Meaning::new(recorded, page, record, document);
    for change in &mut changes {
        meaning.explain(change);
    }
    changes.sort_by_key(|change| {
        (
            change.line_after.or(change.line_before),
            change.subject.clone(),
        )
    });
    let subjects = |facts: &[Fact]| {
        let found = contradictions(facts).into_iter();
        let mut seen = BTreeSet::new();
        let subjects = found.map(|each| each.subject);
        let once = subjects.filter(|subject| seen.insert(subject.clone()));
        once.collect::<Vec<_>>()
    };
    let is_cut_off = |change: &Change| change.cut_off_after.is_some();
    // Contradictions depend on section names.
    let is_end = page.cut_off.is_some() || changes.iter().any(is_cut_off);
    // The rest of the section where the capture ends is unknown.
    let is_in_last = |fact: &&Fact| page.end.sections.iter().any(|last| last == fact.section());
    let now = page
        .facts
        .iter()
        .filter(|fact| !is_end || !is_in_last(fact));
    let now = now.map(|fact| names.recorded(fact));
    // An incomplete capture settles no contradiction, and sections that only one capture has make no new ones.
    let is_whole = notes.is_empty() && !is_end;
    let is_seen =
        |fact: &Fact| is_whole || recorded.sections.iter().any(|seen| seen == fact.section());
    let now: Vec<Fact> = now.filter(is_seen).collect();
    let [before, after] = [subjects(&recorded.facts), subjects(&now)];
    let settled = before
        .iter()
        .filter(|subject| is_whole && !after.contains(subject));
    Drift {
        page: recorded.page.clone(),
        settled_contradictions: settled.cloned().collect(),
        new_contradictions: after
            .iter()
            .filter(|subject| !changes.is_empty() && !before.contains(subject))
            .cloned()
            .collect(),
        changes,
        notes,
    }
}

/// Whether the captures are in different languages.
fn is_translated(recorded: &Recorded, page: &Page) -> bool {
    recorded.language.is_some() && page.language.is_some() && recorded.language != page.language
}
