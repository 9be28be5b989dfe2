//! The responses of the control API: JSON that is not cached and not readable from other origins.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;
use serde_json::{Value, json};

/// Headers of every response, in addition to the content type.
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

pub(super) fn json_response(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => answer(status, Body::from(text)),
        Err(error) => rejection(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("cannot serialize the response as JSON: {error}"),
            "this is a bug in the sandbox; please report it",
        ),
    }
}

/// An error: what went wrong and what to do about it.
pub(super) fn rejection(status: StatusCode, error: &str, help: &str) -> Response {
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
