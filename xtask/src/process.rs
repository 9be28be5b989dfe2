//! Runs programs. Captures their output and shows it if they fail.

use std::process::{Command, ExitStatus, Stdio};
use std::{env, io};

/// A program that could not be started or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot start `{command}`")]
    Start { command: String, source: io::Error },

    #[error("`{command}` failed with {status}:\n{output}")]
    Failed {
        command: String,
        status: ExitStatus,
        output: String,
    },
}

/// Cargo, without the variables of the package that this task belongs to.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_package(&mut command);
    command
}

/// Removes the variables that cargo sets for programs it runs.
///
/// Build scripts watch some of them: if they stayed, every other run would rebuild `ring`.
pub(crate) fn forget_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
}

/// Waits for `command` and returns its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Start {
            command: line(command),
            source,
        })?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Error::Failed {
        command: line(command),
        status: output.status,
        output: format!("{stdout}{stderr}").trim_end().to_owned(),
    })
}

/// Waits for `command`, which inherits the output of this process; returns whether it succeeded.
pub(crate) fn passes(command: &mut Command) -> Result<bool, Error> {
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|source| Error::Start {
        command: line(command),
        source,
    })?;
    Ok(status.success())
}

/// Formats the command for messages, roughly as a user would type it.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_stem().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
