//! What is generated from schemas, each value validated like a response.

use std::sync::Arc;

use serde_json::json;
use spec_first_document::{Direction, Document};

use crate::contract::{validation::Schemas, violation::Violations};

use super::*;

/// Generates a value that conforms when it is validated like a response.
#[track_caller]
fn make(schema: &str) -> Value {
    let document = Arc::new(Document::parse("schema.yaml", schema).unwrap());
    let place = Place::root(&document);
    let validator = Schemas::of(Arc::clone(&document), false).add(Direction::Response, &place);
    let made = Strategy::all(Direction::Response, 0).filter_map(|it| generate(&place, it));
    let mut conforming =
        made.filter(|value| validator.violations(value, None) == Ok(Violations::default()));
    let value = conforming.next();
    value.unwrap_or_else(|| panic!("no value for {schema}"))
}

#[test]
fn a_request_has_no_member_that_only_the_server_sets() {
    let schema = "{allOf: [{required: [id, a], properties: {id: {type: string, readOnly: true}, a: {type: boolean}}}, {required: [id]}]}";
    let document = Document::parse("schema.yaml", schema).unwrap();
    let mut strategies = Strategy::all(Direction::Request, 0);
    let made = generate(&Place::root(&document), strategies.next().unwrap());
    assert_eq!(made, Some(json!({"a": true})));
}

#[test]
fn every_type_has_a_value() {
    assert_eq!(make("{type: string}"), json!("string"));
    assert_eq!(make("{type: string, minLength: 9}"), json!("stringaaa"));
    assert_eq!(make("{type: string, maxLength: 2}"), json!("st"));
    assert_eq!(make("{type: integer}"), json!(0));
    assert_eq!(make("{type: integer, minimum: 3, multipleOf: 5}"), json!(5));
    assert_eq!(
        make("{type: integer, maximum: -3, exclusiveMaximum: true}"),
        json!(-4)
    );
    assert_eq!(
        make("{type: number, minimum: 0, exclusiveMinimum: true}"),
        json!(0.5)
    );
    assert_eq!(make("{type: boolean}"), json!(true));
    assert_eq!(make("{enum: [b, a]}"), json!("b"));
    assert_eq!(make("{type: string, enum: [null, 5, a]}"), json!("a"));
    assert_eq!(
        make("{properties: {a: {type: integer}}, example: '{\"a\": 5}'}"),
        json!({"a": 1})
    );
    assert_eq!(make("{type: object, items: {type: string}}"), json!({}));
    assert_eq!(make("{items: {type: integer}}"), json!([0]));
    assert_eq!(make("{type: array, items: {type: boolean}}"), json!([true]));
    assert_eq!(
        make("{type: array, uniqueItems: true, minItems: 2, items: {type: integer}}"),
        json!([0, 1])
    );
    assert_eq!(
        make("{type: array, uniqueItems: true, minItems: 3, items: {type: string}}"),
        json!(["string", "string1", "string2"])
    );
    assert_eq!(
        make(
            "{type: array, uniqueItems: true, minItems: 2, items: {type: string, format: date-time}}"
        ),
        json!(["2026-01-15T10:30:00Z", "2026-01-15T10:30:01Z"])
    );
    assert_eq!(
        make(
            "{type: array, uniqueItems: true, minItems: 2, items: {required: [id], properties: {id: {type: string, format: uuid}}}}"
        ),
        json!([
            {"id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"},
            {"id": "3fa85f64-5717-4562-b3fc-2c963f66afa5"},
        ])
    );
    assert_eq!(
        make(
            "{type: array, uniqueItems: true, minItems: 2, items: {type: string, enum: [a, b, c]}}"
        ),
        json!(["a", "b"])
    );
    assert_eq!(
        make("{allOf: [{type: string}, {description: A branch without a type.}]}"),
        json!("string")
    );
    assert_eq!(
        make("{type: array, maxItems: 0, items: {type: integer}}"),
        json!([])
    );
}

/// As [`make`], for a schema of OpenAPI 3.1.
#[track_caller]
fn make_3_1(schema: &str) -> Value {
    make(&format!("{{openapi: 3.1.0, {schema}}}"))
}

#[test]
fn keywords_of_openapi_3_1_are_understood() {
    assert_eq!(make_3_1("type: [string, 'null']"), json!("string"));
    assert_eq!(make_3_1("type: ['null', integer]"), json!(0));
    assert_eq!(make_3_1("type: 'null'"), json!(null));
    assert_eq!(make_3_1("const: 7"), json!(7));
    assert_eq!(make_3_1("type: integer, exclusiveMinimum: 3"), json!(4));
    assert_eq!(make_3_1("type: integer, exclusiveMaximum: -3"), json!(-4));
    assert_eq!(make_3_1("type: string, examples: [Ada]"), json!("Ada"));
    let pair = "type: array, prefixItems: [{type: integer}, {type: string}]";
    assert_eq!(make_3_1(pair), json!([0, "string"]));
    assert_eq!(
        make_3_1(&format!("{pair}, items: {{type: boolean}}, minItems: 4")),
        json!([0, "string", true, true])
    );
}

#[test]
fn every_format_has_a_value() {
    for format in [
        "date-time",
        "date",
        "time",
        "duration",
        "uuid",
        "email",
        "uri",
        "uri-reference",
        "hostname",
        "ipv4",
        "ipv6",
        "byte",
        "binary",
        "password",
        "json-pointer",
        "regex",
    ] {
        make(&format!("{{type: string, format: {format}}}"));
    }
}

#[test]
fn the_tighter_of_two_limits_counts() {
    for (limits, expected) in [
        ("minimum: 5, exclusiveMinimum: 3", 5),
        ("minimum: 3, exclusiveMinimum: 5", 6),
        ("minimum: 5, exclusiveMinimum: 5", 6),
        ("maximum: -5, exclusiveMaximum: -3", -5),
        ("maximum: -3, exclusiveMaximum: -5", -6),
    ] {
        let schema = format!("{{openapi: 3.1.0, type: integer, {limits}}}");
        assert_eq!(make(&schema), json!(expected), "{limits}");
    }
}

#[test]
fn a_schema_that_is_false_has_no_value() {
    let pair = "{openapi: 3.1.0, type: array, prefixItems: [{type: integer}], items: false}";
    assert_eq!(make(pair), json!([0]));
    assert_eq!(
        make("{openapi: 3.1.0, type: array, items: false}"),
        json!([])
    );
    assert_eq!(
        make("{openapi: 3.1.0, oneOf: [false, {type: integer}]}"),
        json!(0)
    );
    let impossible = "{openapi: 3.1.0, type: object, required: [a], properties: {a: false}}";
    let document = Document::parse("impossible.yaml", impossible).unwrap();
    assert_eq!(generate(&Place::root(&document), Strategy::first(0)), None);
}

#[test]
fn patterns_are_matched() {
    for pattern in [
        "^[A-Z]{3}-\\d{2,4}$",
        "^(foo|bar)?x+$",
        "^https://[^/?#@]+([/?#]|$)",
        "[^.]",
        "^\\S+@\\S+$",
        // Look-around, including nested groups and literal brackets.
        "^(?!admin$)[a-z]+$",
        "^(?![0-9a-f]{8}(?:-[0-9a-f]{4})$)^[a-z]([a-z0-9-]*[a-z0-9]+)?$",
        "^(?!.*[)(])(?<!x)[a-z\\)]{3}(?=$)(?<=z|a)$",
        // Syntax that only one of the engines has.
        "^/{id}/{}$",
        "^[[(]x[&&]$",
        "^a{2}}b{,3}$",
    ] {
        make(&format!("{{type: string, pattern: '{pattern}'}}"));
    }
}

#[test]
fn objects_have_all_members_named_like_their_values() {
    let object = "{required: [id, other], properties: {id: {type: integer}, firstName: {type: string, example: Tom}, orderCount: {type: integer}, shippingMethod: {type: string}, tags: {type: array, items: {type: string}}, price: {type: integer, maximum: 5}, zip: {type: string, maxLength: 3}, deleted: {type: boolean}}}";
    assert_eq!(
        make(object),
        json!({
            "id": 1, "firstName": "Tom", "orderCount": 3, "shippingMethod": "shipping method", "tags": ["tag"],
            "price": 0, "zip": "zip", "deleted": false, "other": "other"
        })
    );
    assert_eq!(
        make("{minProperties: 1, properties: {a: {type: integer}}}"),
        json!({"a": 1})
    );
    assert_eq!(
        make("{minProperties: 1, additionalProperties: {type: boolean}}"),
        json!({"property1": true})
    );
}

#[test]
fn a_response_ends_below_three_members_and_at_its_page() {
    assert_eq!(
        make(
            "{properties: {a: {properties: {b: {properties: {c: {properties: {d: {type: string}}}}}}}}}"
        ),
        json!({"a": {"b": {"c": {}}}})
    );
    assert_eq!(
        make(
            "{required: [nextPage], properties: {nextPage: {type: string, nullable: true}, has_more: {type: boolean}, error: {type: string}, id: {type: string}}}"
        ),
        json!({"nextPage": null, "id": "1"})
    );
    assert_eq!(
        make("{properties: {error: {type: string}}}"),
        json!({"error": "The request failed."})
    );
}

#[test]
fn a_seed_chooses_among_values() {
    let schema = "{properties: {firstName: {type: string}, city: {type: string}, country: {type: string}, id: {type: integer}, kind: {enum: [a, b, c]}}}";
    let document = Document::parse("schema.yaml", schema).unwrap();
    let of = |seed| generate(&Place::root(&document), Strategy::first(seed)).unwrap();
    let made: Vec<_> = (0..9).map(of).collect();
    assert_eq!(made, (0..9).map(of).collect::<Vec<_>>());
    assert!(made.iter().any(|value| value["city"] != made[0]["city"]));
    assert!(made.iter().any(|value| value["kind"] != made[0]["kind"]));
    for value in made {
        let is_of = |city, country| value["city"] == city && value["country"] == country;
        assert!(
            is_of("Lisbon", "Portugal")
                || is_of("Hamburg", "Germany")
                || is_of("Turin", "Italy")
                || is_of("Seoul", "South Korea"),
            "{value}"
        );
    }
}

#[test]
fn combinations_are_built_from_their_branches() {
    assert_eq!(
        make(
            "{allOf: [{properties: {a: {type: integer}}}, {required: [a, b], properties: {a: {type: integer}, b: {type: string}}}]}"
        ),
        json!({"a": 1, "b": "b"})
    );
    assert_eq!(
        make("{required: [a], allOf: [{properties: {a: {type: integer}}}]}"),
        json!({"a": 1})
    );
    assert_eq!(make("{oneOf: [{type: integer}, {type: string}]}"), json!(0));
    assert_eq!(
        make(
            "{allOf: [{required: [a], properties: {a: {type: integer}}}], oneOf: [{required: [c], properties: {c: {type: integer}}}, {required: [d]}]}"
        ),
        json!({"a": 1, "c": 1})
    );
    assert_eq!(
        make(
            "{properties: {a: {type: integer}, b: {type: integer}, c: {type: integer}}, oneOf: [{required: [a]}, {required: [b]}]}"
        ),
        json!({"a": 1, "c": 1})
    );
    assert_eq!(
        make(
            "{required: [a, city], properties: {b: {type: integer}}, oneOf: [{properties: {a: {type: integer}}}, {type: string}]}"
        ),
        json!({"a": 1, "b": 1, "city": "Lisbon"})
    );
}

#[test]
fn a_property_required_in_one_branch_is_generated_from_another_that_defines_it() {
    let described = "{properties: {a: {type: integer, example: 7}, b: {type: string}}}";
    assert_eq!(
        make(&format!("{{allOf: [{described}, {{required: [a, b]}}]}}")),
        json!({"a": 7, "b": "b"})
    );
    assert_eq!(
        make(&format!("{{allOf: [{{required: [a]}}, {described}]}}")),
        json!({"a": 7, "b": "b"})
    );
    // The definition and the requirement are both one level deeper.
    assert_eq!(
        make(&format!(
            "{{allOf: [{{allOf: [{{required: [b]}}]}}, {{allOf: [{described}]}}]}}"
        )),
        json!({"a": 7, "b": "b"})
    );
    assert_eq!(
        make(&format!(
            "{{required: [c], properties: {{c: {{allOf: [{described}, {{required: [b, other]}}]}}}}}}"
        )),
        json!({"c": {"a": 7, "b": "b", "other": "other"}})
    );
}

#[test]
fn an_example_of_the_wrong_type_is_not_used() {
    assert_eq!(make("{type: string, example: 20.04}"), json!("string"));
    assert_eq!(
        make("{required: [a], properties: {a: {type: integer, default: none}}}"),
        json!({"a": 1})
    );
    assert_eq!(
        make("{type: integer, nullable: true, example: null}"),
        json!(null)
    );
    assert_eq!(make("{type: number, example: 1}"), json!(1));
    assert_eq!(make("{type: integer, example: 2.0}"), json!(2.0));
}

#[test]
fn recursive_schemas_terminate() {
    let tree = "{components: {schemas: {Tree: {required: [children], properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}}}, $ref: '#/components/schemas/Tree'}";
    assert_eq!(make(tree), json!({"children": []}));
    let endless = "{components: {schemas: {A: {required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}}}, $ref: '#/components/schemas/A'}";
    let document = Document::parse("endless.yaml", endless).unwrap();
    assert_eq!(generate(&Place::root(&document), Strategy::first(0)), None);
}

#[test]
fn the_fixed_value_of_a_discriminator_is_kept() {
    let pet = "{type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}}}";
    let text = format!(
        "openapi: 3.0.3\ncomponents: {{schemas: {{Cat: {pet}}}}}\n\
         schema: {{discriminator: {{propertyName: kind}}, oneOf: [{{$ref: '#/components/schemas/Cat'}}]}}\n"
    );
    let document = Document::parse("a.yaml", &text).unwrap();
    let schema = Place::root(&document).get("schema").unwrap();
    let generated = generate(&schema, Strategy::first(0)).unwrap();
    assert_eq!(generated, serde_json::json!({"kind": "cat"}));
}

#[test]
fn a_discriminator_without_a_choice_names_a_schema_that_extends_it() {
    let document = "
components:
  schemas:
    Animal:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {feline: '#/components/schemas/Cat', Dog: Dog}}
    Cat: {required: [lives], allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {lives: {type: integer}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Animal'}]}
";
    let document = Document::parse("animals.yaml", document).unwrap();
    let animal = Place::root(&document).component("Animal").unwrap();
    let of = |branch| {
        let strategy = Strategy {
            branch,
            ..Strategy::first(0)
        };
        generate(&animal, strategy)
    };
    assert_eq!(of(0), Some(json!({"kind": "feline", "lives": 1})));
    assert_eq!(of(1), Some(json!({"kind": "Dog"})));
}
