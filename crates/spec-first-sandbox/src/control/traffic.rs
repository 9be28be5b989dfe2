//! What was passed to the real server, over the control API.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};

use crate::exchange::Exchange;

use super::responses::json_response;

pub(super) async fn show(State(exchange): State<Arc<Exchange>>) -> Response {
    json_response(StatusCode::OK, &exchange.traffic.shown())
}
