//! The file in which people say what goes through although it breaks somebody: beside the document of the head.

use semver::Version;
use spec_first_document::Finding;
use spec_first_review::render::AcknowledgementFile;
use spec_first_review::{Acknowledgements, Review, Step};

use super::sources::Source;
use super::{Error, versions};

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

/// The file as the review shows it, with the version until which new entries are to count.
pub(super) fn file(head: &Source, review: &Review) -> AcknowledgementFile {
    AcknowledgementFile {
        path: path(head),
        until: until(review).map_or_else(String::new, |version| version.to_string()),
    }
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
