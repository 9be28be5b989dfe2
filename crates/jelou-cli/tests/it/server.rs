//! Servers to send to: the sandbox, one with custom responses, and a closed port.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use jelou_sandbox::{Options, ReceivedRequest, Sandbox};
use tokio::runtime::{Builder, Runtime};

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
    received: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Rogue {
    /// Answers each request with the result of `answer`. Closes the connection, unless the response contains `Connection:
    /// keep-alive`.
    pub(crate) fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (record, counter) = (Arc::clone(&received), Arc::clone(&connections));
        let answer = Mutex::new(answer);
        let serve = Arc::new(move |stream: &mut TcpStream| {
            let Some(request) = read_request(stream) else {
                return false;
            };
            let answer = (answer.lock().unwrap())(&request);
            record.lock().unwrap().push(request);
            // The client may have stopped reading.
            let written = stream.write_all(answer.as_bytes());
            written.is_ok() && answer.contains("Connection: keep-alive")
        });
        // The thread ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                counter.fetch_add(1, Ordering::Relaxed);
                if serve(&mut stream) {
                    let serve = Arc::clone(&serve);
                    thread::spawn(move || while serve(&mut stream) {});
                }
            }
        });
        Self {
            base_url,
            received,
            connections,
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
        self.received.lock().unwrap().clone()
    }

    /// The number of connections opened.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// An HTTP response with this body.
pub(crate) fn response(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A loopback URL with a closed port.
pub(crate) fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Reads a request; `None` for a connection that only probes the port.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let length = stream.read(&mut chunk).unwrap();
        if length == 0 && request.is_empty() {
            return None;
        }
        assert_ne!(length, 0, "the request ended too early");
        request.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let expected = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse::<usize>().unwrap())
            });
            if body.len() >= expected.unwrap_or_default() {
                return Some(text.into_owned());
            }
        }
    }
}
