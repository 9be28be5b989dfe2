//! `spec-first explain`: what a row of the review means.

use std::collections::BTreeSet;
use std::fmt::Write;

use spec_first_review::{
    Direction, Example, Explanation, Outcome, Policy, Row, Verdict, explanation,
};

use crate::configuration::Cell;
use crate::terminal::write;
use crate::{Error, Project};

const MEANINGS: [(Outcome, &str); 5] = [
    (Outcome::Wider, "more is allowed than before"),
    (Outcome::Narrower, "less is allowed than before"),
    (
        Outcome::Incomparable,
        "some values are added, others removed",
    ),
    (Outcome::Undecided, "it cannot be determined"),
    (Outcome::Neutral, "the allowed values stay the same"),
];

/// The verdict on what the configuration leaves out.
const IGNORED: &str = "ignored";

/// Says what a row means, with an example that breaks and one that does not; without a row, lists them all.
pub(crate) fn run(project: &Project, name: Option<&str>) -> Result<bool, Error> {
    let text = match name {
        Some(name) => {
            let cell: Cell = name.parse().map_err(|message| Error::Usage {
                message,
                hint: "`spec-first explain` lists the rules".to_owned(),
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
    let Explanation {
        outcomes, examples, ..
    } = explanation(cell.row);
    let verdict = |outcome, direction| match policy.level(cell.row, outcome, direction) {
        Some(spec_first_review::Level::Ignore) => IGNORED,
        _ => policy
            .backward(cell.row, outcome, direction)
            .verdict
            .as_str(),
    };
    let mut verdicts = BTreeSet::new();
    for (outcome, meaning) in MEANINGS {
        let is_shown = match cell.outcome {
            Some(asked_for) => asked_for == outcome,
            None => outcomes.iter().any(|(known, _)| *known == outcome),
        };
        if !is_shown {
            continue;
        }
        let [request, response] = [Direction::Request, Direction::Response].map(|direction| {
            if !outcomes.contains(&(outcome, direction)) {
                return "-";
            }
            verdicts.insert(verdict(outcome, direction));
            verdict(outcome, direction)
        });
        let name = outcome.as_str();
        _ = writeln!(
            text,
            "  {name:12}  request: {request:9}  response: {response:9}  {meaning}"
        );
    }
    let harmless = Verdict::Harmless.as_str();
    if verdicts.is_empty() {
        text.push_str("\nNo change of this kind is known.\n");
    } else if verdicts
        .iter()
        .all(|verdict| [harmless, IGNORED].contains(verdict))
    {
        text.push_str("\nNo change of this kind breaks anything.\n");
    } else if cell.outcome.is_none() && !verdicts.contains(harmless) {
        text.push_str("\nNo change of this kind is harmless.\n");
    }
    let mut shown = BTreeSet::new();
    for example in &examples {
        let is_asked_for = cell
            .outcome
            .is_none_or(|outcome| outcome == example.outcome);
        let verdict = verdict(example.outcome, example.direction);
        if is_asked_for && shown.insert(verdict) {
            text.push_str(&describe(cell.row, example, verdict));
        }
    }
    text
}

fn describe(row: Row, example: &Example, verdict: &str) -> String {
    let Example {
        outcome, direction, ..
    } = example;
    let mut text = format!(
        "\n{verdict} ({}/{} in a {}): {}\n",
        row.as_str(),
        outcome.as_str(),
        direction.as_str(),
        example.what
    );
    for line in &example.lines {
        _ = writeln!(text, "  {line}");
    }
    _ = writeln!(text, "  because {}", example.why);
    text
}
