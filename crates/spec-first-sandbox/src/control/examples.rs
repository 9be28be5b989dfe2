//! Which named examples replies look like, over the control API.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use crate::{exchange::Exchange, received_body::LIMIT};

use super::responses::{json_response, rejection};

pub(super) async fn show(State(exchange): State<Arc<Exchange>>) -> Response {
    let names = exchange.examples();
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    json_response(StatusCode::OK, &json!({ "examples": names }))
}

pub(super) async fn replace(State(exchange): State<Arc<Exchange>>, body: Body) -> Response {
    let body = to_bytes(body, LIMIT).await.unwrap_or_default();
    match serde_json::from_slice::<Vec<String>>(&body) {
        Ok(names) => {
            let contract = exchange.contract();
            let known = contract.example_names();
            if let Some(unknown) = names.iter().find(|name| !known.contains(name.as_str())) {
                return rejection(
                    StatusCode::BAD_REQUEST,
                    &format!("no response has an example named `{unknown}`"),
                    "send the names of examples in the document",
                );
            }
            exchange.set_examples(names);
            show(State(exchange)).await
        }
        Err(error) => rejection(
            StatusCode::BAD_REQUEST,
            &format!("the body is not a list of names: {error}"),
            "send a JSON array of the names of examples, or an empty one",
        ),
    }
}
