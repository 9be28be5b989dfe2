//! Reduces lists of values to those that the other constraints of a schema allow.

use serde_json::Value;

use super::number;
use super::patterns::matches;
use super::shape::{COUNTS, Limit, Shape, Written};
use crate::change::Row;
use spec_first_document::tree::Tree;

impl Shape {
    /// Removes the listed values that the limits forbid. For scalars, the limits are redundant afterwards.
    pub(super) fn apply_limits_to_values(&mut self, tree: &Tree) {
        let Some(mut list) = self.values.take() else {
            return;
        };
        list.value.retain(|value| self.allows(tree, value));
        if list.value.iter().all(is_scalar) {
            self.forget_limits();
        }
        self.values = Some(list);
    }

    /// Whether all listed values are scalars, so that limits can be applied to each of them.
    pub(super) fn has_only_scalars(&self) -> bool {
        self.values
            .as_ref()
            .is_some_and(|values| values.value.iter().all(is_scalar))
    }

    /// Whether the types and limits allow the value. Properties, items and `not` are not examined.
    pub(super) fn allows(&self, tree: &Tree, value: &Value) -> bool {
        self.types.meets(super::types::Types::of(value))
            && match value {
                Value::Number(number) => self.allows_number(number),
                Value::String(text) => {
                    self.allows_count(text.chars().count(), Row::MinLength, Row::MaxLength)
                        && self.matches_patterns(text)
                }
                Value::Array(items) => self.allows_count(items.len(), Row::MinItems, Row::MaxItems),
                Value::Object(members) => {
                    self.allows_count(members.len(), Row::MinProperties, Row::MaxProperties)
                        && self
                            .required
                            .keys()
                            .all(|name| members.contains_key(tree.text(*name)))
                }
                Value::Null | Value::Bool(_) => true,
            }
    }

    /// Drops the constraints that [`Self::allows`] has applied to scalars, and those that do not concern scalars.
    pub(super) fn forget_limits(&mut self) {
        self.counts = [const { None }; COUNTS.len()];
        self.forget_numbers();
        self.texts
            .retain(|(row, text)| *row == Row::Pattern && matches(&text.value, "").is_none());
        self.forget_objects();
        self.forget_arrays();
        self.content_schemas.clear();
    }

    fn allows_number(&self, value: &serde_json::Number) -> bool {
        let is_beyond = |limit: &Option<Written<Limit>>, is_minimum: bool| {
            limit.as_ref().is_some_and(|limit| {
                let order = number::compare(value, &limit.value.number);
                let order = if is_minimum { order } else { order.reverse() };
                order.is_lt() || (order.is_eq() && limit.value.is_exclusive)
            })
        };
        !is_beyond(&self.minimum, true)
            && !is_beyond(&self.maximum, false)
            && self
                .multiples
                .iter()
                .all(|multiple| number::is_multiple(value, &multiple.value))
    }

    fn allows_count(&self, length: usize, least: Row, most: Row) -> bool {
        let length = length as u64;
        COUNTS
            .iter()
            .zip(&self.counts)
            .all(|((_, row, ..), count)| match count {
                Some(count) if *row == least => length >= count.value,
                Some(count) if *row == most => length <= count.value,
                _ => true,
            })
    }

    /// A pattern that cannot be compiled is ignored here, and compared separately.
    fn matches_patterns(&self, text: &str) -> bool {
        self.texts
            .iter()
            .filter(|(row, _)| *row == Row::Pattern)
            .all(|(_, pattern)| matches(&pattern.value, text).unwrap_or(true))
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}
