//! Where the two documents come from: a revision, the working tree, or a file anywhere.

use std::path::{Path, PathBuf};
use std::{fs, io};

use spec_first_review::{Files, Folder, Input};

use crate::workspace::DOCUMENT;

use super::Error;
use super::git::Git;

/// A document with the files around it.
#[derive(Debug)]
pub(super) struct Source {
    /// The path of the document, as messages show it.
    pub(super) path: String,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    /// What was asked for, and which commit that is.
    Revision {
        git: Git,
        name: String,
        commit: String,
    },
    WorkingTree {
        root: PathBuf,
        files: Folder,
    },
    File {
        files: Folder,
    },
}

impl Source {
    /// The file `name` or, if there is none, this repository's document in the revision of that name.
    pub(super) fn find(root: &Path, name: &str) -> Result<Self, Error> {
        if Path::new(name).is_file() {
            if is_same_file(Path::new(name), &root.join(DOCUMENT)) {
                return Self::working_tree(root);
            }
            let files = Folder::around(Path::new(""), name).map_err(failed("read", name))?;
            return Ok(Self {
                path: name.replace('\\', "/"),
                origin: Origin::File { files },
            });
        }
        let git = Git::at(root);
        let commit = git.commit(name);
        let name = name.to_owned();
        if commit.is_err() && Path::new(&name).is_dir() {
            return Err(Error::Folder { name });
        }
        let commit = commit?;
        Ok(Self {
            path: DOCUMENT.to_owned(),
            origin: Origin::Revision { git, name, commit },
        })
    }

    /// This repository's document as it is on the disk.
    pub(super) fn working_tree(root: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: DOCUMENT.to_owned(),
            origin: Origin::WorkingTree {
                root: root.to_owned(),
                files: Folder::around(root, DOCUMENT).map_err(failed("read", DOCUMENT))?,
            },
        })
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input {
            files: self,
            path: &self.path,
        }
    }

    /// Whether the document is this repository's, with all that belongs to it.
    pub(super) fn is_of_repository(&self) -> bool {
        !matches!(self.origin, Origin::File { .. })
    }

    /// The path of a file in the folder of the document.
    pub(super) fn beside(&self, name: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        }
    }

    /// The text of the document.
    pub(super) fn read(&self) -> Result<String, Error> {
        let text = self.read_if_there(&self.path)?;
        text.ok_or_else(|| Error::NoDocument {
            path: self.path.clone(),
            revision: self.revision(),
        })
    }

    /// The text of a file; `None` if there is no such file.
    pub(super) fn read_if_there(&self, path: &str) -> Result<Option<String>, Error> {
        let content = match &self.origin {
            Origin::Revision { git, commit, .. } => git.read(commit, path)?,
            Origin::WorkingTree { files, .. } | Origin::File { files } => {
                match files.read_bytes(path) {
                    Ok(content) => Some(content),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                    Err(error) => return Err(failed("read", path)(error)),
                }
            }
        };
        content.map(|content| self.text(path, content)).transpose()
    }

    fn text(&self, path: &str, content: Vec<u8>) -> Result<String, Error> {
        String::from_utf8(content).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let last_line = before.rsplit(|byte| *byte == b'\n').next();
            Error::NotText {
                path: path.to_owned(),
                revision: self.revision(),
                line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
                byte: last_line.map_or(0, <[u8]>::len) + 1,
            }
        })
    }

    /// Where a file is, to be put behind its path.
    fn revision(&self) -> String {
        match &self.origin {
            Origin::Revision { name, .. } => format!(" in the revision `{name}`"),
            Origin::WorkingTree { .. } | Origin::File { .. } => String::new(),
        }
    }

    /// The paths of the files in a folder of the repository, sorted.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let root = match &self.origin {
            Origin::Revision { git, commit, .. } => return git.list(commit, &format!("{folder}/")),
            Origin::WorkingTree { root, .. } => root,
            Origin::File { .. } => return Ok(Vec::new()),
        };
        let entries = match fs::read_dir(root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed("list", folder)(source)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed("list", folder))?;
            paths.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        }
        paths.sort_unstable();
        Ok(paths)
    }
}

impl Files for Source {
    fn read(&self, path: &str) -> io::Result<String> {
        match self.read_if_there(path) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => {
                let message = format!("there is no such file{}", self.revision());
                Err(io::Error::new(io::ErrorKind::NotFound, message))
            }
            Err(Error::File { source, .. }) => Err(source),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(fs::canonicalize);
    one.is_ok_and(|one| other.is_ok_and(|other| one == other))
}

fn failed(action: &'static str, path: &str) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path: path.clone(),
        source,
    }
}
