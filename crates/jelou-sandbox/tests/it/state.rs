//! What an update changes, and how the reply shows it.

use std::collections::BTreeSet;

use jelou_sandbox::{Options, ReplyShape};
use serde_json::{Value, json};
use spec_first_document::{Document, Pointer};

use crate::http::{KEY, PATH, patch, send, start, start_with};

/// The path of keys to each value.
fn keys(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    found.insert(at.to_owned());
    for (key, member) in value.as_object().into_iter().flatten() {
        keys(member, &format!("{at}/{key}"), found);
    }
}

async fn has_the_keys_of_the_example(shape: ReplyShape, example: &str) {
    let contract = jelou_spec::EXTERNAL_SUPPORT;
    let document = Document::parse(contract.name, contract.text).unwrap();
    let pointer = format!(
        "/components/responses/IntegrationUpdated/content/application~1json/examples/{example}/value"
    );
    let example = document
        .node(&Pointer::parse(&pointer).unwrap())
        .unwrap()
        .to_json();
    let options = Options::default()
        .integration("PROJECT_ID")
        .reply_shape(shape);
    let reply = patch(&start_with(options).await, r#"{"authType":"basic"}"#)
        .await
        .json();
    let (mut expected, mut given) = (BTreeSet::new(), BTreeSet::new());
    keys(&example, "", &mut expected);
    keys(&reply, "", &mut given);
    assert_eq!(given, expected);
}

#[tokio::test]
async fn both_shapes_have_the_keys_of_their_examples() {
    has_the_keys_of_the_example(ReplyShape::Flat, "flat").await;
    has_the_keys_of_the_example(ReplyShape::Enveloped, "enveloped").await;
}

#[tokio::test]
async fn an_absent_field_keeps_its_value_between_requests() {
    let sandbox = start().await;
    let first = patch(&sandbox, r#"{"authType":"bearer","authorization":"token"}"#)
        .await
        .json();
    assert_eq!(first["webhookUrl"], "https://my-system.com/webhook/jelou");
    assert_eq!(first["authType"], "bearer");
    let second = patch(&sandbox, r#"{"webhookUrl":"https://a.example/b"}"#)
        .await
        .json();
    assert_eq!(second["webhookUrl"], "https://a.example/b");
    assert_eq!(second["authType"], "bearer");
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["createdAt"], first["createdAt"]);
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn timestamps_have_the_format_of_their_shape() {
    let flat = patch(&start().await, r#"{"authType":"bearer"}"#)
        .await
        .json();
    assert_eq!(flat["createdAt"], "2023-11-07T05:31:56Z");
    let updated_at = flat["updatedAt"].as_str().unwrap();
    assert_eq!(
        updated_at.len(),
        "2023-11-07T05:31:56Z".len(),
        "{updated_at}"
    );
    let options = Options::default()
        .integration("PROJECT_ID")
        .reply_shape(ReplyShape::Enveloped);
    let enveloped = patch(&start_with(options).await, r#"{"authType":"bearer"}"#)
        .await
        .json();
    assert_eq!(enveloped["data"]["createdAt"], "2023-11-07T05:31:56.000Z");
    assert_eq!(enveloped["data"]["brainId"], "PROJECT_ID");
    assert_eq!(
        enveloped["message"],
        json!(["Integration updated successfully"])
    );
    let updated_at = enveloped["data"]["updatedAt"].as_str().unwrap();
    assert_eq!(
        updated_at.len(),
        "2026-01-22T09:15:00.000Z".len(),
        "{updated_at}"
    );
}

#[tokio::test]
async fn an_update_advances_the_timestamp() {
    let sandbox = start().await;
    let instant = |reply: &Value| {
        reply["updatedAt"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap()
    };
    let before = jiff::Timestamp::now();
    let first = patch(&sandbox, r#"{"authType":"bearer"}"#).await.json();
    let second = patch(&sandbox, r#"{"authType":"basic"}"#).await.json();
    // The reply is truncated to seconds.
    assert!(instant(&first) + jiff::SignedDuration::from_secs(1) > before);
    assert!(instant(&second) >= instant(&first));
}

#[tokio::test]
async fn a_rejected_request_changes_nothing() {
    let sandbox = start().await;
    patch(
        &sandbox,
        r#"{"webhookUrl":"https://a.example","authType":"wrong"}"#,
    )
    .await;
    send(
        &sandbox,
        "PATCH",
        PATH,
        &[],
        r#"{"webhookUrl":"https://a.example"}"#,
    )
    .await;
    let reply = patch(&sandbox, r#"{"authType":"no_auth"}"#).await.json();
    assert_eq!(reply["webhookUrl"], "https://my-system.com/webhook/jelou");
}

#[tokio::test]
async fn a_project_without_integration_is_not_found() {
    let reply = patch(
        &start_with(Options::default()).await,
        r#"{"authType":"basic"}"#,
    )
    .await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json()["message"][0], "Integration not found");
}

#[tokio::test]
async fn a_project_id_may_contain_anything_that_can_be_encoded() {
    let sandbox = start_with(Options::default().integration("a/b").integration("ñ %2F?")).await;
    for (segment, expected) in [
        ("a%2Fb", 200),
        ("a%2fb", 200),
        ("%61%2Fb", 200),
        ("%C3%B1%20%252F%3F", 200),
        ("a%252Fb", 404),
        ("a/b", 404),
        ("A%2Fb", 404),
    ] {
        let target = format!("/jelouapi/v1/external-support/{segment}");
        let reply = send(
            &sandbox,
            "PATCH",
            &target,
            &[KEY],
            r#"{"authType":"basic"}"#,
        )
        .await;
        assert_eq!(reply.status, expected, "{segment}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_updates_do_not_mix() {
    let sandbox = std::sync::Arc::new(start().await);
    let mut updates = Vec::new();
    for number in 0..50 {
        let sandbox = std::sync::Arc::clone(&sandbox);
        updates.push(tokio::spawn(async move {
            let url = format!("https://a.example/{number}");
            let reply = patch(&sandbox, &json!({ "webhookUrl": url }).to_string()).await;
            assert_eq!(reply.json()["webhookUrl"], url);
            url
        }));
    }
    let mut sent = Vec::new();
    for update in updates {
        sent.push(json!(update.await.unwrap()));
    }
    let last = patch(&sandbox, r#"{"authType":"basic"}"#).await.json();
    assert!(sent.contains(&last["webhookUrl"]), "{last}");
    assert_eq!(sandbox.received().len(), 51);
}

#[tokio::test]
async fn a_created_integration_begins_now() {
    let sandbox = start().await;
    let path = PATH.replace("PROJECT_ID", "OTHER");
    let body = r#"{"webhookUrl":"https://a.example/b","authType":"no_auth"}"#;
    let created = send(&sandbox, "POST", &path, &[KEY], body).await;
    assert!((200..300).contains(&created.status), "{created:?}");
    let shown = send(&sandbox, "GET", &path, &[KEY], "").await.json();
    assert_eq!(shown["createdAt"], shown["updatedAt"], "{shown}");
    // The initial integration was created on the date in the example.
    let first = send(&sandbox, "GET", PATH, &[KEY], "").await.json();
    assert!(first["createdAt"].as_str() < shown["createdAt"].as_str());
}

#[tokio::test]
async fn sandboxes_do_not_share_state() {
    let options = || Options::default().integration("PROJECT_ID");
    let (one, other) = (start_with(options()).await, start_with(options()).await);
    patch(&one, r#"{"authType":"basic"}"#).await;
    let reply = patch(&other, r#"{"webhookUrl":"https://a.example"}"#)
        .await
        .json();
    assert_eq!(reply["authType"], "no_auth");
    assert_eq!(one.received().len(), 1);
}
