//! Compares arrays: `items`, `prefixItems`, `contains` and `unevaluatedItems`.

use super::bearing::Bearing;
use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::shape::Shape;
use crate::change::{Flow, Outcome, Row};
use spec_first_document::tree::NodeId;

const SIGHT_CHANGED: &str = "the items that `unevaluatedItems` applies to changed";

/// The schemas that apply to an item of an array.
pub(super) struct Item {
    pub(super) described: Vec<NodeId>,
    /// The schemas of each `unevaluatedItems` that applies to the item.
    unevaluated: Vec<NodeId>,
}

impl Item {
    /// The schemas that an item must satisfy, in parts that are compared separately. An item that `contains` matches need not
    /// satisfy the second part, so the first part must not compensate for it.
    fn parts(self, is_found: bool) -> Vec<Vec<NodeId>> {
        if is_found {
            vec![self.described, self.unevaluated]
        } else {
            vec![[self.described, self.unevaluated].concat()]
        }
    }
}

impl Comparison<'_> {
    pub(super) fn compare_arrays(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let flow = flow.of_item();
        let prefix = self
            .base
            .longest_prefix(base)
            .max(self.head.longest_prefix(head));
        let is_found = !base.contains.is_empty() || !head.contains.is_empty();
        let parts = |index| {
            let old = self.base.item(base, index).parts(is_found);
            let new = self.head.item(head, index).parts(is_found);
            old.into_iter().zip(new)
        };
        let described: Vec<_> = (0..prefix).flat_map(parts).collect();
        let rest: Vec<_> = parts(prefix).collect();
        for (old, new) in described {
            let pair = self.pair(&old, &new, flow);
            found.inner.push(pair);
        }
        for (old, new) in rest {
            let places = (
                old.first().copied().or(base.place()),
                new.first().copied().or(head.place()),
            );
            let what = if prefix == 0 {
                "items"
            } else {
                "further items"
            };
            self.compare_rest(Row::Items, (&old, &new), places, what, flow, found);
        }
        self.compare_found_and_unevaluated(base, head, flow, found);
        self.compare_contains(base, head, flow, found);
    }

    /// An item that `contains` matches need not satisfy `unevaluatedItems`.
    fn compare_found_and_unevaluated(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let finds = !base.contains.is_empty() || !head.contains.is_empty();
        let has_rest = !base.unevaluated_items.is_empty() || !head.unevaluated_items.is_empty();
        if !finds || !has_rest {
            return;
        }
        let tree = self.tree();
        let kind = |holder| tree.get(holder, "contains");
        let (old, new) = (&base.contains, &head.contains);
        let matched = self.match_same(old, new, kind, |_, _| true, flow);
        for (old, new) in matched.same {
            let places = (kind(old), kind(new));
            let pair = self.pair(places.0.as_slice(), places.1.as_slice(), flow);
            found.rest_on(
                pair,
                Bearing::DECIDING,
                Row::Contains,
                places,
                SIGHT_CHANGED,
            );
        }
        let (old_prefix, new_prefix) = (
            self.base.longest_prefix(base),
            self.head.longest_prefix(head),
        );
        if old_prefix != new_prefix || !matched.only_old.is_empty() || !matched.only_new.is_empty()
        {
            let places = (
                base.contains.first().copied().or(base.place()),
                head.contains.first().copied().or(head.place()),
            );
            found.add(
                Row::Contains,
                Outcome::Undecided,
                places,
                SIGHT_CHANGED.to_owned(),
            );
        }
    }

    /// Compares `contains`. Even if it accepts any item, it demands that one exists.
    fn compare_contains(&mut self, base: &Shape, head: &Shape, flow: Flow, found: &mut Found) {
        let (tree, context) = (self.tree(), self.base);
        let kind = |holder| tree.get(holder, "contains");
        let demanding = |shape: &Shape| -> Vec<NodeId> {
            let holders = shape.contains.iter().copied();
            holders
                .filter(|holder| context.demands_items(*holder))
                .collect()
        };
        let (old, new) = (demanding(base), demanding(head));
        // The limits of a single `contains` are compared like any other keyword.
        let are_single = old.len() <= 1 && new.len() <= 1;
        let limits = |holder| context.limits_of_contains(holder);
        let may_match = |old, new| are_single || limits(old) == limits(new);
        let matched = self.match_same(&old, &new, kind, may_match, flow);
        let changed = match (matched.only_old.as_slice(), matched.only_new.as_slice()) {
            ([old], [new]) if may_match(*old, *new) => Some((*old, *new)),
            _ => None,
        };
        for (old, new) in matched.same.into_iter().chain(changed) {
            let places = (kind(old), kind(new));
            let pair = self.pair(places.0.as_slice(), places.1.as_slice(), flow);
            let limits = [limits(old), limits(new)];
            let bearing = match (
                limits.iter().any(|(_, most)| *most < u64::MAX),
                limits.iter().any(|(least, _)| *least > 0),
            ) {
                (false, _) => {
                    found.inner.push(pair);
                    continue;
                }
                (true, false) => Bearing::FORBIDDEN,
                (true, true) => Bearing::COUNTED,
            };
            let message = "which items `contains` counts changed";
            found.rest_on(pair, bearing, Row::Contains, places, message);
        }
        let (old, new) = (matched.only_old.first(), matched.only_new.first());
        let (outcome, message) = match (old, new) {
            _ if changed.is_some() => return,
            (None, None) => return,
            (None, Some(_)) => (Outcome::Narrower, "`contains` was added"),
            (Some(_), None) => (Outcome::Wider, "`contains` was dropped"),
            // One item may satisfy several `contains`, so they cannot be treated as one.
            (Some(_), Some(_)) => (Outcome::Undecided, "what the items must contain changed"),
        };
        let places = (
            old.and_then(|old| kind(*old)).or(base.place()),
            new.and_then(|new| kind(*new)).or(head.place()),
        );
        found.add(Row::Contains, outcome, places, message.to_owned());
    }
}

impl Context<'_> {
    /// The least and greatest number of items that the `contains` of a schema allows.
    fn limits_of_contains(self, holder: NodeId) -> (u64, u64) {
        let count = |keyword| {
            let written = self.tree.get(holder, keyword);
            written.and_then(|written| self.tree.count(written))
        };
        (
            count("minContains").unwrap_or(1),
            count("maxContains").unwrap_or(u64::MAX),
        )
    }

    /// Whether a `contains` restricts the array at all.
    pub(super) fn demands_items(self, holder: NodeId) -> bool {
        self.limits_of_contains(holder) != (0, u64::MAX)
    }

    fn longest_prefix(self, shape: &Shape) -> usize {
        let prefixes = shape.arrays.iter().map(|array| self.prefix(*array).len());
        prefixes.max().unwrap_or_default()
    }

    /// The schemas that apply to the item at this index.
    pub(super) fn item(self, shape: &Shape, index: usize) -> Item {
        let of = |array: &NodeId| {
            let own = self.prefix(*array).get(index).copied();
            own.or(self.tree.get(*array, "items"))
        };
        let unevaluated = shape.unevaluated_items.iter().filter(|unevaluated| {
            !unevaluated.is_idle && !unevaluated.sees.iter().any(|array| of(array).is_some())
        });
        Item {
            described: shape.arrays.iter().filter_map(of).collect(),
            unevaluated: unevaluated.map(|unevaluated| unevaluated.schema).collect(),
        }
    }

    fn prefix(self, array: NodeId) -> Vec<NodeId> {
        let prefix = self.tree.get(array, "prefixItems");
        prefix
            .into_iter()
            .flat_map(|prefix| self.tree.items(prefix))
            .collect()
    }
}
