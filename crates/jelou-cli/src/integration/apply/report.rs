//! The report of a run, for people and for programs. However many rows fail, holds a bounded number of them, besides those that a
//! person has to look at.

mod text;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use serde::Serialize;

use super::attempt::Answer;
use super::failures::FailuresFile;
use super::field::Field;
use super::operation::Action;
use super::progress::Progress;
use super::row::Row;
use super::secrets::{self, SecretsFile};
use super::sending::Ending;
use crate::failure::{Exit, Failure};
use crate::origin::Origin;
use crate::redaction::Redaction;
use crate::{diagnosis, output};
pub(super) use text::count;

const SLOWEST: usize = 5;

/// Maximum number of distinct reasons; rows that fail for other reasons are counted together.
const REASONS: usize = 50;

/// Maximum number of rows listed that failed for one reason, or that were sent again.
const LISTED: usize = 20;

/// How a run ended, with row counts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) input: String,
    pub(super) journal: String,
    pub(super) server: String,
    pub(super) ending: &'static str,
    pub(super) rows: u64,
    pub(super) applied: u64,
    pub(super) applied_earlier: u64,
    pub(super) failed: u64,
    /// How many of the failed rows may have been applied.
    pub(super) may_have_been_applied: u64,
    pub(super) invalid: u64,
    /// Rows in flight when the run was aborted.
    pub(super) unanswered: u64,
    pub(super) not_sent: u64,
    /// Rows sent again because their outcome was unknown after an earlier run.
    pub(super) sent_again: Rows,
    /// Rows that may have created an integration, in this run or an earlier one, and that are not sent again.
    pub(super) unknown: Rows,
    /// Rows that created an integration whose signing secret is not in the file for it.
    pub(super) without_secret: Rows,
    pub(super) requests: u64,
    pub(super) seconds: f64,
    pub(super) rows_per_second: f64,
    pub(super) failures: Vec<Reason>,
    pub(super) slowest: Vec<Slow>,
    #[serde(skip)]
    exit: Option<Exit>,
}

/// The number of rows of a kind, and the rows.
#[derive(Debug, Default, Serialize)]
pub(super) struct Rows {
    pub(super) count: u64,
    pub(super) rows: Vec<Listed>,
}

/// The rows that failed for one reason.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reason {
    pub(super) reason: String,
    pub(super) exit_code: u8,
    pub(super) count: u64,
    pub(super) rows: Vec<Listed>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    pub(super) line: u64,
    pub(super) project_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Slow {
    pub(super) milliseconds: u64,
    #[serde(flatten)]
    pub(super) row: Listed,
}

/// What is known before the first row is sent.
pub(super) struct Before {
    pub(super) input: String,
    pub(super) journal: String,
    pub(super) server: String,
    pub(super) rows: u64,
    pub(super) applied_earlier: u64,
    pub(super) invalid: u64,
    pub(super) in_doubt: roaring::RoaringBitmap,
    /// The rows of an earlier run whose outcome is unknown, and that are not sent again.
    pub(super) unknown: Rows,
    pub(super) unknown_earlier: u64,
}

/// Records the outcome of each row.
pub(super) struct Recorder<'a> {
    before: Before,
    origin: Origin,
    redaction: Redaction,
    progress: &'a mut Progress,
    failures_file: Option<FailuresFile>,
    begin: Instant,
    applied: u64,
    failed: u64,
    may_have_been_applied: u64,
    requests: u64,
    sent_again: Rows,
    without_secret: Rows,
    reasons: IndexMap<String, Reason>,
    exits: Vec<Exit>,
    slowest: BinaryHeap<Reverse<Slow>>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(
        before: Before,
        origin: Origin,
        redaction: Redaction,
        progress: &'a mut Progress,
        failures_file: Option<FailuresFile>,
    ) -> Self {
        Self {
            before,
            origin,
            redaction,
            progress,
            failures_file,
            begin: Instant::now(),
            applied: 0,
            failed: 0,
            may_have_been_applied: 0,
            requests: 0,
            sent_again: Rows::default(),
            without_secret: Rows::default(),
            reasons: IndexMap::new(),
            exits: Vec::new(),
            slowest: BinaryHeap::new(),
        }
    }

    /// Records the outcome of a row.
    pub(super) fn take(&mut self, answer: &Answer) {
        self.requests += u64::from(answer.attempts);
        if self.before.in_doubt.contains(answer.number) {
            self.sent_again.count += 1;
            list(&mut self.sent_again.rows, &answer.row);
        }
        if answer.is_unknown() {
            self.before.unknown.add(&answer.row);
        }
        self.note_duration(answer);
        let Err(error) = &answer.result else {
            self.applied += 1;
            return;
        };
        self.failed += 1;
        self.may_have_been_applied += u64::from(answer.may_have_been_applied);
        let failure = diagnosis::diagnose(error, &self.origin, Some(&self.before.server));
        let failure = failure.redacted(&self.redaction);
        let causes = failure.causes().iter().map(String::as_str);
        let texts: Vec<_> = std::iter::once(failure.error()).chain(causes).collect();
        if !self.exits.contains(&failure.exit()) {
            self.exits.push(failure.exit());
        }
        let mut reason = texts.join(": ");
        if self.reasons.len() == REASONS && !self.reasons.contains_key(&reason) {
            reason = "other reasons".to_owned();
        }
        let reason = self
            .reasons
            .entry(reason)
            .or_insert_with_key(|reason| Reason {
                reason: reason.clone(),
                exit_code: failure.exit().code(),
                count: 0,
                rows: Vec::new(),
            });
        reason.count += 1;
        list(&mut reason.rows, &answer.row);
        // That file has a journal of its own, so a row in it would be sent again.
        if let Some(file) = &mut self.failures_file
            && !answer.is_unknown()
        {
            file.add(&answer.row);
        }
    }

    /// Puts the signing secret of a created integration into the file for it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep_secret(
        &mut self,
        answer: &mut Answer,
        secrets: &mut Option<SecretsFile>,
    ) -> Result<(), Failure> {
        if answer.action != Action::Create || answer.result.is_err() {
            return Ok(());
        }
        let project_id = answer.row.get(Field::ProjectId).unwrap_or_default();
        let (reason, failure) = match (answer.secret.take(), secrets) {
            (Some(secret), Some(file)) => match file.add(project_id, &secret) {
                Ok(()) => return Ok(()),
                Err(error) => ("cannot be written", Err(secrets::unwritten(&error))),
            },
            _ => ("is missing from the reply", Ok(())),
        };
        self.without_secret.add(&answer.row);
        self.progress.clear();
        output::print_warning(&format!(
            "the signing secret of `{project_id}` {reason}; `jelou integration regenerate-secret {project_id}` makes another one"
        ));
        failure
    }

    fn note_duration(&mut self, answer: &Answer) {
        let milliseconds = answer.duration.as_millis() as u64;
        let least = self.slowest.peek().map(|Reverse(slow)| slow.milliseconds);
        if self.slowest.len() == SLOWEST {
            if least >= Some(milliseconds) {
                return;
            }
            self.slowest.pop();
        }
        let row = Listed::of(&answer.row);
        self.slowest.push(Reverse(Slow { milliseconds, row }));
    }

    /// Updates the progress display.
    pub(super) fn show(&mut self) {
        self.progress.show(self.applied + self.failed, self.failed);
    }

    /// Reports that Ctrl-C was received.
    pub(super) fn interrupted(&mut self, on_their_way: usize) {
        self.progress.tell(&format!(
            "interrupted: waiting for {} in flight; press Ctrl-C again to stop at once",
            count(on_their_way as u64, "row")
        ));
    }

    /// Completes the report.
    pub(super) fn finish(self, ending: &Ending) -> (Report, Option<FailuresFile>) {
        self.progress.clear();
        let elapsed: Duration = self.begin.elapsed();
        let seconds = elapsed.as_secs_f64();
        let sent = self.applied + self.failed;
        let unanswered = match ending {
            Ending::Aborted(unanswered) => *unanswered,
            _ => 0,
        };
        let before = self.before;
        let mut failures: Vec<Reason> = self.reasons.into_values().collect();
        failures.sort_by_key(|reason| Reverse(reason.count));
        for reason in &mut failures {
            reason.rows.sort();
        }
        let mut slowest: Vec<Slow> = self.slowest.into_iter().map(|Reverse(slow)| slow).collect();
        slowest.sort_by(|one, other| other.cmp(one));
        let unknown_earlier = before.unknown_earlier;
        let mut report = Report {
            input: before.input,
            journal: before.journal,
            server: before.server,
            ending: ending.name(),
            rows: before.rows,
            applied: self.applied,
            applied_earlier: before.applied_earlier,
            failed: self.failed,
            may_have_been_applied: self.may_have_been_applied,
            invalid: before.invalid,
            unanswered,
            not_sent: before.rows.saturating_sub(
                sent + unanswered + before.applied_earlier + before.invalid + unknown_earlier,
            ),
            sent_again: self.sent_again,
            unknown: before.unknown,
            without_secret: self.without_secret,
            requests: self.requests,
            seconds,
            rows_per_second: sent as f64 / seconds.max(f64::MIN_POSITIVE),
            failures,
            slowest,
            exit: None,
        };
        report.exit = Some(exit(&report, ending, &self.exits));
        (report, self.failures_file)
    }
}

impl Report {
    pub(super) fn exit(&self) -> Exit {
        self.exit.unwrap_or(Exit::Done)
    }
}

impl Ending {
    fn name(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Interrupted => "interrupted",
            Self::Aborted(_) => "aborted",
            Self::Failures(_) => "stopped after failures",
            Self::LongWait(_) => "stopped for a wait",
            Self::Broken(_) => "stopped",
        }
    }
}

/// If nothing was applied and all failures share one exit code, that code is returned.
fn exit(report: &Report, ending: &Ending, exits: &[Exit]) -> Exit {
    match ending {
        Ending::Interrupted | Ending::Aborted(_) => Exit::Interrupted,
        Ending::Broken(failure) => failure.exit(),
        _ if [
            report.failed,
            report.invalid,
            report.not_sent,
            report.unknown.count,
        ] == [0; 4] =>
        {
            Exit::Done
        }
        _ => match exits {
            [exit] if report.applied + report.applied_earlier == 0 => *exit,
            _ => Exit::Failed,
        },
    }
}

impl Listed {
    fn of(row: &Row) -> Self {
        Self {
            line: row.place.line,
            project_id: row.get(Field::ProjectId).unwrap_or_default().to_owned(),
        }
    }
}

impl Rows {
    pub(super) fn add(&mut self, row: &Row) {
        self.count += 1;
        self.rows.push(Listed::of(row));
    }
}

fn list(rows: &mut Vec<Listed>, row: &Row) {
    if rows.len() < LISTED {
        rows.push(Listed::of(row));
    }
}
