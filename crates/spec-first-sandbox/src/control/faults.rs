//! The faults over the control API: list, replace, remove.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use crate::{Fault, Scenario, ScenarioError, exchange::Exchange, faults::SYNTAX};

use super::responses::{done, json_response, rejection};

/// The largest accepted scenario, in bytes.
const LARGEST: usize = 1024 * 1024;

pub(super) async fn show(State(exchange): State<Arc<Exchange>>) -> Response {
    let (seed, rules) = exchange.faults.rules();
    let of_deliveries = exchange.webhooks.deliveries.rules();
    let rules: Vec<Value> = rules
        .iter()
        .chain(&of_deliveries)
        .map(|(rule, applied)| json!({ "rule": rule, "applied": applied }))
        .collect();
    let known: Vec<Value> = SYNTAX
        .iter()
        .map(|(syntax, meaning)| json!({ "fault": syntax, "meaning": meaning }))
        .collect();
    json_response(
        StatusCode::OK,
        &json!({ "seed": seed, "rules": rules, "known": known }),
    )
}

/// Replaces all faults with a single one or with those of a scenario.
pub(super) async fn replace(State(exchange): State<Arc<Exchange>>, body: Body) -> Response {
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return rejection(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body is incomplete or larger than {LARGEST} bytes"),
            "send a smaller scenario",
        );
    };
    let Ok(text) = std::str::from_utf8(&body) else {
        let error = "the body is not UTF-8";
        return rejection(StatusCode::BAD_REQUEST, error, "send it as UTF-8");
    };
    let set = |scenario: Scenario| {
        let refused = |error: ScenarioError| (error.problem, error.help);
        let operations = exchange.contract().operation_names();
        let rules = scenario.deliveries.clone();
        exchange
            .faults
            .set(scenario, &operations)
            .map_err(refused)?;
        exchange.webhooks.deliveries.set_rules(rules);
        Ok(())
    };
    match read(text).and_then(set) {
        Ok(()) => show(State(exchange)).await,
        Err((error, help)) => rejection(StatusCode::BAD_REQUEST, &error, &help),
    }
}

pub(super) async fn remove(State(exchange): State<Arc<Exchange>>) -> Response {
    exchange.faults.clear();
    exchange.webhooks.deliveries.set_rules(Vec::new());
    done()
}

/// A fault has no `:` before its first `=`, whereas a scenario begins with the name of a field.
fn read(text: &str) -> Result<Scenario, (String, String)> {
    let text = text.trim();
    let is_line = !text.contains(['\n', '{']);
    let begins_with_field = text
        .find(':')
        .is_some_and(|colon| text.find('=').is_none_or(|sign| colon < sign));
    if is_line && !begins_with_field {
        let fault: Fault = text
            .parse()
            .map_err(|error: crate::UnknownFault| (error.problem, error.help))?;
        let mut scenario = Scenario::default();
        scenario.add(fault);
        return Ok(scenario);
    }
    Scenario::parse("body", text).map_err(|error| (error.problem, error.help))
}
