//! A server on loopback that records every byte of a request, and answers whatever a test wants.
//!
//! It runs on its own threads, so that a test can wait for a program or a blocking client.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// A server that runs until the process exits.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    is_last: bool,
}

#[derive(Debug, Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

impl Answer {
    /// Sends these bytes, and waits for another request on the same connection.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            is_last: false,
        }
    }

    /// Closes the connection after this answer.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.is_last = true;
        self
    }
}

impl Server {
    /// Listens on any free port, and answers each request with what `answer` makes of its bytes.
    pub fn start(answer: impl FnMut(&str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let (shared, answer) = (Arc::clone(&seen), Arc::new(Mutex::new(answer)));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, seen) = (stream.unwrap(), Arc::clone(&shared));
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let answer = Arc::clone(&answer);
                thread::spawn(move || {
                    while let Some(request) = read_request(&mut stream) {
                        let answer = (answer.lock().unwrap())(&request);
                        seen.requests.lock().unwrap().push(request);
                        // The client may have stopped reading.
                        if stream.write_all(&answer.bytes).is_err() || answer.is_last {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    /// Sends each of these answers on a separate connection, closes the connection, and then stops listening.
    pub fn in_turn(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let request = read_request(&mut stream).unwrap();
                shared.requests.lock().unwrap().push(request);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { address, seen }
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL without a path.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests, as they were on the wire.
    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }
}

/// A loopback URL at which nothing listens.
pub fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Reads a whole request with its body; `None` if the client sends nothing more, or disconnects.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 65536];
    let mut end = None;
    while end.is_none_or(|end| request.len() < end) {
        let length = stream.read(&mut chunk).ok().filter(|length| *length > 0)?;
        let unseen = request.len().saturating_sub(3);
        request.extend_from_slice(&chunk[..length]);
        let mut parts = request[unseen..].windows(4);
        if end.is_none()
            && let Some(head) = parts.position(|part| part == b"\r\n\r\n")
        {
            let head = unseen + head;
            let text = String::from_utf8_lossy(&request[..head]);
            let length = text.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse::<usize>().unwrap())
            });
            end = Some(head + 4 + length.unwrap_or_default());
        }
    }
    Some(String::from_utf8_lossy(&request).into_owned())
}

/// Serves one request at a time for as long as `answer` returns, each on a new connection: `answer` reads the body, if there is one,
/// and writes the response as slowly as it likes. Returns the URL of the server.
pub fn serve_slowly(mut answer: impl FnMut(&str, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.extend_from_slice(&byte);
            }
            answer(&String::from_utf8_lossy(&head), &mut stream);
        }
    });
    origin
}
