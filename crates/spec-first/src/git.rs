//! What git knows: revisions, and the files in them. Nothing here writes, and nothing is fetched.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, thread};

use spec_first_document::OUTSIDE;

use crate::Error;

/// How `git ls-tree` begins the line of what is not a file.
const SYMBOLIC_LINK: &[u8] = b"120000";
const SUBMODULE: &[u8] = b"160000";
const FOLDER: &[u8] = b"040000";

fn unreadable(path: &str, kind: io::ErrorKind, message: &str) -> Error {
    Error::File {
        action: "read",
        path: path.to_owned(),
        source: io::Error::new(kind, message),
    }
}

/// Joins a folder and a path in it, and resolves `.` and `..` where that is possible.
pub(crate) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The repository that a folder is in; paths are relative to the folder.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The commit that `name` refers to.
    ///
    /// # Errors
    /// There is none; the error says what to do, also in a clone that does not have all of them.
    pub(crate) fn commit(&self, name: &str) -> Result<String, Error> {
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
            self.check_readable()?;
            return Err(Error::NoRepository { name });
        }
        match shallow.stdout.trim_ascii() {
            b"true" => Err(Error::Shallow { name }),
            _ => Err(Error::UnknownRevision { name }),
        }
    }

    /// The content of a file in a commit; `None` if there is no such file.
    pub(crate) fn read(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let is_outside = |part: &str| part == ".git" || part == "..";
        // From the folder, which git is asked from, `..` may lead to another one of the repository.
        let inner = self.path_from_top(path)?;
        if inner.is_empty() || inner.split('/').any(is_outside) {
            return Err(unreadable(path, io::ErrorKind::PermissionDenied, OUTSIDE));
        }
        let output = self.succeed(&["ls-tree", "-z", "--full-tree", commit, "--", &inner])?;
        match output.stdout.as_slice() {
            [] => {
                self.check_no_submodule(commit, path, &inner)?;
                return Ok(None);
            }
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

    /// Checks that no folder of a file is a submodule, whose files this repository does not have.
    fn check_no_submodule(&self, commit: &str, path: &str, inner: &str) -> Result<(), Error> {
        let mut arguments = vec!["ls-tree", "-z", "--full-tree", commit, "--"];
        arguments.extend(inner.match_indices('/').map(|(end, _)| &inner[..end]));
        if arguments.len() == 5 {
            return Ok(());
        }
        let folders = self.succeed(&arguments)?.stdout;
        let mut folders = folders.split(|byte| *byte == 0);
        match folders.any(|folder| folder.starts_with(SUBMODULE)) {
            true => Err(unreadable(
                path,
                io::ErrorKind::InvalidInput,
                "it is in a submodule, so run this in the submodule",
            )),
            false => Ok(()),
        }
    }

    /// The path from the top of the repository; it begins with `..` if it leads out of it.
    fn path_from_top(&self, path: &str) -> Result<String, Error> {
        Ok(joined(&self.prefix()?, path))
    }

    /// The path of the folder from the top of the repository; empty at the top.
    pub(crate) fn prefix(&self) -> Result<String, Error> {
        let output = self.succeed(&["rev-parse", "--show-prefix"])?;
        let prefix = String::from_utf8_lossy(&output.stdout);
        Ok(prefix.trim_end_matches(['/', '\n']).to_owned())
    }

    /// The top of the repository around the folder; `None` if there is none, or no git.
    pub(crate) fn top(&self) -> Option<PathBuf> {
        let output = self.run(&["rev-parse", "--show-toplevel"]).ok()?;
        let path = String::from_utf8_lossy(&output.stdout);
        let path = path.trim_end_matches(['\r', '\n']);
        (output.status.success() && !path.is_empty()).then(|| PathBuf::from(path))
    }

    /// Checks that git can read the repository, if there is one.
    ///
    /// # Errors
    /// Git refuses to read it, for example because it belongs to another user.
    pub(crate) fn check_readable(&self) -> Result<(), Error> {
        match self.succeed(&["rev-parse", "--show-toplevel"]) {
            Err(Error::Git { output, .. }) if output.contains("not a git repository") => Ok(()),
            result => result.map(drop),
        }
    }

    /// The branch that work starts from: what `origin` calls its default, or a branch with a usual name.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn default_branch(&self) -> Result<String, Error> {
        let head = self.run(&[
            "symbolic-ref",
            "--short",
            "--quiet",
            "refs/remotes/origin/HEAD",
        ])?;
        let head_name = String::from_utf8_lossy(&head.stdout).trim().to_owned();
        // It stays after the branch was renamed.
        if head.status.success() && self.commit(&head_name).is_ok() {
            return Ok(head_name);
        }
        let usual = ["origin/main", "origin/master", "main", "master"];
        let known = usual.into_iter().find(|name| self.commit(name).is_ok());
        let none = || Error::NoBase {
            reason: format!(
                "there is no `origin/HEAD`, and none of `{}`",
                usual.join("`, `")
            ),
            fetch: self.fetch(usual[0]),
        };
        known.map(str::to_owned).ok_or_else(none)
    }

    /// The names of the local branches; before the first commit, that of the branch it will be on.
    pub(crate) fn branches(&self) -> Result<Vec<String>, Error> {
        let output = self.succeed(&["for-each-ref", "--format=%(refname:short)", "refs/heads"])?;
        let output = match output.stdout.is_empty() {
            true => self.run(&["symbolic-ref", "--short", "--quiet", "HEAD"])?,
            false => output,
        };
        let names = String::from_utf8_lossy(&output.stdout);
        Ok(names.lines().map(str::to_owned).collect())
    }

    /// The last commit that `branch` and what is checked out have in common.
    ///
    /// # Errors
    /// There is none, or this clone does not reach that far back.
    pub(crate) fn merge_base(&self, branch: &str) -> Result<String, Error> {
        let commit = self.commit(branch)?;
        let found = self.run(&["merge-base", &commit, "HEAD"])?;
        if found.status.success() {
            return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
        }
        let reason = format!("`{branch}` and `HEAD` have no commit in common");
        Err(match self.is_shallow() {
            true => Error::NoBase {
                reason: reason + " in this clone, which is shallow",
                fetch: Some("git fetch --unshallow".to_owned()),
            },
            false => Error::NoBase {
                reason,
                fetch: None,
            },
        })
    }

    /// The command that gets a branch of `origin`, which a clone of a single branch lacks.
    pub(crate) fn fetch(&self, branch: &str) -> Option<String> {
        let is_plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        let branch = branch.strip_prefix("origin/")?;
        if branch.starts_with('-') || !branch.chars().all(is_plain) {
            return None;
        }
        let origin = self.run(&["remote", "get-url", "origin"]).ok()?;
        let unshallow = if self.is_shallow() {
            "--unshallow "
        } else {
            ""
        };
        origin
            .status
            .success()
            .then(|| format!("git fetch {unshallow}origin {branch}:refs/remotes/origin/{branch}"))
    }

    fn is_shallow(&self) -> bool {
        let shallow = self.run(&["rev-parse", "--is-shallow-repository"]);
        shallow.is_ok_and(|shallow| shallow.stdout.trim_ascii() == b"true")
    }

    /// The paths of the files in a commit, below the folder, that are `wanted` by their path and then `kept` by their content.
    pub(crate) fn files(
        &self,
        commit: &str,
        wanted: impl Fn(&str) -> bool,
        kept: impl Fn(&str, &[u8]) -> bool,
    ) -> Result<Vec<String>, Error> {
        let listed = self.succeed(&["ls-tree", "-r", "-z", commit])?.stdout;
        let entries = listed.split(|byte| *byte == 0).filter_map(|entry| {
            let (entry, path) = std::str::from_utf8(entry).ok()?.split_once('\t')?;
            let object = entry.strip_prefix("100").and(entry.rsplit(' ').next())?;
            wanted(path).then_some((object, path))
        });
        let entries: Vec<(&str, &str)> = entries.collect();
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        // One process for all of them; a repository may have thousands.
        let mut reader = self.command(&["cat-file", "--batch"]);
        let reader = reader.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut reader = reader.map_err(Error::NoGit)?;
        let objects: String = entries.iter().map(|(id, _)| format!("{id}\n")).collect();
        let (input, output) = (reader.stdin.take(), reader.stdout.take());
        let found = thread::scope(|scope| {
            scope.spawn(move || input.map(|mut input| input.write_all(objects.as_bytes())));
            let mut output = BufReader::new(output?);
            let mut found = Vec::new();
            for (_, path) in &entries {
                let mut header = String::new();
                output.read_line(&mut header).ok()?;
                let length: u64 = header.trim_end().rsplit(' ').next()?.parse().ok()?;
                let mut content = Vec::new();
                // A line end follows.
                (&mut output)
                    .take(length + 1)
                    .read_to_end(&mut content)
                    .ok()?;
                content.pop();
                if kept(path, &content) {
                    found.push((*path).to_owned());
                }
            }
            Some(found)
        });
        let status = reader.wait().map_err(Error::NoGit)?;
        found.ok_or_else(|| Error::Git {
            command: "git cat-file --batch".to_owned(),
            status,
            output: String::new(),
        })
    }

    /// Whether a file that git has is left out of the working tree, as in a sparse checkout.
    pub(crate) fn leaves_out(&self, path: &str) -> Result<bool, Error> {
        let found = self.paths(&["ls-files", "-t", "-z", "--", path])?;
        Ok(found
            .iter()
            .any(|found| found.strip_prefix("S ") == Some(path)))
    }

    /// The paths of all files of the working tree that git does not ignore, below the folder.
    pub(crate) fn working_files(&self) -> Result<Vec<String>, Error> {
        let arguments = [
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ];
        let mut paths = self.paths(&arguments)?;
        // A link is not followed in a revision either.
        let is_file = |path: &Path| path.symlink_metadata().is_ok_and(|it| it.is_file());
        paths.retain(|path| is_file(&self.root.join(path)));
        Ok(paths)
    }

    /// Whether a file of the working tree is in the index, below the folder.
    pub(crate) fn tracks(&self, path: &str) -> Result<bool, Error> {
        if self.top().is_none() {
            return Ok(false);
        }
        let paths = self.paths(&["ls-files", "-z", "--", path])?;
        Ok(paths.iter().any(|tracked| tracked == path))
    }

    fn paths(&self, arguments: &[&str]) -> Result<Vec<String>, Error> {
        let output = self.succeed(arguments)?;
        let names = output.stdout.split(|byte| *byte == 0);
        let names = names.filter(|name| !name.is_empty());
        let mut paths: Vec<String> = names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        Ok(paths)
    }

    /// The paths in a commit that are `path` or, if it ends with `/`, directly in that folder.
    pub(crate) fn list(&self, commit: &str, path: &str) -> Result<Vec<String>, Error> {
        self.paths(&["ls-tree", "--name-only", "-z", commit, "--", path])
    }

    fn succeed(&self, arguments: &[&str]) -> Result<Output, Error> {
        let output = self.run(arguments)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(Error::Git {
            command: format!("git {}", arguments.join(" ")),
            status: output.status,
            output: String::from_utf8_lossy(&output.stderr)
                .trim_end()
                .to_owned(),
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Error> {
        self.command(arguments).output().map_err(Error::NoGit)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.current_dir(&self.root)
            .args(arguments)
            .env("LC_ALL", "C")
            // A path that begins with `:` or has a `*` is one path.
            .env("GIT_LITERAL_PATHSPECS", "1")
            .stdin(Stdio::null());
        // A hook in a linked worktree gets them, and git then takes the current folder for the top of the working tree.
        if env::var_os("GIT_WORK_TREE").is_none() {
            for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"] {
                git.env_remove(name);
            }
        }
        git
    }
}
