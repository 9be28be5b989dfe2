//! The documents of `bench review` have the stated size, and a review finds every change between them.

use std::collections::BTreeMap;
use std::process::Command;

use benchmarks::review::{documents, files};
use benchmarks::{Error, usage};
use serde_json::Value;
use spec_first_review::{Input, Options, Review};

fn review(base: &str, head: &str) -> Review {
    let base_files = |_: &str| Ok(base.to_owned());
    let head_files = |_: &str| Ok(head.to_owned());
    spec_first_review::review(
        Input {
            files: &base_files,
            path: "base",
        },
        Input {
            files: &head_files,
            path: "head",
        },
        &Options::default(),
    )
    .unwrap()
}

fn rules(review: &Review) -> BTreeMap<String, usize> {
    let mut rules = BTreeMap::new();
    for change in &review.changes {
        *rules.entry(change.rule()).or_default() += 1;
    }
    rules
}

fn operations(document: &Value) -> usize {
    let paths = document["paths"].as_object().unwrap().values();
    let members = paths.flat_map(|path| path.as_object().unwrap().keys());
    members.filter(|key| *key != "parameters").count()
}

#[test]
fn a_document_has_the_given_number_of_operations() {
    for wanted in [100, 1_000] {
        assert_eq!(operations(&documents::base(wanted)), wanted);
        assert_eq!(operations(&documents::head(wanted)), wanted);
    }
    assert_eq!(
        operations(&documents::base(1)),
        documents::FEWEST_OPERATIONS
    );
}

#[test]
fn the_text_is_deterministic() {
    let text = |document: Value| {
        let yaml = files::to_yaml(&document).unwrap();
        format!("{} bytes, {} lines", yaml.len(), yaml.lines().count())
    };
    insta::assert_snapshot!(text(documents::base(100)), @"114737 bytes, 4648 lines");
    insta::assert_snapshot!(text(documents::head(100)), @"120957 bytes, 4908 lines");
}

#[test]
fn every_change_is_found() {
    let yaml = |document| files::to_yaml(&document).unwrap();
    let (base, head) = (yaml(documents::base(100)), yaml(documents::head(100)));
    let rules = rules(&review(&base, &head));
    let names: Vec<&str> = rules.keys().map(String::as_str).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    enum/wider
    maxLength/narrower
    minimum/wider
    other-status/neutral
    parameter-required/narrower
    parameter/wider
    property-added/narrower
    property-dropped/wider
    required/narrower
    ");
    let each = documents::CHANGES / 10;
    assert!(rules.values().all(|count| *count >= each), "{rules:?}");
    // Two of the ten kinds of changes belong to this rule.
    assert_eq!(rules["maxLength/narrower"], 2 * each);
    assert!(review(&base, &base).changes.is_empty());
}

#[test]
fn yaml_and_json_give_the_same_review() {
    let (base, head) = (documents::base(100), documents::head(100));
    let from_yaml = review(
        &files::to_yaml(&base).unwrap(),
        &files::to_yaml(&head).unwrap(),
    );
    let from_json = review(&base.to_string(), &head.to_string());
    assert_eq!(rules(&from_yaml), rules(&from_json));
    let mixed = review(&files::to_yaml(&base).unwrap(), &base.to_string());
    assert!(mixed.changes.is_empty(), "{:?}", mixed.changes);
}

#[test]
fn programs_are_measured_to_completion() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    let mut program = Command::new(env!("CARGO_BIN_EXE_review-documents"));
    program.arg("100").arg(folder.path());
    let used = usage::measure(&mut program, &output).unwrap();
    assert!(used.peak_memory > 1 << 20, "{used:?}");
    assert!(!used.duration.is_zero());

    let mut program = Command::new(env!("CARGO_BIN_EXE_review-ours"));
    program.args(["base", "head"].map(|name| folder.path().join(name).with_extension("yaml")));
    usage::measure(&mut program, &output).unwrap();
    let counts: Value = serde_json::from_str(&std::fs::read_to_string(&output).unwrap()).unwrap();
    assert!(counts["changes"].as_u64().unwrap() >= documents::CHANGES as u64);

    let mut program = Command::new(env!("CARGO_BIN_EXE_review-ours"));
    program.args(["absent.yaml", "absent.yaml"]);
    program.stderr(std::process::Stdio::null());
    let failed = usage::measure(&mut program, &output);
    assert!(matches!(failed, Err(Error::Failed { .. })), "{failed:?}");
}
