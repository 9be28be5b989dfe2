//! Compares `discriminator`: the values that select each branch. If the branches list these values themselves, it adds nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{Comparison, Found};
use super::disjointness::Way;
use super::shape::Shape;
use super::traits::last_segment;
use crate::change::{Flow, Outcome, Row};
use crate::literal::{literal, literals};
use spec_first_document::tree::{NodeId, Tree};

/// What a discriminator says about a branch, and what the branch itself says.
struct Tag {
    /// The values that select the branch.
    names: BTreeSet<String>,
    /// Whether these values come from the mapping rather than the name of the component.
    is_mapped: bool,
    /// The values that select other branches.
    names_of_others: BTreeSet<String>,
    /// The values that the branch allows for the property; `None` if the property is not required or its values are not listed.
    pinned: Option<BTreeSet<String>>,
}

impl Tag {
    /// The values that identify the branch.
    fn values(&self) -> &BTreeSet<String> {
        let pinned = self.pinned.as_ref().filter(|_| !self.is_mapped);
        pinned.unwrap_or(&self.names)
    }

    /// Whether the branch itself requires a value that selects it. Without a mapping, a discriminator must not change what is
    /// valid.
    fn repeats_the_branch(&self) -> bool {
        self.pinned.as_ref().is_some_and(|pinned| {
            pinned.is_disjoint(&self.names_of_others)
                && (!self.is_mapped || pinned.is_subset(&self.names))
        })
    }

    /// Whether the branch does not allow the name of its own component as a value.
    fn is_misnamed(&self) -> bool {
        let refuses = |pinned: &BTreeSet<String>| pinned.is_disjoint(&self.names);
        !self.is_mapped && !self.names.is_empty() && self.pinned.as_ref().is_some_and(refuses)
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn compare_discriminators(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let tree = self.tree();
        let name = |shape: &Shape| tree.get_string(shape.discriminator?, "propertyName");
        let (outcome, what) = match (name(base), name(head)) {
            (Some(old), Some(new)) if old != new => (
                Outcome::Incomparable,
                format!(
                    "the property of the discriminator changed from {} to {}",
                    literal(old),
                    literal(new)
                ),
            ),
            (Some(_), None) => (Outcome::Wider, "the discriminator was dropped".to_owned()),
            (None, Some(_)) => (Outcome::Narrower, "a discriminator was added".to_owned()),
            _ => {
                self.compare_subtypes(base, head, flow, found);
                return;
            }
        };
        let written = [(self.base, base), (self.head, head)];
        let written = written
            .into_iter()
            .filter(|(_, shape)| name(shape).is_some());
        let tags: Vec<Option<Tag>> = written.map(|way| self.tag(way, flow)).collect();
        let repeats = |tag: &Option<Tag>| tag.as_ref().is_some_and(Tag::repeats_the_branch);
        let (outcome, message) = if !tags.iter().all(repeats) {
            (outcome, what)
        } else if tags.iter().flatten().any(Tag::is_misnamed) {
            let message = format!(
                "{what}; the branches list its values already, but not the names of the components, which it implies without a \
                 mapping"
            );
            (Outcome::Neutral, message)
        } else if outcome == Outcome::Incomparable {
            let message = format!("{what}; the branches list the values of both");
            (Outcome::Neutral, message)
        } else {
            return;
        };
        let choices = (choices(tree, base), choices(tree, head));
        let holder = |own: &[NodeId], other: &Shape, others: &[NodeId]| {
            let depth = others.iter().position(|holder| is_in(tree, other, *holder));
            own.get(depth.unwrap_or(usize::MAX)).or(own.last()).copied()
        };
        let places = (
            base.discriminator
                .or(holder(&choices.0, head, &choices.1))
                .or(base.place()),
            head.discriminator
                .or(holder(&choices.1, base, &choices.0))
                .or(head.place()),
        );
        found.add(Row::Discriminator, outcome, places, message);
    }

    /// Reports that the discriminator selects this alternative by other values.
    pub(super) fn compare_discriminator_values(
        &mut self,
        old: &Shape,
        new: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let ways = ((self.base, old), (self.head, new));
        let (Some(was), Some(is)) = (self.tag(ways.0, flow), self.tag(ways.1, flow)) else {
            return;
        };
        // The values that branches list are compared with the branches.
        if was.repeats_the_branch() && is.repeats_the_branch() {
            return;
        }
        let (was, is) = (was.values(), is.values());
        // A single remaining branch needs no values to select it.
        if was.is_empty() || is.is_empty() {
            return;
        }
        if let Some(outcome) = Outcome::of_sets(!was.is_subset(is), !is.is_subset(was)) {
            let noun = match (was.len(), is.len()) {
                (1, 1) => "value",
                _ => "values",
            };
            let message = format!(
                "the discriminator {noun} of this alternative changed from {} to {}",
                literals(was),
                literals(is)
            );
            let places = (old.discriminator, new.discriminator);
            found.add(Row::Discriminator, outcome, places, message);
        }
    }

    /// What the discriminator and the chosen branch say; `None` if there is no discriminator or branch.
    fn tag(&mut self, (context, shape): Way<'a, '_>, flow: Flow) -> Option<Tag> {
        let tree = self.tree();
        let discriminator = shape.discriminator?;
        let branch = chosen_branch(tree, shape)?;
        let reference = tree.get_string(branch, "$ref");
        let (names, is_mapped) = reference.map_or_else(Default::default, |reference| {
            names_of(tree, discriminator, reference)
        });
        let union = tree.parent(branch).into_iter();
        let others = union.flat_map(|union| tree.items(union));
        let others = others.filter_map(|other| tree.get_string(other, "$ref"));
        let implied = others
            .filter(|other| Some(*other) != reference)
            .map(|other| names_of(tree, discriminator, other))
            .filter(|(_, is_mapped)| !is_mapped)
            .flat_map(|(names, _)| names);
        let mapped = mapping(tree, discriminator).map(|(value, _)| value.to_owned());
        let mapped = mapped.filter(|value| !is_mapped || !names.contains(value));
        let names_of_others = mapped.chain(implied).collect();
        let property = tree.get_string(discriminator, "propertyName");
        let pinned = property.and_then(|name| self.pinned((context, shape), name, flow));
        Some(Tag {
            names,
            is_mapped,
            names_of_others,
            pinned,
        })
    }

    /// The values that an alternative allows for a property that it requires, if it lists them.
    fn pinned(
        &mut self,
        (context, shape): Way<'a, '_>,
        name: &str,
        flow: Flow,
    ) -> Option<BTreeSet<String>> {
        let name = self.tree().symbol(name)?;
        if !shape.required.contains_key(&name) {
            return None;
        }
        let schemas = context.member_schemas(shape, name, flow).schemas;
        let mut pinned = BTreeSet::new();
        for way in self.ways_to_satisfy(context, &schemas, flow)? {
            for value in way.values?.value {
                match value {
                    Value::String(value) => _ = pinned.insert(value),
                    _ => return None,
                }
            }
        }
        Some(pinned)
    }
}

/// Whether a discriminator tells these alternatives apart.
pub(super) fn are_told_apart((one, left): &Way<'_, '_>, (_, right): &Way<'_, '_>) -> bool {
    let tree = one.tree;
    let told = told_by(tree, left).zip(told_by(tree, right));
    told.is_some_and(|(one, other)| one.tells_apart(&other))
}

/// The property of a discriminator, and its values that select an alternative.
#[derive(Debug)]
pub(super) struct ToldBy<'a>(&'a str, BTreeSet<String>);

impl ToldBy<'_> {
    pub(super) fn tells_apart(&self, other: &Self) -> bool {
        self.0 == other.0 && self.1.is_disjoint(&other.1)
    }
}

/// How a discriminator selects an alternative, if one does.
pub(super) fn told_by<'a>(tree: &'a Tree, shape: &Shape) -> Option<ToldBy<'a>> {
    let discriminator = shape.discriminator?;
    let reference = tree.get_string(chosen_branch(tree, shape)?, "$ref")?;
    let property = tree.get_string(discriminator, "propertyName")?;
    Some(ToldBy(property, names_of(tree, discriminator, reference).0))
}

/// The schemas whose branches an alternative chose, the outermost first.
fn choices(tree: &Tree, shape: &Shape) -> Vec<NodeId> {
    let branches = shape.branches.iter();
    branches
        .filter_map(|branch| tree.parent(tree.parent(*branch)?))
        .collect()
}

/// Whether the discriminator of a shape belongs to this schema.
fn is_in(tree: &Tree, shape: &Shape, schema: NodeId) -> bool {
    let holder = shape.discriminator.and_then(|node| tree.parent(node));
    holder == Some(schema)
}

/// The branch that the discriminator refers to: the one chosen beside it, or else the innermost one.
fn chosen_branch(tree: &Tree, shape: &Shape) -> Option<NodeId> {
    let mut choices = choices(tree, shape).into_iter().zip(&shape.branches);
    let beside = choices.find(|(holder, _)| is_in(tree, shape, *holder));
    let beside = beside.map(|(_, branch)| branch);
    beside.or(shape.branches.last()).copied()
}

/// The values that select the branch with this reference, and whether they come from the mapping. The default is the name of the
/// component.
fn names_of(tree: &Tree, discriminator: NodeId, reference: &str) -> (BTreeSet<String>, bool) {
    let name = last_segment(reference);
    let is_meant = |target: Option<&str>| target == Some(reference) || target == Some(name);
    let mapped = mapping(tree, discriminator).filter(|(_, target)| is_meant(*target));
    let mapped: BTreeSet<String> = mapped.map(|(value, _)| value.to_owned()).collect();
    match mapped.is_empty() {
        true => (BTreeSet::from([name.to_owned()]), false),
        false => (mapped, true),
    }
}

/// The values of the mapping, each with its target.
fn mapping(tree: &Tree, discriminator: NodeId) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mapping = tree.get(discriminator, "mapping").into_iter();
    let entries = mapping.flat_map(|mapping| tree.entries(mapping));
    entries.map(|(value, target)| (tree.text(value), tree.string(target)))
}
