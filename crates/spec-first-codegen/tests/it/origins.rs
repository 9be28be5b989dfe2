//! The origins of public names in the document.

use std::fmt::Write;

use spec_first_codegen::{origins, surface};
use spec_first_document::Document;

use crate::document::{PETS, edited};

/// The lines of the surface that start with `prefix`, each with its origins.
fn shown(document: &str, prefix: &str) -> String {
    let origins = origins("pets.yaml", document).unwrap();
    let mut shown = String::new();
    for line in rust_lines(document) {
        if line.starts_with(prefix) {
            writeln!(shown, "{line}").unwrap();
            for pointer in origins.of(&line) {
                writeln!(shown, "    {pointer}").unwrap();
            }
        }
    }
    shown
}

fn rust_lines(document: &str) -> Vec<String> {
    let surface = surface("pets.yaml", document).unwrap();
    let lines = surface.lines();
    lines
        .filter_map(|line| line.strip_prefix("rust ").map(str::to_owned))
        .collect()
}

#[test]
fn each_name_has_its_origins() {
    insta::assert_snapshot!(shown(PETS, ""));
}

#[test]
fn origins_are_found_in_all_of_branches() {
    let document = edited(
        "    Error:\n      type: object\n",
        "    Stray:
      allOf:
        - {$ref: '#/components/schemas/Pet'}
        - type: object
          required: [seat]
          properties:
            seat: {type: object, properties: {row: {type: integer}}, additionalProperties: {type: string}}
    Error:
      type: object
",
    );
    insta::assert_snapshot!(shown(&document, "field types::Stray"), @r"
    field types::Stray.born: Option<String> as `born`
        #/components/schemas/Pet/properties/born
    field types::Stray.chip: Option<String> as `chip`
        #/components/schemas/Pet/properties/chip
    field types::Stray.kind: Option<Kind> as `kind`
        #/components/schemas/Pet/properties/kind
    field types::Stray.name: String as `name`
        #/components/schemas/Pet/properties/name
        #/components/schemas/Pet/required/0
    field types::Stray.password: Option<::spec_first_runtime::Secret> as `password`
        #/components/schemas/Pet/properties/password
    field types::Stray.seat: StraySeat as `seat`
        #/components/schemas/Stray/allOf/1/properties/seat
        #/components/schemas/Stray/allOf/1/required/0
    field types::Stray.seen: Option<::spec_first_runtime::Timestamp> as `seen`
        #/components/schemas/Pet/properties/seen
    field types::StraySeat.extra: ::std::collections::HashMap<String,String> as `extra`
        #/components/schemas/Stray/allOf/1/properties/seat/additionalProperties
    field types::StraySeat.row: Option<i64> as `row`
        #/components/schemas/Stray/allOf/1/properties/seat/properties/row
    ");
}

/// The copy with the pointers must generate the same names.
#[test]
fn only_names_without_a_specific_place_have_no_origin() {
    let origins = origins("pets.yaml", PETS).unwrap();
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let mut without = Vec::new();
    for line in rust_lines(PETS) {
        for pointer in origins.of(&line) {
            let is_there = document.node(pointer).is_some();
            assert!(
                is_there,
                "{line} comes from {pointer}, which does not exist"
            );
        }
        if origins.of(&line).is_empty() {
            without.push(line);
        }
    }
    insta::assert_snapshot!(without.join("\n"), @r"
    static API: ::spec_first_runtime::Api
    struct Client
    ");
}
