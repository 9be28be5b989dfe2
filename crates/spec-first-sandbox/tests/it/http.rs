//! Requests to a sandbox.

use spec_first_sandbox::{Options, Sandbox};
use test_support::http;

pub(crate) use test_support::http::Reply;

/// A sandbox of this document, which messages call `other.yaml`.
pub(crate) fn options(document: &str) -> Options {
    Options::new("other.yaml", document)
}

/// A document with one operation, which needs credentials.
const NOTES: &str = "
openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: https://notes.example/api}]
security: [{Key: []}, {Basic: []}]
paths:
  /notes/{id}:
    patch:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: Changed., content: {application/json: {schema: {type: object}}}}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: x-api-key}
    Basic: {type: http, scheme: basic}
";

/// Where a note is.
pub(crate) const PATH: &str = "/api/notes/1";

/// A valid body.
pub(crate) const BODY: &str = r#"{"text":"New"}"#;

/// An API key.
pub(crate) const KEY: (&str, &str) = ("x-api-key", "key");

/// A sandbox of notes.
pub(crate) fn notes() -> Options {
    Options::new("notes.yaml", NOTES)
}

pub(crate) async fn start() -> Sandbox {
    start_with(notes()).await
}

/// Changes a note with an API key.
pub(crate) async fn patch(sandbox: &Sandbox, body: &str) -> Reply {
    send(sandbox, "PATCH", PATH, &[KEY], body).await
}

pub(crate) async fn start_with(options: Options) -> Sandbox {
    Sandbox::start(options).await.unwrap()
}

/// The names of the invalid fields in an error.
#[track_caller]
pub(crate) fn fields(reply: &Reply) -> Vec<String> {
    let details = reply.json();
    let errors = details["errors"].as_array().into_iter().flatten();
    let names = errors.filter_map(|error| error["field"].as_str());
    names.map(str::to_owned).collect()
}

/// Sends a request. A body that is not empty is sent as JSON.
pub(crate) async fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    http::send(sandbox.address(), method, target, headers, body).await
}

/// Sends these bytes and reads until the server closes the connection.
pub(crate) async fn send_bytes(sandbox: &Sandbox, bytes: &[u8]) -> Reply {
    http::send_bytes(sandbox.address(), bytes).await
}

/// A document with a single operation, `GET /a`, described by the rest of this line.
pub(crate) async fn described(operation: &str) -> Sandbox {
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{/a: {{get: {operation}}}}}\n"
    );
    start_with(Options::new("a.yaml", document)).await
}
