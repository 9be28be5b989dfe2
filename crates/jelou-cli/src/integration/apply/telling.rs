//! What people are told before and after rows are sent. Prints through [`output`] only.

use std::io;
use std::path::Path;

use roaring::RoaringBitmap;
use serde::Serialize;

use super::field::Field;
use super::input::Input;
use super::journal::Earlier;
use super::report::{Report, count};
use super::row::Row;
use super::sending::Ending;
use super::validation::Validated;
use crate::arguments::output::Format;
use crate::failure::{Exit, Failure};
use crate::output;

/// The rows that are named in one line.
const NAMED: usize = 10;

const AGAIN: &str =
    "run the same command again to go on: it sends what has not succeeded, and nothing else";

/// Tells what is wrong with the rows.
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
            "and {others} more; `--problems FILE` writes all of them into a file"
        )),
    }
}

/// That rows are not valid, and none is sent.
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
            false => "nothing was sent; correct them, or leave them out with `--skip-invalid`",
        },
    )
}

/// Tells what an earlier run left behind.
pub(super) fn tell_earlier(earlier: &Earlier, is_quiet: bool) {
    if earlier.damaged > 0 {
        output::print_note(&format!(
            "{} of the journal cannot be read; the rows are sent again",
            count(earlier.damaged, "record")
        ));
    }
    if !earlier.in_doubt.is_empty() {
        output::print_note(&format!(
            "an earlier run got no clear answer for {}, which may have been applied: {}; sending them again sets the same values",
            count(earlier.in_doubt.len(), "row"),
            name_rows(&earlier.in_doubt)
        ));
    }
    if earlier.is_any && !is_quiet {
        output::print_note(&format!(
            "going on where the last run ended, with {} applied; `--restart` sends every row",
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

/// What a dry run found out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan<'a> {
    input: &'a str,
    rows: u32,
    valid: u64,
    problems: u64,
    server: &'a str,
    journal: String,
}

/// Tells what would be sent.
pub(super) fn tell_plan(
    input: &Input,
    validated: &Validated,
    server: &str,
    journal: &Path,
    format: Format,
) -> Result<(), Failure> {
    let plan = Plan {
        input: &input.name,
        rows: validated.rows,
        valid: validated.valid(),
        problems: validated.problems,
        server,
        journal: journal.display().to_string(),
    };
    let text = |plan: &Plan<'_>| {
        let mut text = format!(
            "{} of {} would be sent to {}, and noted in {}\n",
            plan.valid,
            count(plan.rows.into(), "row"),
            plan.server,
            plan.journal
        );
        for row in &validated.samples {
            text.push_str(&describe(row));
        }
        let others = plan.valid.saturating_sub(validated.samples.len() as u64);
        if others > 0 {
            text.push_str(&format!("  and {others} more\n"));
        }
        text.push_str("nothing was sent\n");
        text
    };
    output::print(&plan, text, format)
}

fn describe(row: &Row) -> String {
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let text = row.get(field)?;
        Some(format!("{}={}", field.name(), output::escape(text)))
    });
    let fields: Vec<_> = fields.collect();
    format!("  line {}: {}\n", row.place.line, fields.join(" "))
}

/// Tells what came of a run, and ends it.
pub(super) fn tell_report(
    report: &Report,
    ending: Ending,
    file: Option<&Path>,
    failures: Option<&Path>,
    format: Format,
) -> Result<Exit, Failure> {
    let saved = file.map(|file| (file, save(report, file)));
    output::print(report, Report::to_text, format)?;
    if let Some((file, Err(error))) = saved {
        return Err(unwritten(&file.display().to_string(), &error));
    }
    end(report, ending, failures)
}

fn save(report: &Report, file: &Path) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    std::fs::write(file, text)
}

fn end(report: &Report, ending: Ending, failures: Option<&Path>) -> Result<Exit, Failure> {
    let Report {
        failed, invalid, ..
    } = report;
    let rows = count(report.rows, "row");
    let not_sent = count(report.not_sent, "row");
    let failure = |error: String, hint: &str| Err(Failure::new(report.exit(), error, hint));
    match ending {
        Ending::Broken(failure) => Err(failure),
        Ending::Interrupted => failure(format!("interrupted; not sent: {not_sent}"), AGAIN),
        Ending::Aborted(unanswered) => failure(
            format!(
                "interrupted; not sent: {not_sent}, sent without an answer: {}",
                count(unanswered, "row")
            ),
            AGAIN,
        ),
        Ending::Failures(failed) => failure(
            format!(
                "stopped, since {} failed one after the other; not sent: {not_sent}",
                count(failed, "row")
            ),
            "do something about the reason, then run the same command again: it sends what has not succeeded, and nothing else",
        ),
        Ending::LongWait(wait) => failure(
            format!(
                "stopped, since the server asks to wait {} s; not sent: {not_sent}",
                wait.as_secs()
            ),
            "run the same command again after that: it sends what has not succeeded, and nothing else",
        ),
        Ending::Finished if *failed > 0 => failure(
            format!("{failed} of {rows} failed, for the reasons above"),
            &match failures {
                Some(file) => format!(
                    "correct the rows in `{0}` and apply `{0}`; or, if the rows are right, run the same command again: it sends what has not succeeded, and nothing else",
                    file.display()
                ),
                None => "if the rows are right, run the same command again later: it sends what has not succeeded, and nothing else; if they are not, run it with `--failures FILE`, correct the rows in that file, and apply it".to_owned(),
            },
        ),
        Ending::Finished if *invalid > 0 => failure(
            format!("{invalid} of {rows} were left out, since they are not valid"),
            "correct them, and apply them from a file of their own",
        ),
        Ending::Finished => Ok(report.exit()),
    }
}

/// That the rows were sent, but not all that was to be written about it could be.
pub(super) fn unwritten(what: &str, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("`{what}` could not be written"),
        "what was sent is in the journal; nothing need be sent again for it",
    )
    .caused_by(Some(error))
}
