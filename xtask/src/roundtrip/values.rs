//! The values that the driver calls each operation with.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use spec_first_codegen::Exercise;
use spec_first_document::{Document, OperationNode};
use spec_first_sandbox::SampleRequest;

/// The values to call an operation with; `xtask/roundtrip/driver.rs` reads them.
#[derive(Default, Serialize)]
pub(super) struct Values {
    base_url: String,
    parameters: Vec<(&'static str, String, Value)>,
    bodies: BTreeMap<String, Option<Value>>,
    succeeds: bool,
    errors: Vec<u16>,
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
        let key = (operation.method.to_uppercase(), operation.path.to_owned());
        let responses = operation.node.entries_of("responses");
        let succeeds = responses
            .iter()
            .any(|response| response.key.starts_with(['2', '3']) || response.key == "default");
        (key, (succeeds, errors(document, &operation)))
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
        let parameters = sample.parameters.into_iter();
        let bodies = sample.bodies.into_iter();
        let values = Values {
            base_url: format!("{origin}{}", sample.base_path),
            parameters: parameters
                .map(|parameter| (parameter.location, parameter.name, parameter.value))
                .collect(),
            bodies: bodies.map(|body| (body.media_type, body.value)).collect(),
            succeeds,
            errors,
        };
        let missing = (!sample.missing.is_empty()).then(|| sample.missing.join("; "));
        (values, missing)
    });
    values.unzip()
}

/// The statuses of errors with JSON bodies that an operation documents.
fn errors(document: &Document, operation: &OperationNode<'_>) -> Vec<u16> {
    let responses = operation.node.entries_of("responses").iter();
    let errors = responses.filter(|response| {
        let resolved = document.resolve(response.value);
        let content = resolved.map(|response| response.entries_of("content"));
        let mut media_types = content.unwrap_or_default().iter();
        media_types.any(|media_type| {
            media_type.key.contains("json") && media_type.value.get("schema").is_some()
        })
    });
    let statuses = errors.filter_map(|response| response.key.parse().ok());
    statuses.filter(|status| *status >= 400).collect()
}
