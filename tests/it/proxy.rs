//! Proxies are those that the environment names. None reads a credential unless plain `http` was asked for.

use std::process::Command;

use jelou_client::types::AuthType;
use jelou_client::{Client, Credentials, RetryPolicy};

use crate::fixtures::FLAT;
use crate::server::{API_KEY, Server, answer, json};

/// The variable by which the child process learns where its server is.
const BASE_URL: &str = "TEST_BASE_URL";

/// Every variable that names a proxy; lower case is what most programs read.
const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Makes a request in a process of its own, since all tests share the environment of theirs. All is sent to `proxy` but what is for
/// the hosts in `without`.
fn request_with_proxy(base_url: &str, proxy: &Server, without: &str) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "proxy::in_a_process_with_a_proxy", "--ignored"])
        .env(BASE_URL, base_url)
        .envs(PROXY_VARIABLES.map(|name| (name, proxy.origin())))
        .env("NO_PROXY", without)
        .env("no_proxy", without)
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_loopback_goes_around_the_proxy() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let proxy = Server::answering(json("200 OK", FLAT)).await;
    request_with_proxy(&server.base_url(), &proxy, "");
    assert!(
        proxy.requests().is_empty(),
        "the credential went to the proxy"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_learns_the_name_of_the_server_and_no_more() {
    let proxy = Server::answering(answer("502 Bad Gateway", "", "")).await;
    request_with_proxy("https://gateway.jelou-client.invalid", &proxy, "");
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(
        requests[0].starts_with("CONNECT gateway.jelou-client.invalid:443 HTTP/1.1\n"),
        "{requests:?}"
    );
    assert!(!requests[0].contains(API_KEY), "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_carries_plain_http_that_was_asked_for() {
    let proxy = Server::answering(json("200 OK", FLAT)).await;
    request_with_proxy("http://gateway.jelou-client.invalid", &proxy, "");
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(
        requests[0].starts_with("PATCH http://gateway.jelou-client.invalid/"),
        "{requests:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_needs_no_proxy_is_reached_without() {
    let proxy = Server::answering(answer("502 Bad Gateway", "", "")).await;
    request_with_proxy(
        "https://gateway.jelou-client.invalid",
        &proxy,
        "jelou-client.invalid",
    );
    assert!(proxy.requests().is_empty(), "{:?}", proxy.requests());
}

#[tokio::test]
#[ignore = "run by the tests above, in a process with a proxy"]
async fn in_a_process_with_a_proxy() {
    let base_url = std::env::var(BASE_URL).unwrap();
    let client = Client::builder(Credentials::api_key(API_KEY))
        .retry(RetryPolicy::never())
        .base_url(base_url)
        .allow_plain_http()
        .build()
        .unwrap();
    let update = client.integrations().update("PROJECT_ID");
    // What becomes of it is for the server and the proxy to tell.
    _ = update.auth_type(AuthType::NoAuth).send().await;
}
