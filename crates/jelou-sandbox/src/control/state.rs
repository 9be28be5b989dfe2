//! The state over the control API: shown without secrets, replaced as a whole, brought back to the start.

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
    answers::{done, json_answer, refusal},
    asked::Asked,
};

/// The largest seed that is read, in bytes.
const LARGEST_SEED: usize = 16 * 1024 * 1024;

pub(super) async fn show(State(exchange): State<Arc<Exchange>>, uri: Uri) -> Response {
    match Asked::of(&uri) {
        Ok(asked) => show_part(&exchange, asked).await,
        Err(refused) => *refused,
    }
}

/// Replaces all integrations by those of a seed, and shows them.
pub(super) async fn replace(
    State(exchange): State<Arc<Exchange>>,
    uri: Uri,
    body: Body,
) -> Response {
    let asked = match Asked::of(&uri) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let Ok(body) = to_bytes(body, LARGEST_SEED).await else {
        return refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body is not complete, or larger than {LARGEST_SEED} bytes"),
            "let the sandbox start with `every_project` if all projects shall have an integration",
        );
    };
    // A large seed takes a while to read.
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
        Ok(Err((error, help))) => return refusal(StatusCode::BAD_REQUEST, &error, &help),
        Err(_) => return failed("the reader of seeds failed"),
    };
    match exchange.state.replace(integrations).await {
        Ok(()) => show_part(&exchange, asked).await,
        Err(error) => failed(&error.to_string()),
    }
}

pub(super) async fn reset(State(exchange): State<Arc<Exchange>>) -> Response {
    match exchange.reset().await {
        Ok(()) => done(),
        Err(error) => failed(&error.to_string()),
    }
}

async fn show_part(exchange: &Exchange, asked: Asked) -> Response {
    // Read before the page, so that who waits for the next version misses no change.
    let version = *exchange.state.version().borrow();
    match exchange.state.page(asked.after, asked.limit).await {
        Ok(page) => json_answer(StatusCode::OK, &shown(exchange, version, &page)),
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
    refusal(
        StatusCode::INTERNAL_SERVER_ERROR,
        error,
        "look at the state file and its disk, then start the sandbox again",
    )
}
