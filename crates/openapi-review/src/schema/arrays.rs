//! Arrays: what their items are, by position or by kind.

use super::comparison::{Comparison, Found};
use super::conjunction::Context;
use super::shape::{COUNTS, Shape};
use crate::change::{Flow, Outcome, Row};
use crate::tree::NodeId;

/// The schemas of the items of an array.
struct Items {
    /// How many of the first items have schemas of their own.
    prefix: usize,
    rest: Vec<NodeId>,
}

impl Comparison<'_> {
    pub(super) fn compare_arrays(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let old = self.base.items_of(base);
        let new = self.head.items_of(head);
        for index in 0..old.prefix.max(new.prefix) {
            let (old_item, new_item) = (self.base.item(base, index), self.head.item(head, index));
            let pair = self.pair(&old_item, &new_item, flow);
            found.inner.push(pair);
        }
        let places = (
            old.rest.first().copied().or(base.place()),
            new.rest.first().copied().or(head.place()),
        );
        self.compare_rest(
            Row::Items,
            (&old.rest, &new.rest),
            places,
            "further items",
            flow,
            found,
        );
        self.compare_found_and_unevaluated((base, old.prefix), (head, new.prefix), flow, found);
        let has_limits = |shape: &Shape| {
            let mut limits = COUNTS
                .iter()
                .zip(&shape.counts)
                .filter(|((_, row, ..), _)| matches!(row, Row::MinContains | Row::MaxContains));
            limits.any(|(_, count)| count.is_some())
        };
        if !base.contains.is_empty()
            && !head.contains.is_empty()
            && (has_limits(base) || has_limits(head))
        {
            self.compare_limited_contains(base, head, flow, found);
            return;
        }
        self.compare_contains(base, head, flow, found);
    }

    /// What `contains` finds needs not be as `unevaluatedItems` says.
    fn compare_found_and_unevaluated(
        &mut self,
        (base, old_prefix): (&Shape, usize),
        (head, new_prefix): (&Shape, usize),
        flow: Flow,
        found: &mut Found,
    ) {
        let finds = !base.contains.is_empty() || !head.contains.is_empty();
        let has_rest = self.base.unevaluated_items(base).next().is_some()
            || self.head.unevaluated_items(head).next().is_some();
        if finds
            && has_rest
            && (old_prefix != new_prefix || !self.are_same(&base.contains, &head.contains, flow))
        {
            let places = (
                base.contains.first().copied().or(base.place()),
                head.contains.first().copied().or(head.place()),
            );
            let message = "which items `unevaluatedItems` is about changed".to_owned();
            found.add(Row::Contains, Outcome::Undecided, places, message);
        }
    }

    /// Even where any item will do, there must be one.
    fn compare_contains(&mut self, base: &Shape, head: &Shape, flow: Flow, found: &mut Found) {
        let places = (
            base.contains.first().copied().or(base.place()),
            head.contains.first().copied().or(head.place()),
        );
        let (outcome, message) = match (base.contains.as_slice(), head.contains.as_slice()) {
            ([], []) => return,
            ([], _) => (Outcome::Narrower, "`contains` was added"),
            (_, []) => (Outcome::Wider, "`contains` was dropped"),
            ([old], [new]) => {
                let pair = self.pair(&[*old], &[*new], flow);
                found.inner.push(pair);
                return;
            }
            (old, new) if self.are_same(old, new, flow) => return,
            // Two items may do for two demands, so these are not one demand for both.
            _ => (Outcome::Undecided, "what the items must contain changed"),
        };
        found.add(Row::Contains, outcome, places, message.to_owned());
    }

    /// Where items of a kind are limited in number from above, fewer of a kind is not less.
    pub(super) fn compare_limited_contains(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        if self.are_same(&base.contains, &head.contains, flow) {
            return;
        }
        let pair = self.pair(&base.contains, &head.contains, flow);
        let outcome = match self.relation(pair).outcome() {
            _ if base.contains.len() + head.contains.len() > 2 => Outcome::Undecided,
            None => return,
            Some(Outcome::Undecided) => Outcome::Undecided,
            Some(_) => Outcome::Incomparable,
        };
        let places = (
            base.contains.first().copied(),
            head.contains.first().copied(),
        );
        let message = "what is counted among the items changed".to_owned();
        found.add(Row::Contains, outcome, places, message);
    }
}

impl Context<'_> {
    fn items_of(self, shape: &Shape) -> Items {
        let mut items = Items {
            prefix: 0,
            rest: Vec::new(),
        };
        for array in &shape.arrays {
            items.prefix = items.prefix.max(self.prefix(*array).len());
            items.rest.extend(self.tree.get(*array, "items"));
        }
        if items.rest.is_empty() {
            items.rest.extend(self.unevaluated_items(shape));
        }
        items
    }

    fn item(self, shape: &Shape, index: usize) -> Vec<NodeId> {
        let of = |array: &NodeId| {
            let own = self.prefix(*array).get(index).copied();
            own.or(self.tree.get(*array, "items"))
        };
        let evaluated: Vec<NodeId> = shape.arrays.iter().filter_map(of).collect();
        if evaluated.is_empty() {
            self.unevaluated_items(shape).collect()
        } else {
            evaluated
        }
    }

    fn prefix(self, array: NodeId) -> Vec<NodeId> {
        let prefix = self.tree.get(array, "prefixItems");
        prefix
            .into_iter()
            .flat_map(|prefix| self.tree.items(prefix))
            .collect()
    }

    fn unevaluated_items(self, shape: &Shape) -> impl Iterator<Item = NodeId> {
        let arrays = shape.arrays.iter();
        arrays.filter_map(move |array| self.tree.get(*array, "unevaluatedItems"))
    }
}
