//! One request and its answer: the order in which a request is judged, and the check of every answer before it leaves.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, request::Parts},
    response::Response,
};

use crate::{
    Credential, Options, StartError,
    answer::Answer,
    contract::parameters::Given,
    contract::percent::decode_query,
    contract::request_body::{LIMIT, ReceivedBody},
    contract::{Contract, Operation},
    record::Recorder,
    state::integrations::{Call, Integrations},
};

/// What all requests to a sandbox share.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) contract: Contract,
    pub(crate) recorder: Recorder,
    pub(crate) unfit_answers: AtomicUsize,
    integrations: Integrations,
    accepted: Vec<Credential>,
    fail_with: Option<StatusCode>,
}

impl Exchange {
    pub(crate) fn of(options: &Options) -> Result<Self, StartError> {
        Ok(Self {
            contract: Contract::read(options)?,
            recorder: Recorder::default(),
            unfit_answers: AtomicUsize::new(0),
            integrations: Integrations::of(&options.projects, options.reply_shape),
            accepted: options.accepted.clone(),
            fail_with: options
                .fail_with
                .and_then(|status| StatusCode::from_u16(status).ok()),
        })
    }

    fn answer(&self, head: &Parts, body: &ReceivedBody) -> Answer {
        if let ReceivedBody::Broken = body {
            return Answer::failure(StatusCode::BAD_REQUEST, "the body is not complete");
        }
        let path = match self.contract.find(head.uri.path()) {
            Ok(Some(path)) => path,
            Ok(None) => {
                let message = format!("there is no such path: {}", self.contract.description());
                return Answer::failure(StatusCode::NOT_FOUND, message);
            }
            Err(_) => {
                let message = "the path is not percent-encoded UTF-8";
                return Answer::failure(StatusCode::BAD_REQUEST, message);
            }
        };
        let operations = self.contract.operations(&path);
        let Some(operation) = operations.get(head.method.as_str()) else {
            return method_not_allowed(operations);
        };
        let answer = self.perform(operation, &path.parameters, head, body);
        self.check(operation, answer.unwrap_or_else(|refusal| refusal))
    }

    /// Judges a request to an operation and performs it; `Err` is the answer to a request that is refused.
    fn perform(
        &self,
        operation: &Operation,
        path: &[(String, String)],
        head: &Parts,
        body: &ReceivedBody,
    ) -> Result<Answer, Answer> {
        let query = decode_query(head.uri.query().unwrap_or_default()).ok_or_else(|| {
            Answer::failure(
                StatusCode::BAD_REQUEST,
                "the query is not percent-encoded UTF-8",
            )
        })?;
        if !operation
            .security
            .is_satisfied(&self.accepted, &head.headers, &query)
        {
            return Err(unauthorized(operation));
        }
        if let ReceivedBody::TooLarge = body {
            let message = format!("the body is larger than {LIMIT} bytes");
            return Err(Answer::failure(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        let (body, wrong_in_body) = match &operation.body {
            Some(described) => described.judge(&head.headers, body)?,
            None => (None, Vec::new()),
        };
        let given = Given {
            path,
            query: &query,
            headers: &head.headers,
        };
        let mut violations: Vec<_> = operation
            .parameters
            .iter()
            .flat_map(|parameter| parameter.violations(given))
            .collect();
        violations.extend(wrong_in_body);
        if !violations.is_empty() {
            return Err(Answer::invalid(&violations));
        }
        if let Some(status) = self
            .fail_with
            .filter(|status| operation.responses.describe(*status))
        {
            let asked_for =
                || Answer::failure(status, format!("the sandbox was told to answer {status}"));
            return Ok(operation
                .responses
                .example(status)
                .unwrap_or_else(asked_for));
        }
        let Some(handler) = operation.handler else {
            return operation
                .responses
                .success()
                .ok_or_else(|| no_example(operation));
        };
        let call = Call {
            path_parameters: path,
            body,
        };
        Ok(handler.answer(&self.integrations, &call))
    }

    /// Lets an answer pass that fits the document.
    fn check(&self, operation: &Operation, answer: Answer) -> Answer {
        let Some(problem) = operation.responses.problem(&answer) else {
            return answer;
        };
        if answer.is_own_failure {
            // Another document may describe errors in a shape of its own; its example has that shape.
            let example = operation.responses.example(answer.status);
            let fitting = example.filter(|example| operation.responses.problem(example).is_none());
            if let Some(mut example) = fitting {
                example.headers.extend(answer.headers);
                return example;
            }
        }
        self.unfit_answers.fetch_add(1, Ordering::Relaxed);
        let message = format!(
            "the sandbox's own {} answer to `{}` does not fit the document: {problem}",
            answer.status.as_u16(),
            operation.name,
        );
        Answer::failure(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

/// Answers a request; the only handler of the server.
pub(crate) async fn respond(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = ReceivedBody::read(body).await;
    exchange
        .recorder
        .record(&exchange.contract.redaction, &head, &body);
    exchange.answer(&head, &body).into_response()
}

fn method_not_allowed(operations: &BTreeMap<String, Operation>) -> Answer {
    let described: Vec<_> = operations.keys().map(String::as_str).collect();
    let described = described.join(", ");
    let message = format!("the document describes only {described} for this path");
    Answer::failure(StatusCode::METHOD_NOT_ALLOWED, message).header(header::ALLOW, &described)
}

fn unauthorized(operation: &Operation) -> Answer {
    let answer = Answer::failure(StatusCode::UNAUTHORIZED, "Unauthorized");
    let challenges = operation.security.challenges();
    challenges.iter().fold(answer, |answer, challenge| {
        answer.header(header::WWW_AUTHENTICATE, challenge)
    })
}

fn no_example(operation: &Operation) -> Answer {
    let message = format!(
        "the document has no example of a success of `{}`, and the sandbox has no state for it",
        operation.name,
    );
    Answer::failure(StatusCode::NOT_IMPLEMENTED, message)
}
