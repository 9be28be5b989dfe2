//! Runs the binary in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use jelou_sandbox::Options;

use crate::command::{FILTERS, Run};
use crate::server::Service;

/// Additional filters for output that varies between runs; see [`FILTERS`].
const OWN_FILTERS: [(&str, &str); 5] = [
    (
        r"[0-9.]+ s, [0-9]+ rows a second",
        "[SECONDS] s, [RATE] rows a second",
    ),
    // Rows faster than a millisecond are not listed.
    (r"(?m)^slowest: .*\n", ""),
    // Fields of the JSON report.
    (
        r#"((?:seconds|rowsPerSecond)"?): [0-9.e-]+"#,
        "$1: [NUMBER]",
    ),
    (r#"(?s)"slowest": \[.*?\n  \]"#, "\"slowest\": [ROWS]"),
    (r"milliseconds: [0-9]+", "milliseconds: [NUMBER]"),
];

pub(crate) fn filters() -> Vec<(&'static str, &'static str)> {
    FILTERS.into_iter().chain(OWN_FILTERS).collect()
}

/// Compares a run with the inline snapshot.
macro_rules! check_run {
    ($run:expr, @$expected:literal) => {
        insta::with_settings!({ filters => $crate::apply::harness::filters(), omit_expression => true }, {
            insta::assert_snapshot!($run, @$expected);
        })
    };
}
pub(crate) use check_run;

/// A temporary folder for a test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Creates a folder with one file.
    pub(crate) fn with(name: &str, text: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, text);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// `jelou integration apply` with `arguments`, split at spaces, in this folder and with an empty environment.
    pub(crate) fn apply(&self, arguments: &str) -> Apply {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jelou"));
        command.args(["integration", "apply"]);
        Apply::of(command, self.0.path(), arguments)
    }

    /// Like [`Folder::apply`], with `service` as the server and an API key.
    pub(crate) fn apply_to(&self, service: &Service, arguments: &str) -> Apply {
        self.apply(arguments)
            .arguments(&format!("--base-url {}", service.base_url()))
            .env("JELOU_API_KEY", "KEY")
    }

    /// Like [`Folder::apply`], run through the shell command `line`, in which `"$@"` stands for the `jelou` command.
    pub(crate) fn apply_through_shell(&self, line: &str, arguments: &str) -> Apply {
        let mut command = Command::new("sh");
        command.args(["-c", line, "sh", env!("CARGO_BIN_EXE_jelou")]);
        command.args(["integration", "apply"]);
        Apply::of(command, self.0.path(), arguments)
    }
}

/// A command that has not been started yet.
pub(crate) struct Apply(Command);

impl Apply {
    fn of(mut command: Command, folder: &Path, arguments: &str) -> Self {
        command
            .args(arguments.split_whitespace())
            .env_clear()
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command)
    }

    pub(crate) fn arguments(mut self, arguments: &str) -> Self {
        self.0.args(arguments.split_whitespace());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.0.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.0.stdout(stdout);
        self
    }

    pub(crate) fn spawn(mut self) -> Child {
        self.0.spawn().unwrap()
    }

    #[track_caller]
    pub(crate) fn run(mut self) -> Run {
        of_output(self.0.output().unwrap())
    }
}

pub(crate) fn of_output(output: Output) -> Run {
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A sandbox in which every project has an integration.
pub(crate) fn service() -> Service {
    Service::start(Options::default().every_project())
}

/// CSV text with `count` rows.
pub(crate) fn rows(count: usize) -> String {
    let mut text = "projectId,webhookUrl\n".to_owned();
    for row in 0..count {
        text.push_str(&format!("P{row},https://my-system.com/webhook/{row}\n"));
    }
    text
}

/// The projects in the requests, in order of arrival.
pub(crate) fn projects(service: &Service) -> Vec<String> {
    let requests = service.received().into_iter();
    requests
        .map(|request| request.target.rsplit('/').next().unwrap().to_owned())
        .collect()
}

/// The projects in the requests, sorted.
pub(crate) fn sorted_projects(service: &Service) -> Vec<String> {
    let mut projects = projects(service);
    projects.sort();
    projects
}
