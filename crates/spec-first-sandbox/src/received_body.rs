//! The body of a request: reads it, with limits on its size and on how long it may take.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, header},
};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::timeout;

/// The largest body that is accepted, in bytes.
pub(crate) const LIMIT: usize = 1024 * 1024;

/// The largest body that is judged on its way to or from a real server, in bytes.
pub(crate) const JUDGED: usize = 8 * 1024 * 1024;

/// How many bytes of a body that is too large or too slow are read and discarded after the response, so that a client that is
/// still sending sees the response instead of a reset.
const DISCARDED: usize = 15 * LIMIT;

/// How long the client may pause during that before its connection is closed.
const MAX_SILENCE: Duration = Duration::from_millis(500);

/// A body as received.
#[derive(Debug)]
pub(crate) enum ReceivedBody {
    Empty,
    /// The whole body, and the result of parsing it as JSON.
    Complete {
        bytes: Bytes,
        json: Result<Value, String>,
    },
    /// Larger than [`LIMIT`].
    TooLarge,
    /// Larger than [`JUDGED`], and to be passed on.
    Unread(Unread),
    /// The connection failed, or the transfer coding is invalid.
    Broken,
    /// It did not arrive in time.
    TooSlow,
}

/// A body that is still arriving, until it is taken.
#[derive(Debug)]
pub(crate) struct Unread(Mutex<Body>);

impl Unread {
    pub(crate) fn take(&self) -> Body {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ReceivedBody {
    /// Reads a body, which must arrive within `patience`. A body with a `content-length` that is too large is not read. If
    /// `is_passed_on`, a larger one is read, and what is larger still is left to be passed on.
    pub(crate) async fn receive(
        headers: &HeaderMap,
        mut body: Body,
        patience: Duration,
        is_passed_on: bool,
    ) -> Self {
        let limit = if is_passed_on { JUDGED } else { LIMIT };
        let is_readable = body.size_hint().lower() <= limit as u64;
        let received = match is_readable {
            true => timeout(patience, read(&mut body, limit)).await,
            false => Ok(Err(Bytes::new())),
        };
        let refused = match received {
            Ok(Ok(received)) => return received,
            Ok(Err(start)) if is_passed_on => {
                // A body of which nothing was read keeps its length.
                let body = match start.is_empty() {
                    true => body,
                    false => joined(start, body),
                };
                return Self::Unread(Unread(Mutex::new(body)));
            }
            Ok(Err(_)) => Self::TooLarge,
            Err(_) => Self::TooSlow,
        };
        if !is_readable && headers.contains_key(header::EXPECT) {
            // The client waits for a `100 Continue`, and does not get it.
            return refused;
        }
        tokio::spawn(timeout(patience, discard(body)));
        refused
    }
}

/// What was read, and then the rest.
pub(crate) fn joined(start: Bytes, rest: Body) -> Body {
    let start = stream::once(async { Ok(start) });
    Body::from_stream(start.chain(rest.into_data_stream()))
}

/// Reads a body; `Err` is what was read of one that is larger than `limit`.
async fn read(body: &mut Body, limit: usize) -> Result<ReceivedBody, Bytes> {
    let mut first = Bytes::new();
    let mut more = Vec::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Ok(ReceivedBody::Broken);
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if length == 0 {
            length = data.len();
            first = data;
        } else {
            length = length.saturating_add(data.len());
            more.extend_from_slice(&data);
        }
        if length > limit {
            return Err(whole(first, &more));
        }
    }
    if length == 0 {
        return Ok(ReceivedBody::Empty);
    }
    let bytes = whole(first, &more);
    Ok(ReceivedBody::Complete {
        json: serde_json::from_slice(&bytes).map_err(|error| error.to_string()),
        bytes,
    })
}

/// Avoids copying a body of a single frame, which is the usual case.
fn whole(first: Bytes, more: &[u8]) -> Bytes {
    match more {
        [] => first,
        more => [&first, more].concat().into(),
    }
}

async fn discard(mut body: Body) {
    let mut left = DISCARDED;
    while let Ok(Some(Ok(frame))) = timeout(MAX_SILENCE, body.frame()).await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(length) else {
            return;
        };
        left = rest;
    }
}
