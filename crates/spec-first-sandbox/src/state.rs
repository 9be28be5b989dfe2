//! What a sandbox keeps between requests, for operations that need more than an example. Everything specific to an API is
//! behind [`State`].

use std::{borrow::Cow, error::Error, fmt, pin::Pin};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Deliveries, DocumentedOperation, Rejection,
    contract::{
        Contract, Operation,
        answer::{Answer, Payload},
        negotiation::ANYTHING,
        responses::{Responses, Wanted},
        security::single_header,
    },
};

/// What the methods of [`State`] return.
pub type StateFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The state of an API: answers the operations for which an example is not enough.
///
/// Every method has a default, which is that of an API without state. Requests are validated before they get here, and replies
/// are validated before they are sent.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
///
/// use serde_json::json;
/// use spec_first_sandbox::{Call, DocumentedOperation, Options, Rejection, Reply, Sandbox, State, StateFuture, StatusCode};
///
/// /// Counts the visits.
/// #[derive(Debug, Default)]
/// struct Visits(AtomicU64);
///
/// impl State for Visits {
///     fn handles(&self, operation: DocumentedOperation<'_>) -> bool {
///         operation.id == Some("visit")
///     }
///
///     fn answer<'a>(&'a self, _: Call<'a>) -> StateFuture<'a, Result<Reply, Rejection>> {
///         let visits = self.0.fetch_add(1, Ordering::Relaxed) + 1;
///         Box::pin(async move { Ok(Reply::json(StatusCode::OK, json!(visits)).changed()) })
///     }
/// }
///
/// # const DOCUMENT: &str = "openapi: 3.0.3\npaths:\n  /visits:\n    post:\n      operationId: visit\n      responses: {'200': {description: The number of visits.}}\n";
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spec_first_sandbox::StartError> {
/// let prepared = Sandbox::prepare(Options::new("visits.yaml", DOCUMENT))?;
/// let sandbox = prepared.start(Arc::new(Visits::default())).await?;
/// # sandbox.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub trait State: fmt::Debug + Send + Sync + 'static {
    /// Reads what it needs from the document that is going to be served: at startup, and for each new version of it.
    fn serve(&self, served: Served<'_>) {
        _ = served;
    }

    /// Whether the operation is answered from the state, and not with an example. Asked once for each operation, at startup and
    /// for each new version of the document.
    fn handles(&self, operation: DocumentedOperation<'_>) -> bool {
        _ = operation;
        false
    }

    /// Performs a valid request to an operation that the state handles. What it changes must be stored once this is done, even
    /// if the process is killed right after.
    ///
    /// # Errors
    /// The request cannot be performed, for example because it names something that does not exist.
    fn answer<'a>(&'a self, call: Call<'a>) -> StateFuture<'a, Result<Reply, Rejection>> {
        let message = format!("the state does not answer `{}`", call.operation.name);
        let rejection = Rejection::new(StatusCode::NOT_IMPLEMENTED, message);
        Box::pin(async { Err(rejection) })
    }

    /// The entries after `after`, at most `limit` of them, for the control API and its page. Must not contain secrets.
    ///
    /// Each member that is an object is a collection: its members are entries, and its name is the heading. `next` is the last
    /// key if there are more entries, `total` the number of all entries, and `note` a sentence for people. Other members are
    /// shown as they are.
    ///
    /// # Errors
    /// The state cannot be read.
    fn show(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> StateFuture<'_, Result<Map<String, Value>, StateError>> {
        _ = (after, limit);
        Box::pin(async { Ok(Map::new()) })
    }

    /// Replaces everything with what this text describes; error messages call the text `body`.
    ///
    /// # Errors
    /// The text is invalid, or the state cannot be written.
    fn replace(&self, seed: String) -> StateFuture<'_, Result<(), StateError>> {
        _ = seed;
        let help = "its responses come from the examples and schemas of the document";
        let error = StateError::invalid("this sandbox keeps no state", help);
        Box::pin(async { Err(error) })
    }

    /// Restores the initial state.
    ///
    /// # Errors
    /// The state cannot be written.
    fn reset(&self) -> StateFuture<'_, Result<(), StateError>> {
        Box::pin(async { Ok(()) })
    }

    /// Whether it sends the webhooks of the document itself, since it knows more about them than the document does, such as
    /// their signing secret. The control API then sends none by hand.
    fn sends_webhooks(&self) -> bool {
        false
    }

    /// What the state adds to the control API: the method, the path below `/_sandbox/`, and what it is for.
    fn control_routes(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &[]
    }

    /// Forms on the page that send what is typed to one of [`control_routes`](Self::control_routes).
    fn forms(&self) -> &'static [Form] {
        &[]
    }

    /// Answers a request to one of [`control_routes`](Self::control_routes). `body` is `null` if there is none.
    ///
    /// # Errors
    /// The request is invalid, or the state cannot be used.
    fn control<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Value,
    ) -> StateFuture<'a, Result<Reply, StateError>> {
        _ = (method, path, body);
        let error = StateError::invalid("the state has no such route", "");
        Box::pin(async { Err(error) })
    }

    /// Releases what the state uses, such as files. Called once, after the last request.
    fn close(&self) -> StateFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// A form on the page, for what people do that the documented operations cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Form {
    /// What it does, such as `Write as a user`.
    pub title: &'static str,
    /// The path below `/_sandbox/`, to which an object is sent with `POST`.
    pub path: &'static str,
    /// The members of the object, all of them text, and what each means.
    pub fields: &'static [(&'static str, &'static str)],
}

/// A document that is going to be served.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) deliveries: &'a Deliveries,
}

impl<'a> Served<'a> {
    /// The operations in the document, in no particular order.
    pub fn operations(self) -> impl Iterator<Item = DocumentedOperation<'a>> {
        self.contract.all_operations().map(Operation::documented)
    }

    /// What sends requests to webhooks, for a state that knows more about them than the document.
    pub fn deliveries(self) -> Deliveries {
        self.deliveries.clone()
    }
}

/// No state: every operation is answered with an example.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stateless;

impl State for Stateless {}

/// A valid request to a stateful operation.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) path_parameters: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) query: &'a [(Cow<'a, str>, Cow<'a, str>)],
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Option<&'a Value>,
    pub(crate) raw_body: &'a [u8],
    pub(crate) wanted: Wanted<'a>,
}

/// What a state replies to a request that it performed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    status: StatusCode,
    body: Option<Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the document alone says what is sent.
    is_documented: bool,
    pub(crate) has_changed: bool,
}

/// Why the state cannot be read or changed.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
#[non_exhaustive]
pub struct StateError {
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub help: String,
    pub(crate) is_invalid: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl<'a> Call<'a> {
    /// The operation that the request is for.
    pub fn operation(&self) -> DocumentedOperation<'a> {
        self.operation.documented()
    }

    /// The decoded value of a path parameter.
    pub fn path_parameter(&self, name: &str) -> Option<&'a str> {
        let mut parameters = self.path_parameters.iter();
        parameters.find_map(|(given, value)| (*given == name).then_some(&**value))
    }

    /// The decoded names and values in the query, in order.
    pub fn query(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.query.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The body, if it is JSON or a form.
    pub fn body(&self) -> Option<&'a Value> {
        self.body
    }

    /// The bytes of the body as they were received, for signatures; empty if there is none.
    pub fn raw_body(&self) -> &'a [u8] {
        self.raw_body
    }

    /// The value of a header that occurs exactly once, if it is text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        single_header(self.headers, name)
    }

    /// The name of the example that the response should look like; see [`Options::examples`](crate::Options::examples).
    pub fn example(&self) -> Option<&'a str> {
        self.wanted.name
    }

    /// The success response that the document describes: the one that is sent without a state. `None` if the document has no
    /// such response in JSON.
    pub fn response(&self) -> Option<Reply> {
        self.success(self.wanted)
    }

    /// The documented example with the name that the options ask for, if the response has one.
    pub(crate) fn named_example(&self) -> Option<Reply> {
        self.wanted.name?;
        self.success(Wanted {
            only_this_name: true,
            ..self.wanted
        })
    }

    fn success(&self, wanted: Wanted<'_>) -> Option<Reply> {
        let wanted = Wanted {
            accept: &ANYTHING,
            ..wanted
        };
        let answer = self.operation.responses.success(wanted).ok()?;
        Some(match answer.payload {
            Payload::Empty => Reply::empty(answer.status),
            payload => Reply::json(answer.status, payload.json()?.clone()),
        })
    }
}

impl Reply {
    /// A reply in JSON.
    pub fn json(status: StatusCode, body: Value) -> Self {
        Self {
            body: Some(body),
            ..Self::empty(status)
        }
    }

    /// A reply without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            headers: Vec::new(),
            is_documented: false,
            has_changed: false,
        }
    }

    /// The success response that is sent without state.
    pub(crate) fn documented(status: StatusCode) -> Self {
        Self {
            is_documented: true,
            ..Self::empty(status)
        }
    }

    /// Sets a header, in place of one that was set before.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.retain(|(known, _)| *known != name);
            self.headers.push((name, value));
        }
        self
    }

    /// Says that the request changed the state, which is then shown again to those who watch it.
    #[must_use]
    pub fn changed(mut self) -> Self {
        self.has_changed = true;
        self
    }

    /// The answer in the media type that the client prefers.
    pub(crate) fn written(self, responses: &Responses, wanted: Wanted<'_>) -> Answer {
        let mut answer = match self.body {
            Some(body) => responses.write(self.status, body, wanted.accept),
            None if self.is_documented
                && let Ok(answer) = responses.success(wanted) =>
            {
                answer
            }
            None => Answer::new(self.status, Payload::Empty),
        };
        answer.headers.extend(self.headers);
        answer
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }
}

impl StateError {
    /// The caller gave something that is invalid.
    pub fn invalid(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            help: help.into(),
            is_invalid: true,
            source: None,
        }
    }

    /// The state itself failed, for example because its file cannot be written.
    pub fn failed(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            is_invalid: false,
            ..Self::invalid(problem, help)
        }
    }

    /// Adds the cause that the operating system or another library reported.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
