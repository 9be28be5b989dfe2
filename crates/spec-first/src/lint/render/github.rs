//! Commands of GitHub's workflows, which become annotations.

use spec_first_lint::Level;
use spec_first_review::render::parts::{ANNOTATIONS, LONGEST, command, shown};

use super::headline;
use crate::lint::Problem;

/// Annotates as many findings of each level as GitHub shows for a step.
pub(super) fn render(problems: &[Problem]) -> String {
    let mut text = String::new();
    let mut left = problems.len();
    for level in [Level::Error, Level::Warning, Level::Advice] {
        let found = problems.iter().filter(|problem| problem.level == level);
        for problem in found.take(ANNOTATIONS) {
            text.push_str(&annotation(problem));
            left -= 1;
        }
    }
    if left > 0 {
        text.push_str(&format!("{left} more without an annotation\n"));
    }
    text.push_str(&format!("{}\n", headline(problems)));
    text
}

fn annotation(problem: &Problem) -> String {
    let level = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "notice",
    };
    let finding = &problem.finding;
    let message = [&finding.message, &finding.help].map(|text| shown(text, LONGEST));
    command(
        level,
        Some(&problem.place()),
        finding.rule,
        &message.join("\n"),
    )
}
