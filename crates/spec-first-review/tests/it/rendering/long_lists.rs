//! Many changes: each is told from the others, and the page does not grow with their uses.

use serde_json::Value;
use spec_first_review::render::{AcknowledgementFile, Format, Presentation, render};
use spec_first_review::{Change, Row, Verdict};

use super::compare;

#[test]
fn every_format_names_the_member_that_changed() {
    let document = |kind: &str| {
        let branch = |index: usize| {
            format!(
                "{{properties: {{b{index}: {{items: {{type: {kind}}}}}, same: {{type: {kind}}}}}, required: [b{index}]}}"
            )
        };
        let branches: Vec<String> = (0..3).map(branch).collect();
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{oneOf: [{}]}}}}}}}}, responses: {{}}}}}}}}\n",
            branches.join(", ")
        )
    };
    let review = compare(&document("string"), &document("integer"));
    let mut presentation = Presentation::default();
    presentation.details = true;
    for format in Format::ALL {
        if format == Format::Json {
            continue;
        }
        // SARIF escapes brackets.
        let text = render(&review, format, &presentation).replace("\\\\", "");
        for index in 0..3 {
            for path in [
                format!("oneOf[{index}].b{index}[]"),
                format!("oneOf[{index}].same"),
            ] {
                let names = [
                    format!("`{path}` of `POST /a`"),
                    format!("<code>{path}</code> in request body"),
                    format!("\"{path} of POST /a"),
                    format!("\"{path}\" of \"POST /a\""),
                ];
                let is_named = names.iter().any(|name| text.contains(name));
                assert!(is_named, "{format} does not name {path}: {text}");
            }
        }
    }
}

/// The verdict of each change, for a schema that is sent as JSON and in a form.
#[test]
fn one_edit_is_one_change_in_whatever_notation_a_value_is_sent() {
    let document = |kind: &str| {
        format!(
            "openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}
          application/x-www-form-urlencoded: {{schema: {{$ref: '#/components/schemas/A'}}}}
      responses: {{'200': {{description: Done}}}}
components: {{schemas: {{A: {{type: object, properties: {{a: {{type: {kind}}}}}}}}}}}
"
        )
    };
    let review = compare(&document("integer"), &document("string"));
    let changes = review.changes.iter();
    let changes: Vec<_> = changes
        .map(|change| {
            (
                change.rule(),
                change.verdicts.backward.verdict,
                change.uses.len(),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [("type/incomparable".to_owned(), Verdict::Breaking, 2)]
    );
}

#[test]
fn a_page_of_400_changes_is_below_a_megabyte() {
    let document = |limit: u32| {
        let (mut paths, mut schemas) = (serde_json::Map::new(), serde_json::Map::new());
        for number in 0..40 {
            let property = serde_json::json!({"type": "string", "description": "What people call it.", "maxLength": limit});
            let names = (0..10).map(|index| (format!("property{index}"), property.clone()));
            let names: serde_json::Map<String, Value> = names.collect();
            let name = format!("Component{number}");
            let reference = serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
            schemas.insert(
                name,
                serde_json::json!({"type": "object", "properties": names}),
            );
            let content = serde_json::json!({"application/json": {"schema": reference}});
            let operation = serde_json::json!({
                "requestBody": {"content": content}, "responses": {"200": {"description": "Done", "content": content}},
            });
            for part in 0..300 {
                paths.insert(
                    format!("/components{number}/part{part}"),
                    serde_json::json!({"post": operation}),
                );
            }
        }
        let document = serde_json::json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}});
        serde_json::to_string_pretty(&document).unwrap()
    };
    let review = compare(&document(200), &document(100));
    assert_eq!(review.changes.len(), 400);
    let mut presentation = Presentation::default();
    presentation.acknowledgement_file = Some(AcknowledgementFile {
        path: "acknowledged.yaml".to_owned(),
        until: "2.0.0".to_owned(),
    });
    let length = render(&review, Format::Html, &presentation).len();
    assert!(length < 1_000_000, "{length}");
}

#[test]
fn what_changes_alike_in_several_operations_is_one_line_for_people() {
    let document = |status: &str| {
        let operation = |path: &str| format!("  /{path}: {{get: {{responses: {status}}}}}\n");
        let paths: String = ["a", "b", "c", "d", "e"].map(operation).concat();
        format!("openapi: 3.0.3\npaths:\n{paths}")
    };
    let review = compare(
        &document("{'200': {description: Done}}"),
        &document("{'200': {description: Done}, '202': {description: Later}}"),
    );
    assert_eq!(review.changes.len(), 5);
    let line = "`GET /a`, `GET /b`, `GET /c` and 2 more operations, response 202: the response 202 was added";
    for format in [Format::Text, Format::Markdown, Format::Changelog] {
        let text = render(&review, format, &Presentation::default());
        assert_eq!(text.matches(line).count(), 1, "{format}: {text}");
        assert_eq!(
            text.matches("the response 202 was added").count(),
            match format {
                // The table, and the summary of the details.
                Format::Markdown => 2,
                _ => 1,
            }
        );
    }
    let text = render(&review, Format::Text, &Presentation::default());
    assert!(text.starts_with("5 breaking\n"), "{text}");
    assert!(text.contains(" and 4 more)"), "{text}");
}

#[test]
fn a_branch_is_named_by_what_tells_it_from_the_others() {
    let document = |kind: &str| {
        format!(
            "openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema:
              oneOf:
                - {{title: Card, properties: {{n: {{type: {kind}}}}}, required: [n]}}
                - {{properties: {{kind: {{enum: [bank]}}, o: {{type: {kind}}}}}, required: [kind, o]}}
                - {{title: Twice, properties: {{p: {{type: {kind}}}}}, required: [p]}}
                - {{title: Twice, properties: {{q: {{type: {kind}}}}}, required: [q]}}
      responses: {{}}
"
        )
    };
    let review = compare(&document("string"), &document("integer"));
    let changes = review.changes.iter();
    let of_types = changes.filter(|change| change.row == Row::Type);
    let mut names: Vec<String> = of_types.map(Change::sentence).collect();
    names.sort_unstable();
    let expected = [
        "oneOf[2].p",
        "oneOf[3].q",
        "oneOf[Card].n",
        "oneOf[kind: \"bank\"].o",
    ];
    let expected = expected.map(|path| {
        format!("`{path}` of `POST /a`, request body, `application/json`: the type changed from `string` to `integer`")
    });
    assert_eq!(names, expected);
}
