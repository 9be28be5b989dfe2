//! Sends requests byte by byte, including those that no HTTP client would send.

use jelou_sandbox::{Options, Sandbox};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The path of the project `PROJECT_ID`.
pub(crate) const PATH: &str = "/jelouapi/v1/external-support/PROJECT_ID";

/// A valid body.
pub(crate) const BODY: &str = r#"{"webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#;

/// `id:secret` in HTTP Basic authentication.
pub(crate) const BASIC: (&str, &str) = ("Authorization", "Basic aWQ6c2VjcmV0");

/// An API key.
pub(crate) const KEY: (&str, &str) = ("x-api-key", "key");

/// A response as received.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The field errors of a response.
    #[track_caller]
    pub(crate) fn fields(&self) -> Value {
        self.json()["validationError"].clone()
    }
}

/// A sandbox with an integration for `PROJECT_ID`.
pub(crate) async fn start() -> Sandbox {
    start_with(Options::default().integration("PROJECT_ID")).await
}

pub(crate) async fn start_with(options: Options) -> Sandbox {
    Sandbox::start(options).await.unwrap()
}

/// Sends an update of `PROJECT_ID` with an API key.
pub(crate) async fn patch(sandbox: &Sandbox, body: &str) -> Reply {
    send(sandbox, "PATCH", PATH, &[KEY], body).await
}

/// Sends a request. A body that is not empty is sent as JSON.
pub(crate) async fn send(
    sandbox: &Sandbox,
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
    send_bytes(sandbox, request.as_bytes()).await
}

/// Sends these bytes and reads until the server closes the connection.
pub(crate) async fn send_bytes(sandbox: &Sandbox, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
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
