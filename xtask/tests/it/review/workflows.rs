//! The workflows of pull requests do what they are meant to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use spec_first_review::render::COMMENT_MARKER;

use super::super::Outcome;

fn workflow(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_workflow_that_may_write_runs_no_code_of_the_pull_request() {
    let text = workflow("spec-review-comment.yml");
    assert!(!text.contains(" run: "), "{text}");
    let (_, checkout) = text.split_once("uses: actions/checkout@").unwrap();
    let (checkout, action) = checkout.split_once("- uses: ").unwrap();
    let branch = "ref: ${{ github.event.repository.default_branch }}\n";
    assert!(checkout.contains(branch), "{checkout}");
    assert_eq!(action, "./action/comment\n");

    let text = workflow("../../action/comment/action.yml");
    let (steps, script) = text.split_once("script: |\n").unwrap();
    let actions: Vec<&str> = steps
        .lines()
        .filter_map(|line| Some(line.split_once("uses: ")?.1.split_once('@')?.0))
        .collect();
    assert_eq!(
        actions,
        ["actions/download-artifact", "actions/github-script"]
    );
    assert!(!steps.contains(" run: "), "{steps}");
    // Values that the runner inserts into a script are executed as code.
    assert!(!script.contains("${{"), "{script}");
    let marker = format!("const marker = '{COMMENT_MARKER}';\n");
    assert!(script.contains(&marker), "{script}");
}

#[test]
fn the_tests_in_a_browser_are_not_skipped() {
    let text = workflow("ci.yml");
    let (before, after) = text.split_once("- run: .ci/run\n").unwrap();
    assert!(before.contains("install --yes chromium"), "{text}");
    let step = after.split("\n      - ").next().unwrap();
    assert!(step.contains("CHROMIUM: chromium\n"), "{text}");
}

#[test]
fn every_gate_runs_in_a_workflow() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/gates");
    let names = Outcome::of(Command::new(script).arg("--list")).stdout;
    let list = names.lines().map(|name| format!("          - {name}\n"));
    let list = format!("        gate:\n{}    runs-on", list.collect::<String>());
    let text = workflow("gates.yml");
    assert!(text.contains(&list), "{text}");
}

#[test]
fn one_job_says_whether_all_others_succeeded() {
    #[derive(serde::Deserialize)]
    struct Workflow {
        jobs: BTreeMap<String, Job>,
    }

    #[derive(serde::Deserialize)]
    struct Job {
        #[serde(default)]
        needs: Vec<String>,
    }

    let Workflow { mut jobs } = serde_saphyr::from_str(&workflow("ci.yml")).unwrap();
    let mut needs = jobs.remove("required").unwrap().needs;
    needs.sort();
    assert_eq!(needs, Vec::from_iter(jobs.into_keys()));
}
