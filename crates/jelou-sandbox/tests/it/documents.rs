//! Documents other than that of the panel, and additions to it.

use jelou_sandbox::Options;
use serde_json::json;

use crate::{
    control,
    http::{BODY, KEY, PATH, patch, send, start_with},
};

#[tokio::test]
async fn a_second_operation_is_answered_from_its_example() {
    let added = "  /v1/external-support/{projectId}/events:
    get:
      operationId: list_events
      parameters:
        - $ref: '#/components/parameters/ProjectId'
      responses:
        '200':
          description: Events
          content:
            application/json:
              example: [{kind: message}]

webhooks:
";
    let text = jelou_spec::EXTERNAL_SUPPORT
        .text
        .replacen("webhooks:\n", added, 1);
    let options = Options::default()
        .document("more.yaml", text)
        .integration("PROJECT_ID");
    let sandbox = start_with(options).await;
    let target = format!("{PATH}/events");
    let reply = send(&sandbox, "GET", &target, &[KEY], "").await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!([{"kind": "message"}]))
    );
    assert_eq!(send(&sandbox, "GET", &target, &[], "").await.status, 401);
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_document_without_stateful_operations_has_no_integrations() {
    let document = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n";
    let options = Options::default().integration("PROJECT_ID");
    for (options, expected) in [
        (options.clone(), json!([1, true])),
        (options.document("a.yaml", document), json!([0, false])),
    ] {
        let sandbox = start_with(options).await;
        let state = control::get(&sandbox, "/state").await;
        assert_eq!(json!([state["total"], state["stateful"]]), expected);
    }
}

#[tokio::test]
async fn another_document_keeps_what_is_created() {
    let thing = "{type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}";
    let document = format!(
        "openapi: 3.0.3
info: {{title: A, version: '1'}}
paths:
  /things:
    post:
      requestBody: {{required: true, content: {{application/json: {{schema: {thing}}}}}}}
      responses: {{'201': {{description: A, content: {{application/json: {{schema: {thing}}}}}}}}}
  /things/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{description: A, content: {{application/json: {{schema: {thing}}}}}}}}}}}
"
    );
    let sandbox = start_with(Options::default().document("things.yaml", document)).await;
    let json = ("content-type", "application/json");
    let created = send(&sandbox, "POST", "/things", &[json], r#"{"name":"Ada"}"#).await;
    assert_eq!(created.status, 201);
    let target = format!("/things/{}", created.json()["id"]);
    let shown = send(&sandbox, "GET", &target, &[], "").await;
    assert_eq!((shown.status, &shown.json()["name"]), (200, &json!("Ada")));
}

#[tokio::test]
async fn the_document_of_the_panel_has_no_flaws() {
    let sandbox = start_with(Options::default().strict()).await;
    assert_eq!(sandbox.flaws().len(), 0);
}
