//! The one way in which a derived file is written, or compared with what it should be.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};
use std::process;

use spec_first_document::literal::printable;

use crate::Error;
use crate::diff::diff;
use crate::terminal::{self, tell};

/// A file that is derived from others, as it should be.
#[derive(Clone, Debug)]
pub struct DerivedFile {
    /// Its path from the folder that [`DerivedFile::ensure`] is called with.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Whether derived files are written or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Stale files are written.
    Write,
    /// Nothing is written; the difference is printed to standard output.
    Check,
}

impl DerivedFile {
    /// Brings the file up to date or, in [`Mode::Check`], prints what would change; returns whether it was up to date.
    ///
    /// # Errors
    /// The file cannot be read or written, or is outside of the folder.
    pub fn ensure(&self, root: &Path, mode: Mode) -> Result<bool, Error> {
        check_inside(root, &self.path)?;
        let present = match fs::read_to_string(root.join(&self.path)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::file("read", &self.path)(error)),
        };
        if present.as_deref() == Some(&self.text) {
            return Ok(true);
        }
        match mode {
            Mode::Write => {
                write(root, &self.path, &self.text)?;
                tell(format_args!("wrote {}", self.path));
            }
            Mode::Check => {
                let diff = diff(&self.path, present.as_deref(), Some(&self.text));
                terminal::write(None, &printable(&diff))?;
            }
        }
        Ok(false)
    }
}

/// Writes the files, or compares them; `command` is what writes them. Returns whether everything is in order.
///
/// # Errors
/// A file cannot be read or written.
pub fn ensure_all(
    files: &[DerivedFile],
    root: &Path,
    mode: Mode,
    command: &str,
) -> Result<bool, Error> {
    let mut stale = Vec::new();
    for file in files {
        if !file.ensure(root, mode)? {
            stale.push(file.path.as_str());
        }
    }
    if mode == Mode::Write || stale.is_empty() {
        return Ok(true);
    }
    let count = match stale.len() {
        1 => "1 derived file is".to_owned(),
        count => format!("{count} derived files are"),
    };
    tell(format_args!(
        "error: {count} not up to date: {}",
        stale.join(", ")
    ));
    tell(format_args!(
        "hint: run `{command}`, and review what it changes"
    ));
    Ok(false)
}

/// Refuses a path that leads out of the folder `root`.
pub(crate) fn check_inside(root: &Path, path: &str) -> Result<(), Error> {
    check_within(root, &root.join(path), path)
}

/// Refuses a place that is not in a folder, also through symbolic links, or that is git's own. A configuration that somebody else
/// wrote must not write or show any other file.
fn check_within(folder: &Path, target: &Path, path: &str) -> Result<(), Error> {
    // A link to nothing is there too, and a file would be written through it.
    let is_there = |place: &&Path| place.symlink_metadata().is_ok();
    let present = target.ancestors().find(is_there);
    let place = present.and_then(|present| {
        let missing = target.strip_prefix(present).ok()?;
        Some(fs::canonicalize(present).ok()?.join(missing))
    });
    let folder = fs::canonicalize(folder).ok();
    let inner = place
        .as_deref()
        .zip(folder.as_deref())
        .and_then(|(place, folder)| place.strip_prefix(folder).ok());
    let is_plain = |part: Component<'_>| {
        part == Component::CurDir || matches!(part, Component::Normal(name) if name != ".git")
    };
    match inner.is_some_and(|inner| inner.components().all(is_plain)) {
        true => Ok(()),
        false => Err(Error::Usage {
            message: format!(
                "`{path}` is outside of `{}`",
                folder.unwrap_or_default().display()
            ),
            hint: "name a file in the folder of the configuration".to_owned(),
        }),
    }
}

/// Writes a file of the repository around the folder `root`, or else of the folder.
pub(crate) fn write_in_repository(root: &Path, path: &str, text: &str) -> Result<(), Error> {
    let folder = fs::canonicalize(root).map_err(Error::file("write", path))?;
    let repository = folder.ancestors().find(|outer| outer.join(".git").exists());
    let target = root.join(path);
    check_within(repository.unwrap_or(&folder), &target, path)?;
    write_named(&target, path, text)
}

/// Writes a file of the folder `root`, whole or not at all, with the folders that it is in.
pub(crate) fn write(root: &Path, path: &str, text: &str) -> Result<(), Error> {
    check_inside(root, path)?;
    write_named(&root.join(path), path, text)
}

/// Writes a file that the user has named as `path`, wherever it is.
pub(crate) fn write_named(target: &Path, path: &str, text: &str) -> Result<(), Error> {
    write_whole(target, text).map_err(Error::file("write", path))
}

fn write_whole(target: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    // The file that a link leads to is written, and the link stays.
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let present = fs::metadata(&target).ok();
    if present.as_ref().is_some_and(|present| !present.is_file()) {
        let message = "this is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    // A command that is killed half way must not leave half a file behind, and two at once must not mix theirs.
    let mut unfinished = target.clone().into_os_string();
    unfinished.push(format!(".{}.unfinished", process::id()));
    // A link of this name, which may come with a repository, is not followed.
    if let Err(error) = fs::remove_file(&unfinished)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .open(&unfinished)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| match present {
            Some(present) => file.set_permissions(present.permissions()),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&unfinished, &target));
    if written.is_err() {
        _ = fs::remove_file(&unfinished);
    }
    written
}
