//! Matches the alternatives of the base with those of the head, and compares them.

mod coverage;

use std::cmp::Reverse;

use serde_json::Value;

use super::comparison::{Comparison, Found, Pair};
use super::shape::{COUNTS, Shape, Written};
use super::traits::{
    Pins, Traits, are_pinned_apart, constant, fingerprint, likeness, name, pins, reference_name,
    title, traits, writing,
};
use super::types::Types;
use crate::change::{Flow, Outcome, Places, Row};
use coverage::Side;
use spec_first_document::tree::{NodeId, Tree};

impl Comparison<'_> {
    /// Compares the alternatives of the head with those of the base.
    pub(crate) fn compare_choices(
        &mut self,
        pair: &Pair,
        base: Vec<Shape>,
        head: Vec<Shape>,
        found: &mut Found,
    ) {
        let places = self.places(pair);
        let types = |shapes: &[Shape]| {
            shapes
                .iter()
                .fold(Types::NONE, |types, shape| types.or(shape.types))
        };
        let (old_types, new_types) = (types(&base), types(&head));
        let place_of_types = |shapes: &[Shape], place| match shapes {
            [only] => only.types_at.or(place),
            _ => place,
        };
        let places_of_types = (
            place_of_types(&base, places.0),
            place_of_types(&head, places.1),
        );
        self.compare_types(&base, &head, places_of_types, found);
        for group in Types::GROUPS {
            let of_group = |shapes: &[Shape]| -> Vec<Shape> {
                let shapes = shapes.iter();
                shapes.filter_map(|shape| shape.of_types(group)).collect()
            };
            let (old, new) = (of_group(&base), of_group(&head));
            if [Types::OBJECT, Types::ARRAY].contains(&group) {
                self.compare_absorbed(&old, &new, pair.flow, found);
            }
            let (old, new) = (simplify(old), simplify(new));
            if old.is_empty() || new.is_empty() {
                continue;
            }
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => {
                    let mut inner = Found::default();
                    self.compare_shapes(old, new, pair.flow, &mut inner);
                    self.note_references_of_branches(old, new, (0, 0), &mut inner);
                    // The types of all groups were compared above.
                    if group == Types::NUMBER
                        && old_types.and(Types::NUMBER) != new_types.and(Types::NUMBER)
                    {
                        let differences = &mut inner.differences;
                        differences.retain(|difference| difference.row != Row::Type);
                    }
                    found.append(inner);
                }
                _ => self.match_alternatives((&old, &new), (pair.flow, places), found),
            }
        }
    }

    /// Compares the alternatives beside an object or array that may be anything: it allows all values, but programs are written
    /// for what the others describe.
    fn compare_absorbed(&mut self, old: &[Shape], new: &[Shape], flow: Flow, found: &mut Found) {
        let limited = |shapes: &[Shape]| -> Vec<Shape> {
            let limited = shapes.iter().filter(|shape| !shape.is_unlimited());
            limited.cloned().collect()
        };
        let (was, is) = (limited(old), limited(new));
        if was.len() == old.len() || is.len() == new.len() {
            return;
        }
        let mut budget = Budget::of(was.len() + is.len());
        for (old, new) in self.matches(&was, &is, flow, &mut budget).pairs() {
            let mut inner = Found::default();
            self.compare_shapes(&was[old], &is[new], flow, &mut inner);
            // Programs are written for members. Nothing depends on a number that other values exceed anyway.
            let differences = &mut inner.differences;
            differences.retain(|difference| !COUNTS.iter().any(|count| count.1 == difference.row));
            found.append(inner);
        }
    }

    fn match_alternatives(
        &mut self,
        (old, new): (&[Shape], &[Shape]),
        (flow, places): (Flow, Places),
        found: &mut Found,
    ) {
        let mut budget = Budget::of(old.len() + new.len());
        let matches = self.matches(old, new, flow, &mut budget);
        let is_matched: Vec<bool> = matches.of_old.iter().map(Option::is_some).collect();
        for (side, own, others, is_matched) in [
            (Side::Base, old, new, &is_matched),
            (Side::Head, new, old, &matches.is_taken),
        ] {
            for (index, shape) in own.iter().enumerate() {
                if is_matched[index] {
                    continue;
                }
                if let Some(covered) = self.covered(side, shape, others.iter(), flow, &mut budget) {
                    found.besides.extend(covered);
                    continue;
                }
                // A branch that leads to other branches is dropped or added as a whole, if all of them are.
                let is_new = |branch: &&NodeId| {
                    let matched = own.iter().zip(is_matched);
                    let mut matched = matched.filter(|(_, is_matched)| **is_matched);
                    !matched.any(|(shape, _)| shape.branches.contains(branch))
                };
                let branch = shape.branches.iter().find(is_new);
                let branch = branch.or(shape.branches.last()).copied();
                let place = branch.or(shape.place());
                let other_place = others.first().and_then(holder(self.tree()));
                let (outcome, verb, places) = match side {
                    Side::Base => (Outcome::Narrower, "dropped", (place, other_place)),
                    Side::Head => (Outcome::Wider, "added", (other_place, place)),
                };
                let name = name(self.tree(), shape, branch);
                let message = format!("the alternative {name} was {verb}");
                found.add(Row::Alternative, outcome, places, message);
            }
        }
        if budget.is_spent {
            self.matched_by_likeness.insert(places);
        }
        // Without an answer, a pair is told as it is, so this comes last.
        for (old_index, new_index) in matches.pairs() {
            let mut inner = Found::default();
            let (one, other) = (&old[old_index], &new[new_index]);
            self.compare_shapes(one, other, flow, &mut inner);
            if !inner.differences.is_empty() {
                let at = (old_index, new_index);
                if let Some(covered) = self.covered_anyway((old, new), at, flow, &mut budget) {
                    found.besides.extend(covered);
                    continue;
                }
            }
            self.compare_discriminator_values(one, other, flow, &mut inner);
            self.note_references_of_branches(one, other, (0, 0), &mut inner);
            found.append(inner);
        }
    }

    /// Matches alternatives: equal ones first, then those with the same name, then similar ones.
    fn matches(
        &mut self,
        old: &[Shape],
        new: &[Shape],
        flow: Flow,
        budget: &mut Budget,
    ) -> Matches {
        let tree = self.tree();
        let mut matches = Matches::none(old.len(), new.len());
        let looks = |shapes: &[Shape]| -> Vec<Look> {
            shapes.iter().map(|shape| Look::of(tree, shape)).collect()
        };
        let (was, is) = (looks(old), looks(new));
        // If only one alternative on each side has this name and fingerprint, they most likely correspond. They are compared in
        // any case.
        let is_only = |all: &[Look], look: &Look| {
            let same = all.iter().filter(|other| other.is_called_like(look));
            same.filter(|other| other.fingerprint == look.fingerprint)
                .count()
                == 1
        };
        matches.add(|old, new| {
            let (was_look, is_look) = (&was[old], &is[new]);
            was_look.is_called_like(is_look)
                && was_look.fingerprint == is_look.fingerprint
                && is_only(&was, was_look)
                && is_only(&is, is_look)
        });
        // Identically written alternatives are matched first, so that few others have to be compared in depth.
        for must_be_written_alike in [true, false] {
            matches.add(|old_index, new_index| {
                let (was, is) = (&was[old_index], &is[new_index]);
                was.fingerprint == is.fingerprint
                    && (was.writing == is.writing || !must_be_written_alike)
                    && !are_pinned_apart(&was.pins, &is.pins)
                    && budget.take()
                    && self
                        .relation_of_shapes(&old[old_index], &new[new_index], flow)
                        .is_same()
            });
        }
        matches.add(|old, new| was[old].is_called_like(&is[new]));
        for key in [title, constant] {
            let keys = |shapes: &[Shape]| -> Vec<Option<String>> {
                shapes.iter().map(|shape| key(tree, shape)).collect()
            };
            let (old_keys, new_keys) = (keys(old), keys(new));
            matches.add(|old, new| old_keys[old].is_some() && old_keys[old] == new_keys[new]);
        }
        for (old_index, look) in was.iter().enumerate() {
            if matches.of_old[old_index].is_some() {
                continue;
            }
            let free = (0..new.len()).filter(|new_index| !matches.is_taken[*new_index]);
            let alike = free.map(|new| (likeness(&look.traits, &is[new].traits), Reverse(new)));
            if let Some((50.., Reverse(new_index))) = alike.max() {
                matches.join(old_index, new_index);
            }
        }
        matches
    }
}

/// What an alternative looks like without being compared in depth.
struct Look {
    name: Option<String>,
    fingerprint: u64,
    writing: u64,
    pins: Pins,
    traits: Traits,
}

impl Look {
    fn of(tree: &Tree, shape: &Shape) -> Self {
        Self {
            name: reference_name(tree, shape),
            fingerprint: fingerprint(tree, shape),
            writing: writing(tree, &shape.nodes),
            pins: pins(tree, shape),
            traits: traits(tree, shape),
        }
    }

    fn is_called_like(&self, other: &Self) -> bool {
        self.name.is_some() && self.name == other.name
    }
}

/// The number of alternatives that may be compared in depth with each other, whose number would grow with the square of theirs.
pub(super) struct Budget {
    left: usize,
    /// Whether more would have been needed.
    pub(super) is_spent: bool,
}

impl Budget {
    /// The number of comparisons that any schema may take, which is enough for 60 alternatives on each side.
    const LEAST: usize = 4_096;

    pub(super) fn of(alternatives: usize) -> Self {
        Self {
            left: Self::LEAST + 8 * alternatives,
            is_spent: false,
        }
    }

    /// Whether there is another comparison left, which is then taken.
    pub(super) fn take(&mut self) -> bool {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => self.is_spent = true,
        }
        !self.is_spent
    }
}

/// The alternative of the head for each alternative of the base.
struct Matches {
    of_old: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl Matches {
    fn none(old: usize, new: usize) -> Self {
        Self {
            of_old: vec![None; old],
            is_taken: vec![false; new],
        }
    }

    fn join(&mut self, old: usize, new: usize) {
        self.of_old[old] = Some(new);
        self.is_taken[new] = true;
    }

    /// Matches the alternatives for which `is_same` holds and that are not matched yet.
    fn add(&mut self, mut is_same: impl FnMut(usize, usize) -> bool) {
        for old in 0..self.of_old.len() {
            if self.of_old[old].is_some() {
                continue;
            }
            let same =
                (0..self.is_taken.len()).find(|new| !self.is_taken[*new] && is_same(old, *new));
            if let Some(new) = same {
                self.join(old, new);
            }
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.of_old
            .iter()
            .enumerate()
            .filter_map(|(old, new)| Some((old, (*new)?)))
    }
}

/// The schema that contains the alternatives of a shape.
fn holder(tree: &Tree) -> impl Fn(&Shape) -> Option<NodeId> {
    move |shape| match shape.branches.last() {
        Some(branch) => tree.parent(*branch),
        None => shape.place(),
    }
}

/// Removes alternatives that another one contains, and merges lists of values.
fn simplify(mut shapes: Vec<Shape>) -> Vec<Shape> {
    if let Some(unlimited) = shapes.iter().position(Shape::is_unlimited) {
        let mut only = shapes.swap_remove(unlimited);
        // Alternatives that restrict nothing but the type need no discriminator.
        if shapes.iter().any(Shape::is_unlimited) {
            only.discriminator = None;
        }
        only.types = shapes
            .iter()
            .filter(|shape| shape.is_unlimited())
            .fold(only.types, |types, shape| types.or(shape.types));
        // An integer without limits does not contain a number with limits.
        shapes.retain(|shape| !shape.types.without(only.types).is_empty());
        shapes.insert(0, only);
    }
    let mut joined: Option<Shape> = None;
    let mut others = Vec::new();
    for shape in shapes {
        let is_list = shape.values.is_some() && shape.is_only_values();
        match (&mut joined, is_list) {
            (Some(list), true) => {
                let values = shape.values.map(|values| values.value).unwrap_or_default();
                if let Some(Written { value: known, .. }) = &mut list.values {
                    let new: Vec<Value> = values
                        .into_iter()
                        .filter(|value| !known.contains(value))
                        .collect();
                    known.extend(new);
                }
                list.types = list.types.or(shape.types);
            }
            (None, true) => joined = Some(shape),
            (_, false) => others.push(shape),
        }
    }
    joined.into_iter().chain(others).collect()
}

impl Shape {
    /// Whether a list of values is the only constraint.
    fn is_only_values(&self) -> bool {
        let mut without = self.clone();
        without.values = None;
        without.is_unlimited()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use spec_first_document::tree::Tree;

    use crate::contract::ContractComparison;
    use crate::{Input, Options, Verdict, review};
    use spec_first_document::references::References;

    fn document(branch: &dyn Fn(usize) -> Value, branches: usize) -> String {
        let schema = json!({"oneOf": (0..branches).map(branch).collect::<Vec<_>>()});
        let content = json!({"application/json": {"schema": schema}});
        json!({"openapi": "3.1.0", "paths": {"/a": {"post": {
            "requestBody": {"content": content}, "responses": {"200": {"description": "Done", "content": content}},
        }}}})
        .to_string()
    }

    /// The number of alternatives that are compared in depth for two unions of this many branches.
    fn deep_comparisons(old: &str, new: &str) -> usize {
        let (mut tree, mut references) = (Tree::default(), References::default());
        let mut read = |text: &str| {
            let files = |_: &str| Ok(text.to_owned());
            spec_first_document::files::read(&mut tree, &mut references, &files, "api.json")
                .unwrap()
        };
        let (old, new) = (read(old), read(new));
        let options = Options::default();
        let mut comparison = ContractComparison::new(&tree, &references, old, new, &options);
        comparison.run();
        comparison.schemas.deep_comparisons
    }

    /// Checks that the number of deep comparisons grows no faster than that of the branches, which all change, and that the
    /// verdict is one of these.
    #[track_caller]
    fn is_bounded(old: &dyn Fn(usize) -> Value, new: &dyn Fn(usize) -> Value, is_listed: bool) {
        let (base, head) = (document(old, 300), document(new, 300));
        let compared = deep_comparisons(&base, &head);
        // Two directions, each with a budget for matching, and for what each document newly refuses, three times.
        let most = 2 * 7 * (4_096 + 8 * 600);
        assert!(compared <= most, "{compared} of {most}");
        let (base, head) = (|_: &str| Ok(base.clone()), |_: &str| Ok(head.clone()));
        let input = |files, path| Input { files, path };
        let review = review(
            input(&base, "base.json"),
            input(&head, "head.json"),
            &Options::default(),
        );
        let review = review.unwrap();
        let verdict = review.verdict();
        assert!(
            matches!(verdict, Some(Verdict::Breaking | Verdict::Undecided)),
            "{verdict:?}"
        );
        let is_noted = review
            .notes
            .iter()
            .any(|note| note.rule == "many-alternatives");
        assert_eq!(is_noted, is_listed, "{:?}", review.notes);
    }

    #[test]
    fn branches_told_apart_by_a_constant_are_compared_with_few_others() {
        let branch = |limit: usize| {
            move |index: usize| {
                json!({
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"enum": [format!("k{index}")]}, "n": {"type": "integer", "maximum": limit}},
                })
            }
        };
        is_bounded(&branch(5), &branch(4), false);
    }

    #[test]
    fn branches_that_look_the_same_are_matched_by_likeness_and_a_note_says_so() {
        let branch = |limit: usize| move |index: usize| json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": limit + index}}});
        is_bounded(&branch(1_000), &branch(5), true);
    }

    #[test]
    fn branches_with_other_properties_are_not_compared_in_depth() {
        let branch = |name: &'static str| {
            move |index: usize| {
                let name = format!("{name}{index}");
                json!({"type": "object", "required": [name], "properties": {name: {"type": "integer"}}})
            }
        };
        is_bounded(&branch("old"), &branch("new"), false);
    }

    #[test]
    fn texts_are_compared_with_few_others() {
        let branch = |end: &'static str| move |index: usize| json!({"type": "string", "pattern": format!("^a{index}{end}")});
        is_bounded(&branch("b"), &branch("c"), true);
    }
}
