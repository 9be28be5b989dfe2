//! Sends requests byte by byte, including those that no HTTP client would send.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long a test waits for something that must not happen. Passing does not depend on it.
const SILENCE: Duration = Duration::from_millis(200);

/// A response as received.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    /// The body as text.
    pub body: String,
}

impl Reply {
    /// The body, which must be JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends a request. A body that is not empty is sent as JSON.
pub async fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: sandbox\r\n");
    let has_type = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !body.is_empty() && !has_type {
        request += "Content-Type: application/json\r\n";
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!(
        "Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    send_bytes(address, request.as_bytes()).await
}

/// Sends these bytes and reads until the server closes the connection.
pub async fn send_bytes(address: SocketAddr, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut received = Vec::new();
    // If it was sent too much, the server may reset the connection after its response.
    _ = stream.read_to_end(&mut received).await;
    let text = String::from_utf8(received).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no response: {text:?}"));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Reply {
        status: status.unwrap_or_else(|| panic!("no status: {head}")),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Sends a request to the control API of a sandbox, as a program would.
pub async fn control(address: SocketAddr, method: &str, target: &str, body: &str) -> Reply {
    let request = format!(
        "{method} /_sandbox{target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    send_bytes(address, request.as_bytes()).await
}

/// What a client receives, and how the connection ends.
#[derive(Debug)]
pub struct Seen {
    /// What arrived.
    pub bytes: Vec<u8>,
    /// How it ended: `closed`, `reset`, or `silence` if nothing more arrives.
    pub end: &'static str,
}

impl Seen {
    /// The status, or how the connection ended.
    pub fn verdict(&self) -> String {
        let status = self.bytes.get(9..12);
        status.map_or_else(
            || self.end.to_owned(),
            |status| String::from_utf8_lossy(status).into_owned(),
        )
    }
}

/// Sends a request, and reads until the connection ends or nothing more arrives.
pub async fn see(address: SocketAddr, request: &str) -> Seen {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = loop {
        let ends = request.contains("stall=") || request.contains("latency=600s");
        let patience = if ends {
            SILENCE
        } else {
            Duration::from_secs(60)
        };
        match timeout(patience, stream.read_buf(&mut bytes)).await {
            Err(_) => break "silence",
            Ok(Ok(0)) => break "closed",
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionReset => break "reset",
            Ok(Err(error)) => panic!("{error}"),
        }
    };
    Seen { bytes, end }
}
