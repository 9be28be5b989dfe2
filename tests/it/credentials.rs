//! Clients with different keys share expensive resources, but none of their secrets.

use jelou_client::{Client, Credentials, Error, RetryPolicy};

use crate::fixtures::FLAT;
use crate::server::{Server, answer, json, move_webhook};

/// The values of the header `x-api-key`, in the order of the requests.
fn keys(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let lines = requests.iter().flat_map(|request| request.lines());
    let keys = lines.filter_map(|line| line.strip_prefix("x-api-key: "));
    keys.map(str::to_owned).collect()
}

#[tokio::test]
async fn two_keys_share_a_connection_and_each_request_carries_its_own() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let first = server.client_with(Credentials::api_key("KEY-1"));
    let second = first.with_credentials(Credentials::api_key("KEY-2"));
    for client in [&first, &second, &first] {
        move_webhook(client).await.unwrap();
    }
    assert_eq!(keys(&server), ["KEY-1", "KEY-2", "KEY-1"]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn another_kind_of_credentials_leaves_nothing_of_the_first() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let first = server.client_with(Credentials::api_key("KEY-1"));
    let second = first.with_credentials(Credentials::client("id", "secret"));
    move_webhook(&second).await.unwrap();
    assert!(keys(&server).is_empty());
    assert!(
        server
            .request()
            .contains("\nauthorization: Basic aWQ6c2VjcmV0\n")
    );
}

#[tokio::test]
async fn each_client_redacts_its_own_secrets_and_knows_no_others() {
    // A server that echoes both keys: the second client never held the first one, and must not be able to tell.
    let echo = r#"{"message":["KEY-OF-ONE KEY-OF-TWO"]}"#;
    let server = Server::answering(json("400 Bad Request", echo)).await;
    let first = server.client_with(Credentials::api_key("KEY-OF-ONE"));
    let second = first.with_credentials(Credentials::api_key("KEY-OF-TWO"));
    for (client, shown) in [
        (&first, "[redacted] KEY-OF-TWO"),
        (&second, "KEY-OF-ONE [redacted]"),
    ] {
        let text = move_webhook(client).await.unwrap_err().to_string();
        assert!(text.contains(shown), "{text}");
    }
    assert!(!format!("{second:?}").contains("KEY-OF"), "{second:?}");
}

#[tokio::test]
async fn the_budget_of_retries_is_one_for_all_keys() {
    let refusal = answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    let server = Server::answering(refusal).await;
    let first = Client::builder(Credentials::api_key("KEY"))
        .base_url(server.base_url())
        .retry(RetryPolicy::default().max_attempts(2))
        .build()
        .unwrap();
    for key in 0..40 {
        let client = first.with_credentials(Credentials::api_key(format!("KEY-{key}")));
        move_webhook(&client).await.unwrap_err();
    }
    // Forty requests, retries for a fifth of them, and ten more retries; with a budget per key, all would have been sent twice.
    let sent = server.requests().len();
    assert!((50..=70).contains(&sent), "{sent}");
}

#[tokio::test]
async fn credentials_that_no_header_can_carry_are_refused_before_anything_is_sent() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let client = server.client();
    for credentials in [
        Credentials::api_key(""),
        Credentials::api_key("canary\n"),
        Credentials::client("", ""),
        Credentials::client("id:x", "canary"),
    ] {
        let client = client.with_credentials(credentials);
        let untyped = client.request("GET", "/").send().await.map(drop);
        for result in [move_webhook(&client).await.map(drop), untyped] {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
    assert!(server.requests().is_empty());
}
