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
