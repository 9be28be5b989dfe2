//! Reads a value that can be of several types: the branches of a `oneOf` or `anyOf`.

use std::cell::Cell;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use crate::whole_numbers::write_whole_numbers_as_integers;

/// A type that a value can be read as, and what the value must look like.
pub struct Branch<T> {
    kind: &'static str,
    read: fn(&Value) -> Result<T, serde_json::Error>,
    texts: &'static [&'static str],
    properties: &'static [&'static str],
    required: &'static [&'static str],
    selectors: Vec<(&'static str, &'static [&'static str])>,
}

impl<T> Branch<T> {
    /// A branch for values of a kind of JSON (`boolean`, `number`, `string`, `array` or `object`), or of any if it is empty.
    pub fn new(kind: &'static str, read: fn(&Value) -> Result<T, serde_json::Error>) -> Self {
        Self {
            kind,
            read,
            texts: &[],
            properties: &[],
            required: &[],
            selectors: Vec::new(),
        }
    }

    /// The only texts that it takes.
    #[must_use]
    pub fn texts(self, texts: &'static [&'static str]) -> Self {
        Self { texts, ..self }
    }

    /// The properties that its type has.
    #[must_use]
    pub fn properties(self, properties: &'static [&'static str]) -> Self {
        Self { properties, ..self }
    }

    /// The properties that the value must have.
    #[must_use]
    pub fn required(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    /// A property that must have one of these values, if it is present.
    #[must_use]
    pub fn selected_by(mut self, property: &'static str, values: &'static [&'static str]) -> Self {
        self.selectors.push((property, values));
        self
    }

    /// How well the value fits, better ones first in order; `None` if it does not.
    fn fit(&self, value: &Value) -> Option<(usize, usize)> {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(text) => {
                if !self.texts.is_empty() && !self.texts.contains(&text.as_str()) {
                    return None;
                }
                "string"
            }
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !self.kind.is_empty() && self.kind != kind {
            return None;
        }
        let Value::Object(members) = value else {
            return Some((self.texts.len().min(1), 0));
        };
        let mut selected = 0;
        for (property, values) in &self.selectors {
            let is_one_of = match members.get(*property) {
                None => continue,
                Some(Value::String(text)) => values.contains(&text.as_str()),
                Some(other) => values.contains(&other.to_string().as_str()),
            };
            if !is_one_of {
                return None;
            }
            selected += 1;
        }
        if !self.required.iter().all(|name| members.contains_key(*name)) {
            return None;
        }
        let known = self
            .properties
            .iter()
            .filter(|name| members.contains_key(**name));
        Some((selected, known.count()))
    }
}

/// Reads a value as the branch that fits it best: one that a property selects, or else the one that knows most of its members.
/// Of equals, the first counts. A value that fits none is passed to `other`, if there is such a thing.
///
/// # Errors
/// The value is not JSON, or it fits no branch and there is no `other`.
pub fn choose<'de, D, T>(
    deserializer: D,
    branches: &[Branch<T>],
    other: Option<fn(Value) -> T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let value = Value::deserialize(deserializer)?;
    let effort = Effort::begin(&value);
    let fits = branches
        .iter()
        .filter_map(|branch| Some((branch.fit(&value)?, branch)));
    let mut fits: Vec<_> = fits.collect();
    fits.sort_by(|(one, _), (two, _)| two.cmp(one));
    let read = |value: &Value| {
        let mut branches = fits.iter();
        branches.find_map(|(_, branch)| effort.spend().then(|| (branch.read)(value).ok())?)
    };
    let read = read(&value).or_else(|| {
        let mut whole = value.clone();
        write_whole_numbers_as_integers(&mut whole)
            .then(|| read(&whole))
            .flatten()
    });
    match (read, other) {
        (Some(read), _) => Ok(read),
        (None, Some(other)) => Ok(other(value)),
        (None, None) => Err(D::Error::custom(
            "the value fits none of the types that it can have",
        )),
    }
}

/// How much may still be read of the values in the outermost one that can be of several types, because each is read anew for each of
/// its branches, for each branch of the value around it and so on: without a limit, a small reply could take hours.
struct Effort {
    /// Of the value that is read.
    size: usize,
    is_outermost: bool,
}

thread_local! {
    /// The number of values; `None` outside of all values that can be of several types.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

impl Effort {
    /// How often each value may be read. JSON has at most 128 levels, so a value that is read at the first attempt fits in any case.
    const READS: usize = 256;

    fn begin(value: &Value) -> Self {
        let (size, is_outermost) = (size(value), LEFT.get().is_none());
        if is_outermost {
            LEFT.set(Some(size.saturating_mul(Self::READS)));
        }
        Self { size, is_outermost }
    }

    /// Whether the value may be read once more.
    fn spend(&self) -> bool {
        let left = LEFT.get().unwrap_or_default().checked_sub(self.size);
        LEFT.set(Some(left.unwrap_or_default()));
        left.is_some()
    }
}

impl Drop for Effort {
    fn drop(&mut self) {
        if self.is_outermost {
            LEFT.set(None);
        }
    }
}

/// The number of values in `value`, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named<const NAME: char>(value: &Value) -> Result<char, serde_json::Error> {
        let fails = value.get("fails").is_some();
        fails
            .then(|| u8::deserialize(value))
            .transpose()
            .map(|_| NAME)
    }

    #[track_caller]
    fn check(branches: &[Branch<char>], value: Value, expected: char) {
        let chosen = choose(value.clone(), branches, Some(|_| '?'));
        assert_eq!(chosen.unwrap(), expected, "{value}");
    }

    #[test]
    fn the_kind_of_value_decides() {
        let branches = [
            Branch::new("string", named::<'s'>).texts(&["a"]),
            Branch::new("array", named::<'a'>),
            Branch::new("number", named::<'n'>),
        ];
        check(&branches, json!("a"), 's');
        check(&branches, json!("b"), '?');
        check(&branches, json!([]), 'a');
        check(&branches, json!(1.5), 'n');
        check(&branches, json!(null), '?');
        check(&branches, json!({}), '?');
    }

    #[test]
    fn a_whole_number_is_an_integer() {
        let read = |value: &Value| u8::deserialize(value).map(|_| 'n');
        let branches = [Branch::new("number", read)];
        check(&branches, json!(1.0), 'n');
        check(&branches, json!(1.5), '?');
    }

    #[test]
    fn the_selected_branch_comes_before_the_one_that_knows_more() {
        let branches = [
            Branch::new("object", named::<'1'>).properties(&["a", "b"]),
            Branch::new("object", named::<'2'>).selected_by("kind", &["2", "two"]),
            Branch::new("object", named::<'3'>)
                .selected_by("kind", &["3"])
                .required(&["c"]),
        ];
        check(&branches, json!({"kind": "two", "a": 1}), '2');
        check(&branches, json!({"kind": 2, "a": 1}), '2');
        check(&branches, json!({"kind": "3", "c": 1}), '3');
        check(&branches, json!({"kind": "3", "b": 1}), '1');
        check(&branches, json!({"a": 1}), '1');
    }

    #[test]
    fn the_branch_that_knows_most_members_counts_and_of_equals_the_first() {
        let branches = [
            Branch::new("object", named::<'1'>).properties(&["a"]),
            Branch::new("object", named::<'2'>).properties(&["a", "b"]),
        ];
        check(&branches, json!({"a": 1}), '1');
        check(&branches, json!({"a": 1, "b": 1}), '2');
        check(&branches, json!({}), '1');
        check(&branches, json!({"a": 1, "fails": true}), '?');
    }

    thread_local!(static READS: Cell<usize> = const { Cell::new(0) });

    /// A tree whose nodes look the same, and have a weight that is wrong after the nodes below it were read.
    #[derive(Debug, PartialEq)]
    enum Node {
        Known,
        Other,
    }

    impl<'de> Deserialize<'de> for Node {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            #[derive(serde::Deserialize)]
            struct Parent {
                #[expect(dead_code, reason = "only read")]
                child: Option<Node>,
                #[expect(dead_code, reason = "only read")]
                weight: u8,
            }
            let read = |value: &Value| {
                READS.set(READS.get() + 1);
                assert!(READS.get() < 100_000, "it takes too long");
                Parent::deserialize(value).map(|_| Node::Known)
            };
            let branches = [Branch::new("object", read), Branch::new("object", read)];
            choose(deserializer, &branches, Some(|_| Node::Other))
        }
    }

    fn nested(levels: usize, weight: &Value) -> Value {
        let mut tree = json!({"weight": weight});
        for _ in 0..levels {
            tree = json!({"child": tree, "weight": weight});
        }
        tree
    }

    #[test]
    fn what_fits_at_no_level_is_read_a_limited_number_of_times() {
        for weight in [json!("1"), json!(1.5), json!(1e3)] {
            READS.set(0);
            let read = Node::deserialize(nested(60, &weight)).unwrap();
            assert_eq!(read, Node::Other);
        }
        // It begins anew.
        READS.set(0);
        let read = Node::deserialize(nested(100, &json!(1))).unwrap();
        assert_eq!((read, READS.get()), (Node::Known, 101));
    }

    #[test]
    fn a_value_that_fits_nothing_is_an_error_that_does_not_show_it() {
        let branches = [Branch::new("number", named::<'n'>)];
        let error = choose(json!("hunter2"), &branches, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the value fits none of the types that it can have"
        );
    }
}
