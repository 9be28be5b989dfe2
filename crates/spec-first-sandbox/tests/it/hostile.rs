//! Hostile requests: each gets a response, and the sandbox keeps working.

use crate::http::{BODY, KEY, PATH, patch, send, send_bytes, start};

async fn check(request: &[u8], expected: &[u16]) {
    let sandbox = start().await;
    let reply = send_bytes(&sandbox, request).await;
    let shown = String::from_utf8_lossy(&request[..request.len().min(80)]);
    assert!(expected.contains(&reply.status), "{shown}: {reply:?}");
    assert_eq!(patch(&sandbox, BODY).await.status, 200, "after {shown}");
}

fn with_body(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: s\r\nx-api-key: k\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_malformed_target_is_rejected() {
    let sandbox = start().await;
    for (target, expected) in [
        ("/api/notes/%zz", 400),
        ("/api/notes/%", 400),
        ("/api/notes/%ff", 400),
        ("/%c3%28", 400),
        (&*format!("{PATH}?a=%zz"), 400),
        ("*", 404),
        (&*format!("/{}", "a/".repeat(10_000)), 404),
    ] {
        let reply = send(&sandbox, "PATCH", target, &[KEY], BODY).await;
        assert_eq!(reply.status, expected, "{reply:?}");
        assert_eq!(reply.json()["status"], expected);
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf8_is_not_json() {
    check(&with_body(b"{\"authorization\":\"\xff\xfe\"}"), &[400]).await;
    check(&with_body(b"\xff"), &[400]).await;
}

#[tokio::test]
async fn a_body_nested_too_deeply_is_rejected() {
    check(&with_body(&b"[".repeat(500_000)), &[400]).await;
    check(&with_body(&b"{\"a\":".repeat(150_000)), &[400]).await;
}

#[tokio::test]
async fn headers_that_are_not_text_are_not_credentials() {
    let request = format!("PATCH {PATH} HTTP/1.1\r\nHost: s\r\nConnection: close\r\nx-api-key: ");
    check(&[request.as_bytes(), b"\xff\xfe\r\n\r\n"].concat(), &[401]).await;
    let request =
        format!("PATCH {PATH} HTTP/1.1\r\nHost: s\r\nConnection: close\r\nAuthorization: Basic ");
    check(&[request.as_bytes(), b"\xc3\x28\r\n\r\n"].concat(), &[401]).await;
}

#[tokio::test]
async fn huge_or_many_headers_are_rejected_or_accepted() {
    let huge = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: s\r\nConnection: close\r\nx-api-key: {}\r\n\r\n",
        "k".repeat(100_000)
    );
    check(huge.as_bytes(), &[400, 431]).await;
    let many = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: s\r\n{}\r\n",
        "a: b\r\n".repeat(500)
    );
    check(many.as_bytes(), &[400, 431]).await;
}

#[tokio::test]
async fn input_that_is_not_http_is_rejected() {
    check(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", &[400]).await;
    check(b"PATCH\r\n\r\n", &[400]).await;
    check(
        b"CONNECT host:80 HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n",
        &[404, 405],
    )
    .await;
}

#[tokio::test]
async fn an_invalid_transfer_coding_is_rejected() {
    let request = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: s\r\nx-api-key: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n"
    );
    check(request.as_bytes(), &[400]).await;
}
