//! Where a document comes from: a revision, the working tree, a file anywhere, or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::json;
use spec_first_document::{Document, Files, Finding, Folder};
use spec_first_review::Input;

use crate::configuration::FILE;
use crate::git::Git;
use crate::{Error, derived};

/// What messages call standard input.
pub(crate) const STANDARD_INPUT: &str = "<stdin>";

/// A document with the files around it.
#[derive(Debug)]
pub struct Source {
    /// The path of the document, as messages show it.
    pub(crate) path: String,
    origin: Origin,
    /// What is read as the document, where there is none.
    stand_in: Option<String>,
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
    /// A document without files around it.
    Text(String),
}

impl Source {
    /// The document on standard input.
    pub(crate) fn standard_input() -> Result<Self, Error> {
        let mut content = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut content)
            .map_err(Error::file("read", STANDARD_INPUT))?;
        Ok(Self {
            path: STANDARD_INPUT.to_owned(),
            origin: Origin::Text(text(STANDARD_INPUT, String::new(), content)?),
            stand_in: None,
        })
    }

    /// A document in which nothing is described, in place of one that this side lacks.
    #[must_use]
    pub(crate) fn lacking(mut self, version: Option<&str>) -> Self {
        let version = version.map(|version| format!(", version: {}", json!(version)));
        let version = version.unwrap_or_default();
        self.stand_in = Some(format!(
            "openapi: 3.0.3\ninfo: {{title: Nothing{version}}}\npaths: {{}}\n"
        ));
        self
    }

    /// Whether there is no document on this side.
    pub(crate) fn is_lacking(&self) -> bool {
        self.stand_in.is_some()
    }

    /// A file, by its path from the current folder.
    pub(crate) fn file(name: &str) -> Result<Self, Error> {
        if Path::new(name).is_dir() {
            return Err(Error::Folder {
                name: name.to_owned(),
            });
        }
        if fs::metadata(name).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Error::Usage {
                message: format!("`{name}` is not a regular file"),
                hint: "to read the output of a program, name `-` and use standard input".to_owned(),
            });
        }
        let around = |path: &str| Folder::around(Path::new(""), path);
        let mut path = name.to_owned();
        let mut files = around(&path).map_err(Error::file("read", name))?;
        if files.leads_outside(&path) {
            // Whoever names a symbolic link means the file that it leads to, and what is beside that.
            let real = fs::canonicalize(&path).map_err(Error::file("read", name))?;
            path = real.display().to_string();
            files = around(&path).map_err(Error::file("read", name))?;
        }
        Ok(Self {
            path: path.replace('\\', "/"),
            origin: Origin::File { files },
            stand_in: None,
        })
    }

    /// A document of the project as it is on the disk.
    pub(crate) fn in_working_tree(root: &Path, path: &str) -> Result<Self, Error> {
        Ok(Self {
            path: path.to_owned(),
            origin: Origin::WorkingTree {
                root: root.to_owned(),
                // Around the project, wherever the configuration says that the document is.
                files: Folder::around(root, FILE).map_err(Error::file("read", path))?,
            },
            stand_in: None,
        })
    }

    /// A document of the project in a commit, for which somebody asked as `name`.
    pub(crate) fn in_commit(git: &Git, name: &str, commit: &str, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            origin: Origin::Revision {
                git: git.clone(),
                name: name.to_owned(),
                commit: commit.to_owned(),
            },
            stand_in: None,
        }
    }

    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            files: self,
            path: &self.path,
        }
    }

    /// The path of the document, as messages show it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the document is one of the project, with all that belongs to it.
    pub fn is_of_repository(&self) -> bool {
        matches!(
            self.origin,
            Origin::Revision { .. } | Origin::WorkingTree { .. }
        )
    }

    /// The place of a file beside the document; `None` if it is not on the disk.
    pub(crate) fn on_disk(&self, path: &str) -> Option<PathBuf> {
        match &self.origin {
            Origin::WorkingTree { root, .. } => Some(root.join(path)),
            Origin::File { .. } => Some(PathBuf::from(path)),
            Origin::Revision { .. } | Origin::Text(_) => None,
        }
    }

    /// Writes a file beside the document.
    ///
    /// # Errors
    /// The document is not on the disk, or the file cannot be written.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        match &self.origin {
            Origin::WorkingTree { root, .. } => derived::write_in_repository(root, path, text),
            Origin::File { .. } => derived::write_named(Path::new(path), path, text),
            Origin::Revision { .. } | Origin::Text(_) => Err(Error::Acknowledging {
                reason: "the head is not a file; acknowledge with the working tree as the head"
                    .to_owned(),
            }),
        }
    }

    /// What changes when somebody writes to a file: its time and its length. `None` if there is no such file.
    pub(crate) fn stamp(&self, path: &str) -> Option<(SystemTime, u64)> {
        let metadata = self.on_disk(path)?.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    /// The path of a file in the folder of the document.
    pub(crate) fn beside(&self, name: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        }
    }

    /// Whether there is such a document.
    pub(crate) fn exists(&self) -> Result<bool, Error> {
        Ok(self.read_if_there(&self.path)?.is_some())
    }

    /// The text of the document.
    pub(crate) fn read(&self) -> Result<String, Error> {
        let text = self.read_if_there(&self.path)?;
        text.ok_or_else(|| self.missing())
    }

    /// The document with the files that it refers to, or what is wrong with one of them.
    pub(crate) fn document(&self) -> Result<Result<Document, Finding>, Error> {
        self.read()?;
        Ok(Document::read(self, &self.path))
    }

    /// The error about a document that is not there.
    pub(crate) fn missing(&self) -> Error {
        Error::NoDocument {
            path: self.path.clone(),
            revision: self.revision(),
        }
    }

    /// The same about one that the configuration lists.
    pub(crate) fn missing_although_listed(&self) -> Error {
        Error::NoListedDocument {
            path: self.path.clone(),
            revision: self.revision(),
        }
    }

    /// The text of a file; `None` if there is no such file.
    ///
    /// # Errors
    /// The file cannot be read, or is not UTF-8.
    pub fn read_if_there(&self, path: &str) -> Result<Option<String>, Error> {
        if path == self.path && self.is_lacking() {
            return Ok(self.stand_in.clone());
        }
        let content = match &self.origin {
            Origin::Revision { git, commit, .. } => git.read(commit, path)?,
            Origin::WorkingTree { files, .. } | Origin::File { files } => {
                match files.read_bytes(path) {
                    Ok(content) => Some(content),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                    Err(error) => return Err(Error::file("read", path)(error)),
                }
            }
            Origin::Text(text) => return Ok((path == self.path).then(|| text.clone())),
        };
        content
            .map(|content| text(path, self.revision(), content))
            .transpose()
    }

    /// Where a file is, to be put behind its path.
    fn revision(&self) -> String {
        match &self.origin {
            Origin::Revision { name, .. } => format!(" in the revision `{name}`"),
            Origin::WorkingTree { .. } | Origin::File { .. } | Origin::Text(_) => String::new(),
        }
    }

    /// What was asked for, and which commit that is, if the document is in a revision.
    pub(crate) fn commit(&self) -> Option<(&str, &str)> {
        match &self.origin {
            Origin::Revision { name, commit, .. } => Some((name, commit)),
            Origin::WorkingTree { .. } | Origin::File { .. } | Origin::Text(_) => None,
        }
    }

    /// The paths of the files in a folder of the project, sorted.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let root = match &self.origin {
            Origin::Revision { git, commit, .. } => return git.list(commit, &format!("{folder}/")),
            Origin::WorkingTree { root, .. } => root,
            Origin::File { .. } | Origin::Text(_) => return Ok(Vec::new()),
        };
        let entries = match std::fs::read_dir(root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::file("list", folder)(source)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::file("list", folder))?;
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

fn text(path: &str, revision: String, content: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(content).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let last_line = before.rsplit(|byte| *byte == b'\n').next();
        Error::NotText {
            path: path.to_owned(),
            revision,
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            byte: last_line.map_or(0, <[u8]>::len) + 1,
        }
    })
}
