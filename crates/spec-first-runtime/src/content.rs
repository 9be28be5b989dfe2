//! What a body consists of: bytes, or a stream that is sent once.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use crate::Secret;

/// The content of a request body: bytes, or a stream of chunks that are sent as they are produced.
///
/// A stream is sent once: after something was taken from it, the request is not sent again, however it ended. Clones of a call share
/// the stream, and only the first that is sent has it; the others fail with [`Error::InvalidInput`](crate::Error::InvalidInput).
/// A body that is signed must be bytes.
///
/// ```
/// use spec_first_runtime::Body;
///
/// let bytes = Body::from("id,name\n");
/// // Of a file, it would be `tokio::fs::File`.
/// let file = Body::reader(&b"id,name\n"[..]).length(8);
/// # _ = (bytes, file);
/// ```
#[derive(Clone)]
pub struct Body(Content);

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Stream {
        source: Arc<Source>,
        length: Option<u64>,
    },
}

/// The error of a stream.
type BoxedCause = Box<dyn std::error::Error + Send + Sync>;

/// A function that polls for the next chunk.
type Next = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, BoxedCause>>> + Send>;

/// A stream, and how far it has been sent.
struct Source(Mutex<Progress>);

struct Progress {
    /// `None` once a request has taken it.
    next: Option<Next>,
    /// When the last chunk was taken.
    last: Option<Instant>,
}

/// The bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// Why a stream cannot be sent.
pub(crate) const SPENT: &str = "it is a stream that was sent already";

impl Body {
    /// Sends the chunks of `stream` as they come. An error of the stream ends the request with
    /// [`Error::NoAnswer`](crate::Error::NoAnswer).
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut stream = Box::pin(stream);
        Self::of(Box::new(move |context| {
            let next = ready!(stream.as_mut().poll_next(context));
            Poll::Ready(next.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
        }))
    }

    /// Sends what `reader` reads, such as a file.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        let mut reader = Box::pin(reader);
        let mut buffer = BytesMut::new();
        Self::of(Box::new(move |context| {
            buffer.resize(CHUNK, 0);
            let mut read = ReadBuf::new(&mut buffer);
            let result = ready!(reader.as_mut().poll_read(context, &mut read));
            let length = read.filled().len();
            Poll::Ready(match result {
                Ok(()) if length == 0 => None,
                Ok(()) => Some(Ok(buffer.split_to(length).freeze())),
                Err(error) => Some(Err(error.into())),
            })
        }))
    }

    /// Announces the number of bytes of a stream as `Content-Length`, which some servers require. Without it, the stream is sent in
    /// chunked encoding. A stream of another length is an error.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Stream { length, .. } = &mut self.0 {
            *length = Some(bytes);
        }
        self
    }

    /// These bodies one after the other, and then `last`.
    pub(crate) fn concatenate(bodies: Vec<Self>, last: Bytes) -> Self {
        if bodies.is_empty() {
            return last.into();
        }
        let lengths = bodies.iter().map(|body| match &body.0 {
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Stream { length, .. } => *length,
        });
        let lengths = lengths.chain([Some(last.len() as u64)]);
        let length = lengths.sum::<Option<u64>>();
        let mut bodies = bodies.into_iter().chain([last.into()]);
        let mut current: Option<Outgoing> = None;
        let mut body = Self::of(Box::new(move |context| {
            loop {
                if let Some(outgoing) = &mut current {
                    match ready!(outgoing.poll_chunk(context)) {
                        Some(chunk) => return Poll::Ready(Some(chunk)),
                        None => current = None,
                    }
                }
                match bodies.next().map(|body| body.0) {
                    None => return Poll::Ready(None),
                    Some(Content::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                    Some(Content::Stream { source, length }) => {
                        current = Some(Outgoing::new(source, length));
                    }
                }
            }
        }));
        if let Some(length) = length {
            body = body.length(length);
        }
        body
    }

    fn of(next: Next) -> Self {
        let progress = Progress {
            next: Some(next),
            last: None,
        };
        Self(Content::Stream {
            source: Arc::new(Source(Mutex::new(progress))),
            length: None,
        })
    }

    /// The bytes; `None` for a stream.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stream { .. } => None,
        }
    }

    /// Whether it is a stream of which something was sent.
    pub(crate) fn is_spent(&self) -> bool {
        match &self.0 {
            Content::Bytes(_) => false,
            Content::Stream { source, .. } => source.lock().next.is_none(),
        }
    }

    /// When the last chunk of a stream was taken, if any was.
    pub(crate) fn last_sent(&self) -> Option<Instant> {
        match &self.0 {
            Content::Bytes(_) => None,
            Content::Stream { source, .. } => source.lock().last,
        }
    }

    /// What reqwest sends; `None` if there is nothing to send.
    pub(crate) fn outgoing(&self) -> Option<reqwest::Body> {
        match &self.0 {
            Content::Bytes(bytes) if bytes.is_empty() => None,
            Content::Bytes(bytes) => Some(bytes.clone().into()),
            Content::Stream { source, length } => Some(reqwest::Body::wrap(Outgoing::new(
                Arc::clone(source),
                *length,
            ))),
        }
    }
}

/// A stream on its way. It is taken when the first chunk is asked for, so that a request that did not get so far can be sent again.
struct Outgoing {
    source: Arc<Source>,
    length: Option<u64>,
    /// Never locked; it makes the stream `Sync`.
    next: Mutex<Option<Next>>,
}

impl Outgoing {
    fn new(source: Arc<Source>, length: Option<u64>) -> Self {
        Self {
            source,
            length,
            next: Mutex::new(None),
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxedCause>>> {
        let taken = self.next.get_mut().unwrap_or_else(PoisonError::into_inner);
        if taken.is_none() {
            *taken = self.source.lock().next.take();
        }
        let Some(next) = taken else {
            return Poll::Ready(Some(Err(SPENT.into())));
        };
        let chunk = ready!(next(context));
        self.source.lock().last = Some(Instant::now());
        Poll::Ready(chunk)
    }
}

impl Source {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = BoxedCause;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxedCause>>> {
        let chunk = ready!(self.get_mut().poll_chunk(context));
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<Secret> for Body {
    fn from(secret: Secret) -> Self {
        secret.expose().into()
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Bytes::copy_from_slice(bytes).into()
    }
}

impl<const LENGTH: usize> From<[u8; LENGTH]> for Body {
    fn from(bytes: [u8; LENGTH]) -> Self {
        bytes.as_slice().into()
    }
}

impl<const LENGTH: usize> From<&[u8; LENGTH]> for Body {
    fn from(bytes: &[u8; LENGTH]) -> Self {
        bytes.as_slice().into()
    }
}

/// Shows how many bytes there are, because they may be secret.
impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Bytes(bytes) => write!(formatter, "{} bytes", bytes.len()),
            Content::Stream { length, .. } => match length {
                Some(length) => write!(formatter, "a stream of {length} bytes"),
                None => formatter.write_str("a stream"),
            },
        }
    }
}

#[cfg(test)]
mod tests;
