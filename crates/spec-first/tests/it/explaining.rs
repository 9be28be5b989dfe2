//! `spec-first explain`.

use super::folder::{Folder, stdout};

#[test]
fn a_row_is_explained_with_examples() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["explain", "enum"]), @r"
    exit code 0
    == standard output
    enum: `enum` and `const`.
      wider         request: harmless   response: breaking   more is allowed than before
      narrower      request: breaking   response: harmless   less is allowed than before
      incomparable  request: breaking   response: breaking   some values are added, others removed

    harmless (enum/wider in a request): a value is added to the enum of the items of a query parameter
      - schema: {items: {enum: [free, reserved, sold], type: string}, type: array}
      + schema: {items: {enum: [free, reserved, sold, lost], type: string}, type: array}
      because a new client may ask an old server for `lost`

    breaking (enum/wider in a response): a value is added to an enum in the body of a webhook
      - level: {enum: [low, high], type: string}
      + level: {enum: [low, high, severe], type: string}
      because the client receives it: an old client does not expect `severe`
    ");
    insta::assert_snapshot!(folder.run(&["explain", "operationId"]), @r"
    exit code 0
    == standard output
    operationId: `operationId`.
      neutral       request: harmless   response: -          the allowed values stay the same

    No change of this kind breaks anything.

    harmless (operationId/neutral in a request): an operation loses its id
      - operationId: readPhoto
      because the id is never sent; the generated code may have a different name
    ");
    // An example is one of the outcome that was asked for.
    insta::assert_snapshot!(folder.run(&["explain", "enum/wider"]), @r"
    exit code 0
    == standard output
    enum/wider: `enum` and `const`.
      wider         request: harmless   response: breaking   more is allowed than before

    harmless (enum/wider in a request): a value is added to the enum of the items of a query parameter
      - schema: {items: {enum: [free, reserved, sold], type: string}, type: array}
      + schema: {items: {enum: [free, reserved, sold, lost], type: string}, type: array}
      because a new client may ask an old server for `lost`

    breaking (enum/wider in a response): a value is added to an enum in the body of a webhook
      - level: {enum: [low, high], type: string}
      + level: {enum: [low, high, severe], type: string}
      because the client receives it: an old client does not expect `severe`
    ");
}

#[test]
fn a_rule_is_explained_as_the_configuration_judges_it() {
    let folder = Folder::new();
    folder.write(
        "spec-first.toml",
        "[policy]\nenum = { response = \"warning\" }\n",
    );
    let report = folder.run(&["explain", "enum/wider"]);
    assert!(
        report.contains("wider         request: harmless   response: warning"),
        "{report}"
    );
}

#[test]
fn an_unknown_row_is_an_error_and_without_one_all_are_listed() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["explain", "enmu"]), @r"
    exit code 2
    == standard error
    error: the review has no rule `enmu`; did you mean `enum`?
    hint: `spec-first explain` lists the rules
    ");
    let report = folder.run(&["explain"]);
    assert!(
        stdout(&report)
            .lines()
            .any(|line| line.starts_with("enum ")),
        "{report}"
    );
}
