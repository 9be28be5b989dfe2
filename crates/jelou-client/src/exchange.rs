//! One request and what became of it.
//!
//! progenitor's own errors drop the status and the headers of an answer that they cannot read, and print headers and bodies. So
//! what happened is recorded here, and its errors are never formatted.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use progenitor_client::{Error as GeneratedError, ResponseValue};
use serde_json::Value;

use crate::credentials::Credentials;
use crate::generated::contract::SECRET_PROPERTIES;
use crate::transport::{BODY_LIMIT, Earlier, Transport};
use crate::{ApiError, Error, HttpResponse, Secret};

/// The state of one call: who asks, how it is sent, and what came back.
///
/// It is public only because the generated client names it; nobody else can make one.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) transport: Arc<Transport>,
    secrets: Arc<Mutex<Vec<Secret>>>,
    record: Arc<Mutex<Option<Record>>>,
    earlier: Arc<OnceLock<Earlier>>,
}

/// What the generated code does not hand on.
#[derive(Debug)]
pub(crate) enum Record {
    /// The request was refused before it was sent.
    Refused(Error),
    /// The answer, whole.
    Answer(HttpResponse),
    /// The status of an answer that was too long to be read.
    TooLong(u16),
    /// The status of an answer that broke off.
    BrokenOff(u16),
}

impl Exchange {
    pub(crate) fn new(credentials: Arc<Credentials>, transport: Arc<Transport>) -> Self {
        Self {
            secrets: Arc::new(Mutex::new(credentials.secrets())),
            credentials,
            transport,
            record: Arc::default(),
            earlier: Arc::default(),
        }
    }

    /// Adds the secrets of a request body, so that no error shows one should the server echo it. Which properties are secret is in
    /// the document, so no operation can forget its own.
    pub(crate) fn protect_body(&self, body: &[u8]) {
        if let Ok(body) = serde_json::from_slice(body) {
            collect_secrets(
                &body,
                &mut self.secrets.lock().unwrap_or_else(PoisonError::into_inner),
            );
        }
    }

    /// Records what became of the request.
    pub(crate) fn record(&self, record: Record) {
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record);
    }

    /// Records the attempts before the last one.
    pub(crate) fn record_earlier(&self, earlier: Earlier) {
        // A call is made once.
        _ = self.earlier.set(earlier);
    }

    fn may_have_been_applied_before(&self) -> bool {
        self.earlier
            .get()
            .is_some_and(|earlier| earlier.may_have_been_applied)
    }

    /// The successful answer, whether or not the generated code could read it; it is read again, with better errors.
    pub(crate) fn finish<T, E>(
        &self,
        result: Result<ResponseValue<T>, GeneratedError<E>>,
    ) -> Result<HttpResponse, Error> {
        let record = self
            .record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match (record, result) {
            (Some(Record::Refused(error)), _) => Err(error),
            (Some(Record::TooLong(status)), _) => Err(Error::TooLong {
                status,
                limit: BODY_LIMIT,
            }),
            (
                Some(Record::Answer(response)),
                Ok(_) | Err(GeneratedError::InvalidResponsePayload(..)),
            ) => Ok(response),
            (Some(Record::Answer(response)), Err(_)) => Err(self.api_error(response)),
            (Some(Record::BrokenOff(status)), Err(GeneratedError::CommunicationError(error))) => {
                Err(Error::broken_off(status, error))
            }
            (_, Err(GeneratedError::CommunicationError(error))) => {
                Err(Error::transport(error, self.may_have_been_applied_before()))
            }
            // The generated builder refused its input; the hand-written layer has checked it before, field by field.
            (_, _) => Err(Error::invalid_input(
                "request",
                "a required part is missing",
            )),
        }
    }

    /// The error that `response` reports.
    pub(crate) fn api_error(&self, response: HttpResponse) -> Error {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Error::Api(Box::new(ApiError::read(
            response,
            &secrets,
            self.may_have_been_applied_before(),
        )))
    }
}

/// The texts that stand anywhere in `value` under the name of a secret property.
fn collect_secrets(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if SECRET_PROPERTIES.contains(&name.as_str()) => {
                        secrets.push(text.as_str().into())
                    }
                    _ => collect_secrets(member, secrets),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, secrets)),
        _ => {}
    }
}
