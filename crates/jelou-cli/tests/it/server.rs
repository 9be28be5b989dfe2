//! Servers to send to: the sandbox, one with custom responses, and a closed port.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use jelou_sandbox::{Options, ReceivedRequest, Sandbox};
use test_support::server::{Answer, Server};
use tokio::runtime::{Builder, Runtime};

pub(crate) use test_support::server::closed_port;

/// A sandbox that runs in the background while the test waits for the command.
pub(crate) struct Service {
    sandbox: Sandbox,
    _runtime: Runtime,
}

impl Service {
    pub(crate) fn start(options: Options) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            sandbox: runtime.block_on(Sandbox::start(options)).unwrap(),
            _runtime: runtime,
        }
    }

    pub(crate) fn base_url(&self) -> String {
        self.sandbox.base_url()
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.sandbox.received()
    }
}

/// A server for responses that the sandbox would not send.
pub(crate) struct Rogue {
    pub(crate) base_url: String,
    server: Server,
}

impl Rogue {
    /// Answers each request with the result of `answer`. Closes the connection, unless the response contains `Connection:
    /// keep-alive`.
    pub(crate) fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let server = Server::start(move |request| {
            let text = answer(request);
            match text.contains("Connection: keep-alive") {
                true => Answer::new(text),
                false => Answer::new(text).closing(),
            }
        });
        Self {
            base_url: server.origin(),
            server,
        }
    }

    /// A server that sends a line of plain text to every connection instead of HTTP; returns its URL.
    pub(crate) fn start_plain() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut greeting = [0; 1024];
                // Connections that only probe the port send nothing.
                if stream.read(&mut greeting).is_ok_and(|length| length > 0) {
                    _ = stream.write_all(b"this speaks no TLS\r\n");
                }
            }
        });
        url
    }

    /// Answers every request with the same status and body.
    pub(crate) fn answering(status: u16, body: &str) -> Self {
        let answer = response(status, body);
        Self::start(move |_| answer.clone())
    }

    /// The requests as received.
    pub(crate) fn received(&self) -> Vec<String> {
        self.server.requests()
    }

    /// The number of connections opened.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }
}

/// An HTTP response with this body.
pub(crate) fn response(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
