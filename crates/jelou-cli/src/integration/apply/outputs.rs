//! Checks the paths of all output files before any of them is opened: each must differ from the input and the other outputs.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;

use super::arguments::ApplyArguments;
use super::input::Input;
use crate::failure::Failure;

/// Checks that no output file is the input, the journal or another output.
///
/// # Errors
/// Two of the paths name the same file.
pub(super) fn check(arguments: &ApplyArguments, input: &Input) -> Result<(), Failure> {
    let journal = arguments.resuming.journal.as_deref();
    let given = [
        ("--journal", journal),
        ("--problems", arguments.rows.problems.as_deref()),
        ("--failures", arguments.failures.as_deref()),
        ("--report", arguments.report.as_deref()),
        ("--secrets", arguments.actions.secrets.as_deref()),
    ];
    let mut taken: Vec<(String, Identity)> = Vec::new();
    if let Some(path) = input.path() {
        let what = format!("the input `{}`", input.name);
        taken.extend(Identity::of(path).map(|file| (what, file)));
        if journal.is_none() {
            for is_sandbox in [false, true] {
                let path = super::beside(path.as_os_str(), is_sandbox);
                taken.extend(Identity::of(&path).map(|file| ("the journal".to_owned(), file)));
            }
        }
    }
    for (option, path) in given {
        let Some(file) = path.and_then(Identity::of) else {
            continue;
        };
        if let Some((what, _)) = taken.iter().find(|(_, taken)| *taken == file) {
            return Err(Failure::usage(
                format!("`{option}` names the same file as {what}"),
                "nothing was sent; name a different file for each output",
            ));
        }
        taken.push((format!("`{option}`"), file));
    }
    Ok(())
}

/// Opens the file at `path`, which `option` names, before anything is sent. Keeps what it contains.
///
/// # Errors
/// The file cannot be written.
pub(super) fn open(path: &Path, option: &str) -> Result<File, Failure> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.map_err(|error| {
        Failure::usage(
            format!("`{}` cannot be written", path.display()),
            format!("nothing was sent; name a file in a writable folder with `{option}`"),
        )
        .caused_by(Some(&error))
    })
}

/// Identifies a file, however its path is written or linked.
#[derive(PartialEq)]
enum Identity {
    Existing(Handle),
    New(PathBuf),
}

impl Identity {
    /// `None` for paths that are not regular files, such as `/dev/null` or a pipe, which may receive several outputs, and for
    /// invalid paths, which are reported when they are opened.
    fn of(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Handle::from_path(path).ok().map(Self::Existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = match path.parent() {
                    Some(folder) if !folder.as_os_str().is_empty() => folder,
                    _ => Path::new("."),
                };
                let folder = fs::canonicalize(folder).ok()?;
                Some(Self::New(folder.join(path.file_name()?)))
            }
            _ => None,
        }
    }
}
