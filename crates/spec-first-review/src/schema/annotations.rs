//! Compares what schemas say besides the set of values: `default`, `xml` and `deprecated`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::scalars::shown;
use super::text::written;
use crate::change::{Flow, Outcome, Row};
use spec_first_document::tree::{Kind, NodeId};

impl Comparison<'_> {
    /// Compares the default, which has no effect if the value is required.
    pub(crate) fn compare_defaults(
        &mut self,
        base: &[NodeId],
        head: &[NodeId],
        is_required: bool,
        flow: Flow,
        found: &mut Found,
    ) {
        let old = self.keyword(ConjunctionSide::Base, base, "default");
        let new = self.keyword(ConjunctionSide::Head, head, "default");
        if self.are_all_same(base, head, "default") {
            return;
        }
        let json = |node: Option<NodeId>| node.map(|node| self.tree().to_json(node));
        let is_same_text = |old: &Value, new: &Value| {
            flow.notation.is_text() && written(old).is_some() && written(old) == written(new)
        };
        let (outcome, message) = match (json(old), json(new)) {
            (Some(old), Some(new)) if is_same_text(&old, &new) => return,
            (Some(old), Some(new)) => {
                let message = format!("`default` changed from {} to {}", shown(&old), shown(&new));
                (Outcome::Incomparable, message)
            }
            (Some(old), None) => (Outcome::Narrower, format!("`default: {old}` was dropped")),
            (None, new) => (
                Outcome::Wider,
                format!("`default: {}` was added", new.unwrap_or_default()),
            ),
        };
        let outcome = if is_required {
            Outcome::Beside
        } else {
            outcome
        };
        let places = (old.or(base.first().copied()), new.or(head.first().copied()));
        found.add(Row::Default, outcome, places, message);
    }

    /// Compares how the value is written in XML.
    pub(crate) fn compare_xml(&mut self, base: &[NodeId], head: &[NodeId], found: &mut Found) {
        let old = self.keyword(ConjunctionSide::Base, base, "xml");
        let new = self.keyword(ConjunctionSide::Head, head, "xml");
        if !self.are_all_same(base, head, "xml") {
            let places = (old.or(base.first().copied()), new.or(head.first().copied()));
            let message = "its XML form changed".to_owned();
            found.add(Row::Xml, Outcome::Incomparable, places, message);
        }
    }

    /// Compares `deprecated`.
    pub(crate) fn compare_deprecated(
        &mut self,
        base: &[NodeId],
        head: &[NodeId],
        found: &mut Found,
    ) {
        let tree = self.tree();
        let is_true = |node: &NodeId| tree.kind(*node) == Kind::Boolean(true);
        let old = self
            .keyword(ConjunctionSide::Base, base, "deprecated")
            .filter(is_true);
        let new = self
            .keyword(ConjunctionSide::Head, head, "deprecated")
            .filter(is_true);
        let message = match (old, new) {
            (None, Some(_)) => "it is now deprecated",
            (Some(_), None) => "it is no longer deprecated",
            _ => return,
        };
        let places = (old.or(base.first().copied()), new.or(head.first().copied()));
        found.add(Row::Deprecated, Outcome::Beside, places, message.to_owned());
    }

    /// Whether the schemas of both conjunctions have the same values for this keyword, in any order.
    fn are_all_same(&mut self, base: &[NodeId], head: &[NodeId], keyword: &str) -> bool {
        let mut written = |context: Context<'_>, schemas: &[NodeId]| -> BTreeSet<String> {
            let conjunction = self.conjunctions.of(context, schemas);
            let nodes = self.conjunctions.nodes(conjunction).iter();
            let values = nodes.filter_map(|node| context.tree.get(*node, keyword));
            values
                .map(|value| context.tree.to_json(value).to_string())
                .collect()
        };
        let (old, new) = (self.base, self.head);
        written(old, base) == written(new, head)
    }

    /// The keyword in any of the schemas of the conjunction.
    fn keyword(
        &mut self,
        side: ConjunctionSide,
        schemas: &[NodeId],
        keyword: &str,
    ) -> Option<NodeId> {
        let context = match side {
            ConjunctionSide::Base => self.base,
            ConjunctionSide::Head => self.head,
        };
        let conjunction = self.conjunctions.of(context, schemas);
        let nodes = self.conjunctions.nodes(conjunction);
        nodes
            .iter()
            .filter_map(|node| context.tree.get(*node, keyword))
            // `true` in one of the schemas is enough.
            .max_by_key(|value| context.tree.kind(*value) == Kind::Boolean(true))
    }
}

#[derive(Clone, Copy, Debug)]
enum ConjunctionSide {
    Base,
    Head,
}
