//! The one place where a request is sent: what the generated code does before, for and after each request.

use bytes::{Bytes, BytesMut};
use progenitor_client::{ClientHooks, ClientInfo, Error as GeneratedError, OperationInfo};

use crate::contract::Operation;
pub(crate) use crate::exchange::Exchange;
use crate::generated::Client;
use crate::{Error, HttpResponse};

/// The number of bytes of a response body that the client reads at the most: 1 MiB.
const BODY_LIMIT: usize = 1024 * 1024;

impl ClientHooks<Exchange> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), GeneratedError<E>> {
        let applied = Operation::find(info.operation_id)
            .ok_or_else(|| Error::invalid_input("operation", "the document does not describe it"))
            .and_then(|operation| {
                self.inner()
                    .credentials
                    .apply(operation, request.headers_mut())
            });
        applied.map_err(|error| {
            self.inner().record(Err(error));
            // What the caller gets is what was recorded.
            GeneratedError::Custom(String::new())
        })
    }

    /// Sends the request and reads the whole answer here, so that its length is limited and nothing of it is lost, whatever the
    /// generated code makes of it.
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let mut response = self.client().execute(request).await?;
        let status = response.status();
        let headers = response.headers().clone();

        let mut body = BytesMut::new();
        let failure = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => {
                    break Some(Error::TooLong {
                        status: status.as_u16(),
                        limit: BODY_LIMIT,
                    });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(Error::broken_off(status.as_u16(), error)),
            }
        };
        if let Some(error) = failure {
            self.inner().record(Err(error));
            // What the caller gets is what was recorded.
            return Ok(rebuild(status, headers, Bytes::new()));
        }

        let body = body.freeze();
        self.inner().record(Ok(HttpResponse {
            status: status.as_u16(),
            headers: headers.clone(),
            body: body.clone(),
        }));
        Ok(rebuild(status, headers, body))
    }
}

fn rebuild(status: http::StatusCode, headers: http::HeaderMap, body: Bytes) -> reqwest::Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}
