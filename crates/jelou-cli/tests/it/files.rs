//! Temporary folders and files for tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Jelou;

/// A temporary folder, with or without a configuration.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Creates a folder with this configuration, readable only by its owner.
    pub(crate) fn with_configuration(text: &str) -> Self {
        let folder = Self::new();
        folder.write_private("config.toml", text);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn configuration(&self) -> String {
        fs::read_to_string(self.path().join("config.toml")).unwrap()
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write_private(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.write(name, text);
        set_mode(&path, 0o600);
        path
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Replaces the path of the folder in the output of a run.
    pub(crate) fn hide_in(&self, shown: &impl ToString) -> String {
        shown
            .to_string()
            .replace(&self.path().display().to_string(), "[FOLDER]")
    }
}

impl Jelou {
    /// Uses the configuration in `folder`.
    pub(crate) fn configured(self, folder: &Folder) -> Self {
        self.env("JELOU_CONFIG_DIR", folder.path())
    }
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: u32) {}
