//! A server on loopback that records every byte of a request and answers with the bytes it was given.

use jelou_client::types::Integration;
use jelou_client::{Client, Credentials, Error, Reply, RetryPolicy};
use test_support::server::{self, Answer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::contract::assert_documented;
use crate::faults::self_signed;

/// The base path of the document's server.
pub(crate) const BASE_PATH: &str = "/jelouapi";

/// What the tests use as a credential; snapshots of requests show it, since that is where the wire needs it.
pub(crate) const API_KEY: &str = "API_KEY";

/// A server that gives the same answer to every request.
pub(crate) struct Server(server::Server);

impl Server {
    /// Starts to listen on any free port.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Answer::new(answer);
        Self(server::Server::start(move |_| answer.clone()))
    }

    /// A server that sends each of these answers on a separate connection, closes the connection, and then stops listening.
    pub(crate) fn in_turn(answers: Vec<String>) -> Self {
        Self(server::Server::in_turn(answers))
    }

    /// A client of this server that uses the placeholder API key.
    pub(crate) fn client(&self) -> Client {
        self.client_with(Credentials::api_key(API_KEY))
    }

    /// A client of this server that uses `credentials`.
    pub(crate) fn client_with(&self, credentials: Credentials) -> Client {
        client_of(self.base_url(), credentials)
    }

    /// The URL of the server with the base path of the document.
    pub(crate) fn base_url(&self) -> String {
        format!("{}{BASE_PATH}", self.origin())
    }

    /// The URL of the server without a path.
    pub(crate) fn origin(&self) -> String {
        self.0.origin()
    }

    /// The requests as they came, with `\n` for `\r\n` and a placeholder for the port, which the system chooses, and for the
    /// version of this crate.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.0.requests();
        let address = self.0.address().to_string();
        let version = concat!("jelou-client/", env!("CARGO_PKG_VERSION"));
        requests
            .iter()
            .map(|request| {
                request
                    .replace("\r\n", "\n")
                    .replace(&address, "127.0.0.1:PORT")
                    .replace(version, "jelou-client/VERSION")
            })
            .collect()
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.0.connections()
    }

    /// The one request that came; its body is one that the document allows.
    #[track_caller]
    pub(crate) fn request(&self) -> String {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        assert_documented(&requests[0]);
        requests[0].clone()
    }
}

/// A client that sends one request for each call; `retries.rs` tests retries.
pub(crate) fn client_of(base_url: String, credentials: Credentials) -> Client {
    let builder = Client::builder(credentials).retry(RetryPolicy::never());
    builder.base_url(base_url).build().unwrap()
}

/// The update that most tests send.
pub(crate) async fn move_webhook(client: &Client) -> Result<Reply<Integration>, Error> {
    let update = client.integrations().update("PROJECT_ID");
    update
        .webhook_url("https://my-system.com/webhook/jelou-v2")
        .send()
        .await
}

/// An answer in JSON.
pub(crate) fn json(status: &str, body: &str) -> String {
    answer(status, "content-type: application/json\r\n", body)
}

/// An answer with these header lines.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Starts a server that answers over TLS; returns its URL and its self-signed certificate.
pub(crate) async fn answering_over_tls(answer: String) -> (String, String) {
    let (pem, acceptor) = self_signed();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                // A client drops a connection on which an answer comes before its request.
                _ = stream.read(&mut [0; 4096]).await;
                _ = stream.write_all(answer.as_bytes()).await;
                _ = stream.read_to_end(&mut Vec::new()).await;
            }
        }
    });
    (url, pem)
}
