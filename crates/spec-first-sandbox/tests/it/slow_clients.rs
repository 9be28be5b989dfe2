//! Clients that are slow, announce too much, or are too many do not keep other clients from being served.

use std::time::Duration;

use spec_first_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{interval, timeout},
};

use crate::http::{BODY, KEY, PATH, notes, patch, send, send_bytes, start, start_with};

/// How long a test waits for something that must happen.
const LONG: Duration = Duration::from_secs(60);

async fn impatient() -> Sandbox {
    let timeout = Duration::from_millis(100);
    start_with(notes().receive_timeout(timeout)).await
}

fn head(more: &str) -> String {
    format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: localhost\r\nx-api-key: k\r\nContent-Type: application/json\r\n{more}\r\n"
    )
}

async fn open(sandbox: &Sandbox, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    stream
}

/// What arrives until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut received = Vec::new();
    let read = stream.read_to_end(&mut received);
    // A reset ends the connection as well.
    _ = timeout(LONG, read)
        .await
        .expect("the connection stays open");
    String::from_utf8(received).unwrap()
}

/// Sends a byte now and then, and returns what arrives until the server closes the connection.
async fn trickle(stream: TcpStream) -> String {
    let (mut reader, mut writer) = stream.into_split();
    let mut pace = interval(Duration::from_millis(5));
    let mut received = Vec::new();
    let send = async {
        while writer.write_all(b" ").await.is_ok() {
            pace.tick().await;
        }
        std::future::pending().await
    };
    tokio::select! {
        () = send => {}
        read = timeout(LONG, reader.read_to_end(&mut received)) => {
            _ = read.expect("the connection stays open");
        }
    }
    String::from_utf8(received).unwrap()
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_rejected_at_once() {
    let sandbox = start().await;
    let stream = open(
        &sandbox,
        &(head("Content-Length: 99999999999999\r\n") + "{"),
    )
    .await;
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nsandbox-reason: the body is larger than 1048576 bytes\r\n"));
    let asking = head("Content-Length: 1048577\r\nExpect: 100-continue\r\n");
    let answer = rest(open(&sandbox, &asking).await).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_head_that_does_not_arrive_closes_the_connection() {
    let sandbox = impatient().await;
    for sent in ["", "PATCH /a", &head("")[..60]] {
        assert_eq!(rest(open(&sandbox, sent).await).await, "", "{sent}");
    }
    assert_eq!(
        trickle(open(&sandbox, "GET /a HTTP/1.1\r\nx:").await).await,
        ""
    );
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let sandbox = impatient().await;
    let answer = rest(open(&sandbox, "GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n").await).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_answered_with_408() {
    let sandbox = impatient().await;
    let half = head("Content-Length: 1000\r\n") + "{";
    let chunked = head("Transfer-Encoding: chunked\r\n") + "1\r\n{\r\n";
    for sent in [&half, &chunked] {
        let answer = rest(open(&sandbox, sent).await).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        let reason = "\r\nsandbox-reason: the body did not arrive within 100ms\r\n";
        assert!(answer.contains(reason), "{answer}");
    }
    let answer = trickle(open(&sandbox, &half).await).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let control = "PUT /_sandbox/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\ns";
    let answer = rest(open(&sandbox, control).await).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_eq!(sandbox.received()[0].status, 408);
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_head_over_64_kib_is_rejected() {
    let sandbox = start().await;
    let request = |length| {
        let filler = format!("x-filler: {}\r\n", "f".repeat(length));
        head(&format!(
            "Content-Length: {}\r\nConnection: close\r\n{filler}",
            BODY.len()
        )) + BODY
    };
    let reply = send_bytes(&sandbox, request(60_000).as_bytes()).await;
    assert_eq!(reply.status, 200);
    let reply = send_bytes(&sandbox, request(70_000).as_bytes()).await;
    assert_eq!(reply.status, 431);
}

#[tokio::test]
async fn a_new_connection_replaces_the_one_that_has_been_idle_longest() {
    let options = notes().max_connections(3);
    // The timeout is longer than the test waits, so that only a cut connection makes room.
    let sandbox = start_with(options.receive_timeout(LONG * 10)).await;
    let silent = open(&sandbox, "").await;
    let _half_a_head = open(&sandbox, "PATCH /a").await;
    let start_of_body = head("Content-Length: 9\r\nConnection: close\r\n") + "{";
    let mut half_a_body = open(&sandbox, &start_of_body).await;
    for _ in 0..2 {
        let answered = timeout(LONG, patch(&sandbox, BODY)).await;
        assert_eq!(answered.expect("no response").status, 200);
    }
    assert_eq!(rest(silent).await, "");
    half_a_body.write_all(b"       }").await.unwrap();
    let answer = rest(half_a_body).await;
    assert!(answer.starts_with("HTTP/1.1 "), "a newer one was cut");
}

#[tokio::test]
async fn a_client_whose_body_is_late_sees_the_408() {
    let options = notes();
    let sandbox = start_with(options.receive_timeout(Duration::from_millis(500))).await;
    let mut client = open(&sandbox, &head("Content-Length: 9\r\n")).await;
    let mut answer = [0; 13];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408 ");
    // Closing a connection with unread bytes resets it, and the response may be lost.
    for byte in b"123456789" {
        client.write_all(&[*byte]).await.expect("reset");
    }
    client.read_to_end(&mut Vec::new()).await.expect("reset");
}

#[tokio::test]
async fn the_timeout_of_a_request_can_have_any_length() {
    let options = notes();
    let sandbox = start_with(options.receive_timeout(Duration::MAX)).await;
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_connection_with_a_request_in_progress_is_not_cut() {
    let sandbox = start_with(notes().max_connections(1)).await;
    let headers = [KEY, ("X-Sandbox-Fault", "latency=200ms")];
    let (first, second) = tokio::join!(
        send(&sandbox, "PATCH", PATH, &headers, BODY),
        send(&sandbox, "PATCH", PATH, &headers, BODY),
    );
    assert_eq!((first.status, second.status), (200, 200));
}
