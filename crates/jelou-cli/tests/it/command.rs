//! Runs the binary and formats the result.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Output that varies between runs. Never filter what a test is about.
pub(crate) const FILTERS: [(&str, &str); 5] = [
    // Servers use any free port.
    (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
    (r"port \d+ (is|cannot)", "port [PORT] $1"),
    // The sandbox uses the system clock.
    (r#"(updatedAt\W+)[0-9T:.-]+Z"#, "${1}[NOW]"),
    // The distance to a fixed date grows over time.
    (r"\d{6,} seconds", "[MANY] seconds"),
    // Error numbers differ between operating systems.
    (r"\(os error \d+\)", "(os error [NUMBER])"),
];

/// Compares a run with an inline snapshot.
macro_rules! check {
    ($run:expr, @$expected:literal) => {
        insta::with_settings!({ filters => $crate::command::FILTERS.to_vec(), omit_expression => true }, {
            insta::assert_snapshot!($run, @$expected);
        })
    };
}

/// A command that has not been started yet.
pub(crate) struct Jelou {
    command: Command,
    stdin: Option<Vec<u8>>,
    stdout: Option<Stdio>,
}

/// The result of a command.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `jelou` with `arguments`, split at spaces. Its environment contains only an empty configuration folder.
pub(crate) fn jelou(arguments: &str) -> Jelou {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jelou"));
    command
        .args(arguments.split_whitespace())
        .env_clear()
        .env(
            "JELOU_CONFIG_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-configuration"),
        )
        .stdin(Stdio::null());
    Jelou {
        command,
        stdin: None,
        stdout: None,
    }
}

/// `jelou integration update PROJECT_ID` with one change and `arguments`.
pub(crate) fn update(arguments: &str) -> Jelou {
    jelou("integration update PROJECT_ID --webhook-url https://my-system.com/webhook/jelou-v2")
        .arguments(arguments)
}

impl Jelou {
    pub(crate) fn arguments(mut self, arguments: &str) -> Self {
        self.command.args(arguments.split_whitespace());
        self
    }

    /// Adds a single argument verbatim.
    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the text of standard input.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = Some(text.into());
        self
    }

    /// The underlying command, for tests that start it themselves.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = Some(stdout.into());
        self
    }

    #[track_caller]
    pub(crate) fn run(mut self) -> Run {
        let mut child = self
            .command
            .stdout(self.stdout.take().unwrap_or_else(Stdio::piped))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        if let (Some(text), Some(mut stdin)) = (self.stdin.take(), child.stdin.take()) {
            // The command may end without reading its input.
            _ = stdin.write_all(&text);
        }
        Run::from(child.wait_with_output().unwrap())
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(formatter, "exit code: {code}")?,
            None => writeln!(formatter, "killed")?,
        }
        for (stream, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(formatter, "----- {stream} -----\n{text}")?;
            }
        }
        Ok(())
    }
}
