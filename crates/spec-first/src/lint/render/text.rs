//! For a terminal: the first place of each rule with its line, and a line for each of the next.

use std::fmt::Write;

use spec_first_document::literal::visible;

use super::groups;
use crate::lint::{PLACES, Problem};

/// The findings by rule, the most severe first; with `all`, each with its line.
pub(crate) fn render(problems: &[Problem], all: bool, coloured: bool) -> String {
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
            let line = format!("{}: {}", problem.address(), problem.finding.message);
            _ = writeln!(text, "  {}", visible(&line));
        }
        if group.len() > PLACES && !all {
            let left = group.len() - PLACES;
            _ = writeln!(text, "  and {left} more; `--all` shows every place");
        }
        if !brief.is_empty() {
            text.push('\n');
        }
    }
    text
}
