//! Why a request was refused: in a header, whatever the shape of the document's errors, and never at any length.

use jelou_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::http::{KEY, Reply, patch, send, send_bytes, start, start_with};

/// A document whose errors have no room for what was wrong.
const PARCELS: &str = r##"
openapi: 3.0.3
info: {title: Parcels, version: '1'}
paths:
  /parcels/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      operationId: put_parcel
      security: [{Key: []}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              properties: {weight: {type: integer, maximum: 30}, key: {type: string, format: password, maxLength: 3}}
      responses:
        '200': {description: Put, content: {application/json: {schema: {type: object}, example: {}}}}
        default: {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}, example: {code: E1}}}}
    get:
      operationId: get_parcel
      responses:
        '400': {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}, example: {code: E1}}}}
        '501': {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}, example: {code: E1}}}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: x-api-key}}
  schemas:
    Error: {type: object, required: [code], additionalProperties: false, properties: {code: {type: string}}}
"##;

async fn parcels() -> Sandbox {
    start_with(Options::default().document("parcels.yaml", PARCELS)).await
}

#[track_caller]
fn check(reply: &Reply, status: u16, reason: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("Sandbox-Reason"), Some(reason), "{reply:?}");
    assert_eq!(reply.json(), json!({ "code": "E1" }));
}

#[tokio::test]
async fn a_refusal_in_a_shape_of_the_document_says_why_in_a_header() {
    let sandbox = parcels().await;
    let put = |headers, body| send(&sandbox, "PUT", "/parcels/1", headers, body);
    check(
        &put(&[], "{}").await,
        401,
        "Unauthorized; the request must bring an accepted key in the header `x-api-key`",
    );
    check(
        &put(&[KEY], r#"{"weight":31,"key":"SECRET"}"#).await,
        400,
        "key must have a length of at most 3; weight must be at most 30",
    );
    check(
        &put(&[KEY, ("content-type", "text/plain")], "SECRET").await,
        415,
        "the body must have a media type that the document describes: `application/json`",
    );
    check(
        &send(&sandbox, "GET", "/parcels/one", &[], "").await,
        400,
        "id must be of the type `integer`",
    );
    check(
        &send(&sandbox, "GET", "/parcels/1", &[], "").await,
        501,
        "the document describes no response of `get_parcel` that means success, only `400`, `501`; `Prefer: code=STATUS` asks for one"
            .replace('…', "?")
            .as_str(),
    );
    let performed = put(&[KEY], r#"{"weight":30}"#).await;
    assert_eq!(performed.status, 200);
    assert_eq!(performed.header("Sandbox-Reason"), None);
    assert_eq!(sandbox.unfit_answers(), 0);
}

#[tokio::test]
async fn a_refusal_without_a_body_says_why_too() {
    let request = b"HEAD /parcels/one HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n";
    let reply = send_bytes(&parcels().await, request).await;
    assert_eq!((reply.status, &*reply.body), (400, ""));
    let reason = reply.header("Sandbox-Reason");
    assert_eq!(reason, Some("id must be of the type `integer`"));
}

#[tokio::test]
async fn a_name_chosen_by_the_request_makes_no_header_of_its_own() {
    let body = r#"{"a\r\nX-Other: ñ":1}"#;
    let reply = send(&parcels().await, "PUT", "/parcels/1", &[KEY], body).await;
    assert_eq!(reply.header("X-Other"), None);
    check(
        &reply,
        400,
        "a??X-Other: ? is not a field that the document describes",
    );
}

#[tokio::test]
async fn a_refusal_does_not_grow_with_the_request() {
    let sandbox = start().await;
    let fields: Vec<_> = (0..40_000)
        .map(|n| format!("\"field{n:05}\":{n}"))
        .collect();
    let reply = patch(&sandbox, &format!("{{{}}}", fields.join(","))).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.len() < 10_000, "{} bytes", reply.body.len());
    let answer = reply.json();
    let messages = answer["message"].as_array().unwrap();
    assert_eq!(messages.len(), 21, "{messages:?}");
    assert_eq!(messages[20], "and 39980 more problems");
    let fields = answer["validationError"].as_object().unwrap();
    assert_eq!(fields.len(), 20);
    assert_eq!(sandbox.received()[0].problems.len(), 21);
    let reason = reply.header("Sandbox-Reason").unwrap();
    assert!(reason.len() <= 500, "{reason}");

    let long = patch(&sandbox, &format!("{{\"{}\":1}}", "n".repeat(900_000))).await;
    assert_eq!(long.status, 400);
    assert!(long.body.len() < 1_000, "{} bytes", long.body.len());
}
