//! Reduces schemas to what determines whether they are satisfiable. The canonical form of a schema includes everything
//! it refers to, which in a large document may be most of it, but optional properties cannot make an object schema
//! unsatisfiable.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// The schemas without references that do not affect satisfiability.
pub(super) fn slim(schemas: &Value) -> Value {
    let mut required = HashSet::new();
    collect_required(schemas, &mut required);
    let mut slim = schemas.clone();
    if let Some(Value::Object(definitions)) = slim.get_mut("$defs") {
        for schema in definitions.values_mut() {
            reduce(schema, &required);
        }
    }
    slim
}

/// All names that any schema requires, because any two schemas may be composed.
fn collect_required(value: &Value, required: &mut HashSet<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                if let ("required", Value::Array(names)) = (key.as_str(), value) {
                    required.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                collect_required(value, required);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_required(item, required);
            }
        }
        _ => {}
    }
}

fn reduce(schema: &mut Value, required: &HashSet<String>) {
    let Value::Object(keywords) = schema else {
        return;
    };
    let needs_items = keywords
        .get("minItems")
        .and_then(Value::as_u64)
        .is_some_and(|least| least > 0);
    let needs_properties = keywords.contains_key("minProperties");
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    if is_reference(property) && !required.contains(name) && !needs_properties {
                        *property = Value::Bool(true);
                    } else {
                        reduce(property, required);
                    }
                }
            }
            ("items", items) if is_reference(items) && !needs_items => *items = Value::Bool(true),
            ("additionalProperties", schema) if is_reference(schema) && !needs_properties => {
                *schema = Value::Bool(true);
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                for branch in branches {
                    reduce(branch, required);
                }
            }
            // `not` is left unchanged: reducing it would exclude more values.
            ("items" | "additionalProperties", schema) => reduce(schema, required),
            _ => {}
        }
    }
}

fn is_reference(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|keywords: &Map<String, Value>| keywords.contains_key("$ref"))
}
