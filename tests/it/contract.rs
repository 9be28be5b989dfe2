//! Validates values against the document.

use crate::server::BASE_PATH;
use jelou_spec::EXTERNAL_SUPPORT;
use jsonschema::Validator;
use spec_first_document::{Direction, Document, JsonSchema, OperationNode, Pointer};

/// The document of this workspace.
pub(crate) fn document() -> Document {
    Document::parse(EXTERNAL_SUPPORT.name, EXTERNAL_SUPPORT.text).unwrap()
}

/// A validator for values of the component `name` that are sent in `direction`.
pub(crate) fn validator(name: &str, direction: Direction) -> Validator {
    let document = document();
    let pointer = Pointer::root()
        .child("components")
        .child("schemas")
        .child(name);
    let schema = JsonSchema::of(&document, direction).schema(document.node(&pointer).unwrap());
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Checks that the document describes `request`, as a server records it, and allows its body.
#[track_caller]
pub(crate) fn assert_documented(request: &str) {
    let document = document();
    let (head, body) = request.split_once("\n\n").unwrap();
    let operation = document
        .operations()
        .filter(|operation| is_request_of(operation, head))
        .min_by_key(|operation| operation.path.matches('{').count());
    let operation = operation.unwrap_or_else(|| panic!("the document does not describe {head}"));
    let content = operation
        .node
        .get("requestBody")
        .and_then(|body| document.resolve(body)?.get("content"));
    let Some(schema) = content.and_then(|content| content.get("application/json")?.get("schema"))
    else {
        assert_eq!(body, "", "the document describes no body");
        return;
    };
    let schema = JsonSchema::of(&document, Direction::Request).schema(schema);
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let body = serde_json::from_str(body).unwrap();
    assert!(
        validator.is_valid(&body),
        "the document does not allow {body}"
    );
}

/// Whether the request line in `head` is one of `operation`: its method, and its path under the path of the first server.
fn is_request_of(operation: &OperationNode<'_>, head: &str) -> bool {
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let path = target
        .split('?')
        .next()
        .and_then(|path| path.strip_prefix(BASE_PATH))
        .unwrap_or_default();
    let (template, path): (Vec<_>, Vec<_>) = (
        operation.path.split('/').collect(),
        path.split('/').collect(),
    );
    let fits =
        |(template, segment): (&&str, &&str)| template.starts_with('{') || template == segment;
    method.eq_ignore_ascii_case(operation.method)
        && template.len() == path.len()
        && template.iter().zip(&path).all(fits)
}
