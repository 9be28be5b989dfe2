//! A comment on a pull request. Text from a document is only written in code spans, where nothing is markup.

use std::fmt::Write;

use spec_first_lint::Rule;
use spec_first_review::render::parts::{LONGEST, code, inline, shown};

use super::{groups, headline};
use crate::lint::{PLACES, Problem};

/// GitHub refuses a comment of more than 65,536 characters.
const LIMIT: usize = 60_000;

pub(super) fn render(problems: &[Problem], all: bool) -> String {
    let mut text = format!("### {}\n", headline(problems));
    let mut length = text.chars().count();
    let groups = groups(problems);
    for (index, group) in groups.iter().enumerate() {
        let block = block(group, all);
        length += block.chars().count();
        if length > LIMIT {
            let left = groups.len() - index;
            _ = writeln!(text, "\nand {left} more rules that report something");
            break;
        }
        text.push_str(&block);
    }
    text
}

fn block(group: &[&Problem], all: bool) -> String {
    let first = group[0];
    let rule = code(first.finding.rule);
    let summary = match Rule::find(first.finding.rule) {
        // Ours, and Markdown already.
        Ok(rule) => rule.summary.to_owned(),
        Err(_) => inline(&shown(&first.finding.help, LONGEST)),
    };
    let mut text = format!("\n**{}** {rule}: {summary}\n\n", first.level);
    let places = if all { group.len() } else { PLACES };
    for problem in group.iter().take(places) {
        let address = code(&shown(&problem.address(), LONGEST));
        let message = inline(&shown(&problem.finding.message, LONGEST));
        _ = writeln!(text, "- {address}: {message}");
    }
    let left = group.len().saturating_sub(places);
    if left > 0 {
        _ = writeln!(text, "- and {left} more");
    }
    text
}
