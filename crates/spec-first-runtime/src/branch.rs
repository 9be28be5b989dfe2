//! Reads a value that can be of several types: the branches of a `oneOf` or `anyOf`.

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
    let fits = branches
        .iter()
        .filter_map(|branch| Some((branch.fit(&value)?, branch)));
    let mut fits: Vec<_> = fits.collect();
    fits.sort_by(|(one, _), (two, _)| two.cmp(one));
    let read = |value: &Value| {
        let mut branches = fits.iter();
        branches.find_map(|(_, branch)| (branch.read)(value).ok())
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
