//! The files of this workspace, and what can go wrong with reading and writing them.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The OpenAPI document, the only source of truth.
pub(crate) const DOCUMENT: &str = "openapi/external-support.yaml";

/// The record of how the disagreements of the source page were settled.
pub(crate) const RECONCILIATION: &str = "openapi/reconciliation.yaml";

/// The folders with the tests that the reconciliation may name.
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

/// The workspace, by its root.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace of the `xtask` package that cargo runs.
    pub(crate) fn find() -> Result<Self, Error> {
        let package = env::var_os("CARGO_MANIFEST_DIR").ok_or(Error::NoWorkspace)?;
        let root = Path::new(&package).parent().ok_or(Error::NoWorkspace)?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The text of the file `path`.
    pub(crate) fn read(&self, path: &str) -> Result<String, Error> {
        fs::read_to_string(self.root.join(path)).map_err(failed("read", path))
    }

    /// The text of the file `path`; `None` if there is no such file.
    pub(crate) fn read_if_there(&self, path: &str) -> Result<Option<String>, Error> {
        match self.read(path) {
            Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(Some),
        }
    }

    /// Writes the file `path`, whole or not at all.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        let target = self.root.join(path);
        // A task that is killed half way must not leave half a file behind.
        let unfinished = target.with_extension("unfinished");
        fs::write(&unfinished, text).map_err(failed("write", path))?;
        fs::rename(&unfinished, &target).map_err(failed("write", path))
    }

    /// The Rust files under `folder`, by their path from the root.
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

fn failed(action: &'static str, path: &str) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path,
        source,
    }
}
