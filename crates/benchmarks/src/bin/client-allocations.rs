//! Sends updates and prints their allocations as JSON. Separate, so that counting does not slow down other programs.

use std::process::ExitCode;

use benchmarks::client::Allocations;
use benchmarks::client::measured::{self, Arguments};
use benchmarks::{Error, output};
use clap::Parser;

/// Updates before counting starts, to open the connection and grow buffers.
const WARM_UP: u32 = 100;

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut send = measured::sender(arguments.way, &arguments.base_url)?;
    send(WARM_UP)?;
    let mut sent = Ok(());
    let counted = allocation_counter::measure(|| sent = send(arguments.requests));
    sent?;
    output::print_json(&Allocations {
        count: counted.count_total,
        bytes: counted.bytes_total,
    })
}
