use std::future::poll_fn;
use std::io::{Read, Write};
use std::time::Duration;

use http_body::Body as _;
use test_support::server::{Answer, Server, closed_port, serve_slowly};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::sample::{API, Update};
use crate::{Call, Client, ClientBuilder, Credentials, Error, HttpResponse, Parameter, Part};

const MIB: usize = 1024 * 1024;

/// Chunks of a MiB, each produced only when the one before it was received.
struct Acknowledged {
    left: usize,
    received: UnboundedReceiver<()>,
}

impl Stream for Acknowledged {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.received.poll_recv(cx));
        let Some(left) = self.left.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.left = left;
        Poll::Ready(Some(Ok(vec![b'a'; MIB])))
    }
}

/// A stream of these chunks, one of which may be an error.
fn stream(chunks: &'static [Result<&'static str, &'static str>]) -> Body {
    let mut chunks = chunks.iter();
    Body::of(Box::new(move |_| {
        let chunk = chunks.next().copied();
        Poll::Ready(chunk.map(|chunk| chunk.map(Bytes::from).map_err(Into::into)))
    }))
}

fn builder(origin: String) -> ClientBuilder {
    Client::builder(&API, Credentials::api_key("canary")).base_url(origin)
}

async fn send(origin: String, body: impl Into<Body>) -> Result<HttpResponse, Error> {
    let client: Client = builder(origin).build()?;
    client.request("PATCH", "/items/1").body(body).send().await
}

#[tokio::test]
async fn an_upload_is_produced_as_it_is_sent() {
    const LENGTH: usize = 64;
    let (acknowledge, received) = unbounded_channel();
    let origin = serve_slowly(move |head, stream| {
        assert!(head.contains(&format!("content-length: {}\r\n", LENGTH * MIB)));
        let mut chunk = vec![0; MIB];
        for _ in 0..LENGTH {
            acknowledge.send(()).unwrap();
            stream.read_exact(&mut chunk).unwrap();
        }
        stream.write_all(b"HTTP/1.1 204 X\r\n\r\n").unwrap();
    });
    let chunks = Acknowledged {
        left: LENGTH,
        received,
    };
    let body = Body::stream(chunks).length((LENGTH * MIB) as u64);
    assert_eq!(send(origin, body).await.unwrap().status(), 204);
}

#[tokio::test]
async fn a_limit_of_time_that_no_clock_reaches_is_none() {
    let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
    let builder = builder(server.origin()).request_timeout(Duration::MAX);
    let client: Client = builder.build().unwrap();
    for body in [Body::from("a"), stream(&[Ok("a")])] {
        let request = client.request("PATCH", "/items/1").body(body);
        let response = request.timeout(Duration::MAX).send().await.unwrap();
        assert_eq!(response.status(), 204);
    }
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_sent_in_chunked_encoding() {
    let origin = serve_slowly(|head, stream| {
        assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
        let mut body = [0; 17];
        stream.read_exact(&mut body).unwrap();
        let body = String::from_utf8_lossy(&body).replace("\r\n", " ");
        write!(
            stream,
            "HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
    });
    let response = send(origin, Body::reader(&b"id,name"[..])).await.unwrap();
    assert_eq!(response.body(), b"7 id,name 0  ");
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::start(|_| Answer::new("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"));
    let body = stream(&[Ok("a")]).length(1);
    let response = send(server.origin(), body.clone()).await.unwrap();
    assert_eq!((response.status(), server.requests().len()), (503, 1));
    let error = send(server.origin(), body).await.unwrap_err();
    assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_part_of_a_form_can_be_a_stream() {
    let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
    let client: Client = builder(server.origin()).build().unwrap();
    let file = stream(&[Ok("a"), Ok("b")]).length(2);
    let value = Part::value(&1).unwrap().unwrap();
    let parts = [("file", file.into()), ("size", value)];
    let send = async || {
        let mut call = Call::new::<Update>(&client);
        call.text(const { &Parameter::path("itemId") }, "1");
        call.multipart("multipart/form-data", &parts, &[]);
        call.exchange().await
    };
    send().await.unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("\r\n\r\nab\r\n--"), "{requests:?}");
    assert!(requests[0].ends_with("--\r\n"), "{requests:?}");
    let error = send().await.err().unwrap();
    assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_stream_that_was_not_begun_can_still_be_sent() {
    let body = stream(&[Ok("a"), Ok("b")]).length(2);
    let error = send(closed_port(), body.clone()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
    let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
    send(server.origin(), body).await.unwrap();
    assert!(server.requests()[0].ends_with("\r\n\r\nab"));
}

#[tokio::test]
async fn the_error_of_a_stream_ends_the_request() {
    let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
    let body = stream(&[Ok("a"), Err("the disk is gone")]).length(2);
    let error = send(server.origin(), body).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    let first: &(dyn std::error::Error + 'static) = &error;
    let causes = std::iter::successors(Some(first), |cause| cause.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    assert!(
        causes.iter().any(|cause| cause == "the disk is gone"),
        "{causes:?}"
    );
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn a_test_in_place_of_the_server_sees_the_whole_stream() {
    let client: Client = builder("http://127.0.0.1:1".to_owned())
        .answer_with(|request| HttpResponse::new(200, request.body()))
        .build()
        .unwrap();
    let send = async |body| client.request("PATCH", "/items/1").body(body).send().await;
    let read = send(Body::reader(&b"id,name"[..])).await.unwrap();
    assert_eq!(read.body(), b"id,name");
    let error = send(stream(&[Ok("a"), Err("no")])).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn an_upload_may_take_as_long_as_it_makes_progress() {
    let upload = async |silence: u64, total: Option<Duration>| {
        let body = stream(&[Ok("a"), Ok("b"), Ok("c"), Ok("d")]);
        let mut outgoing = body.outgoing().unwrap();
        let attempt = async {
            while let Some(chunk) = poll_fn(|cx| Pin::new(&mut outgoing).poll_frame(cx)).await {
                chunk.unwrap();
                tokio::time::sleep(Duration::from_secs(silence)).await;
            }
        };
        let limit = Duration::from_secs(30);
        let waited = crate::attempt::wait(&body, limit, total, attempt).await;
        waited.is_some()
    };
    assert!(upload(29, None).await);
    assert!(!upload(31, None).await);
    assert!(!upload(29, Some(Duration::from_secs(60))).await);
}

#[test]
fn debug_shows_no_content() {
    assert_eq!(format!("{:?}", Body::from("canary")), "6 bytes");
    assert_eq!(
        format!("{:?}", stream(&[]).length(7)),
        "a stream of 7 bytes"
    );
}
