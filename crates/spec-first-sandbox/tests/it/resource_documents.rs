//! The state of documents that write their resources in other ways: the only one at its path, in several files, and in OpenAPI 3.2.

use std::io;

use serde_json::{Value, json};
use spec_first_document::Document;
use spec_first_sandbox::{Options, Sandbox};
use test_support::http::control;

use crate::{
    http::{options, send, start_with},
    resources::{SHELTER, get, sent},
};

const SETTINGS: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /users/{user}/settings:
    parameters: [{name: user, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/Settings'}}}
    put:
      requestBody: {$ref: '#/components/requestBodies/Settings'}
      responses: {'200': {$ref: '#/components/responses/Settings'}}
    patch:
      requestBody: {$ref: '#/components/requestBodies/Settings'}
      responses: {'200': {$ref: '#/components/responses/Settings'}}
    delete: {responses: {'204': {description: Deleted}}}
  /users/{user}:
    parameters: [{name: user, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/User'}}}
    delete: {responses: {'204': {description: Deleted}}}
  /stock:
    get:
      responses:
        '200': {description: All, content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: object}}}}, example: {items: []}}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {sku: {type: string}}}}}}
      responses: {'200': {description: Stored, content: {application/json: {schema: {type: object, properties: {sku: {type: string}}}, example: {sku: A}}}}}
components:
  requestBodies:
    Settings: {content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}
  responses:
    User: {description: A user, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
    Settings:
      description: The settings
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Settings'}
          examples:
            plain: {value: {theme: light, tags: [a]}}
            dark: {value: {theme: dark, size: 9}}
  schemas:
    Settings:
      type: object
      additionalProperties: false
      properties: {theme: {type: string}, size: {type: integer}, tags: {type: array, items: {type: string}}}
";

/// The body of an answer that succeeds; `null` if it has none.
async fn ask(sandbox: &Sandbox, method: &str, target: &str, body: &str) -> Value {
    let reply = send(sandbox, method, target, &[], body).await;
    assert!(reply.status < 300, "{method} {target}: {reply:?}");
    serde_json::from_str(&reply.body).unwrap_or_default()
}

#[tokio::test]
async fn the_only_resource_at_a_path_is_shown_changed_and_deleted() {
    let sandbox = start_with(options(SETTINGS)).await;
    let (ann, bob) = ("/users/ann/settings", "/users/bob/settings");
    assert_eq!(
        ask(&sandbox, "GET", ann, "").await,
        json!({"theme": "light", "tags": ["a"]})
    );
    let changed = json!({"theme": "light", "tags": ["a"], "size": 5});
    assert_eq!(ask(&sandbox, "PATCH", ann, r#"{"size": 5}"#).await, changed);
    assert_eq!(ask(&sandbox, "GET", ann, "").await, changed);
    let replaced = json!({"theme": "blue"});
    assert_eq!(
        ask(&sandbox, "PUT", ann, &replaced.to_string()).await,
        replaced
    );
    assert_eq!(ask(&sandbox, "GET", ann, "").await, replaced);
    assert_eq!(ask(&sandbox, "GET", bob, "").await["theme"], "light");
    let shown = control(sandbox.address(), "GET", "/state", "").await.json();
    assert_eq!(shown[ann], json!({ "settings": replaced }));

    ask(&sandbox, "DELETE", ann, "").await;
    for (method, body) in [("GET", ""), ("PATCH", "{}"), ("DELETE", "")] {
        assert_eq!(send(&sandbox, method, ann, &[], body).await.status, 404);
    }
    ask(&sandbox, "PUT", ann, &replaced.to_string()).await;
    assert_eq!(ask(&sandbox, "GET", ann, "").await, replaced);
    ask(&sandbox, "DELETE", "/users/ann", "").await;
    assert_eq!(send(&sandbox, "GET", ann, &[], "").await.status, 404);

    let seed = r#"{"/users/eve/settings": {"settings": {"theme": "red"}}}"#;
    control(sandbox.address(), "PUT", "/state", seed).await;
    let eve = ask(&sandbox, "GET", "/users/eve/settings", "").await;
    assert_eq!(eve, json!({"theme": "red"}));
}

#[tokio::test]
async fn what_is_sent_to_a_list_is_not_the_list() {
    let sandbox = start_with(options(SETTINGS)).await;
    ask(&sandbox, "PUT", "/stock", r#"{"sku": "B"}"#).await;
    assert_eq!(
        ask(&sandbox, "GET", "/stock", "").await,
        json!({"items": []})
    );
}

#[tokio::test]
async fn resources_are_kept_whose_document_is_in_several_files_and_of_3_2() {
    let files = |path: &str| {
        match path {
        "openapi.yaml" => Ok("
openapi: 3.2.0
info: {title: Pets, version: '1'}
paths:
  /pets: {$ref: 'paths/pets.yaml#/Pets'}
  /pets/{id}: {$ref: 'paths/pets.yaml#/Pet'}
"
        .to_owned()),
        "paths/pets.yaml" => Ok("
Pets:
  get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '../schemas.yaml#/Pet'}}}}}}}
  query:
    x-mock-resource: {action: list}
    requestBody: {content: {application/json: {schema: {type: object}}}}
    responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '../schemas.yaml#/Pet'}}}}}}
  post:
    requestBody: {content: {application/json: {schema: {$ref: '../schemas.yaml#/Pet'}}}}
    responses: {'201': {$ref: '#/One'}}
Pet:
  parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
  get: {responses: {'200': {$ref: '#/One'}}}
  delete: {responses: {'204': {description: Deleted}}}
  additionalOperations:
    RENAME:
      x-mock-resource: {action: update}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {$ref: '#/One'}}
One: {description: One, content: {application/json: {schema: {$ref: '../schemas.yaml#/Pet'}}}}
"
        .to_owned()),
        "schemas.yaml" => Ok("
Pet:
  type: object
  required: [id, name]
  properties: {id: {$ref: '#/Id'}, name: {type: [string, 'null']}}
Id: {type: integer, readOnly: true}
"
        .to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
    };
    let document = Document::read(&files, "openapi.yaml").unwrap();
    let sandbox = start_with(Options::from_document(document)).await;
    assert!(sandbox.flaws().is_empty(), "{:?}", sandbox.flaws());
    let created = ask(&sandbox, "POST", "/pets", r#"{"name": "Rex"}"#).await;
    let path = format!("/pets/{}", created["id"]);
    assert_eq!(ask(&sandbox, "GET", &path, "").await, created);
    let renamed = ask(&sandbox, "RENAME", &path, r#"{"name": null}"#).await;
    assert_eq!(renamed, json!({"id": created["id"], "name": null}));
    for method in ["GET", "QUERY"] {
        let listed = ask(&sandbox, method, "/pets", "").await;
        assert!(
            listed.as_array().unwrap().contains(&renamed),
            "{method}: {listed}"
        );
    }
    ask(&sandbox, "DELETE", &path, "").await;
    assert_eq!(send(&sandbox, "GET", &path, &[], "").await.status, 404);
}

/// The member that holds the resource may be absent according to the schema.
#[tokio::test]
async fn what_is_sent_is_shown_in_an_envelope_whether_that_is_required_or_not() {
    for required in ["", "required: [data], "] {
        let document = format!(
            "
openapi: 3.0.3
info: {{title: Items, version: '1'}}
paths:
  /items:
    get: {{responses: {{'200': {{description: All., content: {{application/json: {{schema: {{type: object, {required}properties: {{data: {{type: array, items: {{$ref: '#/components/schemas/Item'}}}}}}}}, example: {{}}}}}}}}}}}}
    post:
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Item'}}}}}}}}
      responses: {{'201': {{$ref: '#/components/responses/Item'}}}}
  /items/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{$ref: '#/components/responses/Item'}}}}}}
    patch:
      requestBody: {{content: {{application/json: {{schema: {{type: object}}}}}}}}
      responses: {{'200': {{$ref: '#/components/responses/Item'}}}}
components:
  responses: {{Item: {{description: One., content: {{application/json: {{schema: {{type: object, {required}properties: {{data: {{$ref: '#/components/schemas/Item'}}}}}}, example: {{}}}}}}}}}}
  schemas: {{Item: {{type: object, additionalProperties: false, properties: {{id: {{type: integer}}, name: {{type: string, maxLength: 5}}}}}}}}
"
        );
        let sandbox = start_with(options(&document)).await;
        let created = sent(&sandbox, "POST", "/items", json!({"name": "Lamp"})).await;
        let lamp = json!({"data": {"id": 2, "name": "Lamp"}});
        assert_eq!((created.status, created.json()), (201, lamp.clone()));
        assert_eq!(get(&sandbox, "/items/2").await.json(), lamp);
        let listed = get(&sandbox, "/items").await.json();
        assert_eq!(listed["data"][1], lamp["data"], "{listed}");
        let first = get(&sandbox, "/items/1").await.json();
        assert_eq!(listed["data"][0], first["data"], "what it starts with");
        let changed = sent(&sandbox, "PATCH", "/items/2", json!({"name": "Too long"})).await;
        assert_eq!(changed.json()["data"]["id"], 2, "{changed:?}");
    }
}

#[tokio::test]
async fn what_a_collection_starts_with_has_its_own_identifier_and_is_found_by_name() {
    let document = "
openapi: 3.0.3
info: {title: Disks, version: '1'}
paths:
  /disks/{disk}:
    parameters: [{name: disk, in: path, required: true, schema: {oneOf: [{type: integer}, {type: string}]}}]
    get: {responses: {'200': {$ref: '#/components/responses/Disk'}}}
    delete: {responses: {'204': {description: Deleted.}}}
  /disks:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Disk'}}}}
      responses: {'201': {$ref: '#/components/responses/Disk'}}
components:
  responses: {Disk: {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Disk'}}}}}
  schemas: {Disk: {type: object, properties: {id: {type: integer, readOnly: true, example: 10}, name: {type: string, example: root}}}}
";
    let sandbox = start_with(options(document)).await;
    let root = json!({"id": 10, "name": "root"});
    for path in ["/disks/10", "/disks/root"] {
        let reply = get(&sandbox, path).await;
        assert_eq!((reply.status, reply.json()), (200, root.clone()), "{path}");
    }
    let created = sent(&sandbox, "POST", "/disks", json!({"name": "swap"})).await;
    assert_eq!(created.status, 201);
    assert_eq!(get(&sandbox, "/disks/swap").await.json(), created.json());
    let reply = send(&sandbox, "DELETE", "/disks/swap", &[], "").await;
    assert_eq!(reply.status, 204);
    let id = created.json()["id"].to_string();
    assert_eq!(get(&sandbox, &format!("/disks/{id}")).await.status, 404);
    assert_eq!(get(&sandbox, "/disks/none").await.status, 404);
}

#[tokio::test]
async fn a_seed_chooses_what_is_generated() {
    let of = async |seed| {
        let sandbox = start_with(options(SHELTER).seed(seed)).await;
        let visit = "/v1/pets/7/visits/3fa85f64-5717-4562-b3fc-2c963f66afa6";
        let state = control(sandbox.address(), "PUT", "/state", "/pets: [{id: 7}]").await;
        assert_eq!(state.status, 200, "{visit}");
        get(&sandbox, "/v1/pets/7").await.json()
    };
    let made = [of(0).await, of(1).await, of(2).await, of(3).await];
    assert_eq!(made[1], of(1).await);
    assert!(
        made[1..].iter().any(|it| it["name"] != made[0]["name"]),
        "{made:?}"
    );
}

/// Operations that say little about their answers, in a document that shows an example.
const TERSE: &str = "
openapi: 3.0.3
info: {title: Jobs, version: '1'}
paths:
  /jobs:
    get:
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Job'}}
              example: [{name: nightly, state: waiting, created_at: '2020-01-01T00:00:00Z'}]
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}, note: {type: string}}}
      responses:
        '201': {description: Created, content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
        '409': {description: It exists}
  /jobs/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        '200': {description: Found, content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
        '404': {description: Missing}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses: {'404': {description: Missing}}
    delete: {responses: {'200': {description: Gone, content: {application/json: {}}}}}
components:
  schemas:
    Job:
      type: object
      required: [name]
      properties:
        name: {type: string}
        note: {type: string}
        state: {type: string, enum: [waiting, done]}
        created_at: {type: string, format: date-time}
        uuid: {type: string}
";

#[tokio::test]
async fn what_is_deleted_or_replaced_is_gone_however_little_the_answer_says() {
    let sandbox = start_with(options(TERSE)).await;
    let put = send(&sandbox, "PUT", "/jobs/nightly", &[], r#"{"note": "b"}"#).await;
    assert_eq!((put.status, put.body.as_str()), (200, ""));
    assert_eq!(get(&sandbox, "/jobs/nightly").await.json()["note"], "b");
    assert_eq!(
        ask(&sandbox, "DELETE", "/jobs/nightly", "").await,
        json!({})
    );
    assert_eq!(get(&sandbox, "/jobs/nightly").await.status, 404);
}

#[tokio::test]
async fn the_example_can_be_created_once() {
    let sandbox = start_with(options(TERSE)).await;
    let example = r#"{"name": "nightly"}"#;
    let statuses = async || {
        let reply = send(&sandbox, "POST", "/jobs", &[], example).await;
        reply.status
    };
    assert_eq!((statuses().await, statuses().await), (201, 409));
    let listed = get(&sandbox, "/jobs").await.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
}

#[tokio::test]
async fn a_created_resource_has_what_a_client_cannot_send() {
    let sandbox = start_with(options(TERSE)).await;
    let created = ask(&sandbox, "POST", "/jobs", r#"{"name": "a"}"#).await;
    assert_eq!(created["state"], "waiting");
    assert_ne!(created["created_at"], "2020-01-01T00:00:00Z");
    assert_eq!(created["note"], Value::Null);
    assert_eq!(get(&sandbox, "/jobs/a").await.json(), created);
}

/// What a server says that describes only what it is sent.
const SILENT: &str = "
openapi: 3.1.0
info: {title: Items, version: '1'}
paths:
  /items:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses: {'200': {description: Done, content: {application/json: {schema: {title: Response}}}}}
  /items/{item_id}:
    parameters: [{name: item_id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {}}}}}}
    delete: {responses: {'200': {description: Gone, content: {application/json: {schema: {}}}}}}
  /ping:
    get: {responses: {'200': {description: Alive, content: {application/json: {schema: {}}}}}}
    post: {responses: {'200': {description: Alive, content: {application/json: {schema: {}}}}}}
components:
  schemas:
    Item: {type: object, required: [name], properties: {name: {type: string}, price: {type: number}}}
";

#[tokio::test]
async fn a_response_that_says_nothing_shows_what_was_sent() {
    let sandbox = start_with(options(SILENT)).await;
    let seeded = ask(&sandbox, "GET", "/items", "").await;
    assert_eq!(seeded[0]["name"], "Desk lamp");
    let next = seeded[0]["id"].as_u64().unwrap() + 1;
    let created = ask(&sandbox, "POST", "/items", r#"{"name": "a"}"#).await;
    assert_eq!(created, json!({"name": "a", "id": next}));
    let path = format!("/items/{next}");
    assert_eq!(ask(&sandbox, "GET", &path, "").await, created);
    ask(&sandbox, "DELETE", &path, "").await;
    assert_eq!(get(&sandbox, &path).await.status, 404);
    assert_eq!(ask(&sandbox, "GET", "/items", "").await, seeded);
    assert_eq!(ask(&sandbox, "GET", "/ping", "").await, json!({}));
}

#[tokio::test]
async fn a_change_that_shows_what_is_sent_needs_no_operation_that_reads() {
    let document = "
openapi: 3.1.0
info: {title: Panel, version: '1'}
paths:
  /panels/{id}:
    patch:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, url: {type: string}}}}}}
      responses:
        '200': {description: Changed, content: {application/json: {schema: {type: object, properties: {id: {type: string}, name: {type: string}, url: {type: string}}}}}}
  /jobs/{id}:
    put:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {command: {type: string}}}}}}
      responses:
        '200': {description: Started, content: {application/json: {schema: {type: object, properties: {started: {type: boolean}}}, example: {started: true}}}}
";
    let sandbox = start_with(options(document)).await;
    let renamed = sent(&sandbox, "PATCH", "/panels/7", json!({"name": "North"})).await;
    assert_eq!(renamed.json()["name"], "North");
    assert_eq!(renamed.json()["id"], "7");
    let moved = sent(&sandbox, "PATCH", "/panels/7", json!({"url": "/n"})).await;
    assert_eq!(moved.json()["name"], "North");
    assert_eq!(moved.json()["url"], "/n");
    let started = sent(&sandbox, "PUT", "/jobs/7", json!({"command": "go"})).await;
    assert_eq!(started.json(), json!({"started": true}));
}
