//! The live view over the control API: server-sent events `request` (a recorded request), `cleared` (the record was cleared)
//! and `state` (the state changed).
//!
//! Streams do not queue events. Each one knows the number of the last request it sent, and continues from there when it is
//! woken. A slow client misses the requests that the record drops in the meantime, and costs no memory.

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
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::exchange::Exchange;

use super::{
    pagination::PageQuery,
    requests::shown,
    responses::{HEADERS, rejection},
};

/// Interval at which an idle stream sends a comment, to detect clients that are gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A connected client.
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
    let Some(room) = exchange.streams.enter() else {
        return rejection(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many event streams",
            "close another stream, or poll `/_sandbox/requests?after=NUMBER`",
        );
    };
    let watcher = Watcher::of(exchange, after, room);
    let events = Sse::new(stream::unfold(watcher, Watcher::next))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    (HEADERS, events).into_response()
}

/// The request after which the stream begins. The `Last-Event-ID` of a reconnecting browser takes precedence over `after`.
fn after(headers: &HeaderMap, uri: &Uri) -> Result<Option<u64>, Box<Response>> {
    let last = headers.get("last-event-id");
    if let Some(last) = last.and_then(|last| last.to_str().ok()?.parse().ok()) {
        return Ok(Some(last));
    }
    let query = PageQuery::of(uri)?;
    match query.after {
        Some(_) => query.after_number().map(Some),
        None => Ok(None),
    }
}

impl Watcher {
    fn of(exchange: Arc<Exchange>, after: Option<u64>, room: OwnedSemaphorePermit) -> Self {
        let requests = exchange.recorder.subscribe();
        let (mut clears, mut state) = (
            exchange.recorder.clears(),
            exchange.state_version.subscribe(),
        );
        // The first events report the current versions: the client may have seen another sandbox, or missed a change.
        clears.mark_changed();
        state.mark_changed();
        let last = *requests.borrow();
        Self {
            // A number in the future comes from an earlier sandbox on the same port.
            sent: after.map_or(last, |after| if after > last { 0 } else { after }),
            requests,
            clears,
            state,
            open: exchange.streams.open(),
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

    /// Sends one request at a time, so that many slow clients do not fill the memory.
    fn next_request(&mut self) -> Option<Event> {
        let request = self.exchange.recorder.after(self.sent, 1).pop()?;
        self.sent = request.number;
        Some(event("request", &shown(&request)).id(request.number.to_string()))
    }
}

/// Several changes are combined into one event.
fn changed(count: &mut watch::Receiver<u64>, name: &str, field: &str) -> Option<Event> {
    let has_changed = count.has_changed().ok()?;
    let current = *count.borrow_and_update();
    has_changed.then(|| event(name, &json!({ field: current })))
}

fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
