//! Runs the benches; `cargo xtask bench` builds this package and runs it. Only dispatches.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use benchmarks::report::Report;
use benchmarks::{Error, client, output, review};
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
    /// Every figure; of the client one object, of the review a list of them
    Json,
}

fn main() -> ExitCode {
    output::exit(match Arguments::parse().bench {
        Bench::Client { seconds, options } => {
            let report = client::run(Duration::from_secs(seconds));
            report.and_then(|report| print(&report, Report::to_text, options.output))
        }
        Bench::Review {
            rounds,
            keep,
            options,
        } => {
            let reports = review_in(rounds.into(), keep);
            reports.and_then(|reports| print(&reports, |reports| to_text(reports), options.output))
        }
    })
}

fn review_in(rounds: usize, keep: Option<PathBuf>) -> Result<Vec<Report>, Error> {
    match keep {
        Some(folder) => review::run(rounds, &folder),
        None => {
            let folder = tempfile::tempdir().map_err(|error| Error::Setup {
                part: "folder of the documents",
                source: error.into(),
            })?;
            review::run(rounds, folder.path())
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
