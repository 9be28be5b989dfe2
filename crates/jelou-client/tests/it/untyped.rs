//! Requests with any method and path, and requests that are looked at and not sent.

use jelou_client::{Client, Credentials, Error, HttpRequest};
use jelou_sandbox::{Options, Sandbox};
use test_support::server::{Answer, Server};

const PATH: &str = "/v1/external-support/PROJECT_ID";

async fn start(options: Options) -> (Sandbox, Client) {
    let sandbox = Sandbox::start(options.integration("PROJECT_ID").api_key("KEY"))
        .await
        .unwrap();
    let client = Client::builder(Credentials::api_key("KEY"))
        .base_url(sandbox.base_url())
        .build()
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn any_status_is_an_answer() {
    let (sandbox, client) = start(Options::default()).await;
    let update = client
        .request("PATCH", PATH)
        .body(r#"{"authType":"basic"}"#);
    let answer = update.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(String::from_utf8_lossy(answer.body()).contains(r#""authType":"basic""#));

    let answer = client.request("PUT", PATH).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(sandbox.received().len(), 2);
}

#[tokio::test]
async fn the_document_says_what_may_be_sent_again() {
    let (sandbox, client) = start(Options::default().fail_with(500)).await;
    let update = client
        .request("PATCH", PATH)
        .body(r#"{"authType":"basic"}"#);
    assert_eq!(update.send().await.unwrap().status(), 500);
    assert_eq!(
        sandbox.received().len(),
        3,
        "the document calls it idempotent"
    );
}

#[tokio::test]
async fn http_says_so_where_the_document_is_silent() {
    const UNAVAILABLE: &str = "HTTP/1.1 503 Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (method, expected) in [("GET", 3), ("PUT", 3), ("POST", 1), ("PATCH", 1)] {
        let server = Server::start(|_| Answer::new(UNAVAILABLE).closing());
        let client = Client::builder(Credentials::api_key("KEY")).base_url(server.origin());
        let answer = client.build().unwrap().request(method, "/").send().await;
        assert_eq!(answer.unwrap().status(), 503);
        assert_eq!(server.requests().len(), expected, "{method}");
    }
}

#[tokio::test]
async fn a_prepared_update_is_the_one_that_is_sent() {
    let (sandbox, client) = start(Options::default()).await;
    let update = || {
        let update = client.integrations().update("PROJECT_ID");
        update
            .authorization("canary")
            .webhook_url("https://my-system.com/a")
    };
    let prepared: HttpRequest = update().prepare().unwrap();
    assert!(sandbox.received().is_empty());
    assert!(!format!("{prepared:?}").contains("canary"));
    assert_eq!(prepared.secrets()[0].expose(), "canary");
    assert_eq!(prepared.url(), format!("{}{PATH}", sandbox.base_url()));

    update().send().await.unwrap();
    let received = &sandbox.received()[0];
    assert_eq!(prepared.method(), received.method);
    let body: serde_json::Value = serde_json::from_slice(prepared.body()).unwrap();
    assert_eq!(body["authorization"], "canary");
    let received: serde_json::Value = serde_json::from_str(&received.body).unwrap();
    assert_eq!(body["webhookUrl"], received["webhookUrl"]);
}

#[tokio::test]
async fn what_cannot_be_sent_cannot_be_prepared() {
    let (_sandbox, client) = start(Options::default()).await;
    let update = client.integrations().update("..").authorization("canary");
    let error = update.prepare().unwrap_err();
    assert!(matches!(error, Error::InvalidInput { .. }));
}
