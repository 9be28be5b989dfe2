//! Detects renamed sections.

use std::collections::{BTreeMap, BTreeSet};

use super::is_translated;
use crate::source::facts::{Fact, Page};
use crate::source::recorded::Recorded;
use crate::source::values::untranslated;

/// The new names of recorded sections.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// The new name of a recorded section.
    pub(super) fn section<'a>(&'a self, recorded: &'a str) -> &'a str {
        self.0.get(recorded).map_or(recorded, String::as_str)
    }

    /// A new fact, under the recorded name of its section.
    pub(super) fn recorded(&self, fact: &Fact) -> Fact {
        let is_it = |(_, section): &(&String, &String)| *section == fact.section();
        let id = match self.0.iter().find(is_it) {
            Some((recorded, section)) => format!("{recorded}{}", &fact.id[section.len()..]),
            None => fact.id.clone(),
        };
        Fact { id, ..fact.clone() }
    }

    /// The id of a recorded fact, under the new name of its section.
    pub(super) fn id(&self, recorded: &str) -> String {
        match recorded.split_once('/') {
            Some((section, rest)) => format!("{}/{rest}", self.section(section)),
            None => recorded.to_owned(),
        }
    }
}

/// Pairs sections that are gone with new ones that have the same facts, or the same lines if they have no facts.
pub(super) fn renamed(recorded: &Recorded, page: &Page) -> Names {
    let mut names = Names::default();
    let is_translated = is_translated(recorded, page);
    let content = |facts: &[Fact], section: &str| -> BTreeSet<String> {
        let of_section = facts.iter().filter(|fact| fact.section() == section);
        let shown = |fact: &Fact| {
            let value = match is_translated {
                true => untranslated(fact.kind(), &fact.value),
                false => fact.value.clone(),
            };
            format!("{} {value}", &fact.id[section.len()..])
        };
        of_section.map(shown).collect()
    };
    let is_gone = |section: &&String| !page.sections.contains(section);
    let is_new = |section: &&String| !recorded.sections.contains(section);
    let mut new: Vec<&String> = page.sections.iter().filter(is_new).collect();
    for section in recorded.sections.iter().filter(is_gone) {
        let before = content(&recorded.facts, section);
        let lines = recorded
            .statements
            .iter()
            .filter(|statement| statement.section == *section);
        let lines: BTreeSet<String> = lines.map(|statement| statement.digest.clone()).collect();
        let same = new.iter().position(|other| {
            let after = content(&page.facts, other);
            let of_other = page
                .statements
                .iter()
                .filter(|statement| statement.section == **other);
            let lines_after: BTreeSet<String> =
                of_other.map(|statement| statement.digest()).collect();
            match before.is_empty() {
                false => before == after,
                true => after.is_empty() && !lines.is_empty() && lines == lines_after,
            }
        });
        if let Some(index) = same {
            names.0.insert(section.clone(), new.remove(index).clone());
        }
    }
    names
}
