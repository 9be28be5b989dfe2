//! Compares values that are written as text, where every number is also a string, and a single value is an array of one item.

use serde_json::{Number, Value};

use super::bearing::Bearing;
use super::comparison::{Comparison, Found};
use super::notation::{Arrays, Notation};
use super::relations::type_place;
use super::shape::{Shape, Written};
use super::supports::Beside;
use super::types::Types;
use crate::change::{Flow, Outcome, Row};

/// What the alternatives of a schema say about strings.
#[derive(Clone, Debug)]
struct Texts {
    types: Types,
    /// Whether at least one alternative lists strings, and none allows every string.
    lists_strings: bool,
    lists_numbers: bool,
    /// `minLength: 1`, which every number satisfies.
    not_empty: Option<Written<u64>>,
}

impl Texts {
    fn of(shapes: &[Shape]) -> Self {
        let strings = shapes
            .iter()
            .filter_map(|shape| shape.of_types(Types::STRING));
        let strings: Vec<Shape> = strings.collect();
        let lists = |shape: &Shape| shape.values.is_some();
        let length = |shape: &Shape| shape.written_count(Row::MinLength).cloned();
        Self {
            types: shapes
                .iter()
                .fold(Types::NONE, |types, shape| types.or(shape.types)),
            lists_strings: strings.iter().any(lists) && !strings.iter().any(Shape::is_unlimited),
            lists_numbers: shapes
                .iter()
                .any(|shape| shape.types.meets(Types::NUMBER) && lists(shape)),
            not_empty: strings
                .iter()
                .find_map(length)
                .filter(|length| length.value == 1),
        }
    }
}

/// Reads numbers and booleans as the strings that they are written as, if the other document has strings instead.
pub(super) fn read_as_texts(base: &mut [Shape], head: &mut [Shape]) {
    let (of_base, of_head) = (Texts::of(base), Texts::of(head));
    base.iter_mut()
        .for_each(|shape| shape.read_as_text(&of_head));
    head.iter_mut()
        .for_each(|shape| shape.read_as_text(&of_base));
}

impl Shape {
    fn read_as_text(&mut self, other: &Texts) {
        if other.types.meets(Types::STRING) {
            for group in [Types::BOOLEAN, Types::NUMBER] {
                if self.types.meets(group) && !other.types.meets(group) {
                    self.read_group_as_text(group, other);
                }
            }
        } else if other.types.meets(Types::NUMBER) && !other.lists_numbers {
            self.read_strings_as_numbers();
        }
    }

    fn read_group_as_text(&mut self, group: Types, other: &Texts) {
        let as_text = self.types.without(group).or(Types::STRING);
        if self.values.is_some() {
            if self.has_only_scalars() {
                self.change_values(|value| match value {
                    _ if !group.meets(Types::of(value)) => value.clone(),
                    value => Value::String(value.to_string()),
                });
                self.types = as_text;
            }
        } else if self.types.meets(Types::STRING) {
            let strings = self.of_types(Types::STRING);
            if strings.is_some_and(|strings| strings.is_unlimited()) {
                self.types = as_text;
            }
        } else if !other.lists_strings {
            if let Some(at) = type_place(self) {
                let value = self.types.and(group).to_string();
                self.texts.push((Row::Type, Written { value, at }));
                *self.count_mut(Row::MinLength) = other.not_empty.clone();
                self.types = as_text;
            }
        } else if let Some(at) = type_place(self)
            && self.types.without(Types::NULL) == Types::BOOLEAN
        {
            let mut value: Vec<Value> = vec!["true".into(), "false".into()];
            value.extend(self.types.meets(Types::NULL).then_some(Value::Null));
            self.values = Some(Written { value, at });
            self.types = as_text;
        }
    }

    /// Reads a list of strings as numbers, if all of them are numbers.
    fn read_strings_as_numbers(&mut self) {
        let number = |text: &str| {
            let number: Number = text.parse().ok()?;
            (number.to_string() == text).then_some(Value::Number(number))
        };
        let is_number = |value: &Value| match value {
            Value::String(text) => number(text).is_some(),
            value => value.is_null() || value.is_number(),
        };
        let values = self.values.as_ref();
        if values.is_some_and(|values| values.value.iter().all(is_number)) {
            self.change_values(|value| {
                value
                    .as_str()
                    .and_then(number)
                    .unwrap_or_else(|| value.clone())
            });
            let values = self.values.iter().flat_map(|values| &values.value);
            self.types = values.fold(Types::NONE, |types, value| types.or(Types::of(value)));
        }
    }

    fn change_values(&mut self, change: impl Fn(&Value) -> Value) {
        if let Some(values) = &mut self.values {
            let mut changed: Vec<Value> = Vec::new();
            for value in values.value.iter().map(change) {
                if !changed.contains(&value) {
                    changed.push(value);
                }
            }
            values.value = changed;
        }
    }

    /// Whether every value is written like an array of one item.
    fn is_written_as_item(&self, arrays: Arrays) -> bool {
        let has_no_separator = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            !text.contains([',', ' ', '|'])
        };
        let is_plain = || {
            let values = self.values.as_ref();
            !self.types.meets(Types::STRING)
                || values.is_some_and(|values| values.value.iter().all(has_no_separator))
        };
        let structured = Types::ARRAY.or(Types::OBJECT);
        !self.types.meets(structured)
            && match arrays {
                Arrays::Repeated => true,
                Arrays::Separated => is_plain(),
                Arrays::Other => false,
            }
    }

    /// Whether arrays of one item are allowed, and restricted only by `items`.
    fn is_array_of_one(&self) -> bool {
        self.types == Types::ARRAY
            && self.values.is_none()
            && self.count(Row::MinItems).is_none_or(|fewest| fewest <= 1)
            && self.count(Row::MaxItems).is_none_or(|most| most >= 1)
            && self.contains.is_empty()
            && self.unevaluated_items.is_empty()
            && self.nots.is_empty()
            && self.conditionals.is_empty()
    }
}

impl Comparison<'_> {
    /// Drops alternatives that only one side has, if their values are written like items of an array on the other side.
    pub(super) fn drop_single_values(
        &mut self,
        base: &mut Vec<Shape>,
        head: &mut Vec<Shape>,
        flow: Flow,
        found: &mut Found,
    ) {
        let (Notation::Field(arrays) | Notation::Parameter(arrays)) = flow.notation else {
            return;
        };
        for is_base in [true, false] {
            let (own, others) = match is_base {
                true => (&mut *base, &*head),
                false => (&mut *head, &*base),
            };
            let Some(array) = others.iter().find(|other| other.is_array_of_one()) else {
                continue;
            };
            let is_found =
                |shape: &Shape| others.iter().any(|other| other.types.meets(shape.types));
            let context = if is_base { self.head } else { self.base };
            let items = context.item(array, 0).described;
            // A single alternative is compared with the array as a whole.
            if own.len() < 2 {
                continue;
            }
            own.retain(|shape| {
                if is_found(shape) || !shape.is_written_as_item(arrays) {
                    return true;
                }
                let (old, new, bearing) = match is_base {
                    true => (&shape.nodes, &items, Bearing::STANDS_FOR_THE_BASE),
                    false => (&items, &shape.nodes, Bearing::STANDS_FOR_THE_HEAD),
                };
                let pair = self.pair(old, new, flow.of_item());
                let is_item = bearing.apply(self.relation(pair)).is_same();
                found.besides.extend(is_item.then_some(Beside {
                    pair,
                    bearing,
                    told: None,
                }));
                !is_item
            });
        }
    }

    /// Compares a single value with an array that it is written like; returns false if the two are anything else.
    pub(super) fn compare_with_array(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) -> bool {
        let (Notation::Field(arrays) | Notation::Parameter(arrays)) = flow.notation else {
            return false;
        };
        let is_single = |shape: &Shape| shape.is_written_as_item(arrays);
        let (outcome, old, new) = if is_single(base) && head.is_array_of_one() {
            let items = self.head.item(head, 0).described;
            (Outcome::Wider, base.nodes.clone(), items)
        } else if base.is_array_of_one() && is_single(head) {
            let items = self.base.item(base, 0).described;
            (Outcome::Narrower, items, head.nodes.clone())
        } else {
            return false;
        };
        if !old.is_empty() && !new.is_empty() {
            let pair = self.pair(&old, &new, flow.of_item());
            found.inner.push(pair);
        }
        let message = format!(
            "the type changed from {} to {}; a single value is written like an array of one item",
            base.types, head.types
        );
        let places = (type_place(base), type_place(head));
        found.add(Row::Type, outcome, places, message);
        true
    }
}

/// Compares numbers and booleans that are read as strings, with strings or with each other.
pub(super) fn compare_text_types(base: &Shape, head: &Shape, found: &mut Found) {
    let read = |shape: &Shape| {
        let mut texts = shape.texts.iter().filter(|(row, _)| *row == Row::Type);
        texts.next().map(|(_, text)| text.value.clone())
    };
    let (outcome, old, new) = match (read(base), read(head)) {
        (Some(old), None) => (Outcome::Wider, old, Types::STRING.to_string()),
        (None, Some(new)) => (Outcome::Narrower, Types::STRING.to_string(), new),
        (Some(old), Some(new)) if old != new => (Outcome::Incomparable, old, new),
        _ => return,
    };
    let message = format!("the type changed from {old} to {new}");
    let places = (type_place(base), type_place(head));
    found.add(Row::Type, outcome, places, message);
}

/// The string that a value is written as, if it is a scalar or an array of one scalar.
pub(super) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Array(items) => match items.as_slice() {
            [only] if !only.is_array() => written(only),
            _ => None,
        },
        Value::Null | Value::Object(_) => None,
    }
}
