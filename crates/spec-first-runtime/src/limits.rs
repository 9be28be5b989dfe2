//! The limits of values that are sent: lengths, bounds and counts. Does not check types, patterns and enums.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::{Number, Value};

/// Checks `value` against `limits`, which are JSON with keywords of JSON Schema.
///
/// # Errors
/// Which member exceeds which limit, without the value.
pub(crate) fn check(limits: &str, value: &Value) -> Result<(), String> {
    match serde_json::from_str(limits) {
        Ok(limits) => check_at("", &limits, value),
        Err(_) => Ok(()),
    }
}

fn check_at(place: &str, limits: &Value, value: &Value) -> Result<(), String> {
    let limit = |keyword: &str| limits.get(keyword).and_then(Value::as_f64);
    let bound = |keyword: &str| limits.get(keyword).and_then(Value::as_number);
    let refuse = |problem: String| match place {
        "" => Err(format!("it {problem}")),
        place => Err(format!("`{place}` {problem}")),
    };
    let check_count =
        |count: usize, [least, most, unit]: [&str; 3]| match (limit(least), limit(most)) {
            (Some(least), _) if (count as f64) < least => {
                refuse(format!("has fewer than {least} {unit}"))
            }
            (_, Some(most)) if count as f64 > most => {
                refuse(format!("has more than {most} {unit}"))
            }
            _ => Ok(()),
        };
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            for (keyword, exceeds, problem) in BOUNDS {
                if let Some(limit) = bound(keyword)
                    && compare(number, limit).is_some_and(exceeds)
                {
                    return refuse(format!("is not {problem} {limit}"));
                }
            }
        }
        Value::String(text) => {
            check_count(
                text.chars().count(),
                ["minLength", "maxLength", "characters"],
            )?;
        }
        Value::Array(items) => {
            check_count(items.len(), ["minItems", "maxItems", "items"])?;
            let is_unique = limits.get("uniqueItems").and_then(Value::as_bool);
            let distinct = || items.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            if is_unique == Some(true) && distinct().len() < items.len() {
                return refuse("has an item twice".to_owned());
            }
            for (index, item) in items.iter().enumerate() {
                if let Some(limits) = limits.get("items") {
                    check_at(&format!("{place}[{index}]"), limits, item)?;
                }
            }
        }
        Value::Object(members) => {
            check_count(members.len(), ["minProperties", "maxProperties", "members"])?;
            let dot = if place.is_empty() { "" } else { "." };
            for (name, member) in members {
                let described = limits.get("properties").and_then(|all| all.get(name));
                let others = || Some((limits.get("additionalProperties")?, "*"));
                let found = described
                    .map(|limits| (limits, name.as_str()))
                    .or_else(others);
                if let Some((limits, name)) = found {
                    check_at(&format!("{place}{dot}{name}"), limits, member)?;
                }
            }
        }
    }
    let branches = limits.get("allOf").and_then(Value::as_array);
    let mut branches = branches.into_iter().flatten();
    branches.try_for_each(|limits| check_at(place, limits, value))
}

/// Integers are compared as such: as floats, large ones next to each other are equal.
fn compare(number: &Number, limit: &Number) -> Option<Ordering> {
    match (number.as_i128(), limit.as_i128()) {
        (Some(number), Some(limit)) => Some(number.cmp(&limit)),
        _ => number.as_f64()?.partial_cmp(&limit.as_f64()?),
    }
}

type Exceeds = fn(Ordering) -> bool;

const BOUNDS: [(&str, Exceeds, &str); 4] = [
    ("minimum", Ordering::is_lt, "at least"),
    ("maximum", Ordering::is_gt, "at most"),
    ("exclusiveMinimum", Ordering::is_le, "greater than"),
    ("exclusiveMaximum", Ordering::is_ge, "less than"),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_with(limits: &Value, value: &Value, expected: &str) {
        let refused = check(&limits.to_string(), value).err();
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
