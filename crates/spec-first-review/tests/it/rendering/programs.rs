//! The formats that programs read: JSON, SARIF and JUnit.

use serde_json::Value;
use spec_first_review::Review;
use spec_first_review::render::{Format, Presentation, render};

use super::{compare, example, read, rendered};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The errors of a value against a JSON Schema.
fn objections(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn json_says_all() {
    insta::assert_snapshot!(rendered(Format::Json));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(rendered(Format::Sarif));
}

#[test]
fn junit() {
    let report = rendered(Format::Junit);
    let mut reader = quick_xml::Reader::from_str(&report);
    let mut cases = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                cases += usize::from(tag.name().as_ref() == b"testcase");
            }
            _ => {}
        }
    }
    assert_eq!(cases, example().changes.len());
    insta::assert_snapshot!(report);
}

#[test]
fn junit_has_no_control_characters() {
    let document = |kind: &str| {
        let schema = r##""#/components/schemas/A\u0007""##;
        format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "A", "version": "1"}},
            "paths": {{"/a": {{"get": {{"responses": {{"200": {{"description": "A", "content":
              {{"application/json": {{"schema": {{"$ref": {schema}}}}}}}}}}}}}}}}},
            "components": {{"schemas": {{"A\u0007": {{"type": "{kind}"}}}}}}}}"#
        )
    };
    let review = compare(&document("string"), &document("integer"));
    let report = render(&review, Format::Junit, &Presentation::default());
    assert!(report.contains("u{7}"), "{report}");
    let is_refused = |c: char| c.is_control() && c != '\n';
    assert!(!report.contains(is_refused), "{report}");
}

#[test]
fn json_is_as_the_published_schema_says() {
    let schema = json(&read("review.schema.json"));
    let mut value = json(&rendered(Format::Json));
    assert_eq!(objections(&schema, &value), Vec::<String>::new());
    value["changes"][0]["verdicts"]["running_client"]["verdict"] = "perhaps".into();
    value["changes"][1]["uses"][0]["part"].take();
    assert_eq!(objections(&schema, &value).len(), 2);
}

#[test]
fn sarif_is_as_the_standard_says() {
    let schema = read("tests/render/sarif-schema-2.1.0.json");
    // Two patterns in the schema have an extra bracket.
    let (wrong, right) = ("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    assert_eq!(schema.matches(wrong).count(), 2);
    let schema = json(&schema.replace(wrong, right));
    let mut value = json(&rendered(Format::Sarif));
    assert_eq!(objections(&schema, &value), Vec::<String>::new());
    value["runs"][0]["results"][0]["level"] = "fatal".into();
    assert_eq!(objections(&schema, &value).len(), 1);
}

#[test]
fn fingerprints_outlive_a_move_and_differ_between_changes() {
    let (base, head) = (
        read("tests/render/base.yaml"),
        read("tests/render/head.yaml"),
    );
    let moved = format!("# One line more.\n{head}");
    let fingerprints = |review: &Review| -> Vec<Value> {
        let value = json(&render(review, Format::Json, &Presentation::default()));
        let changes = value["changes"].as_array().unwrap().iter();
        changes
            .map(|change| change["fingerprint"].clone())
            .collect()
    };
    let before = fingerprints(&compare(&base, &head));
    assert_eq!(before, fingerprints(&compare(&base, &moved)));
    let mut different = before.clone();
    different.sort_by_key(Value::to_string);
    different.dedup();
    assert_eq!(different.len(), before.len());
}
