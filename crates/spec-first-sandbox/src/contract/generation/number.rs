//! The number that a person would believe if a schema allows it, or else the one closest to zero that it does.

use serde_json::{Number, Value};

use crate::contract::place::Place;

/// `None` if no integer is allowed.
pub(super) fn number(schema: &Place<'_>, is_integer: bool, usual: Option<f64>) -> Option<Value> {
    let read = |key: &str| match schema.get(key)?.node.to_json() {
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    let step = read("multipleOf").filter(|step| *step > 0.0);
    let step = step.unwrap_or(if is_integer { 1.0 } else { 0.5 });
    // An exclusive limit is a flag beside the limit in OpenAPI 3.0, and a limit of its own from 3.1 on.
    let limit = |inclusive: &str, exclusive: &str, is_tighter: fn(&f64, &f64) -> bool| match (
        read(inclusive),
        read(exclusive),
    ) {
        (limit, None) => (limit, schema.is_true(exclusive)),
        (Some(limit), Some(other)) if is_tighter(&limit, &other) => (Some(limit), false),
        (_, limit) => (limit, true),
    };
    let (least, excludes_least) = limit("minimum", "exclusiveMinimum", f64::gt);
    let (most, excludes_most) = limit("maximum", "exclusiveMaximum", f64::lt);
    let is_allowed = |value: &f64| {
        least.is_none_or(|least| *value > least || (*value == least && !excludes_least))
            && most.is_none_or(|most| *value < most || (*value == most && !excludes_most))
            && (!is_integer || value.fract() == 0.0)
            && read("multipleOf").is_none_or(|step| (value / step).fract() == 0.0)
    };
    if let Some(value) = usual.filter(is_allowed) {
        return written(value, is_integer);
    }
    let mut value: f64 = 0.0;
    if let Some(most) = most.filter(|most| *most <= 0.0) {
        value = (most / step).floor() * step;
        if excludes_most && value >= most {
            value -= step;
        }
    }
    if let Some(least) = least.filter(|least| *least > value || *least == 0.0) {
        value = (least / step).ceil() * step;
        if excludes_least && value <= least {
            value += step;
        }
    }
    if is_integer && value.fract() != 0.0 {
        return None;
    }
    written(value, is_integer)
}

/// Whole numbers are written without a fraction: `0.0` is a valid integer, but looks odd.
fn written(value: f64, is_integer: bool) -> Option<Value> {
    if value.fract() == 0.0 && (is_integer || value.abs() < 9e15) {
        return format!("{value:.0}").parse().ok().map(Value::Number);
    }
    Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spec_first_document::Document;

    use super::*;

    #[test]
    fn the_number_closest_to_zero_is_chosen() {
        for (schema, is_integer, expected) in [
            ("{}", false, json!(0)),
            ("{minimum: 4, multipleOf: 3}", true, json!(6)),
            ("{minimum: 6, multipleOf: 3}", true, json!(6)),
            (
                "{minimum: 6, exclusiveMinimum: true, multipleOf: 3}",
                true,
                json!(9),
            ),
            ("{maximum: -4, multipleOf: 3}", true, json!(-6)),
            ("{maximum: -6, multipleOf: 3}", true, json!(-6)),
            (
                "{maximum: -6, exclusiveMaximum: true, multipleOf: 3}",
                true,
                json!(-9),
            ),
            (
                "{maximum: -4, exclusiveMaximum: true, multipleOf: 3}",
                true,
                json!(-6),
            ),
            ("{minimum: -9, maximum: 9}", true, json!(0)),
            ("{minimum: 1, exclusiveMinimum: 2}", true, json!(3)),
            ("{minimum: 3, exclusiveMinimum: 2}", true, json!(3)),
            ("{maximum: -1, exclusiveMaximum: -2}", true, json!(-3)),
            ("{minimum: 0.2}", false, json!(0.5)),
            ("{minimum: 0.3, multipleOf: 0.25}", true, Value::Null),
            ("{minimum: 9e15, multipleOf: 1e15}", false, json!(9e15)),
            (
                "{minimum: 9223372036854775808}",
                true,
                json!(9_223_372_036_854_775_808_u64),
            ),
        ] {
            let document = Document::parse("schema.yaml", schema).unwrap();
            let found = number(&Place::root(&document), is_integer, None);
            assert_eq!(found.unwrap_or_default(), expected, "{schema}");
        }
    }

    #[test]
    fn the_usual_number_is_chosen_if_it_is_allowed() {
        for (schema, expected) in [
            ("{}", json!(34)),
            ("{minimum: 34, maximum: 34}", json!(34)),
            ("{exclusiveMinimum: 34}", json!(35)),
            ("{maximum: 34, exclusiveMaximum: true}", json!(0)),
            ("{multipleOf: 5}", json!(0)),
        ] {
            let document = Document::parse("schema.yaml", schema).unwrap();
            let found = number(&Place::root(&document), true, Some(34.0));
            assert_eq!(found.unwrap_or_default(), expected, "{schema}");
        }
    }
}
