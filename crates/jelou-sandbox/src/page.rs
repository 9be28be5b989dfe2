//! The page for people at `/`: the reference of the served document with try-it-out, and a live view of what came in.

use std::sync::Arc;

use axum::Router;

use crate::exchange::Exchange;

/// The routes of the page and of what it loads.
pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new()
}
