//! Passes requests to a real server, and records what does not fit the document on either side. The caller gets what the server
//! sent.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
};
use http_body_util::BodyExt;
use hyper::{Response, body::Incoming};
use serde_json::Value;
use tokio::time::timeout;

use super::{Exchange, find_operation, list_methods};
use crate::{
    Rejection,
    contract::{
        Contract, Operation,
        answer::{Answer, Payload},
        evidence::Evidence,
        note,
        parameters::Given,
        percent::decode_query,
        responses::judgement::{Content, Received},
        routes::Match,
        violation::{Violation, Violations},
    },
    cors::asked_before,
    faults::Plan,
    received_body::{JUDGED, ReceivedBody, joined},
    upstream::{Forwarder, PATIENCE, end_to_end, has_no_body},
};

/// The number of problems of a request and its response.
const PROBLEMS: HeaderName = HeaderName::from_static("sandbox-problems");

/// A request to an operation of the document.
#[derive(Clone, Copy)]
struct Described<'a> {
    operation: &'a Operation,
    given: Given<'a>,
    body: &'a ReceivedBody,
}

impl Exchange {
    pub(super) async fn pass_on<'a>(
        &self,
        forwarder: &Forwarder,
        contract: &'a Contract,
        head: &Parts,
        body: &ReceivedBody,
    ) -> (Option<(&'a Operation, Plan)>, Answer) {
        let base_path = contract.base_path.as_str();
        // Browsers ask before some requests of a page; documents do not describe that.
        if asked_before(head).is_some() {
            let answer = match send(forwarder, base_path, head, body).await {
                Ok((status, headers, _, body)) => passed(status, &headers, body, None, 0),
                Err(rejection) => self.fail(rejection),
            };
            return (None, answer);
        }
        let (found, problem) = find_described(contract, head, body);
        let Some((operation, path)) = found else {
            let problems = problem.map_or_else(Violations::default, Into::into);
            let answer = self.forward(forwarder, base_path, None, problems, head, body);
            let answer = answer.await;
            return (None, answer);
        };
        let mut plan = match self.faults.plan(head, &operation.name) {
            Ok(plan) => plan,
            Err(rejection) => return (Some((operation, Plan::default())), self.reject(rejection)),
        };
        let answer = if plan.performs() {
            let decoded = decode_query(head.uri.query().unwrap_or_default());
            let names = operation.path_parameters.iter().map(String::as_str);
            let path: Vec<_> = names.zip(path.values).collect();
            let described = Described {
                operation,
                given: Given {
                    path: &path,
                    query: decoded.as_deref().unwrap_or_default(),
                    query_text: head.uri.query().unwrap_or_default(),
                    headers: &head.headers,
                },
                body,
            };
            let mut problems = self.problems_of_request(described).await;
            if decoded.is_none() {
                let message = "is not percent-encoded UTF-8";
                problems.add(Violation::of_field("the query", message));
            }
            let described = Some(described);
            self.forward(forwarder, base_path, described, problems, head, body)
                .await
        } else {
            plan.instead(self.errors)
        };
        let mut answer = plan.alter(answer, contract, operation, self.errors);
        if plan.name().is_some() {
            // A fault may change the length of the body.
            let is_length = |(name, _): &(HeaderName, _)| *name == header::CONTENT_LENGTH;
            answer.headers.retain(|header| !is_length(header));
        }
        (Some((operation, plan)), answer)
    }

    /// Everything in a request that does not fit the document. Unlike the mock, does not stop at the first kind of problem.
    async fn problems_of_request(&self, described: Described<'_>) -> Violations {
        let Described {
            operation,
            given,
            body,
        } = described;
        let mut problems = Violations::default();
        let security = &operation.security;
        if !security.is_satisfied(&self.accepted, given.headers, given.query) {
            let message = format!("are missing: {}", security.explain(given.headers));
            problems.add(Violation::of_field("the credentials", &message));
        }
        for parameter in &operation.parameters {
            problems.append(parameter.violations(given).unwrap_or_else(unusable));
        }
        if let Some(described) = &operation.body {
            let parameters = &operation.parameters;
            match described.validate(parameters, given.headers, body).await {
                Ok((_, violations)) => problems.append(violations),
                Err(rejection) => {
                    for message in rejection.messages() {
                        let message = message.strip_prefix("the body ").unwrap_or(message);
                        problems.add(Violation::of_body(message));
                    }
                }
            }
        }
        problems
    }

    /// Sends a request on, and judges the response.
    async fn forward(
        &self,
        forwarder: &Forwarder,
        base_path: &str,
        described: Option<Described<'_>>,
        of_request: Violations,
        head: &Parts,
        body: &ReceivedBody,
    ) -> Answer {
        let operation = described.map(|described| described.operation);
        let target = || format!("{} {}", head.method, head.uri.path());
        let name = operation.map_or_else(target, |operation| operation.name.to_string());
        let is_judged = !matches!(body, ReceivedBody::Unread(_));
        let (status, headers, content, body) = match send(forwarder, base_path, head, body).await {
            Ok(received) => received,
            Err(rejection) => {
                let answer = self.fail(rejection);
                // Whoever counts on the traffic learns that nothing was judged.
                self.traffic
                    .add(name, answer.status, &answer.problems, None);
                return answer;
            }
        };
        let received = Received {
            status,
            headers: &headers,
            content: &content,
        };
        let of_response = operation.map_or_else(Violations::default, |operation| {
            operation.responses.judge(received)
        });
        if let Some(described) = described.filter(|_| self.traffic.has_decisions()) {
            let Described {
                operation,
                given,
                body,
            } = described;
            let evidence = Evidence::of(operation, given, body, received, &self.accepted);
            self.traffic.decide(&evidence);
        }
        let count = of_request.count() + of_response.count();
        let problems = labelled(&of_request, &of_response);
        let mut answer = passed(status, &headers, body, content.json(&headers), count);
        if count > 0 {
            answer.headers.push(note::header(&problems.join("; ")));
        }
        let is_valid = (is_judged || !of_request.is_empty()).then_some(of_request.is_empty());
        let kinds = labelled(&of_request.of_any_item(), &of_response.of_any_item());
        self.traffic.add(name, status, &kinds, is_valid);
        answer.problems = problems;
        if !is_judged {
            let remark = "the body of the request was not judged: it is larger than 8 MiB";
            answer.remark = Some(remark.to_owned());
        }
        if let Content::Unread(reason) = content {
            let remark = format!("the body of the response was not judged: {reason}");
            let others = answer.remark.into_iter();
            answer.remark = Some(others.chain([remark]).collect::<Vec<_>>().join("; "));
        }
        answer
    }

    /// The answer if there is none of the real server.
    fn fail(&self, rejection: Rejection) -> Answer {
        Answer {
            is_own_failure: false,
            ..self.reject(rejection)
        }
    }
}

/// A response of the real server, with the number of problems.
fn passed(
    status: StatusCode,
    headers: &HeaderMap,
    body: Body,
    value: Option<Value>,
    problems: usize,
) -> Answer {
    let headers = headers.iter();
    let headers = headers.map(|(name, value)| (name.clone(), value.clone()));
    Answer {
        headers: headers.chain([(PROBLEMS, problems.into())]).collect(),
        ..Answer::new(status, Payload::Passed(body, value.map(Into::into)))
    }
}

/// The operation of a request, or why it has none.
fn find_described<'a: 'b, 'b>(
    contract: &'a Contract,
    head: &'b Parts,
    body: &ReceivedBody,
) -> (Option<(&'a Operation, Match<'b>)>, Option<Violation>) {
    let path = match contract.routes.find(head.uri.path(), head.uri.query()) {
        Ok(Some(path)) => path,
        Ok(None) => {
            let problem = Violation::of_field("the path", "is not documented");
            return (None, Some(problem));
        }
        Err(_) => {
            let problem = Violation::of_field("the path", "is not percent-encoded UTF-8");
            return (None, Some(problem));
        }
    };
    let operations = contract.operations(&path);
    match find_operation(operations, head, &path.values, body) {
        Some(operation) => (Some((operation, path)), None),
        None => {
            let message = format!(
                "{} is not documented; documented: {}",
                head.method,
                list_methods(operations)
            );
            (None, Some(Violation::of_field("the method", &message)))
        }
    }
}

/// Sends a request on, and reads the response.
async fn send(
    forwarder: &Forwarder,
    base_path: &str,
    head: &Parts,
    body: &ReceivedBody,
) -> Result<(StatusCode, HeaderMap, Content, Body), Rejection> {
    let body = match body {
        ReceivedBody::Complete { bytes, .. } => Body::from(bytes.clone()),
        ReceivedBody::Unread(unread) => unread.take(),
        _ => Body::empty(),
    };
    let response = forwarder.send(head, body, base_path).await?;
    read(forwarder, head, response).await
}

/// Reads the body of a response if it can be judged; otherwise the caller gets it as it arrives.
async fn read(
    forwarder: &Forwarder,
    head: &Parts,
    response: Response<Incoming>,
) -> Result<(StatusCode, HeaderMap, Content, Body), Rejection> {
    let (received, mut incoming) = response.into_parts();
    let status = received.status;
    let headers = end_to_end(&received.headers);
    if has_no_body(&head.method, status) {
        return Ok((status, headers, Content::Excluded, Body::empty()));
    }
    let is = |name, part: &str| {
        let value: Option<&str> = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.to_ascii_lowercase().contains(part))
    };
    let reason = if is(header::CONTENT_TYPE, "event-stream") {
        Some("it is a stream of events")
    } else if headers.contains_key(header::CONTENT_ENCODING)
        && !is(header::CONTENT_ENCODING, "identity")
    {
        Some("it is compressed")
    } else {
        None
    };
    if let Some(reason) = reason {
        let body = Body::new(incoming);
        return Ok((status, headers, Content::Unread(reason), body));
    }
    let mut bytes = Vec::new();
    let reading = async {
        while let Some(frame) = incoming.frame().await {
            let Ok(data) = frame?.into_data() else {
                continue;
            };
            bytes.extend_from_slice(&data);
            if bytes.len() > JUDGED {
                return Ok(false);
            }
        }
        Ok::<_, hyper::Error>(true)
    };
    let is_whole = match timeout(PATIENCE, reading).await {
        Ok(Ok(is_whole)) => is_whole,
        Ok(Err(error)) => return Err(forwarder.bad_gateway(&error)),
        Err(_) => return Err(forwarder.too_slow()),
    };
    let bytes = Bytes::from(bytes);
    if is_whole {
        let body = Body::from(bytes.clone());
        return Ok((status, headers, Content::Bytes(bytes), body));
    }
    let rest = joined(bytes, Body::new(incoming));
    let content = Content::Unread("it is larger than 8 MiB");
    Ok((status, headers, content, rest))
}

fn labelled(request: &Violations, response: &Violations) -> Vec<String> {
    let sides = [("request", request), ("response", response)].into_iter();
    let messages = sides.flat_map(|(side, violations)| {
        let messages = violations.messages().into_iter();
        messages.map(move |message| format!("{side}: {message}"))
    });
    messages.collect()
}

/// A schema that cannot be used is a problem of the document, which is worth knowing.
fn unusable(problem: String) -> Violations {
    Violation::of_body(&format!("was not judged: {problem}")).into()
}
