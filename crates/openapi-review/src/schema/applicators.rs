//! Keywords that apply other schemas: what must not be, what depends on a condition, and what a discriminator leads to.

use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::shape::Shape;
use crate::change::{Flow, Outcome, Row};
use crate::tree::NodeId;

impl Comparison<'_> {
    /// What must not be: more is allowed where less is forbidden.
    pub(super) fn compare_nots(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let places = (
            base.nots.first().copied().or(base.place()),
            head.nots.first().copied().or(head.place()),
        );
        match (base.nots.as_slice(), head.nots.as_slice()) {
            ([], []) => {}
            ([], _) => found.add(
                Row::Not,
                Outcome::Narrower,
                places,
                "`not` was added".to_owned(),
            ),
            (_, []) => found.add(
                Row::Not,
                Outcome::Wider,
                places,
                "`not` was dropped".to_owned(),
            ),
            ([old], [new]) => {
                let pair = self.pair(&[*old], &[*new], flow);
                if let Some(outcome) = self.relation(pair).outcome() {
                    let message = "what `not` forbids changed".to_owned();
                    found.add(Row::Not, outcome.flipped(), places, message);
                }
            }
            (old, new) => {
                if !self.are_same(old, new, flow) {
                    let message = "what several `not` forbid together changed".to_owned();
                    found.add(Row::Not, Outcome::Undecided, places, message);
                }
            }
        }
    }

    /// Whether these are the same schemas in the same order.
    pub(super) fn are_same(&mut self, old: &[NodeId], new: &[NodeId], flow: Flow) -> bool {
        old.len() == new.len()
            && old.iter().zip(new).all(|(old, new)| {
                let pair = self.pair(&[*old], &[*new], flow);
                self.relation(pair).is_same()
            })
    }

    pub(super) fn compare_conditionals(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let places = (
            base.conditionals.first().copied().or(base.place()),
            head.conditionals.first().copied().or(head.place()),
        );
        if base.conditionals.len() != head.conditionals.len() {
            let (outcome, message) =
                match (base.conditionals.is_empty(), head.conditionals.is_empty()) {
                    (true, _) => (Outcome::Narrower, "`if` was added"),
                    (_, true) => (Outcome::Wider, "`if` was dropped"),
                    _ => (Outcome::Undecided, "the conditions changed"),
                };
            found.add(Row::Conditional, outcome, places, message.to_owned());
            return;
        }
        for (old, new) in base.conditionals.iter().zip(&head.conditionals) {
            let part = |node: &NodeId, keyword| -> Vec<NodeId> {
                self.tree().get(*node, keyword).into_iter().collect()
            };
            let parts =
                ["if", "then", "else"].map(|keyword| (part(old, keyword), part(new, keyword)));
            let [condition, then, otherwise] = parts.map(|(old, new)| self.pair(&old, &new, flow));
            if self.relation(condition).is_same() {
                found.inner.extend([then, otherwise]);
            } else {
                let message = "the condition of `if` changed, so nobody can tell which values the rest is about".to_owned();
                found.add(
                    Row::Conditional,
                    Outcome::Undecided,
                    (Some(*old), Some(*new)),
                    message,
                );
            }
        }
    }

    pub(super) fn compare_discriminators(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let name = |node: Option<NodeId>| {
            node.and_then(|node| self.tree().get_string(node, "propertyName"))
        };
        let places = (
            base.discriminator.or(base.place()),
            head.discriminator.or(head.place()),
        );
        let (outcome, message) = match (name(base.discriminator), name(head.discriminator)) {
            (Some(old), Some(new)) if old != new => (
                Outcome::Incomparable,
                format!("the discriminator went from the property `{old}` to `{new}`"),
            ),
            (Some(_), None) => (Outcome::Wider, "the discriminator was dropped".to_owned()),
            (None, Some(_)) => (Outcome::Narrower, "a discriminator was added".to_owned()),
            _ => {
                self.compare_subtypes(base, head, flow, found);
                return;
            }
        };
        found.add(Row::Discriminator, outcome, places, message);
    }

    /// The schemas that only a discriminator leads to: they name its schema in their `allOf`.
    pub(super) fn compare_subtypes(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let tree = self.tree();
        let subtypes = |context: Context<'_>, shape: &Shape| -> Vec<(String, NodeId)> {
            let holder = shape
                .discriminator
                .and_then(|discriminator| tree.parent(discriminator));
            let schemas = holder
                .filter(|_| shape.branches.is_empty())
                .map_or(&[][..], |holder| context.references.subtypes(holder));
            schemas
                .iter()
                .map(|schema| (tree.key(*schema).unwrap_or_default().to_owned(), *schema))
                .collect()
        };
        let (old, new) = (subtypes(self.base, base), subtypes(self.head, head));
        for (name, was) in &old {
            match new.iter().find(|(other, _)| other == name) {
                Some((_, is)) => {
                    let pair = self.pair(&[*was], &[*is], flow);
                    found.inner.push(pair);
                }
                None => {
                    let message = format!("the alternative `{name}` was dropped");
                    found.add(
                        Row::Alternative,
                        Outcome::Narrower,
                        (Some(*was), head.discriminator),
                        message,
                    );
                }
            }
        }
        for (name, is) in &new {
            if !old.iter().any(|(other, _)| other == name) {
                let message = format!("the alternative `{name}` was added");
                found.add(
                    Row::Alternative,
                    Outcome::Wider,
                    (base.discriminator, Some(*is)),
                    message,
                );
            }
        }
    }
}
