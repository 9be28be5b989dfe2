//! The client against the sandbox: two readings of one document, which share no code.

use jelou_client::types::{AuthType, Integration};
use jelou_client::{Client, Credentials, Error, Reply, RetryPolicy, Shape};
use jelou_sandbox::{Options, ReplyShape, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn start(options: Options) -> Sandbox {
    Sandbox::start(options.integration("PROJECT_ID"))
        .await
        .unwrap()
}

fn client(sandbox: &Sandbox) -> Client {
    Client::builder(Credentials::api_key("API_KEY"))
        .retry(RetryPolicy::never())
        .base_url(sandbox.base_url())
        .build()
        .unwrap()
}

async fn move_webhook(client: &Client, project_id: &str) -> Result<Reply<Integration>, Error> {
    client
        .integrations()
        .update(project_id)
        .webhook_url("https://my-system.com/webhook/jelou-v2")
        .send()
        .await
}

#[tokio::test]
async fn either_credential_is_enough() {
    let sandbox = start(Options::default()).await;
    for credentials in [
        Credentials::api_key("API_KEY"),
        Credentials::client("CLIENT_ID", "CLIENT_SECRET"),
    ] {
        let client = Client::builder(credentials)
            .base_url(sandbox.base_url())
            .build()
            .unwrap();
        move_webhook(&client, "PROJECT_ID").await.unwrap();
    }
    let sandbox = start(Options::default().api_key("OTHER_KEY")).await;
    let error = move_webhook(&client(&sandbox), "PROJECT_ID")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(401));
}

#[tokio::test]
async fn each_field_changes_on_its_own() {
    let sandbox = start(Options::default()).await;
    let client = client(&sandbox);
    let first = move_webhook(&client, "PROJECT_ID").await.unwrap();
    assert_eq!(
        first.webhook_url.as_deref(),
        Some("https://my-system.com/webhook/jelou-v2")
    );

    let second = client
        .integrations()
        .update("PROJECT_ID")
        .auth_type(AuthType::Basic)
        .send()
        .await
        .unwrap();
    assert_eq!(second.webhook_url, first.webhook_url);
    assert_eq!(second.auth_type.as_ref().unwrap().to_string(), "basic");
    assert!(
        second.updated_at.as_ref().unwrap().instant()
            > second.created_at.as_ref().unwrap().instant()
    );
    assert_eq!(second.created_at, first.created_at);
}

#[tokio::test]
async fn both_shapes_are_read() {
    for (shape, expected) in [
        (ReplyShape::Flat, Shape::Flat),
        (ReplyShape::Enveloped, Shape::Enveloped),
    ] {
        let sandbox = start(Options::default().reply_shape(shape)).await;
        let reply = move_webhook(&client(&sandbox), "PROJECT_ID").await.unwrap();
        assert_eq!(reply.shape(), expected);
        assert_eq!(
            reply.webhook_url.as_deref(),
            Some("https://my-system.com/webhook/jelou-v2")
        );
        assert_eq!(sandbox.nonconforming_responses(), 0);
    }
}

#[tokio::test]
async fn a_project_without_an_integration_is_not_found() {
    let sandbox = start(Options::default()).await;
    let error = move_webhook(&client(&sandbox), "OTHER_PROJECT")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(404));
}

#[tokio::test]
async fn a_project_id_arrives_as_it_was_given() {
    let project_id = "a/b?c#d%2F ñ";
    let sandbox = Sandbox::start(Options::default().integration(project_id))
        .await
        .unwrap();
    move_webhook(&client(&sandbox), project_id).await.unwrap();
}

#[tokio::test]
async fn a_failing_server_leaves_it_open_whether_the_update_was_applied() {
    let sandbox = start(Options::default().fail_with(500)).await;
    let error = move_webhook(&client(&sandbox), "PROJECT_ID")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn an_empty_update_is_refused() {
    // The client cannot send one.
    let sandbox = start(Options::default()).await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.address())
        .await
        .unwrap();
    let request = "PATCH /jelouapi/v1/external-support/PROJECT_ID HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\
                   x-api-key: API_KEY\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
}
