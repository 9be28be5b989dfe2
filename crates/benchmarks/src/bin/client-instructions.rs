//! Sends updates and does nothing else. `bench client` counts the instructions of this process.

use std::process::ExitCode;

use benchmarks::client::measured::{self, Arguments};
use benchmarks::{Error, output};
use clap::Parser;

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    measured::sender(arguments.way, &arguments.base_url)?(arguments.requests)
}
