//! The result of a check, and the report on all checks.

use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output;

/// All checks in order; each depends on the ones before it.
const NAMES: [&str; 8] = [
    "configuration",
    "credentials",
    "DNS",
    "connection",
    "TLS",
    "clock",
    "API",
    "acceptance",
];

/// The result of one check.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    check: &'static str,
    state: State,
    detail: String,
    hint: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Failed,
    Skipped,
}

/// The results of all checks.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Report {
    checks: Vec<Check>,
}

impl Check {
    pub(super) fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, State::Ok, Exit::Done, detail)
    }

    pub(super) fn skipped(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, State::Skipped, Exit::Done, detail)
    }

    pub(super) fn failed(check: &'static str, exit: Exit, detail: impl Into<String>) -> Self {
        Self::new(check, State::Failed, exit, detail)
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn new(check: &'static str, state: State, exit: Exit, detail: impl Into<String>) -> Self {
        Self {
            check,
            state,
            detail: detail.into(),
            hint: None,
            exit,
        }
    }

    fn render(&self) -> String {
        let state = match self.state {
            State::Ok => "ok",
            State::Failed => "failed",
            State::Skipped => "skipped",
        };
        let detail = output::escape(&self.detail);
        let mut text = format!("{state:<7}  {:<13}  {detail}\n", self.check);
        if let Some(hint) = &self.hint {
            text += &format!("{:24}what to do: {}\n", "", output::escape(hint));
        }
        text
    }
}

impl Report {
    pub(super) fn push(&mut self, check: Check) {
        self.checks.push(check);
    }

    pub(super) fn ok(&mut self, check: &'static str, detail: impl Into<String>) {
        self.push(Check::ok(check, detail));
    }

    pub(super) fn skip(&mut self, check: &'static str, reason: &str) {
        self.push(Check::skipped(check, reason));
    }

    /// Skips `first` and every check after it.
    pub(super) fn skip_from(&mut self, first: &str, reason: &str) {
        for check in NAMES.into_iter().skip_while(|check| *check != first) {
            self.skip(check, reason);
        }
    }

    pub(super) fn fail(&mut self, check: &'static str, failure: &Failure) {
        let causes = failure.causes().iter().map(String::as_str);
        let detail: Vec<&str> = [failure.error()].into_iter().chain(causes).collect();
        let failed = Check::failed(check, failure.exit(), detail.join(": "));
        self.push(failed.hint(failure.hint()));
    }

    /// The exit code of the first failed check.
    pub(super) fn exit(&self) -> Exit {
        let mut failed = self
            .checks
            .iter()
            .filter(|check| check.state == State::Failed);
        failed.next().map_or(Exit::Done, |check| check.exit)
    }

    pub(super) fn render(&self) -> String {
        self.checks.iter().map(Check::render).collect()
    }
}
