//! What else the change does, as unified diffs.

use similar::TextDiff;
use spec_first_review::render::Attachment;

use super::generated::Surfaces;

/// The difference between the surfaces, of which `path` is the file; `None` if there is none.
pub(super) fn surface(surfaces: &Surfaces, path: &str) -> Option<Attachment> {
    let [base, head] = surfaces.texts.as_ref()?;
    attachment(
        "What the document says and the generated client is called",
        diff(path, Some(base), Some(head)),
    )
}

/// A difference with its title; `None` if there is no difference.
pub fn attachment(title: &str, diff: String) -> Option<Attachment> {
    let title = title.to_owned();
    (!diff.is_empty()).then_some(Attachment { title, diff })
}

/// The difference as git writes it; empty if there is none.
pub fn diff(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let name = |side, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default())
        .unified_diff()
        .header(&name('a', old), &name('b', new))
        .to_string()
}
