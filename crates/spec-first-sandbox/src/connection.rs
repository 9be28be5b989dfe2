//! A connection that a fault can reset or close, that can be dropped while it is idle, and that knows when an answer has left.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{body::Body, response::Response};
use http_body_util::BodyExt;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{Notify, watch},
};

const INTACT: u8 = 0;
const CLOSED: u8 = 1;
const RESET: u8 = 2;

const ANSWERING: u64 = u64::MAX;

/// The connection that a request arrived on.
#[derive(Clone)]
pub(crate) struct Connection(Arc<Shared>);

struct Shared {
    broken: AtomicU8,
    cut: Notify,
    accepted: Instant,
    /// Since when it has been waiting for a request or the rest of one, in nanoseconds after it was accepted, or [`ANSWERING`].
    idle_since: AtomicU64,
    /// The answers whose last byte is in the buffer of the server. Dropping one says that it was written.
    buffered: Mutex<Vec<watch::Sender<()>>>,
}

/// The connections that are served, to choose one that can be cut. Does not keep them.
#[derive(Default)]
pub(crate) struct Served(Vec<Weak<Shared>>);

/// An answer that has not left yet. Dropping it says that the server has all of it in its buffer, or that it will never be sent.
pub(crate) struct Departure {
    connection: Connection,
    has_left: Option<watch::Sender<()>>,
}

/// A request in progress: its connection is not idle until this is dropped.
pub(crate) struct Answering<'a>(&'a Connection);

/// The byte stream of a connection, until a fault breaks it.
pub(crate) struct Stream {
    tcp: TcpStream,
    connection: Connection,
}

impl Served {
    pub(crate) fn add(&mut self, connection: &Connection) {
        self.0.retain(|it| it.strong_count() > 0);
        self.0.push(Arc::downgrade(&connection.0));
    }

    /// Cuts the connection that has been idle longest, if it has been idle for `grace`.
    pub(crate) fn cut_longest(&self, grace: Duration) {
        let served = self.0.iter().filter_map(Weak::upgrade).map(Connection);
        let idle = served.filter_map(|it| Some((it.idle_since()?, it)));
        if let Some((since, connection)) = idle.min_by_key(|(since, _)| *since)
            && since.elapsed() >= grace
        {
            connection.0.cut.notify_one();
        }
    }
}

impl Connection {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            broken: AtomicU8::new(INTACT),
            cut: Notify::new(),
            accepted: Instant::now(),
            idle_since: AtomicU64::new(0),
            buffered: Mutex::default(),
        }))
    }

    /// Writes nothing more and closes the connection.
    pub(crate) fn close(&self) {
        self.0.broken.store(CLOSED, Ordering::Release);
    }

    /// Writes nothing more and resets the connection.
    pub(crate) fn reset(&self) {
        self.0.broken.store(RESET, Ordering::Release);
    }

    /// Keeps the connection from being cut while a request is in progress.
    pub(crate) fn answering(&self) -> Answering<'_> {
        self.0.idle_since.store(ANSWERING, Ordering::Release);
        Answering(self)
    }

    /// An answer that is going to be sent, and a channel that closes once it was written, or once the connection has ended.
    pub(crate) fn departure(&self) -> (Departure, watch::Receiver<()>) {
        let (has_left, left) = watch::channel(());
        let departure = Departure {
            connection: self.clone(),
            has_left: Some(has_left),
        };
        (departure, left)
    }

    fn buffered(&self) -> MutexGuard<'_, Vec<watch::Sender<()>>> {
        let buffered = self.0.buffered.lock();
        buffered.unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when it has been waiting for a request or the rest of one; `None` while one is answered.
    fn idle_since(&self) -> Option<Instant> {
        let nanoseconds = self.0.idle_since.load(Ordering::Acquire);
        let since = || self.0.accepted + Duration::from_nanos(nanoseconds);
        (nanoseconds != ANSWERING).then(since)
    }

    /// Resolves when the connection is cut. A cut that comes after a request has arrived does not count.
    pub(crate) async fn is_cut(&self) {
        loop {
            self.0.cut.notified().await;
            if self.idle_since().is_some() {
                return;
            }
        }
    }

    fn check(&self) -> io::Result<()> {
        match self.0.broken.load(Ordering::Acquire) {
            INTACT => Ok(()),
            _ => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

impl Departure {
    /// The response, which keeps this until the server has taken its last byte.
    pub(crate) fn of(self, response: Response) -> Response {
        // Unlike a stream, this keeps the length of the body.
        response.map(|body| {
            Body::new(body.map_err(move |error| {
                _ = &self;
                error
            }))
        })
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        let has_left = self.has_left.take();
        self.connection.buffered().extend(has_left);
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        let Shared {
            accepted,
            idle_since,
            ..
        } = &*self.0.0;
        // More than 500 years fit.
        let now = u64::try_from(accepted.elapsed().as_nanos()).unwrap_or_default();
        idle_since.store(now, Ordering::Release);
    }
}

impl Stream {
    pub(crate) fn of(tcp: TcpStream, connection: Connection) -> Self {
        Self { tcp, connection }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.connection.0.broken.load(Ordering::Acquire) == RESET {
            // If the system does not support it, the client sees a closed connection.
            _ = self.tcp.set_zero_linger();
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.connection.check()?;
        Pin::new(&mut self.tcp).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.connection.check()?;
        Pin::new(&mut self.tcp).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.tcp).poll_flush(context);
        if flushed.is_ready() {
            // The server flushes only after it has written everything.
            self.connection.buffered().clear();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn an_answer_has_left_once_its_body_was_taken_and_written() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tcp = TcpStream::connect(address).await.unwrap();
        let connection = Connection::new();
        let mut stream = Stream::of(tcp, connection.clone());
        let mut flush = async || poll_fn(|context| Pin::new(&mut stream).poll_flush(context)).await;

        let (departure, left) = connection.departure();
        let response = departure.of(Response::new(Body::from("answer")));
        flush().await.unwrap();
        assert!(left.has_changed().is_ok(), "its body is still here");
        drop(response);
        assert!(left.has_changed().is_ok(), "nothing was written");
        flush().await.unwrap();
        assert!(left.has_changed().is_err());
    }

    #[tokio::test]
    async fn an_answer_has_left_if_its_connection_has_ended() {
        let connection = Connection::new();
        let (departure, left) = connection.departure();
        drop(connection);
        assert!(left.has_changed().is_ok());
        drop(departure);
        assert!(left.has_changed().is_err());
    }
}
