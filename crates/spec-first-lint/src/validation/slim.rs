//! Reduces schemas to what determines whether they are satisfiable. The canonical form of a schema includes everything
//! it refers to, which in a large document may be most of it, but optional properties cannot make an object schema
//! unsatisfiable.

use std::collections::HashSet;

use serde_json::{Map, Value};
use spec_first_document::Node;

use crate::survey::Survey;

/// Removes references that do not affect whether a schema is satisfiable.
pub(super) struct Slim<'a> {
    /// All names that any schema requires, because any two schemas may be composed.
    required: HashSet<&'a str>,
}

impl<'a> Slim<'a> {
    pub(super) fn of(survey: &Survey<'a>) -> Self {
        let schemas = survey.schemas.iter();
        let required = schemas.flat_map(|site| site.node.items_of("required"));
        Self {
            required: required.filter_map(Node::as_str).collect(),
        }
    }

    pub(super) fn reduce(&self, schema: &mut Value) {
        reduce(schema, &self.required);
    }
}

fn reduce(schema: &mut Value, required: &HashSet<&str>) {
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
                    if is_reference(property)
                        && !required.contains(name.as_str())
                        && !needs_properties
                    {
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
