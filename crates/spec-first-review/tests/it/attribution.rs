//! Which document changes a change of the generated code is attributed to.

use spec_first_document::Pointer;
use spec_first_review::{Input, Options, Step, Surface, SurfaceChange, review};

const BASE: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: list_pets
      responses:
        '200': {description: Pets, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        kind: {type: string, enum: [cat, dog]}
        born: {$ref: '#/components/schemas/Day'}
        home: {type: object, properties: {street: {type: string}, city: {type: string}}}
    Day: {type: string, format: date}
";

/// Edits the document, and checks which changes list the code that is generated from this place in base or head: the message of
/// each such change, or `nothing` if there is none.
#[track_caller]
fn check(edits: &[(&str, &str)], from: [&str; 2], expected: &[&str]) {
    let mut edited = BASE.to_owned();
    for (find, replace) in edits {
        assert_eq!(edited.matches(find).count(), 1, "{find}");
        edited = edited.replace(find, replace);
    }
    let [base, head] = from.map(|pointers| pointers.split_whitespace().filter_map(Pointer::parse));
    let change = SurfaceChange {
        old: Some("the old line".to_owned()),
        new: Some("the new line".to_owned()),
        step: Step::Major,
        why: "it is another".to_owned(),
        base: base.collect(),
        head: head.collect(),
    };
    let mut options = Options::default();
    options.surface = Surface::compared([change]);
    let (base, head) = (
        |_: &str| Ok(BASE.to_owned()),
        move |_: &str| Ok(edited.clone()),
    );
    let base = Input {
        files: &base,
        path: "base.yaml",
    };
    let head = Input {
        files: &head,
        path: "head.yaml",
    };
    let review = review(base, head, &options).unwrap();
    let with_code = review.changes.iter().filter(|change| {
        assert_eq!(change.rust_step().is_some(), !change.surface.is_empty());
        !change.surface.is_empty()
    });
    let mut found: Vec<&str> = with_code.map(|change| change.message.as_str()).collect();
    assert_eq!(found.is_empty(), !review.unattached.is_empty());
    if found.is_empty() {
        found.push("nothing");
    }
    assert_eq!(found, expected);
}

const PET: &str = "/components/schemas/Pet";
const KIND: &str = "        kind: {type: string, enum: [cat, dog]}\n";
const LONG_NAME: (&str, &str) = (
    "name: {type: string}",
    "name: {type: string, nullable: true}",
);
const NO_CITY: (&str, &str) = (", city: {type: string}", "");
const BIRD: (&str, &str) = ("[cat, dog]", "[cat, dog, bird]");

fn property(name: &str) -> String {
    format!("{PET}/properties/{name}")
}

#[test]
fn code_of_the_same_place_stems_from_the_change_there_and_from_no_other() {
    let edits = [LONG_NAME, BIRD, NO_CITY];
    let name = property("name");
    check(&edits, [&name, &name], &["`null` is now allowed"]);
    let kind = property("kind");
    check(&edits, [&kind, &kind], &["`\"bird\"` is now allowed"]);
}

#[test]
fn code_inside_of_what_was_added_or_dropped_stems_from_that() {
    let value = property("kind/enum/2");
    check(
        &[BIRD, NO_CITY],
        ["", &value],
        &["`\"bird\"` is now allowed"],
    );
    let operation =
        "    post:\n      operationId: add_pet\n      responses: {'204': {description: Added}}\n";
    let added = (
        "paths:\n  /pets:\n",
        &*format!("paths:\n  /pets:\n{operation}"),
    );
    let id = "/paths/~1pets/post/operationId";
    check(
        &[added, BIRD],
        ["", id],
        &["the operation `POST /pets` was added"],
    );
}

#[test]
fn the_nearest_of_several_places_decides() {
    let optional = ("      required: [name]\n", "");
    let of_a_field = format!("{} {PET}/required/0", property("name"));
    check(
        &[optional, NO_CITY],
        [&of_a_field, &property("name")],
        &["the property `name` is no longer required"],
    );
}

#[test]
fn code_of_a_whole_schema_stems_from_what_changed_deep_inside_only_if_nothing_is_nearer() {
    check(&[NO_CITY], [PET, PET], &["the property `city` was dropped"]);
    let closed = (
        "    Pet:\n",
        "    Pet:\n      additionalProperties: false\n",
    );
    check(
        &[NO_CITY, closed],
        [PET, PET],
        &["other properties are no longer allowed"],
    );
}

#[test]
fn code_that_names_a_component_stems_from_what_the_component_became() {
    let plain = (
        "Day: {type: string, format: date}",
        "Day: {type: string, format: date, nullable: true}",
    );
    let born = property("born");
    check(&[plain, BIRD], [&born, &born], &["`null` is now allowed"]);
}

#[test]
fn code_of_a_component_stems_from_the_reference_that_brought_it() {
    let described = (
        "        name: {type: string}\n",
        "        name: {type: string}\n        owner: {$ref: '#/components/schemas/Owner'}\n",
    );
    let components = (
        "  schemas:\n",
        "  schemas:\n    Owner: {type: object, properties: {address: {$ref: '#/components/schemas/Address'}}}\n    Address: {type: object, properties: {street: {type: string}}}\n",
    );
    let edits = [described, components, BIRD];
    let owner = "/components/schemas/Owner/properties/address";
    let added = ["the property `owner` was added"];
    check(&edits, ["", owner], &added);
    check(
        &edits,
        ["", "/components/schemas/Address/properties/street"],
        &added,
    );
}

#[test]
fn what_stems_from_no_change_is_not_lost() {
    let name = property("name");
    check(&[NO_CITY], [&name, &name], &["nothing"]);
    check(
        &[NO_CITY],
        ["/nowhere", "/components/nothing/0"],
        &["nothing"],
    );
    check(&[NO_CITY], ["", ""], &["nothing"]);
    check(&[NO_CITY], ["#", "#"], &["nothing"]);
}

#[test]
fn a_removed_value_is_not_placed_at_its_neighbours() {
    let replaced = (KIND, "        size: {type: string}\n");
    // The added property is not in the base, so its place there is the schema that contains it.
    check(
        &[replaced],
        [&property("kind"), ""],
        &["the property `kind` was dropped"],
    );
    let dropped = (KIND, "");
    check(&[dropped], [&property("name"), ""], &["nothing"]);
}

#[test]
fn a_reference_brings_nothing_that_was_there_before() {
    let operation = "    post:
      operationId: add_pet
      responses:
        '200': {description: Added, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
";
    let added = (
        "paths:\n  /pets:\n",
        &*format!("paths:\n  /pets:\n{operation}"),
    );
    check(&[added], ["", &property("name")], &["nothing"]);
}

#[test]
fn what_lacks_only_a_keyword_is_there() {
    let widened = (
        "name: {type: string}",
        "name: {anyOf: [{type: string}, {type: integer}]}",
    );
    check(
        &[widened, NO_CITY],
        ["", &property("name")],
        &["the type changed from `string` to `integer` or `string`"],
    );
    check(
        &[widened, NO_CITY],
        ["", &property("name/anyOf/1")],
        &["the type changed from `string` to `integer` or `string`"],
    );
}
