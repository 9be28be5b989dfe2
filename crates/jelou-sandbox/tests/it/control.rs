//! The control API, as used by tests and the page.

use std::collections::BTreeSet;

use jelou_sandbox::{Authentication, Options, Sandbox};
use serde_json::{Value, json};
use test_support::http;

use crate::http::{BASIC, BODY, KEY, PATH, Reply, patch, send, start, start_with};

/// Sends a request to the control API as a program would.
pub(crate) async fn control(sandbox: &Sandbox, method: &str, target: &str, body: &str) -> Reply {
    http::control(sandbox.address(), method, target, body).await
}

pub(crate) async fn get(sandbox: &Sandbox, target: &str) -> Value {
    let reply = control(sandbox, "GET", target, "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn projects(sandbox: &Sandbox, query: &str) -> (BTreeSet<String>, Value) {
    let state = get(sandbox, &format!("/state{query}")).await;
    let integrations = state["integrations"].as_object().unwrap();
    (
        integrations.keys().cloned().collect(),
        state["next"].clone(),
    )
}

async fn replace(sandbox: &Sandbox, body: &Value) -> Reply {
    control(sandbox, "PUT", "/state", &body.to_string()).await
}

#[tokio::test]
async fn every_listed_route_exists() {
    let sandbox = start().await;
    let index = get(&sandbox, "/").await;
    assert_eq!(index["baseUrl"], "http://localhost/jelouapi");
    assert_eq!(get(&sandbox, "").await, index);
    for route in index["routes"].as_array().unwrap() {
        let (method, path) = (&route["method"], route["path"].as_str().unwrap());
        let path = path.strip_prefix("/_sandbox").unwrap().split('?').next();
        let reply = control(&sandbox, "OPTIONS", path.unwrap(), "").await;
        let allowed = reply.header("allow").unwrap_or_default();
        assert!(
            allowed.contains(method.as_str().unwrap()),
            "{route}: {reply:?}"
        );
    }
}

#[tokio::test]
async fn an_unknown_route_is_rejected_with_a_hint() {
    let sandbox = start().await;
    for (method, target, status) in [
        ("GET", "/nothing", 404),
        ("POST", "/state/more", 404),
        ("POST", "/state", 405),
        ("GET", "/reset", 405),
    ] {
        let reply = control(&sandbox, method, target, "").await;
        assert_eq!(reply.status, status, "{reply:?}");
        assert_eq!(
            reply.json()["help"],
            "GET /_sandbox/ lists the available routes"
        );
    }
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn the_state_shows_what_an_update_changed() {
    let sandbox = start().await;
    let before = get(&sandbox, "/state").await;
    patch(
        &sandbox,
        r#"{"webhookUrl":"https://a.example/b","authorization":"CANARY"}"#,
    )
    .await;
    let after = get(&sandbox, "/state").await;
    let integration = &after["integrations"]["PROJECT_ID"];
    assert_eq!(integration["webhookUrl"], "https://a.example/b");
    assert_eq!(integration["authorization"], "[redacted]");
    assert_eq!(
        before["integrations"]["PROJECT_ID"]["authorization"],
        Value::Null
    );
    assert!(after["version"].as_u64() > before["version"].as_u64());
    assert_eq!((&after["total"], &after["next"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn a_rejected_update_does_not_change_the_state() {
    let sandbox = start().await;
    let before = get(&sandbox, "/state").await;
    patch(&sandbox, r#"{"authType":"none"}"#).await;
    send(&sandbox, "PATCH", PATH, &[], BODY).await;
    send(
        &sandbox,
        "PATCH",
        "/jelouapi/v1/external-support/OTHER",
        &[KEY],
        BODY,
    )
    .await;
    assert_eq!(get(&sandbox, "/state").await, before);
}

#[tokio::test]
async fn the_state_is_paginated() {
    let options = ["b", "a/ñ", "c", "d"].into_iter();
    let sandbox = start_with(options.fold(Options::default(), Options::integration)).await;
    let part = |query: &'static str| projects(&sandbox, query);
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(part("?limit=2").await, (set(&["a/ñ", "b"]), json!("b")));
    assert_eq!(
        part("?limit=2&after=b").await,
        (set(&["c", "d"]), Value::Null)
    );
    assert_eq!(part("?after=a%2F%C3%B1").await.0, set(&["b", "c", "d"]));
    assert_eq!(part("?after=d").await, (set(&[]), Value::Null));
    assert_eq!(get(&sandbox, "/state?limit=1").await["total"], 4);
    assert_eq!(
        control(&sandbox, "GET", "/state?limit=0", "").await.status,
        400
    );
}

#[tokio::test]
async fn the_state_can_be_replaced() {
    let sandbox = start().await;
    let seed = json!({"integrations": {"OTHER": {"authType": "basic", "authorization": "CANARY"}}});
    let reply = replace(&sandbox, &seed).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.json()["integrations"]["OTHER"]["authType"], "basic");
    assert!(!reply.body.contains("CANARY"), "{reply:?}");
    assert_eq!(patch(&sandbox, BODY).await.status, 404);
    let other = send(
        &sandbox,
        "PATCH",
        "/jelouapi/v1/external-support/OTHER",
        &[KEY],
        BODY,
    )
    .await;
    assert_eq!(other.json()["authType"], "basic");
}

#[tokio::test]
async fn an_invalid_state_replaces_nothing_and_is_reported_with_its_place() {
    let sandbox = start().await;
    let before = get(&sandbox, "/state").await;
    let seed = json!({"integrations": {"A": {}, "B": {"authorization": ["CANARY"]}}});
    let reply = replace(&sandbox, &seed).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.json()["error"],
        "body:1:46: `authorization` must be a string (seed)"
    );
    let redacted = json!({"integrations": {"A": {"authorization": "[redacted]"}}});
    assert_eq!(replace(&sandbox, &redacted).await.status, 400);
    assert_eq!(control(&sandbox, "PUT", "/state", "").await.status, 400);
    let good = r#"{"integrations":{}}"#;
    let reply = control(&sandbox, "PUT", "/state?limit=0", good).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        get(&sandbox, "/state").await["integrations"],
        before["integrations"]
    );
}

#[tokio::test]
async fn a_reset_restores_the_initial_state() {
    let seed = "integrations: {SEEDED: {authType: bearer}}";
    let options = Options::default()
        .integration("PROJECT_ID")
        .seed("seed.yaml", seed);
    let sandbox = start_with(options).await;
    let before = get(&sandbox, "/state").await["integrations"].clone();
    assert_eq!(before["SEEDED"]["authType"], "bearer");
    assert_eq!(before["PROJECT_ID"]["authType"], "no_auth");
    patch(&sandbox, BODY).await;
    replace(&sandbox, &json!({"integrations": {"OTHER": {}}})).await;
    assert_eq!(control(&sandbox, "POST", "/reset", "").await.status, 204);
    assert_eq!(get(&sandbox, "/state").await["integrations"], before);
    assert!(sandbox.received().is_empty());

    patch(&sandbox, BODY).await;
    sandbox.reset().await.unwrap();
    assert_eq!(get(&sandbox, "/state").await["integrations"], before);
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn a_reset_restores_the_initial_faults() {
    let sandbox = start().await;
    let reply = control(&sandbox, "PUT", "/faults", "status=500").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(patch(&sandbox, BODY).await.status, 500);
    sandbox.reset().await.unwrap();
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
    assert_eq!(get(&sandbox, "/faults").await["rules"], json!([]));
}

#[tokio::test]
async fn the_requests_are_listed_after_a_number_and_can_be_cleared() {
    let sandbox = start().await;
    for number in 1..=3 {
        let target = format!("{PATH}?number={number}");
        send(
            &sandbox,
            "PATCH",
            &target,
            &[KEY, BASIC],
            r#"{"authorization":"CANARY"}"#,
        )
        .await;
    }
    let listed = get(&sandbox, "/requests").await;
    let requests = listed["requests"].as_array().unwrap();
    let numbers: Vec<u64> = requests
        .iter()
        .filter_map(|request| request["number"].as_u64())
        .collect();
    assert_eq!(numbers.len(), 3);
    assert_eq!(requests[0]["target"], format!("{PATH}?number=1"));
    assert_eq!(requests[0]["method"], "PATCH");
    assert_eq!(requests[0]["body"], r#"{"authorization":"[redacted]"}"#);
    let after = get(&sandbox, &format!("/requests?after={}&limit=1", numbers[0])).await;
    assert_eq!(after["requests"], json!([requests[1]]));
    let after = get(&sandbox, &format!("/requests?after={}", numbers[2])).await;
    assert_eq!(after["requests"], json!([]));
    assert_eq!(
        control(&sandbox, "GET", "/requests?after=x", "")
            .await
            .status,
        400
    );

    assert_eq!(
        control(&sandbox, "DELETE", "/requests", "").await.status,
        204
    );
    assert_eq!(get(&sandbox, "/requests").await["requests"], json!([]));
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn the_document_is_served_with_the_sandbox_as_its_server() {
    let sandbox = start().await;
    let reply = control(&sandbox, "GET", "/document", "").await;
    let mut served = reply.json();
    assert_eq!(
        served["servers"],
        json!([{"url": "http://localhost/jelouapi"}])
    );
    let contract = jelou_spec::EXTERNAL_SUPPORT;
    let document = spec_first_document::Document::parse(contract.name, contract.text).unwrap();
    let mut written = document.root().to_json();
    for document in [&mut served, &mut written] {
        document.as_object_mut().unwrap().remove("servers");
    }
    // A webhook may be on loopback.
    let url = |document: &mut serde_json::Value| {
        document["components"]["schemas"]["WebhookUrl"]["pattern"].take()
    };
    let (served_url, written_url) = (url(&mut served), url(&mut written));
    assert!(served_url.as_str().unwrap().contains("127"), "{served_url}");
    assert!(
        !written_url.as_str().unwrap().contains("127"),
        "{written_url}"
    );
    // Messages are sent to the sandbox too.
    let send = &mut written["paths"]["/v1/external-support/webhook"]["post"];
    send.as_object_mut().unwrap().remove("servers").unwrap();
    assert_eq!(served, written);
    assert_eq!(reply.body.matches("\"servers\":").count(), 1);
    // People read the document in its original order.
    let place = |key: &str| reply.body.find(&format!("\"{key}\":")).unwrap();
    assert!(place("openapi") < place("info") && place("info") < place("components"));
    assert!(place("webhookUrl") < place("authType") && place("authType") < place("authorization"));
}

#[tokio::test]
async fn every_project_has_an_integration_with_that_option() {
    let sandbox = start_with(Options::default().every_project()).await;
    assert_eq!(get(&sandbox, "/state").await["total"], 0);
    assert!(sandbox.integration("ANY").await.unwrap().is_some());
    assert_eq!(
        patch(&sandbox, r#"{"authType":"bearer"}"#).await.status,
        200
    );
    assert_eq!(patch(&sandbox, BODY).await.json()["authType"], "bearer");
    assert_eq!(
        projects(&sandbox, "").await.0,
        BTreeSet::from(["PROJECT_ID".to_owned()])
    );

    let delete = async || send(&sandbox, "DELETE", PATH, &[KEY], "").await.status;
    assert_eq!((delete().await, delete().await), (200, 404));
    assert_eq!(patch(&sandbox, BODY).await.status, 404);
    control(&sandbox, "DELETE", "/state", "").await;
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_test_can_read_the_state() {
    use jelou_sandbox::Integration;
    use secrecy::ExposeSecret;

    let sandbox = start().await;
    assert!(sandbox.integration("OTHER").await.unwrap().is_none());
    patch(
        &sandbox,
        r#"{"authType":"bearer","authorization":"CANARY"}"#,
    )
    .await;
    // An absent field keeps its value, even one that replies do not show.
    patch(&sandbox, r#"{"authType":"basic"}"#).await;
    let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
    assert_eq!(
        integration.webhook_url(),
        "https://my-system.com/webhook/jelou"
    );
    assert_eq!(integration.auth_type(), "basic");
    let authorization = integration.authorization().map(ExposeSecret::expose_secret);
    assert_eq!(authorization, Some("CANARY"));
    assert!(integration.updated_at() > integration.created_at());
    assert!(!format!("{integration:?}").contains("CANARY"));
    let default = Integration::default();
    assert_eq!(integration.created_at(), default.created_at());
}

#[tokio::test]
async fn an_invalid_seed_is_reported_with_its_place_and_without_its_secrets() {
    let seed = "integrations:\n  A:\n    authorization: [CANARY]\n";
    let options = Options::default().seed("seed.yaml", seed);
    assert!(!format!("{options:?}").contains("CANARY"));
    let error = Sandbox::start(options).await.unwrap_err();
    let expected = "invalid seed: seed.yaml:3:20: `authorization` must be a string (seed)";
    assert_eq!(error.to_string(), expected);
    assert!(!format!("{error:?}").contains("CANARY"));
}

#[tokio::test]
async fn the_document_of_a_sandbox_without_authentication_requires_no_credentials() {
    let text = document_with_security();
    let options = Options::default()
        .document("open.yaml", text)
        .authentication(Authentication::None);
    let served = control(&start_with(options).await, "GET", "/document", "")
        .await
        .json();
    assert_eq!(served.get("security"), None);
    let operation = &served["paths"]["/a"]["get"];
    assert_eq!(operation.get("security"), None);
    assert_eq!(operation["responses"]["200"]["description"], "ok");
    // A field may have the same name as the keyword.
    let schema = &served["components"]["schemas"]["A"];
    assert_eq!(schema["properties"]["security"]["type"], "string");
}

fn document_with_security() -> &'static str {
    "openapi: 3.0.3
info: {title: Open, version: 1.0.0}
security: [{Key: []}]
paths:
  /a:
    get:
      security: [{Key: []}]
      responses:
        '200': {description: ok}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: x-key}
  schemas:
    A: {type: object, properties: {security: {type: string}}}
"
}
