//! Response bodies that do not conform to the document, made from those that do.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::contract::responses::Responses;

/// The value put in place of an `enum` value.
const UNKNOWN: &str = "a_value_that_is_not_documented";

/// Puts an unknown value in every field that has an `enum`. Returns whether there was one.
pub(super) fn make_unknown(value: &mut Value, enumerated: &HashSet<String>) -> bool {
    change_members(value, &mut |name, member| {
        let is_enumerated = enumerated.contains(name) && member.is_string();
        if is_enumerated {
            *member = UNKNOWN.into();
        }
        is_enumerated
    })
}

/// Sets every field with this name to null. Returns whether there was one.
pub(super) fn make_null(value: &mut Value, field: &str) -> bool {
    change_members(value, &mut |name, member| {
        if name == field {
            *member = Value::Null;
        }
        name == field
    })
}

/// Adds the members of the other examples of this response. Returns whether there were any.
pub(super) fn mix(value: &mut Value, examples: &[&Map<String, Value>]) -> bool {
    let Some(object) = value.as_object_mut() else {
        return false;
    };
    let known = object.len();
    for (name, member) in examples.iter().flat_map(|example| example.iter()) {
        object.entry(name.clone()).or_insert_with(|| member.clone());
    }
    object.len() > known
}

/// The examples of a response that are objects.
pub(super) fn objects(
    responses: &Responses,
    status: axum::http::StatusCode,
) -> Vec<&Map<String, Value>> {
    responses
        .json_examples(status)
        .filter_map(Value::as_object)
        .collect()
}

/// Changes every member that can be changed, at any depth. Returns whether there was one.
fn change_members(value: &mut Value, change: &mut impl FnMut(&str, &mut Value) -> bool) -> bool {
    let mut is_changed = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                is_changed |= change(name, member) || change_members(member, change);
            }
        }
        Value::Array(items) => {
            for item in items {
                is_changed |= change_members(item, change);
            }
        }
        _ => {}
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_changed_at_any_depth() {
        let mut value = json!({"binding": "hard", "data": [{"binding": "soft", "id": "1"}]});
        assert!(make_unknown(
            &mut value,
            &HashSet::from(["binding".to_owned()])
        ));
        assert_eq!(
            value,
            json!({"binding": UNKNOWN, "data": [{"binding": UNKNOWN, "id": "1"}]})
        );
        assert!(make_null(&mut value, "data"));
        assert_eq!(value, json!({"binding": UNKNOWN, "data": null}));
        assert!(!make_null(&mut value, "absent"));
    }
}
