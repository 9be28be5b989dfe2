//! The control API under `/_sandbox/`: requests to the sandbox itself, made by tests and by its page.
//!
//! It has no authentication. Anyone who can reach the port can use it, except for pages of other origins in a browser
//! ([`guard`]). Its responses never contain secrets.

mod document;
mod events;
mod examples;
mod faults;
mod guard;
mod pagination;
mod requests;
mod responses;
mod state;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{exchange::Exchange, received_body::LIMIT, webhooks};
use responses::{json_response, rejection};

/// Method, path, and purpose.
type Route = (&'static str, &'static str, &'static str);

/// All routes.
const ROUTES: [Route; 16] = [
    ("GET", "/_sandbox/", "this list"),
    (
        "GET",
        "/_sandbox/state?after=KEY&limit=100",
        "the state, sorted by key",
    ),
    (
        "PUT",
        "/_sandbox/state",
        "replaces the state; takes a seed file",
    ),
    ("DELETE", "/_sandbox/state", "empties the state"),
    (
        "POST",
        "/_sandbox/reset",
        "restores the initial state and faults, and clears the requests",
    ),
    (
        "GET",
        "/_sandbox/requests?after=NUMBER&limit=100",
        "the recorded requests, and what was wrong with each",
    ),
    (
        "DELETE",
        "/_sandbox/requests",
        "clears the recorded requests",
    ),
    (
        "GET",
        "/_sandbox/faults",
        "the active faults, and all faults available",
    ),
    (
        "PUT",
        "/_sandbox/faults",
        "replaces all faults; takes a fault, such as `status=503 probability=0.1`, or a scenario file",
    ),
    ("DELETE", "/_sandbox/faults", "removes all faults"),
    (
        "GET",
        "/_sandbox/events?after=NUMBER",
        "a stream of server-sent events: `request`, `cleared` and `state`",
    ),
    (
        "GET",
        "/_sandbox/traffic",
        "what was passed to the real server, by operation, and what did not fit the document",
    ),
    (
        "GET",
        "/_sandbox/document",
        "the served document as JSON, with the sandbox as its server",
    ),
    (
        "GET",
        "/_sandbox/examples",
        "the names of the examples that replies look like, in turn",
    ),
    (
        "PUT",
        "/_sandbox/examples",
        "replaces them; takes a list of names, such as `[\"empty\"]`",
    ),
    (
        "GET",
        "/_sandbox/flaws",
        "what is wrong with the document, and was worked around",
    ),
];

/// The routes of the control API for a sandbox listening on `address`. The body of a request must arrive within
/// `receive_timeout`.
pub(crate) fn router(address: SocketAddr, receive_timeout: Duration) -> Router<Arc<Exchange>> {
    Router::new()
        .route("/_sandbox", get(index))
        .route("/_sandbox/", get(index))
        .route(
            "/_sandbox/state",
            get(state::show).put(state::replace).delete(state::empty),
        )
        .route("/_sandbox/reset", post(state::reset))
        .route(
            "/_sandbox/requests",
            get(requests::list).delete(requests::forget),
        )
        .route(
            "/_sandbox/faults",
            get(faults::show)
                .put(faults::replace)
                .delete(faults::remove),
        )
        .route("/_sandbox/events", get(events::stream))
        .route("/_sandbox/traffic", get(requests::traffic))
        .route("/_sandbox/document", get(document::show))
        .route(
            "/_sandbox/examples",
            get(examples::show).put(examples::replace),
        )
        .route("/_sandbox/flaws", get(document::flaws))
        .method_not_allowed_fallback(method_not_allowed)
        .route("/_sandbox/{*path}", any(of_state))
        .layer(middleware::from_fn_with_state(address, guard::admit))
        .layer(middleware::from_fn_with_state(receive_timeout, bound))
}

/// Rejects a request whose body does not arrive in time. Event streams respond at once and are not limited.
async fn bound(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| too_slow())
}

async fn index(State(exchange): State<Arc<Exchange>>, headers: HeaderMap) -> Response {
    let contract = exchange.contract();
    let mut forms = exchange.state.forms().to_vec();
    let mut added = exchange.state.control_routes().to_vec();
    if webhooks::has_any(&contract) {
        added.extend(webhook_routes(&exchange));
        // A state with a form of its own knows more about what it sends.
        if forms.is_empty() {
            forms.push(webhooks::FORM);
        }
    }
    let of_state = added
        .iter()
        .map(|(method, path, purpose)| (*method, format!("/_sandbox/{path}"), *purpose));
    let own = ROUTES.map(|(method, path, purpose)| (method, path.to_owned(), purpose));
    let routes: Vec<Value> = own
        .into_iter()
        .chain(of_state)
        .map(
            |(method, path, purpose)| json!({ "method": method, "path": path, "purpose": purpose }),
        )
        .collect();
    json_response(
        StatusCode::OK,
        &json!({
            "version": env!("CARGO_PKG_VERSION"),
            "title": document::title(&contract.document),
            "baseUrl": document::base_url(&exchange, &headers),
            "nonconformingResponses": exchange.nonconforming_responses.load(std::sync::atomic::Ordering::Relaxed),
            "routes": routes,
            "forms": forms,
        }),
    )
}

fn too_slow() -> Response {
    let mut response = rejection(
        StatusCode::REQUEST_TIMEOUT,
        "the body did not arrive in time",
        "send the whole body without pausing",
    );
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// A route that the state adds, or one for webhooks.
async fn of_state(
    State(exchange): State<Arc<Exchange>>,
    method: Method,
    uri: Uri,
    body: Body,
) -> Response {
    let path = uri.path().trim_start_matches("/_sandbox/");
    let mut allowed = methods_of(exchange.state.control_routes(), path);
    let is_of_state = !allowed.is_empty();
    if !is_of_state {
        allowed = methods_of(&webhook_routes(&exchange), path);
    }
    if allowed.is_empty() {
        return not_found(uri).await;
    }
    if !allowed.contains(&method.as_str()) {
        let mut response = method_not_allowed(method, uri).await;
        let allowed = HeaderValue::from_str(&allowed.join(","));
        response
            .headers_mut()
            .extend(allowed.map(|allowed| (header::ALLOW, allowed)));
        return response;
    }
    let body = match to_bytes(body, LIMIT).await {
        Ok(body) if body.is_empty() => Ok(Value::Null),
        Ok(body) => serde_json::from_slice(&body).map_err(|error| error.to_string()),
        Err(_) => Err(format!("it is incomplete or larger than {LIMIT} bytes")),
    };
    let body = match body {
        Ok(body) => body,
        Err(error) => {
            let message = format!("the body is not JSON: {error}");
            return rejection(StatusCode::BAD_REQUEST, &message, "send a JSON object");
        }
    };
    let method = method.as_str();
    let done = match is_of_state {
        true => exchange.state.control(method, path, body).await,
        false => {
            let contract = exchange.contract();
            exchange
                .webhooks
                .control(&contract, method, path, &body)
                .await
        }
    };
    match done {
        Ok(reply) => {
            if reply.has_changed {
                exchange.announce_change();
            }
            match reply.body() {
                Some(body) => json_response(reply.status(), body),
                None => responses::done(),
            }
        }
        Err(error) => state::failed(&error),
    }
}

/// The routes for webhooks, without the one that sends them if only the state can do that.
fn webhook_routes(exchange: &Exchange) -> Vec<Route> {
    let mut routes = webhooks::ROUTES.to_vec();
    if exchange.state.sends_webhooks() {
        routes.retain(|(method, ..)| *method != "POST");
    }
    routes
}

fn methods_of(routes: &[Route], path: &str) -> Vec<&'static str> {
    let routes = routes.iter().filter(|route| route.1 == path);
    routes.map(|route| route.0).collect()
}

async fn not_found(uri: Uri) -> Response {
    rejection(
        StatusCode::NOT_FOUND,
        &format!("the control API has no path `{}`", uri.path()),
        "GET /_sandbox/ lists the available routes",
    )
}

async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    rejection(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("`{}` does not support {method}", uri.path()),
        "GET /_sandbox/ lists the available routes",
    )
}
