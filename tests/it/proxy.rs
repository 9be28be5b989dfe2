//! Proxies come from the environment, and cannot read credentials unless plain `http` is enabled.

use std::process::Command;
use std::time::Duration;

use jelou_client::types::AuthType;
use jelou_client::{Client, Credentials, RetryPolicy};

use crate::fixtures::FLAT;
use crate::server::{API_KEY, Server, answer, answering_over_tls, json};

/// The variable that tells the child process the URL of its server.
const BASE_URL: &str = "TEST_BASE_URL";

/// The variable that lets the child process make more than one attempt.
const ATTEMPTS: &str = "TEST_ATTEMPTS";

/// The variables that give the child process a proxy in addition to that of the environment, or instead of it.
const ADDED_PROXY: &str = "TEST_ADDED_PROXY";
const REPLACING_PROXY: &str = "TEST_REPLACING_PROXY";

/// A gateway that only a proxy can reach.
const GATEWAY: &str = "https://gateway.jelou-client.invalid";
const PLAIN_GATEWAY: &str = "http://gateway.jelou-client.invalid";

/// Every variable that names a proxy; lower case is what most programs read.
const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Makes a request in a child process, since all tests share the environment of theirs. Of the relevant variables, only these are
/// set. Returns what the process printed about the client and the request.
fn report_of_request(base_url: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "proxy::in_a_process_that_reports", "--ignored"])
        .arg("--nocapture")
        .env(BASE_URL, base_url);
    let others = ["NO_PROXY", "no_proxy", "REQUEST_METHOD"];
    for name in PROXY_VARIABLES.iter().chain(&others) {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("1 passed"), "{report}");
    report
}

/// Like [`report_of_request`], with every variable set to `proxy`.
fn report_of_request_with_proxy(base_url: &str, proxy: &Server) -> String {
    let origin = proxy.origin();
    report_of_request(base_url, &PROXY_VARIABLES.map(|name| (name, &*origin)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_loopback_goes_around_the_proxy() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let proxy = Server::answering(json("200 OK", FLAT)).await;
    report_of_request_with_proxy(&server.base_url(), &proxy);
    assert!(
        proxy.requests().is_empty(),
        "the credential went to the proxy"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_learns_the_name_of_the_server_and_no_more() {
    let proxy = Server::answering(answer("502 Bad Gateway", "", "")).await;
    report_of_request_with_proxy(GATEWAY, &proxy);
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
    report_of_request_with_proxy(PLAIN_GATEWAY, &proxy);
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(
        requests[0].starts_with("PATCH http://gateway.jelou-client.invalid/"),
        "{requests:?}"
    );
}

// On other platforms, no variable changes the trusted certificates.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn plain_http_goes_through_an_https_proxy_that_the_platform_trusts() {
    let (proxy, pem) = answering_over_tls(json("200 OK", FLAT)).await;
    let trusted = concat!(env!("CARGO_TARGET_TMPDIR"), "/trusted-proxy.pem");
    std::fs::write(trusted, pem).unwrap();
    let variables = [("HTTP_PROXY", &*proxy), ("SSL_CERT_FILE", trusted)];
    let report = report_of_request(PLAIN_GATEWAY, &variables);
    assert!(report.contains("succeeded: true"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_needs_no_trusted_certificates() {
    let proxy = Server::answering(json("200 OK", FLAT)).await;
    let origin = proxy.origin();
    let variables = [
        ("HTTP_PROXY", &*origin),
        ("SSL_CERT_FILE", "/does/not/exist"),
        ("SSL_CERT_DIR", "/does/not/exist"),
    ];
    let report = report_of_request(PLAIN_GATEWAY, &variables);
    assert!(report.contains("succeeded: true"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_can_replace_the_proxy_of_the_environment_or_add_one() {
    let refusal = answer("502 Bad Gateway", "", "");
    let named = Server::answering(&*refusal).await;
    let other = Server::answering(&*refusal).await;
    let (named_origin, other_origin) = (named.origin(), other.origin());
    let environment = ("HTTPS_PROXY", &*named_origin);
    for (variables, of_named, of_other) in [
        (
            [environment, (REPLACING_PROXY, &*other_origin)].as_slice(),
            0,
            1,
        ),
        (&[environment, (ADDED_PROXY, &*other_origin)], 1, 1),
        (&[(ADDED_PROXY, &*other_origin)], 1, 2),
    ] {
        report_of_request(GATEWAY, variables);
        assert_eq!(named.requests().len(), of_named, "{variables:?}");
        assert_eq!(other.requests().len(), of_other, "{variables:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_cannot_be_used_is_not_passed_over() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let base_url = server.base_url().replace("127.0.0.1", "gateway.localhost");
    let origin = server.origin();
    for (name, value) in [
        ("HTTP_PROXY", "garbage://user:canary@x"),
        ("all_proxy", "socks5://user:canary@x"),
        ("http_proxy", "http://user:canary@x:port"),
    ] {
        for variables in [
            [(name, value)].as_slice(),
            &[(name, value), (REPLACING_PROXY, &*origin)],
        ] {
            let report = report_of_request(&base_url, variables);
            assert!(report.contains(&format!("`{name}`")), "{report}");
            assert!(!report.contains("canary"), "{report}");
        }
    }
    assert!(server.requests().is_empty(), "it went past the proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_without_a_proxy_may_have_stars_and_ports() {
    let proxy = Server::answering(answer("502 Bad Gateway", "", "")).await;
    for without in [
        "jelou-client.invalid",
        "*.jelou-client.invalid",
        "gateway.jelou-client.invalid:443",
        "x Gateway.Jelou-Client.INVALID",
    ] {
        let variables = [("HTTPS_PROXY", &*proxy.origin()), ("no_proxy", without)];
        let report = report_of_request(GATEWAY, &variables);
        assert!(
            report.contains("the server could not be reached"),
            "{report}"
        );
        assert!(proxy.requests().is_empty(), "{without}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_asks_for_credentials_is_asked_once() {
    let proxy = Server::answering(answer("407 Proxy Authentication Required", "", "")).await;
    for (variable, base_url) in [("HTTPS_PROXY", GATEWAY), ("HTTP_PROXY", PLAIN_GATEWAY)] {
        let before = proxy.requests().len();
        let address = proxy.origin().replace("//", "//user:canary@");
        let report = report_of_request(base_url, &[(variable, &*address), (ATTEMPTS, "3")]);
        assert!(!report.contains("canary"), "{report}");
        assert_eq!(proxy.requests().len() - before, 1, "{report}");
        assert!(report.contains("retryable: false"), "{report}");
    }
}

#[tokio::test]
#[ignore = "run by the tests above, in a process with a proxy"]
async fn in_a_process_that_reports() {
    let variable = |name: &str| std::env::var(name).ok();
    let attempts = variable(ATTEMPTS).map_or(1, |attempts| attempts.parse().unwrap());
    let retry = RetryPolicy::default()
        .initial_backoff(Duration::ZERO)
        .max_attempts(attempts);
    let mut builder = Client::builder(Credentials::api_key(API_KEY))
        .retry(retry)
        .base_url(variable(BASE_URL).unwrap())
        .allow_plain_http();
    let proxy = |address| reqwest::Proxy::all(address).unwrap();
    if let Some(added) = variable(ADDED_PROXY).map(proxy) {
        builder = builder.http(move |http| http.proxy(added.clone()));
    }
    if let Some(replacing) = variable(REPLACING_PROXY).map(proxy) {
        builder = builder.http(move |http| http.no_proxy().proxy(replacing.clone()));
    }
    let error = match builder.build() {
        Ok(client) => {
            println!("{client:?}");
            let update = client.integrations().update("PROJECT_ID");
            update.auth_type(AuthType::NoAuth).send().await.err()
        }
        Err(error) => Some(error),
    };
    println!("succeeded: {}", error.is_none());
    if let Some(error) = error {
        println!("{error} {error:?} retryable: {}", error.is_retryable());
    }
}
