//! Converts OpenAPI 3.0 schemas to JSON Schema 2020-12, so that any JSON Schema validator can check a value.
//!
//! OpenAPI 3.0 uses its own dialect: `nullable`, boolean `exclusiveMinimum`, ignored siblings of `$ref`, and properties
//! that exist in one direction only.

use serde_json::{Map, Value, json};

use crate::{Document, Node, Pointer};

/// The direction in which a value is sent: requests omit `readOnly` properties, responses omit `writeOnly` ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server: `readOnly` properties are rejected.
    Request,
    /// From the client to a server that ignores `readOnly` properties: they are optional and may have any value.
    TolerantRequest,
    /// From the server to the client: `writeOnly` properties are rejected.
    Response,
    /// Both kinds of properties are allowed, for checks of a schema on its own.
    Both,
}

/// Keywords with the same name and meaning in OpenAPI 3.0 and JSON Schema 2020-12.
const SAME_KEYWORDS: [&str; 15] = [
    "title",
    "multipleOf",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "format",
    "description",
    "default",
];

/// Converts the schemas of a document to JSON Schema; components are converted once and shared.
#[derive(Clone, Debug)]
pub struct JsonSchema<'a> {
    document: &'a Document,
    definitions: Value,
    direction: Direction,
}

impl<'a> JsonSchema<'a> {
    /// Converts the components of `document` for values sent in `direction`.
    pub fn of(document: &'a Document, direction: Direction) -> Self {
        let schemas = Pointer::root().child("components").child("schemas");
        let definitions = document.node(&schemas).map_or(&[][..], Node::entries);
        let definitions: Map<_, _> = definitions
            .iter()
            .map(|entry| {
                (
                    entry.key.clone(),
                    convert(document, &entry.value, direction),
                )
            })
            .collect();
        Self {
            document,
            definitions: Value::Object(definitions),
            direction,
        }
    }

    /// A self-contained JSON Schema 2020-12 for `schema`, which may come from anywhere in the document.
    ///
    /// References to components become references to `$defs`; any other reference is left unchanged, and a validator
    /// will reject it.
    pub fn schema(&self, schema: &Node) -> Value {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": self.definitions,
            "allOf": [convert(self.document, schema, self.direction)],
        })
    }
}

fn convert(document: &Document, schema: &Node, direction: Direction) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
        // OpenAPI 3.0 ignores the siblings of a reference, but many generators write `nullable` next to one and mean
        // it.
        let reference = reference.replacen("#/components/schemas/", "#/$defs/", 1);
        let mut converted = Map::new();
        let reference = Map::from_iter([("$ref".to_owned(), reference.into())]);
        insert_exempting_null(&mut converted, schema, reference);
        return Value::Object(converted);
    }
    let mut converted = Map::new();
    let mut branched = Map::new();
    for entry in schema.entries() {
        let value = &entry.value;
        let key = entry.key.as_str();
        match key {
            _ if SAME_KEYWORDS.contains(&key) => {
                converted.insert(key.to_owned(), value.to_json());
            }
            "type" => {
                converted.insert("type".to_owned(), convert_type(schema, value));
            }
            "minimum" => insert_limit(&mut converted, schema, value, "minimum", "exclusiveMinimum"),
            "maximum" => insert_limit(&mut converted, schema, value, "maximum", "exclusiveMaximum"),
            "allOf" | "anyOf" | "oneOf" => {
                let branches = value
                    .items()
                    .iter()
                    .map(|branch| convert(document, branch, direction))
                    .collect();
                branched.insert(key.to_owned(), branches);
            }
            "not" | "items" => {
                converted.insert(key.to_owned(), convert(document, value, direction));
            }
            "additionalProperties" => {
                let additional = value
                    .as_bool()
                    .map_or_else(|| convert(document, value, direction), Value::Bool);
                converted.insert(key.to_owned(), additional);
            }
            "properties" => {
                let properties = value.entries().iter().map(|property| {
                    let schema = if exists_in(document, &property.value, direction) {
                        convert(document, &property.value, direction)
                    } else {
                        Value::Bool(direction == Direction::TolerantRequest)
                    };
                    (property.key.clone(), schema)
                });
                converted.insert(key.to_owned(), Value::Object(properties.collect()));
            }
            // Annotations, and keywords that are handled with others: `nullable` and the exclusive limits.
            _ => {}
        }
    }
    drop_required_of_the_other_direction(&mut converted, document, schema, direction);
    limit_to_format(&mut converted, schema);
    insert_exempting_null(&mut converted, schema, branched);
    Value::Object(converted)
}

/// Inserts a reference or branches, exempting `null` if `schema` is `nullable`. Strictly, OpenAPI 3.0.3 has no such
/// exemption, but dropshot, drf-spectacular, NSwag and springdoc write nullable references this way.
fn insert_exempting_null(
    converted: &mut Map<String, Value>,
    schema: &Node,
    branched: Map<String, Value>,
) {
    if is_nullable(schema) && !branched.is_empty() {
        converted.insert("if".to_owned(), json!({ "not": { "type": "null" } }));
        converted.insert("then".to_owned(), Value::Object(branched));
    } else {
        converted.extend(branched);
    }
}

/// Adds the range of an integer format unless the schema sets tighter limits.
fn limit_to_format(converted: &mut Map<String, Value>, schema: &Node) {
    let text = |key| schema.get(key).and_then(Node::as_str);
    let (minimum, maximum) = match (text("type"), text("format")) {
        (Some("integer"), Some("int32")) => (i64::from(i32::MIN), i64::from(i32::MAX)),
        (Some("integer"), Some("int64")) => (i64::MIN, i64::MAX),
        _ => return,
    };
    let own = |key| converted.get(key).and_then(Value::as_f64);
    // Also replaced when equal, because `i64::MAX` and 2^63 are the same floating-point number.
    let is_wider_below = own("minimum").is_none_or(|own| own <= minimum as f64);
    let is_wider_above = own("maximum").is_none_or(|own| own >= maximum as f64);
    if is_wider_below {
        converted.insert("minimum".to_owned(), minimum.into());
    }
    if is_wider_above {
        converted.insert("maximum".to_owned(), maximum.into());
    }
}

fn is_nullable(schema: &Node) -> bool {
    schema.get("nullable").and_then(Node::as_bool) == Some(true)
}

fn convert_type(schema: &Node, value: &Node) -> Value {
    if is_nullable(schema) {
        json!([value.to_json(), "null"])
    } else {
        value.to_json()
    }
}

fn insert_limit(
    converted: &mut Map<String, Value>,
    schema: &Node,
    value: &Node,
    inclusive: &str,
    exclusive: &str,
) {
    let is_exclusive = schema.get(exclusive).and_then(Node::as_bool) == Some(true);
    let key = if is_exclusive { exclusive } else { inclusive };
    converted.insert(key.to_owned(), value.to_json());
}

fn exists_in(document: &Document, property: &Node, direction: Direction) -> bool {
    let absent = match direction {
        Direction::Request | Direction::TolerantRequest => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Both => return true,
    };
    // A `$ref` cannot have siblings, so the keyword is on the referenced schema.
    let schema = document.resolve(property).unwrap_or(property);
    schema.get(absent).and_then(Node::as_bool) != Some(true)
}

fn drop_required_of_the_other_direction(
    converted: &mut Map<String, Value>,
    document: &Document,
    schema: &Node,
    direction: Direction,
) {
    let Some(Value::Array(required)) = converted.get_mut("required") else {
        return;
    };
    let Some(properties) = schema.get("properties") else {
        return;
    };
    required.retain(|name| {
        let property = name.as_str().and_then(|name| properties.get(name));
        property.is_none_or(|property| exists_in(document, property, direction))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schema: &str, direction: Direction, expected: Value) {
        let document = Document::parse("schema.yaml", schema).unwrap();
        assert_eq!(convert(&document, document.root(), direction), expected);
    }

    #[test]
    fn nullable_becomes_a_list_of_types() {
        check(
            "{type: string, nullable: true}",
            Direction::Both,
            json!({"type": ["string", "null"]}),
        );
    }

    #[test]
    fn nullable_exempts_null_from_references_and_branches() {
        let guarded = |schema: Value| json!({"if": {"not": {"type": "null"}}, "then": schema});
        check(
            "{nullable: true, allOf: [{type: object}]}",
            Direction::Both,
            guarded(json!({"allOf": [{"type": "object"}]})),
        );
        check(
            "{nullable: true, $ref: '#/components/schemas/Pet'}",
            Direction::Both,
            guarded(json!({"$ref": "#/$defs/Pet"})),
        );
        check(
            "{nullable: true, type: object, oneOf: [{required: [a]}]}",
            Direction::Both,
            json!({
                "type": ["object", "null"],
                "if": {"not": {"type": "null"}},
                "then": {"oneOf": [{"required": ["a"]}]},
            }),
        );
        check(
            "{nullable: true, enum: [a], allOf: [{type: string}]}",
            Direction::Both,
            json!({
                "enum": ["a"],
                "if": {"not": {"type": "null"}},
                "then": {"allOf": [{"type": "string"}]},
            }),
        );
        check(
            "{nullable: false, anyOf: [{type: object}]}",
            Direction::Both,
            json!({"anyOf": [{"type": "object"}]}),
        );
    }

    #[test]
    fn integer_formats_become_ranges() {
        check(
            "{type: integer, format: int32}",
            Direction::Both,
            json!({"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX}),
        );
        check(
            "{type: integer, format: int64, minimum: 0, allOf: [{multipleOf: 2}]}",
            Direction::Both,
            json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": i64::MAX, "allOf": [{"multipleOf": 2}]}),
        );
        check(
            "{type: integer, format: int64, minimum: 0, exclusiveMinimum: true, maximum: 9223372036854775808}",
            Direction::Both,
            json!({"type": "integer", "format": "int64", "minimum": i64::MIN, "exclusiveMinimum": 0, "maximum": i64::MAX}),
        );
        check(
            "{type: integer, format: int32, minimum: -1e11, maximum: 7}",
            Direction::Both,
            json!({"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": 7}),
        );
        check(
            "{type: string, format: int32}",
            Direction::Both,
            json!({"type": "string", "format": "int32"}),
        );
    }

    #[test]
    fn an_exclusive_limit_becomes_a_number() {
        check(
            "{type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}",
            Direction::Both,
            json!({"type": "integer", "exclusiveMinimum": 1, "maximum": 9}),
        );
    }

    #[test]
    fn siblings_of_a_reference_are_ignored() {
        check(
            "{$ref: '#/components/schemas/Pet', minLength: 3}",
            Direction::Both,
            json!({"$ref": "#/$defs/Pet"}),
        );
    }

    #[test]
    fn a_referenced_property_takes_the_direction_of_its_target() {
        check(
            "{properties: {key: {$ref: '#/Key'}}, Key: {type: string, writeOnly: true}}",
            Direction::Response,
            json!({"properties": {"key": false}}),
        );
    }

    #[test]
    fn a_property_of_the_other_direction_is_rejected_and_not_required() {
        let schema =
            "{required: [id, name], properties: {id: {readOnly: true}, name: {writeOnly: true}}}";
        check(
            schema,
            Direction::Request,
            json!({"required": ["name"], "properties": {"id": false, "name": {}}}),
        );
        check(
            schema,
            Direction::Response,
            json!({"required": ["id"], "properties": {"id": {}, "name": false}}),
        );
        check(
            schema,
            Direction::Both,
            json!({"required": ["id", "name"], "properties": {"id": {}, "name": {}}}),
        );
    }
}
