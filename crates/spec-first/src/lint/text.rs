//! Findings for a terminal: the first place of each rule with its line, and a line for each of the next.

use std::collections::HashMap;
use std::fmt::Write;

use super::Problem;

/// How many places of a rule are shown.
const PLACES: usize = 5;

/// The findings by rule, the most severe first; with `all`, each with its line.
pub(super) fn render(problems: &[Problem], all: bool, coloured: bool) -> String {
    let mut text = String::new();
    for group in groups(problems) {
        let (whole, brief) = group.split_at(if all { group.len() } else { 1 });
        for problem in whole {
            let severity = problem.level.into();
            _ = writeln!(text, "{}", problem.finding.render_as(severity, coloured));
            if all || brief.is_empty() {
                text.push('\n');
            }
        }
        for problem in brief.iter().take(PLACES - 1) {
            let finding = &problem.finding;
            let (file, place) = (&finding.source.name, finding.position);
            let (line, column) = (place.line, place.column);
            _ = writeln!(text, "  {file}:{line}:{column}: {}", finding.message);
        }
        if let Some(left) = brief.len().checked_sub(PLACES).map(|left| left + 1) {
            _ = writeln!(text, "  and {left} more; `--all` shows every place");
        }
        if !brief.is_empty() {
            text.push('\n');
        }
    }
    text
}

/// The findings of each rule, the most severe first, and then in the order of the document.
fn groups(problems: &[Problem]) -> Vec<Vec<&Problem>> {
    let mut groups: Vec<Vec<&Problem>> = Vec::new();
    let mut known = HashMap::new();
    for problem in problems {
        let index = *known.entry(problem.finding.rule).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(problem),
            None => groups.push(vec![problem]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].level));
    groups
}
