//! Converts OpenAPI schemas to JSON Schema 2020-12, so that any JSON Schema validator can check a value.
//!
//! OpenAPI 3.0 uses its own dialect: `nullable`, boolean `exclusiveMinimum`, ignored siblings of `$ref`, and properties
//! that exist in one direction only.

use serde_json::{Map, Value, json};

use crate::grammar::{Expected, subschemas};
use crate::{Document, Entry, Node};

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

/// Keywords that OpenAPI adds to JSON Schema and that say nothing about valid values, and those that name a schema,
/// since every reference is a JSON pointer by now.
const NOT_CONVERTED: [&str; 10] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "discriminator",
    "example",
    "externalDocs",
    "nullable",
    "xml",
];

/// Converts the schemas of a document to JSON Schema 2020-12.
///
/// References to `#/components/schemas/…` become references to `#/$defs/…`; any other reference is left unchanged.
#[derive(Clone, Copy, Debug)]
pub struct JsonSchema<'a> {
    document: &'a Document,
    direction: Direction,
    is_3_1: bool,
}

impl<'a> JsonSchema<'a> {
    /// Converts schemas of `document` for values sent in `direction`.
    pub fn of(document: &'a Document, direction: Direction) -> Self {
        Self {
            document,
            direction,
            is_3_1: document.is_3_1(),
        }
    }

    /// The component schemas by name, to be used as `$defs`.
    pub fn components(&self) -> Map<String, Value> {
        let components = self.document.root().get("components").into_iter();
        let schemas = components.flat_map(|components| components.entries_of("schemas"));
        schemas
            .map(|entry| (entry.key.to_owned(), self.convert(entry.value)))
            .collect()
    }

    /// A self-contained JSON Schema for `schema`, which may come from anywhere in the document. It includes all
    /// components; convert those once with [`JsonSchema::components`] if there are many schemas.
    pub fn schema(&self, schema: Node<'_>) -> Value {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": self.components(),
            "allOf": [self.convert(schema)],
        })
    }

    /// A schema from anywhere in the document, without what it refers to.
    pub fn convert(&self, schema: Node<'_>) -> Value {
        if self.is_3_1 {
            self.convert_3_1(schema)
        } else {
            convert(self.document, schema, self.direction)
        }
    }

    /// From OpenAPI 3.1 on, a schema already is a JSON Schema, except for the direction of its properties.
    fn convert_3_1(&self, schema: Node<'_>) -> Value {
        if let Some(value) = schema.as_bool() {
            return Value::Bool(value);
        }
        let (document, direction) = (self.document, self.direction);
        let mut converted = Map::new();
        for Entry { key, value, .. } in schema.entries() {
            let new = match key {
                _ if NOT_CONVERTED.contains(&key) => continue,
                "$ref" => value.to_json().as_str().map_or(Value::Null, |reference| {
                    reference
                        .replacen("#/components/schemas/", "#/$defs/", 1)
                        .into()
                }),
                "properties" => value
                    .entries()
                    .iter()
                    .map(|property| {
                        let schema = if exists_in(document, property.value, direction) {
                            self.convert_3_1(property.value)
                        } else {
                            Value::Bool(direction == Direction::TolerantRequest)
                        };
                        (property.key.to_owned(), schema)
                    })
                    .collect(),
                _ => match subschemas(key) {
                    Some(Expected::One(_)) => self.convert_3_1(value),
                    Some(Expected::Several(_)) => {
                        let items = value.items().iter();
                        items.map(|item| self.convert_3_1(item)).collect()
                    }
                    Some(Expected::Named(_)) => {
                        let entries = value.entries().iter();
                        entries
                            .map(|entry| (entry.key.to_owned(), self.convert_3_1(entry.value)))
                            .collect()
                    }
                    _ => value.to_json(),
                },
            };
            converted.insert(key.to_owned(), new);
        }
        drop_required_of_the_other_direction(&mut converted, document, schema, direction);
        limit_to_format(&mut converted, schema);
        Value::Object(converted)
    }
}

fn convert(document: &Document, schema: Node<'_>, direction: Direction) -> Value {
    if let Some(reference) = schema.str_of("$ref") {
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
        let Entry { key, value, .. } = entry;
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
                    let schema = if exists_in(document, property.value, direction) {
                        convert(document, property.value, direction)
                    } else {
                        Value::Bool(direction == Direction::TolerantRequest)
                    };
                    (property.key.to_owned(), schema)
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
    schema: Node<'_>,
    branched: Map<String, Value>,
) {
    if is_nullable(schema) && !branched.is_empty() {
        converted.insert("if".to_owned(), json!({ "not": { "const": null } }));
        converted.insert("then".to_owned(), Value::Object(branched));
    } else {
        converted.extend(branched);
    }
}

/// Adds the range of an integer format unless the schema sets tighter limits.
fn limit_to_format(converted: &mut Map<String, Value>, schema: Node<'_>) {
    let (minimum, maximum) = match (integer(schema), schema.str_of("format")) {
        (true, Some("int32")) => (i64::from(i32::MIN), i64::from(i32::MAX)),
        (true, Some("int64")) => (i64::MIN, i64::MAX),
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

/// Whether every number that fits the `type` is an integer.
fn integer(schema: Node<'_>) -> bool {
    let mut types = schema.types().filter(|name| *name != "null");
    types.next() == Some("integer") && types.next().is_none()
}

fn is_nullable(schema: Node<'_>) -> bool {
    schema.is_true("nullable")
}

fn convert_type(schema: Node<'_>, value: Node<'_>) -> Value {
    if is_nullable(schema) {
        json!([value.to_json(), "null"])
    } else {
        value.to_json()
    }
}

fn insert_limit(
    converted: &mut Map<String, Value>,
    schema: Node<'_>,
    value: Node<'_>,
    inclusive: &str,
    exclusive: &str,
) {
    let is_exclusive = schema.is_true(exclusive);
    let key = if is_exclusive { exclusive } else { inclusive };
    converted.insert(key.to_owned(), value.to_json());
}

fn exists_in(document: &Document, property: Node<'_>, direction: Direction) -> bool {
    let absent = match direction {
        Direction::Request | Direction::TolerantRequest => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Both => return true,
    };
    !document.is_marked(property, absent)
}

fn drop_required_of_the_other_direction(
    converted: &mut Map<String, Value>,
    document: &Document,
    schema: Node<'_>,
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
        let guarded = |schema: Value| json!({"if": {"not": {"const": null}}, "then": schema});
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
                "if": {"not": {"const": null}},
                "then": {"oneOf": [{"required": ["a"]}]},
            }),
        );
        check(
            "{nullable: true, enum: [a], allOf: [{type: string}]}",
            Direction::Both,
            json!({
                "enum": ["a"],
                "if": {"not": {"const": null}},
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
    fn a_property_takes_the_direction_of_the_schemas_that_it_consists_of() {
        for key in [
            "{$ref: '#/Key'}",
            "{allOf: [{$ref: '#/Key'}]}",
            "{allOf: [{}, {$ref: '#/Wrapped'}]}",
            // It leads back to itself.
            "{allOf: [{$ref: '#/properties/key'}, {$ref: '#/Key'}]}",
        ] {
            check(
                &format!(
                    "{{properties: {{key: {key}}}, Key: {{writeOnly: true}}, Wrapped: {{allOf: [{{$ref: '#/Key'}}]}}}}"
                ),
                Direction::Response,
                json!({"properties": {"key": false}}),
            );
        }
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
