//! `unevaluatedProperties` and `unevaluatedItems`, with the schemas whose properties and items count as evaluated.

use rustc_hash::FxHashSet;

use super::comparison::Found;
use super::conjunction::Context;
use super::shape::Shape;
use crate::change::{Outcome, Row};
use spec_first_document::tree::NodeId;

/// An `unevaluatedProperties` or `unevaluatedItems`.
#[derive(Clone, Debug)]
pub(crate) struct Unevaluated {
    pub(crate) schema: NodeId,
    /// The schemas whose properties and items count as evaluated: its own, and those applied to the same value below it.
    pub(crate) sees: Vec<NodeId>,
    /// Whether a nested one already evaluates everything.
    pub(crate) is_idle: bool,
    /// Whether the evaluated properties and items depend on the value in ways that are not tracked.
    pub(crate) is_unsure: bool,
}

impl Context<'_> {
    /// Finds what the `unevaluated…` of `holder` counts as evaluated, given the chosen branches.
    pub(super) fn unevaluated(
        self,
        holder: NodeId,
        keyword: &str,
        schema: NodeId,
        branches: &[NodeId],
    ) -> Unevaluated {
        let tree = self.tree;
        let mut unevaluated = Unevaluated {
            schema,
            sees: Vec::new(),
            is_idle: false,
            is_unsure: false,
        };
        let mut open = vec![holder];
        while let Some(node) = open.pop() {
            if unevaluated.sees.contains(&node) {
                continue;
            }
            unevaluated.sees.push(node);
            unevaluated.is_idle |= node != holder && tree.get(node, keyword).is_some();
            unevaluated.is_unsure |= ["if", "dependentSchemas"]
                .iter()
                .any(|keyword| tree.get(node, keyword).is_some());
            open.extend(self.references.target(node));
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let Some(members) = tree.get(node, keyword) else {
                    continue;
                };
                let is_demanded = keyword == "allOf" || tree.items(members).len() == 1;
                // A value may satisfy several branches of `anyOf`, all of which count.
                unevaluated.is_unsure |= !is_demanded && keyword == "anyOf";
                let members = tree.items(members);
                open.extend(members.filter(|member| is_demanded || branches.contains(member)));
            }
        }
        unevaluated
    }
}

impl Shape {
    /// Whether the evaluated properties and items depend on the value.
    pub(super) fn is_unsure(&self) -> bool {
        let all = self.unevaluated_properties.iter();
        let mut all = all.chain(&self.unevaluated_items);
        all.any(|unevaluated| unevaluated.is_unsure)
    }

    /// Allows all members that may count as evaluated, which allows no value less.
    pub(super) fn forget_unsure(&mut self) {
        let is_sure = |unevaluated: &Unevaluated| !unevaluated.is_unsure;
        self.unevaluated_properties.retain(is_sure);
        self.unevaluated_items.retain(is_sure);
    }
}

pub(super) const SIGHT_CHANGED: &str =
    "the members that `unevaluated…` applies to changed, and they depend on the value";

impl Context<'_> {
    /// All properties and items that an `unevaluated…` of the shape may count as evaluated, in any branch.
    fn sight(self, shape: &Shape) -> Vec<(String, String)> {
        let tree = self.tree;
        let mut sight = Vec::new();
        let all = shape.unevaluated_properties.iter();
        let all = all.chain(&shape.unevaluated_items);
        let mut open: Vec<NodeId> = all
            .flat_map(|unevaluated| &unevaluated.sees)
            .copied()
            .collect();
        let mut seen = FxHashSet::default();
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            open.extend(self.references.target(node));
            for (key, value) in tree.entries(node) {
                let key = tree.text(key);
                match key {
                    "properties" | "patternProperties" => {
                        let names = tree.entries(value).map(|(name, _)| tree.text(name));
                        sight.extend(names.map(|name| (key.to_owned(), name.to_owned())));
                    }
                    "prefixItems" => {
                        sight.push((key.to_owned(), tree.items(value).len().to_string()));
                    }
                    "additionalProperties"
                    | "unevaluatedProperties"
                    | "items"
                    | "unevaluatedItems"
                    | "contains" => {
                        sight.push((key.to_owned(), String::new()));
                    }
                    "allOf" | "anyOf" | "oneOf" => open.extend(tree.items(value)),
                    "if" | "then" | "else" => open.push(value),
                    "dependentSchemas" => {
                        open.extend(tree.entries(value).map(|(_, schema)| schema))
                    }
                    _ => {}
                }
            }
        }
        sight.sort_unstable();
        sight
    }
}

/// Reports an undecided difference if the evaluated properties depend on the value, and the descriptions differ.
pub(super) fn doubt_sight(
    (old, base): (Context<'_>, &Shape),
    (new, head): (Context<'_>, &Shape),
    found: &mut Found,
) {
    if !base.is_unsure() && !head.is_unsure() {
        return;
    }
    if old.sight(base) != new.sight(head) {
        let places = (base.place(), head.place());
        let message = SIGHT_CHANGED.to_owned();
        found.add(
            Row::AdditionalProperties,
            Outcome::Undecided,
            places,
            message,
        );
        return;
    }
    let mut differences = found.differences.iter();
    if let Some(difference) = differences.find(|difference| is_about_members(difference.row)) {
        let places = (difference.base, difference.head);
        let message = SIGHT_CHANGED.to_owned();
        found.add(
            Row::AdditionalProperties,
            Outcome::Undecided,
            places,
            message,
        );
    }
}

fn is_about_members(row: Row) -> bool {
    matches!(
        row,
        Row::PropertyAdded
            | Row::PropertyDropped
            | Row::RequiredPropertyAdded
            | Row::RequiredPropertyDropped
            | Row::PatternProperties
            | Row::AdditionalProperties
            | Row::Items
            | Row::Conditional
            | Row::DependentSchemas
    )
}
