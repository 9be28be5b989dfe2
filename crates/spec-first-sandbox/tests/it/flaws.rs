//! Documents with flaws: the sandbox serves what it can and reports the rest.

use serde_json::{Value, json};
use spec_first_sandbox::{Options, Sandbox, StartError};

use crate::http::{Reply, send, start_with};

const SOUND: &str = "
openapi: 3.0.3
info: {title: Shelves, version: '1'}
security: [{Key: []}]
paths:
  /shelves/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer}}
      responses:
        '200': {description: A shelf, content: {application/json: {schema: {$ref: '#/components/schemas/Shelf'}}}}
    put:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Shelf'}}}}
      responses: {'204': {description: Kept}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Shelf:
      type: object
      required: [books]
      properties:
        books: {type: integer, maximum: 9}
        owner: {$ref: '#/components/schemas/Owner'}
    Owner: {type: string, maxLength: 4}
";

fn options(text: &str) -> Options {
    Options::new("shelves.yaml", text)
}

async fn get(sandbox: &Sandbox, path: &str) -> Reply {
    send(sandbox, "GET", path, &[("X-Key", "k")], "").await
}

async fn put(sandbox: &Sandbox, body: Value) -> Reply {
    let headers = [("X-Key", "k"), ("Content-Type", "application/json")];
    send(sandbox, "PUT", "/shelves/1", &headers, &body.to_string()).await
}

/// Starts a sandbox whose only flaw is reported at this place in these words, and checks that `strict` rejects it.
async fn with_flaw(sound: &str, flawed: &str, reported: &str) -> Sandbox {
    assert!(SOUND.contains(sound));
    let text = SOUND.replacen(sound, flawed, 1);
    let refused = Sandbox::start(options(&text).strict()).await;
    match refused.err() {
        Some(StartError::Document { problem, .. }) => {
            assert!(problem.contains(reported), "{problem}")
        }
        other => panic!("{other:?}"),
    }
    let sandbox = start_with(options(&text).stateless()).await;
    let flaws: Vec<_> = sandbox.flaws().iter().map(ToString::to_string).collect();
    assert!(
        matches!(flaws.as_slice(), [flaw] if flaw.contains(reported)),
        "{flaws:?}"
    );
    sandbox
}

#[tokio::test]
async fn a_sound_document_has_no_flaws() {
    let sandbox = start_with(options(SOUND).strict()).await;
    assert!(sandbox.flaws().is_empty(), "{:?}", sandbox.flaws());
}

#[tokio::test]
async fn an_undefined_security_scheme_is_not_enforced() {
    let reported = "shelves.yaml:4:13: the security scheme `Nobody` is not defined";
    let sandbox = with_flaw("[{Key: []}]", "[{Nobody: []}]", reported).await;
    let reply = send(&sandbox, "GET", "/shelves/1", &[], "").await;
    assert_eq!(reply.status, 200, "{reply:?}");

    let reported = "shelves.yaml:19:5: this security scheme is not enforced";
    let sandbox = with_flaw("in: header, name: X-Key", "in: body, name: X-Key", reported).await;
    let reply = send(&sandbox, "GET", "/shelves/1", &[], "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn a_parameter_that_the_path_does_not_contain_is_ignored() {
    let reported = "shelves.yaml:9:11: this parameter is ignored: the path does not contain `{ID}`";
    let sandbox = with_flaw("name: id, in: path", "name: ID, in: path", reported).await;
    assert_eq!(get(&sandbox, "/shelves/one").await.status, 200);
}

#[tokio::test]
async fn nothing_is_validated_through_a_dangling_reference() {
    let sandbox = with_flaw(
        "schemas/Owner'",
        "schemas/Nobody'",
        "shelves.yaml:26:17: `#/components/schemas/Nobody` does not exist",
    )
    .await;
    assert_eq!(
        put(&sandbox, json!({"books": 1, "owner": ["anything"]}))
            .await
            .status,
        204
    );
    assert_eq!(put(&sandbox, json!({"books": 10})).await.status, 400);
    assert_eq!(
        get(&sandbox, "/shelves/1").await.json(),
        json!({"books": 1})
    );

    let owner = "Owner: {type: string, maxLength: 4}";
    let circle = "Owner: {$ref: '#/components/schemas/Other'}\n    Other: {$ref: '#/components/schemas/Owner'}";
    let text = SOUND.replacen(owner, circle, 1);
    let sandbox = start_with(options(&text).stateless()).await;
    assert!(!sandbox.flaws().is_empty());
    assert_eq!(
        put(&sandbox, json!({"books": 1, "owner": 1})).await.status,
        204
    );
    assert_eq!(put(&sandbox, json!({"books": 10})).await.status, 400);
}

#[tokio::test]
async fn a_keyword_with_an_invalid_value_is_ignored() {
    for (sound, flawed, reported) in [
        (
            "required: [books]",
            "required: [books, books]",
            "shelves.yaml:23:7: ",
        ),
        ("maxLength: 4", "maxLength: '4'", "shelves.yaml:27:27: "),
    ] {
        let sandbox = with_flaw(sound, flawed, reported).await;
        assert_eq!(
            put(&sandbox, json!({"books": 1, "owner": "Ada"}))
                .await
                .status,
            204
        );
        for wrong in [
            json!({"books": 10}),
            json!({"owner": "Ada"}),
            json!({"books": 1, "owner": 5}),
        ] {
            assert_eq!(
                put(&sandbox, wrong.clone()).await.status,
                400,
                "{flawed}: {wrong}"
            );
        }
        assert_eq!(get(&sandbox, "/shelves/1").await.json()["books"], 1);
    }
    let sandbox = with_flaw(
        "required: [books]",
        "required: books",
        "shelves.yaml:23:7: ",
    )
    .await;
    assert_eq!(put(&sandbox, json!({})).await.status, 204);
}

#[tokio::test]
async fn invalid_parameters_paths_and_responses_are_skipped() {
    let sandbox = with_flaw(
        "name: page, in: query",
        "name: page, in: body",
        "shelves.yaml:10:11: ",
    )
    .await;
    assert_eq!(get(&sandbox, "/shelves/1?page=x").await.status, 200);
    assert_eq!(get(&sandbox, "/shelves/x").await.status, 400);

    let sandbox = with_flaw("'204': {", "Kept: {", "shelves.yaml:16:19: ").await;
    assert_eq!(get(&sandbox, "/shelves/1").await.status, 200);
    let reply = put(&sandbox, json!({"books": 1})).await;
    let note = "the document defines no success response for this operation";
    assert_eq!(
        (reply.status, reply.header("Sandbox-Note")),
        (204, Some(note))
    );

    let other = "  /{a}{b}: {get: {responses: {'204': {description: Never}}}}\n  /shelves/{id}:";
    let sandbox = with_flaw(
        "  /shelves/{id}:",
        other,
        "shelves.yaml:6:3: this path is not served",
    )
    .await;
    assert_eq!(get(&sandbox, "/shelves/1").await.status, 200);
    assert_eq!(get(&sandbox, "/ab").await.status, 404);
}

/// References are not limited to components.
#[tokio::test]
async fn references_to_any_place_in_the_document_are_followed() {
    for target in [
        "#/paths/~1shelves~1%7Bid%7D/get/parameters/1/schema",
        "#/components/schemas/Shelf/properties/books",
    ] {
        let text = SOUND.replace("#/components/schemas/Owner", target);
        let sandbox = start_with(options(&text).strict()).await;
        assert_eq!(
            put(&sandbox, json!({"books": 1, "owner": 5})).await.status,
            204
        );
        let reply = put(&sandbox, json!({"books": 1, "owner": "Ada"})).await;
        assert_eq!(reply.status, 400, "{target}: {reply:?}");
    }
}

#[tokio::test]
async fn read_only_properties_in_requests_are_ignored_with_a_note() {
    let text = SOUND
        .replace("maxLength: 4", "readOnly: true")
        .replace("[books]", "[books, owner]");
    let sandbox = start_with(options(&text).stateless()).await;
    let reply = put(&sandbox, json!({"books": 1, "owner": "Ada"})).await;
    let note = "`owner` is readOnly and is ignored";
    assert_eq!(
        (reply.status, reply.header("Sandbox-Note")),
        (204, Some(note))
    );
    assert_eq!(sandbox.received()[0].problems, [note]);
    let reply = put(&sandbox, json!({"books": 1})).await;
    assert_eq!((reply.status, reply.header("Sandbox-Note")), (204, None));
    assert_eq!(
        put(&sandbox, json!({"books": 10, "owner": "Ada"}))
            .await
            .status,
        400
    );

    let sandbox = start_with(options(&text).strict()).await;
    assert_eq!(
        put(&sandbox, json!({"books": 1, "owner": "Ada"}))
            .await
            .status,
        400
    );
}
