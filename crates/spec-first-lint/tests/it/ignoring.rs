//! `x-lint-ignore` in a document.

use spec_first_document::{Document, Finding, Pointer};

/// A document whose operation has neither summary nor tag, with `extension` in the operation and `outside` in the path.
#[track_caller]
fn check(outside: &str, extension: &str, expected: &[&str]) {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Pets, version: 1.0.0}}\npaths:\n  /pets:\n    {outside}\n    get:\n      {extension}\n      \
         operationId: list_pets\n      responses: {{'200': {{description: All pets.}}}}\n"
    );
    let document = Document::parse("pets.yaml", &text).unwrap();
    let findings = spec_first_lint::check(&document);
    let about_the_operation = findings.iter().filter(|finding| {
        let rules = [
            "missing-summary",
            "missing-tag",
            "invalid-ignore",
            "useless-ignore",
        ];
        rules.contains(&finding.rule)
    });
    let lines: Vec<String> = about_the_operation.map(ToString::to_string).collect();
    assert_eq!(lines, expected);
}

const SUMMARY: &str = "pets.yaml:6:5: the operation has no summary (missing-summary)";
const TAG: &str = "pets.yaml:6:5: the operation has no tags (missing-tag)";

#[test]
fn rules_are_ignored_in_the_object_with_the_extension() {
    check("x-a: b", "x-a: b", &[SUMMARY, TAG]);
    check("x-a: b", "x-lint-ignore: [missing-summary]", &[TAG]);
    check(
        "x-lint-ignore: [missing-summary, missing-tag]",
        "x-a: b",
        &[],
    );
    check(
        "x-a: b",
        "x-lint-ignore: {missing-tag: Nobody groups one.}",
        &[SUMMARY],
    );
}

#[test]
fn what_ignores_nothing_is_reported_with_what_may_be_meant() {
    check(
        "x-lint-ignore: [missing-tag]",
        "x-lint-ignore: [missing-tags, missing-summary, missing-401]",
        &[
            "pets.yaml:7:23: `missing-tags` is not a rule; did you mean `missing-tag`? (invalid-ignore)",
            "pets.yaml:7:54: `missing-401` reports nothing here (useless-ignore)",
        ],
    );
    check(
        "x-lint-ignore: all",
        "x-lint-ignore: {missing-tag: }",
        &[
            "pets.yaml:5:5: `x-lint-ignore` is neither a list of rules nor an object with a reason for each (invalid-ignore)",
            SUMMARY,
            TAG,
            "pets.yaml:7:23: `x-lint-ignore` is neither a list of rules nor an object with a reason for each (invalid-ignore)",
        ],
    );
}

#[test]
fn names_are_not_keywords() {
    for name in ["default", "example", "enum", "const", "value"] {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: Pets, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n    Pet:\n      type: object\n      \
             properties:\n        {name}: {{type: string, x-lint-ignore: [useless-keyword], minimum: 3}}\n"
        );
        let document = Document::parse("pets.yaml", &text).unwrap();
        let findings = spec_first_lint::check(&document);
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        let is_ignored = !rules.contains(&"useless-keyword") && !rules.contains(&"useless-ignore");
        assert!(is_ignored, "{name}: {rules:?}");
    }
}

#[test]
fn what_other_programs_find_is_ignored_and_may_be_absent() {
    let text = "openapi: 3.0.3\ninfo: {title: Pets, version: 1.0.0}\npaths:\n  /pets: {x-lint-ignore: [generator], trace: {responses: {}}}\n";
    let document = Document::parse("pets.yaml", text).unwrap();
    let rules = |others: &[Finding]| -> Vec<&str> {
        let findings = spec_first_lint::check_for(&document, |_| true, others);
        let rules = findings.iter().map(|finding| finding.rule);
        rules
            .filter(|rule| ["generator", "useless-ignore"].contains(rule))
            .collect()
    };
    let finding = |pointer: &str| {
        let pointer = Pointer::parse(pointer).unwrap();
        document.finding(
            "generator",
            &pointer,
            "`trace` is not supported",
            "remove it",
        )
    };
    assert_eq!(rules(&[]), [""; 0]);
    assert_eq!(rules(&[finding("/paths/~1pets/trace")]), [""; 0]);
    assert_eq!(rules(&[finding("/info")]), ["generator"]);
}

#[test]
fn an_example_is_not_an_extension() {
    check(
        "x-a: b",
        "x-b: {example: {x-lint-ignore: [nothing]}}",
        &[SUMMARY, TAG],
    );
}
