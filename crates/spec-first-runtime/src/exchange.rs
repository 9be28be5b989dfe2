//! One call: its request and the outcome.
//!
//! progenitor's own errors drop the status and the headers of a response that they cannot read, and print headers and bodies. So
//! what happened is recorded here, and its errors are never formatted.

mod hooks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use progenitor_client::{Error as GeneratedError, ResponseValue};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::{Api, Operation};
use crate::client::Client;
use crate::transport::{BODY_LIMIT, Earlier};
use crate::{
    ApiError, Error, HttpRequest, HttpResponse, InvalidInput, Reply, ReplyValue, Secret, headers,
};

/// One call before it is sent: the client, and the headers and timeout of this call.
#[derive(Clone, Debug)]
pub struct Call {
    client: Client,
    /// Added to those of the client, and take precedence over them.
    headers: HeaderMap,
    timeout: Option<Duration>,
}

impl Call {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            headers: HeaderMap::new(),
            timeout: None,
        }
    }

    /// Adds a header, or replaces one of [`ClientBuilder::header`](crate::ClientBuilder::header).
    ///
    /// # Errors
    /// The header carries credentials, is set by the client, or has a name or value that HTTP does not allow.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), InvalidInput> {
        let (name, value) = headers::parse_additional(self.client.api(), name, value)
            .map_err(|reason| InvalidInput::new("header", reason))?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Limits the call, including retries and waits; replaces [`RetryPolicy::deadline`](crate::RetryPolicy::deadline).
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// The exchange that sends this call and reads the response with [`Exchange::reply`].
    pub fn exchange(self) -> Exchange {
        Exchange::new(self, Decoder::Reply)
    }

    /// The exchange that sends nothing and keeps the request for [`Exchange::prepared`].
    pub fn rehearsal(self) -> Exchange {
        let mut exchange = self.exchange();
        exchange.is_rehearsal = true;
        exchange
    }

    /// The exchange that hands the whole response to the generated code.
    pub fn raw(self) -> Exchange {
        Exchange::new(self, Decoder::Generated)
    }
}

/// One call while it is sent: client, headers and timeout, request and response. It is the inner value of a generated client.
#[derive(Clone, Debug)]
pub struct Exchange {
    client: Client,
    headers: HeaderMap,
    timeout: Option<Duration>,
    decoded_by: Decoder,
    is_rehearsal: bool,
    course: Arc<Mutex<Course>>,
}

/// What decodes the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decoder {
    /// [`Reply`]: the generated code gets an empty response, because what it decodes would be discarded.
    Reply,
    /// The generated code.
    Generated,
}

/// What happened so far.
#[derive(Debug, Default)]
struct Course {
    /// The body that was sent. It contains secrets, which are looked up only if an error might show one.
    request_body: Option<Secret>,
    earlier: Earlier,
    record: Option<Record>,
}

/// What the generated code does not return.
#[derive(Debug)]
pub(crate) enum Record {
    /// The request of a rehearsal.
    Prepared(HttpRequest),
    /// The request was refused before it was sent.
    Refused(Error),
    /// The response.
    Answer(HttpResponse),
    /// The status of a response that broke off.
    BrokenOff(u16),
}

impl Exchange {
    fn new(call: Call, decoded_by: Decoder) -> Self {
        Self {
            client: call.client,
            headers: call.headers,
            timeout: call.timeout,
            decoded_by,
            is_rehearsal: false,
            course: Arc::default(),
        }
    }

    /// The client that sends the request.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The value in the response, with better errors than the `result` of the generated code.
    ///
    /// # Errors
    /// Every variant of [`Error`].
    pub fn reply<T, U, E>(
        self,
        result: Result<ResponseValue<U>, GeneratedError<E>>,
    ) -> Result<Reply<T>, Error>
    where
        T: ReplyValue + DeserializeOwned + Default,
    {
        let response = self.finish(result)?;
        Reply::read(response, Some(self))
    }

    /// The request of a [rehearsal](Call::rehearsal).
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if it could not be sent.
    pub fn prepared(&self) -> Result<HttpRequest, Error> {
        match self.course().record.take() {
            Some(Record::Prepared(request)) => Ok(request),
            Some(Record::Refused(error)) => Err(error),
            _ => Err(missing_part()),
        }
    }

    /// Adds the credentials that `operation` asks for, the headers of the call, and those of the client.
    fn apply(&self, operation: &Operation, headers: &mut HeaderMap) -> Result<(), Error> {
        self.client.credentials().apply(operation, headers)?;
        headers::add_missing(headers, &self.headers);
        headers::add_missing(headers, self.client.headers());
        Ok(())
    }

    /// The headers and body of the response, as far as the generated code needs them.
    fn for_generated_code(&self, response: &HttpResponse) -> (HeaderMap, Bytes) {
        match self.decoded_by {
            Decoder::Reply => Default::default(),
            Decoder::Generated => (response.headers.clone(), response.body.clone()),
        }
    }

    /// Keeps the body of the request, so that no error shows a secret in it that the server echoes. The document says which
    /// properties are secret, so no operation can forget its own.
    pub(crate) fn protect_body(&self, body: &[u8]) {
        // Bytes that are not UTF-8 are not JSON, and have no properties.
        self.course().request_body = std::str::from_utf8(body).ok().map(Secret::from);
    }

    /// Records the outcome of the request.
    fn record(&self, record: Record) {
        self.course().record = Some(record);
    }

    /// Records the attempts before the last one.
    fn record_earlier(&self, earlier: Earlier) {
        self.course().earlier = earlier;
    }

    /// The successful response, whether or not the generated code could decode it.
    fn finish<U, E>(
        &self,
        result: Result<ResponseValue<U>, GeneratedError<E>>,
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
            // The generated builder refused its input, which the caller has checked before, field by field.
            (_, _) => Err(missing_part()),
        }
    }

    /// The error that `response` reports.
    pub(crate) fn api_error(&self, response: HttpResponse) -> Error {
        let before = self.course().earlier.may_have_been_applied;
        let error = ApiError::read(self.client.api(), response, &self.secrets(), before);
        Error::Api(Box::new(error))
    }

    /// The secrets that were sent: the credentials, and those in the body.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.client.credentials().secrets();
        if let Some(body) = &self.course().request_body
            && let Ok(body) = serde_json::from_str(body.expose())
        {
            collect_secrets(self.client.api(), &body, &mut secrets);
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
pub(crate) fn collect_secrets(api: &Api, value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if api.secret_properties.contains(&name.as_str()) => {
                        secrets.push(text.as_str().into())
                    }
                    _ => collect_secrets(api, member, secrets),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_secrets(api, item, secrets);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Credentials;
    use crate::sample::client;

    fn call() -> Call {
        client(Credentials::api_key("API_KEY")).call()
    }

    #[test]
    fn a_rehearsal_that_is_refused_says_why() {
        let exchange = call().rehearsal();
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
            let exchange = call().exchange();
            exchange.record(Record::Answer(HttpResponse::new(status, "{}")));
            let unread: GeneratedError<()> = GeneratedError::Custom(String::new());
            let result = exchange.finish::<(), ()>(Err(unread));
            assert_eq!(result.is_ok(), is_success, "{status}");
        }
    }

    #[test]
    fn only_the_secret_members_of_a_body_are_secrets() {
        let exchange = call().exchange();
        exchange.protect_body(
            br#"[{"authorization":"a","webhookUrl":"b","x":{"authorization":"c"}},{"authorization":["d"]}]"#,
        );
        let secrets = exchange.secrets();
        let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
        assert_eq!(secrets, ["API_KEY", "a", "c"]);
    }
}
