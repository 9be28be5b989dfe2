//! One request and what became of it.
//!
//! progenitor's own errors drop the status and the headers of an answer that they cannot read, and print headers and bodies. So
//! what happened is recorded here, and its errors are never formatted.

use std::sync::{Arc, Mutex, PoisonError};

use progenitor_client::{ByteStream, Error as GeneratedError, ResponseValue};

use crate::credentials::Credentials;
use crate::{ApiError, Error, HttpResponse, Secret};

/// The state of one call: who asks, and what came back.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) credentials: Arc<Credentials>,
    secrets: Vec<Secret>,
    outcome: Arc<Mutex<Option<Result<HttpResponse, Error>>>>,
}

impl Exchange {
    pub(crate) fn new(credentials: Arc<Credentials>) -> Self {
        Self {
            secrets: credentials.secrets(),
            credentials,
            outcome: Arc::default(),
        }
    }

    /// Adds a secret of this request, so that no error shows it should the server echo it.
    pub(crate) fn protect(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// Records what became of the request.
    pub(crate) fn record(&self, outcome: Result<HttpResponse, Error>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    /// The successful answer, whether or not the generated code could read it; it is read again, with better errors.
    pub(crate) fn finish<T>(
        &self,
        result: Result<ResponseValue<T>, GeneratedError<ByteStream>>,
    ) -> Result<HttpResponse, Error> {
        let recorded = self
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match (recorded, result) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(response)), Ok(_) | Err(GeneratedError::InvalidResponsePayload(..))) => {
                Ok(response)
            }
            (Some(Ok(response)), Err(_)) => Err(self.api_error(response)),
            (None, Err(GeneratedError::CommunicationError(error))) => Err(Error::transport(error)),
            // The generated builder refused its input; the hand-written layer has checked it before, field by field.
            (None, _) => Err(Error::invalid_input(
                "request",
                "a required part is missing",
            )),
        }
    }

    /// The error that `response` reports.
    pub(crate) fn api_error(&self, response: HttpResponse) -> Error {
        Error::Api(Box::new(ApiError::read(response, &self.secrets)))
    }
}
