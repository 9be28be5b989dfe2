//! The control API under `/_sandbox/`: what a test or the page asks of the sandbox itself, and not of the API.

use std::sync::Arc;

use axum::Router;

use crate::exchange::Exchange;

/// The routes of the control API, below `/_sandbox`.
pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new()
}
