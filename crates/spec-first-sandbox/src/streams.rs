//! Limits the number of event streams, and ends them when the sandbox stops.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Maximum number of concurrent streams.
const STREAMS: usize = 64;

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
    /// Makes room for another stream, until the result is dropped; `None` if there are too many.
    pub(crate) fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.room).try_acquire_owned().ok()
    }

    /// Whether streams may go on.
    pub(crate) fn open(&self) -> watch::Receiver<bool> {
        self.open.subscribe()
    }

    /// Ends all streams, which would otherwise keep the server from stopping.
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
    }
}
