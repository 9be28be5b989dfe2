//! The recorded requests over the control API, without secrets.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{ReceivedRequest, exchange::Exchange};

use super::{
    pagination::PageQuery,
    responses::{done, json_response},
};

pub(super) async fn list(State(exchange): State<Arc<Exchange>>, uri: Uri) -> Response {
    let query = PageQuery::of(&uri).and_then(|query| Ok((query.after_number()?, query.limit)));
    let (after, limit) = match query {
        Ok(query) => query,
        Err(refused) => return *refused,
    };
    json_response(StatusCode::OK, &listed(&exchange, after, limit))
}

/// What was passed to the real server.
pub(super) async fn traffic(State(exchange): State<Arc<Exchange>>) -> Response {
    json_response(StatusCode::OK, &exchange.traffic.shown())
}

pub(super) async fn forget(State(exchange): State<Arc<Exchange>>) -> Response {
    exchange.recorder.clear();
    done()
}

/// A request as shown by the control API.
pub(super) fn shown(request: &ReceivedRequest) -> Value {
    let headers: Vec<Value> = request
        .headers
        .iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    json!({
        "number": request.number,
        "time": Timestamp::try_from(request.time).ok().map(|time| time.to_string()),
        "method": request.method,
        "target": request.target,
        "headers": headers,
        "body": request.body,
        "response": request.response,
        "operation": request.operation,
        "status": request.status,
        "problems": request.problems,
        "fault": request.fault,
    })
}

fn listed(exchange: &Exchange, after: u64, limit: usize) -> Value {
    let requests = exchange.recorder.after(after, limit);
    json!({
        "count": exchange.recorder.count(),
        "dropped": exchange.recorder.dropped(),
        "requests": requests.iter().map(shown).collect::<Vec<_>>(),
    })
}
