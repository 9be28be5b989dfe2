//! What a new capture of a page says differently from the recorded facts.

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

/// What changed on a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// The page.
    pub page: String,
    /// The changes, in the order of the page; none if it still says the same.
    pub changes: Vec<Change>,
    /// Contradictions that the page did not have before, by subject.
    pub new_contradictions: Vec<String>,
    /// Contradictions that it no longer has.
    pub settled_contradictions: Vec<String>,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
}

/// One change, with all that follows from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Whether something was added, removed or changed.
    pub kind: ChangeKind,
    /// The fact or the section that changed; of several facts in one line, the first.
    pub subject: String,
    /// The facts that changed with it.
    pub facts: Vec<FactChange>,
    /// The line of the recorded capture.
    pub line_before: Option<u32>,
    /// The line of the new capture.
    pub line_after: Option<u32>,
    /// The last line of the new capture, if it may be cut off there and nothing be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off_after: Option<u32>,
    /// The decisions of the record that it may overturn.
    pub decisions: Vec<Decision>,
    /// Where the document no longer says what the page says, and what it says there.
    pub document: Vec<Disagreement>,
    /// What a client of the API would notice.
    pub client: String,
}

/// Whether something was added, removed or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The page did not say so before.
    New,
    /// The page no longer says so.
    Gone,
    /// The page says something else.
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
    /// The new id, or else the recorded one.
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
    /// What it is about.
    pub subject: String,
    /// What would change it, as the record says.
    pub revisit: String,
}

/// A place of the document that says something else than the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Disagreement {
    /// The JSON pointer.
    pub pointer: String,
    /// What the document says there.
    pub says: String,
}

/// Compares a new capture of a page with what was recorded of it.
///
/// Moved and renamed sections are not changes. Of a capture in another language, what is translated is not compared; of one in
/// another form, or cut off, neither is what it cannot show.
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
    // What contradicts what depends on the names of sections.
    let is_end = page.cut_off.is_some() || changes.iter().any(is_cut_off);
    // The rest of the section in which a capture ends may say otherwise.
    let is_in_last = |fact: &&Fact| page.end.sections.iter().any(|last| last == fact.section());
    let now = page
        .facts
        .iter()
        .filter(|fact| !is_end || !is_in_last(fact));
    let now = now.map(|fact| names.recorded(fact));
    // In a capture that lacks sections, a contradiction is not settled, and what only one capture can show contradicts nothing new.
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

/// Whether the capture is in another language than the recorded one.
fn is_translated(recorded: &Recorded, page: &Page) -> bool {
    recorded.language.is_some() && page.language.is_some() && recorded.language != page.language
}
