//! The answers of the control API: JSON that no cache keeps and no other origin reads.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;
use serde_json::{Value, json};

/// What every answer carries besides its type.
pub(super) const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

pub(super) fn json_answer(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => answer(status, Body::from(text)),
        Err(error) => refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("the answer cannot be written as JSON: {error}"),
            "this is a mistake in the sandbox; please report it",
        ),
    }
}

/// Why a request was not done, and what to do about it.
pub(super) fn refusal(status: StatusCode, error: &str, help: &str) -> Response {
    let body: Value = json!({ "error": error, "help": help });
    answer(status, Body::from(body.to_string()))
}

pub(super) fn done() -> Response {
    let mut response = answer(StatusCode::NO_CONTENT, Body::empty());
    response.headers_mut().remove(header::CONTENT_TYPE);
    response
}

fn answer(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
