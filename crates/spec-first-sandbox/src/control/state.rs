//! The state over the control API: show it without secrets, replace it, reset it. What it contains is up to its owner.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};

use crate::{StateError, exchange::Exchange};

use super::{
    pagination::PageQuery,
    responses::{done, json_response, rejection},
};

/// The largest accepted seed, in bytes.
const LARGEST_SEED: usize = 16 * 1024 * 1024;

pub(super) async fn show(State(exchange): State<Arc<Exchange>>, uri: Uri) -> Response {
    match PageQuery::of(&uri) {
        Ok(query) => show_part(&exchange, query).await,
        Err(refused) => *refused,
    }
}

/// Replaces the state with that of a seed, and shows it.
pub(super) async fn replace(
    State(exchange): State<Arc<Exchange>>,
    uri: Uri,
    body: Body,
) -> Response {
    let query = match PageQuery::of(&uri) {
        Ok(query) => query,
        Err(refused) => return *refused,
    };
    let Ok(body) = to_bytes(body, LARGEST_SEED).await else {
        return rejection(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body is incomplete or larger than {LARGEST_SEED} bytes"),
            "send a smaller seed",
        );
    };
    let Ok(seed) = String::from_utf8(body.into()) else {
        let error = "the body is not UTF-8";
        return rejection(StatusCode::BAD_REQUEST, error, "send it as UTF-8");
    };
    match exchange.state.replace(seed).await {
        Ok(()) => {
            exchange.announce_change();
            show_part(&exchange, query).await
        }
        Err(error) => failed(&error),
    }
}

/// Replaces the state with that of an empty seed.
pub(super) async fn empty(State(exchange): State<Arc<Exchange>>) -> Response {
    match exchange.state.replace("{}".to_owned()).await {
        Ok(()) => {
            exchange.announce_change();
            done()
        }
        Err(error) => failed(&error),
    }
}

pub(super) async fn reset(State(exchange): State<Arc<Exchange>>) -> Response {
    match exchange.reset().await {
        Ok(()) => done(),
        Err(error) => failed(&error),
    }
}

async fn show_part(exchange: &Exchange, query: PageQuery) -> Response {
    // Read before the page, so that a client that waits for the next version misses no change.
    let version = *exchange.state_version.borrow();
    match exchange.state.show(query.after, query.limit).await {
        Ok(mut shown) => {
            let deliveries = exchange.webhooks.deliveries.shown();
            if !deliveries.is_empty() {
                shown.insert("deliveries".to_owned(), deliveries.into());
            }
            shown.insert("version".to_owned(), version.into());
            let is_stateful = exchange.contract().is_stateful();
            shown.insert("stateful".to_owned(), is_stateful.into());
            json_response(StatusCode::OK, &shown)
        }
        Err(error) => failed(&error),
    }
}

pub(super) fn failed(error: &StateError) -> Response {
    let status = if error.is_invalid {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    };
    rejection(status, &error.problem, &error.help)
}
