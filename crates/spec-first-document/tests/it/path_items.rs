//! Path items that contain each other.

use spec_first_document::{Document, Survey};

use crate::several_files::{assert_local, read};

#[test]
fn path_items_inside_each_other_do_not_become_endless() {
    let callback = |file: &str| {
        format!(
            "post: {{callbacks: {{done: {{'{{$request.body#/url}}': {{$ref: {file}}}}}}}, responses: {{}}}}\n"
        )
    };
    let (a, b) = (callback("b.yaml"), callback("a.yaml"));
    let document = read(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3\npaths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}}\n",
        ),
        ("a.yaml", &a),
        ("b.yaml", &b),
    ]);
    let survey = Survey::of(&document);
    let unresolved: Vec<_> = survey
        .references
        .iter()
        .map(|reference| reference.target)
        .collect();
    // `b.yaml` is inside `a.yaml`, so the reference back stays unresolved, on both paths to it.
    assert_eq!(unresolved, ["#/paths/~1a", "#/paths/~1a"]);
    assert_local(&document);
}

/// A path item with a callback for each of `references`.
fn with_callbacks(references: &[&str]) -> String {
    let callbacks = references.iter().enumerate();
    let callbacks: Vec<_> = callbacks
        .map(|(index, reference)| format!("c{index}: {{url: {{$ref: '{reference}'}}}}"))
        .collect();
    let callbacks = callbacks.join(", ");
    format!("{{post: {{callbacks: {{{callbacks}}}, responses: {{}}}}}}")
}

#[test]
fn a_part_of_a_path_item_does_not_lead_to_a_circle() {
    let callback = "/post/callbacks/c0/url";
    let document = read(&[
        (
            "openapi.yaml",
            &format!(
                "openapi: 3.1.0\npaths: {{/z: {{$ref: 'v.yaml#{callback}'}}, /v: {{$ref: v.yaml}}}}\n"
            ),
        ),
        (
            "v.yaml",
            &with_callbacks(&["v.yaml"]).replace("{$ref: 'v.yaml'}", &with_callbacks(&["v.yaml"])),
        ),
    ]);
    assert_local(&document);
    let operations: Vec<_> = document.operations().map(|it| it.name()).collect();
    assert_eq!(operations, ["POST /z", "POST /v"]);
}

#[track_caller]
fn assert_endless(items: &str) {
    let text = format!(
        "openapi: 3.1.0\npaths: {{/a: {{$ref: '#/components/pathItems/P0'}}}}\ncomponents:\n  pathItems:\n{items}"
    );
    let finding = Document::parse("openapi.yaml", &text).unwrap_err();
    assert_eq!(finding.rule, "endless-references", "{finding}");
    assert!(finding.position.line > 1, "{finding}");
}

#[test]
fn path_items_that_double_at_each_level_are_an_error() {
    let item = |level: usize| {
        let next = format!("#/components/pathItems/P{}", level + 1);
        format!("    P{level}: {}\n", with_callbacks(&[&next, &next]))
    };
    let items: String = (0..30).map(item).collect();
    assert_endless(&format!("{items}    P30: {{}}\n"));
}

#[test]
fn path_items_nested_too_deeply_are_an_error() {
    let item = |level: usize| {
        let next = format!("#/components/pathItems/P{}", level + 1);
        format!("    P{level}: {}\n", with_callbacks(&[&next]))
    };
    let items: String = (0..2000).map(item).collect();
    assert_endless(&format!("{items}    P2000: {{}}\n"));
}

#[test]
fn a_path_item_that_an_alias_puts_inside_itself_is_an_error() {
    let inner = with_callbacks(&["#/components/pathItems/P1"]);
    assert_endless(&format!(
        "    P0: &inner {inner}\n    P1: {{post: {{callbacks: {{c: {{url: *inner}}}}, responses: {{}}}}}}\n"
    ));
}
