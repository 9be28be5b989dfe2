//! Credentials do not go through a proxy in clear: plain `http` is for loopback, and reaches it directly.

use std::process::Command;

use jelou_client::types::AuthType;

use crate::fixtures::FLAT;
use crate::server::{Server, json};

/// The variable by which the child process learns where its server is.
const BASE_URL: &str = "TEST_BASE_URL";

/// The environment of a process is shared by all its tests, so the request is made in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_loopback_goes_around_the_proxy() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let proxy = Server::answering(json("200 OK", FLAT)).await;
    let proxy_url = proxy.base_url();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "proxy::in_a_process_with_a_proxy", "--ignored"])
        .env(BASE_URL, server.base_url())
        .envs(
            ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
                .map(|name| (name, proxy_url.clone())),
        )
        .status()
        .unwrap();
    assert!(status.success());
    assert!(
        proxy.requests().is_empty(),
        "the credential went to the proxy"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
#[ignore = "run by the test above, in a process with a proxy"]
async fn in_a_process_with_a_proxy() {
    let base_url = std::env::var(BASE_URL).unwrap();
    let credentials = jelou_client::Credentials::api_key("API_KEY");
    let client = jelou_client::Client::builder(credentials)
        .base_url(base_url)
        .build()
        .unwrap();
    client
        .integrations()
        .update("PROJECT_ID")
        .auth_type(AuthType::NoAuth)
        .send()
        .await
        .unwrap();
}
