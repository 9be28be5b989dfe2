//! `cargo xtask gates`: checks that are too slow or need too many tools to run with the tests.
//!
//! Runs every gate, even after a failure. This module summarizes the results; each gate is a submodule.

mod dependencies;
mod minimum_rust;
mod semver;

use std::fmt;
use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand};
use clap::ValueEnum;

use crate::process;
use crate::workspace::Workspace;

/// A gate.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gate {
    /// Breaking changes of the public API have a new version (cargo-semver-checks, against the merge base)
    Semver,
    /// Licences, bans and sources of the dependencies; advisories only warn (cargo-deny)
    Dependencies,
    /// The workspace builds with the `rust-version` of Cargo.toml
    MinimumRust,
}

/// A gate that could not be run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the packages of the workspace")]
    Metadata(#[from] cargo_metadata::Error),

    #[error(transparent)]
    Process(#[from] process::Error),

    #[error("no package of the workspace has a `rust-version`")]
    NoMinimum,

    #[error("not every gate could be run: {0}")]
    NotRun(String),
}

/// The result of a gate.
enum Verdict {
    Passed(String),
    Failed(String),
    NotRun { reason: String, hint: String },
}

/// Runs `gates`, or all of them if it is empty; returns whether all passed.
pub(crate) fn run(workspace: &Workspace, gates: &[Gate], base: &str) -> Result<bool, Error> {
    let every = Gate::value_variants();
    let gates = if gates.is_empty() { every } else { gates };
    let mut verdicts = Vec::new();
    for &gate in gates {
        eprintln!("== {gate}");
        verdicts.push((gate, gate.check(workspace.root(), base)));
    }

    for (gate, verdict) in &verdicts {
        println!("{gate}: {verdict}");
    }
    let names = |wanted: fn(&Verdict) -> bool| {
        let matching = verdicts.iter().filter(|(_, verdict)| wanted(verdict));
        matching
            .map(|(gate, _)| gate.to_string())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let failed = names(|verdict| matches!(verdict, Verdict::Failed(_)));
    let not_run = names(|verdict| matches!(verdict, Verdict::NotRun { .. }));
    if !failed.is_empty() {
        eprintln!("error: a gate failed: {failed}");
        return Ok(false);
    }
    if !not_run.is_empty() {
        return Err(Error::NotRun(not_run));
    }
    Ok(true)
}

impl Gate {
    fn check(self, root: &Path, base: &str) -> Verdict {
        let verdict = match self {
            Self::Semver => semver::check(root, base),
            Self::Dependencies => dependencies::check(root),
            Self::MinimumRust => minimum_rust::check(root),
        };
        // A gate that cannot be run must not prevent the next one from running.
        verdict.unwrap_or_else(|error| Verdict::NotRun {
            reason: with_causes(&error),
            hint: String::new(),
        })
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Semver => "semver",
            Self::Dependencies => "dependencies",
            Self::MinimumRust => "minimum-rust",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(what) => write!(formatter, "passed: {what}"),
            Self::Failed(why) => write!(formatter, "failed: {why}"),
            Self::NotRun { reason, hint } if hint.is_empty() => {
                write!(formatter, "not run: {reason}")
            }
            Self::NotRun { reason, hint } => write!(formatter, "not run: {reason}\n  hint: {hint}"),
        }
    }
}

/// The verdict if the cargo subcommand `tool` is not installed.
fn missing(tool: &str) -> Result<Option<Verdict>, Error> {
    match process::output(process::cargo().args([tool, "--version"])) {
        Ok(_) => Ok(None),
        Err(process::Error::Failed { .. }) => Ok(Some(Verdict::NotRun {
            reason: format!("`cargo-{tool}` is not installed"),
            hint: format!("`cargo install cargo-{tool} --locked`"),
        })),
        Err(error) => Err(error.into()),
    }
}

/// The packages of the workspace. Leaves out dependencies, so it works offline.
fn packages(root: &Path) -> Result<Metadata, Error> {
    Ok(MetadataCommand::new().no_deps().current_dir(root).exec()?)
}

/// Formats an error and its causes on one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let words: Vec<_> = causes.map(ToString::to_string).collect();
    words.join(": ")
}
