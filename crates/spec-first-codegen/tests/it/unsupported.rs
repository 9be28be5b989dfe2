//! Everything that the generator is known to get wrong is reported before it runs.

mod parameters;
mod responses;
mod schemas;
mod security;

use spec_first_document::Document;

use crate::document::{PETS, edited};

#[track_caller]
fn findings(text: &str) -> Vec<String> {
    let document = Document::parse("pets.yaml", text).unwrap();
    spec_first_codegen::unsupported(&document)
        .iter()
        .map(|finding| format!("{}: {}", finding.pointer, finding.message))
        .collect()
}

/// Edits the document in one place and expects a single finding at `pointer` that contains `message`.
#[track_caller]
fn check(find: &str, replace: &str, pointer: &str, message: &str) {
    let findings = findings(&edited(find, replace));
    let [finding] = findings.as_slice() else {
        panic!("{findings:#?}")
    };
    assert!(
        finding.starts_with(&format!("#{pointer}: ")) && finding.contains(message),
        "{finding}"
    );
}

#[test]
fn a_supported_document_has_no_findings() {
    assert_eq!(findings(PETS), [""; 0]);
}

#[test]
fn versions_other_than_3_0_are_reported() {
    check(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "/openapi",
        "not `3.1.0`",
    );
}

#[test]
fn unsupported_references_are_reported() {
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: '#/components/schemas/King'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "does not exist",
    );
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: 'kinds.yaml#/Kind'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "other files",
    );
    check(
        "        '400': {$ref: '#/components/responses/Error'}",
        "        '400': {$ref: '#/paths/~1pets/get/responses/503'}",
        "/paths/~1pets/post/responses/400/$ref",
        "only references to components",
    );
}

#[test]
fn referenced_path_items_are_reported() {
    check(
        "  /pets/{petId}/toys/{toyId}:\n",
        "  /cats: {$ref: '#/paths/~1pets'}\n  /pets/{petId}/toys/{toyId}:\n",
        "/paths/~1cats",
        "a reference in the path item",
    );
}

#[test]
fn duplicate_operation_ids_are_reported() {
    check(
        "add_pet",
        "listPets",
        "/paths/~1pets/post/operationId",
        "the same Rust name as `list_pets`",
    );
}

#[test]
fn unsupported_methods_and_extension_values_are_reported() {
    for method in ["trace", "options"] {
        check(
            "    delete:\n",
            &format!("    {method}:\n"),
            &format!("/paths/~1pets~1{{petId}}~1toys~1{{toyId}}/{method}"),
            "does not compile",
        );
    }
    check(
        "      operationId: add_pet\n",
        "      operationId: add_pet\n      x-idempotent: 'true'\n",
        "/paths/~1pets/post/x-idempotent",
        "neither `true` nor `false`",
    );
}
