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
      undecided     request: undecided  response: undecided  it cannot be determined
      beside        request: harmless   response: harmless   the allowed values stay the same

    A breaking change: a value is removed from the enum of the items of a query parameter
      remove /paths/~1pets/get/parameters/1/schema/items/enum/2
      because an old client may request `sold`

    A harmless change: a value is removed from an enum in the body of a webhook
      remove /components/schemas/Alarm/properties/level/enum/1
      because old clients receive only values that they expect; an old server may send a new one `high`
    == standard error
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
    == standard output
    == standard error
    error: the review has no row `enmu`; did you mean `enum`?
    hint: `spec-first explain` lists the rows
    ");
    let report = folder.run(&["explain"]);
    assert!(
        stdout(&report)
            .lines()
            .any(|line| line.starts_with("enum ")),
        "{report}"
    );
}
