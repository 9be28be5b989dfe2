//! Small folders and repositories, and what the command prints there.

use std::fs;
use std::io::Write;
use std::ops::Deref;
use std::process::{Command, Output, Stdio};

use test_support::repository::{Repository, report};

pub(crate) use test_support::repository::{NO_DOGS, PETS, RED};

/// Adds a property, which breaks nobody.
pub(crate) const AGE: (&str, &str) = (
    "        name: {type: string}\n",
    "        name: {type: string}\n        age: {type: integer}\n",
);

/// A folder with documents, in a repository or not.
pub(crate) struct Folder(Repository);

impl Deref for Folder {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.0
    }
}

impl Folder {
    /// Without a repository.
    pub(crate) fn new() -> Self {
        Self(Repository::folder())
    }

    /// A repository with one commit, on a branch that was made from `main`.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let repository = Repository::with_files(files);
        repository.git(&["switch", "--quiet", "--create", "feature"]);
        Self(repository)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    pub(crate) fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spec-first"));
        command
            .args(arguments)
            .current_dir(self.path().join(folder))
            // A repository around the temporary folder must not count.
            .env("GIT_CEILING_DIRECTORIES", self.path().parent().unwrap());
        command
    }

    /// What somebody sees of the command: its exit code and both streams.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.run_in("", arguments)
    }

    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = self.command(folder, arguments);
        self.report(&command.stdin(Stdio::null()).output().unwrap())
    }

    /// The same, with text on standard input.
    pub(crate) fn run_with(&self, input: &str, arguments: &[&str]) -> String {
        let mut command = self.command("", arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        self.report(&child.wait_with_output().unwrap())
    }

    fn report(&self, output: &Output) -> String {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            // Where the folder is differs from run to run.
            let root = fs::canonicalize(self.path()).unwrap();
            text.replace(root.to_str().unwrap(), "[folder]")
        };
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        report(output.status.code().unwrap(), &stdout, &stderr)
    }
}

/// What was written to standard output.
pub(crate) fn stdout(report: &str) -> &str {
    let (_, rest) = report
        .split_once("== standard output\n")
        .unwrap_or_default();
    let end = rest.find("== standard error\n");
    &rest[..end.unwrap_or(rest.len())]
}
