//! CORS: pages on this machine may use the API, and no page of another origin may use the control API.

use spec_first_sandbox::{CorsOrigin, Sandbox};

use crate::http::{BODY, KEY, PATH, Reply, notes, send, start, start_with};

const PAGE: &str = "http://localhost:5173";

/// The preflight request for an update from a page.
async fn preflight(sandbox: &Sandbox, target: &str, origin: &str) -> Reply {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "PATCH"),
        ("Access-Control-Request-Headers", "content-type,x-api-key"),
    ];
    send(sandbox, "OPTIONS", target, &headers, "").await
}

async fn update(sandbox: &Sandbox, origin: &str, body: &str) -> Reply {
    send(sandbox, "PATCH", PATH, &[KEY, ("Origin", origin)], body).await
}

fn allowed_origin(reply: &Reply) -> Option<&str> {
    reply.header("Access-Control-Allow-Origin")
}

#[track_caller]
fn check_closed(reply: &Reply) {
    let head = reply.head.to_ascii_lowercase();
    assert!(!head.contains("access-control-"), "{reply:?}");
}

#[tokio::test]
async fn a_page_on_this_machine_may_send_what_its_preflight_asks_for() {
    let sandbox = start().await;
    for target in [PATH, "/api/other"] {
        let reply = preflight(&sandbox, target, PAGE).await;
        assert_eq!((reply.status, &*reply.body), (204, ""));
        assert_eq!(allowed_origin(&reply), Some(PAGE));
        let header = |name| reply.header(name);
        assert_eq!(header("Access-Control-Allow-Methods"), Some("PATCH"));
        let names = header("Access-Control-Allow-Headers");
        assert_eq!(names, Some("content-type,x-api-key"));
        assert_eq!(header("Access-Control-Allow-Credentials"), Some("true"));
        assert_eq!(header("Vary"), Some("origin"));
    }
    let reply = preflight(&sandbox, PATH, PAGE).await;
    assert!(reply.header("Allow").unwrap().contains("PATCH"));
    // This request needs no preflight; the response says that the page may read it.
    let reply = send(&sandbox, "OPTIONS", PATH, &[("Origin", PAGE)], "").await;
    assert_eq!((reply.status, allowed_origin(&reply)), (204, Some(PAGE)));
}

#[tokio::test]
async fn a_page_on_this_machine_can_read_every_response() {
    let sandbox = start().await;
    let reply = update(&sandbox, PAGE, BODY).await;
    assert_eq!((reply.status, allowed_origin(&reply)), (200, Some(PAGE)));
    let reply = update(&sandbox, PAGE, "{").await;
    assert_eq!((reply.status, allowed_origin(&reply)), (400, Some(PAGE)));
    let exposed = reply.header("Access-Control-Expose-Headers").unwrap();
    for header in ["sandbox-reason", "date"] {
        assert!(exposed.contains(header), "{exposed}");
    }
    let reply = send(&sandbox, "GET", "/nowhere", &[("Origin", PAGE)], "").await;
    assert_eq!((reply.status, allowed_origin(&reply)), (404, Some(PAGE)));
    // A cache must not serve a page the response to a request without an origin.
    let reply = send(&sandbox, "GET", "/nowhere", &[], "").await;
    assert_eq!(reply.header("Vary"), Some("origin"));
    check_closed(&reply);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_cors_headers() {
    let sandbox = start().await;
    for origin in [
        "https://app.example",
        "null",
        "http://localhost.evil.example",
    ] {
        check_closed(&preflight(&sandbox, PATH, origin).await);
        check_closed(&update(&sandbox, origin, BODY).await);
    }
    let twice = [("Origin", PAGE), ("Origin", "https://app.example"), KEY];
    check_closed(&send(&sandbox, "PATCH", PATH, &twice, BODY).await);
}

#[tokio::test]
async fn the_allowed_origins_can_be_configured() {
    let with = |origins: &[&str]| {
        let origins: Vec<CorsOrigin> = origins.iter().map(|it| it.parse().unwrap()).collect();
        start_with(notes().cors(origins))
    };
    let sandbox = with(&["https://app.example"]).await;
    let reply = update(&sandbox, "https://app.example", BODY).await;
    assert_eq!(allowed_origin(&reply), Some("https://app.example"));
    check_closed(&update(&sandbox, PAGE, BODY).await);

    let sandbox = with(&["any"]).await;
    let reply = preflight(&sandbox, PATH, "https://app.example").await;
    assert_eq!(allowed_origin(&reply), Some("*"));
    assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);

    let sandbox = with(&[]).await;
    let reply = preflight(&sandbox, PATH, PAGE).await;
    assert_eq!((reply.status, reply.header("Vary")), (204, None));
    check_closed(&reply);
    check_closed(&update(&sandbox, PAGE, BODY).await);
}

#[tokio::test]
async fn the_control_api_never_allows_other_origins() {
    let any = notes().cors([CorsOrigin::Any, CorsOrigin::Loopback]);
    let sandbox = start_with(any).await;
    for target in ["/_sandbox/", "/_sandbox/state", "/_sandbox/nowhere"] {
        check_closed(&preflight(&sandbox, target, PAGE).await);
        let reply = send(&sandbox, "GET", target, &[("Origin", PAGE)], "").await;
        assert_eq!(reply.status, 403, "{reply:?}");
        check_closed(&reply);
    }
}
