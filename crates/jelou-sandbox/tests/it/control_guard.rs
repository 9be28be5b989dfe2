//! Access control of the control API, and that it never leaks a secret.

use jelou_sandbox::Options;

use crate::{
    control::control,
    http::{Reply, patch, send, send_bytes, start, start_with},
};

/// The routes that respond at once.
const ROUTES: [(&str, &str); 11] = [
    ("GET", "/_sandbox/"),
    ("GET", "/_sandbox/state"),
    ("PUT", "/_sandbox/state"),
    ("POST", "/_sandbox/reset"),
    ("GET", "/_sandbox/requests"),
    ("DELETE", "/_sandbox/requests"),
    ("GET", "/_sandbox/faults"),
    ("PUT", "/_sandbox/faults"),
    ("DELETE", "/_sandbox/faults"),
    ("GET", "/_sandbox/document"),
    ("OPTIONS", "/_sandbox/state"),
];

async fn ask(sandbox: &jelou_sandbox::Sandbox, route: (&str, &str), headers: &str) -> Reply {
    let (method, target) = route;
    let request = format!(
        "{method} {target} HTTP/1.1\r\n{headers}\r\nContent-Length: 16\r\nConnection: close\r\n\r\nintegrations: {{}}"
    );
    send_bytes(sandbox, request.as_bytes()).await
}

async fn is_refused_everywhere(headers: &str) {
    let sandbox = start().await;
    patch(&sandbox, r#"{"authType":"bearer"}"#).await;
    for route in ROUTES
        .into_iter()
        .chain([("GET", "/_sandbox/events"), ("GET", "/_sandbox/x")])
    {
        let reply = ask(&sandbox, route, headers).await;
        assert_eq!(reply.status, 403, "{route:?} {headers}: {reply:?}");
        assert!(
            !reply.head.to_ascii_lowercase().contains("access-control"),
            "{reply:?}"
        );
    }
    let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
    assert_eq!(integration.auth_type(), "bearer");
    assert_eq!(sandbox.received().len(), 1);
}

#[tokio::test]
async fn a_page_of_another_origin_is_rejected() {
    is_refused_everywhere("Host: localhost:80\r\nOrigin: http://evil.example").await;
    is_refused_everywhere("Host: localhost:80\r\nOrigin: http://localhost:3000").await;
    is_refused_everywhere("Host: localhost:80\r\nOrigin: null").await;
    is_refused_everywhere("Host: localhost:80\r\nSec-Fetch-Site: cross-site").await;
    is_refused_everywhere("Host: localhost:80\r\nSec-Fetch-Site: same-site").await;
}

#[tokio::test]
async fn dns_rebinding_is_rejected() {
    is_refused_everywhere("Host: evil.example").await;
    is_refused_everywhere("Host: evil.example\r\nOrigin: http://evil.example").await;
    is_refused_everywhere("Host: localhost\r\nHost: evil.example").await;
    is_refused_everywhere("Host: 10.0.0.1").await;
}

#[tokio::test]
async fn the_sandbox_page_and_programs_are_served() {
    let sandbox = start().await;
    let own = format!(
        "Host: {0}\r\nOrigin: http://{0}\r\nSec-Fetch-Site: same-origin",
        sandbox.address()
    );
    for headers in [
        own.as_str(),
        "Host: localhost",
        "Host: 127.0.0.1:1",
        "Host: [::1]:1",
    ] {
        for route in ROUTES {
            let reply = ask(&sandbox, route, headers).await;
            assert_ne!(reply.status, 403, "{route:?} {headers}: {reply:?}");
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{route:?}");
            let policy = reply.header("cross-origin-resource-policy");
            assert_eq!(policy, Some("same-origin"), "{route:?}");
        }
    }
}

#[tokio::test]
async fn the_control_api_leaks_no_secret() {
    const CANARY: &str = "CANARY7b1f";
    // `CANARY7b1f:CANARY7b1f` in Base64.
    const ENCODED: &str = "Q0FOQVJZN2IxZjpDQU5BUlk3YjFm";
    let seed = format!("integrations: {{SEEDED: {{authorization: {CANARY}}}}}");
    let document = jelou_spec::EXTERNAL_SUPPORT.text.replace(
        "      parameters:\n        - $ref: '#/components/parameters/ProjectId'\n",
        "      parameters:\n        - $ref: '#/components/parameters/ProjectId'\n        - {name: pin, in: query, schema: {type: string, format: password}}\n",
    );
    let options = Options::default()
        .document("document.yaml", document)
        .integration("PROJECT_ID")
        .seed("seed.yaml", seed)
        .api_key(CANARY)
        .client(CANARY, CANARY);
    let sandbox = start_with(options).await;
    let basic = format!("Basic {ENCODED}");
    let authorization = format!(r#"{{"authorization":"{CANARY}"}}"#);
    let path = format!("{}?pin={CANARY}", crate::http::PATH);
    for body in [
        authorization.as_str(),
        &format!("{{{CANARY}"),
        r#"{"authType":1}"#,
    ] {
        for credential in [
            ("x-api-key", CANARY),
            ("Authorization", &basic),
            ("Cookie", CANARY),
        ] {
            send(&sandbox, "PATCH", &path, &[credential], body).await;
        }
    }
    let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
    assert!(integration.authorization().is_some());
    let state = format!(r#"{{"integrations":{{"A":{{"authorization":"{CANARY}"}}}}}}"#);
    let mut replies = Vec::new();
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/state"),
        ("GET", "/requests"),
        ("GET", "/document"),
    ] {
        replies.push(control(&sandbox, method, target, "").await);
    }
    assert_eq!(
        replies[2].json()["requests"].as_array().map(Vec::len),
        Some(9)
    );
    replies.push(control(&sandbox, "PUT", "/state", &state).await);
    replies.push(control(&sandbox, "PUT", "/state", &state.replace("A\":", "A\":[")).await);
    replies.push(
        control(
            &sandbox,
            "PUT",
            "/state",
            &state.replace("authorization", "else"),
        )
        .await,
    );
    replies.push(control(&sandbox, "GET", "/state", "").await);
    for reply in replies {
        assert!(!format!("{reply:?}").contains(CANARY), "{reply:?}");
        assert!(!format!("{reply:?}").contains(ENCODED), "{reply:?}");
    }
}
