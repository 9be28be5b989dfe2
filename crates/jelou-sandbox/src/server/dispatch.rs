//! Sends a request to the API, or else to what the sandbox serves of its own.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
};
use tower::Service;

use crate::exchange::{Exchange, respond};

/// The service of the sandbox. The API goes past the router: it has routes of its own, from the document.
#[derive(Clone, Debug)]
pub(super) struct Dispatch {
    pub(super) exchange: Arc<Exchange>,
    pub(super) router: Router,
}

impl Service<Request> for Dispatch {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = request.uri().path();
        if path == "/" || path.starts_with("/_sandbox") {
            return Box::pin(self.router.call(request));
        }
        let exchange = Arc::clone(&self.exchange);
        Box::pin(async move { Ok(respond(State(exchange), request).await) })
    }
}
