//! The `Prefer` header: a request chooses among the documented responses.

use jelou_sandbox::{Options, Sandbox};

use crate::http::{BODY, KEY, PATH, Reply, send, start};

async fn prefer(sandbox: &Sandbox, preference: &str) -> Reply {
    send(
        sandbox,
        "PATCH",
        PATH,
        &[KEY, ("Prefer", preference)],
        r#"{"authType":"basic"}"#,
    )
    .await
}

/// The authentication type of the integration, which the request of [`prefer`] would change.
async fn auth_type(sandbox: &Sandbox) -> String {
    let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
    integration.auth_type().to_owned()
}

#[tokio::test]
async fn a_preferred_status_returns_its_example_and_changes_nothing() {
    let sandbox = start().await;
    for status in [400, 401, 404, 500] {
        let reply = prefer(&sandbox, &format!("code={status}")).await;
        assert_eq!(reply.status, status, "{reply:?}");
        assert_eq!(reply.json()["statusMessage"], "failed");
        let applied = format!("code={status}");
        assert_eq!(reply.header("Preference-Applied"), Some(&*applied));
    }
    assert_eq!(auth_type(&sandbox).await, "no_auth");
}

#[tokio::test]
async fn a_preferred_example_is_returned_and_changes_nothing() {
    let sandbox = start().await;
    let reply = prefer(&sandbox, "code=200, example=enveloped").await;
    assert_eq!(reply.json()["data"]["brainId"], "PROJECT_ID");
    let applied = reply.header("Preference-Applied");
    assert_eq!(applied, Some("code=200, example=enveloped"));
    let reply = prefer(&sandbox, "example=flat").await;
    assert_eq!(reply.json()["id"], "INTEGRATION_ID");
    assert_eq!(auth_type(&sandbox).await, "no_auth");
}

#[tokio::test]
async fn the_success_status_is_answered_from_the_state() {
    let sandbox = start().await;
    let reply = prefer(&sandbox, "code=200").await;
    assert_eq!(reply.json()["authType"], "basic");
    assert_eq!(reply.header("Preference-Applied"), Some("code=200"));
    assert_eq!(auth_type(&sandbox).await, "basic");
}

#[tokio::test]
async fn an_undocumented_preference_is_rejected_with_the_available_ones() {
    let sandbox = start().await;
    for (preference, named) in [
        ("code=418", "`200`, `400`, `401`, `404`, `500`"),
        ("example=round", "`flat`, `enveloped`"),
        ("code=404, example=flat", "none"),
        ("code=abc", "200 to 999"),
    ] {
        let reply = prefer(&sandbox, preference).await;
        assert_eq!(reply.status, 400, "{preference}: {reply:?}");
        let message = reply.json()["message"][0].to_string();
        assert!(message.contains(named), "{preference}: {message}");
        assert_eq!(reply.header("Preference-Applied"), None);
    }
    assert_eq!(auth_type(&sandbox).await, "no_auth");
}

#[tokio::test]
async fn a_request_is_validated_whatever_it_prefers() {
    let sandbox = start().await;
    let prefers = ("Prefer", "code=500");
    let reply = send(&sandbox, "PATCH", PATH, &[prefers], BODY).await;
    assert_eq!(reply.status, 401);
    let reply = send(&sandbox, "PATCH", PATH, &[KEY, prefers], "{}").await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn other_preferences_are_ignored() {
    let sandbox = start().await;
    let reply = prefer(&sandbox, "respond-async, wait=10, return=minimal").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("Preference-Applied"), None);
}

#[tokio::test]
async fn a_preference_overrides_the_status_in_the_options() {
    let options = Options::default().integration("PROJECT_ID").fail_with(500);
    let sandbox = Sandbox::start(options).await.unwrap();
    assert_eq!(prefer(&sandbox, "code=404").await.status, 404);
}
