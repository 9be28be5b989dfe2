//! Generates small documents, and random changes to their operations.

use fastrand::Rng;
use serde_json::{Map, Value, json};
use spec_first_review::Direction;

use super::schemas::{Dialect, in_3_0};

/// A document with one operation that sends or receives the component `Root`.
pub(crate) fn of_schemas(components: &Value, dialect: Dialect, direction: Direction) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Root"}}});
    let operation = match direction {
        Direction::Request => json!({
            "requestBody": {"required": true, "content": content},
            "responses": {"204": {"description": "Done"}},
        }),
        Direction::Response => {
            json!({"responses": {"200": {"description": "Done", "content": content}}})
        }
    };
    json!({
        "openapi": version(dialect),
        "info": {"title": "Random", "version": "1"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": written(components, dialect)},
    })
}

/// A document with one operation that has the component `Root` as a query parameter.
pub(crate) fn of_texts(components: &Value, dialect: Dialect) -> Value {
    let mut document = of_schemas(components, dialect, Direction::Response);
    let schema = json!({"$ref": "#/components/schemas/Root"});
    document["paths"]["/things"]["post"] = json!({
        "parameters": [{"name": "n", "in": "query", "schema": schema}],
        "responses": {"204": {"description": "Done"}},
    });
    document
}

fn version(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V3_0 => "3.0.3",
        Dialect::V3_1 => "3.1.0",
    }
}

fn written(components: &Value, dialect: Dialect) -> Value {
    if dialect == Dialect::V3_1 {
        return components.clone();
    }
    let schemas = components.as_object().into_iter().flatten();
    Value::Object(
        schemas
            .map(|(name, schema)| (name.clone(), in_3_0(schema)))
            .collect::<Map<_, _>>(),
    )
}

/// A document with all kinds of operations that use these components.
pub(crate) fn with_operations(components: &Value, dialect: Dialect, seed: u64) -> Value {
    let mut random = Rng::with_seed(seed);
    let mut paths = Map::new();
    for path in ["/things", "/things/{id}", "/others"] {
        for method in ["get", "post", "delete"] {
            if random.usize(..3) > 0 {
                paths.entry(path).or_insert_with(|| json!({}))[method] =
                    operation(path, &mut random);
            }
        }
    }
    let mut document = json!({
        "openapi": version(dialect),
        "info": {"title": "Random", "version": "1"},
        "servers": some(&[json!({"url": "/v1"}), json!({"url": "https://{host}.example/", "variables": {"host": {"default": "a"}}})], &mut random),
        "security": security(&mut random),
        "paths": paths,
        "components": {
            "schemas": written(components, dialect),
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "login": {"type": "http", "scheme": "bearer"},
            },
        },
    });
    if dialect == Dialect::V3_1 && random.bool() {
        document["webhooks"] = json!({"done": {"post": operation("done", &mut random)}});
    }
    document
}

fn some(from: &[Value], random: &mut Rng) -> Value {
    from.iter().filter(|_| random.bool()).cloned().collect()
}

fn security(random: &mut Rng) -> Value {
    some(
        &[
            json!({"key": []}),
            json!({"login": []}),
            json!({"key": [], "login": []}),
        ],
        random,
    )
}

fn a_schema(random: &mut Rng) -> Value {
    let schemas = [
        json!({"type": "string"}),
        json!({"type": "integer", "minimum": 1}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"$ref": "#/components/schemas/Root"}),
        json!({"$ref": "#/components/schemas/Other"}),
    ];
    schemas[random.usize(..schemas.len())].clone()
}

fn content(random: &mut Rng) -> Value {
    let mut content = json!({"application/json": {"schema": a_schema(random)}});
    for media_type in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
    ] {
        if random.usize(..4) == 0 {
            content[media_type] = json!({"schema": a_schema(random)});
        }
    }
    content
}

fn operation(path: &str, random: &mut Rng) -> Value {
    let mut parameters = Vec::new();
    if path.contains('{') {
        parameters.push(
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}),
        );
    }
    for (name, place) in [
        ("q", "query"),
        ("page", "query"),
        ("X-A", "header"),
        ("c", "cookie"),
    ] {
        if random.usize(..3) == 0 {
            let explode = random.bool();
            parameters.push(json!({"name": name, "in": place, "required": random.bool(), "explode": explode, "schema": a_schema(random)}));
        }
    }
    let mut responses = json!({"200": {"description": "Done", "content": content(random)}});
    for status in ["201", "204", "404", "4XX", "default"] {
        if random.usize(..3) == 0 {
            responses[status] = json!({"description": "Other"});
            if random.bool() {
                responses[status]["content"] = content(random);
            }
            if random.bool() {
                responses[status]["headers"] =
                    json!({"X-B": {"required": random.bool(), "schema": a_schema(random)}});
            }
        }
    }
    let mut operation = json!({"parameters": parameters, "responses": responses});
    if random.bool() {
        operation["requestBody"] = json!({"required": random.bool(), "content": content(random)});
    }
    if random.usize(..4) == 0 {
        operation["security"] = security(random);
    }
    if random.usize(..4) == 0 {
        operation["tags"] = json!(["a", "b"]);
    }
    if random.usize(..5) == 0 {
        operation["deprecated"] = true.into();
    }
    operation
}

/// The operations of one document, with some parts replaced by those of another one, or removed.
pub(crate) fn mixed(base: &Value, other: &Value, edits: usize, seed: u64) -> Value {
    let mut random = Rng::with_seed(seed);
    let mut mixed = base.clone();
    for _ in 0..edits {
        let mut places = Vec::new();
        for part in ["paths", "servers", "security", "webhooks"] {
            find_members(&mixed[part], &format!("/{part}"), &mut places);
            find_members(&other[part], &format!("/{part}"), &mut places);
        }
        let Some((parent, key)) = places.get(random.usize(..places.len().max(1))) else {
            continue;
        };
        let replacement = other
            .pointer(parent)
            .and_then(|parent| parent.get(key))
            .cloned();
        let Some(Value::Object(members)) = mixed.pointer_mut(parent) else {
            continue;
        };
        match replacement.filter(|_| random.usize(..3) > 0) {
            Some(replacement) => _ = members.insert(key.clone(), replacement),
            None => _ = members.remove(key),
        }
    }
    mixed
}

fn find_members(value: &Value, at: &str, places: &mut Vec<(String, String)>) {
    for (key, member) in value.as_object().into_iter().flatten() {
        // A parameter is not valid without a name and location, and has no meaning without a schema.
        if !["name", "in", "description", "schema", "$ref", "type"].contains(&key.as_str()) {
            places.push((at.to_owned(), key.clone()));
        }
        let step = key.replace('~', "~0").replace('/', "~1");
        find_members(member, &format!("{at}/{step}"), places);
    }
}
