//! What a failed command reports: text for people, an exit code for scripts. Does not print.

use std::error::Error;
use std::process::ExitCode;

use crate::redaction::Redaction;

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Failed,
    Usage,
    NotAuthorized,
    NotFound,
    Network,
    Interrupted,
}

/// The result of a command: an exit code to pass on, or a failure of the command itself.
pub(crate) type Outcome = Result<Exit, Failure>;

/// Why a command failed, and how to fix it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    error: String,
    causes: Vec<String>,
    hint: String,
}

impl Exit {
    pub(crate) const ALL: [Self; 7] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::NotAuthorized,
        Self::NotFound,
        Self::Network,
        Self::Interrupted,
    ];

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotAuthorized => 3,
            Self::NotFound => 4,
            Self::Network => 5,
            Self::Interrupted => 130,
        }
    }

    /// The meaning of the code, for the help.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed, in whole or in part, for any other reason",
            Self::Usage => "usage: the arguments or the environment; nothing was sent",
            Self::NotAuthorized => "not authorized: the API answered with 401 or 403",
            Self::NotFound => "not found: the API answered with 404",
            Self::Network => "network: the server was not reached, or did not answer",
            Self::Interrupted => "interrupted by Ctrl-C, or not confirmed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

impl Failure {
    /// A failure with our own message.
    pub(crate) fn new(exit: Exit, error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            exit,
            error: error.into(),
            causes: Vec::new(),
            hint: hint.into(),
        }
    }

    /// Wrong usage; nothing was sent.
    pub(crate) fn usage(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, error, hint)
    }

    /// A failure with the message of `error` and its causes.
    pub(crate) fn of(exit: Exit, error: &dyn Error, hint: impl Into<String>) -> Self {
        Self::new(exit, error.to_string(), hint).caused_by(error.source())
    }

    /// Adds `cause` and its own causes.
    pub(crate) fn caused_by(mut self, cause: Option<&dyn Error>) -> Self {
        let mut next = cause;
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Hides every secret that a server may have echoed. The hint is our own text and needs no redaction.
    pub(crate) fn redacted(mut self, redaction: &Redaction) -> Self {
        self.error = redaction.hide_in(&self.error);
        for cause in &mut self.causes {
            *cause = redaction.hide_in(cause);
        }
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn error(&self) -> &str {
        &self.error
    }

    pub(crate) fn causes(&self) -> &[String] {
        &self.causes
    }

    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }
}
