//! Compares what schemas say besides the set of values: `default`, `xml` and `deprecated`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::scalars::shown;
use super::text::written;
use crate::change::{Difference, Flow, Outcome, Places, Row};
use crate::lifecycle::{NOT_DEPRECATED, NOW_DEPRECATED};
use crate::literal::literals;
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
        let (old, new) = self.keywords(base, head, "default");
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
            Outcome::Neutral
        } else {
            outcome
        };
        let places = (old.or(base.first().copied()), new.or(head.first().copied()));
        found.add(Row::Default, outcome, places, message);
    }

    /// Compares how the value is written in XML.
    pub(crate) fn compare_xml(&mut self, base: &[NodeId], head: &[NodeId], found: &mut Found) {
        let (old, new) = self.keywords(base, head, "xml");
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
        let (old, new) = self.keywords(base, head, "deprecated");
        let (old, new) = (old.filter(is_true), new.filter(is_true));
        let (was, is) = (old.is_some(), new.is_some());
        let places = (old.or(base.first().copied()), new.or(head.first().copied()));
        if was != is {
            let message = if is { NOW_DEPRECATED } else { NOT_DEPRECATED };
            found.differences.push(Difference {
                is_removal: was,
                ..Difference::new(Row::Deprecated, Outcome::Neutral, places, message)
            });
        }
        let (old, new) = self.keywords(base, head, "x-sunset");
        let text = |node: Option<NodeId>| Some(tree.scalar_text(node?));
        let (was, is) = (text(old), text(new));
        let announcement = self.lifecycle.announcement(was.as_deref(), is.as_deref());
        if let Some((outcome, message)) = announcement {
            let places = (old.or(places.0), new.or(places.1));
            found.add(Row::Sunset, outcome, places, message);
        }
    }

    /// Compares the values of `x-extensible-enum`. It only lists the known values, so adding or removing it does not change what is
    /// allowed.
    pub(crate) fn compare_extensible_enum(
        &mut self,
        base: &[NodeId],
        head: &[NodeId],
        found: &mut Found,
    ) {
        let tree = self.tree();
        let (old, new) = self.keywords(base, head, "x-extensible-enum");
        let places = (old.or(base.first().copied()), new.or(head.first().copied()));
        let (outcome, message) = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => (Outcome::Neutral, "known values are now listed".to_owned()),
            (Some(_), None) => (
                Outcome::Neutral,
                "known values are no longer listed".to_owned(),
            ),
            (Some(old), Some(new)) => {
                let values = |list| -> BTreeSet<String> {
                    let items = tree.items(list);
                    items.map(|item| tree.to_json(item).to_string()).collect()
                };
                let (old, new) = (values(old), values(new));
                let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                    literals(one.difference(other))
                };
                let Some(outcome) = Outcome::of_sets(!old.is_subset(&new), !new.is_subset(&old))
                else {
                    return;
                };
                let (removed, added) = (only(&old, &new), only(&new, &old));
                let message = match outcome {
                    Outcome::Wider => format!("known values were added: {added}"),
                    Outcome::Narrower => format!("known values were removed: {removed}"),
                    _ => format!("known values were removed: {removed}, and added: {added}"),
                };
                (outcome, message)
            }
        };
        found.add(Row::ExtensibleEnum, outcome, places, message);
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

    /// The keyword in any of the schemas of each conjunction.
    fn keywords(&mut self, base: &[NodeId], head: &[NodeId], keyword: &str) -> Places {
        let mut of = |context: Context<'_>, schemas| {
            let conjunction = self.conjunctions.of(context, schemas);
            let nodes = self.conjunctions.nodes(conjunction).iter();
            nodes
                .filter_map(|node| context.tree.get(*node, keyword))
                // `true` in one of the schemas is enough.
                .max_by_key(|value| context.tree.kind(*value) == Kind::Boolean(true))
        };
        let (old, new) = (self.base, self.head);
        (of(old, base), of(new, head))
    }
}
