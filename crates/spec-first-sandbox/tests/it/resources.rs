//! The state of any document: what was created is listed, read, changed and deleted.

use serde_json::{Value, json};
use spec_first_document::Document;
use spec_first_sandbox::{Options, Sandbox};
use test_support::http;

use crate::http::{Reply, options, send, start_with};

/// The item comes before its collection, parameters have other names in each path, and lists and resources are in envelopes.
pub(crate) const SHELTER: &str = "
openapi: 3.1.0
info: {title: Shelter, version: 1.0.0}
servers: [{url: /v1}]
paths:
  /pets/{petId}/visits/{id}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}, {name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {'200': {$ref: '#/components/responses/Visit'}}}
    delete: {responses: {'204': {description: Deleted.}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: get_pet
      responses:
        '200': {$ref: '#/components/responses/Pet'}
        '404': {description: None., content: {application/json: {schema: {type: object, required: [reason], properties: {reason: {const: gone}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}}
    patch:
      requestBody:
        content:
          application/merge-patch+json: {schema: {type: object}}
          application/json-patch+json: {schema: {type: array}}
      responses: {'200': {$ref: '#/components/responses/Pet'}}
    delete: {responses: {'200': {$ref: '#/components/responses/Pet'}}}
  /pets:
    get:
      parameters:
        - {name: kind, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema:
                type: object
                required: [total, pets]
                properties:
                  total: {type: integer}
                  pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              examples:
                first: {value: {total: 1, pets: [{id: 7, kind: cat, name: Tom, createdAt: '2020-01-01T00:00:00Z'}]}}
                none: {value: {total: 0, pets: []}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '202': {description: Later.}
        '201': {$ref: '#/components/responses/Pet'}
  /pets/{pet}/visits:
    parameters: [{name: pet, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Visit'}}, example: []}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Visit'}}}}
      responses: {'201': {$ref: '#/components/responses/Visit'}}
components:
  responses:
    Pet: {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    Visit:
      description: A visit.
      content: {application/json: {schema: {type: object, required: [data], properties: {data: {$ref: '#/components/schemas/Visit'}}}}}
  schemas:
    Base:
      type: object
      required: [id, createdAt]
      properties:
        id: {type: integer, readOnly: true}
        createdAt: {type: string, format: date-time, readOnly: true}
        updatedAt: {type: [string, 'null'], format: date-time, readOnly: true}
        self: {type: string, format: uri, readOnly: true}
    Pet:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          required: [name]
          properties:
            name: {type: string}
            kind: {enum: [dog, cat]}
            chip: {type: string, writeOnly: true}
            owner: {type: [string, 'null']}
    Visit:
      type: object
      required: [id, petId, on]
      properties: {id: {type: string, format: uuid, readOnly: true}, petId: {type: integer, readOnly: true}, on: {type: string, format: date}}
";

pub(crate) async fn shelter() -> Sandbox {
    start_with(options(SHELTER)).await
}

pub(crate) async fn get(sandbox: &Sandbox, target: &str) -> Reply {
    send(sandbox, "GET", target, &[], "").await
}

pub(crate) async fn sent(sandbox: &Sandbox, method: &str, target: &str, body: Value) -> Reply {
    send(sandbox, method, target, &[], &body.to_string()).await
}

async fn control(sandbox: &Sandbox, method: &str, target: &str, body: &str) -> Reply {
    http::control(sandbox.address(), method, target, body).await
}

#[tokio::test]
async fn what_is_created_is_read_listed_changed_and_deleted() {
    let sandbox = shelter().await;
    let body = json!({"name": "Rex", "kind": "dog", "chip": "secret", "id": 99});
    let created = sent(&sandbox, "POST", "/v1/pets", body).await;
    assert_eq!(created.status, 201, "{created:?}");
    let url = "http://sandbox/v1/pets/8";
    assert_eq!(created.header("location"), Some(url));
    let pet = created.json();
    assert_eq!(pet["id"], 8, "the number after that of the example");
    assert_eq!((&pet["name"], &pet["kind"]), (&json!("Rex"), &json!("dog")));
    assert_eq!(pet["self"], url);
    assert_eq!(pet["createdAt"], pet["updatedAt"]);
    assert!(pet["createdAt"].as_str().unwrap() > "2026-01-15T10:30:00Z");
    assert_eq!((pet.get("chip"), pet.get("owner")), (None, None));

    assert_eq!(get(&sandbox, "/v1/pets/8").await.json(), pet);
    let list = get(&sandbox, "/v1/pets").await.json();
    assert_eq!((&list["total"], &list["pets"][1]), (&json!(2), &pet));

    let body = json!({"kind": null, "owner": null, "name": "Max"});
    let merge = [("content-type", "application/merge-patch+json")];
    let reply = send(&sandbox, "PATCH", "/v1/pets/8", &merge, &body.to_string()).await;
    let patched = reply.json();
    assert_eq!(
        (&patched["name"], &patched["owner"]),
        (&json!("Max"), &Value::Null)
    );
    assert_eq!((patched.get("kind"), &patched["id"]), (None, &json!(8)));
    let patch = [("content-type", "application/json-patch+json")];
    let body = r#"[{"op": "replace", "path": "/name", "value": "Ben"}]"#;
    let reply = send(&sandbox, "PATCH", "/v1/pets/8", &patch, body).await;
    assert_eq!(reply.json()["name"], "Ben");
    let body = r#"[{"op": "test", "path": "/name", "value": "Max"}]"#;
    let reply = send(&sandbox, "PATCH", "/v1/pets/8", &patch, body).await;
    assert_eq!(reply.status, 422);

    let replaced = sent(&sandbox, "PUT", "/v1/pets/8", json!({"name": "Leo"})).await;
    let replaced = replaced.json();
    assert_eq!(
        (&replaced["name"], replaced.get("owner")),
        (&json!("Leo"), None)
    );
    assert_eq!(replaced["createdAt"], pet["createdAt"]);
    assert_eq!(get(&sandbox, "/v1/pets/8").await.json(), replaced);

    let deleted = send(&sandbox, "DELETE", "/v1/pets/8", &[], "").await;
    assert_eq!((deleted.status, deleted.json()), (200, replaced));
    for method in ["GET", "DELETE"] {
        let reply = send(&sandbox, method, "/v1/pets/8", &[], "").await;
        assert_eq!(reply.status, 404, "{method}");
    }
    let missing = get(&sandbox, "/v1/pets/8").await;
    assert_eq!(missing.json(), json!({"reason": "gone"}), "as documented");
    let again = sent(&sandbox, "POST", "/v1/pets", json!({"name": "Rex"})).await;
    assert_eq!(again.json()["id"], 9, "an identifier is not used again");
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn a_collection_starts_with_the_examples_and_is_filtered_and_paged() {
    let sandbox = shelter().await;
    let list = get(&sandbox, "/v1/pets").await.json();
    let tom = json!({"id": 7, "kind": "cat", "name": "Tom", "createdAt": "2020-01-01T00:00:00Z"});
    assert_eq!(list, json!({"total": 1, "pets": [tom]}));
    assert_eq!(get(&sandbox, "/v1/pets/7").await.json(), tom);
    for name in ["Rex", "Max"] {
        sent(
            &sandbox,
            "POST",
            "/v1/pets",
            json!({"name": name, "kind": "dog"}),
        )
        .await;
    }
    let dogs = get(&sandbox, "/v1/pets?kind=dog&limit=1").await.json();
    assert_eq!(
        (&dogs["total"], &dogs["pets"][0]["name"]),
        (&json!(2), &json!("Rex"))
    );
    assert_eq!(dogs["pets"].as_array().unwrap().len(), 1);
    let none = get(&sandbox, "/v1/pets?kind=bird").await.json();
    assert_eq!(none, json!({"total": 0, "pets": []}));
}

#[tokio::test]
async fn nested_collections_are_separate_and_go_with_their_parent() {
    let sandbox = shelter().await;
    let created = sent(
        &sandbox,
        "POST",
        "/v1/pets/7/visits",
        json!({"on": "2026-02-01"}),
    )
    .await;
    assert_eq!(created.status, 201);
    let visit = &created.json()["data"];
    assert_eq!(
        (&visit["petId"], &visit["on"]),
        (&json!(7), &json!("2026-02-01"))
    );
    let path = format!("/v1/pets/7/visits/{}", visit["id"].as_str().unwrap());
    assert_eq!(get(&sandbox, &path).await.json(), created.json());
    assert_eq!(
        get(&sandbox, "/v1/pets/7/visits").await.json(),
        json!([visit])
    );
    assert_eq!(get(&sandbox, "/v1/pets/6/visits").await.json(), json!([]));
    let elsewhere = path.replace("/7/", "/6/");
    assert_eq!(get(&sandbox, &elsewhere).await.status, 404);
    send(&sandbox, "DELETE", "/v1/pets/7", &[], "").await;
    assert_eq!(get(&sandbox, &path).await.status, 404);
    assert_eq!(get(&sandbox, "/v1/pets/7/visits").await.status, 404);
}

#[tokio::test]
async fn without_state_every_request_is_answered_from_the_document() {
    let sandbox = start_with(options(SHELTER).stateless()).await;
    sent(&sandbox, "POST", "/v1/pets", json!({"name": "Rex"})).await;
    let list = get(&sandbox, "/v1/pets").await.json();
    assert_eq!(list["pets"].as_array().unwrap().len(), 1);
    assert_eq!(get(&sandbox, "/v1/pets/1000").await.status, 200);
}

#[tokio::test]
async fn the_state_is_shown_replaced_removed_and_reset_over_the_control_api() {
    let sandbox = shelter().await;
    let body = json!({"name": "Rex", "chip": "secret"});
    sent(&sandbox, "POST", "/v1/pets", body).await;
    let shown = control(&sandbox, "GET", "/state?limit=1", "").await.json();
    assert_eq!(
        (&shown["total"], &shown["next"]),
        (&json!(2), &json!("/pets/7"))
    );
    assert_eq!(
        (&shown["stateful"], &shown["version"]),
        (&json!(true), &json!(1))
    );
    let next = control(&sandbox, "GET", "/state?after=/pets/7", "")
        .await
        .json();
    assert_eq!(next["/pets"]["8"]["chip"], "[redacted]");
    assert_eq!(next["next"], Value::Null);

    let seed =
        r#"{"/pets": [{"id": 3, "name": "Ada"}], "/pets/3/visits": {"v": {"on": "2026-01-01"}}}"#;
    assert_eq!(control(&sandbox, "PUT", "/state", seed).await.status, 200);
    assert_eq!(get(&sandbox, "/v1/pets/3").await.json()["name"], "Ada");
    assert_eq!(get(&sandbox, "/v1/pets/7").await.status, 404);
    let visits = get(&sandbox, "/v1/pets/3/visits").await.json();
    assert_eq!(visits[0]["on"], "2026-01-01");
    for (seed, problem) in [
        (
            "{/dogs: []}",
            "body:1:2: this is not the path of a collection (state)",
        ),
        (
            "/pets: 1",
            "body:1:8: a collection must be a mapping (state)",
        ),
        (
            "/pets: [{name: Ada}]",
            "body:1:9: this resource has no identifier (state)",
        ),
        (
            "/pets: {1: 2}",
            "body:1:12: a resource must be a mapping (state)",
        ),
    ] {
        let reply = control(&sandbox, "PUT", "/state", seed).await;
        let expected = format!("invalid state: {problem}");
        assert_eq!(
            (reply.status, &reply.json()["error"]),
            (400, &json!(expected))
        );
    }
    assert_eq!(get(&sandbox, "/v1/pets/3").await.status, 200);

    assert_eq!(control(&sandbox, "DELETE", "/state", "").await.status, 204);
    assert_eq!(
        get(&sandbox, "/v1/pets").await.json(),
        json!({"total": 0, "pets": []})
    );
    assert_eq!(control(&sandbox, "POST", "/reset", "").await.status, 204);
    assert_eq!(get(&sandbox, "/v1/pets/7").await.status, 200);
}

/// The paths say nothing: the extension does.
pub(crate) const OVERRIDDEN: &str = "
openapi: 3.0.3
info: {title: Shelter, version: 1.0.0}
paths:
  /pets/{slug}/rename:
    x-mock-resource: {collection: /pets, id: name}
    post:
      x-mock-resource: {action: update}
      parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {kind: {type: string}}}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}}
  /pets/{slug}:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/Pet'}}}
    delete:
      x-mock-resource: false
      responses: {'204': {description: Deleted.}}
  /new-pet:
    post:
      x-mock-resource: {collection: /pets, action: create}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}, '409': {description: Taken.}}
  /pets/cats:
    get:
      x-mock-resource: {collection: /pets, action: list}
      responses: {'200': {description: Some., content: {application/json: {schema: {type: array, maxItems: 2, items: {$ref: '#/components/schemas/Pet'}}}}}}
  /birds:
    get:
      x-mock-resource: {action: sing}
      responses: {'204': {description: Song.}}
components:
  responses: {Pet: {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  schemas: {Pet: {type: object, required: [name], properties: {name: {type: string}, kind: {type: string}}}}
";

#[tokio::test]
async fn the_document_says_which_operations_work_on_what() {
    let sandbox = start_with(options(OVERRIDDEN)).await;
    let flaws: Vec<_> = sandbox.flaws().iter().map(ToString::to_string).collect();
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    assert!(
        flaws[0].starts_with("other.yaml:29:7: this `x-mock-resource` is ignored"),
        "{flaws:?}"
    );
    let created = sent(&sandbox, "POST", "/new-pet", json!({"name": "Rex"})).await;
    assert_eq!(
        (created.status, created.json()),
        (200, json!({"name": "Rex"}))
    );
    let again = sent(&sandbox, "POST", "/new-pet", json!({"name": "Rex"})).await;
    assert_eq!(again.status, 409);
    let renamed = sent(&sandbox, "POST", "/pets/Rex/rename", json!({"kind": "dog"})).await;
    assert_eq!(renamed.json(), json!({"name": "Rex", "kind": "dog"}));
    assert_eq!(get(&sandbox, "/pets/Rex").await.json(), renamed.json());
    let reply = send(&sandbox, "DELETE", "/pets/Rex", &[], "").await;
    assert_eq!(reply.status, 204);
    assert_eq!(
        get(&sandbox, "/pets/Rex").await.status,
        200,
        "deleting is stateless"
    );
    sent(&sandbox, "POST", "/new-pet", json!({"name": "Tom"})).await;
    let listed = get(&sandbox, "/pets/cats").await.json();
    assert_eq!(
        listed.as_array().unwrap().len(),
        2,
        "as many as the schema allows"
    );
}

#[tokio::test]
async fn a_resource_that_does_not_fit_is_shown_as_far_as_it_does() {
    let document = SHELTER
        .replace("description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}", "description: A pet., content: {application/json: {schema: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string, maxLength: 3}}, additionalProperties: false}}}");
    assert_ne!(document, SHELTER);
    let sandbox = start_with(options(&document)).await;
    let created = sent(&sandbox, "POST", "/v1/pets", json!({"name": "Roberta"})).await;
    assert_eq!(
        (created.status, created.json()),
        (201, json!({"id": 8, "name": "Ada"}))
    );
    assert_eq!(
        get(&sandbox, "/v1/pets/8").await.json(),
        json!({"id": 8, "name": "Ada"})
    );
    let listed = get(&sandbox, "/v1/pets").await.json();
    assert_eq!(listed["pets"][1]["name"], "Roberta");
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn a_resource_is_sent_as_the_kind_of_json_that_the_client_accepts() {
    let pet = "{schema: {$ref: '#/components/schemas/Pet'}}";
    let document = SHELTER.replace(
        &format!("Pet: {{description: A pet., content: {{application/json: {pet}}}}}"),
        &format!("Pet: {{description: A pet., content: {{application/json: {pet}, application/vnd.pet+json: {pet}}}}}"),
    );
    assert_ne!(document, SHELTER);
    let sandbox = start_with(options(&document)).await;
    for accepted in ["application/json", "application/vnd.pet+json"] {
        let headers = [("accept", accepted)];
        let reply = send(&sandbox, "GET", "/v1/pets/7", &headers, "").await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, Some(accepted))
        );
    }
}

#[tokio::test]
async fn without_an_operation_that_creates_every_resource_exists_until_it_is_deleted() {
    let document = include_str!("../../examples/bookshop.yaml");
    let sandbox = start_with(Options::new("bookshop.yaml", document)).await;
    let book = json!({"title": "Rayuela", "pages": 736});
    assert_eq!(get(&sandbox, "/v2/books/1").await.json(), book);
    assert_eq!(get(&sandbox, "/v2/books/2").await.json(), book);
    let reply = sent(
        &sandbox,
        "PUT",
        "/v2/books/2",
        json!({"title": "Bestiario"}),
    )
    .await;
    assert_eq!(reply.status, 204);
    assert_eq!(
        get(&sandbox, "/v2/books/2").await.json(),
        json!({"title": "Bestiario"})
    );
    assert_eq!(get(&sandbox, "/v2/books/1").await.json(), book);
}

#[tokio::test]
async fn a_form_creates_too() {
    let document = SHELTER.replace(
        "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses:\n        '202'",
        "requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses:\n        '202'",
    );
    assert_ne!(document, SHELTER);
    let sandbox = start_with(options(&document)).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply = send(&sandbox, "POST", "/v1/pets", &form, "name=Rex&kind=dog").await;
    let created = (&reply.json()["name"], &reply.json()["kind"]);
    assert_eq!(created, (&json!("Rex"), &json!("dog")), "{reply:?}");
}

#[tokio::test]
async fn another_version_of_the_document_keeps_the_resources() {
    let sandbox = shelter().await;
    sent(&sandbox, "POST", "/v1/pets", json!({"name": "Rex"})).await;
    let renamed = SHELTER.replace("/pets", "/animals").replace(
        "            chip: ",
        "            legs: {type: integer, default: 4, readOnly: true}\n            chip: ",
    );
    let document = Document::parse("other.yaml", &renamed).unwrap();
    sandbox.reload(document).await.unwrap();
    let created = sent(&sandbox, "POST", "/v1/animals", json!({"name": "Tom"})).await;
    assert_eq!((created.status, &created.json()["legs"]), (201, &json!(4)));
    let document = Document::parse("other.yaml", SHELTER).unwrap();
    sandbox.reload(document).await.unwrap();
    assert_eq!(get(&sandbox, "/v1/pets/8").await.json()["name"], "Rex");
}
