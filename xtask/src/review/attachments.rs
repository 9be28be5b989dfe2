//! What else the change does, as unified diffs: to the surface, to the snapshots of the wire.

use similar::TextDiff;
use spec_first_review::render::Attachment;

use super::Error;
use super::generated::Surfaces;
use super::sources::Source;

/// The derived file that a reviewer reads first.
const SURFACE: &str = "openapi/surface.txt";

/// Where the snapshots of the wire are.
const SNAPSHOTS: &str = "tests/it/snapshots";

/// The difference between the surfaces; `None` if there is none.
pub(super) fn surface(surfaces: &Surfaces) -> Option<Attachment> {
    let [base, head] = surfaces.texts.as_ref()?;
    attachment(
        "What the document says and the generated client is called",
        diff(SURFACE, Some(base), Some(head)),
    )
}

/// The differences between the snapshots of the wire; `None` if there are none, or if one side has no repository around it.
pub(super) fn wire(base: &Source, head: &Source) -> Result<Option<Attachment>, Error> {
    if !base.is_of_repository() || !head.is_of_repository() {
        return Ok(None);
    }
    let mut paths = base.list(SNAPSHOTS)?;
    paths.extend(head.list(SNAPSHOTS)?);
    paths.sort_unstable();
    paths.dedup();
    let mut all = String::new();
    for path in paths.iter().filter(|path| path.ends_with(".snap")) {
        let [old, new] = [base.read_if_there(path)?, head.read_if_there(path)?];
        all.push_str(&diff(path, old.as_deref(), new.as_deref()));
    }
    Ok(attachment("Snapshots of the wire", all))
}

pub(super) fn attachment(title: &str, diff: String) -> Option<Attachment> {
    let title = title.to_owned();
    (!diff.is_empty()).then_some(Attachment { title, diff })
}

/// The difference as git writes it; empty if there is none.
pub(super) fn diff(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let name = |side, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default())
        .unified_diff()
        .header(&name('a', old), &name('b', new))
        .to_string()
}
