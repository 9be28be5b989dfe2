//! What is said about each keyword, and which branch of a choice it is said about.

use serde_json::json;

use super::*;

#[track_caller]
fn check(schema: &Value, value: &Value, expected: &[&str]) {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    let mut found = Vec::new();
    explain(&validator, value, &mut |violation| {
        found.push(format!("{}: {violation}", violation.at.as_str()));
    });
    assert_eq!(found, expected, "{schema}");
}

#[test]
fn branches_that_differ_in_a_member_or_in_what_is_required_are_joined() {
    let tagged = |tag: Value| json!({"type": "object", "properties": {"role": tag, "n": {"type": "integer"}}});
    let schema = json!({"properties": {"a": {"oneOf": [
        tagged(json!({"const": "user"})), tagged(json!({"enum": ["system", "tool"]})),
    ]}}});
    check(
        &schema,
        &json!({"a": {"role": "other", "n": "x"}}),
        &["/a/role: it must be one of `system`, `tool` or `user`"],
    );
    check(
        &schema,
        &json!({"a": {"role": "user", "n": "x"}}),
        &["/a/n: it must be of type `integer`, not `string`"],
    );
    check(
        &json!({"anyOf": [{"required": ["paths"]}, {"required": ["webhooks"]}]}),
        &json!({}),
        &[": it must have `paths` or `webhooks`"],
    );
}

#[test]
fn each_keyword_says_what_it_requires() {
    for (schema, value, expected) in [
        (
            json!({"type": "string"}),
            json!(7),
            ": it must be of type `string`, not `number`",
        ),
        (
            json!({"type": ["string", "null"]}),
            json!([]),
            ": it must be of type `null` or `string`, not `array`",
        ),
        (
            json!({"enum": ["a", 2, null]}),
            json!("secret"),
            ": it must be one of `a`, `2` or `null`",
        ),
        (json!({"enum": [true]}), json!(false), ": it must be `true`"),
        (
            json!({"const": {"a": 1}}),
            json!("secret"),
            r#": it must be `{"a":1}`"#,
        ),
        (
            json!({"pattern": "^a$"}),
            json!("secret"),
            ": it must match the pattern `^a$`",
        ),
        (
            json!({"minLength": 3}),
            json!("se"),
            ": it must have a length of at least 3",
        ),
        (
            json!({"maxLength": 3}),
            json!("secret"),
            ": it must have a length of at most 3",
        ),
        (
            json!({"minProperties": 1}),
            json!({}),
            ": it must have at least 1 property",
        ),
        (
            json!({"maxProperties": 0}),
            json!({"a": 1}),
            ": it must have at most 0 properties",
        ),
        (
            json!({"minItems": 2}),
            json!(["secret"]),
            ": it must have at least 2 items",
        ),
        (
            json!({"maxItems": 1}),
            json!(["secret", 2]),
            ": it must have at most 1 item",
        ),
        (json!({"minimum": 2}), json!(1), ": it must be at least 2"),
        (json!({"maximum": 2}), json!(3), ": it must be at most 2"),
        (
            json!({"exclusiveMinimum": 2}),
            json!(2),
            ": it must be greater than 2",
        ),
        (
            json!({"exclusiveMaximum": 2}),
            json!(2),
            ": it must be less than 2",
        ),
        (
            json!({"multipleOf": 2}),
            json!(3),
            ": it must be a multiple of 2",
        ),
        (
            json!({"uniqueItems": true}),
            json!(["secret", "secret"]),
            ": it must not contain duplicate items",
        ),
        (
            json!({"properties": {"a": false}}),
            json!({"a": "secret"}),
            "/a: it must not be present",
        ),
        (
            json!({"not": {"type": "string"}}),
            json!("secret"),
            ": it must not match the schema in `not`",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            json!({"secret": 1}),
            ": it has a property whose name must have a length of at most 1",
        ),
        (
            json!({"contains": {"const": 1}}),
            json!(["secret"]),
            ": it must satisfy `contains` of its schema",
        ),
        (
            json!({"oneOf": [true, true]}),
            json!("secret"),
            ": it must match only one of the documented schemas",
        ),
        (
            json!({"required": ["a`b"]}),
            json!({}),
            ": `` a`b `` is required",
        ),
        (
            json!({"properties": {"b": true}, "additionalProperties": false}),
            json!({"a": "secret"}),
            ": `a` is not a documented property",
        ),
        (
            json!({"additionalProperties": false}),
            json!({"a": "secret"}),
            ": it must not have any properties",
        ),
        (
            json!({"propertyNames": false}),
            json!({"a": "secret"}),
            ": it must not have any properties",
        ),
        (
            json!({"properties": {"propertyNames": false}}),
            json!({"propertyNames": "secret"}),
            "/propertyNames: it must not be present",
        ),
    ] {
        check(&schema, &value, &[expected]);
    }
}

#[test]
fn each_part_is_explained_once() {
    let schema = json!({"allOf": [
        {"required": ["a", "b"]},
        {"required": ["a"], "properties": {"c": {"type": "string"}}},
        {"properties": {"c": {"type": "string"}}},
    ]});
    check(
        &schema,
        &json!({"c": 7}),
        &[
            ": `a` is required",
            ": `b` is required",
            "/c: it must be of type `string`, not `number`",
        ],
    );
}

#[test]
fn a_choice_is_explained_by_the_branch_that_was_most_likely_intended() {
    let branch = |tag: &str, property: &str| {
        json!({
            "type": "object",
            "required": ["tag", property],
            "properties": {"tag": {"const": tag}, property: {"type": "string"}},
        })
    };
    let schema = json!({"anyOf": [branch("a", "b"), branch("c", "d"), {"type": "string"}]});
    check(&schema, &json!({"tag": "c"}), &[": `d` is required"]);
    check(
        &schema,
        &json!({"tag": "c", "d": 7}),
        &["/d: it must be of type `string`, not `number`"],
    );
    let alternatives = ": it must match one of the documented schemas";
    check(&schema, &json!({"tag": "e"}), &[alternatives]);
    check(&schema, &json!(7), &[alternatives]);
}

#[test]
fn an_unevaluated_property_counts_only_where_nothing_else_is_wrong() {
    let schema = json!({
        "allOf": [{"properties": {
            "a": {"type": "string"},
            "ab": {"allOf": [{"properties": {"c": true}}], "unevaluatedProperties": false},
        }}],
        "unevaluatedProperties": false,
    });
    check(
        &schema,
        &json!({"x": 1}),
        &[": `x` is not a documented property"],
    );
    check(
        &schema,
        &json!({"a": 7, "x": 1, "ab": {"c": 1, "d": 2}}),
        &[
            "/a: it must be of type `string`, not `number`",
            "/ab: `d` is not a documented property",
        ],
    );
}
