//! Which requests are rejected, and what the response says.

use jelou_sandbox::Options;
use serde_json::json;

use crate::http::{BODY, KEY, PATH, fields, patch, send, start, start_with};

async fn check_field(body: &str, field: &str, says: &str) {
    let sandbox = start().await;
    let reply = patch(&sandbox, body).await;
    assert_eq!(reply.status, 400, "{body}: {reply:?}");
    let message = fields(&reply)[field][0].to_string();
    assert!(message.contains(says), "{body}: {reply:?}");
    assert_eq!(reply.json()["statusMessage"], "failed");
    assert_eq!(reply.json()["status"], 0);
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn an_invalid_field_is_named() {
    check_field(
        r#"{"webhookUrl":"http://a.example"}"#,
        "webhookUrl",
        "^(https://",
    )
    .await;
    check_field(r#"{"webhookUrl":"https://a b"}"#, "webhookUrl", "`uri`").await;
    check_field(r#"{"webhookUrl":7}"#, "webhookUrl", "`string`").await;
    check_field(r#"{"webhookUrl":null}"#, "webhookUrl", "`string`").await;
    check_field(r#"{"authType":"oauth"}"#, "authType", "`bearer`, `api_key`").await;
    check_field(
        r#"{"authorization":["SECRET"]}"#,
        "authorization",
        "`string`",
    )
    .await;
}

#[tokio::test]
async fn an_unknown_field_is_rejected() {
    check_field(
        r#"{"webhookURL":"https://a.example"}"#,
        "webhookURL",
        "not a documented property",
    )
    .await;
}

#[tokio::test]
async fn every_invalid_field_is_named() {
    let reply = patch(&start().await, r#"{"webhookUrl":"x","authType":"y","z":1}"#).await;
    let fields = fields(&reply);
    let fields: Vec<_> = fields.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["authType", "webhookUrl", "z"]);
}

#[tokio::test]
async fn an_error_of_the_whole_body_names_no_field() {
    for body in [
        "{}",
        "[]",
        "null",
        "\"text\"",
        "{",
        "",
        "{\"a\":1}}",
        "nonsense",
    ] {
        let reply = patch(&start().await, body).await;
        assert_eq!(reply.status, 400, "{body}: {reply:?}");
        assert_eq!(fields(&reply), json!(null), "{body}: {reply:?}");
        assert!(
            reply.json()["message"][0]
                .as_str()
                .unwrap()
                .starts_with("the body")
        );
    }
}

#[tokio::test]
async fn a_project_id_of_dots_is_rejected() {
    for segment in [".", "..", "%2E%2E", "..."] {
        let target = format!("/jelouapi/v1/external-support/{segment}");
        let reply = send(&start().await, "PATCH", &target, &[KEY], BODY).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        assert!(fields(&reply)["projectId"].is_array(), "{reply:?}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_answered_with_the_documented_ones() {
    for target in [
        "/",
        "/jelouapi",
        "/v1/external-support/PROJECT_ID",
        "/jelouapi/v1/external-support/",
        "/jelouapi/v1/external-support/PROJECT_ID/",
    ] {
        let reply = send(&start().await, "PATCH", target, &[KEY], BODY).await;
        assert_eq!(reply.status, 404, "{target}: {reply:?}");
        let message = reply.json()["message"][0].to_string();
        assert!(
            message.contains("`PATCH /jelouapi/v1/external-support/{projectId}`"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn an_undocumented_method_is_answered_with_the_allowed_ones() {
    // The document cannot define these methods; it may define more of the others one day.
    for method in ["BREW", "patch"] {
        let reply = send(&start().await, method, PATH, &[KEY], "").await;
        assert_eq!(reply.status, 405, "{method}: {reply:?}");
        let allowed = reply.header("Allow").unwrap();
        assert!(
            allowed.split(", ").any(|method| method == "PATCH"),
            "{allowed}"
        );
        assert_eq!(reply.json()["statusMessage"], "failed");
    }
}

#[tokio::test]
async fn an_undocumented_media_type_is_answered_with_the_documented_ones() {
    let sandbox = start().await;
    for (name, value) in [
        ("Content-Type", "text/plain"),
        ("Content-Type", ""),
        ("Content-Type", "application/json-patch+json"),
        ("Content-Encoding", "gzip"),
    ] {
        let reply = send(&sandbox, "PATCH", PATH, &[KEY, (name, value)], BODY).await;
        assert_eq!(reply.status, 415, "{value}: {reply:?}");
        assert!(reply.body.contains("`application/json`"), "{reply:?}");
    }
    let parameter = ("content-type", "Application/JSON; charset=utf-8");
    let reply = send(&sandbox, "PATCH", PATH, &[KEY, parameter], BODY).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_rejected() {
    let sandbox = start().await;
    let padded = |length: usize| format!("{BODY}{}", " ".repeat(length - BODY.len()));
    assert_eq!(patch(&sandbox, &padded(1024 * 1024)).await.status, 200);
    let reply = patch(&sandbox, &padded(1024 * 1024 + 1)).await;
    assert_eq!(reply.status, 413, "{reply:?}");
    let reply = patch(&sandbox, &padded(3 * 1024 * 1024)).await;
    assert_eq!(reply.status, 413, "{reply:?}");
}

#[tokio::test]
async fn a_documented_error_can_be_requested() {
    let options = || Options::default().integration("PROJECT_ID");
    let sandbox = start_with(options().fail_with(500)).await;
    let reply = patch(&sandbox, BODY).await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.json()["message"][0], "Internal server error");
    assert_eq!(sandbox.nonconforming_responses(), 0);
    // Invalid requests are still rejected for their own reason.
    assert_eq!(patch(&sandbox, "{}").await.status, 400);
    assert_eq!(
        patch(&start_with(options().fail_with(404)).await, BODY)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_length_of_a_rejection_is_limited() {
    let sandbox = start().await;
    let fields: Vec<_> = (0..40_000)
        .map(|n| format!("\"field{n:05}\":{n}"))
        .collect();
    let reply = patch(&sandbox, &format!("{{{}}}", fields.join(","))).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.len() < 10_000, "{} bytes", reply.body.len());
    let answer = reply.json();
    let messages = answer["message"].as_array().unwrap();
    assert_eq!(messages.len(), 21, "{messages:?}");
    assert_eq!(messages[20], "and 39980 more problems");
    let fields = answer["validationError"].as_object().unwrap();
    assert_eq!(fields.len(), 20);
    assert_eq!(sandbox.received()[0].problems.len(), 21);
    let reason = reply.header("Sandbox-Reason").unwrap();
    assert!(reason.len() <= 500, "{reason}");

    let long = patch(&sandbox, &format!("{{\"{}\":1}}", "n".repeat(900_000))).await;
    assert_eq!(long.status, 400);
    assert!(long.body.len() < 1_000, "{} bytes", long.body.len());
}
