//! The limits of values that are sent: lengths, bounds and counts. Does not check types, patterns and enums.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Number, Value};

/// The limits of a value in the document. [`limits!`](crate::limits!) makes them.
#[derive(Debug)]
pub struct Limits {
    text: &'static str,
    /// Read on first use.
    schema: OnceLock<Schema>,
}

/// Limits that are read once, from JSON with keywords of JSON Schema.
///
/// ```
/// use spec_first_runtime::{Parameter, limits};
///
/// const PAGE: Parameter = Parameter::query("page").limits(limits!(r#"{"minimum": 1}"#));
/// ```
#[macro_export]
macro_rules! limits {
    ($text:literal) => {
        || {
            static LIMITS: $crate::Limits = $crate::Limits::new($text);
            &LIMITS
        }
    };
}

/// The keywords that limit a value.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Schema {
    minimum: Option<Number>,
    maximum: Option<Number>,
    exclusive_minimum: Option<Number>,
    exclusive_maximum: Option<Number>,
    min_length: Option<f64>,
    max_length: Option<f64>,
    min_items: Option<f64>,
    max_items: Option<f64>,
    min_properties: Option<f64>,
    max_properties: Option<f64>,
    unique_items: bool,
    items: Option<Box<Schema>>,
    properties: HashMap<String, Schema>,
    additional_properties: Option<Box<Schema>>,
    all_of: Vec<Schema>,
}

impl Limits {
    /// Limits in JSON; what cannot be read limits nothing.
    #[doc(hidden)]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            schema: OnceLock::new(),
        }
    }

    /// Checks a value.
    ///
    /// # Errors
    /// Which member exceeds which limit, without the value.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let read = || serde_json::from_str(self.text).unwrap_or_default();
        self.schema.get_or_init(read).check("", value)
    }
}

impl Schema {
    fn check(&self, place: &str, value: &Value) -> Result<(), String> {
        let refuse = |problem: String| match place {
            "" => Err(format!("it {problem}")),
            place => Err(format!("`{place}` {problem}")),
        };
        let check_count = |count: usize, least: Option<f64>, most: Option<f64>, unit| {
            let count = count as f64;
            match (least, most) {
                (Some(least), _) if count < least => {
                    refuse(format!("has fewer than {least} {unit}"))
                }
                (_, Some(most)) if count > most => refuse(format!("has more than {most} {unit}")),
                _ => Ok(()),
            }
        };
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                for (limit, exceeds, problem) in self.bounds() {
                    if let Some(limit) = limit
                        && compare(number, limit).is_some_and(exceeds)
                    {
                        return refuse(format!("is not {problem} {limit}"));
                    }
                }
            }
            Value::String(text) => {
                let (least, most) = (self.min_length, self.max_length);
                check_count(text.chars().count(), least, most, "characters")?;
            }
            Value::Array(items) => {
                check_count(items.len(), self.min_items, self.max_items, "items")?;
                let distinct = || items.iter().map(Value::to_string).collect::<BTreeSet<_>>();
                if self.unique_items && distinct().len() < items.len() {
                    return refuse("has an item twice".to_owned());
                }
                if let Some(limits) = &self.items {
                    for (index, item) in items.iter().enumerate() {
                        limits.check(&format!("{place}[{index}]"), item)?;
                    }
                }
            }
            Value::Object(members) => {
                let (least, most) = (self.min_properties, self.max_properties);
                check_count(members.len(), least, most, "members")?;
                let dot = if place.is_empty() { "" } else { "." };
                for (name, member) in members {
                    let described = self.properties.get(name);
                    let others = || Some((self.additional_properties.as_deref()?, "*"));
                    let found = described
                        .map(|limits| (limits, name.as_str()))
                        .or_else(others);
                    if let Some((limits, name)) = found {
                        limits.check(&format!("{place}{dot}{name}"), member)?;
                    }
                }
            }
        }
        let mut branches = self.all_of.iter();
        branches.try_for_each(|limits| limits.check(place, value))
    }

    fn bounds(&self) -> [(Option<&Number>, Exceeds, &'static str); 4] {
        [
            (self.minimum.as_ref(), Ordering::is_lt, "at least"),
            (self.maximum.as_ref(), Ordering::is_gt, "at most"),
            (
                self.exclusive_minimum.as_ref(),
                Ordering::is_le,
                "greater than",
            ),
            (
                self.exclusive_maximum.as_ref(),
                Ordering::is_ge,
                "less than",
            ),
        ]
    }
}

type Exceeds = fn(Ordering) -> bool;

/// Integers are compared as such: as floats, large ones next to each other are equal.
fn compare(number: &Number, limit: &Number) -> Option<Ordering> {
    match (number.as_i128(), limit.as_i128()) {
        (Some(number), Some(limit)) => Some(number.cmp(&limit)),
        _ => number.as_f64()?.partial_cmp(&limit.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_with(limits: &Value, value: &Value, expected: &str) {
        let schema: Schema = serde_json::from_str(&limits.to_string()).unwrap();
        let refused = schema.check("", value).err();
        assert_eq!(
            refused.as_deref().unwrap_or_default(),
            expected,
            "{limits} {value}"
        );
    }

    #[test]
    fn each_limit_has_two_sides() {
        for (limits, within, beyond, problem) in [
            (
                json!({"minLength": 2}),
                json!("äö"),
                json!("ä"),
                "has fewer than 2 characters",
            ),
            (
                json!({"maxLength": 2}),
                json!("äö"),
                json!("äöü"),
                "has more than 2 characters",
            ),
            (
                json!({"minItems": 1}),
                json!([0]),
                json!([]),
                "has fewer than 1 items",
            ),
            (
                json!({"maxItems": 1}),
                json!([0]),
                json!([0, 1]),
                "has more than 1 items",
            ),
            (
                json!({"uniqueItems": true}),
                json!([0, "0"]),
                json!([0, 0]),
                "has an item twice",
            ),
            (
                json!({"minProperties": 1}),
                json!({"a": 0}),
                json!({}),
                "has fewer than 1 members",
            ),
            (
                json!({"maxProperties": 0}),
                json!({}),
                json!({"a": 0}),
                "has more than 0 members",
            ),
            (
                json!({"minimum": 1}),
                json!(1),
                json!(0),
                "is not at least 1",
            ),
            (
                json!({"maximum": 1.5}),
                json!(1.5),
                json!(2),
                "is not at most 1.5",
            ),
            (
                json!({"exclusiveMinimum": 1}),
                json!(1.1),
                json!(1),
                "is not greater than 1",
            ),
            (
                json!({"exclusiveMaximum": 1}),
                json!(0),
                json!(1),
                "is not less than 1",
            ),
            // Equal as floats.
            (
                json!({"exclusiveMinimum": 9_007_199_254_740_992_i64}),
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                "is not greater than 9007199254740992",
            ),
        ] {
            check_with(&limits, &within, "");
            check_with(&limits, &json!(null), "");
            check_with(&limits, &beyond, &format!("it {problem}"));
            let nested = json!({"allOf": [{"properties": {"a": {"items": {"additionalProperties": limits}}}}]});
            check_with(&nested, &json!({"a": [{}, {"b": within}], "c": beyond}), "");
            let problem = format!("`a[1].*` {problem}");
            check_with(&nested, &json!({"a": [{}, {"b": beyond}]}), &problem);
        }
    }
}
