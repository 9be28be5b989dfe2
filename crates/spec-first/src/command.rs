//! The command line: options, help, and which task is done.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::{Error, Project, explain, generate, init, lint, mock, print_error, review, source};

/// Exit code when something breaks or is out of date.
const NOT_IN_ORDER: u8 = 1;

/// Exit code when the command failed.
const FAILED: u8 = 2;

#[derive(Parser)]
#[command(
    name = "spec-first",
    version,
    about = "Review, lint, mock and generate from OpenAPI documents",
    after_help = "Exit codes: 0 success; 1 something breaks or is out of date; 2 the command failed.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Report breaking changes between two versions of a document, and whether clients or servers break
    #[command(after_help = review::HELP)]
    Review(ReviewArguments),
    /// Find mistakes in OpenAPI documents
    #[command(after_help = lint::HELP)]
    Lint(lint::LintArguments),
    /// Serve a mock of the API that a document describes, or check a real server against it
    #[command(after_help = mock::HELP)]
    Mock(mock::MockArguments),
    /// Generate the Rust clients named in the configuration, and their surface
    Generate {
        /// Write nothing; show how stale files differ, and exit with 1 if there are any
        #[arg(long)]
        check: bool,
    },
    /// Read what a vendor's pages say, and find contradictions and changes
    #[command(after_help = source::HELP)]
    Source(source::SourceArguments),
    /// Write the configuration, a workflow and a pre-commit hook, unless they exist
    Init {
        /// OpenAPI documents to list in the configuration [default: all in the repository]
        #[arg(value_name = "DOCUMENT")]
        documents: Vec<PathBuf>,
    },
    /// Explain a rule of the review
    Explain {
        /// Rule, such as `enum/wider`, or all rules of a kind, such as `enum` [default: list all]
        #[arg(value_name = "RULE")]
        row: Option<String>,
    },
}

#[derive(Args)]
struct ReviewArguments {
    /// What to compare against: a git revision, a file, `-` for standard input, or REVISION:PATH [default: the merge base with the default branch]
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// What to review, in the same notation [default: the working tree]
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    #[command(flatten)]
    presenting: review::Presenting,
}

/// Does what the arguments of the process ask for.
pub fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_IN_ORDER),
        Err(error) => {
            print_error(&error);
            ExitCode::from(FAILED)
        }
    }
}

/// Does the task; returns whether everything is in order.
fn perform(task: Task) -> Result<bool, Error> {
    match task {
        Task::Explain { row } => explain::run(&Project::find()?, row.as_deref()),
        Task::Init { documents } => init::run(&Project::find()?, &documents),
        Task::Lint(arguments) => lint::run(&Project::find()?, &arguments, &|_, _| Vec::new()),
        Task::Mock(arguments) => mock::run(arguments),
        Task::Generate { check } => generate::run(&Project::find()?, check),
        Task::Source(arguments) => {
            source::run(&Project::find()?, &arguments, "spec-first source accept")
        }
        Task::Review(arguments) => {
            let project = Project::find()?;
            let ReviewArguments {
                base,
                head,
                presenting,
            } = arguments;
            let comparisons = review::comparisons(&project, base.as_deref(), head.as_deref())?;
            review::run(&project, &comparisons, &presenting, &|_, _| Ok(Vec::new()))
        }
    }
}
