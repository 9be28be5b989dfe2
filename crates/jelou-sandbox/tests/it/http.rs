//! Requests to a sandbox of the panel.

use jelou_sandbox::{Options, Sandbox};
use serde_json::Value;
use test_support::http;

pub(crate) use test_support::http::Reply;

/// The path of the project `PROJECT_ID`.
pub(crate) const PATH: &str = "/jelouapi/v1/external-support/PROJECT_ID";

/// A valid body.
pub(crate) const BODY: &str = r#"{"webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#;

/// `id:secret` in HTTP Basic authentication.
pub(crate) const BASIC: (&str, &str) = ("Authorization", "Basic aWQ6c2VjcmV0");

/// An API key.
pub(crate) const KEY: (&str, &str) = ("x-api-key", "key");

/// The field errors of a response.
#[track_caller]
pub(crate) fn fields(reply: &Reply) -> Value {
    reply.json()["validationError"].clone()
}

/// A sandbox with an integration for `PROJECT_ID`.
pub(crate) async fn start() -> Sandbox {
    start_with(Options::default().integration("PROJECT_ID")).await
}

pub(crate) async fn start_with(options: Options) -> Sandbox {
    Sandbox::start(options).await.unwrap()
}

/// Sends an update of `PROJECT_ID` with an API key.
pub(crate) async fn patch(sandbox: &Sandbox, body: &str) -> Reply {
    send(sandbox, "PATCH", PATH, &[KEY], body).await
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
