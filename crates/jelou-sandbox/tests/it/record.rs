//! Which parts of requests are recorded, and that secrets are not.

use jelou_sandbox::Options;

use crate::http::{BASIC, BODY, KEY, PATH, patch, send, send_bytes, start, start_with};

const CANARY: &str = "CANARY7b1f";

#[tokio::test]
async fn a_request_is_recorded_as_received_without_its_secrets() {
    let sandbox = start().await;
    let body = r#"{ "webhookUrl":"https://a.example", "authorization": "token" }"#;
    send(
        &sandbox,
        "PATCH",
        &format!("{PATH}?a=%20b"),
        &[BASIC, ("X-Trace", "7")],
        body,
    )
    .await;
    let received = sandbox.received();
    let [request] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.target, format!("{PATH}?a=%20b"));
    assert_eq!(request.header("Authorization"), Some("[redacted]"));
    assert_eq!(request.header("x-trace"), Some("7"));
    assert_eq!(
        request.body,
        r#"{ "webhookUrl":"https://a.example", "authorization": "[redacted]" }"#
    );
}

#[tokio::test]
async fn rejected_requests_are_recorded() {
    let sandbox = start().await;
    send(&sandbox, "GET", "/nowhere", &[], "").await;
    send(&sandbox, "PATCH", PATH, &[], BODY).await;
    let targets: Vec<_> = sandbox
        .received()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(targets, ["/nowhere", PATH]);
}

#[tokio::test]
async fn no_secret_is_recorded_or_returned() {
    let options = Options::default()
        .integration("PROJECT_ID")
        .api_key(CANARY)
        .client("id", CANARY);
    assert!(!format!("{options:?}").contains(CANARY));
    let sandbox = start_with(options).await;
    // `id:CANARY7b1f`.
    let basic = ("Authorization", "Basic aWQ6Q0FOQVJZN2IxZg==");
    let plain = ("Authorization", CANARY);
    let key = ("X-API-Key", CANARY);
    let secret = format!(r#"{{"authorization":"{CANARY}"}}"#);
    let mut replies = vec![
        send(&sandbox, "PATCH", PATH, &[key], &secret).await,
        send(&sandbox, "PATCH", PATH, &[basic], &secret).await,
        send(&sandbox, "PATCH", PATH, &[plain], &secret).await,
        send(&sandbox, "PUT", PATH, &[key, basic], &secret).await,
        send(
            &sandbox,
            "PATCH",
            "/nowhere",
            &[key, ("Cookie", CANARY)],
            &secret,
        )
        .await,
        send(
            &sandbox,
            "PATCH",
            PATH,
            &[key, ("Content-Type", "text/plain")],
            CANARY,
        )
        .await,
    ];
    for body in [
        r#"{"authorization":["CANARY7b1f"]}"#,
        r#"{"authorization":{"authorization":"CANARY7b1f"}}"#,
        r#"{"authorization":"CANARY7b1f","webhookUrl":"x","authType":"y"}"#,
        r#"{"authorization":"CANARY7b1f","authorization":"CANARY7b1f"}"#,
        r#"[{"authorization":"CANARY7b1f"}]"#,
        r#"{"authorization":"CANARY7b1f"#,
    ] {
        replies.push(send(&sandbox, "PATCH", PATH, &[key], body).await);
    }
    let absolute = format!(
        "PATCH http://user:{CANARY}@sandbox{PATH} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\r\n"
    );
    replies.push(send_bytes(&sandbox, absolute.as_bytes()).await);
    for reply in &replies {
        assert!(!format!("{reply:?}").contains(CANARY), "{reply:?}");
    }
    assert_eq!(replies[0].status, 200);
    assert_eq!(replies[1].status, 200);
    let received = format!("{:?}", sandbox.received());
    assert!(!received.contains(CANARY), "{received}");
    assert!(!received.contains("Q0FOQVJZ"), "{received}");
    assert!(!format!("{sandbox:?}").contains(CANARY));
}

#[tokio::test]
async fn a_rejected_value_is_not_repeated() {
    let reply = patch(
        &start().await,
        r#"{"webhookUrl":"CANARY7b1f","authType":"CANARY7b1f"}"#,
    )
    .await;
    assert_eq!(reply.status, 400);
    assert!(!reply.body.contains(CANARY), "{reply:?}");
    let reply = send(&start().await, "PATCH", PATH, &[KEY], CANARY).await;
    assert!(!reply.body.contains(CANARY), "{reply:?}");
}
