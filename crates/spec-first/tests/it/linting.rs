//! `spec-first lint`.

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
    error: `missing-41` is not a rule; did you mean `missing-401`?
    hint: `spec-first lint --explain` lists the rules
    ");
}

#[test]
fn what_is_in_the_baseline_is_not_reported_again() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    insta::assert_snapshot!(folder.run(&["lint", "--write-baseline"]), @r"
    exit code 0
    == standard output
    == standard error
    wrote 5 findings to `lint-baseline.json`
    ");
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 0
    == standard output
    == standard error
    note: 5 findings are in the baseline `lint-baseline.json`, and not shown
    ");

    // The lines move, a mistake is new, and one is gone.
    let edited = MISTAKES
        .replace("paths:\n", "\n\n\npaths:\n")
        .replace("      sumary: List cats\n", "")
        .replace("Cat: {", "Cat: {fromat: uuid, ");
    folder.write("pets.yaml", &edited);
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 1
    == standard output
    error[unknown-key]: unknown key `fromat`; did you mean `format`?
      --> pets.yaml:26:11
       |
    26 |     Cat: {fromat: uuid, type: string}
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: at #/components/schemas/Cat/fromat
       = help: use `format`

    == standard error
    note: 4 findings are in the baseline `lint-baseline.json`, and not shown
    note: 1 entry of `lint-baseline.json` can be removed, which `--write-baseline` does:
      pets.yaml: unknown-key #/paths/~1cats/get/sumary 282ed18d8272b88b
    error: 1 error
    hint: `spec-first lint --explain RULE` says why a rule exists
    ");
    assert_eq!(folder.run(&["lint"]), folder.run(&["lint", "pets.yaml"]));
    assert!(
        folder
            .run(&["lint", "--write-baseline"])
            .starts_with("exit code 0\n")
    );
    let report = folder.run(&["lint"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(!report.contains("can be removed"), "{report}");
}

#[test]
fn a_baseline_belongs_to_its_documents_and_is_named() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES), ("other.yaml", MISTAKES)]);
    let written = folder.run(&[
        "lint",
        "pets.yaml",
        "other.yaml",
        "--write-baseline=known.json",
    ]);
    assert!(
        written.contains("wrote 10 findings to `known.json`"),
        "{written}"
    );
    folder.write("other.yaml", PETS);
    folder.run(&["lint", "other.yaml", "--write-baseline=known.json"]);
    let both = folder.run(&["lint", "--write-baseline=known.json", "--format", "json"]);
    assert!(both.starts_with("exit code 2\n"), "{both}");
    let known = folder.run(&["lint", "pets.yaml", "--baseline", "known.json"]);
    assert!(known.starts_with("exit code 0\n"), "{known}");
    assert!(
        folder
            .run(&["lint", "pets.yaml"])
            .starts_with("exit code 1\n")
    );
    let missing = folder.run(&["lint", "pets.yaml", "--baseline", "unknown.json"]);
    assert!(missing.starts_with("exit code 2\n"), "{missing}");
    folder.write("moved.yaml", MISTAKES);
    folder.remove("pets.yaml");
    folder.run(&["lint", "moved.yaml", "--write-baseline=known.json"]);
    let known: Value = serde_json::from_str(&folder.read("known.json")).unwrap();
    let documents: Vec<_> = known.as_object().unwrap().keys().collect();
    assert_eq!(documents, ["moved.yaml"]);
    folder.write("pets.yaml", MISTAKES);
    folder.write("known.json", "[]");
    let invalid = folder.run(&["lint", "pets.yaml", "--baseline", "known.json"]);
    assert!(
        invalid.contains("error: `known.json` is not a baseline"),
        "{invalid}"
    );
}

/// What is written in a format.
fn in_format(format: &str) -> String {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    let report = folder.run(&["lint", "--format", format]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    stdout(&report).to_owned()
}

#[test]
fn markdown_and_annotations_say_the_same_as_text() {
    insta::assert_snapshot!(in_format("markdown"), @r"
    ### 4 errors, 1 warning

    **error** `unknown-key`: Every key is defined by OpenAPI or starts with `x-`.

    - `pets.yaml:7:7`: unknown key `sumary`; did you mean `summary`?
    - `pets.yaml:13:7`: unknown key `sumary`; did you mean `summary`?
    - `pets.yaml:19:7`: unknown key `sumary`; did you mean `summary`?

    **error** `unresolved-reference`: Every reference resolves.

    - `pets.yaml:9:17`: `#/components/responses/Pets` does not exist

    **warning** `unused-component`: Every component is used.

    - `pets.yaml:24:5`: the schema `Cat` is not used
    ");
    insta::assert_snapshot!(in_format("github"), @r"
    ::error file=pets.yaml,line=7,col=7,endColumn=24,title=unknown-key::unknown key `sumary`; did you mean `summary`?%0Ause `summary`
    ::error file=pets.yaml,line=9,col=17,endColumn=53,title=unresolved-reference::`#/components/responses/Pets` does not exist%0Adefine the response, or reference an existing one
    ::error file=pets.yaml,line=13,col=7,endColumn=24,title=unknown-key::unknown key `sumary`; did you mean `summary`?%0Ause `summary`
    ::error file=pets.yaml,line=19,col=7,endColumn=24,title=unknown-key::unknown key `sumary`; did you mean `summary`?%0Ause `summary`
    ::warning file=pets.yaml,line=24,col=5,endColumn=24,title=unused-component::the schema `Cat` is not used%0Aremove it, or reference it
    4 errors, 1 warning
    ");
}

#[test]
fn a_comment_has_as_much_as_there_is_room_for() {
    let schemas = |count: usize| -> String {
        (0..count)
            .map(|number| format!("    S{number}: {{type: string}}\n"))
            .collect()
    };
    let folder = Folder::repository(&[("pets.yaml", &format!("{MISTAKES}{}", schemas(3000)))]);
    let report = folder.run(&["lint", "--format", "markdown", "--all"]);
    let text = stdout(&report);
    assert!(
        text.chars().count() < 65_536 && text.lines().count() > 500,
        "{}",
        text.len()
    );
    assert!(text.lines().last().unwrap().ends_with(" more"), "{text}");
    assert!(text.contains("**warning** `unused-component`"), "{text}");
}

#[test]
fn json_is_what_the_published_schema_says() {
    let report: Value = serde_json::from_str(&in_format("json")).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lint.schema.json");
    let schema = fs::read_to_string(path).unwrap();
    assert!(
        schema == spec_first::lint::json_schema(),
        "run `cargo xtask generate`"
    );
    let schema = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let objections: Vec<_> = validator
        .iter_errors(&report)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(objections, [""; 0]);
    assert_eq!(report["counts"]["error"], 4);
    assert_eq!(report["findings"].as_array().unwrap().len(), 5);
    assert_eq!(report["findings"][0]["pointer"], "/paths/~1pets/get/sumary");
}

#[test]
fn sarif_has_a_result_for_each_place_and_explains_the_rules() {
    let log: Value = serde_json::from_str(&in_format("sarif")).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let levels: Vec<_> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "error", "error", "error", "warning"]);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .unwrap()
                .contains("Wrong:")
        );
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "pets.yaml");
    assert_eq!(place["region"]["startLine"], 7);
}

#[test]
fn the_findings_can_be_written_to_a_file() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    let report = folder.run(&["lint", "--output", "findings.txt"]);
    assert_eq!(stdout(&report), "");
    assert_eq!(folder.read("findings.txt"), stdout(&folder.run(&["lint"])));
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
    == standard output
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
    == standard output
    == standard error
    error: rulesets of other linters are not supported: `.spectral.yaml`
    hint: write this into `spec-first.toml` instead:
      [lint.rules]
      missing-operation-id = "off"
      missing-contact = "error"
      without a counterpart: `our-own-rule`
    "#);
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
