//! What git knows: revisions, and the files in them. Nothing here writes, and nothing is fetched.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::process;

use super::Error;

/// How `git ls-tree` begins the line of what is not a file.
const SYMBOLIC_LINK: &[u8] = b"120000";
const SUBMODULE: &[u8] = b"160000";
const FOLDER: &[u8] = b"040000";

const OUTSIDE: &str = "it is outside the repository or folder of the document";

fn unreadable(path: &str, kind: io::ErrorKind, message: &str) -> Error {
    Error::File {
        action: "read",
        path: path.to_owned(),
        source: io::Error::new(kind, message),
    }
}

/// The repository that the workspace is in; paths are relative to the workspace.
#[derive(Clone, Debug)]
pub(super) struct Git {
    root: PathBuf,
}

impl Git {
    pub(super) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The commit that `name` refers to.
    ///
    /// # Errors
    /// There is none; the error says what to do, also in a clone that does not have all of them.
    pub(super) fn commit(&self, name: &str) -> Result<String, Error> {
        let revision = format!("{name}^{{commit}}");
        let found = self.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &revision,
        ])?;
        if found.status.success() {
            return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
        }
        let name = name.to_owned();
        let shallow = self.run(&["rev-parse", "--is-shallow-repository"])?;
        if !shallow.status.success() {
            return Err(Error::NoRepository { name });
        }
        match shallow.stdout.trim_ascii() {
            b"true" => Err(Error::Shallow { name }),
            _ => Err(Error::UnknownRevision { name }),
        }
    }

    /// The content of a file in a commit; `None` if there is no such file.
    pub(super) fn read(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let is_outside = |part: &str| part == ".git" || part == "..";
        // From the folder of the workspace, which git is asked from, `..` may lead to another one of the repository.
        let inner = self.path_from_top(path)?;
        if inner.is_empty() || inner.split('/').any(is_outside) {
            return Err(unreadable(path, io::ErrorKind::PermissionDenied, OUTSIDE));
        }
        let output = self.succeed(&["ls-tree", "-z", "--full-tree", commit, "--", &inner])?;
        match output.stdout.as_slice() {
            [] => return Ok(None),
            entry if entry.starts_with(SYMBOLIC_LINK) => {
                let message = "symbolic links are not followed in a revision";
                return Err(unreadable(path, io::ErrorKind::InvalidInput, message));
            }
            entry if entry.starts_with(FOLDER) || entry.starts_with(SUBMODULE) => {
                let message = "this is not a regular file";
                return Err(unreadable(path, io::ErrorKind::InvalidInput, message));
            }
            _ => {}
        }
        let object = format!("{commit}:{inner}");
        let output = self.succeed(&["cat-file", "blob", &object])?;
        Ok(Some(output.stdout))
    }

    /// The path from the top of the repository; it begins with `..` if it leads out of it.
    fn path_from_top(&self, path: &str) -> Result<String, Error> {
        let output = self.succeed(&["rev-parse", "--show-prefix"])?;
        let prefix = String::from_utf8_lossy(&output.stdout);
        let mut parts: Vec<&str> = Vec::new();
        for part in prefix
            .trim_end_matches('\n')
            .split('/')
            .chain(path.split('/'))
        {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }

    /// The paths in a commit that are `path` or, if it ends with `/`, directly in that folder.
    pub(super) fn list(&self, commit: &str, path: &str) -> Result<Vec<String>, Error> {
        let output = self.succeed(&["ls-tree", "--name-only", "-z", commit, "--", path])?;
        let names = output.stdout.split(|byte| *byte == 0);
        Ok(names
            .filter(|name| !name.is_empty())
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect())
    }

    fn succeed(&self, arguments: &[&str]) -> Result<Output, Error> {
        let output = self.run(arguments)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(process::Error::Failed {
            command: format!("git {}", arguments.join(" ")),
            status: output.status,
            output: String::from_utf8_lossy(&output.stderr)
                .trim_end()
                .to_owned(),
        }
        .into())
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Error> {
        let mut git = Command::new("git");
        git.current_dir(&self.root)
            .args(arguments)
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        git.output().map_err(|source| {
            let command = "git".to_owned();
            process::Error::Start { command, source }.into()
        })
    }
}
