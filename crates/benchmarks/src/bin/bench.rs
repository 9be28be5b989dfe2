//! Runs the benches; `cargo xtask bench` builds this package and runs it. Only dispatches.

use std::process::ExitCode;
use std::time::Duration;

use benchmarks::report::Report;
use benchmarks::{Error, client, output};
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    Client(Options),
}

#[derive(Args)]
struct Options {
    /// The seconds to spend on what needs a clock
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,

    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// Tables
    Text,
    /// One object, with every figure
    Json,
}

fn main() -> ExitCode {
    let Bench::Client(options) = Arguments::parse().bench;
    let report = client::run(Duration::from_secs(options.seconds));
    output::exit(report.and_then(|report| print(&report, options.output)))
}

fn print(report: &Report, output: Output) -> Result<(), Error> {
    match output {
        Output::Text => output::print(&report.to_text()),
        Output::Json => output::print_json(report),
    }
}
