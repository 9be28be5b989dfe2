//! Endless, long, wide and large documents are compared, or the review says what was left out.

use std::fmt::Write;

use serde_json::{Value, json};
use spec_first_review::{Outcome, Row, Verdict};

use super::{compare, is_read, with_schemas};

#[test]
fn circles_of_references_end() {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let circles = [
        json!({"Root": to("Root")}),
        json!({"Root": to("B"), "B": to("Root")}),
        json!({"Root": {"allOf": [to("B")]}, "B": {"allOf": [to("Root"), {"type": "object"}]}}),
        json!({"Root": {"anyOf": [to("B"), {"type": "string"}]}, "B": {"anyOf": [to("Root"), {"type": "object"}]}}),
        json!({"Root": {"oneOf": [to("Root"), to("Root")]}}),
        json!({"Root": {"not": to("Root")}}),
        json!({"Root": {"not": {"not": to("Root")}}}),
        json!({"Root": {"anyOf": [{"allOf": [to("Root")]}, {"not": to("Root")}]}}),
    ];
    for circle in &circles {
        verdict_of(circle, &json!({"Root": {"type": "string"}}));
        verdict_of(&json!({"Root": {"type": "string"}}), circle);
    }
    for part in [
        "parameters",
        "responses",
        "headers",
        "requestBodies",
        "examples",
        "links",
        "callbacks",
        "pathItems",
        "securitySchemes",
    ] {
        let mut document = with_schemas("3.1.0", &json!({"Root": {}}));
        document["components"][part] = json!({"A": {"$ref": format!("#/components/{part}/B")}, "B": {"$ref": format!("#/components/{part}/A")}});
        let circle = json!({"$ref": format!("#/components/{part}/A")});
        let operation = &mut document["paths"]["/things"]["post"];
        match part {
            "parameters" => operation["parameters"] = json!([circle]),
            "requestBodies" => operation["requestBody"] = circle,
            "responses" => operation["responses"]["400"] = circle,
            "pathItems" => document["paths"]["/others"] = circle,
            "callbacks" => operation["callbacks"] = json!({"c": circle}),
            "securitySchemes" => operation["security"] = json!([{"A": []}]),
            other => operation["responses"]["200"][other] = json!({"c": circle}),
        }
        is_read(&document.to_string());
    }
}

#[test]
fn recursive_schemas_end_in_every_position() {
    let root = json!({"$ref": "#/components/schemas/Root"});
    for keyword in [
        "items",
        "additionalProperties",
        "not",
        "contains",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "if",
        "then",
        "else",
        "contentSchema",
    ] {
        let schemas = |limit: u32| {
            json!({"Root": {
                "type": ["object", "array", "string"], keyword: root, "if": root, "then": {}, "minLength": limit, "contentMediaType": "application/json",
            }})
        };
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
    for keyword in ["properties", "patternProperties", "dependentSchemas"] {
        let schemas = |limit: u32| json!({"Root": {keyword: {"a": {"allOf": [root]}}, "minProperties": limit}});
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
    for keyword in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        let schemas = |limit: u32| json!({"Root": {keyword: [{"items": root}, {"properties": {"a": root}}], "minProperties": limit}});
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
}

#[test]
fn long_chains_of_references_are_followed() {
    let chain = |length: usize, wrap: fn(Value) -> Value, end: &str| {
        let last = format!("S{length}");
        let mut schemas =
            json!({"Root": wrap(json!({"$ref": "#/components/schemas/S0"})), last: {"type": end}});
        for link in 0..length {
            schemas[format!("S{link}")] =
                wrap(json!({"$ref": format!("#/components/schemas/S{}", link + 1)}));
        }
        schemas
    };
    type Wrap = fn(Value) -> Value;
    let chains: [(usize, Wrap); 3] = [
        (10_000, |reference| reference),
        (1_000, |reference| json!({"allOf": [reference]})),
        (
            1_000,
            |reference| json!({"type": "object", "properties": {"next": reference}}),
        ),
    ];
    for (length, wrap) in chains {
        assert_eq!(
            verdict_of(
                &chain(length, wrap, "string"),
                &chain(length, wrap, "integer")
            ),
            Some(Verdict::Breaking)
        );
    }
    let parts = |required: bool| {
        let mut parameters =
            json!({"P300": {"name": "q", "in": "query", "required": required, "schema": {}}});
        for link in 0..300 {
            parameters[format!("P{link}")] =
                json!({"$ref": format!("#/components/parameters/P{}", link + 1)});
        }
        let operation =
            json!({"parameters": [{"$ref": "#/components/parameters/P0"}], "responses": {}});
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": operation}}, "components": {"parameters": parameters}}).to_string()
    };
    assert_eq!(
        compare(&parts(false), &parts(true)).unwrap().verdict(),
        Some(Verdict::Breaking)
    );
}

#[test]
fn products_of_choices_are_cut_off_and_told() {
    let choices = |factors: usize, limit: usize| {
        let choice = |factor| {
            json!({"oneOf": [
                {"properties": {format!("p{factor}"): {"maximum": limit}}, "required": [format!("p{factor}")]},
                {"properties": {format!("q{factor}"): {"maximum": limit}}, "required": [format!("q{factor}")]},
            ]})
        };
        json!({"Root": {"allOf": (0..factors).map(choice).collect::<Vec<_>>()}})
    };
    assert_eq!(
        verdict_of(&choices(2, 5), &choices(2, 4)),
        Some(Verdict::Breaking)
    );
    assert_eq!(
        verdict_of(&choices(12, 5), &choices(12, 4)),
        Some(Verdict::Undecided)
    );
}

#[test]
fn wide_choices_lists_and_mappings_are_compared() {
    let branches = |limit: usize| {
        let branch = |index: usize| json!({"properties": {"kind": {"const": index}, "n": {"maximum": limit}}, "required": ["kind"]});
        json!({"Root": {"oneOf": (0..60).map(branch).collect::<Vec<_>>()}})
    };
    assert_eq!(
        verdict_of(&branches(5), &branches(4)),
        Some(Verdict::Breaking)
    );
    let many = json!({"Root": {"oneOf": (0..10_000).map(|index| json!({"const": index})).collect::<Vec<_>>()}});
    assert_eq!(
        verdict_of(&many, &json!({"Root": {"type": "string"}})),
        Some(Verdict::Breaking)
    );
    let list = |length: usize| json!({"Root": {"enum": (0..length).map(|value| format!("v{value}")).collect::<Vec<_>>()}});
    assert_eq!(
        verdict_of(&list(10_000), &list(9_999)),
        Some(Verdict::Breaking)
    );
    let wide = |last: &str| {
        let mut properties = json!({"last": {"type": last}});
        for index in 0..10_000 {
            properties[format!("p{index}")] = json!({"type": "string"});
        }
        json!({"Root": {"type": "object", "properties": properties}})
    };
    assert_eq!(
        verdict_of(&wide("string"), &wide("integer")),
        Some(Verdict::Breaking)
    );
    let deep = |end: &str| {
        let properties = (0..30).fold(
            json!({"type": end}),
            |inner, _| json!({"type": "object", "properties": {"next": inner}}),
        );
        json!({"Root": properties})
    };
    assert_eq!(
        verdict_of(&deep("string"), &deep("integer")),
        Some(Verdict::Breaking)
    );
}

#[test]
#[ignore = "takes seconds and a gigabyte: documents of 50 MB"]
fn a_document_of_50_megabytes_is_compared() {
    let document = |kind: &str| {
        let mut text = String::from("openapi: 3.0.3\ninfo: {title: Large, version: '1'}\npaths:\n");
        let mut number = 0;
        while text.len() < 50_000_000 {
            let description = "words ".repeat(60);
            _ = writeln!(
                text,
                "  /things/{number}:\n    get:\n      operationId: read{number}\n      description: {description}\n      responses:\n        '200':\n          description: D\n          content:\n            application/json:\n              schema: {{type: object, properties: {{a: {{type: string}}, b: {{$ref: '#/components/schemas/Shared'}}}}}}",
            );
            number += 1;
        }
        _ = writeln!(
            text,
            "components: {{schemas: {{Shared: {{type: {kind}}}}}}}"
        );
        text
    };
    let review = compare(&document("string"), &document("integer")).unwrap();
    assert_eq!(review.changes.len(), 1);
    assert!(review.changes[0].uses.len() > 50_000);
    let one_line = format!(
        "{{\"openapi\": \"3.1.0\", \"x-a\": [{}]}}",
        vec!["{\"a\": 1}"; 6_000_000].join(",")
    );
    is_read(&one_line);
}

#[track_caller]
fn verdict_of(base: &Value, head: &Value) -> Option<Verdict> {
    ["3.0.3", "3.1.0"]
        .map(|version| {
            let (base, head) = (with_schemas(version, base), with_schemas(version, head));
            is_read(&base.to_string());
            compare(&base.to_string(), &head.to_string())
                .unwrap()
                .verdict()
        })
        .into_iter()
        .max()
        .unwrap()
}

#[test]
fn an_overlap_counts_if_there_are_too_many_branches_to_find_out_who_knows_its_properties() {
    let branch = |names: &[&str], is_closed: bool| {
        let properties: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!({})))
            .collect();
        let required = [names[0]];
        json!({"type": "object", "required": required, "properties": properties, "additionalProperties": !is_closed})
    };
    for (count, expected) in [(0, Outcome::Narrower), (100, Outcome::Undecided)] {
        let document = |unique: &str, of_all: &[&str], of_last: &[&str]| {
            let between = (0..count).map(|index| {
                let name = format!("m{index}");
                branch(&[&[name.as_str()], of_all].concat(), true)
            });
            let mut branches = vec![branch(&["a"], false), branch(&[unique], false)];
            branches.extend(between);
            branches.extend([
                branch(&["y"], false),
                branch(&[&["z"], of_last].concat(), true),
            ]);
            with_schemas("3.1.0", &json!({"Root": {"oneOf": branches}})).to_string()
        };
        let base = document("gone", &[], &[]);
        let review = compare(&base, &document("new", &["q"], &["y"])).unwrap();
        let mut changes = review.changes.iter();
        let is_told =
            changes.any(|change| (change.row, change.outcome) == (Row::Exclusive, expected));
        assert!(is_told, "{count} {:?}", review.changes);
    }
}
