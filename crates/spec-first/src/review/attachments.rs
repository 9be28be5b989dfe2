//! What else the change does, as unified diffs.

use spec_first_review::render::Attachment;

use super::generated::Surfaces;
use crate::diff::diff;

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
