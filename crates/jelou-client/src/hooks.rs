//! The one place where a request is sent: what the generated code does before, for and after each request.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo, Error as GeneratedError, OperationInfo};
use reqwest::ResponseBuilderExt;
use tracing::Instrument;
use url::Url;

use crate::contract::Operation;
pub(crate) use crate::exchange::Exchange;
use crate::exchange::Record;
use crate::generated::Client;
use crate::telemetry;
use crate::transport::Ending;
use crate::{Error, HttpRequest};

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
            .and_then(|operation| self.inner().apply(operation, request.headers_mut()))
            .and_then(|()| match self.inner().is_rehearsal() {
                true => Ok(()),
                false => self.inner().transport.check_runtime(),
            });
        applied.map_err(|error| {
            // What the generated code returns has no cause.
            let text = match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            };
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
        let url = request.url().clone();
        if exchange.is_rehearsal() {
            exchange.record(Record::Prepared(HttpRequest::of(&request)));
            // Nobody decodes it.
            return Ok(rebuild(url, 200, HeaderMap::new(), Bytes::new()));
        }
        let span = telemetry::span(operation, &url);
        let sending =
            exchange
                .transport
                .send(self.client(), request, is_idempotent, exchange.timeout());
        let (ending, earlier) = sending.instrument(span.clone()).await;
        telemetry::record(&span, &ending, earlier.attempts);
        exchange.record_earlier(earlier);
        match ending {
            Ending::Answered(response) => {
                let (headers, body) = exchange.for_generated_code(&response);
                let rebuilt = rebuild(url, response.status, headers, body);
                exchange.record(Record::Answer(response));
                Ok(rebuilt)
            }
            Ending::BrokenOff { status, error } => {
                exchange.record(Record::BrokenOff(status));
                Err(error)
            }
            Ending::Failed(error) => Err(error),
        }
    }
}

fn rebuild(url: Url, status: u16, headers: HeaderMap, body: Bytes) -> reqwest::Response {
    // Only a status or a header could be refused here, and both are set below.
    let response = http::Response::builder().url(url).body(body);
    let mut response = response.unwrap_or_default();
    // It was a status when it was received.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    *response.headers_mut() = headers;
    response.into()
}
