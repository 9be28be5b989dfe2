//! Which operation a request is for, and the documented response that it prefers.

use std::{borrow::Cow, collections::BTreeMap, mem::discriminant};

use axum::http::{HeaderMap, Method, StatusCode, header, request::Parts};

use serde_json::Value;
use spec_first_document::Pointer;

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
    received_body::ReceivedBody,
};

/// The members of an error that say what is wrong, or the ends of their names.
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

/// Finds the operation of a request with these values in its path, and this body. `HEAD` falls back to `GET`.
pub(super) fn find_operation<'a>(
    operations: &'a BTreeMap<String, Operation>,
    head: &Parts,
    values: &[Cow<'_, str>],
    body: &ReceivedBody,
) -> Option<&'a Operation> {
    let described = operations.get(head.method.as_str());
    let described = described.or_else(|| {
        operations
            .get("GET")
            .filter(|_| head.method == Method::HEAD)
    })?;
    Some(described.for_request(values, head, body))
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
    if answer.is_own_failure && (problem.is_some() || !describes_reason(operation, &answer)) {
        // Another document may define a different error shape, which its example has.
        let documented = documented(operation, &answer, problem.is_none());
        if let Some(mut documented) = documented {
            documented.headers.extend(answer.headers);
            documented.problems = answer.problems;
            return Ok(documented);
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

/// The documented error in place of one of the sandbox; `None` if it does not conform, or if it is generated and says less than
/// one that conforms.
fn documented(operation: &Operation, own: &Answer, conforms: bool) -> Option<Answer> {
    let (responses, status) = (&operation.responses, own.status);
    let error = responses.example(status, Wanted::any()).ok();
    let mut error = error.filter(|error| responses.problem(error).is_none())?;
    let mut examples = responses.json_examples(status);
    let is_generated = !examples.any(|example| error.payload.json() == Some(example));
    // An example may be right, but it does not say what is wrong with a request.
    let is_invalid = matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut has_reason = false;
    let value = error.payload.json().cloned();
    if let Some(mut value) = value.filter(|_| is_generated || is_invalid) {
        let mut set = |place: &str, part: Value| {
            let mut changed = value.clone();
            let known = changed.pointer_mut(place);
            let known = known.filter(|it| discriminant(&**it) == discriminant(&part))?;
            *known = part;
            let fits = responses.problem_of(status, &changed).is_none();
            fits.then(|| value = changed)
        };
        let place = place_of_reason(error.payload.json()?, 0);
        let place = place.as_deref();
        let reason = Value::from(own.problems.join("; "));
        has_reason = place.and_then(|place| set(place, reason)).is_some();
        let above = place.and_then(|place| place.rsplit_once('/'));
        let above = above.map_or("", |(above, _)| above);
        for name in ["status", "statusCode", "status_code", "code"] {
            if is_generated {
                set(&format!("{above}/{name}"), status.as_u16().into());
            }
        }
        error.payload = Payload::of(value);
        error.content_type = responses.json_type(status).cloned();
    }
    (has_reason || !is_generated || !conforms).then_some(error)
}

/// Where an error says in words what is wrong.
fn place_of_reason(error: &Value, depth: usize) -> Option<String> {
    let within = |(name, value): (String, &Value)| {
        let place = place_of_reason(value, depth + 1)?;
        Some(format!("{}{place}", Pointer::root().child(name).as_str()))
    };
    match error {
        Value::String(_) if depth == 0 => Some(String::new()),
        Value::Object(members) => {
            // Some write `Message` or `errorMessage`.
            let texts = members.iter().filter(|(_, value)| value.is_string());
            let explaining = texts.filter_map(|(name, _)| {
                let mut words = EXPLAINING.iter();
                let word = words.position(|word| name.to_ascii_lowercase().ends_with(word))?;
                Some((word, name.len(), name))
            });
            let own = explaining
                .min()
                .map(|(_, _, name)| Pointer::root().child(name).as_str().to_owned());
            let mut members = members.iter().filter(|_| depth < 3);
            own.or_else(|| members.find_map(|(name, value)| within((name.clone(), value))))
        }
        Value::Array(items) => within(("0".to_owned(), items.first()?)),
        _ => None,
    }
}
