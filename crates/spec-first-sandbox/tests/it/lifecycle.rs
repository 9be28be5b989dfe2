//! Startup and shutdown.

use std::{error::Error, io::ErrorKind, net::SocketAddr};

use spec_first_sandbox::{Sandbox, StartError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::http::{BODY, notes, patch, start};

/// How often a port that should be closed is tried.
const ATTEMPTS: usize = 500;

/// Tries several times: a process spawned by another test holds copies of all sockets until it executes its program.
async fn is_refused(address: SocketAddr) -> bool {
    for _ in 0..ATTEMPTS {
        match TcpStream::connect(address).await {
            Err(error) => return error.kind() == ErrorKind::ConnectionRefused,
            Ok(_) => tokio::task::yield_now().await,
        }
    }
    false
}

#[tokio::test]
async fn it_listens_on_loopback_under_the_base_path_of_the_document() {
    let sandbox = start().await;
    assert!(sandbox.address().ip().is_loopback());
    assert_eq!(
        sandbox.base_url(),
        format!("http://{}/api", sandbox.address())
    );
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let sandbox = start().await;
    let address = sandbox.address();
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
    drop(sandbox);
    assert!(is_refused(address).await);
}

#[tokio::test]
async fn it_closes_idle_connections_when_it_is_dropped() {
    let sandbox = start().await;
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream
        .write_all(b"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 404");
    drop(sandbox);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_waits_for_the_request_in_progress() {
    let sandbox = start().await;
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server asks for the body once it has started to handle the request.
    let head = "PATCH /api/notes/1 HTTP/1.1\r\nHost: s\r\nx-api-key: k\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    let shutdown = tokio::spawn(sandbox.shutdown());
    stream.write_all(br#"{"text":"New"}"#).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    shutdown.await.unwrap();
    assert!(is_refused(address).await);
}

#[tokio::test]
async fn a_port_in_use_is_an_error_with_its_cause() {
    let sandbox = start().await;
    let error = Sandbox::start(notes().address(sandbox.address()))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on `{}`", sandbox.address())
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_status_that_is_not_documented_is_an_error() {
    for status in [503, 0, 99, 1000] {
        let error = Sandbox::start(notes().fail_with(status)).await.unwrap_err();
        assert!(
            matches!(error, StartError::UndocumentedStatus { .. }),
            "{error}"
        );
    }
}
