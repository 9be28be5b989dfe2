//! Every operation of the document: what its call sends, and how each documented response is read.

use std::fmt::{Debug, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use insta::assert_snapshot;
use jelou_client::types::*;
use jelou_client::{
    Client, Credentials, Error, Reply, RetryPolicy, Secret, Shape, conversations, integrations,
    messages,
};
use serde_json::Value;
use spec_first_document::{Node, OperationNode};
use test_support::server::Answer;

use crate::contract::document;
use crate::server::{API_KEY, BASE_PATH, Server, client_of, json};

const SIGNING_SECRET: &str = "SIGNING_SECRET";

/// The result of a call: how the reply was read, or the error with its typed body.
pub(crate) type Read = Result<String, (Error, String)>;

fn credentials() -> Credentials {
    Credentials::api_key(API_KEY).and(Credentials::signing_secret(SIGNING_SECRET))
}

fn text() -> TextMessage {
    TextMessage {
        id: "MESSAGE_ID".into(),
        type_: Default::default(),
        content: TextContent {
            body: "Message text".to_owned(),
        },
    }
}

/// Calls an operation by its id, with a value for everything that it takes. A new operation needs its call here.
pub(crate) async fn call(client: &Client, operation_id: &str) -> Read {
    fn read<V: Debug, E: Debug + jelou_client::OperationError>(
        result: Result<Reply<V>, Error>,
    ) -> Read {
        match result {
            Ok(reply) => Ok(format!("{:?}: {:#?}", reply.shape(), *reply)),
            Err(error) => {
                let typed = error.typed::<E>();
                let typed = format!("{:#?}", typed.as_ref());
                Err((error, typed))
            }
        }
    }
    const PROJECT: &str = "PROJECT_ID";
    const URL: &str = "https://my-system.com/webhook/jelou";
    let (integrations, conversations) = (client.integrations(), client.conversations());
    match operation_id {
        "create_integration" => {
            let create = integrations
                .create(PROJECT, URL)
                .auth_type(AuthType::Bearer);
            let create = create.authorization("WEBHOOK_AUTHORIZATION");
            read::<_, integrations::CreateError>(create.await)
        }
        "get_integration" => read::<_, integrations::GetError>(integrations.get(PROJECT).await),
        "update_integration" => {
            let update = integrations.update(PROJECT).webhook_url(URL);
            read::<_, integrations::UpdateError>(update.await)
        }
        "delete_integration" => {
            read::<_, integrations::DeleteError>(integrations.delete(PROJECT).await)
        }
        "regenerate_secret" => {
            let regenerate = integrations.regenerate_secret(PROJECT);
            read::<_, integrations::RegenerateSecretError>(regenerate.await)
        }
        "start_conversation" => {
            let start = conversations.start(PROJECT, "BOT_ID", "USER_ID");
            let start = start.initial_message("Hello, how can we help?");
            let ticket = [("ticketId".to_owned(), "T-12345".into())];
            let start = start.metadata(Metadata(ticket.into_iter().collect()));
            let start = start.assignment(Assignment {
                type_: Some(AssignmentType::Queue),
                target: Some("support".to_owned()),
            });
            read::<_, conversations::StartError>(start.await)
        }
        "close_conversation" => {
            let close = conversations.close(PROJECT, "BOT_ID", "USER_ID");
            let payload = RedirectPayload {
                type_: RedirectType::Text,
                text: Some("Conversation closing message".to_owned()),
                extra: Default::default(),
            };
            read::<_, conversations::CloseError>(close.redirect_payload(payload).await)
        }
        "get_conversation" => {
            let get = conversations.get(PROJECT, "CONVERSATION_ID");
            read::<_, conversations::GetError>(get.await)
        }
        "send_message" => {
            let messages = client.messages();
            let send = messages.send("BOT_ID", PROJECT, "ROOM_ID", "USER_ID", text());
            read::<_, messages::SendError>(send.await)
        }
        other => panic!("`{other}` is not called in this test"),
    }
}

/// The examples of a response of the document, by name.
fn examples(response: Node<'_>) -> Vec<(String, Value)> {
    let document = document();
    let response = document.resolve(response).unwrap();
    let Some(content) = response.get("content") else {
        return Vec::new();
    };
    let content = content.get("application/json").unwrap();
    let several = content.entries_of("examples").iter();
    let several = several.map(|entry| (entry.key, entry.value.get("value").unwrap()));
    let one = content.get("example").map(|value| ("example", value));
    let all = several.chain(one);
    all.map(|(name, value)| (name.to_owned(), value.to_json()))
        .collect()
}

fn responses(operation: &OperationNode<'_>) -> Vec<(String, String, Value)> {
    let responses = operation.node.entries_of("responses").iter();
    let responses = responses.flat_map(|entry| {
        let examples = examples(entry.value).into_iter();
        examples.map(|(name, value)| (entry.key.to_owned(), name, value))
    });
    responses.collect()
}

#[tokio::test]
async fn each_operation_is_sent_as_documented() {
    for operation in document().operations() {
        let id = operation.name();
        let server = Server::answering(json("200 OK", r#"{"id":"ID","status":1}"#)).await;
        call(&server.client_with(credentials()), &id).await.unwrap();
        // Also validates the body against the document.
        let request = server.request();
        let path = operation.path.replace("{projectId}", "PROJECT_ID");
        let path = path.replace("{conversationId}", "CONVERSATION_ID");
        let method = operation.method.to_uppercase();
        let line = format!("{method} {BASE_PATH}{path} HTTP/1.1\n");
        assert!(request.starts_with(&line), "{line}{request}");
        assert_snapshot!(id, request);
    }
}

#[tokio::test]
async fn each_documented_success_is_read() {
    for operation in document().operations() {
        let (id, mut text) = (operation.name(), String::new());
        for (status, name, body) in responses(&operation) {
            if !status.starts_with('2') {
                continue;
            }
            let body = body.to_string();
            let server = Server::answering(json("200 OK", &body)).await;
            let read = call(&server.client_with(credentials()), &id).await.unwrap();
            assert!(!read.contains(SIGNING_SECRET), "a secret is shown: {read}");
            writeln!(text, "{name}: {body}\n{read}\n").unwrap();
        }
        assert!(!text.is_empty(), "{id} has no example of a success");
        assert_snapshot!(format!("{id}_success"), text);
    }
}

#[tokio::test]
async fn each_documented_error_of_each_operation_has_its_type() {
    for operation in document().operations() {
        let id = operation.name();
        let mut text = String::new();
        for (status, _, body) in responses(&operation) {
            if status.starts_with('2') {
                continue;
            }
            let server =
                Server::answering(json(&format!("{status} Error"), &body.to_string())).await;
            let client = server.client_with(credentials());
            let (error, typed) = call(&client, &id).await.unwrap_err();
            assert_eq!(error.status().unwrap().to_string(), status);
            // A 4XX refused the request, a 5XX may have come after it was applied.
            assert_eq!(
                error.may_have_been_applied(),
                status.starts_with('5'),
                "{id}"
            );
            let variant = typed.lines().nth(1).unwrap_or(&typed).trim();
            writeln!(text, "{status}: {variant} {error}").unwrap();
        }
        assert_snapshot!(format!("{id}_errors"), text);
    }
}

/// These bodies are not documented, so any JSON must be accepted, and so must an empty body.
#[tokio::test]
async fn an_undocumented_success_is_any_json() {
    for id in ["start_conversation", "close_conversation", "send_message"] {
        for (status, body, expected) in [
            ("200 OK", "", "Absent: UndocumentedReply(\n    Null,\n)"),
            (
                "202 Accepted",
                "accepted",
                "Absent: UndocumentedReply(\n    Null,\n)",
            ),
            ("200 OK", "7", "Flat: UndocumentedReply(\n    Number(7),\n)"),
            ("200 OK", "[]", "Flat: UndocumentedReply(\n    Array [],\n)"),
            ("200 OK", r#"{"status":"1"}"#, "Flat"),
            ("202 Accepted", r#"{"executionId":"EXECUTION_ID"}"#, "Flat"),
        ] {
            let server = Server::answering(json(status, body)).await;
            let read = call(&server.client_with(credentials()), id).await.unwrap();
            assert!(read.starts_with(expected), "{id} {body}: {read}");
        }
        for body in [
            r#"{"status":0}"#,
            r#"{"error":{"code":"E1"}}"#,
            r#"{"success":false}"#,
        ] {
            let server = Server::answering(json("200 OK", body)).await;
            let client = server.client_with(credentials());
            let (error, _) = call(&client, id).await.unwrap_err();
            assert!(matches!(error, Error::Api(_)), "{id} {body}: {error:?}");
        }
    }
}

/// The connection breaks before the first response: the document says which calls may be sent again.
#[tokio::test]
async fn only_an_idempotent_operation_is_sent_again_without_an_answer() {
    let document = document();
    for operation in document.operations() {
        let id = operation.name();
        let extension = operation.node.get("x-idempotent").and_then(Node::as_bool);
        let is_idempotent = extension.unwrap_or(operation.method == "get");
        let attempts = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&attempts);
        let server = test_support::server::Server::start(move |_| {
            match counter.fetch_add(1, Ordering::SeqCst) {
                0 => Answer::new("").closing(),
                _ => Answer::new(json("200 OK", r#"{"id":"ID","status":1}"#)),
            }
        });
        let client = Client::builder(credentials())
            .base_url(server.origin())
            .retry(RetryPolicy::default().initial_backoff(Duration::ZERO))
            .build()
            .unwrap();
        let result = call(&client, &id).await;
        assert_eq!(result.is_ok(), is_idempotent, "{id}: {result:?}");
        let expected = if is_idempotent { 2 } else { 1 };
        assert_eq!(attempts.load(Ordering::SeqCst), expected, "{id}");
        if let Err((error, _)) = result {
            assert!(error.may_have_been_applied(), "{id}: {error:?}");
        }
    }
}

/// The signature is over the bytes on the wire. `openssl dgst -sha256 -hmac SIGNING_SECRET` computed it from the body in the
/// snapshot of the request.
#[tokio::test]
async fn a_sent_message_is_signed_and_repeated_as_it_is() {
    let server = Server::answering(json("429 Too Many Requests", "")).await;
    let client = Client::builder(Credentials::signing_secret(SIGNING_SECRET))
        .base_url(server.base_url())
        .retry(RetryPolicy::default().initial_backoff(Duration::ZERO))
        .build()
        .unwrap();
    call(&client, "send_message").await.unwrap_err();
    let requests = server.requests();
    assert_eq!(requests.len(), 3, "a refusal is sent again");
    for request in &requests {
        assert_eq!(
            request, &requests[0],
            "with the same `value.id` and signature"
        );
        let (head, body) = request.split_once("\n\n").unwrap();
        assert!(
            !head.contains("x-api-key") && !head.contains("authorization"),
            "{head}"
        );
        let signature = head
            .lines()
            .find_map(|line| line.strip_prefix("x-jelou-signature: "));
        let expected = openssl_hmac(SIGNING_SECRET, body);
        assert_eq!(signature.unwrap(), format!("sha256={expected}"));
    }
}

/// Another implementation of HMAC-SHA256.
fn openssl_hmac(secret: &str, body: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    openssl
        .stdin
        .take()
        .unwrap()
        .write_all(body.as_bytes())
        .unwrap();
    let output = openssl.wait_with_output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    output.trim().rsplit(' ').next().unwrap().to_owned()
}

#[tokio::test]
async fn each_operation_takes_its_own_kind_of_credentials() {
    for operation in document().operations() {
        let id = operation.name();
        let wrong = match id.as_str() {
            "send_message" => Credentials::api_key(API_KEY),
            _ => Credentials::signing_secret(SIGNING_SECRET),
        };
        let server = Server::answering(json("200 OK", "{}")).await;
        let (error, _) = call(&server.client_with(wrong), &id).await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("does not accept credentials of this kind")
        );
        assert!(server.requests().is_empty(), "{id} was sent");
    }
}

#[tokio::test]
async fn a_message_goes_to_its_own_host_below_either_base_path() {
    for base_url in [
        None,
        Some("https://gateway.jelou.ai/platform"),
        Some("https://gateway.jelou.ai/jelouapi/"),
    ] {
        let builder = Client::builder(credentials());
        let builder = match base_url {
            Some(base_url) => builder.base_url(base_url),
            None => builder,
        };
        let client = builder.build().unwrap();
        let messages = client.messages();
        let send = messages.send("BOT_ID", "PROJECT_ID", "ROOM_ID", "USER_ID", text());
        assert_eq!(
            send.prepare().unwrap().url(),
            "https://chatbot.jelou.ai/v1/external-support/webhook"
        );
        let get = client.integrations().get("PROJECT_ID").prepare().unwrap();
        let base_url = base_url.unwrap_or("https://gateway.jelou.ai/jelouapi");
        let expected = format!(
            "{}/v1/external-support/PROJECT_ID",
            base_url.trim_end_matches('/')
        );
        assert_eq!(get.url(), expected);
    }
    let client = client_of("http://127.0.0.1:1/own".to_owned(), credentials());
    let messages = client.messages();
    let send = messages.send("BOT_ID", "PROJECT_ID", "ROOM_ID", "USER_ID", text());
    assert_eq!(
        send.prepare().unwrap().url(),
        "http://127.0.0.1:1/own/v1/external-support/webhook"
    );
}

#[tokio::test]
async fn the_new_secrets_are_read_and_not_shown() {
    let secret = |secret: &Option<Secret>| secret.as_ref().unwrap().expose().to_owned();
    for (body, shape) in [
        (r#"{"signingSecret":"canary-4f1d"}"#, Shape::Flat),
        (
            r#"{"status":1,"data":{"signingSecret":"canary-4f1d"}}"#,
            Shape::Enveloped,
        ),
    ] {
        let server = Server::answering(json("200 OK", body)).await;
        let client = server.client();
        let create = client
            .integrations()
            .create("PROJECT_ID", "https://my-system.com");
        let created = create.await.unwrap();
        assert_eq!(secret(&created.signing_secret), "canary-4f1d");
        assert_eq!(created.shape(), shape);
        let regenerated = client
            .integrations()
            .regenerate_secret("PROJECT_ID")
            .await
            .unwrap();
        assert_eq!(secret(&regenerated.signing_secret), "canary-4f1d");
        let shown = format!("{created:?} {regenerated:?} {:?}", regenerated.response());
        assert!(!shown.contains("canary-4f1d"), "{shown}");
    }
}
