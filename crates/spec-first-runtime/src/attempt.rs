//! One attempt to send a request: by HTTP, or by asking a test.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use tokio::time::{self, Instant};

use crate::api::Operation;
use crate::client::{Client, Exchange, Streamed};
use crate::transport::{Ending, Failure};
use crate::{Body, Error, HttpRequest, HttpResponse, content_encoding};

/// The most bytes of a response body that the client reads, unless
/// [`ClientBuilder::response_limit`](crate::ClientBuilder::response_limit) sets another: 1 MiB.
pub(crate) const RESPONSE_LIMIT: usize = 1024 * 1024;

/// An attempt that ended, for metrics; see [`ClientBuilder::after_attempt`](crate::ClientBuilder::after_attempt).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The `operationId`; `None` for a request that the document does not describe.
    pub operation_id: Option<&'static str>,
    /// 1 for the first attempt of a request.
    pub number: u32,
    /// The status of the response; `None` if none arrived.
    pub status: Option<u16>,
    /// The time from sending the request to the last byte of the response; of one that is streamed, to the end of its head.
    pub duration: Duration,
}

/// An attempt that is about to begin; see [`ClientBuilder::before_attempt`](crate::ClientBuilder::before_attempt).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextAttempt {
    /// The `operationId`; `None` for a request that the document does not describe.
    pub operation_id: Option<&'static str>,
    /// 1 for the first attempt of a request.
    pub number: u32,
}

/// The answer of a test.
pub(crate) type Answered = Result<HttpResponse, Error>;

/// A function that answers requests in place of a server.
#[derive(Clone)]
pub(crate) struct Answerer(pub(crate) Arc<dyn Fn(&HttpRequest) -> Answered + Send + Sync>);

/// What hooks and other parts of the client wait for.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function that is awaited before every attempt.
#[derive(Clone)]
pub(crate) struct Beginning(
    pub(crate) Arc<dyn Fn(NextAttempt) -> BoxFuture<'static, ()> + Send + Sync>,
);

/// A function that sees every attempt.
#[derive(Clone)]
pub(crate) struct Observer(pub(crate) Arc<dyn Fn(&Attempt) + Send + Sync>);

/// The functions that a caller gives to a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hooks {
    /// Answers instead of the server.
    pub(crate) answerer: Option<Answerer>,
    /// Sees every attempt.
    pub(crate) observers: Vec<Observer>,
    /// Awaited before every attempt.
    pub(crate) beginnings: Vec<Beginning>,
}

/// Sends a request, which `build` creates for each attempt.
pub(crate) struct Sender<'a, B> {
    pub(crate) client: &'a Client,
    pub(crate) hooks: &'a Hooks,
    pub(crate) response_limit: usize,
    pub(crate) exchange: &'a Exchange<'a>,
    pub(crate) build: &'a B,
}

impl<B: Fn() -> Result<reqwest::Request, Error>> Sender<'_, B> {
    /// Sends the request and reads the response, up to the limit of bytes and of time.
    ///
    /// # Errors
    /// The request cannot be built, so that nothing was sent.
    #[expect(
        clippy::manual_async_fn,
        reason = "it would have room for each argument twice"
    )]
    pub(crate) fn attempt(
        &self,
        number: u32,
        mut began: Instant,
        remaining: Duration,
        timeout: Duration,
    ) -> impl Future<Output = Result<Ending, Error>> {
        async move {
            if !self.hooks.beginnings.is_empty() {
                self.begin(number).await;
                began = Instant::now();
            }
            let sent = self.start()?;
            let ending = match sent {
                Err(answered) => match answered.await {
                    Ok(response) => Ending::Answered(response),
                    Err(error) => Ending::failed(None, Failure::Given(Box::new(error))),
                },
                Ok(sent) => {
                    let limit = timeout.min(remaining);
                    let mut status = None;
                    let read = match self.exchange.stream() {
                        // reqwest's own limit costs three allocations for each request.
                        None => {
                            let read = self.read(sent, &mut status);
                            match began.checked_add(limit) {
                                Some(end) => time::timeout_at(end, read).await.ok(),
                                // A limit that is too long for the clock is none.
                                None => Some(read.await),
                            }
                        }
                        Some(body) => {
                            // The deadline of the policy is not meant for a large body, but that of the call is.
                            let total = self.exchange.timeout.map(|_| remaining);
                            let read = self.read(sent, &mut status);
                            Box::pin(wait(body, limit, total, read)).await
                        }
                    };
                    read.unwrap_or_else(|| Ending::failed(status, Failure::TimedOut))
                }
            };
            if !self.hooks.observers.is_empty() {
                self.observe(number, &ending, began.elapsed());
            }
            Ok(ending)
        }
    }

    /// Waits for the hooks that an attempt begins with.
    fn begin(&self, number: u32) -> BoxFuture<'_, ()> {
        let next = NextAttempt {
            operation_id: self.exchange.operation_id(),
            number,
        };
        let beginnings = &self.hooks.beginnings;
        Box::pin(async move {
            for Beginning(begin) in beginnings {
                begin(next).await;
            }
        })
    }

    fn observe(&self, number: u32, ending: &Ending, duration: Duration) {
        let attempt = Attempt {
            operation_id: self.exchange.operation_id(),
            number,
            status: ending.status(),
            duration,
        };
        for Observer(observe) in &self.hooks.observers {
            observe(&attempt);
        }
    }

    /// Begins to send the request. What is large about it stays in this function, and is not on the stack while something is awaited.
    #[inline(never)]
    fn start(
        &self,
    ) -> Result<
        Result<impl Future<Output = reqwest::Result<reqwest::Response>>, BoxFuture<'_, Answered>>,
        Error,
    > {
        let request = (self.build)()?;
        Ok(match &self.hooks.answerer {
            Some(answerer) => Err(ask(answerer, request, self.client, self.exchange.operation)),
            None => Ok(self.client.http().execute(request)),
        })
    }

    /// Sets `status` as soon as it is known.
    async fn read(
        &self,
        response: impl Future<Output = reqwest::Result<reqwest::Response>>,
        status: &mut Option<u16>,
    ) -> Ending {
        let mut response = match response.await {
            Ok(response) => response,
            Err(error) => return Ending::failed(None, Failure::Http(error)),
        };
        let known = response.status().as_u16();
        *status = Some(known);
        let is_streamed = match self.exchange.streamed {
            Streamed::None => false,
            Streamed::Successes => response.status().is_success(),
            Streamed::All => true,
        };
        if is_streamed {
            let head = HttpResponse {
                status: known,
                headers: Box::new(std::mem::take(response.headers_mut())),
                body: Bytes::new(),
                is_cut_off: false,
            };
            return Ending::Begun(head, Box::new(response));
        }
        // Most bodies are one chunk, which is not copied.
        let mut first = Bytes::new();
        let mut more = BytesMut::new();
        let mut is_cut_off = false;
        while !is_cut_off {
            let mut chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Ending::failed(*status, Failure::Http(error)),
            };
            let room = self.response_limit - first.len().max(more.len());
            is_cut_off = chunk.len() > room;
            chunk.truncate(room);
            if first.is_empty() {
                first = chunk;
                continue;
            }
            if more.is_empty() {
                more.extend_from_slice(&first);
            }
            more.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse {
            status: known,
            headers: Box::new(std::mem::take(response.headers_mut())),
            body: match more.is_empty() {
                true => first,
                false => more.freeze(),
            },
            is_cut_off,
        };
        content_encoding::decode(&mut response, self.response_limit);
        Ending::Answered(response)
    }
}

/// Asks a test, which sees a streamed body as a whole.
fn ask<'a>(
    Answerer(answer): &'a Answerer,
    mut request: reqwest::Request,
    client: &'a Client,
    operation: Option<&'static Operation>,
) -> BoxFuture<'a, Answered> {
    Box::pin(async move {
        let mut read = BytesMut::new();
        if let Some(mut body) = request.body_mut().take() {
            while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                let frame = frame.map_err(|error| Error::no_answer(error.without_url()))?;
                read.extend(frame.into_data().ok());
            }
        }
        answer(&HttpRequest::of(&request, read.freeze(), client, operation))
    })
}

/// Waits for `attempt`, which sends the stream `body`; `None` if it takes longer than `limit`, counted from its beginning and again from
/// each chunk that is sent, or longer than `total`, whatever is sent.
pub(crate) async fn wait<T>(
    body: &Body,
    limit: Duration,
    total: Option<Duration>,
    attempt: impl Future<Output = T>,
) -> Option<T> {
    let started = Instant::now();
    // A limit that is too long for the clock is none.
    let end = || {
        let end = body.last_sent().unwrap_or(started).checked_add(limit);
        let total = total.and_then(|total| started.checked_add(total));
        end.into_iter().chain(total).min()
    };
    let mut attempt = pin!(attempt);
    loop {
        let Some(current) = end() else {
            return Some(attempt.await);
        };
        if let Ok(ended) = time::timeout_at(current, attempt.as_mut()).await {
            return Some(ended);
        }
        if end().is_some_and(|end| end <= current) {
            return None;
        }
    }
}

impl fmt::Debug for Answerer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Answerer")
    }
}

impl fmt::Debug for Beginning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Beginning")
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}

#[cfg(test)]
mod tests;
