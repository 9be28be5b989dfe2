//! The tasks of this workspace; `cargo xtask --help` lists them. This file only dispatches.

mod derived;
mod generate;
mod lint;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Exit code when the files of the workspace are not as they should be.
const NOT_IN_ORDER: u8 = 1;

/// Exit code when the task could not be done.
const FAILED: u8 = 2;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Tasks of this workspace",
    after_help = "Exit codes: 0 in order, 1 something is stale or wrong, 2 the task could not be done."
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write every file that is derived from the document
    Generate {
        /// Write nothing; print how each stale file differs, and exit with 1
        #[arg(long)]
        check: bool,
    },
    /// Check the document and its reconciliation
    Lint,
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    let result = Workspace::find().and_then(|workspace| match task {
        Task::Generate { check } => generate::run(&workspace, check),
        Task::Lint => lint::run(&workspace),
    });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_IN_ORDER),
        Err(error) => {
            workspace::print_error(&error);
            ExitCode::from(FAILED)
        }
    }
}
