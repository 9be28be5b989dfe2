//! Generates two versions of a large, realistic document: resources with five operations each, and components that are
//! shared several levels deep.
//!
//! The output is deterministic.

use serde_json::{Map, Value, json};

/// The number of changes from the base to the head.
pub const CHANGES: usize = 200;

/// The number of operations per resource: list, create, read, replace, delete.
pub const OPERATIONS_OF_A_RESOURCE: usize = 5;

/// The kinds of changes, each made to the same number of resources.
const CHANGES_OF_A_RESOURCE: [fn(&mut Value, usize); 10] = [
    add_a_property,
    drop_a_property,
    shorten_a_text,
    allow_another_value,
    widen_a_number,
    require_a_property,
    add_a_parameter,
    require_a_parameter,
    add_a_response,
    limit_a_shared_text,
];

const CHANGED_RESOURCES: usize = CHANGES / CHANGES_OF_A_RESOURCE.len();

/// The minimum number of operations needed for all changes.
pub const FEWEST_OPERATIONS: usize = CHANGED_RESOURCES * OPERATIONS_OF_A_RESOURCE;

/// The base document, with at least `operations` operations.
pub fn base(operations: usize) -> Value {
    let resources = resources(operations);
    let shared = shared(resources);
    let mut schemas = common_schemas();
    let mut paths = Map::new();
    for level in 0..shared {
        schemas.insert(format!("Shared{level}"), shared_schema(level));
    }
    for resource in 0..resources {
        schemas.extend(schemas_of(resource, shared));
        paths.insert(format!("/resources{resource}"), collection(resource));
        paths.insert(format!("/resources{resource}/{{id}}"), item(resource));
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "A large document", "version": "1.0.0", "description": "Generated, to be compared."},
        "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {
                "Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
                "Cursor": {"name": "cursor", "in": "query", "schema": {"type": "string", "maxLength": 512}},
                "RequestId": {"name": "X-Request-Id", "in": "header", "schema": {"type": "string", "format": "uuid"}},
            },
            "responses": {
                "BadRequest": {"description": "The request cannot be understood.", "content": error()},
                "NotFound": {"description": "There is no such resource.", "content": error()},
                "Failure": {"description": "Something else went wrong.", "content": error()},
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

/// The head document: the base with [`CHANGES`] changes, spread evenly.
pub fn head(operations: usize) -> Value {
    let mut document = base(operations);
    document["info"]["version"] = json!("1.1.0");
    let resources = resources(operations);
    for index in 0..CHANGED_RESOURCES {
        for change in CHANGES_OF_A_RESOURCE {
            change(&mut document, index * resources / CHANGED_RESOURCES);
        }
    }
    document
}

fn resources(operations: usize) -> usize {
    operations
        .max(FEWEST_OPERATIONS)
        .div_ceil(OPERATIONS_OF_A_RESOURCE)
}

/// The number of components shared between resources.
fn shared(resources: usize) -> usize {
    resources.max(CHANGED_RESOURCES)
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn error() -> Value {
    json!({"application/json": {"schema": reference("Error")}})
}

fn common_schemas() -> Map<String, Value> {
    let schemas = json!({
        "Error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "enum": ["invalid", "missing", "conflict", "limited", "internal"]},
                "message": {"type": "string"},
                "details": {"type": "array", "items": reference("Error")},
            },
        },
        "Timestamps": {
            "type": "object",
            "properties": {
                "createdAt": {"type": "string", "format": "date-time", "readOnly": true},
                "updatedAt": {"type": "string", "format": "date-time", "readOnly": true},
            },
        },
        "Filter": {
            "anyOf": [
                {"type": "string", "maxLength": 100},
                {"type": "object", "required": ["not"], "additionalProperties": false, "properties": {"not": reference("Filter")}},
                {"type": "object", "required": ["all"], "additionalProperties": false, "properties": {
                    "all": {"type": "array", "minItems": 1, "items": reference("Filter")},
                }},
            ],
        },
        "Owner": {
            "oneOf": [reference("Person"), reference("Company")],
            "discriminator": {"propertyName": "kind", "mapping": {
                "person": "#/components/schemas/Person", "company": "#/components/schemas/Company",
            }},
        },
        "Person": {
            "type": "object",
            "required": ["kind", "name"],
            "properties": {
                "kind": {"type": "string", "enum": ["person"]},
                "name": {"type": "string", "maxLength": 200},
                "manager": reference("Person"),
            },
        },
        "Company": {
            "type": "object",
            "required": ["kind", "legalName"],
            "properties": {
                "kind": {"type": "string", "enum": ["company"]},
                "legalName": {"type": "string"},
                "subsidiaries": {"type": "array", "items": reference("Company")},
            },
        },
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

/// References the shared schema with half its number, so that the deepest are shared most.
fn shared_schema(level: usize) -> Value {
    json!({
        "type": "object",
        "required": ["label"],
        "properties": {
            "label": {"type": "string", "maxLength": 80},
            "weight": {"type": "number", "minimum": 0},
            "tags": {"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[a-z]+$"}},
            "parent": reference(&format!("Shared{}", level / 2)),
        },
    })
}

fn schemas_of(resource: usize, shared: usize) -> [(String, Value); 3] {
    let written = json!({
        "type": "object",
        "required": ["name", "state"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 120},
            "state": {"type": "string", "enum": ["draft", "active", "archived"]},
            "amount": {"type": "integer", "format": "int64", "minimum": 0},
            "note": {"type": "string", "nullable": true},
            "owner": reference("Owner"),
            "first": reference(&format!("Shared{}", resource % shared)),
            "second": reference(&format!("Shared{}", (resource * 7 + 3) % shared)),
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    });
    let read = json!({
        "allOf": [
            reference(&format!("Resource{resource}Written")),
            reference("Timestamps"),
            {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "children": {"type": "array", "items": reference(&format!("Resource{resource}"))},
                    "legacy": {"type": "string"},
                },
            },
        ],
    });
    let page = json!({
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "items": reference(&format!("Resource{resource}"))},
            "next": {"type": "string"},
        },
    });
    [
        (format!("Resource{resource}Written"), written),
        (format!("Resource{resource}"), read),
        (format!("Resource{resource}Page"), page),
    ]
}

fn collection(resource: usize) -> Value {
    json!({
        "get": {
            "operationId": format!("listResource{resource}"),
            "tags": [format!("resource{resource}")],
            "summary": "All that match, page by page",
            "parameters": [
                {"$ref": "#/components/parameters/Limit"},
                {"$ref": "#/components/parameters/Cursor"},
                {"$ref": "#/components/parameters/RequestId"},
                {"name": "filter", "in": "query", "content": {"application/json": {"schema": reference("Filter")}}},
                {"name": "state", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "responses": responses("200", &format!("Resource{resource}Page")),
        },
        "post": {
            "operationId": format!("createResource{resource}"),
            "tags": [format!("resource{resource}")],
            "summary": "Creates one",
            "parameters": [{"$ref": "#/components/parameters/RequestId"}],
            "requestBody": body(resource),
            "responses": responses("201", &format!("Resource{resource}")),
        },
    })
}

fn item(resource: usize) -> Value {
    json!({
        "parameters": [
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
            {"$ref": "#/components/parameters/RequestId"},
        ],
        "get": {
            "operationId": format!("readResource{resource}"),
            "tags": [format!("resource{resource}")],
            "summary": "One of them",
            "parameters": [{"name": "fields", "in": "query", "schema": {"type": "string"}}],
            "responses": responses("200", &format!("Resource{resource}")),
        },
        "put": {
            "operationId": format!("replaceResource{resource}"),
            "tags": [format!("resource{resource}")],
            "summary": "Replaces one",
            "requestBody": body(resource),
            "responses": responses("200", &format!("Resource{resource}")),
        },
        "delete": {
            "operationId": format!("deleteResource{resource}"),
            "tags": [format!("resource{resource}")],
            "summary": "Deletes one",
            "responses": {
                "204": {"description": "It is gone."},
                "404": {"$ref": "#/components/responses/NotFound"},
                "default": {"$ref": "#/components/responses/Failure"},
            },
        },
    })
}

fn body(resource: usize) -> Value {
    let schema = reference(&format!("Resource{resource}Written"));
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

fn responses(success: &str, schema: &str) -> Value {
    json!({
        success: {
            "description": "Done.",
            "headers": {"X-Remaining": {"schema": {"type": "integer"}}},
            "content": {"application/json": {"schema": reference(schema)}},
        },
        "400": {"$ref": "#/components/responses/BadRequest"},
        "404": {"$ref": "#/components/responses/NotFound"},
        "default": {"$ref": "#/components/responses/Failure"},
    })
}

fn written(document: &mut Value, resource: usize) -> &mut Value {
    &mut document["components"]["schemas"][format!("Resource{resource}Written")]
}

fn add_a_property(document: &mut Value, resource: usize) {
    written(document, resource)["properties"]["color"] = json!({"type": "string"});
}

fn drop_a_property(document: &mut Value, resource: usize) {
    let read = &mut document["components"]["schemas"][format!("Resource{resource}")];
    if let Some(properties) = read["allOf"][2]["properties"].as_object_mut() {
        properties.remove("legacy");
    }
}

fn shorten_a_text(document: &mut Value, resource: usize) {
    written(document, resource)["properties"]["name"]["maxLength"] = json!(60);
}

fn allow_another_value(document: &mut Value, resource: usize) {
    written(document, resource)["properties"]["state"]["enum"] =
        json!(["draft", "active", "archived", "deleted"]);
}

fn widen_a_number(document: &mut Value, resource: usize) {
    written(document, resource)["properties"]["amount"]["minimum"] = json!(-100);
}

fn require_a_property(document: &mut Value, resource: usize) {
    let page = &mut document["components"]["schemas"][format!("Resource{resource}Page")];
    page["required"] = json!(["items", "next"]);
}

fn add_a_parameter(document: &mut Value, resource: usize) {
    let parameter = json!({"name": "sort", "in": "query", "schema": {"type": "string"}});
    let list = &mut document["paths"][format!("/resources{resource}")]["get"];
    push(&mut list["parameters"], parameter);
}

fn require_a_parameter(document: &mut Value, resource: usize) {
    let read = &mut document["paths"][format!("/resources{resource}/{{id}}")]["get"];
    read["parameters"][0]["required"] = json!(true);
}

fn add_a_response(document: &mut Value, resource: usize) {
    let create = &mut document["paths"][format!("/resources{resource}")]["post"];
    create["responses"]["409"] =
        json!({"description": "There is one already.", "content": error()});
}

fn limit_a_shared_text(document: &mut Value, resource: usize) {
    let shared = &mut document["components"]["schemas"][format!("Shared{resource}")];
    shared["properties"]["label"]["maxLength"] = json!(40);
}

fn push(list: &mut Value, value: Value) {
    if let Some(list) = list.as_array_mut() {
        list.push(value);
    }
}
