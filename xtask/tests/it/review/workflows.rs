//! The workflows of pull requests do what they are meant to do.

use std::fs;
use std::path::Path;

use spec_first_review::render::COMMENT_MARKER;

use super::super::DOCUMENT;
use super::repository::{NO_DOGS, Repository};

fn workflow(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_commands_of_the_workflow_do_with_what_it_fetches() {
    let origin = Repository::new();
    origin.edit(DOCUMENT, &[NO_DOGS]);
    origin.commit();
    let text = workflow("spec-review.yml");
    let after = |line: &str, words: &str| Some(line.split_once(words)?.1.to_owned());
    let depth = text.lines().find_map(|line| after(line, "fetch-depth: "));
    let clone = Repository::shallow_clone(&origin, &depth.unwrap());
    fs::create_dir(clone.path().join("review")).unwrap();
    let commands = text
        .lines()
        .filter_map(|line| after(line, "cargo xtask review "));
    let codes: Vec<i32> = commands
        .map(|command| {
            let arguments: Vec<&str> = command.split(' ').collect();
            clone.review(&arguments).code
        })
        .collect();
    // Only the last one judges.
    assert_eq!(codes, [0, 0, 1]);
    let comment = clone.read("review/comment.md");
    assert!(comment.starts_with(COMMENT_MARKER), "{comment}");
    assert!(clone.read("review/review.sarif").contains("\"ruleId\""));
}

#[test]
fn the_workflow_that_may_write_runs_no_code_of_the_pull_request() {
    let text = workflow("spec-review-comment.yml");
    let (steps, script) = text.split_once("script: |\n").unwrap();
    let actions: Vec<&str> = steps
        .lines()
        .filter_map(|line| Some(line.split_once("uses: ")?.1))
        .collect();
    assert_eq!(
        actions,
        ["actions/download-artifact@v5", "actions/github-script@v8"]
    );
    assert!(!steps.contains(" run: "), "{steps}");
    // What is put into a script by the runner is code.
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
