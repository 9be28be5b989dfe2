//! Handles a request: the order in which it is checked, and the check of every response before it is sent.

use std::{
    any::Any,
    borrow::Cow,
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension,
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::FutureExt;
use serde_json::Value;

use crate::{
    Credential, Options, ReplyShape, StartError,
    answer::{Answer, Payload},
    contract::negotiation::Accept,
    contract::note,
    contract::parameters::Given,
    contract::percent::decode_query,
    contract::request_body::{LIMIT, ReceivedBody},
    contract::responses::{Unanswerable, Wanted},
    contract::violation::Violations,
    contract::{Contract, Operation},
    control::Streams,
    cors::Cors,
    faults::{Faults, Plan},
    preferences::{PREFERENCE_APPLIED, Preferences},
    record::{Outcome, Recorder},
    server::connection::Connection,
    state::{self, StateError, operations::Call},
};

/// The state that all requests to a sandbox share.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) contract: Contract,
    pub(crate) recorder: Recorder,
    pub(crate) nonconforming_responses: AtomicUsize,
    pub(crate) state: state::State,
    pub(crate) streams: Streams,
    pub(crate) faults: Faults,
    reply_shape: ReplyShape,
    /// Number of replies so far, for alternating between the shapes.
    alternated: AtomicUsize,
    accepted: Vec<Credential>,
    fail_with: Option<StatusCode>,
    receive_timeout: Duration,
    cors: Cors,
    /// The first panic while handling a request, to be raised in the test that runs the sandbox.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Exchange {
    pub(crate) async fn of(options: &Options) -> Result<Self, StartError> {
        let mut contract = Contract::read(options)?;
        let enumerated = std::mem::take(&mut contract.enumerated_fields);
        let is_stateful = contract.is_stateful();
        Ok(Self {
            faults: Faults::of(&options.scenario, enumerated, contract.operation_names())?,
            contract,
            recorder: Recorder::of(options.record_limits),
            nonconforming_responses: AtomicUsize::new(0),
            state: state::State::of(options, is_stateful).await?,
            streams: Streams::default(),
            reply_shape: options.reply_shape,
            alternated: AtomicUsize::new(0),
            accepted: options.accepted.clone(),
            fail_with: options
                .fail_with
                .and_then(|status| StatusCode::from_u16(status).ok()),
            receive_timeout: options.receive_timeout,
            cors: Cors::of(&options.cors),
            panic: Mutex::new(None),
        })
    }

    /// Restores the initial state.
    pub(crate) async fn reset(&self) -> Result<(), StateError> {
        self.state.reset().await?;
        self.recorder.clear();
        self.faults.reset();
        Ok(())
    }

    /// Takes the first panic that occurred while handling a request, so that it is reported once.
    pub(crate) fn take_panic(&self) -> Option<Box<dyn Any + Send>> {
        let mut panic = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
        panic.take()
    }

    /// Awaits a response. If that panics, keeps the panic and responds with an error.
    pub(crate) async fn guard<T>(
        &self,
        answer: impl Future<Output = (Option<T>, Answer)>,
    ) -> (Option<T>, Answer) {
        match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(answer) => answer,
            Err(panic) => {
                let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
                first.get_or_insert(panic);
                let message = "the sandbox panicked; this is a bug in the sandbox";
                let answer = Answer::failure(StatusCode::INTERNAL_SERVER_ERROR, message);
                (None, answer)
            }
        }
    }

    async fn answer<'a>(
        &'a self,
        head: &Parts,
        body: &ReceivedBody,
    ) -> (Option<(&'a Operation, Plan)>, Answer) {
        if let ReceivedBody::Broken = body {
            let answer = Answer::failure(StatusCode::BAD_REQUEST, "the body is incomplete");
            return (None, answer);
        }
        if let ReceivedBody::TooSlow = body {
            let message = format!("the body did not arrive within {:?}", self.receive_timeout);
            let answer = Answer::failure(StatusCode::REQUEST_TIMEOUT, message);
            return (None, answer.header(header::CONNECTION, "close"));
        }
        let found = self.contract.find(head.uri.path());
        if let Some(answer) = self.cors.preflight(head) {
            let path = found.ok().flatten();
            return match path.map(|path| list_methods(self.contract.operations(&path))) {
                Some(described) => (None, answer.header(header::ALLOW, &described)),
                None => (None, answer),
            };
        }
        let path = match found {
            Ok(Some(path)) => path,
            Ok(None) => {
                let message = format!("no such path: {}", self.contract.description());
                return (None, Answer::failure(StatusCode::NOT_FOUND, message));
            }
            Err(_) => {
                let message = "the path is not percent-encoded UTF-8";
                return (None, Answer::failure(StatusCode::BAD_REQUEST, message));
            }
        };
        let operations = self.contract.operations(&path);
        let Some(operation) = find_operation(operations, &head.method) else {
            return (None, undescribed_method(operations, &head.method));
        };
        let mut plan = match self.faults.plan(head, &operation.name) {
            Ok(plan) => plan,
            Err(rejection) => return (Some((operation, Plan::default())), rejection),
        };
        let answer = if plan.performs() {
            let names = operation.path_parameters.iter().map(String::as_str);
            let parameters: Vec<_> = names.zip(path.values).collect();
            let answer = self.perform(operation, &parameters, head, body).await;
            self.check(operation, answer.unwrap_or_else(|rejection| rejection))
        } else {
            plan.instead()
        };
        let answer = plan.alter(answer, &operation.responses);
        (Some((operation, plan)), answer)
    }

    /// Validates a request to an operation and handles it; `Err` is the response to an invalid request.
    async fn perform(
        &self,
        operation: &Operation,
        path: &[(&str, Cow<'_, str>)],
        head: &Parts,
        body: &ReceivedBody,
    ) -> Result<Answer, Answer> {
        let preferences = Preferences::of(&head.headers)?;
        let (body, note) = self.validate(operation, path, head, body).await?;
        let mut answer = self
            .accept(operation, path, head, body, &preferences)
            .await?;
        answer.headers.extend(note.as_deref().map(note::header));
        answer.remark = note;
        Ok(answer)
    }

    /// Handles a valid request.
    async fn accept(
        &self,
        operation: &Operation,
        path: &[(&str, Cow<'_, str>)],
        head: &Parts,
        body: Option<&Value>,
        preferences: &Preferences,
    ) -> Result<Answer, Answer> {
        let accept = Accept::of(&head.headers);
        if preferences.is_any() && !(preferences.is_for_ok() && operation.handler.is_some()) {
            let answer = operation.prefer(preferences, &accept)?;
            return Ok(answer.header(PREFERENCE_APPLIED, &preferences.applied()));
        }
        let forced = self.fail_with;
        if let Some(status) = forced.filter(|status| operation.responses.describe(*status)) {
            let example = operation.responses.example(status, Wanted::any());
            let message = || format!("the sandbox is configured to return {status}");
            return Ok(example.unwrap_or_else(|_| Answer::failure(status, message())));
        }
        let shape = self.next_shape();
        let Some(handler) = operation.handler else {
            let wanted = Wanted {
                accept: &accept,
                name: Some(shape.name()),
                only_this_name: false,
            };
            let answer = operation.responses.success(wanted);
            return answer.map_err(|reason| operation.refuse(reason));
        };
        let accepted = operation.responses.accept_json(&accept);
        accepted.map_err(|reason| operation.refuse(reason))?;
        let call = Call {
            path_parameters: path,
            body,
            is_enveloped: shape == ReplyShape::Enveloped,
        };
        let answer = handler.answer(&self.state, &call).await;
        if preferences.code == Some(answer.status) {
            return Ok(answer.header(PREFERENCE_APPLIED, &preferences.applied()));
        }
        Ok(answer)
    }

    /// Validates a request against the document. `Ok` contains its body, if it is JSON, and a note on what was ignored.
    async fn validate<'a>(
        &self,
        operation: &Operation,
        path: &[(&str, Cow<'_, str>)],
        head: &Parts,
        body: &'a ReceivedBody,
    ) -> Result<(Option<&'a Value>, Option<String>), Answer> {
        let query = decode_query(head.uri.query().unwrap_or_default());
        let query = query.ok_or_else(|| {
            let message = "the query is not percent-encoded UTF-8";
            Answer::failure(StatusCode::BAD_REQUEST, message)
        })?;
        let security = &operation.security;
        if !security.is_satisfied(&self.accepted, &head.headers, &query) {
            return Err(unauthorized(operation));
        }
        if let ReceivedBody::TooLarge = body {
            let message = format!("the body is larger than {LIMIT} bytes");
            return Err(Answer::failure(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        let (body, wrong_in_body) = match &operation.body {
            Some(described) => described.validate(&head.headers, body).await?,
            None => (None, Violations::default()),
        };
        let given = Given {
            path,
            query: &query,
            headers: &head.headers,
        };
        let mut violations = Violations::default();
        for parameter in &operation.parameters {
            let found = parameter.violations(given);
            violations.append(found.map_err(Answer::unusable)?);
        }
        violations.append(wrong_in_body);
        if !violations.is_empty() {
            return Err(Answer::invalid(&violations));
        }
        Ok((body, violations.note()))
    }

    /// The shape of the next reply, with `Alternate` resolved.
    fn next_shape(&self) -> ReplyShape {
        let is_odd = || self.alternated.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        match self.reply_shape {
            ReplyShape::Alternate if is_odd() => ReplyShape::Enveloped,
            ReplyShape::Alternate => ReplyShape::Flat,
            shape => shape,
        }
    }

    /// Replaces a response that does not conform to the document.
    fn check(&self, operation: &Operation, answer: Answer) -> Answer {
        let Some(problem) = operation.responses.problem(&answer) else {
            return answer;
        };
        if answer.is_own_failure {
            // Another document may define a different error shape, which its example has.
            let example = operation.responses.example(answer.status, Wanted::any());
            let conforming = example
                .ok()
                .filter(|example| operation.responses.problem(example).is_none());
            if let Some(mut example) = conforming {
                example.headers.extend(answer.headers);
                example.problems = answer.problems;
                return example;
            }
        }
        self.nonconforming_responses.fetch_add(1, Ordering::Relaxed);
        let message = format!(
            "the sandbox's own {} response to `{}` does not conform to the document: {problem}",
            answer.status.as_u16(),
            operation.name,
        );
        Answer::failure(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

/// Handles a request; the only handler of the server.
pub(crate) async fn respond(
    State(exchange): State<Arc<Exchange>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = ReceivedBody::receive(&head.headers, body, exchange.receive_timeout).await;
    let _answering = connection.answering();
    let (planned, answer) = exchange.guard(exchange.answer(&head, &body)).await;
    let (operation, plan) = planned.unzip();
    let plan = plan.unwrap_or_default();
    let outcome = Outcome {
        operation: operation.map(|operation| Arc::clone(&operation.name)),
        fault: plan.name(),
    };
    let redaction = &exchange.contract.redaction;
    exchange
        .recorder
        .record(redaction, &head, &body, &answer, outcome);
    let mut response = plan.inject(answer, &connection).await;
    exchange.cors.permit(&head, response.headers_mut());
    response
}

impl Operation {
    /// The response that a request prefers.
    fn prefer(&self, preferences: &Preferences, accept: &Accept) -> Result<Answer, Answer> {
        let wanted = Wanted {
            accept,
            name: preferences.example.as_deref(),
            only_this_name: preferences.example.is_some(),
        };
        let answer = match preferences.code {
            Some(code) => self.responses.example(code, wanted),
            None => self.responses.success(wanted),
        };
        answer.map_err(|reason| self.refuse(reason))
    }

    /// The error for a missing response.
    fn refuse(&self, reason: Unanswerable) -> Answer {
        let list = |what: &[String]| match what {
            [] => "none".to_owned(),
            what => format!("`{}`", what.join("`, `")),
        };
        let (status, message) = match &reason {
            Unanswerable::Success(statuses) => (
                StatusCode::NOT_IMPLEMENTED,
                match statuses.as_slice() {
                    [] => format!("the document defines no responses for `{}`", self.name),
                    statuses => format!(
                        "the document defines no success response for `{}`, only {}; request one with `Prefer: code=STATUS`",
                        self.name,
                        list(statuses)
                    ),
                },
            ),
            Unanswerable::Status(statuses) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "the document defines no such response for `{}`; available: {}",
                    self.name,
                    list(statuses)
                ),
            ),
            Unanswerable::Name(names) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "this response of `{}` has no example with that name; available: {}",
                    self.name,
                    list(names)
                ),
            ),
            Unanswerable::Accept(media_types) => (
                StatusCode::NOT_ACCEPTABLE,
                format!(
                    "`Accept` allows no media type of this response of `{}`; available: {}",
                    self.name,
                    list(media_types)
                ),
            ),
            Unanswerable::Example(problem) => (
                StatusCode::NOT_IMPLEMENTED,
                format!(
                    "the sandbox cannot generate a response for `{}`: {problem}",
                    self.name
                ),
            ),
        };
        Answer::failure(status, message)
    }
}

/// Finds the operation of a method. `HEAD` falls back to `GET`.
fn find_operation<'a>(
    operations: &'a BTreeMap<String, Operation>,
    method: &Method,
) -> Option<&'a Operation> {
    let described = operations.get(method.as_str());
    described.or_else(|| operations.get("GET").filter(|_| *method == Method::HEAD))
}

/// Lists the documented methods: in a 405, or in the response to `OPTIONS`.
fn undescribed_method(operations: &BTreeMap<String, Operation>, method: &Method) -> Answer {
    let described = list_methods(operations);
    let answer = if *method == Method::OPTIONS {
        Answer::new(StatusCode::NO_CONTENT, Payload::Empty)
    } else {
        let message = format!("the document defines only {described} for this path");
        Answer::failure(StatusCode::METHOD_NOT_ALLOWED, message)
    };
    answer.header(header::ALLOW, &described)
}

fn list_methods(operations: &BTreeMap<String, Operation>) -> String {
    let methods: Vec<_> = operations.keys().map(String::as_str).collect();
    methods.join(", ")
}

fn unauthorized(operation: &Operation) -> Answer {
    let answer = Answer::failure(StatusCode::UNAUTHORIZED, "Unauthorized")
        .explain(operation.security.description());
    let challenges = operation.security.challenges();
    challenges.iter().fold(answer, |answer, challenge| {
        answer.header(header::WWW_AUTHENTICATE, challenge)
    })
}
