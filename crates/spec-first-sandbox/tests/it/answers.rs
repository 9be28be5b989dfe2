//! Which answer a request gets, and in which form, if there is state.

use serde_json::json;
use test_support::http::control;

use crate::{
    http::{options, send, start_with},
    resources::{OVERRIDDEN, SHELTER, get, sent, shelter},
};

#[tokio::test]
async fn an_example_that_a_request_or_the_options_name_comes_before_the_state() {
    let sandbox = shelter().await;
    let prefer = [("prefer", "example=none")];
    let reply = send(&sandbox, "GET", "/v1/pets", &prefer, "").await;
    assert_eq!(reply.json(), json!({"total": 0, "pets": []}));
    let prefer = [("prefer", "code=201")];
    let reply = send(&sandbox, "POST", "/v1/pets", &prefer, r#"{"name": "Rex"}"#).await;
    assert_eq!((reply.status, &reply.json()["id"]), (201, &json!(8)));
    assert_eq!(reply.header("preference-applied"), Some("code=201"));
    let sandbox = start_with(options(SHELTER).examples(["none"])).await;
    let reply = get(&sandbox, "/v1/pets").await;
    assert_eq!(reply.json(), json!({"total": 0, "pets": []}));
    let chosen = control(sandbox.address(), "GET", "/examples", "").await;
    assert_eq!(chosen.json(), json!({"examples": ["none"]}));
    let chosen = control(sandbox.address(), "PUT", "/examples", "[]").await;
    assert_eq!(chosen.json(), json!({"examples": []}));
    assert_ne!(get(&sandbox, "/v1/pets").await.json()["total"], 0);
    for wrong in ["{}", "[\"non\"]"] {
        let refused = control(sandbox.address(), "PUT", "/examples", wrong).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn the_state_is_written_in_the_media_type_that_the_client_accepts() {
    let document = OVERRIDDEN.replace(
        "responses: {Pet: {description: A pet., content: {",
        "responses: {Pet: {description: A pet., content: {text/csv: {example: 'name'}, application/xml: {schema: {$ref: '#/components/schemas/Pet'}}, ",
    );
    let sandbox = start_with(options(&document)).await;
    sent(&sandbox, "POST", "/new-pet", json!({"name": "Rex"})).await;
    for (accept, status, body) in [
        ("application/xml", 200, "<Pet><name>Rex</name></Pet>"),
        ("text/csv", 200, "name"),
        ("text/*;q=0.2, application/json;q=0.1", 200, "name"),
        ("*/*", 200, r#"{"name":"Rex"}"#),
    ] {
        let reply = send(&sandbox, "GET", "/pets/Rex", &[("accept", accept)], "").await;
        assert_eq!((reply.status, &*reply.body), (status, body), "{accept}");
    }
    let reply = send(&sandbox, "GET", "/pets/Rex", &[("accept", "image/png")], "").await;
    assert_eq!(reply.status, 406);
    assert!(
        reply
            .body
            .contains("`application/json`, `text/csv`, `application/xml`"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn an_example_is_for_requests_with_a_certain_content() {
    let document = SHELTER
        .replace("none: {value:", "none: {x-mock-match: {$request.query.kind: dog, $request.query.limit: 3}, value:")
        .replace("responses: {'200': {$ref: '#/components/responses/Visit'}}", "responses: {'200': {$ref: '#/components/responses/Visit'}, '418': {description: Odd., content: {application/json: {examples: {odd: {value: odd, x-mock-match: {$request.path.petId: 5}}, bad: {value: 1, x-mock-match: {$url: 7}}}}}}}");
    let sandbox = start_with(options(&document)).await;
    let flaws: Vec<_> = sandbox.flaws().iter().map(ToString::to_string).collect();
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    assert!(
        flaws[0].contains("this `x-mock-match` is ignored"),
        "{flaws:?}"
    );
    let matched = get(&sandbox, "/v1/pets?kind=dog&limit=3").await.json();
    assert_eq!(matched, json!({"total": 0, "pets": []}));
    let other = get(&sandbox, "/v1/pets?limit=3").await.json();
    assert_eq!(other["total"], 1);
    let id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
    let odd = get(&sandbox, &format!("/v1/pets/5/visits/{id}")).await;
    assert_eq!((odd.status, odd.json()), (418, json!("odd")));
    assert_ne!(
        get(&sandbox, &format!("/v1/pets/6/visits/{id}"))
            .await
            .status,
        418
    );
}

const ODD: &str = "
openapi: 3.0.3
info: {title: Odd, version: '1'}
paths:
  /odd:
    get:
      parameters: [{name: size, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: One of its members has no value
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties:
                    city: {type: string}
                    size: {type: integer, enum: [small, large]}
                    disk: {type: object, required: [kind], properties: {kind: {type: boolean, enum: ['no']}}}
                    fax: {type: string}
                    room: {type: object, properties: {floor: {type: integer}, kind: {type: boolean, enum: ['no']}}}
        '400': {description: Invalid, content: {application/json: {schema: {$ref: '#/components/schemas/Errors'}}}}
        '404': {description: Missing, content: {application/json: {schema: {$ref: '#/components/schemas/Errors'}}}}
components:
  schemas:
    Errors: {type: object, properties: {errors: {type: array, items: {type: object, required: [message], properties: {name: {type: string}, message: {type: string}}}}}}
";

#[tokio::test]
async fn a_member_that_no_value_fits_does_not_take_the_others_along() {
    let sandbox = start_with(options(ODD)).await;
    let expected = json!([{"city": "Lisbon", "fax": "+12025550101", "room": {"floor": 1}}]);
    assert_eq!(get(&sandbox, "/odd").await.json(), expected);
}

#[tokio::test]
async fn a_generated_error_reads_like_one() {
    let sandbox = start_with(options(ODD)).await;
    let reply = get(&sandbox, "/odd?size=big").await;
    let message = "size must be of type `integer`, not `string`";
    let error = |message| json!({"errors": [{"name": "error", "message": message}]});
    assert_eq!((reply.status, reply.json()), (400, error(message)));
    let reply = send(&sandbox, "GET", "/odd", &[("prefer", "code=404")], "").await;
    assert_eq!(reply.json(), error("The request failed."));
}

#[tokio::test]
async fn a_range_does_not_describe_a_type_that_is_listed() {
    let document = "
openapi: 3.0.3
info: {title: Files, version: '1'}
paths:
  /file:
    get:
      responses:
        '200':
          description: A file, or what is known about it.
          content:
            '*/*': {schema: {type: string, format: binary}}
            application/json: {schema: {type: object, properties: {size: {type: integer}}}}
";
    let sandbox = start_with(options(document)).await;
    assert_eq!(get(&sandbox, "/file").await.json(), json!({"size": 2048}));
}

#[tokio::test]
async fn an_example_in_json_may_be_written_as_a_text() {
    for (schema, expected) in [
        ("properties: {id: {type: integer}}", r#"{"id":7}"#),
        ("type: object", r#"{"id":7}"#),
        ("type: string", r#""{\"id\": 7}""#),
    ] {
        let content = format!("{{schema: {{{schema}}}, example: '{{\"id\": 7}}'}}");
        let document = format!(
            "openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{'200': {{description: A, content: {{application/json: {content}}}}}}}}}}}}}\n"
        );
        let sandbox = start_with(options(&document)).await;
        assert_eq!(get(&sandbox, "/a").await.body, expected, "{schema}");
        sandbox.shutdown().await;
    }
}
