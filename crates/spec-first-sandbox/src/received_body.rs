//! The body of a request: reads it, with limits on its size and on how long it may take.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::timeout;

/// The largest body that is accepted, in bytes.
pub(crate) const LIMIT: usize = 1024 * 1024;

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
    /// The connection failed, or the transfer coding is invalid.
    Broken,
    /// It did not arrive in time.
    TooSlow,
}

impl ReceivedBody {
    /// Reads a body, which must arrive within `patience`. A body with a `content-length` that is too large is not read.
    pub(crate) async fn receive(headers: &HeaderMap, mut body: Body, patience: Duration) -> Self {
        let refused = if body.size_hint().lower() <= LIMIT as u64 {
            match timeout(patience, read(&mut body)).await {
                Ok(Self::TooLarge) => Self::TooLarge,
                Ok(received) => return received,
                Err(_) => Self::TooSlow,
            }
        } else if headers.contains_key(header::EXPECT) {
            // The client waits for a `100 Continue`, and does not get it.
            return Self::TooLarge;
        } else {
            Self::TooLarge
        };
        tokio::spawn(timeout(patience, discard(body)));
        refused
    }
}

async fn read(body: &mut Body) -> ReceivedBody {
    let mut first = Bytes::new();
    let mut more = Vec::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return ReceivedBody::Broken;
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
        if length > LIMIT {
            return ReceivedBody::TooLarge;
        }
    }
    if length == 0 {
        return ReceivedBody::Empty;
    }
    // Avoid copying a body of a single frame, which is the usual case.
    let bytes = if more.is_empty() {
        first
    } else {
        [first.as_ref(), &more].concat().into()
    };
    ReceivedBody::Complete {
        json: serde_json::from_slice(&bytes).map_err(|error| error.to_string()),
        bytes,
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
