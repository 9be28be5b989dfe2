//! What findings are written as, and the baseline that they are compared with.

use std::fs;

use serde_json::Value;

use super::MISTAKES;
use crate::folder::{Folder, PETS, stdout};

/// What is written in a format.
fn in_format(format: &str) -> String {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    let report = folder.run(&["lint", "--format", format]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    stdout(&report).to_owned()
}

#[test]
fn what_is_in_the_baseline_is_not_reported_again() {
    let folder = Folder::repository(&[("pets.yaml", MISTAKES)]);
    insta::assert_snapshot!(folder.run(&["lint", "--write-baseline"]), @r"
    exit code 0
    == standard error
    wrote 5 findings to `lint-baseline.json`
    ");
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 0
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
    ::error file=pets.yaml,line=9,col=17,endColumn=53,title=unresolved-reference::`#/components/responses/Pets` does not exist%0Acorrect the reference, or add what it refers to
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
