//! Writes figures to standard output and errors to standard error.

use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::Error;

/// Writes `text` to standard output, ignoring a broken pipe.
///
/// # Errors
/// Returns an error if writing fails.
pub fn print(text: &str) -> Result<(), Error> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| Error::Output { source }),
    }
}

/// Writes `figures` to standard output as JSON.
///
/// # Errors
/// Returns an error if writing fails.
pub fn print_json(figures: &impl Serialize) -> Result<(), Error> {
    let json = serde_json::to_string_pretty(figures).map_err(|error| Error::Output {
        source: error.into(),
    })?;
    print(&(json + "\n"))
}

/// The exit code for `result`: 0, or 2 after printing the error and its causes to standard error.
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
