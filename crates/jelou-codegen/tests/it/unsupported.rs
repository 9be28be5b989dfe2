//! What the generator is known to get wrong: each found in the document, with its line, before it is tried.

mod parameters;
mod responses;
mod schemas;
mod security;

use openapi_document::Document;

use crate::document::{PETS, edited};

#[track_caller]
fn findings(text: &str) -> Vec<String> {
    let document = Document::parse("pets.yaml", text).unwrap();
    jelou_codegen::unsupported(&document)
        .iter()
        .map(|finding| format!("{}: {}", finding.pointer, finding.message))
        .collect()
}

/// Edits the document in one place and expects one finding at `pointer` that says `message`.
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
fn a_document_that_can_be_generated_has_no_finding() {
    assert_eq!(findings(PETS), [""; 0]);
}

#[test]
fn a_version_other_than_3_0_is_found() {
    check(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "/openapi",
        "not `3.1.0`",
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_found() {
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: '#/components/schemas/King'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "refers to nothing",
    );
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: 'kinds.yaml#/Kind'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "another file",
    );
    check(
        "        '400': {$ref: '#/components/responses/Error'}",
        "        '400': {$ref: '#/paths/~1pets/get/responses/503'}",
        "/paths/~1pets/post/responses/400/$ref",
        "into a part of the document",
    );
}

#[test]
fn a_path_item_that_is_a_reference_is_found() {
    check(
        "  /pets/{petId}/toys/{toyId}:\n",
        "  /cats: {$ref: '#/paths/~1pets'}\n  /pets/{petId}/toys/{toyId}:\n",
        "/paths/~1cats",
        "in place of the path",
    );
}

#[test]
fn a_missing_or_repeated_operation_id_is_found() {
    check(
        "      operationId: add_pet\n",
        "",
        "/paths/~1pets/post",
        "has no `operationId`",
    );
    check(
        "add_pet",
        "listPets",
        "/paths/~1pets/post/operationId",
        "the same Rust name as `list_pets`",
    );
}

#[test]
fn an_operation_that_is_called_in_another_way_than_written_is_found() {
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
