//! Parses arguments and runs the benches; `cargo xtask bench` builds this package and runs it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use benchmarks::report::Report;
use benchmarks::{Error, apply, client, lint, output, review, sandbox, source, webhook};
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;

/// Compare the crates of this workspace with similar tools, as machine-independent ratios
#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Exit codes: 0 success, even if a target is missed; 2 the measurement failed."
)]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// Bulk updates with `jelou integration apply`, compared with curl in a shell loop and with wrk
    Apply {
        /// Number of rounds per pair of programs
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        #[command(flatten)]
        options: Options,
    },
    /// One update with the client, compared with hand-written reqwest, progenitor and openapi-generator
    Client {
        /// Seconds to spend on timed measurements
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,

        #[command(flatten)]
        options: Options,
    },
    /// `spec-first lint`, compared with Redocly CLI and Spectral
    Lint {
        /// Documents to lint in addition to a generated one
        documents: Vec<PathBuf>,

        /// Number of rounds per pair of programs
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        #[command(flatten)]
        options: Options,
    },
    /// A review of two large documents with spec-first-review, compared with oasdiff and drift
    Review {
        /// Number of rounds per pair of programs; a third as many for the largest documents
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        /// Folder in which to keep the documents; by default, they are deleted
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,

        #[command(flatten)]
        options: Options,
    },
    /// Updates to the sandbox, compared with Prism and with an axum handler with a fixed reply
    Sandbox {
        /// Number of rounds per pair of servers
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        /// Seconds per measurement
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
        seconds: u32,

        #[command(flatten)]
        options: Options,
    },
    /// Pages read with spec-first-ledger, compared with only parsing them
    Source {
        /// Number of rounds per pair of programs
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        #[command(flatten)]
        options: Options,
    },
    /// Verifying an event, compared with a bare HMAC over the same bytes
    Webhook {
        /// Seconds to spend
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,

        #[command(flatten)]
        options: Options,
    },
}

#[derive(Args)]
struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// Tables
    Text,
    /// All figures: one object for `webhook`, a list of objects for the other benches
    Json,
}

fn main() -> ExitCode {
    output::exit(match Arguments::parse().bench {
        Bench::Apply { rounds, options } => {
            let reports = in_folder(None, |folder| apply::run(rounds.into(), folder));
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Client { seconds, options } => {
            let reports = client::run(Duration::from_secs(seconds));
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Lint {
            documents,
            rounds,
            options,
        } => {
            let run = |folder: &Path| lint::run(rounds.into(), &documents, folder);
            let reports = in_folder(None, run);
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Review {
            rounds,
            keep,
            options,
        } => {
            let reports = in_folder(keep, |folder| review::run(rounds.into(), folder));
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Source { rounds, options } => {
            let reports = in_folder(None, |folder| source::run(rounds.into(), folder));
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Sandbox {
            rounds,
            seconds,
            options,
        } => {
            let run = |folder: &Path| sandbox::run(rounds.into(), seconds, folder);
            let reports = in_folder(None, run);
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Webhook { seconds, options } => {
            let report = webhook::run(Duration::from_secs(seconds));
            report.and_then(|report| print(&report, Report::to_text, options.output))
        }
    })
}

/// Runs a bench in the folder `keep`, or in a temporary one.
fn in_folder(
    keep: Option<PathBuf>,
    run: impl FnOnce(&Path) -> Result<Vec<Report>, Error>,
) -> Result<Vec<Report>, Error> {
    match keep {
        Some(folder) => run(&folder),
        None => {
            let folder = tempfile::tempdir().map_err(|error| Error::Setup {
                part: "temporary folder",
                source: error.into(),
            })?;
            run(folder.path())
        }
    }
}

fn to_text(reports: &[Report]) -> String {
    let texts: Vec<String> = reports.iter().map(Report::to_text).collect();
    texts.join("\n")
}

fn print<T: Serialize>(
    figures: &T,
    to_text: impl Fn(&T) -> String,
    output: Output,
) -> Result<(), Error> {
    match output {
        Output::Text => output::print(&to_text(figures)),
        Output::Json => output::print_json(figures),
    }
}
