//! What is judged without a validator is what a validator says.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use spec_first_document::{Document, violation::Violation};

use super::{Direction, Node, Plain, Survey};
use crate::validation::{Example, Validation};

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![
            json!(0),
            json!(1),
            json!(1.0),
            json!(1.5),
            json!(-3),
            json!(2147483648_u64),
            json!(1e300),
        ]),
        prop::sample::select(vec!["", "a", "äöü", "2026-11-29", "a@b.example"])
            .prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[abx]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Schemas of keywords that are judged, and a few that are not, with references to these components.
fn schema(components: &[&'static str]) -> impl Strategy<Value = Value> + use<> {
    let types = ["string", "number", "integer", "boolean", "object", "array"];
    let keyword = prop_oneof![
        4 => prop::sample::select(types.to_vec()).prop_map(|name| ("type", json!(name))),
        1 => any::<bool>().prop_map(|is| ("nullable", json!(is))),
        1 => any::<bool>().prop_map(|is| ("readOnly", json!(is))),
        1 => any::<bool>().prop_map(|is| ("writeOnly", json!(is))),
        1 => prop::collection::vec(value(), 1..3).prop_map(|values| ("enum", json!(values))),
        1 => (prop::sample::select(vec!["minLength", "maxLength", "minItems", "maxItems"]), 0..3_u8)
            .prop_map(|(name, limit)| (name, json!(limit))),
        1 => (prop::sample::select(vec!["minimum", "maximum"]), prop::sample::select(vec![json!(0), json!(1.5), json!(1e300)])),
        1 => any::<bool>().prop_map(|is| ("exclusiveMinimum", json!(is))),
        1 => prop::collection::vec("[abx]", 1..3).prop_map(|names| ("required", json!(names))),
        1 => any::<bool>().prop_map(|is| ("additionalProperties", json!(is))),
        1 => prop::sample::select(vec!["int32", "int64", "date", "email", "unknown"]).prop_map(|name| ("format", json!(name))),
        1 => Just(("uniqueItems", json!(true))),
    ];
    let object = |keywords: Vec<(&'static str, Value)>| {
        let keywords = keywords
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Value::Object(keywords.collect())
    };
    let flat = prop::collection::vec(keyword, 0..4).prop_map(object);
    let references = components
        .iter()
        .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let references: Vec<Value> = references.collect();
    let leaf = match references.is_empty() {
        true => flat.boxed(),
        false => prop_oneof![4 => flat, 1 => prop::sample::select(references)].boxed(),
    };
    leaf.prop_recursive(3, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..3);
        let with = |name: &'static str| {
            move |(outer, value): (Value, Value)| match outer {
                Value::Object(mut outer) if !outer.contains_key("$ref") => {
                    outer.insert(name.to_owned(), value);
                    Value::Object(outer)
                }
                reference => reference,
            }
        };
        let properties = prop::collection::btree_map("[abx]", inner.clone(), 1..3);
        let properties = properties.prop_map(|members| json!(members));
        let branches = (
            prop::sample::select(vec!["allOf", "anyOf", "oneOf"]),
            several,
        );
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(with("items")),
            (inner.clone(), inner.clone()).prop_map(with("additionalProperties")),
            (inner.clone(), properties).prop_map(with("properties")),
            (inner, branches)
                .prop_map(move |(outer, (name, branches))| with(name)((outer, json!(branches)))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_judged_is_what_a_validator_says(
        judged in schema(&["A", "B"]),
        components in (schema(&[]), schema(&["A"])),
        example in value(),
        is_3_1 in any::<bool>(),
        direction in prop::sample::select(vec![Direction::Both, Direction::Request, Direction::Response]),
    ) {
        let schemas: Map<String, Value> = [("A", components.0), ("B", components.1), ("Judged", judged)]
            .map(|(name, schema)| (name.to_owned(), schema))
            .into_iter()
            .collect();
        let version = if is_3_1 { "3.1.0" } else { "3.0.3" };
        let text = json!({"openapi": version, "x-value": example, "components": {"schemas": schemas}}).to_string();
        let (plain, violations) = judgements(&text, direction);
        if let Some(is_valid) = plain {
            prop_assert_eq!(is_valid, violations().is_empty(), "{} {:?}", text, violations());
        }
    }
}

/// What `x-value` of a document is judged as by the schema `Judged`: without a validator, and by one.
fn judgements(
    text: &str,
    direction: Direction,
) -> (Option<bool>, impl Fn() -> Vec<Violation> + use<>) {
    let read = |text: &str| Document::parse("a.json", text).unwrap();
    let document = read(text);
    let survey = Survey::of(&document);
    let (_, node, value) = judged(&survey);
    let plain = Plain::of(&survey).is_valid(node, value, direction);
    let text = text.to_owned();
    (plain, move || {
        let document = read(&text);
        let survey = Survey::of(&document);
        let (schema, _, value) = judged(&survey);
        let example = Example { schema, value };
        Validation::of(&survey)
            .violations(direction, &[example])
            .remove(0)
    })
}

fn judged<'a>(survey: &Survey<'a>) -> (usize, Node<'a>, Node<'a>) {
    let mut schemas = survey.schemas.iter();
    let schema = schemas.position(|site| site.component == Some("Judged"));
    let schema = schema.unwrap();
    let value = survey.document.root().get("x-value").unwrap();
    (schema, survey.schemas[schema].node, value)
}

/// `A` refers to `B` twice, and so on: a validator would apply the last one a billion times.
#[test]
fn references_that_multiply_come_to_an_end() {
    let twice = |name: usize| {
        let next = json!({"$ref": format!("#/components/schemas/A{name}")});
        json!({"allOf": [next, next]})
    };
    let mut schemas: Map<String, Value> = (1..31)
        .map(|name| (format!("A{name}"), twice(name + 1)))
        .collect();
    schemas.insert("A31".to_owned(), json!({"type": "integer"}));
    schemas.insert("Judged".to_owned(), twice(1));
    let text = json!({"openapi": "3.0.3", "x-value": 1, "components": {"schemas": schemas}});
    assert_eq!(judgements(&text.to_string(), Direction::Both).0, Some(true));
}

/// A nullable schema was judged as if it allowed anything.
#[test]
fn what_is_beside_nullable_counts() {
    let text = json!({
        "openapi": "3.0.3",
        "x-value": 3,
        "components": {"schemas": {"Judged": {"nullable": true, "allOf": [{"type": "string"}]}}},
    });
    let (plain, violations) = judgements(&text.to_string(), Direction::Both);
    assert_eq!(plain, Some(false));
    assert_eq!(violations().len(), 1);
}
