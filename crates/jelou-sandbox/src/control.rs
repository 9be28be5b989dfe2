//! The control API under `/_sandbox/`: what a test or the page asks of the sandbox itself, and not of the API.
//!
//! It has no authentication: who can reach the port may use it, except for the pages of other origins in a browser
//! ([`guard`]). Nothing that it answers holds a secret.

mod answers;
mod asked;
mod document;
mod events;
mod faults;
mod guard;
mod requests;
mod state;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::exchange::Exchange;
use answers::{json_answer, refusal};

pub(crate) use events::Streams;

/// What there is: method, path, and what it does.
const ROUTES: [(&str, &str, &str); 11] = [
    ("GET", "/_sandbox/", "this list"),
    (
        "GET",
        "/_sandbox/state?after=PROJECT_ID&limit=100",
        "the integrations, in the order of their projects",
    ),
    (
        "PUT",
        "/_sandbox/state",
        "replaces all integrations; the body is that of a seed file",
    ),
    (
        "POST",
        "/_sandbox/reset",
        "state, requests and faults as at the start",
    ),
    (
        "GET",
        "/_sandbox/requests?after=NUMBER&limit=100",
        "the requests that came in, and what was wrong with each",
    ),
    ("DELETE", "/_sandbox/requests", "forgets the requests"),
    (
        "GET",
        "/_sandbox/faults",
        "the faults in force, and those that there are",
    ),
    (
        "PUT",
        "/_sandbox/faults",
        "replaces all faults; the body is one, as in `status=503 probability=0.1`, or a scenario file",
    ),
    ("DELETE", "/_sandbox/faults", "no faults any more"),
    (
        "GET",
        "/_sandbox/events?after=NUMBER",
        "a stream of events: `request`, `cleared` and `state`",
    ),
    (
        "GET",
        "/_sandbox/document",
        "the served document as JSON, with this sandbox as its server",
    ),
];

/// The routes of the control API of the sandbox that listens on `address`; the body of a request must arrive within
/// `receive_timeout`.
pub(crate) fn router(address: SocketAddr, receive_timeout: Duration) -> Router<Arc<Exchange>> {
    Router::new()
        .route("/_sandbox", get(index))
        .route("/_sandbox/", get(index))
        .route("/_sandbox/state", get(state::show).put(state::replace))
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
        .route("/_sandbox/document", get(document::show))
        .method_not_allowed_fallback(method_not_allowed)
        .route("/_sandbox/{*unknown}", any(not_found))
        .layer(middleware::from_fn_with_state(address, guard::admit))
        .layer(middleware::from_fn_with_state(receive_timeout, bound))
}

/// Refuses a request whose body does not arrive in time. A stream of events is answered at once, and goes on behind that.
async fn bound(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| too_slow())
}

async fn index(State(exchange): State<Arc<Exchange>>, headers: HeaderMap) -> Response {
    let routes: Vec<Value> = ROUTES
        .iter()
        .map(
            |(method, path, purpose)| json!({ "method": method, "path": path, "purpose": purpose }),
        )
        .collect();
    json_answer(
        StatusCode::OK,
        &json!({
            "version": env!("CARGO_PKG_VERSION"),
            "baseUrl": document::base_url(&exchange, &headers),
            "unfitAnswers": exchange.unfit_answers.load(std::sync::atomic::Ordering::Relaxed),
            "routes": routes,
        }),
    )
}

/// The answer to a request whose body does not arrive.
fn too_slow() -> Response {
    let mut response = refusal(
        StatusCode::REQUEST_TIMEOUT,
        "the body did not arrive in time",
        "send the whole body without pausing",
    );
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

async fn not_found(uri: Uri) -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        &format!("the control API has no `{}`", uri.path()),
        "GET /_sandbox/ lists what there is",
    )
}

async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("`{}` has no {method}", uri.path()),
        "GET /_sandbox/ lists what there is",
    )
}
