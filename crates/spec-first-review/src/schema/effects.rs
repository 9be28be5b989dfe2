//! Removes constraints that have no effect, because of other keywords or the sender of the value, and adds those that follow from
//! others.

use super::conjunction::Context;
use super::shape::{Shape, Written};
use crate::change::{Direction, Flow, Row};
use spec_first_document::tree::{Kind, NodeId};

impl Context<'_> {
    /// Drops keywords that have no effect without others, and limits that follow from others.
    pub(super) fn drop_what_has_no_effect(self, shape: &mut Shape) {
        // The properties and items that a condition describes count as evaluated, even without `then` and `else`.
        if shape.unevaluated_properties.is_empty() && shape.unevaluated_items.is_empty() {
            let follows = |conditional: &NodeId| {
                let mut parts = ["then", "else"].iter();
                parts.any(|keyword| self.tree.get(*conditional, keyword).is_some())
            };
            shape.conditionals.retain(follows);
        }
        // The items that `contains` matches count as evaluated, even if it demands none.
        if shape.unevaluated_items.is_empty() {
            let demands = |holder: &NodeId| self.demands_items(*holder);
            shape.contains.retain(demands);
        }
        // Each of several `contains` has its own limits.
        if shape.contains.len() != 1 {
            shape.count_mut(Row::MinContains).take();
            shape.count_mut(Row::MaxContains).take();
        }
        let required = shape.required.len() as u64;
        let fewest = shape.count_mut(Row::MinProperties);
        if fewest
            .as_ref()
            .is_some_and(|fewest| fewest.value <= required)
        {
            fewest.take();
        }
        self.limit_closed_tuple(shape);
    }

    /// Where further items are forbidden, the number of `prefixItems` is the maximum number of items.
    fn limit_closed_tuple(self, shape: &mut Shape) {
        let is_false = |rest: &NodeId| self.tree.kind(*rest) == Kind::Boolean(false);
        let length = |array: NodeId| {
            let prefix = self.tree.get(array, "prefixItems");
            prefix.map_or(0, |prefix| self.tree.items(prefix).len()) as u64
        };
        let by_items = shape.arrays.iter().filter_map(|array| {
            let rest = self.tree.get(*array, "items").filter(is_false)?;
            Some((length(*array), rest))
        });
        let by_unevaluated = shape.unevaluated_items.iter().filter_map(|unevaluated| {
            let rest = Some(unevaluated.schema).filter(is_false)?;
            let has_items = |array: &NodeId| self.tree.get(*array, "items").is_some();
            let sees_all = unevaluated.is_idle
                || unevaluated.sees.iter().any(has_items)
                // The items that `contains` matches count as evaluated, too.
                || !shape.contains.is_empty();
            let seen = unevaluated.sees.iter().map(|array| length(*array));
            (!sees_all).then(|| (seen.max().unwrap_or(0), rest))
        });
        let shortest = by_items
            .chain(by_unevaluated)
            .min_by_key(|(length, _)| *length);
        if let Some((length, at)) = shortest {
            let most = shape.count_mut(Row::MaxItems);
            if most.as_ref().is_none_or(|most| most.value > length) {
                *most = Some(Written { value: length, at });
            }
        }
    }

    /// A side need not send a required property that only the other side sends.
    pub(super) fn drop_what_is_not_sent(self, flow: Flow, shape: &mut Shape) {
        let objects = &shape.objects;
        shape.required.retain(|name, _| {
            !objects.iter().any(|object| {
                let property = self
                    .tree
                    .get(*object, "properties")
                    .and_then(|properties| self.tree.member(properties, *name));
                property.is_some_and(|property| self.is_not_sent(property, flow))
            })
        });
    }

    /// Whether a property is `readOnly` in a request, or `writeOnly` in a response.
    pub(crate) fn is_not_sent(self, property: NodeId, flow: Flow) -> bool {
        let keyword = match flow.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let (references, is_3_1) = (self.references, self.is_3_1);
        let marked = references.marked(self.tree, is_3_1, property, keyword);
        marked.is_some()
    }
}
