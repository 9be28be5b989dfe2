use std::io::Write;
use std::sync::mpsc::{Receiver, channel};

use test_support::server::serve_slowly;

use super::*;
use crate::sample::{FILES, GetFile};
use crate::{Call, Client, Credentials, RetryPolicy};

const MIB: usize = 1024 * 1024;

fn client(origin: String) -> Client {
    let builder = Client::builder(&FILES, Credentials::api_key("canary")).base_url(origin);
    builder.response_limit(MIB).build().unwrap()
}

fn get_file(origin: String) -> GetFile {
    let call = Call::new::<GetFile>(&client(origin));
    GetFile { call }
}

/// Sends a head, and each of these pieces when the one before it was read.
fn serve(
    head: &'static str,
    pieces: Vec<Vec<u8>>,
    read: Receiver<()>,
) -> (String, Receiver<String>) {
    let (seen, heads) = channel();
    let origin = serve_slowly(move |request, stream| {
        seen.send(request.to_owned()).unwrap();
        write!(stream, "HTTP/1.1 {head}\r\n\r\n").unwrap();
        for piece in &pieces {
            stream.write_all(piece).unwrap();
            // Until the client has read it, or is gone.
            _ = read.recv();
        }
    });
    (origin, heads)
}

#[tokio::test]
async fn a_download_is_read_as_it_arrives() {
    let (acknowledge, read) = channel();
    let pieces = vec![vec![b'a'; MIB]; 64];
    let (origin, heads) = serve("200 OK\r\ncontent-length: 67108864", pieces, read);
    let mut reply = get_file(origin).send_streaming().await.unwrap();
    assert_eq!(
        reply.head().header("content-length"),
        Some(&b"67108864"[..])
    );
    let mut received = 0;
    while let Some(chunk) = reply.chunk().await.unwrap() {
        let before = received / MIB;
        received += chunk.len();
        for _ in before..received / MIB {
            acknowledge.send(()).unwrap();
        }
    }
    assert_eq!(received, 64 * MIB);
    let request = heads.recv().unwrap();
    assert!(
        request.contains("accept: application/zip, application/json\r\n"),
        "{request}"
    );
    assert!(request.contains("x-api-key: canary\r\n"), "{request}");
}

#[tokio::test]
async fn events_are_read_when_they_come() {
    let (acknowledge, read) = channel();
    let event = |data: &str| format!("{:x}\r\n{data}\r\n", data.len()).into_bytes();
    let pieces = vec![
        event("data: 1\r\n\n"),
        event("data"),
        event(": 2\n: end"),
        b"0\r\n\r\n".to_vec(),
    ];
    let (origin, _heads) = serve("200 OK\r\ntransfer-encoding: chunked", pieces, read);
    let mut reply = client(origin)
        .request("GET", "/file")
        .send_streaming()
        .await
        .unwrap();
    let mut next = async || reply.line().await.unwrap();
    assert_eq!(next().await.unwrap(), "data: 1");
    assert_eq!(next().await.unwrap(), "");
    for _ in 0..3 {
        acknowledge.send(()).unwrap();
    }
    assert_eq!(next().await.unwrap(), "data: 2");
    assert_eq!(next().await.unwrap(), ": end");
    assert_eq!(next().await, None);
}

#[tokio::test]
async fn a_line_is_limited() {
    let (_, read) = channel();
    let pieces = vec![vec![b'a'; MIB + 1]];
    let (origin, _heads) = serve("200 OK\r\ncontent-length: 1048578", pieces, read);
    let mut reply = get_file(origin).send_streaming().await.unwrap();
    let error = reply.line().await.unwrap_err();
    assert!(
        matches!(error, Error::TooLong { limit: MIB, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error() {
    let (_, read) = channel();
    let (origin, _heads) = serve(
        "200 OK\r\ncontent-length: 7",
        vec![b"canary".to_vec()],
        read,
    );
    let mut reply = get_file(origin).send_streaming().await.unwrap();
    assert!(!format!("{reply:?}").contains("canary"));
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "canary");
    let error = reply.chunk().await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    assert_eq!(error.status(), Some(200));
    assert!(!format!("{error:?} {error}").contains("canary"));
    assert_eq!(reply.chunk().await.unwrap(), None);
}

#[tokio::test]
async fn silence_is_limited_for_each_chunk() {
    let (acknowledge, read) = channel();
    let (origin, _heads) = serve("200 OK\r\ncontent-length: 7", vec![b"a".to_vec()], read);
    let reply = get_file(origin).send_streaming().await.unwrap();
    let mut reply = reply.chunk_timeout(Duration::from_millis(20));
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "a");
    let error = reply.chunk().await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "operation timed out");
    drop(acknowledge);
}

#[tokio::test]
async fn an_error_is_read_as_usual_and_a_secret_stays_redacted() {
    let (_, read) = channel();
    let body = br#"{"message":"canary is unknown"}"#.to_vec();
    let (origin, _heads) = serve("401 X\r\ncontent-length: 31", vec![body], read);
    let error = get_file(origin).send_streaming().await.unwrap_err();
    let text = "the API answered with status 401: [redacted] is unknown";
    assert_eq!(error.to_string(), text);
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test(start_paused = true)]
async fn until_the_reply_begins_it_is_retried() {
    let answers = std::sync::Mutex::new(vec![503, 200]);
    let client: Client = Client::builder(&FILES, Credentials::api_key("canary"))
        .base_url("http://127.0.0.1:1")
        .retry(RetryPolicy::default())
        .answer_with(move |_| HttpResponse::new(answers.lock().unwrap().remove(0), "a\nb"))
        .build()
        .unwrap();
    let call = Call::new::<GetFile>(&client);
    let mut reply = GetFile { call }.send_streaming().await.unwrap();
    assert_eq!(reply.line().await.unwrap().unwrap(), "a");
    assert_eq!(reply.chunk().await.unwrap().unwrap(), "b");
    assert_eq!(reply.chunk().await.unwrap(), None);
}
