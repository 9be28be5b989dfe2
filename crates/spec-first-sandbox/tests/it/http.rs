//! Requests to a sandbox.

use spec_first_sandbox::{Options, Sandbox};
use test_support::http;

pub(crate) use test_support::http::Reply;

/// A sandbox of this document, which messages call `other.yaml`.
pub(crate) fn options(document: &str) -> Options {
    Options::new("other.yaml", document)
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
