//! The request, byte for byte, as a server sees it.

use insta::assert_snapshot;
use jelou_client::types::AuthType;
use jelou_client::{Client, Credentials, Error};

use crate::fixtures::FLAT;
use crate::server::{API_KEY, Server, json, move_webhook};

const URL: &str = "https://my-system.com/webhook/jelou-v2";

async fn server() -> Server {
    Server::answering(json("200 OK", FLAT)).await
}

#[tokio::test]
async fn each_field_alone_is_the_whole_body() {
    let server = server().await;
    move_webhook(&server.client()).await.unwrap();
    assert_snapshot!(server.request());

    let server = self::server().await;
    server
        .client()
        .integrations()
        .update("PROJECT_ID")
        .auth_type(AuthType::Bearer)
        .send()
        .await
        .unwrap();
    assert_snapshot!(server.request());

    let server = self::server().await;
    let update = server.client();
    update
        .integrations()
        .update("PROJECT_ID")
        .authorization("WEBHOOK_AUTHORIZATION")
        .send()
        .await
        .unwrap();
    assert_snapshot!(server.request());
}

#[tokio::test]
async fn all_fields_travel_in_one_body() {
    let server = server().await;
    let client = server.client();
    let update = client
        .integrations()
        .update("PROJECT_ID")
        .authorization("WEBHOOK_AUTHORIZATION");
    update
        .auth_type(AuthType::Basic)
        .webhook_url(URL)
        .send()
        .await
        .unwrap();
    assert_snapshot!(server.request());
}

#[tokio::test]
async fn each_auth_type_is_written_as_documented() {
    let mut bodies = String::new();
    for auth_type in [
        AuthType::Bearer,
        AuthType::ApiKey,
        AuthType::Basic,
        AuthType::NoAuth,
    ] {
        let server = server().await;
        server
            .client()
            .integrations()
            .update("PROJECT_ID")
            .auth_type(auth_type)
            .send()
            .await
            .unwrap();
        bodies += server.request().split_once("\n\n").unwrap().1;
        bodies += "\n";
    }
    assert_snapshot!(bodies, @r#"
    {"authType":"bearer"}
    {"authType":"api_key"}
    {"authType":"basic"}
    {"authType":"no_auth"}
    "#);
}

#[tokio::test]
async fn the_authorization_is_sent_exactly_as_given() {
    let authorization = " Tök\ten: \"a\\b\" ";
    for auth_type in [
        AuthType::Bearer,
        AuthType::ApiKey,
        AuthType::Basic,
        AuthType::NoAuth,
    ] {
        let server = server().await;
        let client = server.client();
        let update = client
            .integrations()
            .update("PROJECT_ID")
            .auth_type(auth_type);
        update.authorization(authorization).send().await.unwrap();
        let request = server.request();
        let (_, body) = request.split_once("\n\n").unwrap();
        assert_eq!(
            body,
            format!(r#"{{"authType":"{auth_type}","authorization":" Tök\ten: \"a\\b\" "}}"#)
        );
    }
}

#[tokio::test]
async fn one_client_updates_any_project() {
    let server = server().await;
    let client = server.client();
    for project_id in ["PROJECT_A", "PROJECT_B"] {
        client
            .integrations()
            .update(project_id)
            .webhook_url(URL)
            .send()
            .await
            .unwrap();
    }
    let requests = server.requests();
    for (request, project_id) in requests.iter().zip(["PROJECT_A", "PROJECT_B"]) {
        assert!(
            request.contains(&format!("/{project_id} HTTP/1.1\n"))
                && request.contains("\nx-api-key: API_KEY\n")
        );
    }
}

#[tokio::test]
async fn calls_of_a_client_and_of_its_clones_share_a_connection() {
    let server = server().await;
    let client = server.client();
    for client in [&client, &client.clone(), &client] {
        move_webhook(client).await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn the_api_key_travels_as_x_api_key() {
    let server = server().await;
    move_webhook(&server.client()).await.unwrap();
    let request = server.request();
    assert!(
        request.contains(&format!("\nx-api-key: {API_KEY}\n")),
        "{request}"
    );
    assert!(
        !request.to_lowercase().contains("\nauthorization:"),
        "{request}"
    );
}

#[tokio::test]
async fn client_credentials_travel_as_basic_authentication() {
    let server = server().await;
    let client = server.client_with(Credentials::client("CLIENT_ID", "CLIENT_SECRET"));
    move_webhook(&client).await.unwrap();
    assert_snapshot!(server.request());
}

#[tokio::test]
async fn a_project_id_is_escaped_into_one_segment() {
    let mut request_lines = String::new();
    for project_id in [
        "a/b", "../x", "..%2Fx", "a?b=c#d", "a b", "ñandú", "a;b=c", "%", "a\\b", "...a",
        "\u{7f}\n",
    ] {
        let server = server().await;
        server
            .client()
            .integrations()
            .update(project_id)
            .webhook_url(URL)
            .send()
            .await
            .unwrap();
        request_lines += server.request().lines().next().unwrap();
        request_lines += "\n";
    }
    assert_snapshot!(request_lines);
}

#[tokio::test]
async fn a_project_id_that_would_leave_its_segment_is_not_sent() {
    for project_id in ["", ".", "..", "..."] {
        let server = server().await;
        let error = server
            .client()
            .integrations()
            .update(project_id)
            .webhook_url(URL)
            .send()
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::InvalidInput {
                    field: "projectId",
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(!error.may_have_been_applied());
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_webhook_url_is_sent_as_it_was_written() {
    let server = server().await;
    let url = "https://EXAMPLE.com/%C3%9Cn%C3%AF/../?q=%7E";
    server
        .client()
        .integrations()
        .update("PROJECT_ID")
        .webhook_url(url)
        .send()
        .await
        .unwrap();
    assert!(
        server
            .request()
            .ends_with(&format!("{{\"webhookUrl\":\"{url}\"}}")),
        "{}",
        server.request()
    );
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_base_url_is_not_doubled() {
    let server = server().await;
    let client =
        Client::builder(Credentials::api_key(API_KEY)).base_url(format!("{}/", server.base_url()));
    client
        .build()
        .unwrap()
        .integrations()
        .update("PROJECT_ID")
        .webhook_url(URL)
        .send()
        .await
        .unwrap();
    assert!(
        server
            .request()
            .starts_with("PATCH /jelouapi/v1/external-support/PROJECT_ID HTTP/1.1\n")
    );
}

#[test]
fn the_document_names_the_production_gateway() {
    let client = Client::builder(Credentials::api_key(API_KEY))
        .build()
        .unwrap();
    assert_eq!(client.base_url(), "https://gateway.jelou.ai/jelouapi");
}

#[tokio::test]
async fn an_update_without_a_field_is_not_sent() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let update = server.client().integrations().update("PROJECT_ID");
    let error = update.clone().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body cannot be used: no member of it is set"
    );
    assert!(update.prepare().is_err());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_update_is_cloned_awaited_and_given_to_another_task() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let mut update = server.client().integrations().update("PROJECT_ID");
    if let Some(url) = Some("https://my-system.com/webhook/jelou-v2".to_owned()) {
        update = update.webhook_url(url);
    }
    let task = tokio::spawn(update.clone().into_future());
    let (first, second) = (update.await.unwrap(), task.await.unwrap().unwrap());
    assert_eq!(first.webhook_url, second.webhook_url);
    assert_eq!(server.requests().len(), 2);
}
