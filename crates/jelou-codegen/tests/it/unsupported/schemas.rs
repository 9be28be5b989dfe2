//! Schemas and their names.

use super::{check, findings};
use crate::document::PETS;

#[test]
fn names_that_become_one_in_rust_are_found() {
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
fn alternatives_that_hide_one_another_or_say_nothing_are_found() {
    let open = "        - {$ref: '#/components/schemas/Kind'}\n        - {type: string}\n";
    let pointer = "/components/schemas/OpenKind/anyOf";
    check(
        open,
        "        - {type: string}\n        - {$ref: '#/components/schemas/Kind'}\n",
        &format!("{pointer}/0"),
        "any text reads as this branch",
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
fn keywords_that_need_more_than_the_client_carries_are_found() {
    check(
        "        name: {type: string}\n",
        "        name: {type: string, pattern: '^a'}\n",
        "/components/schemas/Pet/properties/name/pattern",
        "regular expressions",
    );
    check(
        "        name: {type: string}\n",
        "        name: {not: {type: string}}\n",
        "/components/schemas/Pet/properties/name/not",
        "`not`",
    );
}

#[test]
fn a_name_that_the_generator_would_change_is_found_where_the_client_has_the_type() {
    let text = PETS.replace("PetId", "pet-id");
    let findings = findings(&text);
    assert_eq!(
        findings,
        [
            "#/components/schemas/pet-id: the generator would rename `pet-id`, for which the client has a type of its own"
        ]
    );
}
