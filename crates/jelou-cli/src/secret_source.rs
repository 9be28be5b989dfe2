//! Sources of secrets. Neither arguments nor the configuration contain the secrets themselves.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jelou_client::Secret;

use crate::failure::{Exit, Failure};
use crate::{environment, private_file, shell};

/// The location of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// The environment variable of this name, unmodified.
    Environment(String),
    /// This file, without the line break at its end.
    File(PathBuf),
    /// The output of this shell command, without the line break at its end.
    Command(String),
    /// Standard input, without the line break at its end.
    Input,
}

impl SecretSource {
    /// Reads the secret; `named_by` tells where the source was named.
    ///
    /// # Errors
    /// The secret cannot be read. The message contains nothing of what was read.
    pub(crate) fn read(&self, named_by: &str) -> Result<Secret, Failure> {
        let text: Secret = match self {
            Self::Environment(name) => return environment::read_secret(name, named_by),
            Self::File(path) => {
                let place = format!("{}, named by {named_by},", self.describe());
                private_file::read(path, &place)?.into()
            }
            Self::Command(command) => run(command, named_by)?.into(),
            Self::Input => read_input(named_by)?.into(),
        };
        let secret = without_line_break(text.expose());
        if secret.is_empty() {
            return Err(Failure::usage(
                format!("no secret in {}, named by {named_by}", self.describe()),
                "check that this is the right place",
            ));
        }
        Ok(secret.into())
    }

    /// Describes the source in a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Environment(name) => format!("the environment variable `{name}`"),
            Self::File(path) => format!("the file `{}`", path.display()),
            Self::Command(command) => format!("the output of `{command}`"),
            Self::Input => "standard input".to_owned(),
        }
    }

    /// The shell expression that yields the secret within double quotes. Uses `variable` if the source cannot be read twice.
    pub(crate) fn in_shell(&self, variable: &str) -> String {
        match self {
            Self::Environment(name) => format!("${name}"),
            Self::File(path) => format!("$(cat {})", shell::quote(&path.display().to_string())),
            Self::Command(command) => format!("$({command})"),
            Self::Input => format!("${variable}"),
        }
    }
}

fn run(command: &str, named_by: &str) -> Result<String, Failure> {
    let failed = |error: Option<&io::Error>| {
        Failure::new(
            Exit::Usage,
            format!("the command `{command}`, named by {named_by}, failed"),
            "run it by hand; it must print the secret, and nothing else, to standard output",
        )
        .caused_by(error.map(|error| error as &dyn std::error::Error))
    };
    let (shell, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut child = Command::new(shell)
        .args([option, command])
        // The command must not read input meant for this program; it can still prompt on the terminal.
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(Some(&error)))?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = stdout.take(private_file::LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed(Some(&error)))?;
    }
    // The pipe is closed by now, so a command that is still writing fails instead of blocking.
    let status = child.wait().map_err(|error| failed(Some(&error)))?;
    let place = format!("the output of `{command}`");
    let text = private_file::text_of(bytes, &place)?;
    if status.success() {
        Ok(text)
    } else {
        Err(failed(None))
    }
}

fn read_input(named_by: &str) -> Result<String, Failure> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::usage(
            format!(
                "{named_by} reads standard input, which is the terminal: it would show the secret"
            ),
            format!(
                "pipe it in, as in `pass show webhook | jelou ... {}`",
                named_by.trim_matches('`')
            ),
        ));
    }
    let mut bytes = Vec::new();
    stdin
        .lock()
        .take(private_file::LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::of(Exit::Usage, &error, "check the source of standard input"))?;
    private_file::text_of(bytes, "standard input")
}

/// Programs and editors end text with a line break, which is not part of the secret.
fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trailing_line_break_is_removed() {
        for (text, expected) in [
            ("a", "a"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            (" a \n", " a "),
            ("\na", "\na"),
            ("", ""),
        ] {
            assert_eq!(without_line_break(text), expected);
        }
    }
}
