//! Lines that are not facts in themselves: that they changed is all that can be said of them.

use std::collections::BTreeSet;

use super::end::Lines;
use super::matching::change;
use super::sections::Names;
use super::{Change, ChangeKind};
use crate::source::facts::{Fact, Page, Statement, parts};
use crate::source::recorded::Recorded;

/// Adds the lines that changed without a fact that did.
pub(super) fn add(
    recorded: &Recorded,
    page: &Page,
    names: &Names,
    lines: Lines<'_>,
    changes: &mut Vec<Change>,
) {
    let Lines { gone, mut new, .. } = lines;
    let [old_changes, new_changes] =
        [ChangeKind::Gone, ChangeKind::New].map(|kind| Changed::of(changes, kind));
    let about_of = |statement: &Statement| {
        nearest(&page.facts, &statement.section, statement.line).map(Fact::name)
    };
    let mut abouts: Vec<Option<&str>> = new.iter().map(|statement| about_of(statement)).collect();
    for old in gone {
        let section = names.section(&old.section);
        // The line about the same thing, or else the first one of the section.
        let about = nearest(&recorded.facts, &old.section, old.line).map(Fact::name);
        let in_section =
            |(statement, _): &(&&Statement, &Option<&str>)| statement.section == section;
        let mut candidates = new.iter().zip(&abouts);
        let same = candidates.position(|candidate| in_section(&candidate) && *candidate.1 == about);
        let same = same.or_else(|| {
            new.iter()
                .position(|statement| statement.section == section)
        });
        if let Some(index) = same {
            abouts.remove(index);
        }
        let successor = same.map(|index| new.remove(index));
        let is_explained = old_changes.explains(&recorded.facts, &old.section, old.line)
            || successor
                .is_some_and(|new| new_changes.explains(&page.facts, &new.section, new.line));
        if is_explained {
            continue;
        }
        let subject = format!("{}/text", old.section);
        let kind = match successor {
            Some(_) => ChangeKind::Changed,
            None => ChangeKind::Gone,
        };
        let lines = [Some(old.line), successor.map(|statement| statement.line)];
        changes.push(change(kind, subject, Vec::new(), lines));
    }
    // A sample that can no longer be read is gone already.
    new.retain(|statement| {
        let is_sample = statement.text.starts_with(['{', '[']);
        let sample = format!("{}/member", statement.section);
        !is_sample || !changes.iter().any(|change| change.subject == sample)
    });
    new.retain(|statement| !new_changes.explains(&page.facts, &statement.section, statement.line));
    for statement in new {
        let subject = format!("{}/text", statement.section);
        changes.push(change(
            ChangeKind::New,
            subject,
            Vec::new(),
            [None, Some(statement.line)],
        ));
    }
}

/// The fact above a line, in its section.
fn nearest<'a>(facts: &'a [Fact], section: &str, line: u32) -> Option<&'a Fact> {
    let above = facts
        .iter()
        .filter(|fact| fact.section() == section && fact.line <= line);
    above.max_by_key(|fact| fact.line)
}

/// The changes of facts, on one side.
struct Changed {
    /// The lines with facts that changed.
    lines: BTreeSet<u32>,
    /// The ids of facts that came or went.
    ids: BTreeSet<String>,
    /// The sections that came or went.
    sections: BTreeSet<String>,
}

impl Changed {
    fn of(changes: &[Change], side: ChangeKind) -> Self {
        let line = |change: &Change| match side {
            ChangeKind::New => change.line_after,
            _ => change.line_before,
        };
        let of_side = || changes.iter().filter(|change| change.kind == side);
        let ids = of_side()
            .flat_map(|change| &change.facts)
            .map(|fact| fact.id().to_owned());
        let sections = of_side().filter(|change| !change.subject.contains('/'));
        Self {
            lines: changes.iter().filter_map(line).collect(),
            ids: ids.collect(),
            sections: sections.map(|change| change.subject.clone()).collect(),
        }
    }

    /// Whether a line came or went with a fact: with its line, its section, or the field that it describes.
    fn explains(&self, facts: &[Fact], section: &str, line: u32) -> bool {
        if self.lines.contains(&line) || self.sections.contains(section) {
            return true;
        }
        let Some(nearest) = nearest(facts, section, line) else {
            return false;
        };
        self.ids.iter().any(|id| {
            let (other, kind, name) = parts(id);
            let is_its_field =
                other == section && kind == "field" && name.eq_ignore_ascii_case(nearest.name());
            is_its_field || (*id == nearest.id && kind == "status")
        })
    }
}
