//! Events as an extractor of axum.

use std::sync::Arc;

use axum_core::body::Body;
use axum_core::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use spec_first_runtime::Bytes;

use super::{BODY_LIMIT, Event, VerifyError, verify};
use crate::Secret;

/// The signing secrets of a receiver, as a part of the state of a router: one of them must have signed an event.
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use jelou_client::{Secret, webhook::{Event, SigningSecrets}};
///
/// async fn receive(event: Event) {
///     println!("{:?}", event.name());
/// }
///
/// let secrets = SigningSecrets::from([Secret::from("SIGNING_SECRET")]);
/// let router: Router = Router::new().route("/webhook", post(receive)).with_state(secrets);
/// ```
#[derive(Clone, Debug)]
pub struct SigningSecrets(Arc<[Secret]>);

impl<I: IntoIterator<Item = Secret>> From<I> for SigningSecrets {
    fn from(secrets: I) -> Self {
        Self(secrets.into_iter().collect())
    }
}

impl<S> FromRequest<S> for Event
where
    S: Send + Sync,
    SigningSecrets: FromRef<S>,
{
    type Rejection = VerifyError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, VerifyError> {
        let headers = std::mem::take(request.headers_mut());
        DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => VerifyError::TooLong,
            _ => VerifyError::NotReceived(rejection.into()),
        })?;
        verify(&headers, body, &SigningSecrets::from_ref(state).0)
    }
}

/// The status and the message, which tell the sender nothing new.
impl IntoResponse for VerifyError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.to_string()));
        let status = StatusCode::from_u16(self.status());
        *response.status_mut() = status.unwrap_or(StatusCode::BAD_REQUEST);
        response
    }
}
