//! The tasks of this workspace; `cargo xtask --help` lists them. This file only dispatches.

mod adopt;
mod bench;
mod conformance;
mod downstream;
mod generate;
mod lint;
mod packages;
mod process;
mod python;
mod review;
mod roundtrip;
mod workspace;

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use spec_first_document::Finding;

use workspace::Workspace;

/// Exit code if something is wrong with the files of the workspace.
const NOT_IN_ORDER: u8 = 1;

/// Exit code if the task failed.
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
    /// Adopt `spec-first` in a fresh repository: init, review, acknowledge, lint, mock, generate
    Adopt {
        /// The documents to adopt, each in a repository of its own [default: a small one of ours]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Adopt every YAML and JSON file of a folder
        #[arg(long, value_name = "FOLDER", conflicts_with = "files")]
        documents: Option<PathBuf>,
        /// The command to use [default: install it from the packages that would be published]
        #[arg(long, value_name = "FILE")]
        program: Option<PathBuf>,
        /// Let pre-commit install and run the hooks too; it downloads from the Python index
        #[arg(long)]
        pre_commit: bool,
    },
    /// Measure what the crates cost; `cargo xtask bench --help` lists the benches
    #[command(disable_help_flag = true)]
    Bench {
        /// The bench and its options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Test the sandbox against its document with schemathesis, for every reply shape and kind of credentials
    Conformance {
        /// How many requests it makes to each operation in each phase
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        cases: u32,
        /// Instead, ask every operation of the documents in this folder with valid and invalid requests, and judge what the
        /// sandbox answers with another validator
        #[arg(long, value_name = "FOLDER", conflicts_with = "cases")]
        documents: Option<PathBuf>,
    },
    /// Build and run a crate that depends on the packed `jelou-client`, and count the crates that it needs
    Downstream {
        /// Record how many crates it needs, to compare later runs with
        #[arg(long)]
        record: bool,
        /// Measure cold builds with each feature, beside a crate that depends on bare reqwest
        #[arg(long, conflicts_with = "record")]
        measure: bool,
    },
    /// Write every file that is derived from the document
    Generate {
        /// Write nothing; print how each stale file differs, and exit with 1
        #[arg(long)]
        check: bool,
    },
    /// Check the document and its reconciliation, or any other OpenAPI documents
    #[command(after_help = spec_first::lint::HELP)]
    Lint(spec_first::lint::LintArguments),
    /// Report what a change to the document breaks, and for whom
    #[command(after_help = review::HELP)]
    Review(review::Arguments),
    /// Read what the vendor's pages say, and find contradictions and changes
    #[command(after_help = spec_first::source::HELP)]
    Source(spec_first::source::SourceArguments),
    /// Generate the client of each document, compile it, and make all of its calls against the sandbox
    Roundtrip {
        /// The documents [default: small ones of ours, which have each feature once, and that of this workspace with one more
        /// operation]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_IN_ORDER),
        Err(error) => {
            print_error(&*error);
            ExitCode::from(FAILED)
        }
    }
}

/// Performs the task; returns whether everything is in order.
fn perform(task: Task) -> Result<bool, Box<dyn Error>> {
    let workspace = Workspace::find()?;
    Ok(match task {
        Task::Adopt {
            mut files,
            documents,
            program,
            pre_commit,
        } => {
            if let Some(folder) = documents {
                files = adopt::documents(&folder)?;
            }
            adopt::run(&workspace, &files, program.as_deref(), pre_commit)?
        }
        Task::Bench { arguments } => bench::run(&arguments)?,
        Task::Conformance {
            documents: Some(folder),
            ..
        } => conformance::documents::run(&folder)?,
        Task::Conformance { cases, .. } => conformance::run(&workspace, cases)?,
        Task::Downstream { record, measure } => downstream::run(&workspace, record, measure)?,
        Task::Generate { check } => generate::run(&workspace, check)?,
        Task::Lint(arguments) => lint::run(&workspace, &arguments)?,
        Task::Review(arguments) => review::run(&workspace, &arguments)?,
        Task::Source(arguments) => spec_first::source::run(
            &workspace.project()?,
            &arguments,
            "cargo xtask source accept",
        )?,
        Task::Roundtrip { files } => roundtrip::run(&workspace, &files)?,
    })
}

/// Prints `error` and its causes to standard error.
fn print_error(error: &(dyn Error + 'static)) {
    if let Some(error) = error.downcast_ref::<spec_first::Error>() {
        return spec_first::print_error(error);
    }
    if let Some(finding) = error.downcast_ref::<Finding>() {
        // A finding has its own title, with the place in the file.
        return eprintln!("{}", finding.render(false));
    }
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  caused by: {error}");
        cause = error.source();
    }
}
