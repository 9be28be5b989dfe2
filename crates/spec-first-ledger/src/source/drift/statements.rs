//! Changes of lines that are not facts, of which only the fact of the change is known.

use std::collections::BTreeSet;

use super::end::Lines;
use super::matching::change;
use super::sections::Names;
use super::{Change, ChangeKind};
use crate::source::facts::{Fact, Page, Statement, parts};
use crate::source::recorded::Recorded;

/// Adds changes of lines that no changed fact explains.
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
        // The line after the same fact, or else the first new line in the section.
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
    // A sample that became unreadable is reported already.
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

/// The last fact before a line, in its section.
fn nearest<'a>(facts: &'a [Fact], section: &str, line: u32) -> Option<&'a Fact> {
    let above = facts
        .iter()
        .filter(|fact| fact.section() == section && fact.line <= line);
    above.max_by_key(|fact| fact.line)
}

/// The changed facts of one capture.
struct Changed {
    /// The lines of facts that changed.
    lines: BTreeSet<u32>,
    /// The ids of facts that appeared or disappeared.
    ids: BTreeSet<String>,
    /// The sections that appeared or disappeared.
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

    /// Whether a change of a line is explained by a fact on it, its section, or the field that it describes.
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
