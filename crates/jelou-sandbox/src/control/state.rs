//! The state over the control API: show it without secrets, replace it, reset it.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Map, Value, json};

use crate::{
    exchange::Exchange,
    state::{Page, seed},
};

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

/// Replaces all integrations with those of a seed, and shows them.
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
            "start the sandbox with `every_project` to give every project an integration",
        );
    };
    // Parsing a large seed takes a while.
    let read = tokio::task::spawn_blocking(move || match std::str::from_utf8(&body) {
        Ok(text) => {
            seed::parse("body", text).map_err(|finding| (finding.to_string(), finding.help))
        }
        Err(_) => Err((
            "the body is not UTF-8".to_owned(),
            "send it as UTF-8".to_owned(),
        )),
    });
    let integrations = match read.await {
        Ok(Ok(integrations)) => integrations,
        Ok(Err((error, help))) => return rejection(StatusCode::BAD_REQUEST, &error, &help),
        Err(_) => return failed("the seed could not be parsed"),
    };
    match exchange.state.replace(integrations).await {
        Ok(()) => show_part(&exchange, query).await,
        Err(error) => failed(&error.to_string()),
    }
}

pub(super) async fn reset(State(exchange): State<Arc<Exchange>>) -> Response {
    match exchange.reset().await {
        Ok(()) => done(),
        Err(error) => failed(&error.to_string()),
    }
}

async fn show_part(exchange: &Exchange, query: PageQuery) -> Response {
    // Read before the page, so that a client that waits for the next version misses no change.
    let version = *exchange.state.version().borrow();
    match exchange.state.page(query.after, query.limit).await {
        Ok(page) => json_response(StatusCode::OK, &shown(exchange, version, &page)),
        Err(error) => failed(&error.to_string()),
    }
}

fn shown(exchange: &Exchange, version: u64, page: &Page) -> Value {
    let integrations: Map<String, Value> = page
        .integrations
        .iter()
        .map(|(project_id, integration)| (project_id.to_string(), integration.shown(project_id)))
        .collect();
    json!({
        "version": version,
        "total": page.total,
        "next": page.next,
        "everyProject": exchange.state.is_made_on_first_use(),
        "stateful": exchange.contract.is_stateful(),
        "integrations": integrations,
    })
}

fn failed(error: &str) -> Response {
    rejection(
        StatusCode::INTERNAL_SERVER_ERROR,
        error,
        "check the state file and its disk, then restart the sandbox",
    )
}
