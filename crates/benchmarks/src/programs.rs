//! Finds and runs the measured programs.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, io};

use serde::de::DeserializeOwned;

use crate::Error;

/// The path of the program `name`, which cargo builds into the same folder as the current program.
///
/// # Errors
/// Returns an error if the program has not been built.
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
            "not found; run `cargo build --profile dist -p benchmarks` first",
        ))),
    }
}

/// A command that runs on the first core only, with `taskset` of util-linux.
pub fn on_one_core(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

/// Runs `command` to completion.
///
/// # Errors
/// Returns an error if it cannot be started or fails.
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

/// Runs `command` and parses its standard output as JSON.
///
/// # Errors
/// Returns an error if it cannot be started, fails or writes invalid JSON.
pub fn figures<T: DeserializeOwned>(command: &mut Command) -> Result<T, Error> {
    let output = run(command)?;
    serde_json::from_slice(&output.stdout).map_err(|error| Error::Figures {
        program: command.get_program().display().to_string(),
        source: error.into(),
    })
}
