//! The README lists every rule with its summary.

use std::{fs, path::Path};

#[test]
fn the_readme_lists_every_rule() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(file).unwrap();
    let rows: Vec<_> = readme
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let rules: Vec<_> = spec_first_lint::rules()
        .iter()
        .map(|rule| format!("| `{}` | {} | {} |", rule.name, rule.level, rule.summary))
        .collect();
    assert_eq!(rows, rules, "copy the rows on the right to the README");
}
