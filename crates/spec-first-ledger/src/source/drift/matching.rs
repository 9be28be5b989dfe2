//! Matches recorded facts with new ones.

use std::collections::{BTreeSet, HashMap};

use super::comparable::leave_out;
use super::end::{Ends, Lines};
use super::sections::Names;
use super::{Change, ChangeKind, FactChange, is_translated, statements};
use crate::source::facts::{Fact, Page, parts};
use crate::source::recorded::Recorded;
use crate::source::values::untranslated;

/// Kinds of facts that describe a field, and appear and disappear with it.
const OF_FIELD: [&str; 11] = [
    "limit",
    "nullable",
    "required",
    "enum",
    "example",
    "default",
    "deprecated",
    "constraint",
    "place",
    "scheme",
    "pair",
];

/// Kinds of facts whose name may change.
pub(super) const NAMED: [&str; 6] = [
    "field",
    "member",
    "status",
    "header",
    "credential",
    "media-type",
];

/// A recorded fact, with the id that it would have in the new capture.
pub(super) struct Old<'a> {
    pub(super) fact: &'a Fact,
    /// Its index among the recorded facts.
    pub(super) index: usize,
    pub(super) id: String,
}

/// What only one of the captures states.
pub(super) struct Left<'a> {
    pub(super) gone: Vec<Old<'a>>,
    pub(super) new: Vec<&'a Fact>,
    pub(super) lines: Lines<'a>,
}

type Pair<'a> = (Option<Old<'a>>, Option<&'a Fact>);

/// Finds the changes. What cannot be compared is left out, with a note.
pub(super) fn changes(
    recorded: &Recorded,
    page: &Page,
    names: &Names,
    notes: &mut Vec<String>,
) -> Vec<Change> {
    let old = recorded.facts.iter().enumerate().map(|(index, fact)| Old {
        fact,
        index,
        id: names.id(&fact.id),
    });
    let mut gone: Vec<Old<'_>> = old.collect();
    let mut new: Vec<&Fact> = page.facts.iter().collect();
    let is_translated = is_translated(recorded, page);
    let same = remove_same(&mut gone, &mut new, is_translated);
    let is_worded = recorded.form == page.form && !is_translated;
    let lines = match is_worded {
        true => Lines::of(recorded, page),
        false => Lines::default(),
    };
    let ends = Ends::of(recorded, page, names, &same, &lines);
    let mut left = Left { gone, new, lines };
    leave_out(&mut left, &ends, notes);
    let end = ends.take(&mut left);
    let Left {
        mut gone,
        mut new,
        lines,
    } = left;
    let mut found = whole_sections(recorded, page, &mut gone, &mut new, names);
    found.extend(whole_samples(page, &mut gone));
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    // Facts with the same id and another value.
    for old in std::mem::take(&mut gone) {
        match new.iter().position(|fact| fact.id == old.id) {
            Some(index) => pairs.push((Some(old), Some(new.remove(index)))),
            None => gone.push(old),
        }
    }
    let renamed = renamed(recorded, page, &mut gone, &mut new, names);
    follow(&renamed, &mut gone, &mut new, &mut pairs);
    pairs.extend(renamed);
    pairs.extend(gone.into_iter().map(|old| (Some(old), None)));
    pairs.extend(new.into_iter().map(|fact| (None, Some(fact))));
    fold(&mut pairs);
    found.extend(by_line(pairs));
    if is_worded {
        statements::add(recorded, page, names, lines, &mut found);
    } else {
        notes.push(
            "the wording is not compared: the capture is in another language or form".to_owned(),
        );
    }
    found.extend(end);
    found
}

/// Removes equal facts, whatever their position among facts with the same name; returns their indexes.
fn remove_same(
    gone: &mut Vec<Old<'_>>,
    new: &mut Vec<&Fact>,
    is_translated: bool,
) -> Vec<(usize, usize)> {
    let is_same = |old: &Fact, new: &Fact| {
        let plain = |fact: &Fact| untranslated(fact.kind(), &fact.value);
        old.value == new.value || (is_translated && plain(old) == plain(new))
    };
    let mut by_id: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, fact) in new.iter().enumerate() {
        by_id
            .entry(without_count(&fact.id))
            .or_default()
            .push(index);
    }
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    gone.retain(|old| {
        let candidates = by_id
            .get(&without_count(&old.id))
            .map_or(&[][..], Vec::as_slice);
        let mut same = candidates
            .iter()
            .filter(|index| is_same(old.fact, new[**index]));
        let index = same.find(|index| taken.insert(**index));
        pairs.extend(index.map(|index| (old.index, *index)));
        index.is_none()
    });
    let mut index = 0;
    new.retain(|_| {
        index += 1;
        !taken.contains(&(index - 1))
    });
    pairs
}

/// An id without the numbers that make it unique.
fn without_count(id: &str) -> String {
    let (section, kind, name) = parts(id);
    let plain = |text: &str| match text.rsplit_once('~') {
        Some((text, count)) if count.bytes().all(|byte| byte.is_ascii_digit()) => text.to_owned(),
        _ => text.to_owned(),
    };
    format!("{section}/{}/{}", plain(kind), plain(name))
}

/// Reports each section that is entirely gone or new as one change.
fn whole_sections<'a>(
    recorded: &Recorded,
    page: &Page,
    gone: &mut Vec<Old<'a>>,
    new: &mut Vec<&'a Fact>,
    names: &Names,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for section in &recorded.sections {
        let now = names.section(section);
        if page.sections.iter().any(|other| other == now) {
            continue;
        }
        let is_in = |old: &Old<'_>| parts(&old.id).0 == now;
        let (of_section, others): (Vec<_>, Vec<_>) =
            std::mem::take(gone).into_iter().partition(is_in);
        *gone = others;
        if let Some(first) = of_section.first() {
            let line = Some(first.fact.line);
            let facts = of_section
                .iter()
                .map(|old| change_of(Some(old), None))
                .collect();
            changes.push(change(
                ChangeKind::Gone,
                section.clone(),
                facts,
                [line, None],
            ));
        }
    }
    let before: BTreeSet<&str> = recorded
        .sections
        .iter()
        .map(|section| names.section(section))
        .collect();
    for section in page
        .sections
        .iter()
        .filter(|section| !before.contains(section.as_str()))
    {
        let is_in = |fact: &&Fact| fact.section() == section;
        let (of_section, others): (Vec<_>, Vec<_>) =
            std::mem::take(new).into_iter().partition(is_in);
        *new = others;
        if let Some(first) = of_section.first() {
            let line = Some(first.line);
            let facts = of_section
                .iter()
                .map(|fact| change_of(None, Some(fact)))
                .collect();
            changes.push(change(
                ChangeKind::New,
                section.clone(),
                facts,
                [None, line],
            ));
        }
    }
    changes
}

/// Reports each sample that is entirely gone as one change.
fn whole_samples(page: &Page, gone: &mut Vec<Old<'_>>) -> Vec<Change> {
    let sample = |id: &str| {
        let (section, kind, _) = parts(id);
        kind.starts_with("member")
            .then(|| format!("{section}/{kind}"))
    };
    let present: BTreeSet<String> = page
        .facts
        .iter()
        .filter_map(|fact| sample(&fact.id))
        .collect();
    let mut changes: Vec<Change> = Vec::new();
    gone.retain(|old| {
        let Some(sample) = sample(&old.id).filter(|sample| !present.contains(sample)) else {
            return true;
        };
        match changes.iter_mut().find(|change| change.subject == sample) {
            Some(change) => change.facts.push(change_of(Some(old), None)),
            None => {
                let facts = vec![change_of(Some(old), None)];
                changes.push(change(
                    ChangeKind::Gone,
                    sample,
                    facts,
                    [Some(old.fact.line), None],
                ));
            }
        }
        false
    });
    changes
}

/// Pairs facts of one kind where one replaced the other, after the same predecessor.
fn renamed<'a>(
    recorded: &'a Recorded,
    page: &'a Page,
    gone: &mut Vec<Old<'a>>,
    new: &mut Vec<&'a Fact>,
    names: &Names,
) -> Vec<Pair<'a>> {
    let places = above(&recorded.facts, &|id| names.id(id));
    let new_places = above(&page.facts, &str::to_owned);
    let parent = |name: &str| name.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    let mut pairs = Vec::new();
    for old in std::mem::take(gone) {
        let (section, kind, name) = parts(&old.id);
        let place = places.get(old.fact.id.as_str());
        let is_successor = |fact: &&Fact| {
            let (other, other_kind, other_name) = parts(&fact.id);
            (section, kind) == (other, other_kind)
                && parent(name) == parent(other_name)
                // Members of different types are different members.
                && std::mem::discriminant(&old.fact.value) == std::mem::discriminant(&fact.value)
                && new_places.get(fact.id.as_str()) == place
        };
        let index = new
            .iter()
            .position(is_successor)
            .filter(|_| NAMED.contains(&old.fact.kind()));
        match index {
            Some(index) => pairs.push((Some(old), Some(new.remove(index)))),
            None => gone.push(old),
        }
    }
    pairs
}

/// The predecessor of each fact with the same section and kind.
fn above<'a>(
    facts: &'a [Fact],
    rename: &dyn Fn(&str) -> String,
) -> HashMap<&'a str, Option<String>> {
    let mut last: HashMap<(&str, &str), String> = HashMap::new();
    let mut above = HashMap::new();
    for fact in facts {
        let (section, kind, _) = parts(&fact.id);
        let before = last.insert((section, kind), rename(&fact.id));
        above.insert(fact.id.as_str(), before);
    }
    above
}

/// Pairs facts that were renamed with the field or member that they belong to.
fn follow<'a>(
    renamed: &[Pair<'a>],
    gone: &mut Vec<Old<'a>>,
    new: &mut Vec<&'a Fact>,
    pairs: &mut Vec<Pair<'a>>,
) {
    for (from, to) in renamed {
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let (section, _, from) = parts(&from.id);
        let to = to.name();
        let new_id = |id: &str| {
            let (other, kind, name) = parts(id);
            let is_lower = !name.starts_with(from);
            let rest = name
                .strip_prefix(from)
                .or_else(|| name.strip_prefix(&from.to_lowercase()))?;
            let to = if is_lower {
                to.to_lowercase()
            } else {
                to.to_owned()
            };
            let is_part = rest.is_empty() || rest.starts_with(['.', '[']);
            (other == section && is_part).then(|| format!("{other}/{kind}/{to}{rest}"))
        };
        for old in std::mem::take(gone) {
            let index = new_id(&old.id).and_then(|id| new.iter().position(|fact| fact.id == id));
            let Some(index) = index else {
                gone.push(old);
                continue;
            };
            let fact = new.remove(index);
            if fact.value != old.fact.value {
                pairs.push((Some(old), Some(fact)));
            }
        }
    }
}

/// Drops facts that appeared or disappeared with their field or member.
fn fold(pairs: &mut Vec<Pair<'_>>) {
    let one_sided = |pair: &Pair<'_>| match pair {
        (Some(old), None) => Some((false, old.id.clone())),
        (None, Some(fact)) => Some((true, fact.id.clone())),
        _ => None,
    };
    let holders: Vec<(bool, String)> = pairs.iter().filter_map(one_sided).collect();
    pairs.retain(|pair| {
        let Some((is_new, id)) = one_sided(pair) else {
            return true;
        };
        let (section, kind, name) = parts(&id);
        let is_part = |holder: &(bool, String)| {
            let (other, other_kind, other_name) = parts(&holder.1);
            let is_described = other_kind == "field"
                && OF_FIELD.contains(&kind)
                && other_name.eq_ignore_ascii_case(name);
            let is_within = other_kind == kind
                && kind.starts_with("member")
                && name
                    .strip_prefix(other_name)
                    .is_some_and(|rest| rest.starts_with(['.', '[']));
            holder.0 == is_new && other == section && (is_described || is_within)
        };
        !holders.iter().any(is_part)
    });
}

/// Merges changes of facts from one line, except for members of samples.
fn by_line(pairs: Vec<Pair<'_>>) -> Vec<Change> {
    let mut changes: Vec<(Change, bool)> = Vec::new();
    for (old, new) in pairs {
        let kind = match (&old, new) {
            (Some(_), Some(_)) => ChangeKind::Changed,
            (Some(_), None) => ChangeKind::Gone,
            (None, _) => ChangeKind::New,
        };
        let before = old.as_ref().map(|old| old.fact);
        let fact = change_of(old.as_ref(), new);
        let is_member = parts(fact.id()).1.starts_with("member");
        let lines = [before, new].map(|fact| fact.map(|fact| fact.line));
        // Facts from one line may change in different ways.
        let is_same_line = |a: Option<u32>, b: Option<u32>| a.is_some() && a == b;
        let same = changes.iter_mut().find(|(other, is_other_member)| {
            let is_beside = is_same_line(other.line_before, lines[0])
                || is_same_line(other.line_after, lines[1]);
            is_beside && !is_member && !*is_other_member
        });
        if let Some((other, _)) = same {
            other.facts.push(fact);
            if other.kind != kind {
                other.kind = ChangeKind::Changed;
            }
            other.line_before = other.line_before.or(lines[0]);
            other.line_after = other.line_after.or(lines[1]);
        } else {
            let subject = before
                .or(new)
                .map(|fact| fact.id.clone())
                .unwrap_or_default();
            changes.push((change(kind, subject, vec![fact], lines), is_member));
        }
    }
    changes.into_iter().map(|(change, _)| change).collect()
}

pub(super) fn change_of(old: Option<&Old<'_>>, new: Option<&Fact>) -> FactChange {
    FactChange {
        before: old.map(|old| old.fact.id.clone()),
        after: new.map(|fact| fact.id.clone()),
        value_before: old.map(|old| old.fact.value.clone()),
        value_after: new.map(|fact| fact.value.clone()),
    }
}

pub(super) fn change(
    kind: ChangeKind,
    subject: String,
    facts: Vec<FactChange>,
    lines: [Option<u32>; 2],
) -> Change {
    let [line_before, line_after] = lines;
    Change {
        kind,
        subject,
        facts,
        line_before,
        line_after,
        cut_off_after: None,
        decisions: Vec::new(),
        document: Vec::new(),
        client: String::new(),
    }
}
