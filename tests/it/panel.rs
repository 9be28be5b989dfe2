//! A panel against the sandbox: what it receives, what it sends, and how a wrong signature is reported.

mod deliveries;

use jelou_client::types::{
    ConversationState, DocumentedConversationState, ReceivedMessage, TextMessage,
};
use jelou_client::webhook::{self, Event};
use jelou_client::{Client, Credentials, RetryPolicy, Secret, WebhookUrl};
use jelou_sandbox::{DeliveryFault, Options, ReplyShape, Sandbox};
use serde_json::{Value, json};
use test_support::server::{Answer, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::server::answer;

/// A webhook on loopback: its URL, and the head, in lower case, and the body of each request. It answers with `statuses` in turn,
/// each with a text, and then with 200 and none.
fn webhook(statuses: &'static [u16]) -> (WebhookUrl, mpsc::UnboundedReceiver<(String, String)>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let mut statuses = statuses.iter();
    let server = Server::start(move |request| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        sender.send((head.to_lowercase(), body.to_owned())).unwrap();
        let (status, text) = match statuses.next() {
            Some(status) => (status, "too busy".repeat(1000)),
            None => (&200, String::new()),
        };
        Answer::new(answer(
            &format!("{status} X"),
            "connection: close\r\n",
            &text,
        ))
        .closing()
    });
    let url = format!("{}/webhook", server.origin());
    (WebhookUrl::for_development(&url).unwrap(), receiver)
}

fn client(sandbox: &Sandbox, credentials: Credentials) -> Client {
    let builder = Client::builder(credentials).retry(RetryPolicy::never());
    builder.base_url(sandbox.base_url()).build().unwrap()
}

/// A request to the control API.
async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    let target = format!("/_sandbox/{path}");
    send(sandbox, method, &target, "", &body.to_string()).await
}

/// A request with these header lines.
async fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &str,
    body: &str,
) -> (u16, Value) {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (
        head[9..12].parse().unwrap(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

fn message() -> Value {
    json!({"project": "PROJECT_ID", "bot": "BOT_ID", "user": "USER_ID", "text": "Hello"})
}

/// The event in a request of the sandbox, if `secret` signed it.
fn event(request: (String, String), secret: &Secret) -> Result<Event, webhook::VerifyError> {
    let (head, body) = request;
    let mut headers = reqwest::header::HeaderMap::new();
    let signature = head
        .lines()
        .find_map(|line| line.strip_prefix("x-jelou-signature: "));
    headers.insert(
        webhook::SIGNATURE_HEADER,
        signature.unwrap().parse().unwrap(),
    );
    webhook::verify(&headers, body, std::slice::from_ref(secret))
}

#[tokio::test]
async fn a_panel_is_connected_answers_and_closes() {
    for shape in [ReplyShape::Flat, ReplyShape::Enveloped] {
        let sandbox = Sandbox::start(Options::default().reply_shape(shape))
            .await
            .unwrap();
        let (url, mut events) = webhook(&[]);
        let panel = client(&sandbox, Credentials::api_key("API_KEY"));
        let created = panel
            .integrations()
            .create("PROJECT_ID", url)
            .await
            .unwrap();
        let secret = created.signing_secret.clone().unwrap();
        let found = panel.integrations().get("PROJECT_ID").await.unwrap();
        assert!(
            !found.raw_json().contains("igningSecret"),
            "it is shown once"
        );

        panel
            .conversations()
            .start("PROJECT_ID", "BOT_ID", "USER_ID")
            .await
            .unwrap();
        let started = event(events.recv().await.unwrap(), &secret).unwrap();
        assert!(matches!(started, Event::ConversationStart(_)));

        let (status, shown) = control(&sandbox, "POST", "messages", message()).await;
        assert_eq!(
            (status, &shown["attempts"]),
            (200, &json!([{"status": 200}]))
        );
        let received = event(events.recv().await.unwrap(), &secret).unwrap();
        let Event::Message(received) = received else {
            panic!("{received:?}");
        };
        let sender = client(&sandbox, Credentials::signing_secret(secret.clone()));
        let answer = TextMessage::new("ANSWER_ID", "Welcome");
        sender.messages().answer(&received, answer).await.unwrap();

        let id = received.conversation.as_ref().unwrap().id.clone().unwrap();
        let state = |text: &str| match text {
            "active" => DocumentedConversationState::Active,
            _ => DocumentedConversationState::Closed,
        };
        for expected in ["active", "closed"] {
            let conversation = panel.conversations().get("PROJECT_ID", &*id).await.unwrap();
            assert_eq!(
                conversation.state,
                Some(ConversationState::DocumentedConversationState(state(
                    expected
                )))
            );
            if expected == "active" {
                panel
                    .conversations()
                    .close("PROJECT_ID", "BOT_ID", "USER_ID")
                    .await
                    .unwrap();
            }
        }
        let closed = event(events.recv().await.unwrap(), &secret).unwrap();
        assert!(matches!(closed, Event::ConversationClose(_)));
        let (_, state) = control(&sandbox, "GET", "state", Value::Null).await;
        let messages = &state["conversations"][id.as_str()]["messages"];
        assert_eq!(messages[1]["content"]["body"], "Welcome", "{state}");
        assert!(!state.to_string().contains(secret.expose()));

        panel.integrations().delete("PROJECT_ID").await.unwrap();
        let gone = panel.integrations().delete("PROJECT_ID").await.unwrap_err();
        assert_eq!(gone.status(), Some(404));
    }
}

/// An event that the general control API sends would have no signature.
#[tokio::test]
async fn no_event_is_sent_without_a_signature() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let (url, _events) = webhook(&[]);
    let body = json!({"name": "message", "url": url.as_str()});
    let (status, refused) = control(&sandbox, "POST", "webhooks", body).await;
    assert_eq!(status, 405, "{refused}");
    assert!(sandbox.deliveries().is_empty());
    let (_, index) = control(&sandbox, "GET", "", Value::Null).await;
    assert!(!index.to_string().contains("sends one"), "{index}");
    let (_, listed) = control(&sandbox, "GET", "webhooks", Value::Null).await;
    assert!(listed["webhooks"]["message"].is_object(), "{listed}");
}

#[tokio::test]
async fn a_user_writes_any_type_of_message() {
    let (url, mut events) = webhook(&[]);
    let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
    let options = Options::default().seed("seed.json", seed.to_string());
    let sandbox = Sandbox::start(options).await.unwrap();
    let content = json!({"latitude": 1});
    let location = json!({"project": "PROJECT_ID", "bot": "B", "user": "U", "type": "location", "content": content});
    let (status, shown) = control(&sandbox, "POST", "messages", location.clone()).await;
    assert_eq!(status, 200, "{shown}");
    let (_, body) = events.recv().await.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["value"]["type"], &body["value"]["content"]),
        (&json!("location"), &content)
    );
    let with = |name: &str, value: Value| {
        let mut body = message();
        body[name] = value;
        body
    };
    let mut without_content = location;
    without_content.as_object_mut().unwrap().remove("content");
    for (body, expected) in [
        (with("type", json!("image")), "`text` and `type`"),
        (with("kind", json!("image")), "`kind`"),
        (with("text", Value::Null), "`text`"),
        (without_content, "`content`"),
        (json!([]), "object"),
    ] {
        let (status, refused) = control(&sandbox, "POST", "messages", body).await;
        assert_eq!(status, 400, "{refused}");
        assert!(
            refused["error"].as_str().unwrap().contains(expected),
            "{refused}"
        );
    }
    assert_eq!(sandbox.deliveries().len(), 1);
}

#[tokio::test]
async fn a_second_create_and_a_second_conversation_are_refused() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let (url, _events) = webhook(&[]);
    let panel = client(&sandbox, Credentials::api_key("API_KEY"));
    panel
        .integrations()
        .create("PROJECT_ID", url.clone())
        .await
        .unwrap();
    let again = panel
        .integrations()
        .create("PROJECT_ID", url)
        .await
        .unwrap_err();
    assert_eq!(again.status(), Some(422));
    let start = || {
        panel
            .conversations()
            .start("PROJECT_ID", "BOT_ID", "USER_ID")
    };
    start().await.unwrap();
    assert_eq!(start().await.unwrap_err().status(), Some(422));
    let close = || {
        panel
            .conversations()
            .close("PROJECT_ID", "BOT_ID", "USER_ID")
    };
    close().await.unwrap();
    assert_eq!(close().await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_wrong_signature_is_explained() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let (url, _events) = webhook(&[]);
    let panel = client(&sandbox, Credentials::api_key("API_KEY"));
    let created = panel
        .integrations()
        .create("PROJECT_ID", url)
        .await
        .unwrap();
    let old = created.signing_secret.clone().unwrap();
    let new = panel
        .integrations()
        .regenerate_secret("PROJECT_ID")
        .await
        .unwrap();
    let new = new.signing_secret.clone().unwrap();
    for (secret, project, reason) in [
        (&old, "PROJECT_ID", "the old signing secret"),
        (
            &"some-secret-of-nobody".into(),
            "PROJECT_ID",
            "other bytes or another secret",
        ),
        (&new, "OTHER_PROJECT", "no integration"),
    ] {
        let sender = client(&sandbox, Credentials::signing_secret(secret.clone()));
        let text = TextMessage::new("ID", "Hello");
        let send = sender
            .messages()
            .send("BOT_ID", project, "ROOM_ID", "USER_ID", text);
        let error = send.await.unwrap_err();
        assert_eq!(error.status(), Some(401));
        assert!(error.to_string().contains(reason), "{error}");
    }
    let body = r#"{"bot_id":"B","event_type":"incoming_message","field":"messages","object":"message_event","project_id":"PROJECT_ID","room_id":"R","user_id":"U","value":{"content":{"body":"T"},"id":"I","type":"text"}}"#;
    let spaced = body.replace(',', ", ").replace(':', ": ");
    let other_order = body
        .replace(r#""bot_id":"B","#, "")
        .replace(r#""room_id":"R""#, r#""room_id":"R","bot_id":"B""#);
    let sign = |body: &str| webhook::sign(&new, body.as_bytes());
    let target = "/jelouapi/v1/external-support/webhook";
    let again = "the body was serialized again after it was signed";
    for (signature, body, reason) in [
        (Some(sign(body)), body, None),
        (
            None,
            body,
            Some("the header `x-jelou-signature` is missing"),
        ),
        (
            Some(sign(body)["sha256=".len()..].to_owned()),
            body,
            Some("the header `x-jelou-signature` does not begin with `sha256=`"),
        ),
        (
            Some("sha256=MAC".to_owned()),
            body,
            Some("the header `x-jelou-signature` does not end with 64 hexadecimal digits"),
        ),
        (Some(sign(body)), &spaced, Some(again)),
        (Some(sign(&spaced)), body, Some(again)),
        (Some(sign(body)), &other_order, Some(again)),
    ] {
        let signature = signature.map(|it| format!("x-jelou-signature: {it}\r\n"));
        let headers = format!(
            "content-type: application/json\r\n{}",
            signature.unwrap_or_default()
        );
        let (status, answer) = send(&sandbox, "POST", target, &headers, body).await;
        assert_eq!(status, if reason.is_some() { 401 } else { 200 }, "{answer}");
        assert!(
            answer.to_string().contains(reason.unwrap_or_default()),
            "{answer}"
        );
    }
}
