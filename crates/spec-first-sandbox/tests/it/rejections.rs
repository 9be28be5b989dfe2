//! The reason for a rejection is in a header, whatever the shape of the document's errors, and its length is limited.

use serde_json::json;
use spec_first_sandbox::{Options, Sandbox};

use crate::{
    http::{Reply, send, send_bytes, start_with},
    proxy::KEY,
};

/// A document whose errors have no place for the reason.
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
    start_with(Options::new("parcels.yaml", PARCELS)).await
}

#[track_caller]
fn check(reply: &Reply, status: u16, reason: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("Sandbox-Reason"), Some(reason), "{reply:?}");
    assert_eq!(reply.json(), json!({ "code": "E1" }));
}

#[tokio::test]
async fn a_rejection_gives_its_reason_in_a_header() {
    let sandbox = parcels().await;
    let put = |headers, body| send(&sandbox, "PUT", "/parcels/1", headers, body);
    check(
        &put(&[], "{}").await,
        401,
        "Unauthorized; the request must contain an accepted key in the header `x-api-key`",
    );
    check(
        &put(&[KEY], r#"{"weight":31,"key":"SECRET"}"#).await,
        400,
        "key must have a length of at most 3; weight must be at most 30",
    );
    check(
        &put(&[KEY, ("content-type", "text/plain")], "SECRET").await,
        415,
        "the body must have a documented media type: `application/json`",
    );
    check(
        &send(&sandbox, "GET", "/parcels/one", &[], "").await,
        400,
        "id must be of type `integer`, not `string`",
    );
    check(
        &send(&sandbox, "GET", "/parcels/1", &[], "").await,
        501,
        "the document defines no success response for `get_parcel`, only `400`, `501`; request one with `Prefer: code=STATUS`"
            .replace('…', "?")
            .as_str(),
    );
    let performed = put(&[KEY], r#"{"weight":30}"#).await;
    assert_eq!(performed.status, 200);
    assert_eq!(performed.header("Sandbox-Reason"), None);
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn a_rejection_without_a_body_gives_its_reason() {
    let request = b"HEAD /parcels/one HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n";
    let reply = send_bytes(&parcels().await, request).await;
    assert_eq!((reply.status, &*reply.body), (400, ""));
    let reason = reply.header("Sandbox-Reason");
    assert_eq!(reason, Some("id must be of type `integer`, not `string`"));
}

#[tokio::test]
async fn a_field_name_cannot_inject_a_header() {
    let body = r#"{"a\r\nX-Other: ñ":1}"#;
    let reply = send(&parcels().await, "PUT", "/parcels/1", &[KEY], body).await;
    assert_eq!(reply.header("X-Other"), None);
    check(&reply, 400, "a??X-Other: ? is not a documented property");
}

#[tokio::test]
async fn an_invalid_request_gets_a_status_that_is_documented() {
    for (responses, expected) in [
        ("'422': {description: No}", 422),
        ("'400': {description: No}, '422': {description: No}", 400),
        ("default: {description: No}", 400),
        ("'404': {description: No}", 400),
    ] {
        let document = format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    post:\n      requestBody:\n        required: true\n        \
             content: {{application/json: {{schema: {{type: object}}}}}}\n      responses: {{'200': {{description: Yes}}, {responses}}}\n"
        );
        let sandbox = start_with(Options::new("a.yaml", document)).await;
        for body in ["[]", "{", ""] {
            let reply = send(&sandbox, "POST", "/a", &[], body).await;
            assert_eq!(reply.status, expected, "{responses} {body}");
        }
    }
}

#[tokio::test]
async fn an_undocumented_method_is_refused_in_the_form_of_a_documented_error() {
    let document = "
openapi: 3.0.3
paths:
  /parcels:
    get:
      responses:
        '200': {description: All}
        default:
          description: Failed
          content:
            '*/*':
              schema: {type: object, required: [code], properties: {code: {type: integer}}}
              example: {code: 7}
";
    let sandbox = start_with(Options::new("parcels.yaml", document)).await;
    let reply = send(&sandbox, "POST", "/parcels", &[], "").await;
    assert_eq!((reply.status, reply.json()), (405, json!({"code": 7})));
    assert_eq!(reply.header("allow"), Some("GET"));
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn a_sample_request_is_not_said_to_be_compressed() {
    let document = "
openapi: 3.0.3
info: {title: Letters, version: '1'}
paths:
  /letters:
    post:
      parameters: [{name: Content-Encoding, in: header, schema: {enum: [gzip]}}, {name: X-Size, in: header, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: Kept.}}
";
    let prepared = Sandbox::prepare(Options::new("letters.yaml", document)).unwrap();
    let headers = prepared.samples()[0].headers();
    assert_eq!(headers, [("X-Size".to_owned(), "2048".to_owned())]);
}

#[tokio::test]
async fn a_compressed_body_is_accepted_where_the_document_describes_its_encoding() {
    let document = "
openapi: 3.0.3
info: {title: Letters, version: '1'}
paths:
  /letters:
    post:
      parameters: [{name: content-encoding, in: header, schema: {enum: [gzip]}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: Kept.}}
  /cards:
    post: {requestBody: {content: {application/json: {}}}, responses: {'204': {description: Kept.}}}
";
    let sandbox = start_with(Options::new("letters.yaml", document)).await;
    let json = ("Content-Type", "application/json");
    for (path, encoding, body, status) in [
        ("/letters", "gzip", "compressed", 204),
        ("/letters", "br", "compressed", 400),
        ("/letters", "gzip", "", 400),
        ("/cards", "gzip", "compressed", 415),
        ("/cards", "identity", "{}", 204),
    ] {
        let headers = [json, ("Content-Encoding", encoding)];
        let reply = send(&sandbox, "POST", path, &headers, body).await;
        assert_eq!(reply.status, status, "{path} {encoding} {reply:?}");
        let is_refused = status == 415;
        let accepted = reply.header("accept-encoding");
        assert_eq!(accepted, is_refused.then_some("identity"), "{reply:?}");
    }
}

#[tokio::test]
async fn an_empty_body_is_a_form_without_fields() {
    let form = |required: &str| {
        format!(
            "{{required: true, content: {{application/x-www-form-urlencoded: {{schema: {{type: object, required: [{required}]}}}}}}}}"
        )
    };
    let document = format!(
        "
openapi: 3.0.3
info: {{title: Forms, version: '1'}}
paths:
  /open: {{post: {{requestBody: {}, responses: {{'204': {{description: Kept.}}}}}}}}
  /closed: {{post: {{requestBody: {}, responses: {{'204': {{description: Kept.}}}}}}}}
",
        form(""),
        form("size")
    );
    let sandbox = start_with(Options::new("forms.yaml", document)).await;
    let media_type = [("content-type", "application/x-www-form-urlencoded")];
    for (path, headers, reason) in [
        ("/open", &media_type[..], None),
        ("/closed", &media_type, Some("size is required")),
        ("/open", &[], Some("the body is required")),
    ] {
        let reply = send(&sandbox, "POST", path, headers, "").await;
        assert_eq!(reply.header("sandbox-reason"), reason, "{path}");
    }
}

#[tokio::test]
async fn a_text_that_is_described_as_a_number_must_be_one() {
    let document = "
openapi: 3.0.3
info: {title: Meter, version: '1'}
paths:
  /reading:
    put:
      requestBody: {content: {text/plain: {schema: {type: integer, maximum: 9}}}}
      responses: {'204': {description: Kept.}}
";
    let sandbox = start_with(Options::new("meter.yaml", document)).await;
    let text = [("content-type", "text/plain")];
    for (body, status) in [("7", 204), ("10", 400), ("many", 400)] {
        let reply = send(&sandbox, "PUT", "/reading", &text, body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
    }
}
