//! The values that the driver calls each operation with.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use spec_first_codegen::Exercise;
use spec_first_document::{Document, OperationNode};
use spec_first_sandbox::SampleRequest;

use crate::conformance::documents;

/// The values to call an operation with; `xtask/roundtrip/driver.rs` reads them.
#[derive(Default, Serialize)]
pub(super) struct Values {
    base_url: String,
    parameters: Vec<(&'static str, String, Value)>,
    bodies: BTreeMap<String, Option<Value>>,
    /// The bodies as they are sent, for calls that take text or bytes.
    written: BTreeMap<String, String>,
    succeeds: bool,
    errors: Vec<String>,
    invalid: Vec<Invalid>,
}

/// A request that the document forbids, for a client to send as it is.
#[derive(Serialize)]
struct Invalid {
    kind: &'static str,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<(String, String)>,
}

/// The values for each operation, and what is missing from them.
pub(super) fn values(
    document: &Document,
    exercises: &[Exercise],
    samples: Vec<SampleRequest>,
    origin: &str,
) -> (Vec<Values>, Vec<Option<String>>) {
    let operations = document.operations();
    let described = operations.map(|operation| {
        let key = (operation.sent_method(), operation.path.to_owned());
        let responses = operation.node.entries_of("responses");
        let has_success = responses
            .iter()
            .any(|response| response.key.starts_with(['2', '3']));
        let succeeds = has_success
            || operation
                .node
                .get("responses")
                .is_some_and(|responses| responses.get("default").is_some());
        (key, (succeeds, errors(document, &operation, has_success)))
    });
    let described: BTreeMap<_, _> = described.collect();
    let samples = samples.into_iter();
    let samples = samples.map(|sample| ((sample.method.clone(), sample.path.clone()), sample));
    let samples: BTreeMap<_, _> = samples.collect();
    let values = exercises.iter().map(|exercise| {
        let key = (exercise.method.clone(), exercise.path.clone());
        // Several calls may send the same operation.
        let Some(sample) = samples.get(&key).cloned() else {
            let missing = "the sandbox does not serve it".to_owned();
            return (Values::default(), Some(missing));
        };
        let (succeeds, errors) = described.get(&key).cloned().unwrap_or_default();
        let invalid = invalid(&sample);
        let parameters = sample.parameters.into_iter();
        let bodies = sample.bodies.into_iter();
        let (bodies, written) = bodies
            .map(|body| {
                let media_type = body.media_type;
                (
                    (media_type.clone(), body.value),
                    (media_type, body.written.1),
                )
            })
            .unzip();
        let values = Values {
            base_url: format!("{origin}{}", sample.base_path),
            parameters: parameters
                .map(|parameter| (parameter.location, parameter.name, parameter.value))
                .collect(),
            bodies,
            written,
            succeeds,
            errors,
            invalid,
        };
        let missing = (!sample.missing.is_empty()).then(|| sample.missing.join("; "));
        (values, missing)
    });
    values.unzip()
}

/// The statuses of errors with JSON bodies that an operation documents, as it writes them. Without another success, `default` is one.
fn errors(document: &Document, operation: &OperationNode<'_>, has_success: bool) -> Vec<String> {
    let responses = operation.node.entries_of("responses").iter();
    let errors = responses.filter(|response| {
        let resolved = document.resolve(response.value);
        let content = resolved.map(|response| response.entries_of("content"));
        let mut media_types = content.unwrap_or_default().iter();
        media_types.any(|media_type| {
            media_type.key.contains("json") && media_type.value.get("schema").is_some()
        })
    });
    let statuses = errors.map(|response| response.key);
    let is_error =
        |status: &&str| status.starts_with(['4', '5']) || *status == "default" && has_success;
    statuses.filter(is_error).map(str::to_owned).collect()
}

/// The invalid requests that a client can send: it adds credentials to each.
fn invalid(sample: &SampleRequest) -> Vec<Invalid> {
    if sample.path.contains('#') {
        // Another operation has the same path, and may take the request.
        return Vec::new();
    }
    let requests = documents::invalid(sample).into_iter();
    let requests =
        requests.filter(|(_, statuses, ..)| ![[401], [405]].iter().any(|it| it == statuses));
    let requests = requests.map(|(kind, _, mut sample, body)| {
        sample.base_path.clear();
        sample.credentials.clear();
        let headers = sample.headers().into_iter();
        Invalid {
            kind,
            target: sample.target(),
            // The client sends no cookies of the caller.
            headers: headers.filter(|(name, _)| name != "cookie").collect(),
            method: sample.method,
            body,
        }
    });
    requests.collect()
}
