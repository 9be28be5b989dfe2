//! Checks the paths of all output files before any of them is opened: none may be the input, or another output.

use std::fs;
use std::path::{Path, PathBuf};

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
    ];
    let mut taken: Vec<(String, PathBuf)> = Vec::new();
    if let Some(path) = input.path() {
        taken.push((format!("the input `{}`", input.name), resolved(path)));
        if journal.is_none() {
            for is_sandbox in [false, true] {
                let path = super::beside(path.as_os_str(), is_sandbox);
                taken.push(("the journal".to_owned(), resolved(&path)));
            }
        }
    }
    for (option, path) in given {
        let Some(path) = path else {
            continue;
        };
        let file = resolved(path);
        if let Some((what, _)) = taken.iter().find(|(_, taken)| *taken == file) {
            return Err(Failure::usage(
                format!("`{option}` names the same file as {what}"),
                "nothing was sent; give each output a file of its own",
            ));
        }
        taken.push((format!("`{option}`"), file));
    }
    Ok(())
}

/// The absolute path with links resolved, also of a file that does not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let new = || {
        let folder = fs::canonicalize(folder).ok()?;
        Some(folder.join(path.file_name()?))
    };
    let found = fs::canonicalize(path).ok();
    found.or_else(new).unwrap_or_else(|| path.to_owned())
}
