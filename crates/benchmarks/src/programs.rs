//! Programs that are measured from outside: where they are, and what they write.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, io};

use serde::de::DeserializeOwned;

use crate::Error;

/// The path of the program `name` of this package, which cargo builds beside the one that runs.
///
/// # Errors
/// It is not there: the package was not built whole.
pub fn sibling(name: &str) -> Result<PathBuf, Error> {
    let failed = |source| Error::Program {
        program: name.to_owned(),
        source,
    };
    let path = env::current_exe()
        .map_err(failed)?
        .with_file_name(name)
        .with_extension(env::consts::EXE_EXTENSION);
    match path.is_file() {
        true => Ok(path),
        false => Err(failed(io::Error::new(
            io::ErrorKind::NotFound,
            "build the whole package first: `cargo build --release -p benchmarks`",
        ))),
    }
}

/// Runs `command` to its end, which must be a good one.
///
/// # Errors
/// It does not start, or fails.
pub fn run(command: &mut Command) -> Result<Output, Error> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|source| Error::Program {
        program: program.clone(),
        source,
    })?;
    match output.status.success() {
        true => Ok(output),
        false => Err(Error::Failed {
            program,
            status: output.status,
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}

/// Runs `command` and reads its standard output as JSON.
///
/// # Errors
/// It does not start, fails, or writes something else.
pub fn figures<T: DeserializeOwned>(command: &mut Command) -> Result<T, Error> {
    let output = run(command)?;
    serde_json::from_slice(&output.stdout).map_err(|error| Error::Figures {
        program: command.get_program().display().to_string(),
        source: error.into(),
    })
}
