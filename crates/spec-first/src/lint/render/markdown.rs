//! A comment on a pull request. Text from a document is only written in code spans, where nothing is markup.

use std::fmt::Write;

use spec_first_lint::Rule;
use spec_first_review::render::parts::{LONGEST, code, inline, shown};

use super::{groups, headline};
use crate::lint::{PLACES, Problem};
use crate::terminal::plural;

/// GitHub refuses a comment of more than 65,536 characters.
const LIMIT: usize = 60_000;

pub(super) fn render(problems: &[Problem], all: bool) -> String {
    let mut text = format!("### {}\n", headline(problems));
    let groups = groups(problems);
    for (index, group) in groups.iter().enumerate() {
        let room = LIMIT.saturating_sub(text.chars().count());
        let Some(block) = block(group, all, room) else {
            let left = plural(groups.len() - index, "more rule", "more rules");
            _ = writeln!(text, "\nand findings of {left}");
            break;
        };
        text.push_str(&block);
    }
    text
}

/// The findings of a rule, as many as there is room for, in characters; `None` if there is none.
fn block(group: &[&Problem], all: bool, room: usize) -> Option<String> {
    let first = group[0];
    let rule = code(first.finding.rule);
    let summary = match Rule::find(first.finding.rule) {
        // Ours, and Markdown already.
        Ok(rule) => rule.summary.to_owned(),
        Err(_) => inline(&shown(&first.finding.help, LONGEST)),
    };
    let mut text = format!("\n**{}** {rule}: {summary}\n\n", first.level);
    let places = if all { group.len() } else { PLACES };
    let mut length = text.chars().count();
    let mut left = group.len();
    for problem in group.iter().take(places) {
        let address = code(&shown(&problem.address(), LONGEST));
        let message = inline(&shown(&problem.finding.message, LONGEST));
        let line = format!("- {address}: {message}\n");
        length += line.chars().count();
        if length > room {
            break;
        }
        text.push_str(&line);
        left -= 1;
    }
    if left == group.len() {
        return None;
    }
    if left > 0 {
        _ = writeln!(text, "- and {left} more");
    }
    Some(text)
}
