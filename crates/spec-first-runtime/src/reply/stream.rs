//! A successful reply that is read in chunks, as they arrive.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use http_body::Body;
use tokio::time::{Sleep, sleep};

use crate::transport::Failure;
use crate::{Error, HttpResponse};

/// A reply of which the head has arrived, and whose body is read in chunks: a large download, an event stream, or JSON lines. It is a
/// [`Stream`] of chunks, too.
///
/// However long the body is, no more of it is kept in memory than what was received since the last chunk was read; the limit of
/// [`ClientBuilder::response_limit`](crate::ClientBuilder::response_limit) does not apply. There is no limit for the whole body
/// either, only [one for each chunk](Self::chunk_timeout). `Content-Encoding`, which the client does not ask for, is not decoded.
///
/// ```
/// # use spec_first_runtime::{Error, ReplyStream};
/// # async fn save(mut reply: ReplyStream, file: &mut impl std::io::Write) -> Result<(), Box<dyn std::error::Error>> {
/// while let Some(chunk) = reply.chunk().await? {
///     file.write_all(&chunk)?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct ReplyStream {
    /// Without the body.
    head: HttpResponse,
    /// What was received and not read yet.
    buffer: BytesMut,
    /// `None` after the end, or an error.
    rest: Option<reqwest::Body>,
    chunk_timeout: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    line_limit: usize,
}

impl ReplyStream {
    /// `rest` is what follows the body of `response`, if anything does.
    pub(crate) fn new(
        mut response: HttpResponse,
        rest: Option<Box<reqwest::Response>>,
        chunk_timeout: Duration,
        line_limit: usize,
    ) -> Self {
        Self {
            buffer: std::mem::take(&mut response.body).into(),
            head: response,
            rest: rest.map(|rest| reqwest::Body::from(*rest)),
            chunk_timeout,
            waiting: None,
            line_limit,
        }
    }

    /// Status and headers; its body is empty.
    pub fn head(&self) -> &HttpResponse {
        &self.head
    }

    /// Limits the wait for each chunk; by default that of [`ClientBuilder::request_timeout`](crate::ClientBuilder::request_timeout).
    /// An event stream may be silent for longer.
    #[must_use]
    pub fn chunk_timeout(mut self, timeout: Duration) -> Self {
        self.chunk_timeout = timeout;
        self
    }

    /// The next bytes, as they were received; `None` at the end.
    ///
    /// # Errors
    /// [`Error::NoAnswer`] if the connection breaks off, or no chunk arrives in time.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    /// The next line, without the line feed at its end; `None` after the last. For JSON lines and event streams.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and [`Error::TooLong`] if a line is longer than
    /// [`ClientBuilder::response_limit`](crate::ClientBuilder::response_limit).
    pub async fn line(&mut self) -> Result<Option<Bytes>, Error> {
        let mut searched = 0;
        loop {
            let end = self.buffer[searched..]
                .iter()
                .position(|byte| *byte == b'\n');
            if let Some(end) = end {
                let mut line = self.buffer.split_to(searched + end);
                self.buffer.advance(1);
                if line.ends_with(b"\r") {
                    line.truncate(line.len() - 1);
                }
                return Ok(Some(line.freeze()));
            }
            searched = self.buffer.len();
            if searched > self.line_limit {
                let mut response = self.head.clone();
                response.body = self.buffer.split_to(self.line_limit).freeze();
                self.rest = None;
                return Err(Error::too_long(response));
            }
            match poll_fn(|context| self.poll_rest(context)).await {
                Some(chunk) => self.buffer.extend_from_slice(&chunk?),
                None if searched == 0 => return Ok(None),
                None => return Ok(Some(self.buffer.split().freeze())),
            }
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        match self.buffer.is_empty() {
            true => self.poll_rest(context),
            false => Poll::Ready(Some(Ok(self.buffer.split().freeze()))),
        }
    }

    /// Polls for a chunk that is not empty.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        while let Some(rest) = &mut self.rest {
            let failure = match Pin::new(rest).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.waiting = None;
                    match frame.into_data() {
                        Ok(chunk) if !chunk.is_empty() => return Poll::Ready(Some(Ok(chunk))),
                        _ => continue,
                    }
                }
                Poll::Ready(None) => {
                    self.rest = None;
                    continue;
                }
                Poll::Ready(Some(Err(error))) => Failure::Http(error),
                Poll::Pending => {
                    let timeout = self.chunk_timeout;
                    let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(timeout)));
                    ready!(waiting.as_mut().poll(context));
                    Failure::TimedOut
                }
            };
            self.rest = None;
            let error = Error::transport(Some(self.head.status), failure, true);
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(None)
    }
}

impl Stream for ReplyStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(context)
    }
}

impl fmt::Debug for ReplyStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReplyStream")
            .field("status", &self.head.status)
            .field("headers", &self.head.headers.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
