//! Where the two documents come from: a revision, the working tree, or a file anywhere.

use std::path::{Path, PathBuf};
use std::{fs, io};

use openapi_review::{Files, Input};

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
    },
    File,
}

impl Source {
    /// The file `name` or, if there is none, this repository's document in the revision of that name.
    pub(super) fn find(root: &Path, name: &str) -> Result<Self, Error> {
        if Path::new(name).is_file() {
            if is_same_file(Path::new(name), &root.join(DOCUMENT)) {
                return Ok(Self::working_tree(root));
            }
            return Ok(Self {
                path: name.replace('\\', "/"),
                origin: Origin::File,
            });
        }
        let git = Git::at(root);
        let commit = git.commit(name)?;
        let name = name.to_owned();
        Ok(Self {
            path: DOCUMENT.to_owned(),
            origin: Origin::Revision { git, name, commit },
        })
    }

    /// This repository's document as it is on the disk.
    pub(super) fn working_tree(root: &Path) -> Self {
        Self {
            path: DOCUMENT.to_owned(),
            origin: Origin::WorkingTree {
                root: root.to_owned(),
            },
        }
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input {
            files: self,
            path: &self.path,
        }
    }

    /// Whether the document is this repository's, with all that belongs to it.
    pub(super) fn is_of_repository(&self) -> bool {
        !matches!(self.origin, Origin::File)
    }

    /// The path of a file in the folder of the document.
    pub(super) fn beside(&self, name: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        }
    }

    /// The text of a file; `None` if there is no such file.
    pub(super) fn read_if_there(&self, path: &str) -> Result<Option<String>, Error> {
        let on_disk = match &self.origin {
            Origin::Revision { git, commit, .. } => return git.read(commit, path),
            Origin::WorkingTree { root } => root.join(path),
            Origin::File => PathBuf::from(path),
        };
        match fs::read_to_string(on_disk) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed("read", path)(source)),
        }
    }

    /// The paths of the files in a folder of the repository, sorted.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let root = match &self.origin {
            Origin::Revision { git, commit, .. } => return git.list(commit, &format!("{folder}/")),
            Origin::WorkingTree { root } => root,
            Origin::File => return Ok(Vec::new()),
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
                let place = match &self.origin {
                    Origin::Revision { name, .. } => format!(" in the revision `{name}`"),
                    Origin::WorkingTree { .. } | Origin::File => String::new(),
                };
                let message = format!("there is no such file{place}");
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
