//! Which requests are sent again, as counted by the server.

use std::time::Duration;

use jelou_client::types::Integration;
use jelou_client::{Client, Credentials, Error, Reply, RetryPolicy};

use crate::fixtures::FLAT;
use crate::server::{Server, answer, json, move_webhook};

/// Retries without waiting.
fn at_once() -> RetryPolicy {
    RetryPolicy::default().initial_backoff(Duration::ZERO)
}

async fn update(base_url: &str, retry: RetryPolicy) -> Result<Reply<Integration>, Error> {
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(base_url)
        .retry(retry)
        .build()
        .unwrap();
    move_webhook(&client).await
}

fn closing(status: &str, headers: &str, body: &str) -> String {
    answer(status, &format!("connection: close\r\n{headers}"), body)
}

#[tokio::test]
async fn an_idempotent_update_is_sent_again_when_no_answer_came() {
    let answers = vec![
        String::new(),
        closing("503 Service Unavailable", "", ""),
        closing("200 OK", "", FLAT),
    ];
    let server = Server::in_turn(answers);
    let reply = update(&server.base_url(), at_once()).await.unwrap();
    assert_eq!(reply.id.as_ref().unwrap().as_str(), "INTEGRATION_ID");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_last_error_is_the_one_that_is_returned() {
    let answers = vec![
        String::new(),
        String::new(),
        closing("502 Bad Gateway", "", "<html>"),
    ];
    let server = Server::in_turn(answers);
    let error = update(&server.base_url(), at_once()).await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert_eq!(error.response().unwrap().body(), b"<html>");
    assert_eq!(server.requests().len(), 3);
}

/// The second attempt cannot connect, or is refused: neither says what the first one did.
#[tokio::test]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let server = Server::in_turn(vec![String::new()]);
    let error = update(&server.base_url(), at_once()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    assert!(error.may_have_been_applied());

    let server = Server::in_turn(vec![String::new(), closing("401 Unauthorized", "", "")]);
    let error = update(&server.base_url(), at_once()).await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn an_answer_that_says_no_is_not_asked_again() {
    for status in [
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "200 OK",
    ] {
        let server = Server::answering(json(status, "7")).await;
        update(&server.base_url(), at_once()).await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_not_begun() {
    let server =
        Server::answering(answer("429 Too Many Requests", "retry-after: 3600\r\n", "")).await;
    let error = update(&server.base_url(), at_once()).await.unwrap_err();
    assert_eq!(
        error
            .response()
            .unwrap()
            .retry_after(std::time::SystemTime::now()),
        Some(Duration::from_secs(3600))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn without_retries_a_request_is_sent_once() {
    let server = Server::answering(answer("503 Service Unavailable", "", "")).await;
    update(&server.base_url(), RetryPolicy::never())
        .await
        .unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn each_attempt_carries_the_same_bytes() {
    let server = Server::answering(answer("503 Service Unavailable", "", "")).await;
    update(&server.base_url(), at_once()).await.unwrap_err();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|request| *request == requests[0]),
        "{requests:#?}"
    );
}

#[test]
fn a_call_can_be_spawned_on_another_thread() {
    fn assert_send(_: impl Send) {}
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .build()
        .unwrap();
    assert_send(
        client
            .integrations()
            .update("PROJECT_ID")
            .webhook_url("https://my-system.com")
            .send(),
    );
}
