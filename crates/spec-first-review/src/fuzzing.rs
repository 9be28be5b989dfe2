//! What holds for every review, whatever the documents are.
//!
//! Each module is one fuzz target: its `check` panics if what it says does not hold for `data`. The programs in
//! `fuzz/fuzz_targets` call it with bytes that are looked for, the tests in `replay` with those in `fuzz/corpus`. It is not part
//! of the API: it is compiled for tests and for fuzzing only.

mod documents;
pub mod review_comparison;
pub mod review_documents;

#[cfg(test)]
mod replay;

use std::collections::BTreeSet;

use spec_first_document::Finding;

use crate::render::{AcknowledgementFile, Format, Presentation, render};
use crate::{Acknowledgements, Files, Input, Options, Review, review};

const PATH: &str = "api.yaml";

fn compare(base: &dyn Files, head: &dyn Files) -> Result<Review, Box<Finding>> {
    let input = |files| Input { files, path: PATH };
    review(input(base), input(head), &Options::default()).map_err(Box::new)
}

/// Checks that each change can be told from the others, and that what the review proposes acknowledges all of them.
fn check_review(review: &Review) {
    let fingerprints: BTreeSet<String> = review
        .changes
        .iter()
        .map(|change| change.fingerprint())
        .collect();
    assert_eq!(fingerprints.len(), review.changes.len(), "{review:#?}");
    for change in &review.changes {
        assert!(
            !change.message.is_empty() && change.place().is_some(),
            "{change:#?}"
        );
        assert!(!change.uses.is_empty(), "{change:#?}");
    }
    let presentation = Presentation {
        acknowledgement_file: Some(AcknowledgementFile {
            path: "acknowledged.yaml".to_owned(),
            until: "2.0.0".to_owned(),
        }),
        ..Presentation::default()
    };
    for format in Format::ALL {
        assert!(!render(review, format, &presentation).contains('\u{1b}'));
    }

    let needed = review
        .changes
        .iter()
        .filter(|change| change.needs_acknowledgement());
    let entries: String = needed
        .map(|change| change.acknowledgement("2.0.0"))
        .collect();
    let entries = entries.replace("why: \"\"", "why: agreed");
    let acknowledgements = Acknowledgements::parse("acknowledged.yaml", &entries);
    let acknowledged = acknowledgements
        .expect("what is proposed can be read")
        .apply(review);
    let findings = acknowledged.findings.iter();
    let mut findings = findings.filter(|finding| finding.rule != "acknowledgement-without-version");
    let is_ready = findings.next().is_none();
    assert!(is_ready, "{:#?}", acknowledged.findings);
}
