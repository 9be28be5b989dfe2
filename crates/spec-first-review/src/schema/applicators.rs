//! Compares keywords that apply other schemas: `not`, `if`, and the subtypes of a discriminator.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::bearing::Bearing;
use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::shape::Shape;
use super::unevaluated::SIGHT_CHANGED;
use crate::change::{Flow, Outcome, Row};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

const CONDITION_CHANGED: &str =
    "the condition of `if` changed, so it is unknown which values `then` and `else` apply to";

/// The entries that match between base and head, and those that do not.
pub(super) struct Matched {
    pub(super) same: Vec<(NodeId, NodeId)>,
    pub(super) only_old: Vec<NodeId>,
    pub(super) only_new: Vec<NodeId>,
}

impl Comparison<'_> {
    /// Compares `not`: the less is forbidden, the more is allowed.
    pub(super) fn compare_nots(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let flow = flow.of_values();
        let matched = self.match_same(&base.nots, &head.nots, Some, |_, _| true, flow);
        let changed = match (matched.only_old.as_slice(), matched.only_new.as_slice()) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        };
        for (old, new) in matched.same.into_iter().chain(changed) {
            let pair = self.pair(&[old], &[new], flow);
            let places = (Some(old), Some(new));
            let message = "what `not` forbids changed";
            found.rest_on(pair, Bearing::FORBIDDEN, Row::Not, places, message);
        }
        let (old, new) = (matched.only_old.first(), matched.only_new.first());
        let (outcome, message) = match (old, new) {
            _ if changed.is_some() => return,
            (None, None) => return,
            (None, Some(_)) => (Outcome::Narrower, "`not` was added"),
            (Some(_), None) => (Outcome::Wider, "`not` was dropped"),
            (Some(_), Some(_)) => (
                Outcome::Undecided,
                "what several `not` forbid together changed",
            ),
        };
        let places = (old.copied().or(base.place()), new.copied().or(head.place()));
        found.add(Row::Not, outcome, places, message.to_owned());
    }

    /// Matches the entries that hold the same schema, in any order. The match is an assumption while pairs are still being
    /// compared.
    pub(super) fn match_same(
        &mut self,
        old: &[NodeId],
        new: &[NodeId],
        held_by: impl Fn(NodeId) -> Option<NodeId>,
        may_match: impl Fn(NodeId, NodeId) -> bool,
        flow: Flow,
    ) -> Matched {
        let mut matched = Matched {
            same: Vec::new(),
            only_old: Vec::new(),
            only_new: new.to_vec(),
        };
        for was in old {
            let same = matched.only_new.iter().position(|is| {
                if !may_match(*was, *is) {
                    return false;
                }
                let pair = self.pair(held_by(*was).as_slice(), held_by(*is).as_slice(), flow);
                self.relation(pair).is_same()
            });
            match same {
                Some(index) => matched.same.push((*was, matched.only_new.remove(index))),
                None => matched.only_old.push(*was),
            }
        }
        matched
    }

    pub(super) fn compare_conditionals(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let (tree, flow) = (self.tree(), flow.of_values());
        let condition = |conditional| tree.get(conditional, "if");
        let (old, new) = (&base.conditionals, &head.conditionals);
        let matched = self.match_same(old, new, condition, |_, _| true, flow);
        for (old, new) in matched.same {
            let pair = |comparison: &mut Self, keyword| {
                let (old, new) = (tree.get(old, keyword), tree.get(new, keyword));
                comparison.partial_pair(old.as_slice(), new.as_slice(), flow)
            };
            let (condition, places) = (pair(self, "if"), (Some(old), Some(new)));
            let row = Row::Conditional;
            found.rest_on(condition, Bearing::DECIDING, row, places, CONDITION_CHANGED);
            let is_unsure = base.is_unsure() || head.is_unsure();
            for part in [pair(self, "then"), pair(self, "else")] {
                found.inner.push(part);
                if is_unsure {
                    found.rest_on(part, Bearing::DECIDING, row, places, SIGHT_CHANGED);
                }
            }
        }
        let (old, new) = (matched.only_old.first(), matched.only_new.first());
        let (outcome, message) = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => (Outcome::Narrower, "`if` was added"),
            (Some(_), None) => (Outcome::Wider, "`if` was dropped"),
            (Some(_), Some(_)) => (Outcome::Undecided, CONDITION_CHANGED),
        };
        let places = (old.copied().or(base.place()), new.copied().or(head.place()));
        found.add(Row::Conditional, outcome, places, message.to_owned());
    }

    /// Compares the subtypes that only a discriminator leads to: schemas that refer to its schema in their `allOf`.
    pub(super) fn compare_subtypes(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let (old, new) = (subtypes(self.base, base), subtypes(self.head, head));
        for (name, was) in &old {
            match new.get(name) {
                Some(is) => {
                    let pair = self.pair(&[*was], &[*is], flow);
                    found.inner.push(pair);
                }
                None => {
                    let message = format!("the alternative {} was dropped", literal(name));
                    let places = (Some(*was), head.discriminator);
                    found.add(Row::Alternative, Outcome::Narrower, places, message);
                }
            }
        }
        for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let message = format!("the alternative {} was added", literal(name));
            let places = (base.discriminator, Some(*is));
            found.add(Row::Alternative, Outcome::Wider, places, message);
        }
    }
}

/// The subtypes that only a discriminator leads to, by name. There can be thousands.
fn subtypes<'a>(context: Context<'a>, shape: &Shape) -> IndexMap<&'a str, NodeId, FxBuildHasher> {
    let tree = context.tree;
    let holder = shape
        .discriminator
        .and_then(|discriminator| tree.parent(discriminator));
    let schemas = holder
        .filter(|_| shape.branches.is_empty())
        .map_or(&[][..], |holder| context.references.subtypes(holder));
    let named = |schema: &NodeId| (tree.key(*schema).unwrap_or_default(), *schema);
    schemas.iter().map(named).collect()
}
