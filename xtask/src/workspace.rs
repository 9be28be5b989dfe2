//! Reads and writes the files of this workspace.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use spec_first::Project;
use spec_first::configuration::{Configuration, FILE};

/// The OpenAPI document, the only source of truth.
pub(crate) const DOCUMENT: &str = "openapi/external-support.yaml";

/// The record of how contradictions in the source page were resolved.
pub(crate) const RECONCILIATION: &str = "openapi/reconciliation.yaml";

/// The folder with the facts of the source pages.
pub(crate) const FACTS: &str = "openapi/facts";

/// The folders with tests that the reconciliation may refer to.
pub(crate) const TESTS: [&str; 2] = ["tests", "crates"];

/// A file of the workspace that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot {action} `{path}`")]
    File {
        action: &'static str,
        path: String,
        source: io::Error,
    },

    #[error(
        "no workspace is found: `CARGO_MANIFEST_DIR` is not set; run the task as `cargo xtask`"
    )]
    NoWorkspace,
}

/// The workspace, identified by its root.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the workspace of the `xtask` package that cargo is running.
    pub(crate) fn find() -> Result<Self, Error> {
        let package = env::var_os("CARGO_MANIFEST_DIR").ok_or(Error::NoWorkspace)?;
        let root = Path::new(&package).parent().ok_or(Error::NoWorkspace)?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the file at `path`.
    pub(crate) fn read(&self, path: &str) -> Result<String, Error> {
        fs::read_to_string(self.root.join(path)).map_err(failed("read", path))
    }

    /// Reads the file at `path`; `None` if it does not exist.
    pub(crate) fn read_if_there(&self, path: &str) -> Result<Option<String>, Error> {
        match self.read(path) {
            Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(Some),
        }
    }

    /// The workspace as `spec-first` sees it.
    pub(crate) fn project(&self) -> Result<Project, Box<dyn std::error::Error>> {
        let configuration = self.read_if_there(FILE)?.unwrap_or_default();
        let configuration = Configuration::parse(FILE, &configuration)?;
        Ok(Project::new(&self.root, configuration))
    }

    /// The Rust files under `folder`, with paths relative to the root.
    pub(crate) fn rust_files(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(self.root.join(folder)).sort_by_file_name() {
            let entry = entry.map_err(|error| failed("list", folder)(error.into()))?;
            let is_rust = entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs");
            if let Some(path) = entry
                .path()
                .strip_prefix(&self.root)
                .ok()
                .and_then(Path::to_str)
                .filter(|_| is_rust)
            {
                files.push(path.replace('\\', "/"));
            }
        }
        Ok(files)
    }
}

/// Turns an error of the system into one that names the file.
pub(crate) fn failed(
    action: &'static str,
    path: impl AsRef<Path>,
) -> impl FnOnce(io::Error) -> Error {
    let path = path.as_ref().display().to_string();
    move |source| Error::File {
        action,
        path,
        source,
    }
}
