//! Applies a fault to the HTTP response.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use serde_json::Value;

use super::{
    Effect, Injection, Plan,
    kind::{Framing, Kind, Point},
    nonconforming,
};
use crate::{
    ErrorFormat, Rejection,
    connection::Connection,
    contract::{
        Contract, Operation,
        answer::{Answer, Payload},
        responses::{Responses, Wanted},
    },
};

/// An error page of a proxy.
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Error</title></head>\n<body><h1>The service is not available</h1>\n<hr><p>proxy</p></body></html>\n";

/// How much white space is sent at a time.
const CHUNK: usize = 64 * 1024;

impl Plan {
    /// The response to a request that is not performed.
    pub(crate) fn instead(&self, errors: ErrorFormat) -> Answer {
        let message = "a fault prevented the request from being performed";
        let rejection = Rejection::new(StatusCode::SERVICE_UNAVAILABLE, message);
        let mut answer = Answer::rejected(rejection, errors);
        // The request itself is valid.
        answer.problems.clear();
        answer
    }

    /// Alters the content of a response to an operation. It no longer needs to conform to the document.
    pub(crate) fn alter(
        &mut self,
        answer: Answer,
        contract: &Contract,
        operation: &Operation,
        errors: ErrorFormat,
    ) -> Answer {
        let Some(injection) = &mut self.0 else {
            return answer;
        };
        if injection.fault.performs() {
            let is_success = answer.status.is_success();
            injection.effect = if is_success {
                Effect::Performed
            } else {
                Effect::Refused
            };
        }
        injection.alter(answer, contract, &operation.responses, errors)
    }

    /// Sends the response, delayed and damaged as planned.
    pub(crate) async fn inject(self, answer: Answer, connection: &Connection) -> Response {
        let Some(injection) = self.0 else {
            return answer.into_response();
        };
        if injection.delay > Duration::ZERO {
            tokio::time::sleep(injection.delay).await;
        }
        injection
            .break_off(answer.into_response(), connection)
            .await
    }
}

impl Injection {
    fn alter(
        &self,
        mut answer: Answer,
        contract: &Contract,
        responses: &Responses,
        errors: ErrorFormat,
    ) -> Answer {
        let Some(kind) = &self.fault.kind else {
            return answer;
        };
        if let Some(other) = self.replace(kind, responses, errors) {
            // The record still says what was wrong with the request.
            let problems = answer.problems;
            return Answer { problems, ..other };
        }
        if let Kind::Mixed | Kind::UnknownEnum | Kind::Null(_) = kind {
            match make_nonconforming(kind, &answer, contract, responses) {
                Some(value) => answer.payload = Payload::of(value),
                None => {
                    let remark = format!("the fault `{kind}` has no effect on this response");
                    answer.remark = Some(remark);
                }
            }
        }
        answer
    }

    /// The response to send instead; `None` if the fault does not replace it.
    fn replace(&self, kind: &Kind, responses: &Responses, errors: ErrorFormat) -> Option<Answer> {
        let answer = match kind {
            Kind::Status(status) => {
                let example = responses.example(*status, Wanted::any());
                example.unwrap_or_else(|_| {
                    let message = format!("the sandbox is configured to return {status}");
                    Answer::rejected(Rejection::new(*status, message), errors)
                })
            }
            Kind::Html(status) => Answer::new(*status, Payload::Text(PAGE.to_owned()))
                .header(header::CONTENT_TYPE, "text/html; charset=utf-8"),
            Kind::Redirect(url) => {
                let mut answer = Answer::new(StatusCode::TEMPORARY_REDIRECT, Payload::Empty);
                answer.headers.push((header::LOCATION, url.clone()));
                answer
            }
            Kind::Empty => Answer::new(StatusCode::NO_CONTENT, Payload::Empty),
            _ => return None,
        };
        Some(match self.fault.retry_after {
            Some(retry_after) => answer.header(header::RETRY_AFTER, &retry_after.value()),
            None => answer,
        })
    }

    async fn break_off(self, response: Response, connection: &Connection) -> Response {
        let connection = connection.clone();
        match self.fault.kind {
            Some(Kind::Reset(point)) => disrupt(response, point, move || connection.reset()).await,
            Some(Kind::Close(point)) => disrupt(response, point, move || connection.close()).await,
            Some(Kind::Stall(point)) => stall(response, point).await,
            Some(Kind::Truncated(framing)) => {
                let (response, half) = halve(response, framing).await;
                response.map(|()| Body::from_stream(half.chain(break_at_end(|| {}))))
            }
            Some(Kind::Oversize(size)) => oversize(response, size),
            Some(Kind::ContentType(media_type)) => {
                with_header(response, header::CONTENT_TYPE, media_type)
            }
            Some(Kind::Compressed) => {
                let coding = HeaderValue::from_static("gzip");
                with_header(response, header::CONTENT_ENCODING, coding)
            }
            Some(Kind::NotJson) => {
                let (parts, body) = response.into_parts();
                let body = read(body).await;
                Response::from_parts(parts, Body::from(body.slice(..body.len() / 2)))
            }
            Some(Kind::InvalidUtf8) => {
                response.map(|_| Body::from(&b"{\"message\":\"\xff\xfe\"}"[..]))
            }
            _ => response,
        }
    }
}

/// A body that does not conform to the document; `None` if there is nothing to change.
fn make_nonconforming(
    kind: &Kind,
    answer: &Answer,
    contract: &Contract,
    responses: &Responses,
) -> Option<Value> {
    let mut value = answer.payload.json()?.clone();
    let is_changed = match kind {
        Kind::Mixed => nonconforming::mix(
            &mut value,
            &nonconforming::objects(responses, answer.status),
        ),
        Kind::Null(field) => nonconforming::make_null(&mut value, field),
        _ => nonconforming::make_unknown(&mut value, contract.enumerated_fields()),
    };
    is_changed.then_some(value)
}

/// Applies `act` to the connection, before the response or in the middle of its body. An empty body has no middle.
async fn disrupt(
    response: Response,
    point: Point,
    act: impl FnOnce() + Send + 'static,
) -> Response {
    if point == Point::Before || response.body().is_end_stream() {
        act();
        return response;
    }
    let (response, half) = halve(response, Framing::ContentLength).await;
    response.map(|()| Body::from_stream(half.chain(break_at_end(act))))
}

/// Sends nothing more until the client disconnects or the sandbox stops.
async fn stall(response: Response, point: Point) -> Response {
    if point == Point::Before || response.body().is_end_stream() {
        match std::future::pending::<Infallible>().await {}
    }
    let (response, half) = halve(response, Framing::ContentLength).await;
    response.map(|()| Body::from_stream(half.chain(stream::pending())))
}

/// The head of a response that announces the whole body, and a stream of the first half of the body.
async fn halve(
    response: Response,
    framing: Framing,
) -> (
    axum::http::Response<()>,
    impl Stream<Item = io::Result<Bytes>> + use<>,
) {
    let (mut parts, body) = response.into_parts();
    let body = read(body).await;
    if framing == Framing::ContentLength {
        parts
            .headers
            .insert(header::CONTENT_LENGTH, body.len().into());
    }
    let half = body.slice(..body.len() / 2);
    (
        axum::http::Response::from_parts(parts, ()),
        stream::iter([Ok(half)]),
    )
}

/// The end of an incomplete body: what came before is sent, then `act` happens, and the connection is aborted.
fn break_at_end(act: impl FnOnce() + Send + 'static) -> impl Stream<Item = io::Result<Bytes>> {
    let end = async move {
        // The server flushes its buffer when nothing more is ready.
        tokio::task::yield_now().await;
        act();
        Err(io::Error::other("a fault injected by the sandbox"))
    };
    end.into_stream()
}

fn oversize(response: Response, mebibytes: u64) -> Response {
    let chunk = Bytes::from_static(&[b' '; CHUNK]);
    let count = usize::try_from(mebibytes).unwrap_or(usize::MAX) * (1024 * 1024 / CHUNK);
    let space = stream::repeat(chunk).take(count).map(Ok::<_, axum::Error>);
    response.map(|body| Body::from_stream(space.chain(body.into_data_stream())))
}

fn with_header(mut response: Response, name: header::HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().insert(name, value);
    response
}

/// The bytes of a body that the sandbox made itself, and that therefore cannot fail.
async fn read(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}
