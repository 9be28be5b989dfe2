//! What people and programs read of findings, made of the same parts as a review.

mod github;
mod json;
mod markdown;
mod sarif;
pub(super) mod text;

use clap::ValueEnum;
use spec_first_document::escape_workflow_commands;
use spec_first_lint::Level;
use spec_first_review::Place;

use super::Problem;

#[cfg(feature = "schemars")]
pub use json::json_schema;

/// The formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal, by rule
    Text,
    /// A comment on a pull request, by rule
    Markdown,
    /// For programs
    Json,
    /// Commands that GitHub's workflows turn into annotations
    Github,
    /// SARIF 2.1.0, for GitHub's code scanning and for editors
    Sarif,
}

/// The findings in a format other than text, which is written while documents are read.
pub(super) fn render(problems: &[Problem], format: Format, all: bool, coloured: bool) -> String {
    match format {
        Format::Text => {
            escape_workflow_commands(&text::render(problems, all, coloured)).into_owned()
        }
        Format::Markdown => markdown::render(problems, all),
        Format::Json => json::render(problems),
        Format::Github => github::render(problems),
        Format::Sarif => sarif::render(problems),
    }
}

/// How many findings there are of each level that is there, the most severe first.
pub(super) fn headline(problems: &[Problem]) -> String {
    let counts = [Level::Error, Level::Warning, Level::Advice].map(|level| {
        let count = problems.iter().filter(|problem| problem.level == level);
        (level, count.count())
    });
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(level, count)| counted(level, count)).collect();
    match counts.is_empty() {
        true => "no findings".to_owned(),
        false => counts.join(", "),
    }
}

/// A count with the noun of its level.
pub(super) fn counted(level: Level, count: usize) -> String {
    use crate::terminal::plural;
    match level {
        Level::Error => plural(count, "error", "errors"),
        Level::Warning => plural(count, "warning", "warnings"),
        Level::Advice => plural(count, "piece of advice", "pieces of advice"),
    }
}

/// The findings of each rule, the most severe first, and then in the order of the documents.
fn groups(problems: &[Problem]) -> Vec<Vec<&Problem>> {
    let mut groups: indexmap::IndexMap<_, Vec<&Problem>> = indexmap::IndexMap::new();
    for problem in problems {
        groups
            .entry(problem.finding.rule)
            .or_default()
            .push(problem);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].level));
    groups
}

impl Problem {
    fn place(&self) -> Place {
        Place {
            source: self.finding.source.clone(),
            position: self.finding.position,
            pointer: self.finding.pointer.clone(),
        }
    }

    /// `FILE:LINE:COLUMN`.
    fn address(&self) -> String {
        let (file, place) = (&self.finding.source.name, self.finding.position);
        format!("{file}:{}:{}", place.line, place.column)
    }
}
