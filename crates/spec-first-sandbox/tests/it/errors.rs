//! The shape of the errors that a sandbox makes itself.

use serde_json::json;
use spec_first_sandbox::{ErrorFormat, Sandbox};

use crate::http::{options, send};

/// One operation, whose 400 has a shape of the document, whose 415 is `application/json` of any shape, and whose 401 is not
/// documented.
const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Books, version: 1.0.0}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: x-key}
paths:
  /books:
    post:
      security: [{key: []}]
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {pages: {type: integer}}}
      responses:
        '204': {description: Stored.}
        '400':
          description: Invalid.
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string}}}
              example: {code: INVALID}
        '415':
          description: Not JSON.
          content: {application/json: {}}
";

#[tokio::test]
async fn errors_are_problem_details_unless_the_document_says_otherwise() {
    let sandbox = Sandbox::start(options(DOCUMENT)).await.unwrap();
    let key = ("x-key", "any");

    let reply = send(&sandbox, "POST", "/books", &[], "{}").await;
    assert_eq!(reply.status, 401);
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    let expected = json!({
        "title": "Unauthorized",
        "status": 401,
        "detail": "Unauthorized; the request must contain an accepted key in the header `x-key`",
    });
    assert_eq!(reply.json(), expected);

    let text = ("content-type", "text/plain");
    let reply = send(&sandbox, "POST", "/books", &[key, text], "{}").await;
    assert_eq!(reply.status, 415);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json()["title"], "Unsupported Media Type");

    let reply = send(&sandbox, "POST", "/books", &[key], r#"{"pages": "many"}"#).await;
    assert_eq!(
        (reply.status, reply.json()),
        (400, json!({"code": "INVALID"}))
    );
    let reason = reply.header("sandbox-reason").unwrap();
    assert!(reason.starts_with("pages "), "{reason}");
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn invalid_fields_are_listed_in_problem_details() {
    let document = DOCUMENT.replace("'400'", "'409'");
    let sandbox = Sandbox::start(options(&document)).await.unwrap();
    let body = r#"{"pages": "many"}"#;
    let reply = send(&sandbox, "POST", "/books", &[("x-key", "any")], body).await;
    assert_eq!(reply.json()["errors"][0]["field"], "pages");
}

#[tokio::test]
async fn the_shape_of_errors_can_be_set() {
    let format = ErrorFormat::new("application/json", |rejection| json!(rejection.messages()));
    let options = options(DOCUMENT).error_format(format);
    let sandbox = Sandbox::start(options).await.unwrap();
    let reply = send(&sandbox, "GET", "/other", &[], "").await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.json(),
        json!(["no such path: the document defines `POST /books`"])
    );
}
