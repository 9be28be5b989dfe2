//! The generated client, called without the layer above it.

use std::time::Duration;

use jelou_client::types::{AuthType, IntegrationReply, IntegrationUpdate};
use jelou_client::{Client, Credentials, RetryPolicy, raw};

use crate::fixtures::{ENVELOPED, FLAT};
use crate::server::{Server, answer, json};

type Sent = Result<raw::ResponseValue<IntegrationReply>, raw::Error<raw::ByteStream>>;

async fn send(client: &Client, project_id: &str) -> Sent {
    let update = IntegrationUpdate {
        auth_type: Some(AuthType::NoAuth),
        ..Default::default()
    };
    client
        .raw()
        .update_integration()
        .project_id(project_id)
        .body(update)
        .send()
        .await
}

#[tokio::test]
async fn it_carries_the_same_credentials_and_reads_both_shapes() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let reply = send(&server.client(), "PROJECT_ID").await.unwrap();
    assert!(matches!(reply.into_inner(), IntegrationReply::Variant1(_)));
    assert!(server.request().contains("\nx-api-key: API_KEY\n"));

    let server = Server::answering(json("200 OK", ENVELOPED)).await;
    let reply = send(&server.client(), "PROJECT_ID").await.unwrap();
    assert!(matches!(reply.into_inner(), IntegrationReply::Variant0(_)));
}

#[tokio::test]
async fn it_sends_again_what_can_do_no_harm() {
    let server = Server::answering(answer("503 Service Unavailable", "", "busy")).await;
    let retry = RetryPolicy::default().initial_backoff(Duration::ZERO);
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(server.base_url())
        .retry(retry)
        .build()
        .unwrap();
    let error = send(&client, "PROJECT_ID").await.unwrap_err();
    assert_eq!(server.requests().len(), 3);
    let raw::Error::UnexpectedResponse(response) = error else {
        panic!("503 is not documented")
    };
    assert_eq!(response.text().await.unwrap(), "busy");
}

#[tokio::test]
async fn it_refuses_a_project_id_that_would_leave_its_segment() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let sent = send(&server.client(), "..").await;
    assert!(matches!(sent, Err(raw::Error::InvalidRequest(_))));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn it_tells_the_status_of_an_answer_over_the_limit() {
    let server = Server::answering(json("400 Bad Request", &" ".repeat(2 * 1024 * 1024))).await;
    let error = send(&server.client(), "PROJECT_ID").await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
}
