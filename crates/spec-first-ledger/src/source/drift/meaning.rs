//! The consequences of a change for the record, the document and clients.

use std::collections::BTreeSet;

use spec_first_document::{Document, Pointer};

use super::{Change, ChangeKind, Decision, Disagreement, NO_LONGER};
use crate::source::agreement::{Agreement, Contract};
use crate::source::facts::{Fact, Page, bare, parts};
use crate::source::record::{is_of, is_within};
use crate::source::recorded::Recorded;
use crate::{Claim, Entry, Record};

pub(super) struct Meaning<'a> {
    recorded: &'a Recorded,
    page: &'a Page,
    record: Option<&'a Record>,
    before: Option<Contract<'a>>,
    after: Option<Contract<'a>>,
}

impl<'a> Meaning<'a> {
    pub(super) fn new(
        recorded: &'a Recorded,
        page: &'a Page,
        record: Option<&'a Record>,
        document: Option<&'a Document>,
    ) -> Self {
        let contract = |facts: &[Fact]| document.and_then(|document| Contract::of(document, facts));
        let before = contract(&recorded.facts);
        Self {
            recorded,
            page,
            record,
            after: contract(&page.facts).or_else(|| before.clone()),
            before,
        }
    }

    pub(super) fn explain(&self, change: &mut Change) {
        let mut pointers = Vec::new();
        for fact in &change.facts {
            let find = |facts: &'a [Fact], id: &Option<String>| {
                facts.iter().find(|fact| Some(&fact.id) == id.as_ref())
            };
            let old = find(&self.recorded.facts, &fact.before);
            let new = find(&self.page.facts, &fact.after);
            if let (Some(contract), Some(new)) = (&self.after, new) {
                match contract.judge(new) {
                    Agreement::Agrees(pointer) => pointers.push(pointer),
                    Agreement::Disagrees { pointer, found } => {
                        add(&mut change.document, &pointer, found);
                        pointers.push(pointer);
                    }
                    Agreement::CannotSay => {}
                }
            } else if let (Some(contract), Some(old)) = (&self.before, old)
                && let Agreement::Agrees(pointer) = contract.judge(old)
            {
                add(
                    &mut change.document,
                    &contract.place(old).unwrap_or_else(|| pointer.clone()),
                    NO_LONGER.to_owned(),
                );
                pointers.push(pointer);
            }
        }
        change.decisions = self.decisions(change, &pointers);
        change.client = client(change).to_owned();
    }

    /// The entries about the same place in the document, preferably those that cite facts of the same kind and section.
    fn about(&self, record: &'a Record, change: &Change, pointers: &[Pointer]) -> Vec<&'a Entry> {
        let kind = |id: &str| {
            let (section, kind, _) = parts(id);
            format!("{section}/{kind}")
        };
        let kinds: BTreeSet<String> = change.facts.iter().map(|fact| kind(fact.id())).collect();
        let cites_kind = |entry: &&&Entry| {
            let claims = entry
                .claims
                .iter()
                .filter(|claim| is_of(record, claim, self.recorded));
            let mut cited = claims.flat_map(|claim| claim.facts.iter().chain(&claim.silent));
            cited.any(|id| kinds.contains(&kind(id)))
        };
        let entries = record
            .entries
            .iter()
            .filter(|entry| is_about(entry, pointers));
        let entries: Vec<&Entry> = entries.collect();
        let narrowed: Vec<&Entry> = entries.iter().filter(cites_kind).copied().collect();
        if narrowed.is_empty() {
            entries
        } else {
            narrowed
        }
    }

    /// The entries that cite what changed, or else those about the same place in the document.
    fn decisions(&self, change: &Change, pointers: &[Pointer]) -> Vec<Decision> {
        let Some(record) = self.record else {
            return Vec::new();
        };
        let cites = |entry: &&Entry| {
            let mut claims = entry
                .claims
                .iter()
                .filter(|claim| is_of(record, claim, self.recorded));
            claims.any(|claim| rests_on(record, claim, change))
        };
        let mut entries: Vec<&Entry> = record.entries.iter().filter(cites).collect();
        if entries.is_empty() {
            entries = self.about(record, change, pointers);
        }
        let mut seen = BTreeSet::new();
        let decisions = entries.into_iter().filter(|entry| seen.insert(&entry.id));
        let decisions = decisions.map(|entry| Decision {
            entry: entry.id.clone(),
            subject: entry.subject.trim().to_owned(),
            revisit: entry
                .revisit
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        });
        decisions.collect()
    }
}

/// Whether an entry is about one of the pointers, or a place inside one.
fn is_about(entry: &Entry, pointers: &[Pointer]) -> bool {
    let about = entry
        .document
        .iter()
        .filter_map(|expectation| Pointer::parse(&expectation.pointer));
    let about: Vec<Pointer> = about.collect();
    let overlaps = |pointer: &Pointer| about.iter().any(|about| about.is_at_or_inside(pointer));
    pointers.iter().any(overlaps)
}

fn add(list: &mut Vec<Disagreement>, pointer: &Pointer, says: String) {
    let pointer = pointer.as_str().to_owned();
    let item = Disagreement { pointer, says };
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Whether a fact describes a field, such as its example.
fn describes(id: &str, field: &str) -> bool {
    let [(section, _, name), (of_field, kind, field)] = [parts(id), parts(field)];
    kind == "field" && section == of_field && name.eq_ignore_ascii_case(field)
}

/// Whether a claim cites what changed, or claims silence about what is new.
fn rests_on(record: &Record, claim: &Claim, change: &Change) -> bool {
    let cites = |fact: &super::FactChange| match (&fact.before, &fact.after) {
        (Some(before), after) => {
            // Facts that describe a field change with it.
            let is_elsewhere = after.as_ref() != Some(before);
            claim
                .facts
                .iter()
                .any(|cited| cited == before || (is_elsewhere && describes(cited, before)))
        }
        (None, Some(after)) => claim.silent.iter().any(|kind| is_within(after, kind)),
        (None, None) => false,
    };
    if change.facts.iter().any(cites) {
        return true;
    }
    // A claim without facts rests on the wording of its section.
    let section = change.subject.split('/').next().unwrap_or_default();
    let reads = record
        .sections
        .get(&claim.section)
        .map_or(&[][..], |section| &section.reads[..]);
    let is_of_section = if reads.is_empty() {
        claim.section == section
    } else {
        reads.iter().any(|read| read == section)
    };
    change.facts.is_empty() && claim.not_stated.is_some() && is_of_section
}

/// What clients would notice if the API does what the page says.
fn client(change: &Change) -> &'static str {
    if change.cut_off_after.is_some() {
        return "unknown until the whole page is captured";
    }
    let Some(fact) = change.facts.first() else {
        return "unknown; only the wording changed";
    };
    let (section, kind, _) = parts(fact.id());
    let section = bare(section);
    let is_response = matches!(
        section,
        "response" | "response-fields" | "response-example" | "sample-response"
    );
    match (
        kind.split('~').next().unwrap_or_default(),
        change.kind,
        is_response,
    ) {
        _ if section == "documentation-index" => "nothing",
        ("url" | "path" | "method", ..) => "requests go to the old address, which may not respond",
        ("credential" | "header" | "scheme" | "pair" | "place", ..) => {
            "requests carry what was documented before, and may be refused"
        }
        ("status", ChangeKind::New, _) => "a status that it does not expect",
        ("status", ..) => "a status that it handles may no longer come",
        ("field" | "member", ChangeKind::New, true) => "a member that it does not know",
        ("field" | "member", ChangeKind::Gone, true) => "a member that it reads may be missing",
        ("field" | "member", ChangeKind::Changed, true) => {
            "a member with another name, type or value than they expect"
        }
        ("field" | "member", ChangeKind::New, false) if section == "authorizations" => {
            "requests may be refused without the new credential"
        }
        ("field" | "member", ChangeKind::New, false) => "nothing, unless what is new is required",
        ("field" | "member", _, false) => "what it sends may be ignored or refused",
        ("required", ChangeKind::Gone, _) => "nothing; what it sends is still allowed",
        ("required", _, false) => "requests without it may be refused",
        ("enum", _, true) => "a value that it does not expect",
        ("enum", _, false) => "a value that it sends may be refused",
        ("constraint", ..) => {
            "a value that it sends may be refused, or one that it refuses is allowed"
        }
        ("media-type", ..) => "a body that it cannot read, or that is refused",
        ("example" | "default" | "note", ..) => "probably nothing",
        _ => "unknown",
    }
}
