//! Writes derived files, or compares them with their expected content.

use similar::TextDiff;

use crate::workspace::{Error, Workspace};

/// A derived file with its expected content.
pub(crate) struct DerivedFile {
    pub(crate) path: &'static str,
    pub(crate) text: String,
}

/// Whether to write derived files or compare them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

impl DerivedFile {
    /// Updates the file or, in [`Mode::Check`], prints the difference; returns whether it was up to date.
    pub(crate) fn ensure(&self, workspace: &Workspace, mode: Mode) -> Result<bool, Error> {
        let present = workspace.read_if_there(self.path)?;
        if present.as_deref() == Some(&self.text) {
            return Ok(true);
        }
        match mode {
            Mode::Write => {
                workspace.write(self.path, &self.text)?;
                eprintln!("wrote {}", self.path);
            }
            Mode::Check => print!("{}", self.diff(present.as_deref().unwrap_or_default())),
        }
        Ok(false)
    }

    fn diff(&self, present: &str) -> String {
        TextDiff::from_lines(present, &self.text)
            .unified_diff()
            .header(&format!("a/{}", self.path), &format!("b/{}", self.path))
            .to_string()
    }
}
