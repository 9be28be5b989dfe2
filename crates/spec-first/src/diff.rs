//! Unified diffs.

use diffy::{DiffOptions, PatchFormatter};

/// The difference as git writes it; empty if there is none.
pub fn diff(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    let name = |side, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let mut options = DiffOptions::new();
    options.set_original_filename(name('a', old));
    options.set_modified_filename(name('b', new));
    let patch = options.create_patch(old.unwrap_or_default(), new.unwrap_or_default());
    let formatter = PatchFormatter::new().suppress_blank_empty(false);
    formatter.fmt_patch(&patch).to_string()
}
