//! Schemas and their names.

use super::{check, findings};
use crate::document::PETS;

#[test]
fn conflicting_rust_names_are_reported() {
    check(
        "enum: [cat, dog]",
        "enum: [cat, CAT]",
        "/components/schemas/Kind/enum/1",
        "the same Rust name as `cat`",
    );
    check(
        "        chip: {type: string, format: uuid}",
        "        Name: {type: string}",
        "/components/schemas/Pet/properties/Name",
        "the same Rust name as `name`",
    );
    check(
        "        name: {type: string}\n",
        "        name: {type: object, properties: {extra: {type: string}}, additionalProperties: {type: string}}\n",
        "/components/schemas/Pet/properties/name/properties/extra",
        "additional properties",
    );
    check(
        "    OpenKind:",
        "    kind:",
        "/components/schemas/kind",
        "the same Rust name as `Kind`",
    );
}

#[test]
fn shadowing_and_untyped_branches_are_reported() {
    let open = "        - {$ref: '#/components/schemas/Kind'}\n        - {type: string}\n";
    let pointer = "/components/schemas/OpenKind/anyOf";
    check(
        open,
        "        - {type: string}\n        - {$ref: '#/components/schemas/Kind'}\n",
        &format!("{pointer}/0"),
        "matches every string",
    );
    check(
        open,
        "        - {type: object}\n        - {$ref: '#/components/schemas/Pet'}\n",
        &format!("{pointer}/0"),
        "never tried",
    );
    check(
        open,
        "        - {type: string}\n        - {required: [name]}\n",
        &format!("{pointer}/1"),
        "only adds a constraint",
    );
}

#[test]
fn unsupported_keywords_are_reported() {
    check(
        "        name: {type: string}\n",
        "        name: {type: string, pattern: '^a'}\n",
        "/components/schemas/Pet/properties/name/pattern",
        "regular expression",
    );
    check(
        "        name: {type: string}\n",
        "        name: {not: {type: string}}\n",
        "/components/schemas/Pet/properties/name/not",
        "`not`",
    );
}

#[test]
fn renamed_replacement_types_are_reported() {
    let text = PETS.replace("PetId", "pet-id");
    let findings = findings(&text);
    assert_eq!(
        findings,
        [
            "#/components/schemas/pet-id: the generator would rename `pet-id`, which the client replaces by a hand-written type"
        ]
    );
}

#[test]
fn extensions_that_would_be_ignored_are_reported() {
    for (value, message) in [
        ("7", "not the path of a Rust type"),
        ("'a b'", "not the path of a Rust type"),
    ] {
        check(
            "Kind: {type: string, enum: [cat, dog]}",
            &format!("Kind: {{type: string, enum: [cat, dog], x-rust-type: {value}}}"),
            "/components/schemas/Kind/x-rust-type",
            message,
        );
    }
    check(
        "PetId: {type: string}",
        "PetId: {type: string, x-rust-type: crate::PetId}",
        "/components/schemas/PetId/x-rust-type",
        "path parameters",
    );
    check(
        "        born: {type: string, format: date}",
        "        born: {type: string, format: date, x-rust-type: crate::Date}",
        "/components/schemas/Pet/properties/born/x-rust-type",
        "only strings in `components.schemas`",
    );
    check(
        "x-error-message: true",
        "x-error-message: 'true'",
        "/components/schemas/Problems/x-error-message",
        "neither `true` nor `false`",
    );
}

#[test]
fn envelopes_that_would_be_misread_are_reported() {
    let extension = "x-envelope: {value: pet, success: {count: 1, result: added}}";
    let pointer = "/components/schemas/AddedPet/x-envelope";
    for (replace, place, message) in [
        (
            "x-envelope: {success: {count: 1}}",
            "",
            "does not name the property",
        ),
        (
            "x-envelope: {value: cat}",
            "/value",
            "`cat` is not a property",
        ),
        (
            "x-envelope: {value: result}",
            "/value",
            "`result` is not a property with a `$ref`",
        ),
        (
            "x-envelope: {value: pet, success: {ok: 1}}",
            "/success/ok",
            "`ok` is not a property",
        ),
        (
            "x-envelope: {value: pet, success: {count: true}}",
            "/success/count",
            "neither a string nor an integer",
        ),
    ] {
        check(extension, replace, &format!("{pointer}{place}"), message);
    }
    check(
        "        kind: {$ref: '#/components/schemas/Kind'}",
        "        pet: {type: string}",
        &format!("{pointer}/value"),
        "cannot be told from its envelope",
    );
}

#[test]
fn the_object_form_of_x_rust_type_is_left_to_typify() {
    let text = PETS.replace(
        "x-rust-type: crate::vet::VetUrl",
        "x-rust-type: {crate: vet, path: 'vet::VetUrl', version: '1'}",
    );
    assert_eq!(
        findings(&text),
        [
            "#/components/schemas/VetUrl/pattern: `pattern` requires a regular expression engine, which the client does not include"
        ]
    );
}
