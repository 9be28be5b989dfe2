//! The examples of `spec-first lint --explain` are parts of the cases, so that each is known to break exactly its rule.

use std::collections::BTreeMap;
use std::{fs, path::Path};

use similar::{DiffTag, TextDiff};

use spec_first_lint::{Rule, Settings};

use super::cases::{Case, base, files};

/// How many lines the object of a change has at most, if it is shown as a whole.
const WHOLE: usize = 8;
/// How many lines inside the last line of a change are shown otherwise.
const INSIDE: usize = 2;

/// To update the file, set `WRITE_EXPLANATIONS=1`.
#[test]
fn the_examples_are_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/examples.json");
    let expected = serde_json::to_string_pretty(&examples()).unwrap() + "\n";
    if std::env::var_os("WRITE_EXPLANATIONS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == expected,
        "out of date: run `WRITE_EXPLANATIONS=1 cargo test -p spec-first-lint the_examples_are_cases`"
    );
    for rule in spec_first_lint::rules() {
        assert_ne!(rule.wrong(), rule.right(), "`{}` has no example", rule.name);
    }
}

/// For each rule, the shortest case that breaks no other, as it is and as it should be.
fn examples() -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let base = base();
    let mut examples: BTreeMap<String, (usize, BTreeMap<&str, String>)> = BTreeMap::new();
    for file in files() {
        let case = Case::read(&file, &base);
        let rule = file.parent().and_then(Path::file_name).unwrap();
        let rule = Rule::find(rule.to_str().unwrap()).unwrap();
        let shown = Settings::default();
        let is_another = |(other, _): &(String, String)| {
            // Completeness is not asked of an example of something else.
            other != rule.name && shown.level(other) >= Some(shown.shown().min(rule.level))
        };
        if case.expected.iter().any(is_another) {
            continue;
        }
        let (right, wrong) = excerpts(&base, &case.text);
        let length = right.lines().count() + wrong.lines().count();
        if examples
            .get(rule.name)
            .is_none_or(|(shortest, _)| length < *shortest)
        {
            let example = BTreeMap::from([("right", right), ("wrong", wrong)]);
            examples.insert(rule.name.to_owned(), (length, example));
        }
    }
    let examples = examples.into_iter();
    examples
        .map(|(rule, (_, example))| (rule, example))
        .collect()
}

/// The lines in which two documents differ, with the keys around them.
fn excerpts(right: &str, wrong: &str) -> (String, String) {
    let (mut in_right, mut in_wrong) = (Vec::new(), Vec::new());
    for change in TextDiff::from_lines(right, wrong).ops() {
        if change.tag() != DiffTag::Equal {
            in_right.push(change.old_range());
            in_wrong.push(change.new_range());
        }
    }
    (excerpt(right, in_right), excerpt(wrong, in_wrong))
}

fn excerpt(text: &str, changed: Vec<std::ops::Range<usize>>) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let indentation = |index: usize| {
        let line = lines[index];
        line.len() - line.trim_start_matches([' ', '-']).len()
    };
    let mut shown = vec![false; lines.len()];
    for range in changed {
        // Where something is missing, the line before shows where.
        let is_filled = |index: &usize| !lines[*index].is_empty();
        let start = match range.is_empty() {
            true => (0..range.start).rev().find(is_filled).unwrap(),
            false => range.start,
        };
        let end = range.end.max(start + 1);
        let outermost = (start..end).map(indentation).min().unwrap();
        let is_in_block = |index: &usize| indentation(*index) >= outermost;
        let before = (0..start).rev().take_while(is_in_block).count();
        let behind = (end..lines.len()).take_while(is_in_block).count();
        let (before, behind) = if before + end - start + behind <= WHOLE {
            (before, behind)
        } else {
            let is_inside = |index: &usize| indentation(*index) > indentation(end - 1);
            let inside = (end..lines.len()).take_while(is_inside).count();
            (0, inside.min(INSIDE))
        };
        shown[start - before..end + behind].fill(true);
        let mut innermost = indentation(start - before);
        for index in (0..start - before).rev() {
            if indentation(index) < innermost && !lines[index].is_empty() {
                innermost = indentation(index);
                shown[index] = true;
            }
        }
    }
    let shown = lines.iter().zip(shown).filter(|(_, is_shown)| *is_shown);
    let text: String = shown.map(|(line, _)| format!("{line}\n")).collect();
    text.trim_end().to_owned()
}
