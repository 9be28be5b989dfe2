//! Compares two documents with `drift` and does nothing else. `bench review` measures this process.

use std::error::Error as StdError;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use benchmarks::review::Counts;
use benchmarks::{Error, output};
use clap::Parser;
use drift::ChangeClass;
use serde_json::Value;

/// Compare two JSON documents with drift and print the number of changes
#[derive(Debug, Parser)]
struct Arguments {
    /// The base
    base: PathBuf,
    /// The head
    head: PathBuf,
}

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let counts = compare(&arguments.base, &arguments.head).map_err(|source| Error::Setup {
        part: "comparison",
        source,
    })?;
    output::print_json(&counts)
}

fn compare(base: &Path, head: &Path) -> Result<Counts, Box<dyn StdError + Send + Sync>> {
    let read = |path| -> Result<Value, Box<dyn StdError + Send + Sync>> {
        Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
    };
    let changes = drift::compare(&read(base)?, &read(head)?)?;
    let classes: Vec<ChangeClass> = changes
        .iter()
        .flat_map(|change| &change.changes)
        .map(|change| change.class)
        .collect();
    let breaking = classes
        .iter()
        .filter(|class| **class == ChangeClass::BackwardIncompatible);
    Ok(Counts {
        changes: classes.len(),
        breaking: breaking.count(),
    })
}
