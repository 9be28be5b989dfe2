//! Compares objects: their properties, which of them are required, and what other properties may be.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::comparison::{Comparison, Found};
use super::conjunction::{ConjunctionId, Context};
use super::patterns::matches;
use super::relations::is_absolute;
use super::shape::Shape;
use crate::change::{Flow, Outcome, Places, Row};
use crate::literal::literal;
use spec_first_document::tree::{NodeId, Symbol};

/// The schemas that apply to a property of an object.
pub(super) struct Member {
    pub(super) schemas: Vec<NodeId>,
    /// The place where the property is described by name.
    listed_at: Option<NodeId>,
}

impl Comparison<'_> {
    pub(super) fn compare_objects(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let (old, new) = (self.base, self.head);
        let mut names = old.listed(base, flow);
        let of_head = new.listed(head, flow);
        let known: FxHashSet<Symbol> = names.iter().map(|(name, _)| *name).collect();
        names.extend(
            of_head
                .into_iter()
                .filter(|(name, _)| !known.contains(name)),
        );
        let mut beside_required = BTreeSet::new();
        for (name, _) in &names {
            self.compare_property(*name, base, head, flow, &mut beside_required, found);
        }
        self.compare_required(base, head, &beside_required, found);
        self.compare_additional(base, head, flow, found);
        self.compare_pattern_properties(base, head, flow, found);
        let lists = (&base.property_names, &head.property_names);
        let of_names = flow.of_values();
        self.compare_lists(Row::PropertyNames, lists, (base, head), of_names, found);
        self.compare_dependent(base, head, flow, found);
    }

    pub(super) fn compare_property(
        &mut self,
        name: Symbol,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        beside_required: &mut BTreeSet<Symbol>,
        found: &mut Found,
    ) {
        let old = self.base.member_schemas(base, name, flow);
        let new = self.head.member_schemas(head, name, flow);
        let inner = flow.of_member(self.tree(), Some(self.tree().text(name)));
        let pair = self.pair(&old.schemas, &new.schemas, inner);
        let old_schema = self.conjunctions.of(self.base, &old.schemas);
        let new_schema = self.conjunctions.of(self.head, &new.schemas);
        let old_schema = self.conjunctions.demanded(self.base, old_schema);
        let new_schema = self.conjunctions.demanded(self.head, new_schema);
        let was_required = base.required.contains_key(&name);
        let is_required = head.required.contains_key(&name);
        // A property that is listed as `false` is forbidden.
        let is_there = (
            old.listed_at.is_some() && old_schema != ConjunctionId::NOTHING,
            new.listed_at.is_some() && new_schema != ConjunctionId::NOTHING,
        );
        if is_there == (true, true) && self.are_same_bytes(&old.schemas, &new.schemas, inner) {
            return;
        }
        let (row, outcome, what) = match is_there {
            // A sender that must include the property, or a reader that finds it in another schema, knows it whether or not it is
            // described here.
            (true, false)
                if (is_required || head.is_partial) && new_schema == ConjunctionId::ANYTHING =>
            {
                (Row::Schema, Outcome::Wider, "may now be anything")
            }
            (false, true)
                if (was_required || base.is_partial) && old_schema == ConjunctionId::ANYTHING =>
            {
                (Row::Schema, Outcome::Narrower, "is now described")
            }
            (true, false) if is_absolute(new_schema) && old_schema != ConjunctionId::NOTHING => {
                let is_closed = new_schema == ConjunctionId::NOTHING;
                let (row, closed) = if was_required && !is_required {
                    (Row::RequiredPropertyDropped, Outcome::Incomparable)
                } else {
                    (Row::PropertyDropped, Outcome::Narrower)
                };
                (
                    row,
                    if is_closed { closed } else { Outcome::Wider },
                    if new.listed_at.is_some() {
                        "is now forbidden"
                    } else {
                        "was dropped"
                    },
                )
            }
            (false, true) if is_absolute(old_schema) && new_schema != ConjunctionId::NOTHING => {
                let was_closed = old_schema == ConjunctionId::NOTHING;
                let (row, closed, what) = if is_required && !was_required {
                    (
                        Row::RequiredPropertyAdded,
                        Outcome::Incomparable,
                        "was added, and is required",
                    )
                } else {
                    let what = if old.listed_at.is_some() {
                        "was forbidden, and is allowed now"
                    } else if was_closed {
                        "was added to a closed schema, which allowed no others"
                    } else {
                        "was added"
                    };
                    (Row::PropertyAdded, Outcome::Wider, what)
                };
                (
                    row,
                    if was_closed {
                        closed
                    } else {
                        Outcome::Narrower
                    },
                    what,
                )
            }
            (true, true)
                if old_schema != new_schema
                    && (is_absolute(old_schema) || is_absolute(new_schema)) =>
            {
                let (outcome, what) = match new_schema {
                    ConjunctionId::ANYTHING => (Outcome::Wider, "may now be anything"),
                    _ => (Outcome::Narrower, "may no longer be anything"),
                };
                (Row::Schema, outcome, what)
            }
            _ => {
                self.compare_defaults(
                    &old.schemas,
                    &new.schemas,
                    was_required && is_required,
                    inner,
                    found,
                );
                found.inner.push(pair);
                return;
            }
        };
        if matches!(
            row,
            Row::RequiredPropertyAdded | Row::RequiredPropertyDropped
        ) {
            beside_required.insert(name);
        }
        let places = (
            old.listed_at.or(base.object_place()),
            new.listed_at.or(head.object_place()),
        );
        let message = format!("the property {} {what}", literal(self.tree().text(name)));
        found.add(row, outcome, places, message);
    }

    pub(super) fn compare_required(
        &self,
        base: &Shape,
        head: &Shape,
        beside: &BTreeSet<Symbol>,
        found: &mut Found,
    ) {
        for (is_head, own, other) in [(true, head, base), (false, base, head)] {
            let new = own.required.iter();
            let new = new.filter(|(name, _)| !other.required.contains_key(name));
            for (name, at) in new.filter(|(name, _)| !beside.contains(name)) {
                let name = literal(self.tree().text(*name));
                let (outcome, places, verb) = demanded(is_head, *at, other);
                let message = format!("the property {name} {verb} required");
                found.add(Row::Required, outcome, places, message);
            }
        }
    }

    /// Compares the properties that nothing else describes.
    pub(super) fn compare_additional(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let old = self.base.additional(base);
        let new = self.head.additional(head);
        let places = (
            old.first().copied().or(base.object_place()),
            new.first().copied().or(head.object_place()),
        );
        self.compare_rest(
            Row::AdditionalProperties,
            (&old, &new),
            places,
            "other properties",
            flow.of_member(self.tree(), None),
            found,
        );
    }

    pub(super) fn compare_dependent(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let tree = self.tree();
        for (is_head, own, other) in [(true, head, base), (false, base, head)] {
            let new = own.dependent_required.iter().filter(|(names, _)| {
                !other.dependent_required.contains_key(names)
                    && !other.required.contains_key(&names.1)
            });
            for ((name, dependent), at) in new {
                let name = literal(tree.text(*name));
                let dependent = literal(tree.text(*dependent));
                let (outcome, places, verb) = demanded(is_head, *at, other);
                let message =
                    format!("the property {dependent} {verb} required if {name} is present");
                found.add(Row::DependentRequired, outcome, places, message);
            }
        }
        let names: BTreeSet<Symbol> = base
            .dependent_schemas
            .keys()
            .chain(head.dependent_schemas.keys())
            .copied()
            .collect();
        let none = Vec::new();
        for name in names {
            let old = base.dependent_schemas.get(&name).unwrap_or(&none);
            let new = head.dependent_schemas.get(&name).unwrap_or(&none);
            let flow = flow.of_values();
            self.compare_lists(Row::DependentSchemas, (old, new), (base, head), flow, found);
        }
    }
}

/// What it means that only one side demands something, which the other side would do at its own place.
fn demanded(is_head: bool, at: NodeId, other: &Shape) -> (Outcome, Places, &'static str) {
    let (at, beside) = (Some(at), other.object_place());
    match is_head {
        true => (Outcome::Narrower, (beside, at), "is now"),
        false => (Outcome::Wider, (at, beside), "is no longer"),
    }
}

impl Context<'_> {
    /// The properties that are described by name and sent in this flow, with their places.
    pub(super) fn listed(self, shape: &Shape, flow: Flow) -> Vec<(Symbol, NodeId)> {
        let mut names = Vec::new();
        let mut known = FxHashSet::default();
        for object in &shape.objects {
            let properties = self.tree.get(*object, "properties");
            for (name, schema) in properties
                .into_iter()
                .flat_map(|properties| self.tree.entries(properties))
            {
                if !self.is_not_sent(schema, flow) && known.insert(name) {
                    names.push((name, schema));
                }
            }
        }
        names
    }

    pub(super) fn member_schemas(self, shape: &Shape, name: Symbol, flow: Flow) -> Member {
        let mut member = Member {
            schemas: Vec::new(),
            listed_at: None,
        };
        // A property that is not sent counts as not described.
        let listed = |object: NodeId| {
            let own = self
                .tree
                .member(self.tree.get(object, "properties")?, name)?;
            (!self.is_not_sent(own, flow)).then_some(own)
        };
        for object in &shape.objects {
            let own = listed(*object);
            member.listed_at = member.listed_at.or(own);
            let described = member.schemas.len();
            member.schemas.extend(own);
            member.schemas.extend(self.matching(*object, name));
            if member.schemas.len() == described {
                let additional = self.tree.get(*object, "additionalProperties");
                member.schemas.extend(additional);
            }
        }
        let describes = |object: NodeId| {
            listed(object).is_some() || self.matching(object, name).next().is_some()
        };
        member.schemas.extend(self.unseen(shape, describes));
        member
    }

    /// The schemas of `patternProperties` that match a name. A pattern that is not a regular expression matches nothing.
    fn matching(self, object: NodeId, name: Symbol) -> impl Iterator<Item = NodeId> {
        let patterns = self.tree.get(object, "patternProperties");
        let entries = patterns
            .into_iter()
            .flat_map(move |patterns| self.tree.entries(patterns));
        entries.filter_map(move |(pattern, schema)| {
            matches(self.tree.text(pattern), self.tree.text(name))?.then_some(schema)
        })
    }

    /// The schemas of each `unevaluatedProperties` that applies to the properties in question.
    pub(super) fn unseen(
        self,
        shape: &Shape,
        describes: impl Fn(NodeId) -> bool,
    ) -> impl Iterator<Item = NodeId> {
        let all = shape.unevaluated_properties.iter();
        all.filter(move |unevaluated| {
            let is_described =
                |object: &NodeId| !self.of_the_rest(*object).is_empty() || describes(*object);
            !unevaluated.is_idle && !unevaluated.sees.iter().any(is_described)
        })
        .map(|unevaluated| unevaluated.schema)
    }

    /// The schemas of properties that nothing else describes.
    pub(super) fn additional(self, shape: &Shape) -> Vec<NodeId> {
        let own = shape.objects.iter();
        let own = own.flat_map(|object| self.of_the_rest(*object));
        own.chain(self.unseen(shape, |_| false)).collect()
    }
}
