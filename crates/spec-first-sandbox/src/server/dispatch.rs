//! Routes a request to the API, or to the control API and the page.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use hyper::body::Incoming;
use tower::Service;

use crate::{
    connection::Connection,
    exchange::{Exchange, respond},
};

/// Routes requests. API requests bypass the router, because their routes come from the document.
#[derive(Debug)]
pub(super) struct Dispatch {
    pub(super) exchange: Arc<Exchange>,
    pub(super) router: Router,
}

impl Dispatch {
    pub(super) async fn answer(
        &self,
        connection: Connection,
        request: hyper::Request<Incoming>,
    ) -> Response {
        let mut request: Request = request.map(Body::new);
        let path = request.uri().path();
        if path != "/" && !path.starts_with("/_sandbox") {
            let exchange = State(Arc::clone(&self.exchange));
            return respond(exchange, Extension(connection), request).await;
        }
        request.extensions_mut().insert(connection);
        match self.router.clone().call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }
}
