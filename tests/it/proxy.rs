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

/// Runs the child with only these variables, and returns what it printed about `build` and the request.
fn outcome(variables: &[(&str, &str)], base_url: &str) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "proxy::in_a_process_that_reports", "--ignored"])
        .arg("--nocapture")
        .env(BASE_URL, base_url);
    for name in PROXY_VARIABLES.iter().chain(&["NO_PROXY", "no_proxy"]) {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_cannot_be_used_is_not_passed_over() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let base_url = server.base_url().replace("127.0.0.1", "gateway.localhost");
    for (name, value) in [
        ("HTTP_PROXY", "garbage://user:canary@x"),
        ("all_proxy", "socks5://user:canary@x"),
        ("http_proxy", "http://user:canary@x:port"),
    ] {
        let report = outcome(&[(name, value)], &base_url);
        assert!(report.contains(&format!("`{name}`")), "{report}");
        assert!(!report.contains("canary"), "{report}");
    }
    assert!(server.requests().is_empty(), "it went past the proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_without_a_proxy_may_have_stars_and_ports() {
    let proxy = Server::answering(answer("502 Bad Gateway", "", "")).await;
    for without in [
        "*.jelou-client.invalid",
        "gateway.jelou-client.invalid:443",
        "x Gateway.Jelou-Client.INVALID",
    ] {
        let base_url = "https://gateway.jelou-client.invalid";
        let variables = [("HTTPS_PROXY", &*proxy.origin()), ("no_proxy", without)];
        outcome(&variables, base_url);
        assert!(proxy.requests().is_empty(), "{without}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_asks_for_credentials_is_asked_once() {
    let proxy = Server::answering(answer("407 Proxy Authentication Required", "", "")).await;
    for (variable, base_url) in [
        ("HTTPS_PROXY", "https://gateway.jelou-client.invalid"),
        ("HTTP_PROXY", "http://gateway.jelou-client.invalid"),
    ] {
        let before = proxy.requests().len();
        let address = proxy.origin().replace("//", "//user:canary@");
        let report = outcome(&[(variable, &*address)], base_url);
        assert!(!report.contains("canary"), "{report}");
        assert_eq!(proxy.requests().len() - before, 1, "{report}");
        assert!(report.contains("retryable: false"), "{report}");
    }
}

#[tokio::test]
#[ignore = "run by the tests above, in a process with a proxy"]
async fn in_a_process_that_reports() {
    let builder = Client::builder(Credentials::api_key(API_KEY))
        .retry(RetryPolicy::default().initial_backoff(std::time::Duration::ZERO))
        .base_url(std::env::var(BASE_URL).unwrap())
        .allow_plain_http();
    let error = match builder.build() {
        Ok(client) => {
            println!("{client:?}");
            let update = client.integrations().update("PROJECT_ID");
            update.auth_type(AuthType::NoAuth).send().await.err()
        }
        Err(error) => Some(error),
    };
    if let Some(error) = error {
        println!("{error} {error:?} retryable: {}", error.is_retryable());
    }
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
