//! Validates values with a JSON Schema validator, after translating what OpenAPI defines differently.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use spec_first_review::Direction;

/// A validator for the component `Root`, in this direction.
pub(crate) fn judge(components: &Value, direction: Direction, checks_formats: bool) -> Validator {
    let schemas = components.as_object().into_iter().flatten();
    let schemas: Map<String, Value> = schemas
        .map(|(name, schema)| (name.clone(), as_meant(schema, components, direction)))
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/Root",
        "components": {"schemas": schemas},
    });
    let options = jsonschema::options().should_validate_formats(checks_formats);
    options.build(&schema).unwrap()
}

/// Translates the schema to JSON Schema: properties that are not sent are removed, and formats of integers become limits.
fn as_meant(schema: &Value, components: &Value, direction: Direction) -> Value {
    let keywords = match schema {
        Value::Object(keywords) => keywords,
        Value::Array(items) => {
            let items = items.iter();
            return items
                .map(|item| as_meant(item, components, direction))
                .collect();
        }
        _ => return schema.clone(),
    };
    let mut meant = Map::new();
    for (keyword, value) in keywords {
        let (keyword, value) = match (keyword.as_str(), value) {
            ("enum" | "const" | "default" | "discriminator", _) => {
                (keyword.as_str(), value.clone())
            }
            ("format", Value::String(format)) if format.starts_with("int") => {
                let bits = if format == "int32" { 31 } else { 63 };
                let end = 2.0_f64.powi(bits);
                push(
                    &mut meant,
                    json!({"minimum": -end, "exclusiveMaximum": end}),
                );
                continue;
            }
            ("properties", Value::Object(members)) => {
                let members = members.iter();
                let members = members
                    .filter(|(_, schema)| !is_not_sent(schema, components, direction))
                    .map(|(name, schema)| (name.clone(), as_meant(schema, components, direction)));
                ("properties", Value::Object(members.collect()))
            }
            ("required", Value::Array(names)) => {
                let names = names.iter().filter(|name| {
                    let described = schema["properties"].get(name.as_str().unwrap_or_default());
                    !described.is_some_and(|schema| is_not_sent(schema, components, direction))
                });
                ("required", names.cloned().collect())
            }
            ("dependentRequired", _) => (keyword.as_str(), value.clone()),
            ("patternProperties" | "dependentSchemas", Value::Object(members)) => {
                let members = members
                    .iter()
                    .map(|(name, schema)| (name.clone(), as_meant(schema, components, direction)));
                (keyword.as_str(), Value::Object(members.collect()))
            }
            (keyword, value) => (keyword, as_meant(value, components, direction)),
        };
        if keyword == "allOf" {
            for branch in value.as_array().into_iter().flatten() {
                push(&mut meant, branch.clone());
            }
        } else {
            meant.insert(keyword.to_owned(), value);
        }
    }
    Value::Object(meant)
}

/// Adds a schema to `allOf`.
fn push(schema: &mut Map<String, Value>, demanded: Value) {
    let all = schema.entry("allOf").or_insert_with(|| json!([]));
    all.as_array_mut().unwrap().push(demanded);
}

/// Whether the property is sent only in the other direction.
fn is_not_sent(property: &Value, components: &Value, direction: Direction) -> bool {
    let keyword = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let mut parts = vec![property];
    let mut index = 0;
    while let Some(schema) = parts.get(index).filter(|_| index < 64) {
        if schema.get(keyword) == Some(&Value::Bool(true)) {
            return true;
        }
        let reference = schema.get("$ref").and_then(Value::as_str);
        let combined = schema.get("allOf").and_then(Value::as_array);
        let target = reference.map(|reference| &components[reference.rsplit('/').next().unwrap()]);
        parts.extend(target.into_iter().chain(combined.into_iter().flatten()));
        index += 1;
    }
    false
}

/// Whether the validator and the review agree on what the components mean: a property that is not sent is required only where it
/// is described, and no discriminator, which the validator ignores, tells references in a `oneOf` apart.
pub(crate) fn is_judged_alike(components: &Value, direction: Direction) -> bool {
    let mut apart = Vec::new();
    let mut demanded = Vec::new();
    let mut chooses_references = false;
    let mut open = vec![components];
    while let Some(schema) = open.pop() {
        match schema {
            Value::Array(items) => open.extend(items),
            Value::Object(keywords) => {
                open.extend(keywords.values());
                let branches = keywords.get("oneOf").and_then(Value::as_array);
                let branches = branches.into_iter().flatten();
                chooses_references |= branches
                    .filter(|branch| branch.get("$ref").is_some())
                    .count()
                    > 1;
                let members = keywords.get("properties").and_then(Value::as_object);
                let not_sent: Vec<&str> = members
                    .into_iter()
                    .flatten()
                    .filter(|(_, schema)| is_not_sent(schema, components, direction))
                    .map(|(name, _)| name.as_str())
                    .collect();
                let required = keywords.get("required").and_then(Value::as_array);
                let required = required.into_iter().flatten().filter_map(Value::as_str);
                demanded.extend(required.filter(|name| !not_sent.contains(name)));
                apart.extend(not_sent);
            }
            _ => {}
        }
    }
    let is_told = chooses_references && components.to_string().contains("\"discriminator");
    !is_told && !apart.iter().any(|name| demanded.contains(name))
}
