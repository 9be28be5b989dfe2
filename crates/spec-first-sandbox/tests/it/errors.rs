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

#[tokio::test]
async fn a_generated_error_says_what_is_wrong() {
    let missing = "pages must be of type `integer`, not `string`";
    for (schema, expected) in [
        (
            "{required: [message], properties: {code: {type: integer}, message: {type: string}}}",
            json!({"code": 400, "message": missing}),
        ),
        (
            "{required: [error], properties: {error: {properties: {detail: {type: string}}}}}",
            json!({"error": {"detail": missing}}),
        ),
        // Problem details would be valid, too, but nobody would find the reason in them.
        (
            "{properties: {status: {type: integer}, message: {type: string}}}",
            json!({"status": 400, "message": missing}),
        ),
        (
            "{required: [message, code], properties: {code: {type: integer, enum: [1001, 1002]}, message: {type: string}}}",
            json!({"code": 1001, "message": missing}),
        ),
        (
            "{required: [title], properties: {title: {type: string, enum: [Wrong]}, client/errorMessage: {type: string}}}",
            json!({"title": "Wrong", "client/errorMessage": missing}),
        ),
        // Nothing in the schema can hold the reason, and problem details, which can, are valid.
        (
            "{properties: {code: {type: integer}, status: {type: integer}}}",
            json!({
                "title": "Bad Request",
                "status": 400,
                "detail": missing,
                "errors": [{"field": "pages", "detail": missing.split_once(' ').unwrap().1}],
            }),
        ),
        (
            "{required: [code, status], additionalProperties: false, properties: {code: {type: integer, maximum: 99}, status: {type: integer}}}",
            json!({"code": 1, "status": 400}),
        ),
        (
            "{required: [message], properties: {message: {enum: [Invalid]}}}",
            json!({"message": "Invalid"}),
        ),
    ] {
        let described = "schema: {type: object, required: [code], properties: {code: {type: string}}}\n              example: {code: INVALID}";
        let document = DOCUMENT.replace(described, &format!("schema: {schema}"));
        assert_ne!(document, DOCUMENT);
        let sandbox = Sandbox::start(options(&document)).await.unwrap();
        let key = ("x-key", "any");
        let reply = send(&sandbox, "POST", "/books", &[key], r#"{"pages": "many"}"#).await;
        assert_eq!((reply.status, reply.json()), (400, expected), "{schema}");
    }
}

#[tokio::test]
async fn the_same_credential_is_asked_for_once() {
    let document = DOCUMENT
        .replace(
            "    key: {type: apiKey, in: header, name: x-key}",
            "    key: {type: http, scheme: bearer}\n    session: {type: oauth2, flows: {}}",
        )
        .replace("[{key: []}]", "[{key: []}, {session: []}]");
    let sandbox = Sandbox::start(options(&document)).await.unwrap();
    let reply = send(&sandbox, "POST", "/books", &[], "{}").await;
    assert_eq!(
        reply.json()["detail"],
        "Unauthorized; the request must contain an accepted token in `Authorization: Bearer TOKEN`"
    );
}

#[tokio::test]
async fn what_was_answered_is_recorded_up_to_a_limit_and_without_secrets() {
    let document = "
openapi: 3.0.3
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
    get: {responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
components:
  schemas: {Note: {type: object, properties: {id: {type: integer, readOnly: true}, text: {type: string}, pin: {type: string, format: password}}}}
";
    let sandbox = Sandbox::start(options(document)).await.unwrap();
    let body = json!({"text": "short", "pin": "SECRET"});
    send(&sandbox, "POST", "/notes", &[], &body.to_string()).await;
    let body = json!({"text": "ñ".repeat(5000)});
    send(&sandbox, "POST", "/notes", &[], &body.to_string()).await;
    let received = sandbox.received();
    let short: serde_json::Value = serde_json::from_str(&received[0].response).unwrap();
    assert_eq!(
        (&short["text"], &short["pin"]),
        (&json!("short"), &json!("[redacted]"))
    );
    let long = &received[1].response;
    assert!(
        (4090..4110).contains(&long.len()) && long.ends_with("ñ…"),
        "{long}"
    );
    assert!(received[1].body.ends_with("ñ\"}"), "{}", received[1].body);
}

#[tokio::test]
async fn an_error_that_is_a_text_or_has_a_message_says_what_is_wrong() {
    for (body, at) in [
        ("{schema: {type: string}}", ""),
        (
            "{schema: {type: object, required: [code, message], properties: {code: {type: string}, message: {type: string}}}, example: {code: KEY, message: Wrong key}}",
            "/message",
        ),
    ] {
        let text = DOCUMENT.replace(
            "              schema: {type: object, required: [code], properties: {code: {type: string}}}\n              example: {code: INVALID}\n",
            "",
        );
        let text = text.replace(
            "            application/json:\n        '415'",
            &format!("            application/json: {body}\n        '415'"),
        );
        let sandbox = Sandbox::start(options(&text)).await.unwrap();
        let key = ("x-key", "any");
        let reply = send(&sandbox, "POST", "/books", &[key], r#"{"pages": "many"}"#).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        let reason = "pages must be of type `integer`, not `string`";
        assert_eq!(reply.json().pointer(at), Some(&json!(reason)), "{reply:?}");
    }
}
