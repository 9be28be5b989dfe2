//! Leaves out what captures in different forms or languages, or cut off, cannot show.

use std::collections::{BTreeMap, BTreeSet};

use super::end::Ends;
use super::is_translated;
use super::matching::Left;
use crate::source::facts::{Fact, parts};

/// Kinds of facts that only some forms show.
const OF_FORM: [&str; 2] = ["place", "note"];

/// Kinds of facts that depend on the language.
const OF_LANGUAGE: [&str; 4] = ["statement", "constraint", "note", "quota"];

/// Removes what cannot be compared, and notes how much.
pub(super) fn leave_out(left: &mut Left<'_>, ends: &Ends<'_>, notes: &mut Vec<String>) {
    let Left { gone, new, lines } = left;
    let Ends {
        recorded,
        page,
        names,
        ..
    } = ends;
    let is_other_form = recorded.form != page.form;
    let is_translated = is_translated(recorded, page);
    let not_understood = page
        .not_understood()
        .map(|statement| statement.section.as_str());
    let not_understood: BTreeSet<&str> = not_understood.collect();
    let has_kind = |section: &str, kind: &str| {
        page.facts
            .iter()
            .any(|fact| fact.section() == section && fact.kind() == kind)
    };
    // Nested fields may be collapsed.
    let is_hidden = |facts: &[Fact], section: &str, name: &str| {
        let mut of_section = facts.iter().filter(|fact| fact.section() == section);
        is_other_form && is_inner(name) && !of_section.any(|fact| is_inner(fact.name()))
    };
    let before: BTreeSet<&str> = recorded
        .sections
        .iter()
        .map(|section| names.section(section))
        .collect();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let mut below: BTreeSet<String> = BTreeSet::new();
    gone.retain(|old| {
        let (section, kind, name) = parts(&old.id);
        let reason = if page.cut_off.is_some() && ends.is_fact_below(old) {
            below.insert(old.id.clone());
            "the capture is cut off"
        } else if is_other_form
            && (!page.sections.iter().any(|other| other == section) || OF_FORM.contains(&kind))
        {
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
    let mut left_out = [0, 0];
    new.retain(|fact| {
        let is_of_form =
            is_other_form && (!before.contains(&fact.section()) || OF_FORM.contains(&fact.kind()));
        let is_of_language = is_translated && OF_LANGUAGE.contains(&fact.kind());
        let is_hidden = is_hidden(&recorded.facts, fact.section(), fact.name());
        let is_changed = || gone.iter().any(|old| old.id == fact.id);
        // The last item of a capture that is cut off may be incomplete.
        let is_partial =
            page.cut_off.is_some() && (ends.is_partial(fact) || below.contains(&fact.id));
        let is_unseen = recorded.cut_off.is_some() && ends.is_fact_unseen(fact) && !is_changed();
        left_out[0] += usize::from(is_unseen && !is_partial);
        left_out[1] += usize::from(is_of_form || is_of_language || is_hidden);
        !(is_unseen || is_partial || is_of_form || is_of_language || is_hidden)
    });
    if left_out[0] > 0 {
        notes.push(format!(
            "{} not compared: the recorded capture is cut off",
            facts_are(left_out[0], "")
        ));
    }
    if left_out[1] > 0 {
        notes.push(format!(
            "{} not compared: only this form or language has them",
            facts_are(left_out[1], "")
        ));
    }
    if page.cut_off.is_some() {
        lines.leave_out_below(ends);
    } else if page.end.is_certain {
        // The last line of the footer may be truncated.
        let last = page.statements.get(page.end.whole_statements..);
        let last = last.unwrap_or_default();
        lines
            .new
            .retain(|line| !last.iter().any(|other| std::ptr::eq(other, *line)));
    }
    if recorded.cut_off.is_some() {
        lines.gone.retain(|line| !recorded.is_unseen(&line.section));
        lines.new.retain(|line| !recorded.is_unseen(&line.section));
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
