//! Each file in `tests/cases` edits the base document and lists the findings expected, which must be the only ones.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use spec_first_document::{Document, Finding, Node};
use spec_first_lint::Rule;

/// An edited document and the expected findings.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) expected: Vec<(String, String)>,
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

pub(crate) fn base() -> String {
    fs::read_to_string(directory().join("base.yaml")).unwrap()
}

pub(crate) fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for rule in fs::read_dir(directory()).unwrap() {
        let rule = rule.unwrap().path();
        if rule.is_dir() {
            files.extend(fs::read_dir(rule).unwrap().map(|file| file.unwrap().path()));
        }
    }
    files.sort();
    files
}

impl Case {
    #[track_caller]
    pub(crate) fn read(file: &Path, base: &str) -> Self {
        let name = file
            .strip_prefix(directory())
            .unwrap()
            .display()
            .to_string();
        let case = Document::parse(&name, &fs::read_to_string(file).unwrap())
            .unwrap_or_else(|finding| panic!("{}", finding.render(false)));
        let member = |node: Node<'_>, key: &str| -> String {
            let text = node.str_of(key);
            text.unwrap_or_else(|| panic!("{name} has no string `{key}`"))
                .to_owned()
        };
        assert!(member(case.root(), "why").len() > 10, "{name}");
        let mut text = base.to_owned();
        for edit in case.root().items_of("edits") {
            let find = member(edit, "find");
            let count = text.matches(&find).count();
            assert_eq!(count, 1, "{name}: found {count} times: {find}");
            text = text.replace(&find, &member(edit, "replace"));
        }
        assert_ne!(text, base, "{name} changes nothing");
        let expected = case.root().items_of("expect");
        let mut expected: Vec<_> = expected
            .iter()
            .map(|finding| (member(finding, "rule"), member(finding, "at")))
            .collect();
        expected.sort();
        assert!(!expected.is_empty(), "{name} expects nothing");
        Self {
            name,
            text,
            expected,
        }
    }
}

#[test]
fn a_valid_document_has_no_findings() {
    let document = Document::parse("base.yaml", &base()).unwrap();
    let findings = spec_first_lint::check(&document);
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| finding.render(false))
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n\n"));
}

#[test]
fn each_case_has_exactly_the_expected_findings() {
    let base = base();
    let files = files();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let chunks = files.chunks(files.len().div_ceil(threads).max(1));
        let threads: Vec<_> = chunks
            .map(|files| {
                scope.spawn(|| {
                    files
                        .iter()
                        .filter_map(|file| failure(file, &base))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Describes the difference from the expected findings; `None` if there is none.
fn failure(file: &Path, base: &str) -> Option<String> {
    let case = Case::read(file, base);
    let document = Document::parse(&case.name, &case.text)
        .unwrap_or_else(|finding| panic!("{}", finding.render(false)));
    let findings = spec_first_lint::check(&document);
    for finding in &findings {
        assert_is_well_written(&case.name, &finding.message, &finding.help);
    }
    // It finds the same if nothing else is looked for; what is useless depends on that.
    let rule = file.parent().and_then(Path::file_name).unwrap();
    let of_rule = |findings: &[Finding]| -> Vec<String> {
        let findings = findings.iter();
        let of_rule = findings.filter(|finding| rule == finding.rule && rule != "useless-ignore");
        of_rule.map(Finding::to_string).collect()
    };
    let alone = spec_first_lint::check_for(&document, |it| rule == it.name, &[]);
    assert_eq!(of_rule(&alone), of_rule(&findings), "{}", case.name);
    let mut found: Vec<_> = findings
        .iter()
        .map(|finding| (finding.rule.to_owned(), finding.pointer.to_string()))
        .collect();
    found.sort();
    // A rule may report the same place twice.
    found.dedup();
    let mut expected = case.expected.clone();
    // The tests of `spec-first lint` find the others.
    expected.retain(|(rule, _)| !Rule::find(rule).is_ok_and(Rule::is_found_elsewhere));
    if found == expected {
        return None;
    }
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| {
            format!(
                "  {finding}\n  - {{rule: {}, at: '{}'}}",
                finding.rule, finding.pointer
            )
        })
        .collect();
    let (name, expected) = (&case.name, &case.expected);
    Some(format!(
        "{name} expects {expected:#?} but gets\n{}",
        findings.join("\n")
    ))
}

#[track_caller]
fn assert_is_well_written(name: &str, message: &str, help: &str) {
    for text in [message, help] {
        assert!(!text.is_empty() && !text.contains('\n'), "{name}: {text:?}");
        assert!(!text.ends_with('.'), "{name} ends with a full stop: {text}");
        assert_eq!(
            text.matches('`').count() % 2,
            0,
            "{name} has an odd backtick: {text}"
        );
    }
    let first = message.chars().next().unwrap_or_default();
    assert!(
        !first.is_uppercase() || message.starts_with("OpenAPI"),
        "{name} starts with an upper-case letter: {message}"
    );
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let base = base();
    let rules: BTreeSet<&str> = spec_first_lint::rules()
        .iter()
        .map(|rule| rule.name)
        .collect();
    let mut proven: BTreeSet<String> = BTreeSet::new();
    let files = files();
    for file in &files {
        let case = Case::read(file, &base);
        let rule = file
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap();
        assert!(
            rules.contains(rule),
            "{} is not in the directory of a rule",
            case.name
        );
        let expects_it = case.expected.iter().any(|(expected, _)| expected == rule);
        assert!(expects_it, "{} does not expect its rule", case.name);
        proven.insert(rule.to_owned());
    }
    let unproven: Vec<_> = rules
        .iter()
        .filter(|rule| !proven.contains(**rule))
        .collect();
    assert!(unproven.is_empty(), "rules without a case: {unproven:?}");
    assert!(files.len() >= 80, "only {} cases", files.len());
}

#[test]
fn rules_are_sorted_and_unique() {
    let names: Vec<_> = spec_first_lint::rules()
        .iter()
        .map(|rule| rule.name)
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}

#[test]
fn findings_are_in_source_order_and_deterministic() {
    let text = base().replace("description: ", "descriptiom: ");
    let document = Document::parse("typos.yaml", &text).unwrap();
    let lines = |findings: Vec<spec_first_document::Finding>| -> Vec<_> {
        findings
            .iter()
            .map(|finding| (finding.position.line, finding.to_string()))
            .collect()
    };
    let first = lines(spec_first_lint::check(&document));
    assert!(first.len() > 50);
    assert!(first.is_sorted_by_key(|(line, _)| *line));
    assert_eq!(first, lines(spec_first_lint::check(&document)));
}
