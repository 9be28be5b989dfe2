//! Writes the documents that `bench review` compares. Separate, so that the measuring process stays small.

use std::path::PathBuf;
use std::process::ExitCode;

use benchmarks::review::files;
use benchmarks::{Error, output};
use clap::Parser;

/// Write a base and a head document, each as YAML and JSON
#[derive(Debug, Parser)]
struct Arguments {
    /// Number of operations
    operations: usize,
    /// Output folder
    folder: PathBuf,
}

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    files::write(arguments.operations, &arguments.folder)
}
