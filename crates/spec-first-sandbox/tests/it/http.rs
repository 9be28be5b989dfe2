//! Requests to a sandbox.

use spec_first_sandbox::{Options, Sandbox};
use test_support::http;

pub(crate) use test_support::http::Reply;

/// A sandbox of this document, which messages call `other.yaml`.
pub(crate) fn options(document: &str) -> Options {
    Options::new("other.yaml", document)
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
