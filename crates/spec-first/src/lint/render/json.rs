//! For programs.

use serde::Serialize;
use spec_first_lint::Level;
use spec_first_review::render::parts::pretty;

use crate::lint::Problem;

/// What was found in OpenAPI documents.
///
/// Members may be added; removing a member or changing its meaning increments `format_version`.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(title = "Findings in OpenAPI documents")
)]
struct Report<'a> {
    /// The version of this format.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = 1)))]
    format_version: u32,
    /// How many findings there are of each level.
    counts: Counts,
    /// The findings, in the order of the documents.
    findings: Vec<FindingReport<'a>>,
}

/// How many findings there are of each level.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Counts {
    /// The document is wrong, or cannot be implemented.
    error: usize,
    /// Will cause trouble for people who use the document.
    warning: usize,
    /// Style and completeness; zero unless the profile or `fail-on` includes it.
    advice: usize,
}

/// A finding.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct FindingReport<'a> {
    /// Stays the same while the finding does, wherever its line moves to.
    fingerprint: String,
    /// The name of the rule.
    rule: &'static str,
    /// How severe it is.
    level: LevelReport,
    /// What is wrong, with literals between backticks.
    message: &'a str,
    /// What to do about it.
    help: &'a str,
    /// The file.
    file: &'a str,
    /// The line, counted from one.
    line: u64,
    /// The column, counted from one.
    column: u64,
    /// The JSON pointer to the value.
    pointer: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum LevelReport {
    /// The document is wrong, or cannot be implemented.
    Error,
    /// Will cause trouble for people who use the document.
    Warning,
    /// Style and completeness.
    Advice,
}

pub(super) fn render(problems: &[Problem]) -> String {
    let count = |level| {
        problems
            .iter()
            .filter(|problem| problem.level == level)
            .count()
    };
    pretty(&Report {
        format_version: 1,
        counts: Counts {
            error: count(Level::Error),
            warning: count(Level::Warning),
            advice: count(Level::Advice),
        },
        findings: problems.iter().map(FindingReport::from).collect(),
    })
}

/// The JSON Schema of the format, as it is published in `lint.schema.json`.
#[cfg(feature = "schemars")]
pub fn json_schema() -> String {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    spec_first_review::render::parts::written_schema::<Report<'_>>(settings)
}

impl<'a> From<&'a Problem> for FindingReport<'a> {
    fn from(problem: &'a Problem) -> Self {
        let finding = &problem.finding;
        Self {
            fingerprint: problem.fingerprint(),
            rule: finding.rule,
            level: match problem.level {
                Level::Error => LevelReport::Error,
                Level::Warning => LevelReport::Warning,
                Level::Advice => LevelReport::Advice,
            },
            message: &finding.message,
            help: &finding.help,
            file: &finding.source.name,
            line: finding.position.line,
            column: finding.position.column,
            pointer: finding.pointer.as_str(),
        }
    }
}
