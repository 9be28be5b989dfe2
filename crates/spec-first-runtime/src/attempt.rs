//! One attempt to send a request: by HTTP, or by asking a test.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use tokio::time::{self, Instant};

use crate::client::{Client, Exchange};
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

/// What attempts a request.
pub(crate) struct Sender<'a> {
    pub(crate) client: &'a Client,
    pub(crate) hooks: &'a Hooks,
    pub(crate) response_limit: usize,
    pub(crate) exchange: &'a Exchange<'a>,
}

impl Sender<'_> {
    /// Begins to send `request`. What is large about it stays in this function, and is not on the stack while something is awaited.
    #[inline(never)]
    pub(crate) fn start(
        &self,
        request: reqwest::Request,
    ) -> Result<impl Future<Output = reqwest::Result<reqwest::Response>>, BoxFuture<'_, Answered>>
    {
        match &self.hooks.answerer {
            Some(answerer) => Err(self.ask(answerer, request)),
            None => Ok(self.client.http().execute(request)),
        }
    }

    /// Waits for the hooks that an attempt begins with, if there are any.
    pub(crate) fn begin(&self, number: u32) -> Option<BoxFuture<'_, ()>> {
        let next = NextAttempt {
            operation_id: self.exchange.operation_id(),
            number,
        };
        let beginnings = &self.hooks.beginnings;
        let begin = async move {
            for Beginning(begin) in beginnings {
                begin(next).await;
            }
        };
        (!beginnings.is_empty()).then(|| Box::pin(begin) as _)
    }

    /// Waits for what was started, and reads the response, up to the limit of bytes and of time.
    pub(crate) fn attempt(
        &self,
        sent: Result<
            impl Future<Output = reqwest::Result<reqwest::Response>>,
            BoxFuture<'_, Answered>,
        >,
        number: u32,
        patience: Patience<'_>,
    ) -> impl Future<Output = Ending> {
        let started = (!self.hooks.observers.is_empty()).then(Instant::now);
        async move {
            let ending = match sent {
                Err(answered) => match answered.await {
                    Ok(response) => Ending::Answered(response),
                    Err(error) => Ending::failed(None, Failure::Given(Box::new(error))),
                },
                Ok(sent) => {
                    let mut status = None;
                    let read = match patience.body {
                        // reqwest's own limit costs three allocations for each request.
                        None => time::timeout(patience.limit, self.read(sent, &mut status))
                            .await
                            .ok(),
                        Some(body) => {
                            Box::pin(patience.wait(body, self.read(sent, &mut status))).await
                        }
                    };
                    read.unwrap_or_else(|| Ending::failed(status, Failure::TimedOut))
                }
            };
            if let Some(started) = started {
                let attempt = Attempt {
                    operation_id: self.exchange.operation_id(),
                    number,
                    status: ending.status(),
                    duration: started.elapsed(),
                };
                for Observer(observe) in &self.hooks.observers {
                    observe(&attempt);
                }
            }
            ending
        }
    }

    /// Asks a test, which sees a streamed body as a whole.
    fn ask<'b>(
        &'b self,
        Answerer(answer): &'b Answerer,
        mut request: reqwest::Request,
    ) -> BoxFuture<'b, Answered> {
        Box::pin(async move {
            let mut read = BytesMut::new();
            if let Some(mut body) = request.body_mut().take() {
                while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                    let frame = frame.map_err(|error| Error::no_answer(error.without_url()))?;
                    read.extend(frame.into_data().ok());
                }
            }
            let operation = self.exchange.operation;
            answer(&HttpRequest::of(
                &request,
                read.freeze(),
                self.client,
                operation,
            ))
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
        if (self.exchange.streams)(known) {
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

/// How long an attempt may take.
#[derive(Clone, Copy)]
pub(crate) struct Patience<'a> {
    /// From its beginning, and again from each chunk of the body that is sent.
    pub(crate) limit: Duration,
    /// From its beginning, whatever is sent.
    pub(crate) total: Option<Duration>,
    /// The body, if it is a stream.
    pub(crate) body: Option<&'a Body>,
}

impl Patience<'_> {
    /// Waits for `attempt`, which sends the stream `body`; `None` if it takes too long.
    pub(crate) async fn wait<T>(&self, body: &Body, attempt: impl Future<Output = T>) -> Option<T> {
        let started = Instant::now();
        // A limit that is too long for the clock is none.
        let end = || {
            let end = body.last_sent().unwrap_or(started).checked_add(self.limit);
            let total = self.total.and_then(|total| started.checked_add(total));
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
