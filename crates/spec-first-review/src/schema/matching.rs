//! Matches the alternatives of the base with those of the head, and compares them.

use std::cmp::Reverse;

use serde_json::Value;

use super::bearing::Bearing;
use super::comparison::{Comparison, Found, Pair};
use super::shape::{Shape, Written};
use super::traits::{constant, fingerprint, likeness, name, reference_name, title};
use super::types::Types;
use crate::change::{Flow, Outcome, Row};
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
        let places_of_types = (
            base.first()
                .and_then(|shape| shape.types_at)
                .filter(|_| base.len() == 1)
                .or(places.0),
            head.first()
                .and_then(|shape| shape.types_at)
                .filter(|_| head.len() == 1)
                .or(places.1),
        );
        self.compare_types(&base, &head, places_of_types, found);
        for group in Types::GROUPS {
            let old = simplify(
                base.iter()
                    .filter_map(|shape| shape.of_types(group))
                    .collect(),
            );
            let new = simplify(
                head.iter()
                    .filter_map(|shape| shape.of_types(group))
                    .collect(),
            );
            if old.is_empty() || new.is_empty() {
                continue;
            }
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => {
                    let mut inner = Found::default();
                    self.compare_shapes(old, new, pair.flow, &mut inner);
                    // The types of all groups were compared above.
                    if group == Types::NUMBER
                        && old_types
                            .without(new_types)
                            .or(new_types.without(old_types))
                            .meets(Types::NUMBER)
                    {
                        inner
                            .differences
                            .retain(|difference| difference.row != Row::Type);
                    }
                    found.append(inner);
                }
                _ => self.match_alternatives(&old, &new, pair.flow, found),
            }
        }
    }

    fn match_alternatives(&mut self, old: &[Shape], new: &[Shape], flow: Flow, found: &mut Found) {
        let matches = self.matches(old, new, flow);
        for (old_index, new_index) in matches.pairs() {
            let (old, new) = (&old[old_index], &new[new_index]);
            self.compare_shapes(old, new, flow, found);
            self.compare_discriminator_values(old, new, flow, found);
        }
        for (index, shape) in old.iter().enumerate() {
            if matches.of_old[index].is_some()
                || new.iter().any(|other| {
                    self.stands_for((shape, other), flow, Bearing::STANDS_FOR_THE_BASE, found)
                })
            {
                continue;
            }
            let place = shape.branches.last().copied().or(shape.place());
            let message = format!("the alternative {} was dropped", name(self.tree(), shape));
            found.add(
                Row::Alternative,
                Outcome::Narrower,
                (place, new.first().and_then(holder(self.tree()))),
                message,
            );
        }
        for (index, shape) in new.iter().enumerate() {
            if matches.is_taken[index]
                || old.iter().any(|other| {
                    self.stands_for((other, shape), flow, Bearing::STANDS_FOR_THE_HEAD, found)
                })
            {
                continue;
            }
            let place = shape.branches.last().copied().or(shape.place());
            let message = format!("the alternative {} was added", name(self.tree(), shape));
            found.add(
                Row::Alternative,
                Outcome::Wider,
                (old.first().and_then(holder(self.tree())), place),
                message,
            );
        }
    }

    /// Matches alternatives: equal ones first, then those with the same name, then similar ones.
    fn matches(&mut self, old: &[Shape], new: &[Shape], flow: Flow) -> Matches {
        let tree = self.tree();
        let mut matches = Matches::none(old.len(), new.len());
        let looks = |shapes: &[Shape]| -> Vec<u64> {
            shapes
                .iter()
                .map(|shape| fingerprint(tree, shape))
                .collect()
        };
        let names = |shapes: &[Shape]| -> Vec<Option<String>> {
            shapes
                .iter()
                .map(|shape| reference_name(tree, shape))
                .collect()
        };
        let (old_looks, new_looks) = (looks(old), looks(new));
        let (old_names, new_names) = (names(old), names(new));
        // If only one alternative on each side has this name and fingerprint, they most likely correspond. They are compared in
        // any case.
        let of_old: Vec<_> = old_names.iter().zip(&old_looks).collect();
        let of_new: Vec<_> = new_names.iter().zip(&new_looks).collect();
        let is_only = |all: &[_], one| all.iter().filter(|other| **other == one).count() == 1;
        matches.add(|old, new| {
            let one = of_old[old];
            one.0.is_some() && one == of_new[new] && is_only(&of_old, one) && is_only(&of_new, one)
        });
        matches.add(|old_index, new_index| {
            old_looks[old_index] == new_looks[new_index]
                && self
                    .relation_of_shapes(&old[old_index], &new[new_index], flow)
                    .is_same()
        });
        matches.add(|old, new| old_names[old].is_some() && old_names[old] == new_names[new]);
        for key in [title, constant] {
            let keys = |shapes: &[Shape]| -> Vec<Option<String>> {
                shapes.iter().map(|shape| key(tree, shape)).collect()
            };
            let (old_keys, new_keys) = (keys(old), keys(new));
            matches.add(|old, new| old_keys[old].is_some() && old_keys[old] == new_keys[new]);
        }
        for (old_index, shape) in old.iter().enumerate() {
            if matches.of_old[old_index].is_some() {
                continue;
            }
            let free = (0..new.len()).filter(|new_index| !matches.is_taken[*new_index]);
            let alike =
                free.map(|new_index| (likeness(tree, shape, &new[new_index]), Reverse(new_index)));
            if let Some((_, Reverse(new_index))) = alike.max().filter(|(percent, _)| *percent >= 50)
            {
                matches.join(old_index, new_index);
            }
        }
        matches
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
