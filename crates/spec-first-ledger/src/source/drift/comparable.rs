//! What a capture cannot show: it is cut off, or in another form or language than the recorded one.

use std::collections::{BTreeMap, BTreeSet};

use super::is_translated;
use super::matching::Old;
use super::sections::Names;
use crate::source::facts::{Fact, Page, parts};
use crate::source::recorded::Recorded;

/// Kinds that only some forms show.
const OF_FORM: [&str; 2] = ["place", "note"];

/// Kinds that are read from the words of a language.
const OF_LANGUAGE: [&str; 4] = ["statement", "constraint", "note", "quota"];

/// Takes away what cannot be compared, and notes how much that is.
pub(super) fn leave_out(
    recorded: &Recorded,
    page: &Page,
    gone: &mut Vec<Old<'_>>,
    new: &mut Vec<&Fact>,
    names: &Names,
    notes: &mut Vec<String>,
) {
    let is_other_form = recorded.form != page.form;
    let is_translated = is_translated(recorded, page);
    // A heading in the last line of a capture that is cut off may be the start of another.
    let stated = page.facts.iter().map(Fact::section);
    let sections: BTreeSet<&str> = match page.cut_off {
        Some(_) => stated.collect(),
        None => page.sections.iter().map(String::as_str).collect(),
    };
    let last = page
        .facts
        .iter()
        .max_by_key(|fact| fact.line)
        .map(Fact::section);
    let not_understood = page
        .not_understood()
        .map(|statement| statement.section.as_str());
    let not_understood: BTreeSet<&str> = not_understood.collect();
    let has_kind = |section: &str, kind: &str| {
        page.facts
            .iter()
            .any(|fact| fact.section() == section && fact.kind() == kind)
    };
    // The fields within others are shown or hidden.
    let is_hidden = |facts: &[Fact], section: &str, name: &str| {
        let mut of_section = facts.iter().filter(|fact| fact.section() == section);
        is_other_form && is_inner(name) && !of_section.any(|fact| is_inner(fact.name()))
    };
    // A line that is not whole may say less.
    let partial = page
        .facts
        .iter()
        .filter(|fact| Some(fact.line) == page.cut_off);
    let partial: BTreeSet<&str> = partial.map(|fact| fact.id.as_str()).collect();
    let known: BTreeSet<String> = gone.iter().map(|old| old.id.clone()).collect();
    gone.retain(|old| !partial.contains(old.id.as_str()));
    new.retain(|fact| {
        let is_partial = partial.contains(fact.id.as_str());
        !is_partial || !(known.contains(&fact.id) || fact.kind() == "note")
    });
    let before: Vec<&str> = recorded
        .sections
        .iter()
        .map(|section| names.section(section))
        .collect();
    let recorded_ids: BTreeMap<String, u32> = recorded
        .facts
        .iter()
        .map(|fact| (names.id(&fact.id), fact.line))
        .collect();
    let still_there: Vec<(&str, u32, u32)> = page
        .facts
        .iter()
        .filter_map(|fact| Some((fact.section(), *recorded_ids.get(&fact.id)?, fact.line)))
        .collect();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    gone.retain(|old| {
        let (section, kind, name) = parts(&old.id);
        let is_there = sections.contains(section);
        let is_followed = || {
            still_there
                .iter()
                .any(|(other, line, _)| *other == section && *line > old.fact.line)
        };
        let reason = if page.cut_off.is_some()
            && is_below_end(section, last, &before, is_there, is_followed())
        {
            "the capture is cut off"
        } else if is_other_form && (!is_there || OF_FORM.contains(&kind)) {
            "the capture has another form"
        } else if is_other_form
            && not_understood.contains(section)
            && !has_kind(section, old.fact.kind())
        {
            "the capture has another form, which is not understood there"
        } else if is_hidden(&page.facts, section, name) {
            "the capture hides the fields within others"
        } else if is_translated && OF_LANGUAGE.contains(&kind) {
            "the capture is in another language"
        } else {
            return true;
        };
        *left_out.entry(reason).or_default() += 1;
        false
    });
    for (reason, count) in left_out {
        notes.push(format!(
            "{} not compared: {reason}",
            facts_are(count, "recorded ")
        ));
    }
    let total = new.len();
    new.retain(|fact| {
        let is_of_form =
            is_other_form && (!before.contains(&fact.section()) || OF_FORM.contains(&fact.kind()));
        let is_of_language = is_translated && OF_LANGUAGE.contains(&fact.kind());
        let is_hidden = is_hidden(&recorded.facts, fact.section(), fact.name());
        !(is_of_form || is_of_language || is_hidden)
    });
    let count = total - new.len();
    let total = new.len();
    let order: Vec<&str> = page.sections.iter().map(String::as_str).collect();
    new.retain(|fact| {
        let section = fact.section();
        let is_there = before.contains(&section);
        let is_followed = still_there
            .iter()
            .any(|(other, _, line)| *other == section && *line > fact.line);
        let end = before.last().copied();
        recorded.cut_off.is_none()
            || !is_below_end(section, end, &order, is_there, is_followed)
            || gone.iter().any(|old| old.id == fact.id)
    });
    let below = total - new.len();
    if below > 0 {
        notes.push(format!(
            "{} not compared: the recorded capture is cut off",
            facts_are(below, "")
        ));
    }
    if count > 0 {
        notes.push(format!(
            "{} only in this form or language, and not compared",
            facts_are(count, "")
        ));
    }
}

/// Whether what a section of one capture states would be below the end of the other, which is in the section `end`: in it, unless
/// something follows that both state, or in a section that it does not have and that no section before `end` precedes.
fn is_below_end(
    section: &str,
    end: Option<&str>,
    order: &[&str],
    is_there: bool,
    is_followed: bool,
) -> bool {
    let place = |name: &str| order.iter().position(|other| *other == name);
    if end.is_none() {
        return true;
    }
    match Some(section) == end {
        true => !is_followed,
        false => !is_there && end.and_then(place) <= place(section),
    }
}

fn is_inner(name: &str) -> bool {
    name.contains(['.', '['])
}

fn facts_are(count: usize, adjective: &str) -> String {
    match count {
        1 => format!("1 {adjective}fact is"),
        count => format!("{count} {adjective}facts are"),
    }
}
