//! Messages before and after rows are sent. Prints through [`output`] only.

use std::fmt;
use std::io;
use std::path::Path;

use roaring::RoaringBitmap;
use serde::Serialize;

use super::field::Field;
use super::report::{Report, count};
use super::resuming::Earlier;
use super::row::Row;
use super::sending::Ending;
use super::validation::Validated;
use crate::arguments::output::Format;
use crate::failure::{Exit, Failure};
use crate::output;

/// Maximum number of rows named in one line.
const NAMED: usize = 10;

/// Reports the problems with the rows.
pub(super) fn tell_problems(name: &str, validated: &Validated, file: Option<&Path>) {
    if !validated.ignored_columns.is_empty() {
        let names = validated.ignored_columns.iter();
        let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
        output::print_note(&format!("ignored columns: {}", names.join(", ")));
    }
    let lines = validated
        .shown
        .iter()
        .map(|problem| format!("{name}:{problem}"));
    output::print_lines(lines);
    let others = validated.problems - validated.shown.len() as u64;
    match file {
        _ if others == 0 => {}
        Some(file) => output::print_note(&format!("and {others} more, in `{}`", file.display())),
        None => output::print_note(&format!(
            "and {others} more; `--problems FILE` writes all of them to a file"
        )),
    }
}

/// The failure if there are invalid rows; none is sent.
pub(super) fn not_valid(validated: &Validated) -> Failure {
    let (invalid, rows) = (validated.invalid.len(), validated.rows);
    Failure::usage(
        format!(
            "{invalid} of {} cannot be sent, for the reasons above",
            count(rows.into(), "row")
        ),
        match validated.hides_rows {
            true => {
                "nothing was sent; correct the quotes first: a row that spans several lines may hide other rows, so it is never skipped"
            }
            false => "nothing was sent; correct them, or skip them with `--skip-invalid`",
        },
    )
}

/// Reports what an earlier run has done.
pub(super) fn tell_earlier(earlier: &Earlier, is_quiet: bool) {
    if earlier.damaged > 0 {
        output::print_note(&format!(
            "{} of the journal cannot be read; the rows are sent again",
            count(earlier.damaged, "record")
        ));
    }
    if !earlier.in_doubt.is_empty() {
        output::print_note(&format!(
            "an earlier run got no clear answer for {}, which may have been applied: {}; sending what the file has now",
            count(earlier.in_doubt.len(), "row"),
            name_rows(&earlier.in_doubt)
        ));
    }
    if !earlier.unknown.is_empty() {
        output::print_note(&format!(
            "an earlier run got no clear answer for {}, which may have created an integration: {}; not sending it again",
            count(earlier.unknown.len(), "row"),
            name_rows(&earlier.unknown)
        ));
    }
    if earlier.is_any && !is_quiet {
        output::print_note(&format!(
            "resuming the last run, which applied {}; `--restart` sends every row",
            count(earlier.applied.len(), "row")
        ));
    }
}

fn name_rows(rows: &RoaringBitmap) -> String {
    let named: Vec<_> = rows
        .iter()
        .take(NAMED)
        .map(|row| (u64::from(row) + 1).to_string())
        .collect();
    let others = rows.len() - named.len() as u64;
    let named = named.join(", ");
    match others {
        0 => format!("row {named}"),
        others => format!("row {named} and {others} more"),
    }
}

/// The number of rows for each action.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Actions {
    pub(super) updates: u64,
    pub(super) creates: u64,
    pub(super) deletes: u64,
}

impl Actions {
    /// Counts the rows that are not `done`.
    pub(super) fn remaining(validated: &Validated, done: &RoaringBitmap) -> Self {
        let creates = (&validated.creates - done).len();
        let deletes = (&validated.deletes - done).len();
        let rows = u64::from(validated.rows).saturating_sub(done.len());
        Self {
            updates: rows.saturating_sub(creates + deletes),
            creates,
            deletes,
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.updates + self.creates + self.deletes
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            (self.updates, "update"),
            (self.creates, "creation"),
            (self.deletes, "deletion"),
        ];
        let named = named.into_iter().filter(|(number, _)| *number > 0);
        let named: Vec<_> = named.map(|(number, name)| count(number, name)).collect();
        formatter.write_str(&named.join(" and "))
    }
}

/// The result of a dry run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan<'a> {
    pub(super) input: &'a str,
    pub(super) rows: u64,
    pub(super) valid: u64,
    pub(super) problems: u64,
    pub(super) applied_earlier: u64,
    pub(super) unknown: u64,
    #[serde(flatten)]
    pub(super) remaining: Actions,
    pub(super) server: &'a str,
    pub(super) journal: String,
    /// The first rows that would be sent.
    #[serde(skip)]
    pub(super) samples: Vec<Row>,
}

/// Prints the result of a dry run.
pub(super) fn tell_plan(plan: &Plan<'_>, format: Format) -> Result<(), Failure> {
    let text = |plan: &Plan<'_>| {
        let remaining = plan.remaining.total();
        let mut text = format!(
            "{remaining} of {} would be sent to {}, and noted in {}\n",
            count(plan.rows, "row"),
            plan.server,
            plan.journal
        );
        if plan.remaining.total() > plan.remaining.updates {
            text.push_str(&format!("{}\n", plan.remaining));
        }
        for row in &plan.samples {
            text.push_str(&describe(row));
        }
        let others = remaining.saturating_sub(plan.samples.len() as u64);
        if others > 0 {
            text.push_str(&format!("  and {others} more\n"));
        }
        if plan.applied_earlier > 0 {
            let applied = count(plan.applied_earlier, "row");
            text.push_str(&format!("{applied} applied by an earlier run\n"));
        }
        if plan.unknown > 0 {
            let unknown = count(plan.unknown, "row");
            text.push_str(&format!(
                "{unknown} unknown after an earlier run, and not sent again\n"
            ));
        }
        text.push_str("nothing was sent\n");
        text
    };
    output::print(plan, text, format)
}

fn describe(row: &Row) -> String {
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let text = row.get(field)?;
        Some(format!("{}={}", field.name(), output::escape(text)))
    });
    let fields: Vec<_> = fields.collect();
    format!("  line {}: {}\n", row.place.line, fields.join(" "))
}

/// What the message about the next step needs to know.
pub(super) struct Next<'a> {
    /// The file with the rows that failed.
    pub(super) failures: Option<&'a Path>,
    /// The journal, if a corrected file would not find it by its default path.
    pub(super) journal: Option<&'a Path>,
}

/// Prints the report of a run, and returns its outcome.
pub(super) fn tell_report(
    report: &Report,
    ending: Ending,
    file: Option<&Path>,
    next: &Next<'_>,
    format: Format,
) -> Result<Exit, Failure> {
    let saved = file.map(|file| (file, save(report, file)));
    output::print(report, Report::to_text, format)?;
    if let Some((file, Err(error))) = saved {
        return Err(unwritten(&file.display().to_string(), &error));
    }
    end(report, ending, next)
}

fn save(report: &Report, file: &Path) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    std::fs::write(file, text)
}

fn end(report: &Report, ending: Ending, next: &Next<'_>) -> Result<Exit, Failure> {
    let Report {
        failed, invalid, ..
    } = report;
    let rows = count(report.rows, "row");
    let not_sent = count(report.not_sent, "row");
    let again = match next.journal {
        None => "run the same command again".to_owned(),
        Some(journal) => format!(
            "run the same command again with `--journal {}`",
            journal.display()
        ),
    };
    let again = format!("{again}: it sends only what has not succeeded");
    let (error, hint) = match ending {
        Ending::Broken(failure) => return Err(failure),
        Ending::Interrupted => (format!("interrupted; not sent: {not_sent}"), again),
        Ending::Aborted(unanswered) => (
            format!(
                "interrupted; not sent: {not_sent}, sent without an answer: {}",
                count(unanswered, "row")
            ),
            again,
        ),
        Ending::Failures(failed) => (
            format!(
                "stopped after {}; not sent: {not_sent}",
                count(failed, "consecutive failure")
            ),
            format!("fix the cause, then {again}"),
        ),
        Ending::LongWait(wait) => (
            format!(
                "stopped: the server asks to wait {} s; not sent: {not_sent}",
                wait.as_secs()
            ),
            format!("after that, {again}"),
        ),
        Ending::Finished if report.unknown.count > 0 => (
            format!(
                "it is unknown whether {} of {rows} created an integration",
                report.unknown.count
            ),
            format!(
                "look with `jelou integration get`: if it is there, remove the row, and get a secret with `jelou integration regenerate-secret`; if not, remove the row, and use `jelou integration create`; then {again}"
            ),
        ),
        Ending::Finished if *failed > 0 => (
            format!("{failed} of {rows} failed, for the reasons above"),
            match next.failures {
                Some(file) => format!(
                    "correct the rows if they are wrong, then {again}; or correct them in `{0}`, and apply `{0}`",
                    file.display()
                ),
                None => format!("correct the rows if they are wrong, then {again}"),
            },
        ),
        Ending::Finished if *invalid > 0 => (
            format!("{invalid} of {rows} skipped as invalid"),
            format!("correct them, then {again}"),
        ),
        Ending::Finished => return Ok(report.exit()),
    };
    Err(Failure::new(report.exit(), error, hint))
}

/// The failure if the rows were sent, but an output could not be written completely.
pub(super) fn unwritten(what: &str, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("`{what}` could not be written"),
        "what was sent is in the journal; nothing has to be sent again",
    )
    .caused_by(Some(error))
}
