//! `spec-first explain`: what a row of the review means.

use std::fmt::Write;

use spec_first_review::{Direction, Example, Outcome, Policy, Row, explanation};

use crate::configuration::Cell;
use crate::terminal::write;
use crate::{Error, Project};

/// Says what a row means, with an example that breaks and one that does not; without a row, lists them all.
pub(crate) fn run(project: &Project, name: Option<&str>) -> Result<bool, Error> {
    let text = match name {
        Some(name) => {
            let cell: Cell = name.parse().map_err(|message| Error::Usage {
                message,
                hint: "`spec-first explain` lists the rows".to_owned(),
            })?;
            explain(cell, &project.configuration().policy())
        }
        None => list(),
    };
    write(None, &text)?;
    Ok(true)
}

fn list() -> String {
    let width = Row::ALL.iter().map(|row| row.as_str().len()).max();
    let width = width.unwrap_or_default();
    let lines = Row::ALL.iter();
    let lines = lines.map(|row| format!("{:width$}  {}\n", row.as_str(), row.description()));
    lines.collect()
}

fn explain(cell: Cell, policy: &Policy) -> String {
    let mut text = format!("{cell}: {}\n", cell.row.description());
    let outcomes = [
        (Outcome::Wider, "more is allowed than before"),
        (Outcome::Narrower, "less is allowed than before"),
        (
            Outcome::Incomparable,
            "some values are added, others removed",
        ),
        (Outcome::Undecided, "it cannot be determined"),
        (Outcome::Beside, "the allowed values stay the same"),
    ];
    let is_asked_for = |outcome| cell.outcome.is_none_or(|asked_for| asked_for == outcome);
    for (outcome, meaning) in outcomes {
        if !is_asked_for(outcome) {
            continue;
        }
        let verdict = |direction| match policy.level(cell.row, outcome, direction) {
            Some(spec_first_review::Level::Ignore) => "ignored",
            _ => policy
                .backward(cell.row, outcome, direction)
                .verdict
                .as_str(),
        };
        let [request, response] = [Direction::Request, Direction::Response].map(verdict);
        let name = outcome.as_str();
        _ = writeln!(
            text,
            "  {name:12}  request: {request:9}  response: {response:9}  {meaning}"
        );
    }
    let examples = explanation(cell.row);
    text.push_str(&example("A breaking change", examples.breaking));
    text.push_str(&example("A harmless change", examples.harmless));
    text
}

fn example(title: &str, example: Option<Example>) -> String {
    let Some(example) = example else {
        return String::new();
    };
    let mut text = format!("\n{title}: {}\n", example.what);
    for edit in &example.edits {
        _ = writeln!(text, "  {edit}");
    }
    _ = writeln!(text, "  because {}", example.why.replace('\n', " "));
    text
}
