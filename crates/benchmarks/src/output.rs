//! What the programs of this package write: figures to standard output, errors to standard error.

use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::Error;

/// Writes `text` to standard output. Whoever reads it may stop early.
///
/// # Errors
/// It cannot be written.
pub fn print(text: &str) -> Result<(), Error> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| Error::Output { source }),
    }
}

/// Writes `figures` to standard output as JSON.
///
/// # Errors
/// They cannot be written.
pub fn print_json(figures: &impl Serialize) -> Result<(), Error> {
    let json = serde_json::to_string_pretty(figures).map_err(|error| Error::Output {
        source: error.into(),
    })?;
    print(&(json + "\n"))
}

/// The exit code for `result`: 0, or 2 with the error and its causes on standard error.
pub fn exit(result: Result<(), Error>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  caused by: {error}");
        cause = error.source();
    }
    ExitCode::from(2)
}
