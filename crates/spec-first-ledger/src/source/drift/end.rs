//! What is missing below the end of a capture, which may be gone or cut off.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::matching::{Left, NAMED, Old, change, change_of};
use super::sections::Names;
use super::{Change, ChangeKind};
use crate::source::facts::{Fact, Page, Statement, parts};
use crate::source::recorded::{Recorded, RecordedStatement};

/// The line of a fact or statement, whether it is a fact, and its index.
type Place = (u32, bool, usize);

/// Lines that are not facts.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    pub(super) gone: Vec<&'a RecordedStatement>,
    pub(super) new: Vec<&'a Statement>,
    same: Vec<(Place, Place)>,
}

impl<'a> Lines<'a> {
    /// The lines that only one of the captures has.
    pub(super) fn of(recorded: &'a Recorded, page: &'a Page) -> Self {
        let mut by_digest: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, statement) in page.statements.iter().enumerate().rev() {
            by_digest.entry(statement.digest()).or_default().push(index);
        }
        let mut lines = Self::default();
        let mut taken = BTreeSet::new();
        // Of repeated lines, those beside facts that are gone are gone.
        let ids: BTreeSet<&str> = page.facts.iter().map(|fact| fact.id.as_str()).collect();
        let gone = recorded
            .facts
            .iter()
            .filter(|fact| !ids.contains(&*fact.id));
        let gone: BTreeSet<u32> = gone.map(|fact| fact.line).collect();
        let mut known: Vec<(usize, &RecordedStatement)> =
            recorded.statements.iter().enumerate().collect();
        known.sort_by_key(|(_, statement)| gone.contains(&statement.line));
        for (index, statement) in known {
            // If a line is repeated more often than before, the last ones are new.
            match by_digest.get_mut(&statement.digest).and_then(Vec::pop) {
                Some(other) => {
                    let place = |line, index| (line, false, index);
                    let now = place(page.statements[other].line, other);
                    lines.same.push((place(statement.line, index), now));
                    taken.insert(other);
                }
                None => lines.gone.push(statement),
            }
        }
        lines.gone.sort_by_key(|statement| statement.line);
        let statements = page.statements.iter().enumerate();
        let new = statements.filter(|(index, _)| !taken.contains(index));
        lines.new = new.map(|(_, statement)| statement).collect();
        lines
    }

    /// Removes lines below the end of the new capture, and truncated ones.
    pub(super) fn leave_out_below(&mut self, ends: &Ends<'_>) {
        self.gone.retain(|line| !ends.is_line_below(line));
        self.new.retain(|line| Some(line.line) < ends.last);
    }
}

/// Where each capture ends, in terms of the other.
pub(super) struct Ends<'a> {
    pub(super) recorded: &'a Recorded,
    pub(super) page: &'a Page,
    pub(super) names: &'a Names,
    /// The line of the last common item in the new capture, and its recorded place.
    last: Option<u32>,
    shown: Option<Place>,
    /// The place in the new capture of the last recorded item.
    known: Option<Place>,
    /// Whether the common items are in the same order.
    is_in_order: bool,
    /// The places of the new facts.
    places: BTreeMap<&'a str, Place>,
    partial: BTreeSet<&'a str>,
}

impl<'a> Ends<'a> {
    /// `same` holds the indexes of the common facts.
    pub(super) fn of(
        recorded: &'a Recorded,
        page: &'a Page,
        names: &'a Names,
        same: &[(usize, usize)],
        lines: &Lines<'_>,
    ) -> Self {
        let place = |facts: &[Fact], index: usize| (facts[index].line, true, index);
        let facts = same.iter().map(|(before, after)| {
            let before = place(&recorded.facts, *before);
            (before, place(&page.facts, *after))
        });
        let mut both: Vec<(Place, Place)> = facts.chain(lines.same.iter().copied()).collect();
        both.sort_unstable();
        let is_whole = |(_, after): &(Place, Place)| match after {
            (_, true, index) => *index < page.end.whole_facts,
            (_, false, index) => *index < page.end.whole_statements,
        };
        // Items on the same line as the last one may be below the end.
        let (whole, last): (Vec<_>, Vec<_>) = both.iter().copied().partition(is_whole);
        let last = last
            .iter()
            .map(|(before, after)| ((before.0, false, 0), *after));
        let last = last.min_by_key(|(before, _)| *before);
        let shown = last.or_else(|| whole.into_iter().max_by_key(|(_, after)| *after));
        let known = both.iter().max_by_key(|(before, _)| *before);
        let ids = page.facts.iter().enumerate();
        let partial = page.facts.get(page.end.whole_facts..).unwrap_or_default();
        Self {
            recorded,
            page,
            names,
            last: shown.as_ref().map(|(_, after)| after.0),
            shown: shown.map(|(before, _)| before),
            known: known.map(|(_, after)| *after),
            is_in_order: both.is_sorted_by_key(|(_, after)| after.0),
            places: ids
                .map(|(index, fact)| (fact.id.as_str(), place(&page.facts, index)))
                .collect(),
            partial: partial.iter().map(|fact| fact.id.as_str()).collect(),
        }
    }

    /// Whether a recorded place is below the end of the new capture.
    fn is_below(&self, place: Place, section: &str) -> bool {
        let end = &self.page.end;
        // If sections moved, one that is followed by another is complete.
        let is_open = self.is_in_order
            || end.sections.iter().any(|last| last == section)
            || !self.page.sections.iter().any(|other| other == section);
        Some(place) > self.shown && is_open
    }

    pub(super) fn is_fact_below(&self, old: &Old<'_>) -> bool {
        self.is_below((old.fact.line, true, old.index), parts(&old.id).0)
    }

    pub(super) fn is_line_below(&self, statement: &RecordedStatement) -> bool {
        let section = self.names.section(&statement.section);
        self.is_below((statement.line, true, usize::MAX), section)
    }

    /// Whether a new fact is below the end of the recorded capture.
    pub(super) fn is_fact_unseen(&self, fact: &Fact) -> bool {
        let place = self.places.get(fact.id.as_str()).copied();
        let known = &self.recorded.sections;
        let of_section = |name: &&String| self.names.section(name) == fact.section();
        let is_last = known.last().as_ref().is_some_and(of_section);
        place > self.known && (is_last || !known.iter().any(|name| of_section(&name)))
    }

    /// Whether a new fact comes from the last item, which may be truncated.
    pub(super) fn is_partial(&self, fact: &Fact) -> bool {
        self.partial.contains(fact.id.as_str()) || Some(fact.line) == self.page.cut_off
    }

    /// Takes everything that is missing at the end as one change, if the capture may be cut off there.
    pub(super) fn take<'f>(&self, left: &mut Left<'f>) -> Option<Change> {
        let Left { gone, new, lines } = left;
        if self.page.end.is_certain && gone.iter().any(|old| self.is_fact_below(old)) {
            return None;
        }
        // If the last item says something else, and is not a truncated fact, that is a change.
        let mut replaced = BTreeMap::new();
        for fact in new.iter().filter(|fact| self.is_partial(fact)) {
            let mut below = gone.iter().filter(|old| self.is_fact_below(old));
            let same = below.clone().find(|old| old.id == fact.id);
            let is_instead = |old: &&Old<'_>| is_instead(fact, old);
            if let Some(old) = same.map_or_else(
                || below.find(is_instead),
                |old| Some(old).filter(is_instead),
            ) {
                replaced.insert(old.index, (old.fact.line, fact.id.as_str()));
            }
        }
        let is_below =
            |old: &Old<'_>| self.is_fact_below(old) && !replaced.contains_key(&old.index);
        let (below, above): (Vec<Old<'f>>, _) =
            std::mem::take(gone).into_iter().partition(is_below);
        *gone = above;
        let replaced_line = replaced.values().map(|(line, _)| *line).max();
        // Another line in its place, at the end of a whole page, is a change too.
        let rewritten = |section: &str| {
            let is_whole = self.page.cut_off.is_none();
            let new = lines
                .new
                .iter()
                .filter(|line| is_whole && line.section == section && Some(line.line) > self.last);
            new.count()
        };
        let mut by_section: BTreeMap<String, usize> = BTreeMap::new();
        let mut is_rewritten = |line: &RecordedStatement| {
            let section = self.names.section(&line.section);
            let count = by_section.entry(section.to_owned()).or_default();
            *count += 1;
            *count <= rewritten(section)
        };
        let mut lines_below = lines.gone.iter().filter(|line| self.is_line_below(line));
        let first_line = lines_below
            .find(|line| Some(line.line) > replaced_line && !is_rewritten(line))
            .copied();
        if below.is_empty() && first_line.is_none() {
            return None;
        }
        lines.leave_out_below(self);
        let is_partial = |fact: &&Fact| {
            let is_known = below.iter().any(|old| old.id == fact.id);
            let is_instead = replaced.values().any(|(_, id)| *id == fact.id);
            (self.is_partial(fact) && !is_instead) || (is_known && fact.value.is_null())
        };
        let (mut partial, whole): (Vec<&Fact>, Vec<&Fact>) =
            std::mem::take(new).into_iter().partition(is_partial);
        *new = whole;
        let mut facts = Vec::new();
        for old in &below {
            let index = partial.iter().position(|fact| fact.id == old.id);
            facts.push(change_of(Some(old), index.map(|at| partial.remove(at))));
        }
        facts.extend(partial.into_iter().map(|fact| change_of(None, Some(fact))));
        let (subject, line) = match (below.first(), first_line) {
            (Some(old), _) => (old.fact.id.clone(), old.fact.line),
            (None, Some(line)) => (format!("{}/text", line.section), line.line),
            (None, None) => return None,
        };
        let mut found = change(ChangeKind::Gone, subject, facts, [Some(line), None]);
        found.cut_off_after = Some(self.page.end.line);
        Some(found)
    }
}

/// Whether a fact replaces another, and is not a truncated form of it.
fn is_instead(fact: &Fact, old: &Old<'_>) -> bool {
    let [(section, kind, name), (of_old, kind_of_old, old_name)] =
        [parts(&fact.id), parts(&old.id)];
    match fact.id == old.id {
        true => !is_part(&fact.value, &old.fact.value),
        false => {
            let is_named = NAMED.contains(&fact.kind());
            is_named && (section, kind) == (of_old, kind_of_old) && !old_name.starts_with(name)
        }
    }
}

/// Whether a value may be a truncated form of another.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Null, _) => true,
        (Value::String(part), Value::String(whole)) => whole.starts_with(part.as_str()),
        (Value::Number(part), Value::Number(whole)) => {
            whole.to_string().starts_with(&part.to_string())
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() <= whole.len()
                && part
                    .iter()
                    .zip(whole)
                    .all(|(part, whole)| is_part(part, whole))
        }
        (part, whole) => part == whole,
    }
}
