//! `spec-first lint`.

use super::folder::{Folder, PETS, stdout};

/// A document with three typos, a reference to nothing, and a component that nobody uses.
const MISTAKES: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: list_pets
      sumary: List pets
      responses:
        '200': {$ref: '#/components/responses/Pets'}
  /cats:
    get:
      operationId: list_cats
      sumary: List cats
      responses:
        '200': {description: Cats}
  /dogs:
    get:
      operationId: list_dogs
      sumary: List dogs
      responses:
        '200': {description: Dogs}
components:
  schemas:
    Cat: {type: string}
";

#[test]
fn the_documents_of_the_project_are_linted_without_arguments() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    let report = folder.run(&["lint"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    assert_eq!(report, folder.run(&["lint", "pets.yaml"]));
    assert_eq!(
        report.replace("pets.yaml", "<stdin>"),
        folder.run_with(MISTAKES, &["lint", "-"])
    );
}

#[test]
fn a_rule_is_one_finding_with_its_places() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 1
    == standard output
    error[unknown-key]: unknown key `sumary`; did you mean `summary`?
     --> pets.yaml:7:7
      |
    7 |       sumary: List pets
      |       ^^^^^^^^^^^^^^^^^
      |
      = note: at #/paths/~1pets/get/sumary
      = help: use `summary`
      pets.yaml:13:7: unknown key `sumary`; did you mean `summary`?
      pets.yaml:19:7: unknown key `sumary`; did you mean `summary`?

    error[unresolved-reference]: `#/components/responses/Pets` does not exist
     --> pets.yaml:9:17
      |
    9 |         '200': {$ref: '#/components/responses/Pets'}
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: at #/paths/~1pets/get/responses/200/$ref
      = help: define the response, or reference an existing one

    warning[unused-component]: the schema `Cat` is not used
      --> pets.yaml:24:5
       |
    24 |     Cat: {type: string}
       |     ^^^^^^^^^^^^^^^^^^^
       |
       = note: at #/components/schemas/Cat
       = help: remove it, or reference it

    == standard error
    error: 4 errors, 1 warning
    hint: `spec-first lint --explain RULE` says why a rule exists
    ");
}

#[test]
fn a_rule_with_many_places_shows_five_of_them_unless_all_are_asked_for() {
    let paths = (0..7).map(|index| format!("  /{index}: {{get: {{operationId: a{index}}}}}\n"));
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Many, version: 1.0.0}}\npaths:\n{}",
        paths.collect::<String>()
    );
    let folder = Folder::repository(&[("many.yaml", &text)]);
    let places = |arguments: &[&str]| {
        let report = folder.run(arguments);
        let places = stdout(&report).matches("many.yaml:").count();
        (
            places,
            report.contains("and 2 more; `--all` shows every place"),
        )
    };
    assert_eq!(places(&["lint"]), (5, true));
    assert_eq!(places(&["lint", "--all"]), (7, false));
}

#[test]
fn a_document_without_errors_and_warnings_gets_nothing() {
    let folder = Folder::repository(&[("pets.yaml", PETS)]);
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 0
    == standard output
    == standard error
    ");
    let strict = folder.run(&["lint", "--profile", "strict"]);
    assert!(strict.starts_with("exit code 1\n"), "{strict}");
    assert!(strict.contains("advice[missing-summary]"), "{strict}");
    let strict = folder.run(&["lint", "--profile", "strict", "--fail-on", "warning"]);
    assert!(strict.starts_with("exit code 0\n"), "{strict}");
    assert!(strict.contains("advice[missing-summary]"), "{strict}");
}

#[test]
fn the_configuration_says_which_rules_apply() {
    let folder = Folder::repository(&[
        ("pets.yaml", PETS),
        (
            "spec-first.toml",
            "[lint]\nfor = ['rust']\nfail-on = 'error'\n[lint.rules]\nmissing-summary = 'warning'\n",
        ),
    ]);
    let report = folder.run(&["lint"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(report.contains("warning[missing-summary]"), "{report}");
    let report = folder.run(&["lint", "--fail-on", "warning"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
}

#[test]
fn what_the_generator_does_not_support_is_asked_for() {
    let traced = PETS.replace("  /dogs:\n    get:", "  /dogs:\n    trace:");
    let folder = Folder::repository(&[("pets.yaml", &traced)]);
    assert!(folder.run(&["lint"]).starts_with("exit code 0\n"));
    let report = folder.run(&["lint", "--for", "rust"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    assert!(report.contains("error[generator]"), "{report}");
}

#[test]
fn what_the_mock_works_around_is_asked_for() {
    let parameters = ["base", "head"].map(|name| {
        format!("        - {{name: {name}, in: path, required: true, schema: {{type: string}}}}\n")
    });
    let adjacent = PETS
        .replace("  /dogs:\n", "  /dogs/{base}{head}:\n")
        .replace(
            "list_dogs\n",
            &format!("list_dogs\n      parameters:\n{}", parameters.concat()),
        );
    let folder = Folder::repository(&[("pets.yaml", &adjacent)]);
    assert!(folder.run(&["lint"]).starts_with("exit code 0\n"));
    let report = folder.run(&["lint", "--for", "mock"]);
    assert!(report.contains("warning[mock]"), "{report}");
    assert!(report.contains("--> pets.yaml:"), "{report}");
}

#[test]
fn what_cannot_be_read_is_not_in_order() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["lint", "pets.yaml"]), @r"
    exit code 2
    == standard output
    == standard error
    error: there is no `pets.yaml`
    ");
    insta::assert_snapshot!(folder.run_with("openapi: 3.0.3\npaths: [\n", &["lint", "-"]), @r"
    exit code 2
    == standard output
    error[syntax]: unclosed bracket '['
     --> <stdin>:2:8
      |
    2 | paths: [
      |        ^
      |
      = help: fix the syntax here

    == standard error
    error: `<stdin>` cannot be read as a document
    ");
}

#[test]
fn a_rule_is_explained_at_the_level_that_it_has_here() {
    let folder = Folder::repository(&[("spec-first.toml", "[lint.rules]\nempty-text = 'off'\n")]);
    let list = folder.run(&["lint", "--explain"]);
    assert!(
        list.contains("\nempty-text                   off  "),
        "{list}"
    );
    insta::assert_snapshot!(folder.run(&["lint", "--explain", "missing-401"]), @r"
    exit code 0
    == standard output
    missing-401 (advice): Every operation that requires credentials documents a `401` response.

    Clients that are not told treat an expired credential like any other failure.

    Wrong:

        paths:
          /v1/animals:
            get:
              responses:
                '403':
                  $ref: '#/components/responses/Unauthorized'

    Right:

        paths:
          /v1/animals:
            get:
              responses:
                '401':
                  $ref: '#/components/responses/Unauthorized'

    To change its level, set `missing-401` under `[lint.rules]` in `spec-first.toml`; to ignore it in one place, write `x-lint-ignore: [missing-401]` there.
    == standard error
    ");
    insta::assert_snapshot!(folder.run(&["lint", "--explain", "missing-41"]), @r"
    exit code 2
    == standard output
    == standard error
    error: there is no rule `missing-41`; did you mean `missing-401`?
    hint: `spec-first lint --explain` lists the rules
    ");
}
