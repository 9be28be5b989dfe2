//! `spec-first lint`.

mod reports;

use std::fs;
use std::path::Path;

use serde_json::Value;
use spec_first_document::Document;

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
      = help: correct the reference, or add what it refers to

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
fn rules_are_ignored_in_every_file_of_a_document() {
    let root = "openapi: 3.0.3\ninfo: {title: Pets, version: 1.0.0}\npaths: {/pets: {$ref: 'paths.yaml#/pets'}}\n";
    let paths = |ignored: &str| {
        format!(
            "pets:\n  x-lint-ignore: [{ignored}]\n  get:\n    sumary: Pets\n    responses: {{'200': {{description: Pets}}}}\n"
        )
    };
    let folder = Folder::repository(&[("pets.yaml", root), ("paths.yaml", &paths("unknown-key"))]);
    let report = folder.run(&["lint"]);
    assert!(!report.contains("unknown-key"), "{report}");
    assert!(report.contains("--> paths.yaml:3:3"), "{report}");
    folder.write("paths.yaml", &paths("unknown-key, missing-operation-id"));
    assert!(folder.run(&["lint"]).starts_with("exit code 0\n"));
}

#[test]
fn what_the_generator_does_not_support_is_asked_for() {
    let unread = PETS.replace("list_dogs\n", "list_dogs\n      x-idempotent: sometimes\n");
    let folder = Folder::repository(&[("pets.yaml", &unread)]);
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
fn the_cases_of_other_programs_break_their_rule() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec-first-lint/tests/cases");
    let read = |path: &str| fs::read_to_string(cases.join(path)).unwrap();
    let base = read("base.yaml");
    let folder = Folder::repository(&[("base.yaml", &base)]);
    let every = [
        "lint",
        "--profile",
        "strict",
        "--for",
        "mock",
        "--for",
        "rust",
        "--format",
        "json",
    ];
    let found = |document: &str| -> Vec<String> {
        folder.write("base.yaml", document);
        let report = folder.run(&every);
        let report: Value = serde_json::from_str(stdout(&report)).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .map(|it| {
                format!(
                    "{} {}",
                    it["rule"].as_str().unwrap(),
                    it["pointer"].as_str().unwrap()
                )
            })
            .collect()
    };
    let sound = found(&base);
    for path in [
        "generator/unread-extension.yaml",
        "mock/adjacent-parameters.yaml",
    ] {
        let case = Document::parse(path, &read(path)).unwrap().root().to_json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut document = base.clone();
        for edit in case["edits"].as_array().unwrap() {
            document = document.replace(&text(&edit["find"]), &text(&edit["replace"]));
        }
        let expected = &case["expect"][0];
        let expected = format!(
            "{} {}",
            text(&expected["rule"]),
            text(&expected["at"]).trim_start_matches('#')
        );
        assert!(!sound.contains(&expected), "{expected}");
        let broken = found(&document);
        assert!(broken.contains(&expected), "{expected}: {broken:#?}");
    }
}

#[test]
fn what_other_programs_find_has_a_level_and_an_explanation() {
    let unread = PETS.replace("list_dogs\n", "list_dogs\n      x-idempotent: sometimes\n");
    let folder = Folder::repository(&[("pets.yaml", &unread)]);
    for rule in ["generator", "mock", "syntax", "endless-references"] {
        let page = folder.run(&["lint", "--explain", rule]);
        assert!(page.starts_with("exit code 0\n"), "{page}");
    }
    folder.write("spec-first.toml", "[lint.rules]\ngenerator = 'warning'\n");
    let report = folder.run(&["lint", "--for", "rust"]);
    assert!(report.contains("warning[generator]"), "{report}");
    folder.write(
        "pets.yaml",
        &unread.replace("  /dogs:\n", "  /dogs:\n    x-lint-ignore: [generator]\n"),
    );
    let report = folder.run(&["lint", "--for", "rust"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
}

#[test]
fn a_document_that_no_rule_knows_is_not_in_order() {
    let folder =
        Folder::repository(&[("spec-first.toml", "[lint.rules]\nopenapi-version = 'off'\n")]);
    for document in ["openapi: 4.0.0\npaths: {}\n", "swagger: '2.0'\npaths: {}\n"] {
        for arguments in [&["lint", "-"][..], &["lint", "-", "--profile", "security"]] {
            let report = folder.run_with(document, arguments);
            assert!(report.starts_with("exit code 2\n"), "{report}");
            assert!(report.contains("error[openapi-version]"), "{report}");
        }
    }
}

#[test]
fn a_document_is_reported_before_the_next_is_read() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    let report = folder.run(&["lint", "pets.yaml", "missing.yaml"]);
    assert!(report.starts_with("exit code 2\n"), "{report}");
    assert!(stdout(&report).contains("unused-component"), "{report}");
}

#[test]
fn what_cannot_be_read_is_not_in_order() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["lint", "pets.yaml"]), @r"
    exit code 2
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
    ");
    insta::assert_snapshot!(folder.run(&["lint", "--explain", "missing-41"]), @r"
    exit code 2
    == standard error
    error: `missing-41` is not a rule; did you mean `missing-401`?
    hint: `spec-first lint --explain` lists the rules
    ");
}

const RULESET: &str = "\
extends: ['spectral:oas']
rules:
  operation-operationId: off
  info-contact: {severity: hint}
  contact-properties: error
  operation-tags: true
  our-own-rule: {given: $, then: {function: truthy}}
";

#[test]
fn a_ruleset_of_another_linter_is_named_with_what_to_write_instead() {
    let folder = Folder::repository(&[("pets.yaml", PETS), (".spectral.yaml", RULESET)]);
    insta::assert_snapshot!(folder.run(&["lint", "pets.yaml"]), @r#"
    exit code 0
    == standard error
    note: `.spectral.yaml` is the ruleset of another linter, and is not read
    hint: write this into `spec-first.toml` instead:
      [lint.rules]
      missing-operation-id = "off"
      missing-contact = "error"
      without a counterpart: `our-own-rule`
    "#);
    insta::assert_snapshot!(folder.run(&["lint", "pets.yaml", "--ruleset", ".spectral.yaml"]), @r#"
    exit code 2
    == standard error
    error: rulesets of other linters are not supported: `.spectral.yaml`
    hint: write this into `spec-first.toml` instead:
      [lint.rules]
      missing-operation-id = "off"
      missing-contact = "error"
      without a counterpart: `our-own-rule`
    "#);
    for (name, text) in [
        ("rules.yml", "extends: spectral:oas\n"),
        ("a.json", "{\"rules\": {}}"),
    ] {
        folder.write(name, text);
        let refused = folder.run(&["lint", name]);
        let message = format!("error: rulesets of other linters are not supported: `{name}`");
        assert!(refused.contains(&message), "{refused}");
    }
    folder.write("a.json", "{\"rules\": {}, \"openapi\": \"3.1.0\"}");
    assert!(!folder.run(&["lint", "a.json"]).contains("rulesets"));
    folder.write(
        ".spectral.yaml",
        "rules:\n  operation-tags: 1\n  operation-operationId: {severity: -1}\n  contact-properties: 0\n  info-contact: 3\n",
    );
    let numbers = folder.run(&["lint", "pets.yaml"]);
    for line in [
        "missing-tag = \"warning\"",
        "missing-operation-id = \"off\"",
        "missing-contact = \"error\"",
    ] {
        assert!(numbers.contains(line), "{numbers}");
    }
    folder.write(".spectral.yaml", "");
    fs::write(folder.path().join(".spectral.yaml"), [0xff]).unwrap();
    let unread = folder.run(&["lint", "pets.yaml"]);
    assert!(unread.starts_with("exit code 0\n"), "{unread}");
    assert!(
        unread.contains(
            "note: `.spectral.yaml` is the ruleset of another linter, and cannot be read"
        ),
        "{unread}"
    );
    let ours = "[lint.rules]\nmissing-operation-id = 'off'\n";
    folder.write("spec-first.toml", ours);
    assert!(!folder.run(&["lint"]).contains("spectral"));
}
