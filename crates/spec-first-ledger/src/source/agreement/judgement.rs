//! Compares facts with schemas.

use serde_json::Value;
use spec_first_document::{Node, Pointer};

use super::schemas::Schemas;
use super::{Agreement, Contract};
use crate::source::facts::Fact;
use crate::source::values::{is_placeholder, type_name};

impl<'a> Contract<'a> {
    pub(super) fn of_schema(&self, fact: &Fact, schemas: &Schemas<'a>) -> Agreement {
        let pointer = schemas.pointer().unwrap_or_else(|| self.pointer());
        match fact.kind() {
            "field" => {
                let Some(stated) = fact.value.as_str().map(type_name) else {
                    return Agreement::Agrees(pointer);
                };
                let (types, formats) = (schemas.types(), schemas.values_of("format"));
                let has_type = types.is_empty()
                    || stated.base == "any"
                    || types.iter().any(|known| {
                        *known == stated.base || (stated.base == "number" && *known == "integer")
                    });
                let has_format = stated
                    .format
                    .as_ref()
                    .is_none_or(|format| formats.contains(&format.as_str()));
                match (has_type, has_format) {
                    (true, true) => Agreement::Agrees(pointer),
                    (true, false) if formats.is_empty() => {
                        Self::disagrees(pointer.child("format"), "no format")
                    }
                    (true, false) => Self::disagrees(pointer.child("format"), formats.join(", ")),
                    (false, _) => Self::disagrees(pointer.child("type"), types.join(", ")),
                }
            }
            "nullable" => {
                let is_nullable = |node: Node<'_>| {
                    node.is_true("nullable") || node.types().any(|known| known == "null")
                };
                Self::said(schemas.nodes().any(is_nullable), &pointer)
            }
            "enum" => {
                let known: Vec<Value> = schemas.enumerated();
                let stated = fact.value.as_array().cloned().unwrap_or_default();
                let is_same =
                    stated.len() == known.len() && stated.iter().all(|value| known.contains(value));
                match is_same {
                    true => Agreement::Agrees(pointer.child("enum")),
                    false => Self::disagrees(pointer.child("enum"), Value::from(known).to_string()),
                }
            }
            "default" => {
                let is_said = schemas.nodes().any(|node| {
                    node.get("default")
                        .is_some_and(|default| default.to_json() == fact.value)
                });
                Self::said(is_said, &pointer.child("default"))
            }
            "limit" => {
                let mut stated = fact.value.as_object().into_iter().flatten();
                let is_said = |(key, value): (&String, &Value)| {
                    let mut nodes = schemas.nodes().filter_map(|node| node.get(key));
                    nodes.any(|known| known.to_json() == *value)
                };
                Self::said(stated.all(is_said), &pointer)
            }
            "deprecated" => Self::said(
                schemas.nodes().any(|node| node.is_true("deprecated")),
                &pointer.child("deprecated"),
            ),
            "constraint" => {
                let is_said = fact.value == "https"
                    && schemas
                        .values_of("pattern")
                        .iter()
                        .any(|pattern| pattern.contains("https:"));
                match is_said {
                    true => Agreement::Agrees(pointer.child("pattern")),
                    false => Agreement::CannotSay,
                }
            }
            _ => self.value(&fact.value, schemas, pointer),
        }
    }

    /// Whether the schemas allow a value, judged by types and enumerations.
    pub(super) fn value(
        &self,
        value: &Value,
        schemas: &Schemas<'a>,
        pointer: Pointer,
    ) -> Agreement {
        let types = schemas.types();
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let is_nullable = schemas.nodes().any(|node| node.is_true("nullable"));
        let fits = types.is_empty()
            || types.contains(&kind)
            || (kind == "integer" && types.contains(&"number"))
            || (kind == "null" && is_nullable);
        if !fits {
            return Self::disagrees(pointer.child("type"), types.join(", "));
        }
        let known = schemas.enumerated();
        if !known.is_empty()
            && !known.contains(value)
            && !schemas.is_open()
            && !value.as_str().is_some_and(is_placeholder)
        {
            return Self::disagrees(pointer.child("enum"), Value::from(known).to_string());
        }
        Agreement::Agrees(pointer)
    }
}
