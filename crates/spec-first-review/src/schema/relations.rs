//! Compares two alternatives keyword by keyword.

use std::slice;

use super::bearing::Bearing;
use super::comparison::{Comparison, Found};
use super::conjunction::{ConjunctionId, Context};
use super::dialects::compare_dialects;
use super::scalars::{
    compare_counts, compare_limits, compare_multiples, compare_texts, compare_types,
    compare_unique, compare_values,
};
use super::shape::{Shape, Written};
use super::text::compare_text_types;
use super::types::Types;
use super::unevaluated::{SIGHT_CHANGED, doubt_sight};
use crate::change::{Flow, Outcome, Places, Row};
use spec_first_document::tree::NodeId;

impl Comparison<'_> {
    /// Adds the differences of `head` from `base`.
    pub(crate) fn compare_shapes(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let mut own = Found::default();
        self.compare_keywords(base, head, flow, &mut own);
        doubt_sight((self.base, base), (self.head, head), &mut own);
        compare_dialects((self.base, base), (self.head, head), &mut own);
        found.append(own);
    }

    fn compare_keywords(&mut self, base: &Shape, head: &Shape, flow: Flow, found: &mut Found) {
        let shared = base.types.and(head.types);
        let places = (type_place(base), type_place(head));
        self.compare_types(slice::from_ref(base), slice::from_ref(head), places, found);
        let (Some(base), Some(head)) = (base.of_types(shared), head.of_types(shared)) else {
            if !shared.is_empty() {
                let places = (
                    place_of(base.values.as_ref(), base),
                    place_of(head.values.as_ref(), head),
                );
                found.add(
                    Row::Enum,
                    Outcome::Incomparable,
                    places,
                    "none of the values is still allowed".to_owned(),
                );
            }
            return;
        };
        compare_values(self.tree(), &base, &head, found);
        let (base, head) = &without_what_lists_decide(base, head);
        compare_counts(self.tree(), base, head, found);
        compare_limits(base, head, shared, found);
        compare_multiples(base, head, shared, found);
        compare_texts(self.tree(), base, head, found);
        compare_unique(base, head, found);
        self.compare_unreadable(base, head, found);
        if shared.meets(Types::OBJECT) {
            self.compare_objects(base, head, flow, found);
        }
        if shared.meets(Types::ARRAY) {
            self.compare_arrays(base, head, flow, found);
        }
        if shared.meets(Types::STRING) {
            let lists = (&base.content_schemas, &head.content_schemas);
            let flow = flow.of_values();
            self.compare_lists(Row::ContentSchema, lists, (base, head), flow, found);
            compare_text_types(base, head, found);
        }
        self.compare_nots(base, head, flow, found);
        self.compare_conditionals(base, head, flow, found);
        self.compare_discriminators(base, head, flow, found);
    }

    /// Compares the types of all shapes. If `null` is added or removed by the change to OpenAPI 3.1, the message says so.
    pub(super) fn compare_types(
        &self,
        base: &[Shape],
        head: &[Shape],
        places: Places,
        found: &mut Found,
    ) {
        let types = |shapes: &[Shape]| {
            let types = shapes.iter().map(|shape| shape.types);
            types.fold(Types::NONE, Types::or)
        };
        let known = found.differences.len();
        compare_types(types(base), types(head), places, found);
        let ignores_nullable = |context: Context<'_>, shapes: &[Shape]| {
            let mut nodes = shapes.iter().flat_map(|shape| &shape.nodes);
            context.is_3_1 && nodes.any(|node| context.tree.is_true(*node, "nullable"))
        };
        for difference in &mut found.differences[known..] {
            if difference.row == Row::Null {
                let places = (difference.base, difference.head);
                (difference.base, difference.head) = self.beside_nullable(places);
            }
            let cause = match (difference.row, difference.outcome) {
                (Row::Null, Outcome::Narrower) if ignores_nullable(self.head, head) => "has",
                (Row::Null, Outcome::Wider) if ignores_nullable(self.base, base) => "had",
                _ => continue,
            };
            let cause = format!(": `nullable` {cause} no meaning in OpenAPI 3.1");
            difference.message.push_str(&cause);
        }
    }

    /// If `nullable` beside a combination was added or dropped, the other document's place is the same position, not the schema
    /// that the combination refers to, which others may use, too.
    fn beside_nullable(&self, (base, head): Places) -> Places {
        let widens = |context: Context<'_>, place: Option<NodeId>| {
            place.filter(|node| context.widens_by_null(*node))
        };
        let tree = self.tree();
        let same = |node, other| tree.at(tree.file(other), &tree.pointer(node));
        match (widens(self.base, base), widens(self.head, head)) {
            (Some(old), None) => (base, head.map(|new| same(old, new).unwrap_or(new))),
            (None, Some(new)) => (base.map(|old| same(new, old).unwrap_or(old)), head),
            _ => (base, head),
        }
    }

    /// Two references that lead nowhere are equal if their text is.
    pub(super) fn compare_unreadable(&self, base: &Shape, head: &Shape, found: &mut Found) {
        let text =
            |node: Option<NodeId>| node.and_then(|node| self.tree().get_string(node, "$ref"));
        if text(base.unreadable) != text(head.unreadable) {
            let places = (
                base.unreadable.or(base.place()),
                head.unreadable.or(head.place()),
            );
            let message = "a reference leads nowhere, so it is unknown what is allowed".to_owned();
            found.add(Row::Unreadable, Outcome::Undecided, places, message);
        }
    }

    /// Compares the schemas of properties or items that are not described otherwise. An absent schema allows everything.
    pub(super) fn compare_rest(
        &mut self,
        row: Row,
        (old, new): (&[NodeId], &[NodeId]),
        places: Places,
        what: &str,
        flow: Flow,
        found: &mut Found,
    ) {
        let base = self.conjunctions.of(self.base, old);
        let head = self.conjunctions.of(self.head, new);
        if base == head || self.are_same_bytes(old, new, flow) {
            return;
        }
        let (outcome, message) = match (base, head) {
            (ConjunctionId::ANYTHING, ConjunctionId::NOTHING) => {
                (Outcome::Narrower, format!("{what} are no longer allowed"))
            }
            (ConjunctionId::NOTHING, ConjunctionId::ANYTHING) => {
                (Outcome::Wider, format!("{what} are now allowed"))
            }
            (ConjunctionId::NOTHING, _) => (
                Outcome::Wider,
                format!("{what} are now allowed, if they satisfy a schema"),
            ),
            (_, ConjunctionId::NOTHING) => {
                (Outcome::Narrower, format!("{what} are no longer allowed"))
            }
            (ConjunctionId::ANYTHING, _) => (
                Outcome::Narrower,
                format!("{what} must now satisfy a schema"),
            ),
            (_, ConjunctionId::ANYTHING) => (Outcome::Wider, format!("{what} may now be anything")),
            _ => {
                let pair = self.pair(old, new, flow);
                found.inner.push(pair);
                return;
            }
        };
        found.add(row, outcome, places, message);
    }

    /// Compares further schemas that a value must satisfy. Without any, everything is allowed.
    pub(super) fn compare_lists(
        &mut self,
        row: Row,
        (old, new): (&Vec<NodeId>, &Vec<NodeId>),
        (base, head): (&Shape, &Shape),
        flow: Flow,
        found: &mut Found,
    ) {
        let places = (
            old.first().copied().or(base.place()),
            new.first().copied().or(head.place()),
        );
        let is_unsure = base.is_unsure() || head.is_unsure();
        let demands = |schema: ConjunctionId| schema != ConjunctionId::ANYTHING;
        let base = self.conjunctions.of(self.base, old);
        let head = self.conjunctions.of(self.head, new);
        match (!demands(base), !demands(head)) {
            (true, true) => {}
            (false, false) => {
                let pair = match row {
                    Row::DependentSchemas => self.partial_pair(old, new, flow),
                    _ => self.pair(old, new, flow),
                };
                found.inner.push(pair);
                if row == Row::DependentSchemas && is_unsure {
                    found.rest_on(pair, Bearing::DECIDING, row, places, SIGHT_CHANGED);
                }
            }
            (true, false) => found.add(
                row,
                Outcome::Narrower,
                places,
                format!("`{}` was added", row.as_str()),
            ),
            (false, true) => found.add(
                row,
                Outcome::Wider,
                places,
                format!("`{}` was dropped", row.as_str()),
            ),
        }
    }
}

/// The limits of the other side have already been applied to each value of a list of scalars.
fn without_what_lists_decide(mut base: Shape, mut head: Shape) -> (Shape, Shape) {
    if base.has_only_scalars() {
        head.forget_limits();
    }
    if head.has_only_scalars() {
        base.forget_limits();
    }
    (base, head)
}

/// Whether the schema allows everything or nothing.
pub(super) fn is_absolute(schema: ConjunctionId) -> bool {
    schema == ConjunctionId::ANYTHING || schema == ConjunctionId::NOTHING
}

pub(super) fn type_place(shape: &Shape) -> Option<NodeId> {
    shape.types_at.or(shape.place())
}

pub(super) fn place_of<T>(written: Option<&Written<T>>, shape: &Shape) -> Option<NodeId> {
    written.map(|written| written.at).or(shape.place())
}
