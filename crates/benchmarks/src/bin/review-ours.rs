//! Reviews two documents with `spec-first-review` and does nothing else. `bench review` measures this process.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use benchmarks::review::Counts;
use benchmarks::{Error, output};
use clap::{Parser, ValueEnum};
use spec_first_review::render::{Format, Presentation, render};
use spec_first_review::{Input, Options, Verdict};

/// Review two documents and print the changes as JSON
#[derive(Debug, Parser)]
struct Arguments {
    /// Amount of output
    #[arg(long, value_enum, default_value_t = Amount::Counts)]
    output: Amount,
    /// The base
    base: PathBuf,
    /// The head
    head: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Amount {
    /// The number of changes
    Counts,
    /// The whole review, with every place that each change affects
    Review,
}

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let files = |path: &str| fs::read_to_string(path);
    let (base, head) = (
        arguments.base.to_string_lossy(),
        arguments.head.to_string_lossy(),
    );
    let input = |path| Input {
        files: &files,
        path,
    };
    let review = spec_first_review::review(input(&base), input(&head), &Options::default())
        .map_err(|error| Error::Setup {
            part: "review",
            source: error.into(),
        })?;
    match arguments.output {
        Amount::Counts => {
            let verdicts = review.changes.iter();
            let breaking =
                verdicts.filter(|change| change.verdicts.backward.verdict == Verdict::Breaking);
            output::print_json(&Counts {
                changes: review.changes.len(),
                breaking: breaking.count(),
            })
        }
        Amount::Review => output::print(&render(&review, Format::Json, &Presentation::default())),
    }
}
