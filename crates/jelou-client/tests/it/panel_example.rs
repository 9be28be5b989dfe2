//! The example `panel.rs` against the sandbox: from creation to the end of a conversation, and with each fault of deliveries.
#![cfg(feature = "axum")]

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use jelou_client::{Client, Credentials, Secret, WebhookUrl};
use jelou_sandbox::{DeliveryFault, Options, Sandbox, Scenario};
use serde_json::{Value, json};

#[path = "../../examples/panel.rs"]
#[expect(dead_code, reason = "it is a program, too")]
mod panel;

/// A sandbox with an integration whose webhook is the example.
async fn connected(options: Options) -> (Sandbox, Client) {
    let sandbox = Sandbox::start(options).await.unwrap();
    let client = Client::builder(Credentials::api_key("API_KEY")).base_url(sandbox.base_url());
    let client = client.build().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let url = WebhookUrl::for_development(&url).unwrap();
    let created = client.integrations().create("PROJECT_ID", url);
    let secret: Secret = created.await.unwrap().signing_secret.clone().unwrap();
    serve(listener, &sandbox, secret);
    (sandbox, client)
}

/// Runs the example, which calls `sandbox`.
fn serve(listener: tokio::net::TcpListener, sandbox: &Sandbox, secret: Secret) {
    let panel = panel::Panel::new("API_KEY".into(), secret, Some(sandbox.base_url()));
    let router = panel.unwrap().router();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
}

/// Writes as a user, and returns what the webhook answered to each attempt.
async fn write(sandbox: &Sandbox, text: &str) -> Value {
    let body = json!({"project": "PROJECT_ID", "bot": "BOT_ID", "user": "USER_ID", "text": text});
    let body = body.to_string();
    let request = format!(
        "POST /_sandbox/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let address = sandbox.address();
    let exchange = move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    };
    let response = tokio::task::spawn_blocking(exchange).await.unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let mut shown: Value = serde_json::from_str(body).unwrap();
    shown["attempts"].take()
}

/// The calls of an operation, once there are as many as expected: the example answers after it has taken an event.
async fn calls(sandbox: &Sandbox, operation: &str, expected: usize) -> Vec<String> {
    loop {
        let received = sandbox.received();
        let of_operation = received
            .iter()
            .filter(|request| request.operation.as_deref() == Some(operation));
        let calls: Vec<_> = of_operation.map(|request| format!("{request:?}")).collect();
        if calls.len() >= expected {
            return calls;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_conversation_goes_from_the_first_message_to_the_last_event() {
    let (sandbox, client) = connected(Options::default()).await;
    let start = client
        .conversations()
        .start("PROJECT_ID", "BOT_ID", "USER_ID");
    start.await.unwrap();
    assert_eq!(write(&sandbox, "Hello").await, json!([{"status": 200}]));
    let sent = calls(&sandbox, "send_message", 1).await;
    assert!(sent[0].contains("You wrote: Hello"), "{sent:?}");
    write(&sandbox, "Goodbye").await;
    calls(&sandbox, "close_conversation", 1).await;
    sandbox.settled().await;
    let deliveries = sandbox.deliveries();
    let names: Vec<_> = deliveries.iter().map(|it| it.event.as_str()).collect();
    assert_eq!(
        names,
        [
            "conversation.start",
            "message",
            "message",
            "conversation.close"
        ]
    );
    assert!(
        deliveries
            .iter()
            .flat_map(|it| &it.attempts)
            .all(|it| it.as_ref().is_ok_and(|it| it.status == 200)),
        "{deliveries:?}"
    );
}

#[tokio::test]
async fn each_fault_of_deliveries_is_survived() {
    for (fault, attempts, answers) in [
        (DeliveryFault::Late, json!([{"status": 200}]), 1),
        (
            DeliveryFault::BadSignature,
            json!([{"status": 401, "answer": "the signature does not match these bytes; signing secrets tried: 1"}]),
            0,
        ),
        (DeliveryFault::UnknownEvent, json!([{"status": 200}]), 0),
        (DeliveryFault::UnknownType, json!([{"status": 200}]), 1),
    ] {
        let (sandbox, _) = connected(Options::default().delivery_fault(fault)).await;
        assert_eq!(write(&sandbox, "Hello").await, attempts, "{fault}");
        let sent = calls(&sandbox, "send_message", answers).await;
        assert_eq!(sent.len(), answers, "{fault}: {sent:?}");
    }
}

#[tokio::test]
async fn a_message_that_comes_twice_is_answered_once() {
    let options = Options::default().delivery_fault(DeliveryFault::Twice);
    let (sandbox, _) = connected(options).await;
    for text in ["first", "second"] {
        let attempts = write(&sandbox, text).await;
        assert_eq!(attempts, json!([{"status": 200}, {"status": 200}]));
    }
    // A second answer to the first message would come before the one to the second.
    loop {
        let sent = calls(&sandbox, "send_message", 2).await;
        if sent.concat().contains("You wrote: second") {
            assert_eq!(sent.len(), 2, "{sent:?}");
            return;
        }
    }
}

#[tokio::test]
async fn a_message_that_was_not_answered_is_answered_when_it_comes_again() {
    let scenario =
        "version: 1\nrules:\n  - {fault: status=500, operation: send_message, times: 1}\n";
    let options = Options::default()
        .scenario(Scenario::parse("scenario.yaml", scenario).unwrap())
        .seed(
            "seed.json",
            r#"{"integrations": {"PROJECT_ID": {"signingSecret": "SECRET"}}}"#.to_owned(),
        );
    let sandbox = Sandbox::start(options).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(listener, &sandbox, "SECRET".into());
    let jelou = Client::builder(Credentials::signing_secret("SECRET")).base_url(&url);
    let jelou = jelou.build().unwrap();
    let event = json!({
        "event_type": "message", "project_id": "PROJECT_ID", "room_id": "ROOM_ID", "contact": {"id": "USER_ID"},
        "bot": {"id": "BOT_ID"}, "value": {"id": "MESSAGE_ID", "type": "text", "content": {"body": "Hello"}},
    });
    let deadline = Instant::now() + Duration::from_secs(30);
    // Again, until the example has noticed that its first answer failed.
    while calls(&sandbox, "send_message", 0).await.len() < 2 {
        assert!(Instant::now() < deadline, "it is answered once");
        let delivery = jelou.request("POST", "/").body(event.to_string());
        assert_eq!(delivery.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn messages_out_of_order_are_each_answered() {
    let options = Options::default().delivery_fault(DeliveryFault::OutOfOrder);
    let (sandbox, _) = connected(options).await;
    assert_eq!(write(&sandbox, "first").await, json!([]));
    assert_eq!(write(&sandbox, "second").await, json!([{"status": 200}]));
    sandbox.settled().await;
    let sent = calls(&sandbox, "send_message", 2).await.concat();
    assert!(sent.contains("You wrote: first") && sent.contains("You wrote: second"));
}
