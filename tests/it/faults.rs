//! Everything that can go wrong between the client and a server, one row each, and what the client makes of it.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jelou_client::types::Integration;
use jelou_client::{Client, Credentials, Error, Reply, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::fixtures::{self, FLAT};
use crate::operations;
use crate::server::{answer, json};

/// Where the client is sent, and what happens to it there.
enum Fault {
    /// Nothing listens at the address.
    Refused,
    /// The server has no room for another connection.
    NoRoom,
    /// The name of the server cannot be resolved.
    UnknownName,
    /// The server does not speak TLS.
    NoTls,
    /// The certificate of the server is not trusted.
    UntrustedCertificate,
    /// The server closes the connection without reading the request.
    ClosedUnread,
    /// The server resets the connection once it has sent these bytes.
    Reset(String),
    /// The server closes the connection once it has sent these bytes.
    Closed(String),
    /// The server sends these bytes, and then nothing forever.
    Stalled(String),
    /// The server answers with these bytes.
    Answered(Vec<u8>),
}

use Fault::{
    Answered, Closed, ClosedUnread, NoRoom, NoTls, Refused, Reset, Stalled, UnknownName,
    UntrustedCertificate,
};

fn faults() -> Vec<(&'static str, Fault)> {
    let text = |answer: String| Answered(answer.into_bytes());
    let ok = |body: &str| Answered(json("200 OK", body).into_bytes());
    let headers = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let begun = format!("{headers}content-length: 100\r\n\r\n{{\"id\":");
    vec![
        ("connection refused", Refused),
        ("connection that nobody takes", NoRoom),
        ("name that does not resolve", UnknownName),
        ("server that does not speak TLS", NoTls),
        ("certificate that nobody trusts", UntrustedCertificate),
        ("closed before the request was read", ClosedUnread),
        ("reset before the headers", Reset(String::new())),
        ("reset in the middle of the headers", Reset(headers.to_owned())),
        ("reset in the middle of the body", Reset(begun.clone())),
        ("closed before the headers", Closed(String::new())),
        ("closed in the middle of the headers", Closed(headers.to_owned())),
        ("closed in the middle of the body", Closed(begun.clone())),
        ("closed in the middle of a chunk", Closed(format!("{headers}transfer-encoding: chunked\r\n\r\n64\r\n{{"))),
        ("stalled before the headers", Stalled(String::new())),
        ("stalled in the middle of the headers", Stalled(headers.to_owned())),
        ("stalled in the middle of the body", Stalled(begun)),
        ("answer that is not HTTP", text("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned())),
        ("status line that is not a number", text("HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n".to_owned())),
        ("two lengths that differ", text("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}".to_owned())),
        ("header with a control character", text("HTTP/1.1 200 OK\r\nx-a: \u{1}\r\ncontent-length: 2\r\n\r\n{}".to_owned())),
        ("headers without end", text(format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n", "a".repeat(1024 * 1024)))),
        ("body over the limit", text(json("200 OK", &" ".repeat(2 * 1024 * 1024)))),
        ("error body over the limit", text(json("404 Not Found", &" ".repeat(2 * 1024 * 1024)))),
        ("body that ends before the JSON does", ok(&FLAT[..40])),
        ("no body", ok("")),
        ("wrong content type, right body", text(answer("200 OK", "content-type: text/plain\r\n", FLAT))),
        ("no content type, right body", text(answer("200 OK", "", FLAT))),
        ("HTML of a proxy with 200", text(answer("200 OK", "content-type: text/html\r\n", "<html>Sign in</html>"))),
        ("HTML of a proxy with 502", text(answer("502 Bad Gateway", "content-type: text/html\r\n", "<html>Bad gateway</html>"))),
        ("invalid UTF-8", Answered(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"id\":\"\xff\"}".to_vec())),
        ("invalid UTF-8 in an error", Answered(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 15\r\n\r\n{\"message\":\"\xff\"}".to_vec())),
        ("byte order mark", ok(&format!("\u{feff}{FLAT}"))),
        ("compressed although nobody asked", Answered(compressed())),
        ("100 before the answer", text(format!("HTTP/1.1 100 Continue\r\n\r\n{}", json("200 OK", FLAT)))),
        ("103 before the answer", text(format!("HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n{}", json("200 OK", FLAT)))),
        ("101", text("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n".to_owned())),
        ("201", text(json("201 Created", FLAT))),
        ("204", text("HTTP/1.1 204 No Content\r\n\r\n".to_owned())),
        ("302", text(answer("302 Found", "location: http://127.0.0.1:9/\r\n", ""))),
        ("304", text("HTTP/1.1 304 Not Modified\r\n\r\n".to_owned())),
        ("status 999", text(answer("999 Whatever", "", ""))),
        ("400 without a body", text(answer("400 Bad Request", "", ""))),
        ("429 with Retry-After", text(answer("429 Too Many Requests", "retry-after: 30\r\n", ""))),
        ("both shapes in one body", ok(fixtures::BOTH_SHAPES)),
        ("envelope without data that says success", ok(r#"{"status":1,"statusMessage":"success"}"#)),
        ("envelope that reports failure", ok(r#"{"status":0,"statusMessage":"failed","message":["no"]}"#)),
        ("data: null", ok(r#"{"status":1,"data":null}"#)),
        ("data that is a list", ok(r#"{"data":[{"id":"INTEGRATION_ID"}]}"#)),
        ("data in data", ok(r#"{"data":{"data":{"id":"INTEGRATION_ID"}}}"#)),
        ("null", ok("null")),
        ("a list", ok("[]")),
        ("two values", ok(&format!("{FLAT}{FLAT}"))),
        ("the same key twice", ok(r#"{"id":"A","id":"B"}"#)),
        ("nesting without end", ok(&"[".repeat(100_000))),
        ("unknown fields", ok(fixtures::UNKNOWN_FIELDS)),
        ("unknown authType", ok(fixtures::UNDOCUMENTED_AUTH_TYPE)),
        ("authType that is not text", ok(r#"{"authType":7}"#)),
        ("webhookUrl that is a number", ok(r#"{"webhookUrl":7}"#)),
        ("createdAt that is a number", ok(r#"{"data":{"createdAt":1700000000}}"#)),
        ("createdAt in another form", ok(r#"{"createdAt":"2023-11-07 05:31:56"}"#)),
        ("status that is a text", ok(r#"{"status":"1","data":{"id":"INTEGRATION_ID"}}"#)),
    ]
}

/// `{"id":"INTEGRATION_ID"}`, compressed with gzip.
fn compressed() -> Vec<u8> {
    let body = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 76, 81, 178, 82, 242, 244, 11, 113, 117, 15,
        114, 12, 241, 244, 247, 139, 247, 116, 81, 170, 5, 0, 52, 177, 39, 182, 23, 0, 0, 0,
    ];
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// Sends an update into the fault; returns the result, and how many requests were read.
async fn meet(fault: Fault) -> (Result<Reply<Integration>, Error>, usize) {
    let (client, requests) = client_of(fault, RetryPolicy::never()).await;
    let update = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url("https://my-system.com/webhook/jelou-v2");
    (update.send().await, requests.load(Ordering::SeqCst))
}

/// A client of the server with the fault, and how many requests the server has read.
async fn client_of(fault: Fault, retry: RetryPolicy) -> (Client, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let base_url = match fault {
        UnknownName => "https://jelou-client.invalid".to_owned(),
        _ => start(fault, Arc::clone(&requests)).await,
    };
    let credentials = Credentials::api_key("API_KEY");
    let credentials = credentials.and(Credentials::signing_secret("SIGNING_SECRET"));
    let builder = Client::builder(credentials).retry(retry);
    let client = builder
        .connect_timeout(Duration::from_secs(1))
        .request_timeout(Duration::from_secs(2))
        .base_url(base_url)
        .build()
        .unwrap();
    (client, requests)
}

/// Starts the server of a fault; returns its base URL.
async fn start(fault: Fault, requests: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    if matches!(fault, Refused) {
        return format!("http://{address}");
    }
    if matches!(fault, NoRoom) {
        return format!("http://{}", without_room().await);
    }
    let scheme = if matches!(fault, NoTls | UntrustedCertificate) {
        "https"
    } else {
        "http"
    };
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        if matches!(fault, ClosedUnread) {
            return;
        }
        if matches!(fault, UntrustedCertificate) {
            _ = self_signed().1.accept(stream).await;
            return;
        }
        if read_request(&mut stream).await {
            requests.fetch_add(1, Ordering::SeqCst);
        }
        match fault {
            Reset(bytes) => {
                stream.write_all(bytes.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
                // Closing with a time of zero resets the connection.
                stream.set_zero_linger().unwrap();
            }
            Closed(bytes) => stream.write_all(bytes.as_bytes()).await.unwrap(),
            Stalled(bytes) => {
                stream.write_all(bytes.as_bytes()).await.unwrap();
                std::future::pending::<()>().await;
            }
            // The client may close before it has read everything.
            Answered(bytes) => _ = stream.write_all(&bytes).await,
            _ => _ = stream.write_all(b"this is not TLS").await,
        }
    });
    format!("{scheme}://{address}")
}

/// The address of a server whose connection queue is full and stays full: another connection is not even refused.
async fn without_room() -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    // Linux takes one connection more than it is told to.
    for _ in 0..2 {
        queue.push(TcpStream::connect(address).await.unwrap());
    }
    tokio::spawn(async move {
        let _open = (listener, queue);
        std::future::pending::<()>().await;
    });
    address
}

/// Reads a request to its end; says whether there was one in clear text.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    while let Ok(1..) = stream.read_buf(&mut bytes).await {
        if bytes.ends_with(b"}") {
            return true;
        }
        if !(bytes.starts_with(b"PATCH") || bytes.starts_with(b"POST")) {
            return false;
        }
    }
    false
}

/// A certificate for loopback that nobody trusts, in PEM, and a server that has it.
pub(crate) fn self_signed() -> (String, TlsAcceptor) {
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    (signed.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn every_fault_has_its_verdict() {
    let mut verdicts = String::new();
    for (name, fault) in faults() {
        let (result, requests) = meet(fault).await;
        writeln!(verdicts, "{name} ({requests} sent)").unwrap();
        match result {
            Ok(reply) => {
                let id = reply.id.as_ref().map_or("nothing", |id| id.as_str());
                writeln!(verdicts, "  read: id {id}, {:?}", reply.shape()).unwrap();
            }
            Err(error) => {
                let kind = match &error {
                    Error::NotSent { .. } => "NotSent",
                    Error::NoAnswer { .. } => "NoAnswer",
                    Error::TooLong { .. } => "TooLong",
                    Error::Api(_) => "Api",
                    Error::UnreadableReply { .. } => "UnreadableReply",
                    other => panic!("{name}: {other:?}"),
                };
                let applied = if error.may_have_been_applied() {
                    "may have been applied"
                } else {
                    "not applied"
                };
                let retryable = if error.is_retryable() {
                    "retryable"
                } else {
                    "final"
                };
                writeln!(verdicts, "  {kind}, {applied}, {retryable}: {error}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(verdicts);
}

/// With retries enabled, none of these calls is sent again once it may have been applied.
#[tokio::test]
async fn every_fault_meets_calls_that_must_not_be_repeated() {
    let mut verdicts = String::new();
    // They run concurrently, since some wait for a timeout. Refused connections come first: later, another server may listen on the
    // port.
    let mut meeting = Vec::new();
    for is_refused in [true, false] {
        for operation in ["create_integration", "send_message"] {
            for (name, fault) in faults() {
                // The resolver decides how long an unknown name takes, and is asked on each attempt.
                if matches!(fault, Refused) != is_refused || matches!(fault, UnknownName) {
                    continue;
                }
                let mut task = tokio::spawn(async move {
                    let retry = RetryPolicy::default().initial_backoff(Duration::ZERO);
                    let (client, requests) = client_of(fault, retry).await;
                    let result = operations::call(&client, operation).await;
                    (result, requests.load(Ordering::SeqCst))
                });
                if is_refused {
                    let met = (&mut task).await;
                    task = tokio::spawn(async { met.unwrap() });
                }
                meeting.push((operation, name, task));
            }
        }
    }
    for (operation, name, task) in meeting {
        let (result, sent) = task.await.unwrap();
        let verdict = match result {
            Ok(_) => "read",
            Err((error, _)) if error.may_have_been_applied() => {
                assert!(sent <= 1, "{operation}, {name}: {error}");
                "may have been applied"
            }
            Err(_) => "not applied",
        };
        writeln!(verdicts, "{operation}, {name} ({sent} sent): {verdict}").unwrap();
    }
    insta::assert_snapshot!(verdicts);
}
