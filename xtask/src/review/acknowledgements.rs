//! The file in which people say what goes through although it breaks somebody: beside the document of the head.

use jelou_codegen::Step;
use openapi_document::Finding;
use openapi_review::{Acknowledgements, Change, Review};
use semver::Version;

use super::sources::Source;
use super::{Error, plural, versions};

/// The name of the file.
const NAME: &str = "acknowledged.yaml";

/// The path of the file, as messages show it.
pub(super) fn path(head: &Source) -> String {
    head.beside(NAME)
}

pub(super) fn read(head: &Source) -> Result<Result<Acknowledgements, Finding>, Error> {
    let path = path(head);
    let text = head.read_if_there(&path)?.unwrap_or_default();
    Ok(Acknowledgements::parse(&path, &text))
}

/// Where to find what is to be pasted for so many changes, in a format that does not have it.
pub(super) fn note(path: &str, count: usize) -> String {
    let changes = plural(count, "change is", "changes are");
    format!(
        "{changes} not acknowledged; `cargo xtask review --base REVISION` prints what to paste into `{path}`"
    )
}

/// What to paste into the file for these changes, with words about it; empty if there are none.
pub(super) fn proposal(path: &str, changes: &[&Change], review: &Review) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let until = until(review).map_or_else(String::new, |version| version.to_string());
    let mut text = format!("\nTo let this through, say why in `{path}`:\n\n");
    for change in changes {
        text.push_str(&change.acknowledgement(&until));
    }
    text
}

/// Beyond the version that the changes ask for, with which the entries must still count; and no further than need be.
fn until(review: &Review) -> Option<Version> {
    let [base, head] = [&review.base_version, &review.head_version]
        .map(|version| Version::parse(version.as_deref()?).ok());
    let head = head?;
    let asked_for = base.map(|base| versions::next(&base, Step::Major));
    let released = asked_for.map_or_else(|| head.clone(), |version| version.max(head.clone()));
    Some(versions::next(&released, Step::Minor))
}
