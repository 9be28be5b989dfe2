//! One request and what became of it.
//!
//! progenitor's own errors drop the status and the headers of an answer that they cannot read, and print headers and bodies. So
//! what happened is recorded here, and its errors are never formatted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use progenitor_client::{Error as GeneratedError, ResponseValue};
use serde_json::Value;

use crate::contract::Operation;
use crate::credentials::Credentials;
use crate::generated::contract::SECRET_PROPERTIES;
use crate::transport::{BODY_LIMIT, Earlier, Transport};
use crate::{ApiError, Error, HttpRequest, HttpResponse, Secret, headers};

/// The state of one call: who asks, how it is sent, and what came back.
///
/// It is public only because the generated client names it; nobody else can make one.
#[derive(Clone, Debug)]
pub struct Exchange {
    credentials: Arc<Credentials>,
    pub(crate) transport: Arc<Transport>,
    decoded_by: Decoder,
    is_rehearsal: bool,
    options: CallOptions,
    course: Arc<Mutex<Course>>,
}

/// The caller's headers and timeout for one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) headers: HeaderMap,
    /// For the call, including its retries and waits.
    pub(crate) timeout: Option<Duration>,
}

/// Who decodes the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoder {
    /// [`Reply`](crate::Reply): the generated code gets an empty answer, since what it decodes would be thrown away.
    Reply,
    /// The generated code.
    Generated,
}

/// What happened so far.
#[derive(Debug, Default)]
struct Course {
    /// The request that was sent. It contains secrets, which are searched for only where an error may show one.
    request_body: Option<Secret>,
    earlier: Earlier,
    record: Option<Record>,
}

/// What the generated code does not hand on.
#[derive(Debug)]
pub(crate) enum Record {
    /// The request is ready, and was not to be sent.
    Prepared(HttpRequest),
    /// The request was refused before it was sent.
    Refused(Error),
    /// The answer.
    Answer(HttpResponse),
    /// The status of an answer that broke off.
    BrokenOff(u16),
}

impl Exchange {
    pub(crate) fn new(
        credentials: Arc<Credentials>,
        transport: Arc<Transport>,
        decoded_by: Decoder,
    ) -> Self {
        Self {
            credentials,
            transport,
            decoded_by,
            is_rehearsal: false,
            options: CallOptions::default(),
            course: Arc::default(),
        }
    }

    /// The same for a call that is not to be sent.
    pub(crate) fn rehearsing(mut self) -> Self {
        self.is_rehearsal = true;
        self
    }

    /// The same with `options`.
    pub(crate) fn with_options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Adds the credentials that `operation` asks for to `headers`, and the headers of the caller.
    pub(crate) fn apply(
        &self,
        operation: &Operation,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        self.credentials.apply(operation, headers)?;
        headers::add_missing(headers, &self.options.headers);
        Ok(())
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.options.timeout
    }

    pub(crate) fn is_rehearsal(&self) -> bool {
        self.is_rehearsal
    }

    /// The headers and the body of the answer, as far as the generated code needs them.
    pub(crate) fn for_generated_code(&self, response: &HttpResponse) -> (HeaderMap, Bytes) {
        match self.decoded_by {
            Decoder::Reply => Default::default(),
            Decoder::Generated => (response.headers.clone(), response.body.clone()),
        }
    }

    /// Keeps the body of the request, so that no error shows a secret of it should the server echo it. Which properties are
    /// secret is in the document, so no operation can forget its own.
    pub(crate) fn protect_body(&self, body: &[u8]) {
        // What is not text is not JSON, and has no properties.
        self.course().request_body = std::str::from_utf8(body).ok().map(Secret::from);
    }

    /// Records what became of the request.
    pub(crate) fn record(&self, record: Record) {
        self.course().record = Some(record);
    }

    /// Records the attempts before the last one.
    pub(crate) fn record_earlier(&self, earlier: Earlier) {
        self.course().earlier = earlier;
    }

    /// The successful answer, whether or not the generated code could read it; it is read again, with better errors.
    pub(crate) fn finish<T, E>(
        &self,
        result: Result<ResponseValue<T>, GeneratedError<E>>,
    ) -> Result<HttpResponse, Error> {
        let record = self.course().record.take();
        match (record, result) {
            (Some(Record::Refused(error)), _) => Err(error),
            (Some(Record::Answer(response)), _) if response.is_cut_off && response.is_success() => {
                Err(Error::TooLong {
                    response: Box::new(response),
                    limit: BODY_LIMIT,
                })
            }
            (Some(Record::Answer(response)), _) if response.is_success() => Ok(response),
            (Some(Record::Answer(response)), _) => Err(self.api_error(response)),
            (Some(Record::BrokenOff(status)), Err(GeneratedError::CommunicationError(error))) => {
                Err(Error::broken_off(status, error))
            }
            (_, Err(GeneratedError::CommunicationError(error))) => {
                let earlier = self.course().earlier;
                Err(Error::transport(error, earlier.may_have_been_applied))
            }
            // The generated builder refused its input; the hand-written layer has checked it before, field by field.
            (_, _) => Err(missing_part()),
        }
    }

    /// The request of a rehearsal.
    pub(crate) fn prepared(&self) -> Result<HttpRequest, Error> {
        match self.course().record.take() {
            Some(Record::Prepared(request)) => Ok(request),
            Some(Record::Refused(error)) => Err(error),
            _ => Err(missing_part()),
        }
    }

    /// The error that `response` reports.
    pub(crate) fn api_error(&self, response: HttpResponse) -> Error {
        let before = self.course().earlier.may_have_been_applied;
        Error::Api(Box::new(ApiError::read(response, &self.secrets(), before)))
    }

    /// The secrets that were sent: the credentials, and those of the body.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.credentials.secrets();
        if let Some(body) = &self.course().request_body
            && let Ok(body) = serde_json::from_str(body.expose())
        {
            collect_secrets(&body, &mut secrets);
        }
        secrets
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing_part() -> Error {
    Error::invalid_input("request", "a required part is missing")
}

/// The strings anywhere in `value` under the name of a secret property.
pub(crate) fn collect_secrets(value: &Value, secrets: &mut Vec<Secret>) {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::RetryPolicy;

    fn exchange() -> Exchange {
        let transport = Transport::new(RetryPolicy::never(), Duration::ZERO);
        let credentials = Arc::new(Credentials::api_key("API_KEY"));
        Exchange::new(credentials, Arc::new(transport), Decoder::Reply)
    }

    #[test]
    fn a_rehearsal_that_is_refused_says_why() {
        let exchange = exchange().rehearsing();
        exchange.record(Record::Refused(Error::invalid_input(
            "API key",
            "it is empty",
        )));
        let error = exchange.prepared().unwrap_err();
        assert_eq!(error.to_string(), "the API key cannot be used: it is empty");
    }

    #[test]
    fn only_an_answer_that_says_success_is_one() {
        for (status, is_success) in [(199, false), (200, true), (299, true), (300, false)] {
            let exchange = exchange();
            exchange.record(Record::Answer(HttpResponse::new(status, "{}")));
            let unread: GeneratedError<()> = GeneratedError::Custom(String::new());
            let result = exchange.finish::<(), ()>(Err(unread));
            assert_eq!(result.is_ok(), is_success, "{status}");
        }
    }

    #[test]
    fn only_the_secret_members_of_a_body_are_secrets() {
        let exchange = exchange();
        exchange.protect_body(
            br#"[{"authorization":"a","webhookUrl":"b","x":{"authorization":"c"}},{"authorization":["d"]}]"#,
        );
        let secrets = exchange.secrets();
        let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
        assert_eq!(secrets, ["API_KEY", "a", "c"]);
    }
}
