//! Which operation a request is for, and the documented response that it prefers.

use std::{borrow::Cow, collections::BTreeMap};

use axum::http::{HeaderMap, Method, StatusCode, header};

use serde_json::Value;

use super::Exchange;
use crate::{
    Rejection,
    contract::{
        Operation,
        answer::{Answer, Payload},
        negotiation::Accept,
        responses::Wanted,
        shape::Members,
    },
    preferences::Preferences,
};

/// The members of an error that say what is wrong.
const EXPLAINING: [&str; 5] = ["message", "detail", "description", "error", "title"];

impl Exchange {
    /// Lists the documented methods: in a 405, or in the response to `OPTIONS`.
    pub(super) fn undescribed_method(
        &self,
        operations: &BTreeMap<String, Operation>,
        method: &Method,
    ) -> Answer {
        let described = list_methods(operations);
        let answer = if *method == Method::OPTIONS {
            Answer::new(StatusCode::NO_CONTENT, Payload::Empty)
        } else {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let message = format!("the document defines only {described} for this path");
            let refused = || self.reject(Rejection::new(status, message.as_str()));
            // Clients of the path expect an error in the form of its operations, such as that of a `default` response.
            let mut operations = operations.values();
            let documented = operations.find_map(|operation| {
                let describes = operation.responses.describe(status);
                describes.then(|| conforming(operation, refused()).ok())?
            });
            documented.unwrap_or_else(refused)
        };
        answer.header(header::ALLOW, &described)
    }
}

/// The response that a request prefers.
pub(super) fn prefer(
    operation: &Operation,
    preferences: &Preferences,
    accept: &Accept,
) -> Result<Answer, Rejection> {
    let wanted = Wanted {
        accept,
        name: preferences.example.as_deref(),
        only_this_name: preferences.example.is_some(),
    };
    let Some(code) = preferences.code else {
        return operation.success(wanted);
    };
    let answer = operation.responses.example(code, wanted);
    answer.map_err(|reason| operation.refuse(reason))
}

/// Finds the operation of a method, for these values in the path. `HEAD` falls back to `GET`.
pub(super) fn find_operation<'a>(
    operations: &'a BTreeMap<String, Operation>,
    method: &Method,
    values: &[Cow<'_, str>],
) -> Option<&'a Operation> {
    let described = operations.get(method.as_str());
    let described =
        described.or_else(|| operations.get("GET").filter(|_| *method == Method::HEAD))?;
    Some(described.for_path(values))
}

pub(super) fn list_methods(operations: &BTreeMap<String, Operation>) -> String {
    let methods: Vec<_> = operations.keys().map(String::as_str).collect();
    methods.join(", ")
}

pub(super) fn unauthorized(operation: &Operation, headers: &HeaderMap) -> Rejection {
    let rejection = Rejection::new(StatusCode::UNAUTHORIZED, "Unauthorized")
        .explain(operation.security.explain(headers));
    let challenges = operation.security.challenges();
    challenges.iter().fold(rejection, |rejection, challenge| {
        rejection.header(header::WWW_AUTHENTICATE, challenge)
    })
}

/// The response in a form that conforms to the document.
///
/// # Errors
/// There is none. The error is the status, and what does not conform.
pub(super) fn conforming(
    operation: &Operation,
    mut answer: Answer,
) -> Result<Answer, (StatusCode, String)> {
    if answer.is_own_failure
        && let Some(documented) = operation.responses.json_type(answer.status)
    {
        answer.content_type = Some(documented.clone());
    }
    let problem = operation.responses.problem(&answer);
    if problem.is_none() && (!answer.is_own_failure || describes_reason(operation, &answer)) {
        return Ok(answer);
    }
    if answer.is_own_failure {
        // Another document may define a different error shape, which its example has.
        let example = operation.responses.example(answer.status, Wanted::any());
        let conforming = example
            .ok()
            .filter(|example| operation.responses.problem(example).is_none());
        if let Some(mut example) = conforming {
            if let Some(value) = explained(operation, &example, &answer.problems.join("; ")) {
                example.payload = Payload::Json(value);
                example.content_type = operation.responses.json_type(answer.status).cloned();
            }
            example.headers.extend(answer.headers);
            example.problems = answer.problems;
            return Ok(example);
        }
    }
    match problem {
        Some(problem) => Err((answer.status, problem)),
        None => Ok(answer),
    }
}

/// Whether clients look for the reason where this error has it: the document describes the member, or none at all. Most
/// schemas allow any other member, so an error of another shape conforms, too.
fn describes_reason(operation: &Operation, error: &Answer) -> bool {
    let Some(schema) = operation.responses.json_schema(error.status) else {
        return true;
    };
    let described = Members::of(&schema);
    let mut names = EXPLAINING.iter();
    let own = error.payload.json().and_then(|own| {
        let name = names.find(|name| own.get(**name).is_some())?;
        Some(*name)
    });
    described.all.is_empty() || own.is_none_or(|name| described.get(name).is_some())
}

/// An error with the reason in the member that is for it; `None` if it has none, or if it is an example that may be right.
fn explained(operation: &Operation, error: &Answer, reason: &str) -> Option<Value> {
    let mut examples = operation.responses.json_examples(error.status);
    // What is wrong with a request is not what an example says.
    let is_invalid = matches!(
        error.status,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
    );
    let is_generated = examples.next().is_none();
    let mut value = error
        .payload
        .json()
        .cloned()
        .filter(|_| is_invalid || is_generated)?;
    let place = place_of_reason(&value, 0)?;
    *value.pointer_mut(&place)? = reason.into();
    let above = place.rsplit_once('/').map_or("", |(above, _)| above);
    if let Some(Value::Object(members)) = value.pointer_mut(above).filter(|_| is_generated) {
        for name in ["status", "statusCode", "status_code", "code"] {
            let numbers = members.get_mut(name).filter(|it| it.is_number());
            numbers
                .into_iter()
                .for_each(|it| *it = error.status.as_u16().into());
        }
    }
    let problem = operation.responses.problem_of(error.status, &value);
    problem.is_none().then_some(value)
}

/// Where an error says in words what is wrong.
fn place_of_reason(error: &Value, depth: usize) -> Option<String> {
    let within = |(name, value): (String, &Value)| {
        let place = place_of_reason(value, depth + 1)?;
        Some(format!(
            "/{}{place}",
            name.replace('~', "~0").replace('/', "~1")
        ))
    };
    match error {
        Value::String(_) if depth == 0 => Some(String::new()),
        Value::Object(members) => {
            let mut names = EXPLAINING.iter();
            let own = names.find(|name| members.get(**name).is_some_and(Value::is_string));
            let mut members = members.iter().filter(|_| depth < 3);
            own.map(|name| format!("/{name}"))
                .or_else(|| members.find_map(|(name, value)| within((name.clone(), value))))
        }
        Value::Array(items) => within(("0".to_owned(), items.first()?)),
        _ => None,
    }
}
