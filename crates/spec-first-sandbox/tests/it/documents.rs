//! Other documents are served without any code for them.

use serde_json::json;
use spec_first_sandbox::{Authentication, Options, Sandbox, StartError};

use crate::http::{Reply, fields, send, start_with};

const PETS: &str = r##"
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: '/pets/v2/'}]
security: [{Token: [], Partner: []}, {Query: []}]
paths:
  /pets:
    parameters:
      - {name: limit, in: query, schema: {type: integer, minimum: 1}}
    get:
      operationId: list_pets
      parameters:
        - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: X-Page, in: header, required: true, schema: {type: boolean}}
      responses:
        '200':
          description: Pets
          content:
            text/csv: {example: 'name'}
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}
        '401':
          description: Refused
          content:
            application/problem+json:
              schema: {type: object, required: [reason], properties: {reason: {type: string}}}
              example: {reason: who are you}
    post:
      security: []
      responses: {'204': {description: Made}}
  /pets/{petId}:
    get:
      operationId: get_pet
      security: [{}]
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        2XX:
          description: A pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, examples: {a: {value: {name: Ada}}, b: {value: {name: Bob}}}}}
    delete:
      security: []
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: A pet, content: {application/json: {schema: {type: string}}}}}
  /pets/broken:
    get:
      operationId: break_pet
      security: []
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, examples: {bad: {value: {name: 7, secret: SECRET}}, good: {value: {name: Ada}}}}}}
components:
  securitySchemes:
    Token: {type: http, scheme: Bearer}
    Partner: {type: apiKey, in: header, name: X-Partner}
    Query: {type: apiKey, in: query, name: api_key}
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, secret: {type: string, writeOnly: true}}
      example: {name: Rex}
"##;

const PAGE: (&str, &str) = ("x-page", "true");

async fn pets() -> Sandbox {
    start_with(Options::new("pets.yaml", PETS).stateless()).await
}

async fn get(sandbox: &Sandbox, target: &str, headers: &[(&str, &str)]) -> Reply {
    send(sandbox, "GET", target, headers, "").await
}

#[tokio::test]
async fn every_kind_of_example_is_used() {
    let sandbox = pets().await;
    assert!(sandbox.base_url().ends_with("/pets/v2"));
    let reply = get(&sandbox, "/pets/v2/pets?api_key=k", &[PAGE]).await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!([{"name": "Rex"}]))
    );
    let reply = get(&sandbox, "/pets/v2/pets/7", &[]).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"name": "Ada"})));
    let reply = send(&sandbox, "POST", "/pets/v2/pets", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
}

#[tokio::test]
async fn an_operation_without_example_is_answered_from_its_schema() {
    let reply = send(&pets().await, "DELETE", "/pets/v2/pets/7", &[], "").await;
    assert_eq!((reply.status, reply.json()), (200, json!("string")));
}

#[tokio::test]
async fn an_operation_without_a_possible_response_is_not_implemented() {
    let text = PETS.replace(
        "schema: {type: string}}}}}",
        "schema: {$ref: '#/components/schemas/Endless'}}}}}",
    );
    let endless =
        "    Endless: {required: [a], properties: {a: {$ref: '#/components/schemas/Endless'}}}";
    let text = format!("{text}{endless}\n");
    let sandbox = start_with(Options::new("pets.yaml", text).stateless()).await;
    let reply = send(&sandbox, "DELETE", "/pets/v2/pets/7", &[], "").await;
    assert_eq!(reply.status, 501);
    assert!(
        reply.body.contains("DELETE /pets/{petId}") && reply.body.contains("none can be generated"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_nonconforming_example_is_not_sent() {
    let sandbox = pets().await;
    let reply = get(&sandbox, "/pets/v2/pets/broken", &[]).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"name": "Ada"})));
    let prefer = [("prefer", "example=bad")];
    let reply = get(&sandbox, "/pets/v2/pets/broken", &prefer).await;
    assert_eq!(reply.status, 400);
    for part in ["`break_pet`", "name must be", "those that do: `good`"] {
        assert!(reply.body.contains(part), "{part}: {reply:?}");
    }
    assert!(!reply.body.contains("SECRET"), "{reply:?}");
}

#[tokio::test]
async fn one_of_the_security_alternatives_must_be_fully_satisfied() {
    let sandbox = pets().await;
    let (token, partner) = (("authorization", "bearer t"), ("x-partner", "p"));
    for (query, headers, expected) in [
        ("", &[PAGE, token, partner][..], 200),
        ("", &[PAGE, token], 401),
        ("", &[PAGE, partner], 401),
        ("?api_key=k", &[PAGE], 200),
        ("?api_key=", &[PAGE], 401),
        ("?api_key=a&api_key=b", &[PAGE], 401),
    ] {
        let reply = get(&sandbox, &format!("/pets/v2/pets{query}"), headers).await;
        assert_eq!(reply.status, expected, "{query} {headers:?}: {reply:?}");
    }
    assert!(
        sandbox.received()[3]
            .target
            .ends_with("?api_key=[redacted]")
    );
}

#[tokio::test]
async fn only_the_credentials_of_the_mode_are_accepted() {
    use Authentication::{ApiKey, Basic, Either};
    const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: A, version: '1'}
security: [{Key: []}, {Token: []}, {Client: []}, {Key: [], Client: []}]
paths: {/a: {get: {responses: {'204': {description: Done}}}}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: x-key}
    Token: {type: http, scheme: bearer}
    Client: {type: http, scheme: basic}
";
    let key = ("x-key", "k");
    let token = ("authorization", "Bearer t");
    let client = ("authorization", "Basic aWQ6c2VjcmV0");
    for (mode, expected) in [
        (ApiKey, [204, 204, 401]),
        (Basic, [401, 401, 204]),
        (Either, [204, 204, 204]),
    ] {
        let options = Options::new("modes.yaml", DOCUMENT).authentication(mode);
        let sandbox = start_with(options).await;
        for (credential, expected) in [key, token, client].into_iter().zip(expected) {
            let reply = get(&sandbox, "/a", &[credential]).await;
            assert_eq!(reply.status, expected, "{mode} {credential:?}");
        }
    }
}

#[tokio::test]
async fn only_operations_that_define_the_status_fail_with_it() {
    let sandbox = start_with(Options::new("pets.yaml", PETS).fail_with(401)).await;
    let reply = get(&sandbox, "/pets/v2/pets?api_key=k", &[PAGE]).await;
    assert_eq!(
        (reply.status, reply.json()),
        (401, json!({"reason": "who are you"}))
    );
    let reply = send(&sandbox, "POST", "/pets/v2/pets", &[], "").await;
    assert_eq!(reply.status, 204, "{reply:?}");

    let informational = PETS.replace("{'204':", "{'103': {description: Wait}, '204':");
    for status in [418, 103] {
        let options = Options::new("pets.yaml", informational.as_str()).fail_with(status);
        let error = Sandbox::start(options).await.unwrap_err();
        assert!(
            matches!(error, StartError::UndocumentedStatus { .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_error_shape_of_another_document_is_taken_from_its_example() {
    let sandbox = pets().await;
    let reply = get(&sandbox, "/pets/v2/pets", &[PAGE]).await;
    assert_eq!(
        (reply.status, reply.json()),
        (401, json!({"reason": "who are you"}))
    );
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn parameters_are_validated_in_every_location() {
    let sandbox = pets().await;
    for (query, headers, field) in [
        ("limit=3&tag=a&tag=b", &[PAGE][..], None),
        ("limit=0", &[PAGE], Some("limit")),
        ("limit=x", &[PAGE], Some("limit")),
        ("limit=1&limit=2", &[PAGE], Some("limit")),
        ("tag=a&tag=long", &[PAGE], Some("tag.1")),
        ("", &[], Some("X-Page")),
        ("", &[("x-page", "maybe")], Some("X-Page")),
    ] {
        let reply = get(
            &sandbox,
            &format!("/pets/v2/pets?api_key=k&{query}"),
            headers,
        )
        .await;
        match field {
            None => assert_eq!(reply.status, 200, "{query}: {reply:?}"),
            Some(field) => {
                assert_eq!(reply.status, 400, "{query}: {reply:?}");
                assert_eq!(fields(&reply), [field], "{query}: {reply:?}");
            }
        }
    }
    let reply = get(&sandbox, "/pets/v2/pets/seven", &[]).await;
    assert_eq!(fields(&reply), ["petId"], "{reply:?}");
}

#[tokio::test]
async fn a_document_that_cannot_be_served_is_reported_with_its_place() {
    for (from, to, place) in [
        ("openapi: 3.0.3", "openapi: 4.0.0", "pets.yaml:2:"),
        (
            "'#/components/schemas/Pet'",
            "'other.yaml#/Pet'",
            "pets.yaml:",
        ),
        ("paths:", "paths: [", "pets.yaml:"),
    ] {
        let text = PETS.replace(from, to);
        let error = Sandbox::start(Options::new("pets.yaml", text))
            .await
            .unwrap_err();
        assert!(matches!(error, StartError::Document { .. }), "{error}");
        assert!(error.to_string().contains(place), "{error}");
    }
}

/// Documents of large APIs name the same path parameter differently for each method.
#[tokio::test]
async fn paths_that_differ_only_in_parameter_names_are_distinguished_by_method() {
    let document = |method: &str| {
        format!(
            "openapi: 3.0.3
info: {{title: Proofs, version: '1'}}
paths:
  /proofs/{{digest}}:
    get:
      parameters: [{{name: digest, in: path, required: true, schema: {{type: string, minLength: 3}}}}]
      responses: {{'204': {{description: Found}}}}
  /proofs/{{number}}:
    {method}:
      parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}]
      responses: {{'204': {{description: Deleted}}}}
"
        )
    };
    let options = |method| Options::new("proofs.yaml", document(method));
    let sandbox = start_with(options("delete")).await;
    for (method, path, expected) in [
        ("GET", "/proofs/abc", 204),
        ("GET", "/proofs/7", 400),
        ("DELETE", "/proofs/7", 204),
        ("DELETE", "/proofs/abc", 400),
    ] {
        let reply = send(&sandbox, method, path, &[], "").await;
        assert_eq!(reply.status, expected, "{method} {path}: {reply:?}");
    }
    let error = Sandbox::start(options("get").strict()).await.unwrap_err();
    assert!(error.to_string().contains("proofs.yaml:9:"), "{error}");

    // For the same method, the values decide.
    let sandbox = start_with(options("get")).await;
    for (path, expected) in [("abc", 204), ("7", 204), ("ab", 400)] {
        let reply = send(&sandbox, "GET", &format!("/proofs/{path}"), &[], "").await;
        assert_eq!(reply.status, expected, "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn operations_of_the_same_path_are_served_alike() {
    let parameter = |name: &str, schema: &str| {
        format!("parameters: [{{name: {name}, in: path, required: true, schema: {schema}}}]")
    };
    let thing = "responses: {'200': {description: A thing, content: {application/json: {schema: {type: object, properties: {id: {type: string}, text: {type: string}}}}}}}";
    let document = format!(
        "openapi: 3.0.3
info: {{title: Things, version: '1'}}
servers: [{{url: /one}}, {{url: /two}}]
paths:
  /things/{{id}}:
    {}
    get: {{operationId: byId, {thing}}}
    put: {{requestBody: {{content: {{application/json: {{schema: {{type: object}}}}}}}}, {thing}}}
  /things/{{name}}:
    {}
    get: {{operationId: byName, {thing}}}
  /others#one: {{get: {{responses: {{'204': {{description: One}}}}}}}}
  /others: {{get: {{responses: {{'205': {{description: All}}}}}}}}
",
        parameter("id", "{type: integer}"),
        parameter("name", "{type: string, pattern: '^[a-z]+$'}"),
    );
    let options = Options::new("things.yaml", document);
    let prepared = Sandbox::prepare(options.clone()).unwrap();
    let names: Vec<_> = prepared.operations().filter_map(|it| it.id).collect();
    assert!(names.contains(&"byName"), "{names:?}");
    let sandbox = start_with(options).await;
    for server in ["one", "two"] {
        for (path, expected) in [
            ("things/7", 200),
            ("things/ab", 200),
            ("things/A", 400),
            ("others", 205),
        ] {
            let reply = get(&sandbox, &format!("/{server}/{path}"), &[]).await;
            assert_eq!(reply.status, expected, "{server} {path}: {reply:?}");
        }
    }
    let fault = [("x-sandbox-fault", "status=503")];
    let reply = get(&sandbox, "/two/things/ab", &fault).await;
    assert_eq!(reply.status, 503);
    let received = sandbox.received().pop().unwrap();
    assert_eq!(received.operation.as_deref(), Some("byName"));
}

/// A document with a single operation, `GET /a`, with these responses.
async fn with_responses(responses: &str) -> Sandbox {
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{/a: {{get: {{responses: {responses}}}}}}}\n"
    );
    start_with(Options::new("a.yaml", document)).await
}

#[tokio::test]
async fn the_default_response_is_a_success_only_if_no_other_is_documented() {
    let failure = "{description: Failure, content: {application/json: {example: {id: failed}}}}";
    let sandbox = with_responses(&format!(
        "{{'200': {{description: A, content: {{application/json: {{}}}}}}, default: {failure}}}"
    ))
    .await;
    let reply = get(&sandbox, "/a", &[]).await;
    assert_eq!((reply.status, reply.json()), (200, json!({})));

    let sandbox = with_responses(&format!("{{default: {failure}}}")).await;
    let reply = get(&sandbox, "/a", &[]).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"id": "failed"})));
}

#[tokio::test]
async fn nonconforming_examples_are_replaced_with_generated_values() {
    let sandbox = with_responses(
        "{'200': {description: A, content: {application/json: {example: {a: 1}, schema: {required: [a, b], properties: {a: {type: string, example: 20.04}, b: {type: string, maxLength: 3, example: long}}}}}}}",
    )
    .await;
    let reply = get(&sandbox, "/a", &[]).await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({"a": "a", "b": "b"}))
    );
}

/// A value that nearly conforms is more useful to a client than an error, provided the response says so.
#[tokio::test]
async fn the_closest_possible_value_is_sent_with_a_note() {
    let document = r#"
openapi: 3.0.3
info: {title: Patterns, version: '1'}
paths:
  /ahead:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {type: string, pattern: '^(?!admin$)[a-z]+$'}}}}}}
  /braces:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {type: string, pattern: '^/{id}$'}}}}}}
  /twice:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {oneOf: [{required: [a], properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}}}}}}
  /alike:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {oneOf: [{type: integer}, {type: integer}]}}}}}}
  /impossible:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {type: string, pattern: '^(?=.*[0-9])[a-zñ]+$'}, example: 7}}}}}
  /bad-example:
    get: {responses: {'200': {description: Done, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}, example: {a: 7}}}}}}
"#;
    let sandbox = start_with(Options::new("patterns.yaml", document)).await;
    for (path, body, note) in [
        ("/ahead", json!("a"), None),
        ("/braces", json!("/{id}"), None),
        ("/twice", json!({"b": "b"}), None),
        (
            "/alike",
            json!(0),
            Some(
                "`application/json` does not match its schema: the body must match only one of the documented schemas",
            ),
        ),
        (
            "/impossible",
            json!("a"),
            Some(
                "`application/json` does not match its schema: the body must match the pattern `^(?=.*[0-9])[a-z?]+$`",
            ),
        ),
        (
            "/bad-example",
            json!({"a": "a"}),
            Some(
                "the example of `application/json` does not match its schema, so a value was generated instead: a must be of type `string`, not `number`",
            ),
        ),
    ] {
        let reply = get(&sandbox, path, &[]).await;
        assert_eq!((reply.status, reply.json()), (200, body), "{path}");
        assert_eq!(reply.header("sandbox-note"), note, "{path}");
    }
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn the_hint_depends_on_the_version_of_the_document() {
    for (version, hint) in [
        ("openapi: 4.0.0", "use a version such as `3.0.3`"),
        ("swagger: '2.0'", "convert the document to OpenAPI 3.0"),
        ("info: {}", "begin the document with `openapi: 3.0.3`"),
    ] {
        let document = format!("{version}\npaths: {{}}\n");
        let options = Options::new("other.yaml", document);
        let error = Sandbox::start(options).await.unwrap_err();
        let StartError::Document { help, .. } = &error else {
            panic!("{error}");
        };
        assert!(help.starts_with(hint), "{version}: {help}");
    }
}
