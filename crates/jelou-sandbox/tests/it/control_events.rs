//! The event stream, including clients that disconnect.

use std::time::Duration;

use jelou_sandbox::{Options, Sandbox};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::{
    control::control,
    http::{patch, start, start_with},
};

/// Fails a test that waits for something that never arrives.
async fn soon<T>(awaited: impl Future<Output = T>) -> T {
    let awaited = tokio::time::timeout(Duration::from_secs(10), awaited);
    awaited.await.expect("nothing arrived")
}

/// A client of the event stream.
struct Events(BufReader<TcpStream>);

#[derive(Debug)]
struct Event {
    name: String,
    id: Option<String>,
    data: Value,
}

impl Events {
    /// Opens the stream and returns once there is a status.
    async fn open(sandbox: &Sandbox, target: &str, headers: &str) -> (Self, u16) {
        let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
        let request =
            format!("GET /_sandbox/events{target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut events = Self(BufReader::new(stream));
        let status = events.line().await.unwrap();
        let status = status.split(' ').nth(1).unwrap().parse().unwrap();
        while events.line().await.is_some_and(|line| !line.is_empty()) {}
        (events, status)
    }

    async fn of(sandbox: &Sandbox, target: &str) -> Self {
        let (events, status) = Self::open(sandbox, target, "").await;
        assert_eq!(status, 200);
        events
    }

    /// The next line; `None` at the end of the stream.
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = soon(self.0.read_line(&mut line)).await.unwrap();
        (length > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event with this name.
    async fn next(&mut self, name: &str) -> Event {
        loop {
            let event = self.any().await.unwrap();
            if event.name == name {
                return event;
            }
        }
    }

    /// The next event; `None` at the end of the stream.
    async fn any(&mut self) -> Option<Event> {
        let (mut name, mut id, mut data) = (None, None, None);
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("event", value)) => name = Some(value.to_owned()),
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("data", value)) => data = serde_json::from_str::<Value>(value).ok(),
                // Chunk lengths, comments, and the empty line at the end of an event.
                _ => {}
            }
            if let (true, Some(name), Some(data)) = (line.is_empty(), &name, &data) {
                return Some(Event {
                    name: name.clone(),
                    id,
                    data: data.clone(),
                });
            }
        }
    }
}

#[tokio::test]
async fn a_request_and_its_change_of_the_state_are_events() {
    let sandbox = start().await;
    let mut events = Events::of(&sandbox, "").await;
    let first = events.next("state").await.data["version"].as_u64().unwrap();
    patch(
        &sandbox,
        r#"{"authType":"bearer","authorization":"CANARY"}"#,
    )
    .await;
    let request = events.next("request").await;
    assert_eq!(request.data["method"], "PATCH");
    assert_eq!(request.data["number"].to_string(), request.id.unwrap());
    assert!(!request.data.to_string().contains("CANARY"));

    let mut events = Events::of(&sandbox, "").await;
    assert!(events.next("state").await.data["version"].as_u64().unwrap() > first);
    let listed = control(&sandbox, "GET", "/requests", "").await.json();
    assert_eq!(listed["requests"][0], request.data);
}

#[tokio::test]
async fn clearing_the_requests_is_an_event() {
    let sandbox = start().await;
    let mut events = Events::of(&sandbox, "").await;
    assert_eq!(events.next("cleared").await.data["times"], 0);
    for (method, path) in [("DELETE", "/requests"), ("POST", "/reset")] {
        patch(&sandbox, r#"{"authType":"bearer"}"#).await;
        events.next("request").await;
        control(&sandbox, method, path, "").await;
        events.next("cleared").await;
    }
    let mut events = Events::of(&sandbox, "").await;
    assert_eq!(events.next("cleared").await.data["times"], 2);
}

#[tokio::test]
async fn a_stream_starts_at_the_requested_number() {
    let sandbox = start().await;
    for auth_type in ["bearer", "basic", "api_key"] {
        patch(&sandbox, &format!(r#"{{"authType":"{auth_type}"}}"#)).await;
    }
    let mut all = Events::of(&sandbox, "?after=0").await;
    let first = all.next("request").await;
    let second = all.next("request").await;
    let third = all.next("request").await;
    assert!(third.data["body"].as_str().unwrap().contains("api_key"));

    let first_id = first.id.unwrap();
    let mut rest = Events::of(&sandbox, &format!("?after={first_id}")).await;
    assert_eq!(rest.next("request").await.data, second.data);
    // Sent by a browser that reconnects.
    let again = format!("Last-Event-ID: {}\r\n", second.id.unwrap());
    let (mut rest, _) = Events::open(&sandbox, &format!("?after={first_id}"), &again).await;
    assert_eq!(rest.next("request").await.data, third.data);

    let mut new = Events::of(&sandbox, "").await;
    patch(&sandbox, r#"{"authType":"no_auth"}"#).await;
    let fourth = new.next("request").await;
    assert!(fourth.data["body"].as_str().unwrap().contains("no_auth"));
    // A number from an earlier sandbox on the same port.
    let mut unknown = Events::of(&sandbox, "?after=1000000").await;
    assert_eq!(unknown.next("request").await.data, first.data);
    assert_eq!(Events::open(&sandbox, "?after=x", "").await.1, 400);
}

#[tokio::test]
async fn a_stream_sends_every_request_once_and_in_order() {
    let sandbox = start().await;
    for _ in 0..250 {
        patch(&sandbox, r#"{"authType":"bearer"}"#).await;
    }
    let mut events = Events::of(&sandbox, "?after=0").await;
    let mut last = 0;
    for _ in 0..250 {
        let number = events.next("request").await.data["number"]
            .as_u64()
            .unwrap();
        assert!(number > last);
        last = number;
    }
}

#[tokio::test]
async fn the_number_of_streams_is_limited_and_a_disconnected_one_makes_room() {
    let sandbox = start().await;
    let mut open = Vec::new();
    let refused = loop {
        let (events, status) = Events::open(&sandbox, "", "").await;
        if status != 200 {
            break status;
        }
        open.push(events);
    };
    assert_eq!((open.len(), refused), (64, 503));
    drop(open);
    // The server notices once the system reports the disconnect.
    soon(async { while Events::open(&sandbox, "", "").await.1 == 503 {} }).await;
}

#[tokio::test]
async fn streams_end_with_the_sandbox() {
    let sandbox = start().await;
    let mut events = Events::of(&sandbox, "").await;
    events.next("cleared").await;
    sandbox.shutdown().await;
    assert!(events.any().await.is_none());

    let sandbox = start_with(Options::default()).await;
    let mut events = Events::of(&sandbox, "").await;
    drop(sandbox);
    while events.any().await.is_some() {}
}
