//! Handles a request: the order in which it is checked, and the check of every response before it is sent.

mod proxying;
mod selection;

use std::{
    any::Any,
    borrow::Cow,
    panic::{AssertUnwindSafe, resume_unwind},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension,
    extract::{self, Request},
    http::{StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::FutureExt;
use serde_json::Value;
use spec_first_document::Document;
use tokio::sync::watch;

use self::selection::{conforming, find_operation, list_methods, prefer, unauthorized};
use crate::{
    Call, Credential, ErrorFormat, Options, Outgoing, Rejection, Served, StartError, State,
    StateError,
    connection::Connection,
    contract::{
        Contract, Operation, Reading, answer::Answer, expression::Exchanged, note,
        parameters::Given, percent::decode_query, responses::Wanted, violation::Violations,
    },
    cors::Cors,
    faults::{Faults, Plan},
    preferences::{PREFERENCE_APPLIED, Preferences},
    received_body::{LIMIT, ReceivedBody},
    record::{Outcome, Recorder},
    streams::Streams,
    traffic::Recorded,
    upstream::Forwarder,
    webhooks::Webhooks,
};

/// The state that all requests to a sandbox share.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The document that is served, which may be replaced.
    contract: RwLock<Arc<Contract>>,
    reading: Reading,
    pub(crate) recorder: Recorder,
    pub(crate) nonconforming_responses: AtomicUsize,
    pub(crate) state: Arc<dyn State>,
    /// Counts the changes of the state; several of them may be reported as one.
    pub(crate) state_version: watch::Sender<u64>,
    pub(crate) streams: Streams,
    pub(crate) faults: Faults,
    pub(crate) webhooks: Webhooks,
    /// The real server that requests are passed to.
    forwarder: Option<Forwarder>,
    pub(crate) traffic: Recorded,
    errors: ErrorFormat,
    /// The names of the examples that replies look like, in turn.
    examples: RwLock<Vec<Arc<str>>>,
    /// Number of replies so far, if there are several names.
    replies: AtomicUsize,
    accepted: Vec<Credential>,
    fail_with: Option<StatusCode>,
    receive_timeout: Duration,
    cors: Cors,
    /// The first panic while handling a request, to be raised in the test that runs the sandbox.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Exchange {
    /// `state` answers the operations that it handles.
    pub(crate) fn of(
        mut contract: Contract,
        faults: Faults,
        options: Options,
        state: Arc<dyn State>,
        forwarder: Option<Forwarder>,
    ) -> Self {
        let webhooks = Webhooks::of(&options);
        webhooks.deliveries.set_rules(faults.initial_deliveries());
        state.serve(Served {
            contract: &contract,
            deliveries: &webhooks.deliveries,
        });
        contract.find_stateful(|operation| state.handles(operation));
        Self {
            faults,
            contract: RwLock::new(Arc::new(contract)),
            reading: Reading::of(&options),
            forwarder,
            webhooks,
            traffic: Recorded::of(options.decisions),
            recorder: Recorder::of(options.record_limits),
            nonconforming_responses: AtomicUsize::new(0),
            state,
            state_version: watch::Sender::new(0),
            streams: Streams::default(),
            errors: options.errors,
            examples: RwLock::new(options.examples.into_iter().map(Arc::from).collect()),
            replies: AtomicUsize::new(0),
            accepted: options.accepted,
            fail_with: options
                .fail_with
                .and_then(|status| StatusCode::from_u16(status).ok()),
            receive_timeout: options.receive_timeout,
            cors: Cors::of(&options.cors),
            panic: Mutex::new(None),
        }
    }

    /// The document that is served.
    pub(crate) fn contract(&self) -> Arc<Contract> {
        let contract = self.contract.read();
        Arc::clone(&contract.unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves another document; if it cannot be served, goes on with this one.
    pub(crate) async fn reload(&self, document: Document) -> Result<(), StartError> {
        let reading = self.reading;
        // A large document takes a while.
        let read = move || Contract::serve(document, reading);
        let mut contract = match tokio::task::spawn_blocking(read).await {
            Ok(contract) => contract?,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is stopping, and the sandbox with it.
                Err(_) => return Ok(()),
            },
        };
        self.state.serve(Served {
            contract: &contract,
            deliveries: &self.webhooks.deliveries,
        });
        contract.find_stateful(|operation| self.state.handles(operation));
        let served = self.contract.write();
        *served.unwrap_or_else(PoisonError::into_inner) = Arc::new(contract);
        Ok(())
    }

    /// Restores the initial state.
    pub(crate) async fn reset(&self) -> Result<(), StateError> {
        self.state.reset().await?;
        self.announce_change();
        self.recorder.clear();
        self.webhooks.deliveries.reset();
        self.traffic.clear();
        self.faults.reset();
        let rules = self.faults.initial_deliveries();
        self.webhooks.deliveries.set_rules(rules);
        Ok(())
    }

    /// Sends webhooks and callbacks once the answer has left.
    fn send(self: &Arc<Self>, due: Vec<Outgoing>, left: &watch::Receiver<()>) {
        for outgoing in due {
            let (exchange, mut left) = (Arc::clone(self), left.clone());
            let sent = self.webhooks.send(outgoing, async move {
                // Nothing is ever sent on it; it closes.
                _ = left.changed().await;
            });
            tokio::spawn(async move {
                _ = sent.await;
                exchange.announce_change();
            });
        }
    }

    /// Tells those who watch the state that it changed.
    pub(crate) fn announce_change(&self) {
        let is_watched = self.state_version.receiver_count() > 0;
        self.state_version.send_if_modified(|version| {
            *version += 1;
            is_watched
        });
    }

    /// The response to a rejected request.
    fn reject(&self, rejection: Rejection) -> Answer {
        Answer::rejected(rejection, self.errors)
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
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                (None, self.reject(Rejection::new(status, message)))
            }
        }
    }

    async fn answer<'a>(
        &self,
        contract: &'a Contract,
        head: &Parts,
        body: &ReceivedBody,
    ) -> (Option<(&'a Operation, Plan)>, Answer) {
        if let ReceivedBody::Broken = body {
            let rejection = Rejection::new(StatusCode::BAD_REQUEST, "the body is incomplete");
            return (None, self.reject(rejection));
        }
        if let ReceivedBody::TooSlow = body {
            let message = format!("the body did not arrive within {:?}", self.receive_timeout);
            let rejection = Rejection::new(StatusCode::REQUEST_TIMEOUT, message);
            let rejection = rejection.header(header::CONNECTION, "close");
            return (None, self.reject(rejection));
        }
        if let Some(forwarder) = &self.forwarder {
            // Boxed, since it is large, and moved with every other answer.
            return Box::pin(self.pass_on(forwarder, contract, head, body)).await;
        }
        let found = contract.routes.find(head.uri.path(), head.uri.query());
        if let Some(answer) = self.cors.preflight(head) {
            let path = found.ok().flatten();
            return match path.map(|path| list_methods(contract.operations(&path))) {
                Some(described) => (None, answer.header(header::ALLOW, &described)),
                None => (None, answer),
            };
        }
        let path = match found {
            Ok(Some(path)) => path,
            Ok(None) => {
                let message = format!("no such path: {}", contract.description);
                let rejection = Rejection::new(StatusCode::NOT_FOUND, message);
                return (None, self.reject(rejection));
            }
            Err(_) => {
                let message = "the path is not percent-encoded UTF-8";
                let rejection = Rejection::new(StatusCode::BAD_REQUEST, message);
                return (None, self.reject(rejection));
            }
        };
        let operations = contract.operations(&path);
        let Some(operation) = find_operation(operations, head, &path.values, body) else {
            return (None, self.undescribed_method(operations, &head.method));
        };
        let mut plan = match self.faults.plan(head, &operation.name) {
            Ok(plan) => plan,
            Err(rejection) => {
                let plan = Plan::default();
                return (Some((operation, plan)), self.reject(rejection));
            }
        };
        let answer = if plan.performs() {
            let names = operation.path_parameters.iter().map(String::as_str);
            let parameters: Vec<_> = names.zip(path.values).collect();
            let answer = self
                .perform(contract, operation, &parameters, head, body)
                .await;
            let answer =
                answer.unwrap_or_else(|it| self.reject(it.documented_in(&operation.responses)));
            self.check(operation, answer)
        } else {
            plan.instead(self.errors)
        };
        let answer = plan.alter(answer, contract, operation, self.errors);
        (Some((operation, plan)), answer)
    }

    /// Validates a request to an operation and handles it; `Err` is the response to an invalid request.
    async fn perform(
        &self,
        contract: &Contract,
        operation: &Operation,
        path: &[(&str, Cow<'_, str>)],
        head: &Parts,
        body: &ReceivedBody,
    ) -> Result<Answer, Rejection> {
        let preferences = Preferences::of(&head.headers)?;
        let query = decode_query(head.uri.query().unwrap_or_default());
        let query = query.ok_or_else(|| {
            let message = "the query is not percent-encoded UTF-8";
            Rejection::new(StatusCode::BAD_REQUEST, message)
        })?;
        let given = Given {
            path,
            query: &query,
            query_text: head.uri.query().unwrap_or_default(),
            headers: &preferences.leave_others(&head.headers),
        };
        let raw_body = match body {
            ReceivedBody::Complete { bytes, .. } => bytes.as_ref(),
            _ => &[],
        };
        let (body, note) = self.validate(operation, given, body).await?;
        let received = (body.as_deref(), raw_body);
        let mut answer = self
            .accept(operation, given, received, &preferences)
            .await?;
        let requested = (given, body.as_deref());
        answer.due = self
            .webhooks
            .due(contract, operation, head, requested, &answer);
        answer.headers.extend(note.as_deref().map(note::header));
        answer.remark = note;
        Ok(answer)
    }

    /// Handles a valid request.
    async fn accept(
        &self,
        operation: &Operation,
        given: Given<'_>,
        (body, raw_body): (Option<&Value>, &[u8]),
        preferences: &Preferences,
    ) -> Result<Answer, Rejection> {
        let accept = operation.accept(given.headers);
        if preferences.is_any()
            && !(operation.is_stateful && preferences.is_for(operation.usual_status()))
        {
            let answer = prefer(operation, preferences, &accept)?;
            return Ok(answer.header(PREFERENCE_APPLIED, &preferences.applied()));
        }
        let forced = self.fail_with;
        if let Some(status) = forced.filter(|status| operation.responses.describe(*status)) {
            let example = operation.responses.example(status, Wanted::any());
            return Ok(example.unwrap_or_else(|_| {
                let message = format!("the sandbox is configured to return {status}");
                self.reject(Rejection::new(status, message))
            }));
        }
        let exchanged = Exchanged {
            url: "",
            method: operation.documented().method,
            status: 0,
            given,
            body,
            response_headers: &[],
            response_body: None,
        };
        if let Some(answer) = operation.responses.matching(exchanged, &accept) {
            return Ok(answer);
        }
        let name = self.next_example();
        let wanted = Wanted {
            accept: &accept,
            name: name.as_deref(),
            only_this_name: false,
        };
        if !operation.is_stateful {
            return operation.success(wanted);
        }
        let accepted = operation.responses.accept(&accept);
        accepted.map_err(|reason| operation.refuse(reason))?;
        let call = Call {
            operation,
            path_parameters: given.path,
            query: given.query,
            headers: given.headers,
            body,
            raw_body,
            wanted,
        };
        let answer = match self.state.answer(call).await {
            Ok(reply) => {
                if reply.has_changed {
                    self.announce_change();
                }
                reply.written(&operation.responses, wanted)
            }
            Err(rejection) => self.reject(rejection),
        };
        if preferences.code == Some(answer.status) {
            return Ok(answer.header(PREFERENCE_APPLIED, &preferences.applied()));
        }
        Ok(answer)
    }

    /// Validates a request against the document. `Ok` contains its body, if it is JSON or a form, and a note on what was ignored.
    async fn validate<'a>(
        &self,
        operation: &Operation,
        given: Given<'_>,
        body: &'a ReceivedBody,
    ) -> Result<(Option<Cow<'a, Value>>, Option<String>), Rejection> {
        let security = &operation.security;
        if !security.is_satisfied(&self.accepted, given.headers, given.query) {
            return Err(unauthorized(operation, given.headers));
        }
        if let ReceivedBody::TooLarge = body {
            let message = format!("the body is larger than {LIMIT} bytes");
            return Err(Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        let parameters = &operation.parameters;
        let (body, wrong_in_body) = match &operation.body {
            Some(described) => described.validate(parameters, given.headers, body).await?,
            None => (None, Violations::default()),
        };
        let mut violations = Violations::default();
        for parameter in parameters {
            let found = parameter.violations(given);
            violations.append(found.map_err(Rejection::unusable)?);
        }
        violations.append(wrong_in_body);
        if !violations.is_empty() {
            return Err(violations.reject());
        }
        Ok((body, violations.note()))
    }

    /// The names of the examples that replies look like, in turn.
    pub(crate) fn examples(&self) -> Vec<Arc<str>> {
        let examples = self.examples.read();
        examples.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_examples(&self, names: Vec<String>) {
        let examples = self.examples.write();
        *examples.unwrap_or_else(PoisonError::into_inner) =
            names.into_iter().map(Arc::from).collect();
    }

    /// The name of the example that the next reply looks like.
    fn next_example(&self) -> Option<Arc<str>> {
        let examples = self.examples.read();
        let examples = examples.unwrap_or_else(PoisonError::into_inner);
        let index = match examples.len() {
            0 | 1 => 0,
            several => self.replies.fetch_add(1, Ordering::Relaxed) % several,
        };
        examples.get(index).cloned()
    }

    /// Replaces a response that does not conform to the document.
    fn check(&self, operation: &Operation, answer: Answer) -> Answer {
        conforming(operation, answer).unwrap_or_else(|(status, problem)| {
            self.nonconforming_responses.fetch_add(1, Ordering::Relaxed);
            let message = format!(
                "the sandbox's own {} response to `{}` does not conform to the document: {problem}",
                status.as_u16(),
                operation.name,
            );
            self.reject(Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, message))
        })
    }
}

/// Handles a request; the only handler of the server.
pub(crate) async fn respond(
    extract::State(exchange): extract::State<Arc<Exchange>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let (patience, is_proxy) = (exchange.receive_timeout, exchange.forwarder.is_some());
    let body = ReceivedBody::receive(&head.headers, body, patience, is_proxy).await;
    let _answering = connection.answering();
    let contract = exchange.contract();
    let answer = pin!(exchange.answer(&contract, &head, &body));
    let (planned, mut answer) = exchange.guard(answer).await;
    let (operation, plan) = planned.unzip();
    let plan = plan.unwrap_or_default();
    let outcome = Outcome {
        operation: operation.map(|operation| Arc::clone(&operation.name)),
        fault: plan.name(),
    };
    let redaction = &contract.redaction;
    let path = redaction.shown_path(head.uri.path(), operation);
    exchange
        .recorder
        .record(redaction, (&head, path), &body, &answer, outcome);
    let due = std::mem::take(&mut answer.due);
    let departure = (!due.is_empty()).then(|| {
        let (departure, left) = connection.departure();
        exchange.send(due, &left);
        departure
    });
    let mut response = plan.inject(answer, &connection).await;
    if let Some(departure) = departure {
        response = departure.of(response);
    }
    if exchange.forwarder.is_none() {
        exchange.cors.permit(&head, response.headers_mut());
    }
    response
}
