//! The document as a judge of values.

use jelou_spec::EXTERNAL_SUPPORT;
use jsonschema::Validator;
use openapi_document::{Direction, Document, JsonSchema, Pointer};

/// The document of this workspace.
pub(crate) fn document() -> Document {
    Document::parse(EXTERNAL_SUPPORT.name, EXTERNAL_SUPPORT.text).unwrap()
}

/// What the document says of a value that travels in `direction` as the component `name`.
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
