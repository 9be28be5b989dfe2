//! What a program can change about the client and about a single request, and what it cannot.

use std::time::Duration;

use jelou_client::{Client, ClientBuilder, Credentials, Error, RetryPolicy};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect;
use tokio::net::TcpListener;

use crate::fixtures::FLAT;
use crate::server::{API_KEY, Server, answer, answering_over_tls, json, move_webhook};

fn builder() -> ClientBuilder {
    Client::builder(Credentials::api_key(API_KEY)).retry(RetryPolicy::never())
}

/// The error for a builder that must be refused.
#[track_caller]
fn refused(builder: ClientBuilder) -> String {
    let error = builder.base_url("http://127.0.0.1:1").build().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("canary"), "{text}");
    text
}

/// Sends a typed and an untyped call, and returns their requests.
async fn requests(builder: ClientBuilder) -> Vec<String> {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let client = builder.base_url(server.base_url()).build().unwrap();
    move_webhook(&client).await.unwrap();
    client.request("PATCH", "/").send().await.unwrap();
    server.requests()
}

#[tokio::test]
async fn a_program_names_itself_before_the_client() {
    for request in requests(builder().user_agent("my-app/1.0")).await {
        let expected = "user-agent: my-app/1.0 jelou-client/VERSION\n";
        assert!(request.contains(expected), "{request}");
    }
    for product in ["", " ", "canary\n"] {
        let text = refused(builder().user_agent(product));
        assert!(text.contains("user agent"), "{text}");
    }
}

#[tokio::test]
async fn a_header_of_the_client_is_in_every_request_and_in_no_debug_output() {
    let builder = builder()
        .header("X-Tenant", "other")
        .header("x-tenant", "canary");
    assert!(!format!("{builder:?}").contains("canary"));
    for request in requests(builder).await {
        assert_eq!(request.matches("x-tenant: ").count(), 1, "{request}");
        assert!(request.contains("x-tenant: canary\n"), "{request}");
    }
}

#[tokio::test]
async fn a_header_of_a_request_replaces_that_of_the_client() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let builder = builder().header("x-tenant", "other").header("x-kept", "1");
    let client = builder.base_url(server.base_url()).build().unwrap();
    let update = client
        .integrations()
        .update("PROJECT_ID")
        .authorization("x");
    let update = update.header("X-Tenant", "canary");
    let prepared = update.clone().prepare().unwrap();
    assert!(
        prepared
            .headers()
            .any(|header| header == ("x-tenant", None))
    );
    let untyped = client.request("POST", "/").body("canary");
    let untyped = untyped.header("x-tenant", "canary");
    let shown = format!("{update:?} {untyped:?} {client:?} {prepared:?}");
    assert!(!shown.contains("canary"), "{shown}");
    update.send().await.unwrap();
    untyped.send().await.unwrap();
    for request in server.requests() {
        assert!(request.contains("x-tenant: canary\n"), "{request}");
        assert!(request.contains("x-kept: 1\n"), "{request}");
        assert!(!request.contains("other"), "{request}");
    }
}

#[tokio::test]
async fn no_header_replaces_the_credentials_or_what_describes_the_request() {
    for name in [
        "x-api-key",
        "Authorization",
        "cookie",
        "host",
        "content-length",
        "content-type",
        "content-encoding",
        "accept",
        "accept-encoding",
        "user-agent",
        "expect",
        "trailer",
        "keep-alive",
        "proxy-connection",
        "a b",
    ] {
        let text = refused(builder().header(name, "canary"));
        assert!(text.contains("the header cannot be used"), "{text}");
        let client = builder().base_url("http://127.0.0.1:1").build().unwrap();
        let update = client
            .integrations()
            .update("PROJECT_ID")
            .authorization("x");
        let error = update.header(name, "canary").send().await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    refused(builder().header("x-tenant", "canary\n"));
}

#[tokio::test]
async fn a_request_ends_when_its_own_time_is_over() {
    // Accepts connections, but nothing reads from them.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let long = Duration::from_secs(3600);
    let client = Client::builder(Credentials::api_key(API_KEY))
        .retry(RetryPolicy::default().deadline(long))
        .request_timeout(long)
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .build()
        .unwrap();
    let short = Duration::from_millis(50);
    let update = client
        .integrations()
        .update("PROJECT_ID")
        .authorization("x");
    let typed = update.timeout(short).send().await.map(drop);
    let untyped = client.request("GET", "/").timeout(short).send().await;
    for error in [typed.unwrap_err(), untyped.unwrap_err()] {
        assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_certificate_authority_can_be_added() {
    let (base_url, pem) = answering_over_tls(json("200 OK", FLAT)).await;
    let untrusting = builder().base_url(&*base_url).build().unwrap();
    let error = move_webhook(&untrusting).await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
    let trusting = builder().base_url(base_url).root_certificate(&pem);
    move_webhook(&trusting.build().unwrap()).await.unwrap();

    for pem in ["", "canary"] {
        let text = refused(builder().root_certificate(pem));
        assert!(text.contains("root certificate"), "{text}");
    }
    let malformed = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let builder = builder().base_url("https://127.0.0.1:1");
    let error = builder.root_certificate(malformed).build().unwrap_err();
    assert!(matches!(error, Error::Setup { .. }), "{error:?}");
    assert!(
        error.hint().contains("certificates of the platform and"),
        "{}",
        error.hint()
    );
}

#[tokio::test]
async fn the_http_client_can_be_changed_but_follows_no_redirect() {
    let elsewhere = Server::answering(json("200 OK", FLAT)).await;
    let location = format!("location: {}\r\n", elsewhere.base_url());
    let server = Server::answering(answer("307 Temporary Redirect", &location, "")).await;
    let builder = builder().base_url(server.base_url()).http(|http| {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_static("canary"));
        headers.insert("x-tenant", HeaderValue::from_static("1"));
        let http = http.default_headers(headers);
        http.redirect(redirect::Policy::limited(3))
    });
    move_webhook(&builder.build().unwrap()).await.unwrap_err();
    let request = server.request();
    assert!(request.contains("x-tenant: 1\n"), "{request}");
    assert!(request.contains(&format!("x-api-key: {API_KEY}\n")));
    assert!(!request.contains("canary"), "{request}");
    assert!(elsewhere.requests().is_empty());
}
