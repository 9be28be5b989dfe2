//! An operation of the document, and the error for a response that it does not have.

use std::{borrow::Cow, cmp::Reverse, iter, sync::Arc};

use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use spec_first_document::Pointer;

use crate::{
    Rejection,
    contract::{
        answer::{Answer, Payload},
        mock_resource::MockResource,
        negotiation::Accept,
        note,
        outbound::Outbound,
        parameters::{Given, Parameter},
        percent::decode_query,
        request_body::RequestBody,
        responses::{Responses, Unanswerable, Wanted},
        security::Security,
    },
    received_body::ReceivedBody,
};

/// A documented operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its `operationId`, or its method and path if it has none.
    pub(crate) name: Arc<str>,
    /// The names of its path parameters, in order.
    pub(crate) path_parameters: Vec<String>,
    pub(crate) security: Security,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) responses: Responses,
    /// The values that it names for the header `Accept`.
    pub(super) accepted: Vec<String>,
    /// Operations of the same method whose paths match the same requests.
    pub(super) alternatives: Vec<Operation>,
    /// Whether the state answers it.
    pub(crate) is_stateful: bool,
    pub(crate) mock_resource: MockResource,
    /// The requests that the API sends because of this one.
    pub(crate) callbacks: Vec<Outbound>,
    /// Where the document writes it.
    pub(super) pointer: Pointer,
    pub(super) id: Option<Box<str>>,
    pub(super) method: String,
    pub(super) path: Box<str>,
    /// The path of its server, without a trailing slash.
    pub(crate) base_path: String,
}

/// An operation as the document defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentedOperation<'a> {
    /// Its `operationId`.
    pub id: Option<&'a str>,
    /// Its method, in upper case.
    pub method: &'a str,
    /// Its path as the document writes it, with the names of its parameters in braces and without the path of the server.
    pub path: &'a str,
}

impl Operation {
    pub(crate) fn documented(&self) -> DocumentedOperation<'_> {
        DocumentedOperation {
            id: self.id.as_deref(),
            method: &self.method,
            path: &self.path,
        }
    }

    /// This operation and its alternatives.
    pub(super) fn with_alternatives(&self) -> impl Iterator<Item = &Self> {
        iter::once(self).chain(&self.alternatives)
    }

    /// Of this operation and its alternatives, the one that the request fits best: the values in its path, all of its parameters, the
    /// media type of its body, and the body itself, in this order.
    pub(crate) fn for_request(
        &self,
        values: &[Cow<'_, str>],
        head: &Parts,
        body: &ReceivedBody,
    ) -> &Self {
        if self.alternatives.is_empty() {
            return self;
        }
        let query_text = head.uri.query().unwrap_or_default();
        let query = decode_query(query_text).unwrap_or_default();
        let fit = |operation: &&Self| {
            let names = operation.path_parameters.iter().map(String::as_str);
            let path: Vec<_> = names.zip(values.iter().cloned()).collect();
            let given = Given {
                path: &path,
                query: &query,
                query_text,
                headers: &head.headers,
            };
            let is_valid = |it: &Parameter| it.violations(given).is_ok_and(|it| it.is_empty());
            let mut parameters = operation.parameters.iter();
            let mut in_path = parameters.clone().filter(|it| it.location().0 == "path");
            let is_bodiless = !head.headers.contains_key(header::CONTENT_TYPE);
            let fit_of_body = match &operation.body {
                Some(described) => described.fit(&head.headers, body),
                None => (is_bodiless, is_bodiless),
            };
            Reverse((in_path.all(is_valid), parameters.all(is_valid), fit_of_body))
        };
        // Of those that fit as well, the first.
        self.with_alternatives().min_by_key(fit).unwrap_or(self)
    }

    /// What the client accepts. Whatever the response is, clients may send what the document names for `Accept`, and get it.
    pub(crate) fn accept(&self, headers: &HeaderMap) -> Accept {
        let accept = Accept::of(headers);
        if self.responses.accept(&accept).is_ok() {
            return accept;
        }
        let values = headers.get_all(header::ACCEPT).into_iter();
        let mut ranges = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
        let is_named = |range: &str| {
            let range = range.trim().to_ascii_lowercase();
            self.accepted.contains(&range)
        };
        match ranges.all(is_named) {
            true => Accept::default(),
            false => accept,
        }
    }

    /// The status of a request that succeeds.
    pub(crate) fn usual_status(&self) -> Option<StatusCode> {
        let usual = match self.method.as_str() {
            "POST" => StatusCode::CREATED,
            _ => StatusCode::OK,
        };
        let (status, _) = self.responses.success_like(usual)?;
        Some(status)
    }

    /// An example of a success response. A change succeeds without content if the document describes only errors.
    pub(crate) fn success(&self, wanted: Wanted<'_>) -> Result<Answer, Rejection> {
        match self.responses.success(wanted) {
            Err(Unanswerable::Success(_)) if self.method != "GET" => {
                let mut answer = Answer::new(StatusCode::NO_CONTENT, Payload::Empty);
                let note = "the document defines no success response for this operation";
                answer.headers.push(note::header(note));
                Ok(answer)
            }
            found => found.map_err(|reason| self.refuse(reason)),
        }
    }

    /// The error for a missing response.
    pub(crate) fn refuse(&self, reason: Unanswerable) -> Rejection {
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
            Unanswerable::Nonconforming(problem, names) => (
                StatusCode::BAD_REQUEST,
                format!(
                    "this example of `{}` does not match its schema: {problem}; those that do: {}",
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
        Rejection::new(status, message)
    }
}
