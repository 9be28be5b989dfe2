//! Places out of which a secret is read. No secret is itself in an argument or in the configuration.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jelou_client::Secret;

use crate::failure::{Exit, Failure};
use crate::{environment, private_file, shell};

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// In the environment variable of this name, exactly.
    Environment(String),
    /// In this file, but for a line break at its end.
    File(PathBuf),
    /// What this command of the shell prints, but for a line break at its end.
    Command(String),
    /// In standard input, but for a line break at its end.
    Input,
}

impl SecretSource {
    /// Reads the secret; `named_by` says who named the place.
    ///
    /// # Errors
    /// There is none. The text of the failure holds nothing of what was read.
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

    /// The place, in words.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Environment(name) => format!("the environment variable `{name}`"),
            Self::File(path) => format!("the file `{}`", path.display()),
            Self::Command(command) => format!("the output of `{command}`"),
            Self::Input => "standard input".to_owned(),
        }
    }

    /// How a shell expands the secret within double quotes; `variable` is used if the source cannot be read a second time.
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
        // It must not take what is meant for this program. What it asks, it asks on the terminal.
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(Some(&error)))?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = stdout.take(private_file::LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed(Some(&error)))?;
    }
    // Nobody reads on: what still writes is ended by that.
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
        .map_err(|error| Failure::of(Exit::Usage, &error, "check what standard input is"))?;
    private_file::text_of(bytes, "standard input")
}

/// Programs and editors end a text with a line break, which is not part of the secret.
fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_goes() {
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
