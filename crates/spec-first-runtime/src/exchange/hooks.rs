//! What the generated code does before and instead of sending a request.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::ResponseBuilderExt;
use url::Url;

use super::{Exchange, Record};
use crate::transport::Ending;
use crate::{Error, HttpRequest};

impl Exchange {
    /// Adds the credentials and headers of the caller to the request for the operation `operation_id`. Generated code calls it
    /// before [`send`](Self::send).
    ///
    /// # Errors
    /// The request cannot be sent. The text shows no secret; the error itself is returned by [`reply`](Self::reply).
    pub fn authorize(
        &self,
        request: &mut reqwest::Request,
        operation_id: &str,
    ) -> Result<(), String> {
        if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
            self.protect_body(body);
        }
        let applied = self
            .client
            .api()
            .operation(operation_id)
            .ok_or_else(|| Error::invalid_input("operation", "the document does not describe it"))
            .and_then(|operation| self.apply(operation, request.headers_mut()))
            .and_then(|()| match self.is_rehearsal {
                true => Ok(()),
                false => self.client.transport().check_runtime(),
            });
        applied.map_err(|error| {
            // Generated code has no place for the cause.
            let text = match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            };
            self.record(Record::Refused(error));
            text
        })
    }

    /// Sends the request for the operation `operation_id`, retries it where the policy allows, and reads the whole response, so
    /// that its length is limited and nothing of it is lost, whatever the generated code makes of it.
    ///
    /// # Errors
    /// No response arrived, or not all of it.
    pub async fn send(
        &self,
        request: reqwest::Request,
        operation_id: &str,
    ) -> reqwest::Result<reqwest::Response> {
        let url = request.url().clone();
        if self.is_rehearsal {
            self.record(Record::Prepared(HttpRequest::of(
                &request,
                self.client.api(),
            )));
            // Nobody decodes it.
            return Ok(rebuild(url, 200, HeaderMap::new(), Bytes::new()));
        }
        let operation = self.client.api().operation(operation_id);
        let (ending, earlier) = self.client.send(operation, request, self.timeout).await;
        self.record_earlier(earlier);
        match ending {
            Ending::Answered(response) => {
                let (headers, body) = self.for_generated_code(&response);
                let rebuilt = rebuild(url, response.status, headers, body);
                self.record(Record::Answer(response));
                Ok(rebuilt)
            }
            Ending::BrokenOff { status, error } => {
                self.record(Record::BrokenOff(status));
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
