//! Runs the benches; `cargo xtask bench` builds this package and runs it. Only dispatches.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use benchmarks::report::Report;
use benchmarks::{Error, apply, client, output, review, sandbox};
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;

/// Measures what the crates of this workspace cost, as ratios that hold on any machine
#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Exit codes: 0 measured, whether or not an aim is met; 2 it could not be measured."
)]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// Many updates through `jelou integration apply`, against a loop of curl and against wrk
    Apply {
        /// How often each pair of programs is measured
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        #[command(flatten)]
        options: Options,
    },
    /// One update through the client, against the same request by hand on reqwest
    Client {
        /// The seconds to spend on what needs a clock
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,

        #[command(flatten)]
        options: Options,
    },
    /// Two large documents through openapi-review, against oasdiff and drift
    Review {
        /// How often each pair of programs is measured; a third as often on the largest documents
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        /// Where the documents are written and left. Default: a folder that is removed
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,

        #[command(flatten)]
        options: Options,
    },
    /// Updates to the sandbox, against Prism and against an axum handler with a fixed reply
    Sandbox {
        /// How often each pair of servers is measured
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        rounds: u16,

        /// The seconds of each measurement
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
        seconds: u32,

        #[command(flatten)]
        options: Options,
    },
}

#[derive(Args)]
struct Options {
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// Tables
    Text,
    /// Every figure; of the client one object, of the others a list of them
    Json,
}

fn main() -> ExitCode {
    output::exit(match Arguments::parse().bench {
        Bench::Apply { rounds, options } => {
            let reports = in_folder(None, |folder| apply::run(rounds.into(), folder));
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
        Bench::Client { seconds, options } => {
            let report = client::run(Duration::from_secs(seconds));
            report.and_then(|report| print(&report, Report::to_text, options.output))
        }
        Bench::Review {
            rounds,
            keep,
            options,
        } => {
            let reports = in_folder(keep, |folder| review::run(rounds.into(), folder));
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
    })
}

/// Runs a bench in the folder `keep`, or in one that is removed.
fn in_folder(
    keep: Option<PathBuf>,
    run: impl FnOnce(&Path) -> Result<Vec<Report>, Error>,
) -> Result<Vec<Report>, Error> {
    match keep {
        Some(folder) => run(&folder),
        None => {
            let folder = tempfile::tempdir().map_err(|error| Error::Setup {
                part: "folder of the files",
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
