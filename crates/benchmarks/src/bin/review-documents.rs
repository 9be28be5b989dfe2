//! Writes the documents that `bench review` compares. A program of its own, so that the one that measures stays small.

use std::path::PathBuf;
use std::process::ExitCode;

use benchmarks::review::files;
use benchmarks::{Error, output};
use clap::Parser;

/// Writes a base and a head, each in YAML and in JSON
#[derive(Debug, Parser)]
struct Arguments {
    /// How many operations they have
    operations: usize,
    /// Where to
    folder: PathBuf,
}

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    files::write(arguments.operations, &arguments.folder)
}
