//! The examples that explain a row are cases.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use json_patch::Patch;
use serde_json::Value;
use spec_first_review::{Direction, Example, Explanation, Policy, Row, Verdict, explanation};

use super::{Case, bases, compare, documents, files_in, folder, read_yaml};

/// A value as YAML on one line, cut if it is long.
fn flow(value: &Value) -> String {
    let text = match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| format!("{key}: {}", flow(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items = items.iter().map(flow);
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => {
            let is_plain =
                |character: char| character.is_ascii_alphanumeric() || "-_/".contains(character);
            let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic());
            match is_word
                && text.chars().all(is_plain)
                && !matches!(&**text, "true" | "false" | "null")
            {
                true => text.clone(),
                false => value.to_string(),
            }
        }
        value => value.to_string(),
    };
    match text.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end_matches('…')),
        None => text,
    }
}

/// How much of a value is shown, in characters.
const LONGEST_LINE: usize = 90;
/// How many lines of an example are shown.
const LINES: usize = 6;

/// The lines that a case changes.
fn changed_lines(change: &Patch, documents: [&Value; 2]) -> Vec<String> {
    let operations = serde_json::to_value(change).unwrap();
    let mut lines: Vec<String> = Vec::new();
    for operation in operations.as_array().unwrap() {
        for path in ["from", "path"]
            .into_iter()
            .filter_map(|key| operation[key].as_str())
        {
            let shown = surroundings(path, documents);
            let (around, key) = shown.rsplit_once('/').unwrap_or_default();
            let around = documents.map(|document| document.pointer(around));
            let is_item = around.into_iter().flatten().any(Value::is_array);
            let key = match is_item {
                true => String::new(),
                false => key.replace("~1", "/").replace("~0", "~") + ": ",
            };
            // Without its list, an item is not the one that had its index before.
            let absent = match operation["op"].as_str() {
                Some("remove") if is_item => "+",
                Some("add") if is_item => "-",
                _ => "",
            };
            for (sign, document) in ["-", "+"].into_iter().zip(documents) {
                if let Some(value) = document.pointer(shown).filter(|_| sign != absent) {
                    lines.push(format!("{sign} {key}{}", flow(value)));
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push("…".to_owned());
    }
    lines
}

/// The path of what surrounds a place, as far as it fits into a line in both documents.
fn surroundings<'a>(path: &'a str, documents: [&Value; 2]) -> &'a str {
    let fits = |path: &str| {
        documents.iter().all(|document| {
            let value = document.pointer(path);
            value.is_some_and(|value| flow(value).chars().count() < LONGEST_LINE)
        })
    };
    let mut shown = path.trim_end_matches("/-");
    for _ in 0..2 {
        match shown.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() && fits(parent) => shown = parent,
            _ => break,
        }
    }
    shown
}

/// For each row, the outcomes that occur, and the shortest case for each of them.
fn explanations() -> BTreeMap<&'static str, Explanation> {
    let bases = bases();
    let mut cases = Vec::new();
    for path in files_in(&folder("cases")) {
        let case: Case = read_yaml(&fs::read_to_string(path).unwrap()).unwrap();
        let (base, head) = documents(&case, &bases);
        let review = compare(&base, &head, case.settings);
        let lines = changed_lines(&case.change, [&base, &head]);
        let length = lines.concat().len();
        cases.push((
            review.changes.len(),
            case.prepare.is_some(),
            length,
            case,
            lines,
            review,
        ));
    }
    cases.sort_by_key(|(changes, is_prepared, length, ..)| (*changes, *is_prepared, *length));
    let policy = Policy::default();
    let mut all: BTreeMap<&str, Explanation> = BTreeMap::new();
    for (_, _, _, case, lines, review) in &cases {
        for change in &review.changes {
            let explanation = all.entry(change.row.as_str()).or_default();
            let directions: BTreeSet<Direction> =
                change.uses.iter().map(|each| each.direction).collect();
            for direction in directions {
                let cell = (change.outcome, direction);
                explanation.outcomes.insert(cell);
                let is_known = |known: &Example| (known.outcome, known.direction) == cell;
                let verdict = policy
                    .backward(change.row, change.outcome, direction)
                    .verdict;
                // Only then does the case say why.
                if Some(verdict) == review.verdict() && !explanation.examples.iter().any(is_known) {
                    let why = case.why.trim().replace('\n', " ");
                    let example = Example::new(cell, case.what.clone(), lines.clone(), why);
                    explanation.examples.push(example);
                }
            }
        }
    }
    for explanation in all.values_mut() {
        explanation
            .examples
            .sort_by_key(|example| (example.outcome, example.direction));
    }
    all
}

#[test]
fn every_verdict_of_every_row_has_an_example() {
    let policy = Policy::default();
    let mut missing = Vec::new();
    for row in Row::ALL {
        let explanation = explanation(*row);
        let verdict = |outcome, direction| policy.backward(*row, outcome, direction).verdict;
        let outcomes = explanation.outcomes.iter();
        let wanted: BTreeSet<Verdict> = outcomes
            .map(|(outcome, direction)| verdict(*outcome, *direction))
            .collect();
        let examples = explanation.examples.iter();
        let found: BTreeSet<Verdict> = examples
            .map(|example| verdict(example.outcome, example.direction))
            .collect();
        if wanted.is_empty() || wanted != found {
            missing.push(format!("{}: {wanted:?}, but {found:?}", row.as_str()));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// To update the file, set `WRITE_EXPLANATIONS=1`.
#[test]
fn the_explanations_are_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explanations.json");
    let expected = serde_json::to_string_pretty(&explanations()).unwrap() + "\n";
    if std::env::var_os("WRITE_EXPLANATIONS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap();
    assert!(
        present == expected,
        "out of date: run `WRITE_EXPLANATIONS=1 cargo test -p spec-first-review the_explanations_are_cases`"
    );
}
