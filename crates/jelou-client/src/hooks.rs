//! The one place where a request is sent: what the generated code does before, for and after each request.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo, Error as GeneratedError, OperationInfo};
use tracing::Instrument;

use crate::Error;
use crate::contract::Operation;
pub(crate) use crate::exchange::Exchange;
use crate::exchange::Record;
use crate::generated::Client;
use crate::telemetry;
use crate::transport::Ending;

impl ClientHooks<Exchange> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), GeneratedError<E>> {
        if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
            self.inner().protect_body(body);
        }
        let applied = Operation::find(info.operation_id)
            .ok_or_else(|| Error::invalid_input("operation", "the document does not describe it"))
            .and_then(|operation| {
                self.inner()
                    .credentials
                    .apply(operation, request.headers_mut())
            });
        applied.map_err(|error| {
            let text = error.to_string();
            self.inner().record(Record::Refused(error));
            GeneratedError::Custom(text)
        })
    }

    /// Sends the request, again where the policy allows it, and reads the whole answer, so that its length is limited and nothing
    /// of it is lost, whatever the generated code makes of it.
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let operation = Operation::find(info.operation_id);
        let is_idempotent = operation.is_some_and(|operation| operation.is_idempotent);
        let exchange = self.inner();
        let span = telemetry::span(operation, request.url());
        let sending = exchange
            .transport
            .send(self.client(), request, is_idempotent);
        let (ending, earlier) = sending.instrument(span.clone()).await;
        telemetry::record(&span, &ending, earlier.attempts);
        exchange.record_earlier(earlier);
        match ending {
            Ending::Answered(response) => {
                let rebuilt = rebuild(
                    response.status,
                    response.headers.clone(),
                    response.body.clone(),
                );
                exchange.record(Record::Answer(response));
                Ok(rebuilt)
            }
            Ending::TooLong { status } => {
                exchange.record(Record::TooLong(status));
                Ok(rebuild(status, HeaderMap::new(), Bytes::new()))
            }
            Ending::BrokenOff { status, error } => {
                exchange.record(Record::BrokenOff(status));
                Err(error)
            }
            Ending::Failed(error) => Err(error),
        }
    }
}

fn rebuild(status: u16, headers: HeaderMap, body: Bytes) -> reqwest::Response {
    let mut response = http::Response::new(body);
    // It was a status when it was received.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    *response.headers_mut() = headers;
    response.into()
}
