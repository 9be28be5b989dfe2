//! The README lists every rule with its summary.

use std::{fs, path::Path};

#[test]
fn the_table_of_other_linters_names_rules() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("PEERS.md");
    let table = fs::read_to_string(file).unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    for row in rows {
        let cells: Vec<_> = row.trim_end_matches('|').split(" | ").collect();
        let [peer, ours, note] = cells[..] else {
            panic!("{row}");
        };
        let peer = peer.trim_matches('`');
        let named = ours.split(", ").filter(|name| !name.trim().is_empty());
        let named: Vec<_> = named.map(|name| name.trim().trim_matches('`')).collect();
        let mut found: Vec<_> = spec_first_lint::equivalents(peer)
            .unwrap()
            .iter()
            .map(|rule| rule.name)
            .collect();
        for name in named {
            let rule = found.iter().position(|found| *found == name);
            found.remove(rule.unwrap_or_else(|| panic!("`{peer}`: `{name}` is not a rule")));
        }
        assert!(
            !ours.trim().is_empty() || note.len() > 5,
            "`{peer}` has neither a rule nor a reason"
        );
    }
    assert_eq!(spec_first_lint::equivalents("no-such-rule"), None);
}

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
