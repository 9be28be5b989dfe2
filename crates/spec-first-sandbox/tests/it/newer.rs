//! Documents of OpenAPI 3.1 and 3.2, and documents in several files.

use std::io;

use serde_json::json;
use spec_first_document::Document;
use spec_first_sandbox::{Authentication, Options, Sandbox};

use crate::http::{options, send, send_bytes, start_with};

const NEWER: &str = "\
openapi: 3.2.0
info: {title: Pets, version: '1'}
paths:
  /pets: {$ref: '#/components/pathItems/Pets'}
components:
  pathItems:
    Pets:
      post:
        requestBody: {required: true, content: {application/json: {schema: {$ref: '#pet'}}}}
        responses: {'201': {description: Added, content: {application/json: {schema: {$ref: '#pet'}}}}}
      query:
        responses: {'200': {description: Found, content: {text/plain: {example: found}}}}
      additionalOperations:
        PURGE: {responses: {'204': {description: Gone}}}
  schemas:
    Pet:
      $anchor: pet
      type: object
      required: [name, weight]
      properties:
        name: {type: [string, 'null']}
        kind: {const: pet}
        weight: {type: number, exclusiveMinimum: 0}
      if: {required: [collar]}
      then: {required: [chip]}
      patternProperties: {'^x_': {type: integer}}
      unevaluatedProperties: true
";

#[tokio::test]
async fn json_schema_is_validated_in_full() {
    let sandbox = start_with(options(NEWER)).await;
    assert!(sandbox.flaws().is_empty(), "{:?}", sandbox.flaws());
    for (body, status) in [
        (json!({"name": null, "weight": 1}), 201),
        (json!({"name": "Rex", "weight": 0}), 400),
        (json!({"name": "Rex", "weight": 1, "kind": "person"}), 400),
        (json!({"name": "Rex", "weight": 1, "collar": true}), 400),
        (
            json!({"name": "Rex", "weight": 1, "collar": true, "chip": 7}),
            201,
        ),
        (json!({"name": "Rex", "weight": 1, "x_age": "old"}), 400),
    ] {
        let reply = send(&sandbox, "POST", "/pets", &[], &body.to_string()).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.body);
        if reply.status == 201 {
            let weight = reply.json()["weight"].as_f64();
            assert!(weight > Some(0.0), "{}", reply.body);
        }
    }
    sandbox.shutdown().await;
}

#[tokio::test]
async fn operations_of_any_method_are_shown_without_security() {
    let secured = NEWER
        .replace(
            "        responses: {",
            "        security: [{Key: []}]\n        responses: {",
        )
        .replace("PURGE: {", "PURGE: {security: [{Key: []}], ")
        .replace(
            "  schemas:",
            "  securitySchemes: {Key: {type: apiKey, in: header, name: key}}\n  schemas:",
        );
    let open = options(&secured).authentication(Authentication::None);
    let sandbox = start_with(open).await;
    let request = "GET /_sandbox/document HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let reply = send_bytes(&sandbox, request.as_bytes()).await;
    let shown = reply.json();
    let item = &shown["paths"]["/pets"];
    for operation in [
        &item["post"],
        &item["query"],
        &item["additionalOperations"]["PURGE"],
    ] {
        assert!(operation["responses"].is_object(), "{operation}");
        assert!(operation.get("security").is_none(), "{operation}");
    }
    sandbox.shutdown().await;
}

#[tokio::test]
async fn operations_of_any_method_are_answered() {
    let sandbox = start_with(options(NEWER)).await;
    let mut statuses = Vec::new();
    for method in ["QUERY", "PURGE", "GET"] {
        let reply = send(&sandbox, method, "/pets", &[], "").await;
        statuses.push(reply.status);
    }
    assert_eq!(statuses, [200, 204, 405]);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_document_in_several_files_is_served() {
    let read = |path: &str| {
        match path {
        "openapi.yaml" => Ok("openapi: 3.0.3\npaths: {/pets: {$ref: paths/pets.yaml}}\n".to_owned()),
        "paths/pets.yaml" => Ok("get: {responses: {'200': {description: A pet, content: {application/json: {schema: {$ref: ../pet.yaml}}}}}}\n".to_owned()),
        "pet.yaml" => Ok("type: object\nrequired: [parent]\nproperties: {parent: {nullable: true, allOf: [{$ref: pet.yaml}]}}\n".to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    }
    };
    let document = Document::read(&read, "openapi.yaml").unwrap();
    let sandbox = start_with(Options::from_document(document)).await;
    let reply = send(&sandbox, "GET", "/pets", &[], "").await;
    assert_eq!(reply.json(), json!({"parent": null}));
    sandbox.shutdown().await;
}

/// A query that is described as a whole, an example that is not serialized, and events with their fields.
const NEWEST: &str = "
openapi: 3.2.0
info: {title: Search, version: '1'}
paths:
  /found:
    get:
      parameters:
        - name: all
          in: querystring
          content: {application/x-www-form-urlencoded: {schema: {type: object, required: [size], additionalProperties: false, properties: {size: {type: integer}, tags: {type: array, items: {type: string}}}}}}
      responses:
        '200':
          description: Found.
          content: {application/json: {schema: {type: object}, examples: {one: {dataValue: {n: 1}}, two: {dataValue: {n: 2}}}}}
  /filtered:
    get:
      parameters: [{name: filter, in: querystring, content: {application/json: {schema: {type: object, required: [size]}}}}]
      responses: {'204': {description: Filtered.}}
  /chosen:
    get:
      parameters: [{name: selector, in: querystring, required: true, content: {application/jsonpath: {schema: {type: string, pattern: '^[$]'}}}}]
      responses: {'204': {description: Chosen.}}
  /events:
    get:
      responses:
        '200':
          description: Events.
          content:
            text/event-stream:
              itemSchema: {type: object, required: [data], properties: {event: {const: added}, data: {type: string, const: \"a\\nb\"}, retry: {const: 5}}}
";

#[tokio::test]
async fn a_query_may_be_described_as_a_whole() {
    let sandbox = start_with(options(NEWEST)).await;
    assert!(sandbox.flaws().is_empty(), "{:?}", sandbox.flaws());
    for (target, reason) in [
        ("/found?size=1&tags=a&tags=b", None),
        (
            "/found?size=x",
            Some("size must be of type `integer`, not `string`"),
        ),
        ("/found?tags=a", Some("size is required")),
        (
            "/found?size=1&other=2",
            Some("other is not a documented property"),
        ),
        ("/filtered?%7B%22size%22%3A1%7D", None),
        ("/filtered?%7B%7D", Some("size is required")),
        ("/filtered?size=1", Some("filter must be JSON")),
        (
            "/filtered?%7B%22size%22%3A1%7D&x=1",
            Some("filter must be JSON"),
        ),
        (
            "/filtered?%7B%22size%22%3A1%7D=1",
            Some("filter must be JSON"),
        ),
        // Only forms write a space as `+`, and only they need to encode `=` and `&`.
        ("/filtered?%7B%22size%22:%22a+b=c&d%22%7D", None),
        (
            "/filtered?1",
            Some("filter must be of type `object`, not `number`"),
        ),
        ("/filtered", None),
        ("/chosen?%24.a.b%5B1%3A1%5D", None),
        (
            "/chosen?a=1",
            Some("selector must match the pattern `^[$]`"),
        ),
        ("/chosen", Some("selector is required")),
    ] {
        let reply = send(&sandbox, "GET", target, &[], "").await;
        assert_eq!(
            reply.header("sandbox-reason"),
            reason,
            "{target}: {reply:?}"
        );
    }
    let samples = Sandbox::prepare(options(NEWEST)).unwrap().samples();
    for sample in samples.iter().filter(|it| !it.parameters.is_empty()) {
        let reply = send(&sandbox, "GET", &sample.target(), &[], "").await;
        assert!(reply.status < 300, "{}: {reply:?}", sample.target());
    }
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_example_may_have_a_value_that_is_not_serialized() {
    let sandbox = start_with(options(NEWEST)).await;
    for (example, n) in [("one", 1), ("two", 2)] {
        let prefer = format!("example={example}");
        let prefer = [("prefer", prefer.as_str())];
        let reply = send(&sandbox, "GET", "/found?size=1", &prefer, "").await;
        assert_eq!(reply.json(), json!({"n": n}));
    }
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_event_is_sent_with_its_fields() {
    let sandbox = start_with(options(NEWEST)).await;
    let reply = send(&sandbox, "GET", "/events", &[], "").await;
    assert_eq!(reply.body, "event: added\nretry: 5\ndata: a\ndata: b\n\n");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_example_of_a_stream_has_all_of_its_events() {
    let fields = "itemSchema: {type: object, required: [data], properties: {id: {type: [string, 'null']}, data: {type: string}}}";
    for (media, expected) in [
        (
            format!("{fields}, example: [{{data: a}}, {{id: null, data: \"b\\rc\\r\\nd\"}}]"),
            "data: a\n\ndata: b\ndata: c\ndata: d\n\n",
        ),
        (
            "itemSchema: {type: object}, example: [{n: 1}, {n: 2}]".to_owned(),
            "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n",
        ),
        (
            format!("{fields}, examples: {{two: {{serializedValue: \"id: 7\\ndata: a\\n\\n\"}}}}"),
            "id: 7\ndata: a\n\n",
        ),
    ] {
        let events = NEWEST.split("              itemSchema").next().unwrap();
        let (before, _) = events.rsplit_once("text/event-stream:").unwrap();
        let document = format!("{before}text/event-stream: {{{media}}}\n");
        let sandbox = start_with(options(&document)).await;
        let reply = send(&sandbox, "GET", "/events", &[], "").await;
        assert_eq!(reply.body, expected, "{media}");
        sandbox.shutdown().await;
    }
}

#[tokio::test]
async fn a_serialized_example_is_read() {
    let document = NEWEST.replace(
        "one: {dataValue: {n: 1}}",
        "one: {serializedValue: '{\"n\": 3}'}",
    );
    let sandbox = start_with(options(&document)).await;
    let reply = send(&sandbox, "GET", "/found?size=1", &[], "").await;
    assert_eq!(reply.json(), json!({"n": 3}));
    sandbox.shutdown().await;
}
