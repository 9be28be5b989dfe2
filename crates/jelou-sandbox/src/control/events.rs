//! The live view over the control API: server-sent events `request` (a recorded request), `cleared` (all of them were
//! forgotten) and `state` (it changed).
//!
//! A stream keeps no queue of what happens: it knows the number of the last request that it sent, and reads
//! on from there when it is woken. A client that is slow misses what the record dropped meanwhile, and costs nothing.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::exchange::Exchange;

use super::{
    answers::{HEADERS, refusal},
    asked::Asked,
    requests::shown,
};

/// How many streams there are at once.
const STREAMS: usize = 64;

/// How long nothing is sent before a comment is: a client that vanished without a word is noticed by that.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What the streams of a sandbox share.
#[derive(Debug)]
pub(crate) struct Streams {
    room: Arc<Semaphore>,
    open: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            room: Arc::new(Semaphore::new(STREAMS)),
            open: watch::Sender::new(true),
        }
    }
}

impl Streams {
    /// Ends all streams, which would keep the server from stopping.
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
    }
}

/// One client that watches.
struct Watcher {
    exchange: Arc<Exchange>,
    /// The number of the last request that was sent.
    sent: u64,
    requests: watch::Receiver<u64>,
    clears: watch::Receiver<u64>,
    state: watch::Receiver<u64>,
    open: watch::Receiver<bool>,
    _room: OwnedSemaphorePermit,
}

pub(super) async fn stream(
    State(exchange): State<Arc<Exchange>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let after = match after(&headers, &uri) {
        Ok(after) => after,
        Err(refused) => return *refused,
    };
    let Ok(room) = Arc::clone(&exchange.streams.room).try_acquire_owned() else {
        return refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "there are as many streams of events as the sandbox serves at once",
            "close another one, or ask `/_sandbox/requests?after=NUMBER` from time to time",
        );
    };
    let watcher = Watcher::of(exchange, after, room);
    let events = Sse::new(stream::unfold(watcher, Watcher::next))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    (HEADERS, events).into_response()
}

/// Behind which request the stream begins: what a browser that connects again knows comes before what it asked at first.
fn after(headers: &HeaderMap, uri: &Uri) -> Result<Option<u64>, Box<Response>> {
    let last = headers.get("last-event-id");
    if let Some(last) = last.and_then(|last| last.to_str().ok()?.parse().ok()) {
        return Ok(Some(last));
    }
    let asked = Asked::of(uri)?;
    match asked.after {
        Some(_) => asked.after_number().map(Some),
        None => Ok(None),
    }
}

impl Watcher {
    fn of(exchange: Arc<Exchange>, after: Option<u64>, room: OwnedSemaphorePermit) -> Self {
        let requests = exchange.recorder.subscribe();
        let (mut clears, mut state) = (exchange.recorder.clears(), exchange.state.version());
        // The first events say where both are: a client may have known another sandbox, or missed something.
        clears.mark_changed();
        state.mark_changed();
        let last = *requests.borrow();
        Self {
            // A number that is still to come was given by a sandbox that ran before this one.
            sent: after.map_or(last, |after| if after > last { 0 } else { after }),
            requests,
            clears,
            state,
            open: exchange.streams.open.subscribe(),
            exchange,
            _room: room,
        }
    }

    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let event = loop {
            if !*self.open.borrow_and_update() {
                return None;
            }
            let event = changed(&mut self.state, "state", "version")
                .or_else(|| changed(&mut self.clears, "cleared", "times"))
                .or_else(|| self.next_request());
            if let Some(event) = event {
                break event;
            }
            tokio::select! {
                _ = self.open.changed() => {}
                _ = self.state.changed() => self.state.mark_changed(),
                _ = self.clears.changed() => self.clears.mark_changed(),
                _ = self.requests.changed() => {}
            }
        };
        Some((Ok(event), self))
    }

    /// One at a time, since a client that does not read them would have the memory of many filled.
    fn next_request(&mut self) -> Option<Event> {
        let request = self.exchange.recorder.after(self.sent, 1).pop()?;
        self.sent = request.number;
        Some(event("request", &shown(&request)).id(request.number.to_string()))
    }
}

/// Several changes are one event.
fn changed(count: &mut watch::Receiver<u64>, name: &str, field: &str) -> Option<Event> {
    let has_changed = count.has_changed().ok()?;
    let current = *count.borrow_and_update();
    has_changed.then(|| event(name, &json!({ field: current })))
}

fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
