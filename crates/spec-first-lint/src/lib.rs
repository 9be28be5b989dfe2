//! Lints OpenAPI 3.0, 3.1 and 3.2 documents for errors, omissions and contradictions.
//!
//! ```
//! let document = spec_first_document::Document::parse("pets.yaml", "openapi: 3.0.3\ninfo: {title: Pets}\npaths: {}\n")?;
//! let findings = spec_first_lint::check(&document);
//! assert!(findings.iter().any(|finding| finding.rule == "missing-key" && finding.position.line == 2));
//! # Ok::<(), spec_first_document::Finding>(())
//! ```
//!
//! It reads no files and opens no connections. Which findings matter, and how much, is for [`Settings`] to say.

mod catalogue;
mod ignore;
mod peers;
mod report;
mod rules;
mod settings;
mod validation;
mod words;

pub use catalogue::{Level, Rule, Topic, rules};
pub use peers::equivalents;
pub use settings::{Profile, Purpose, Settings, UnknownRule};

use spec_first_document::{Document, Finding, survey};

use crate::{report::Report, survey::Survey, validation::Validation};

/// Walking and parsing a schema recurse as deeply as it is nested, which may overflow the caller's stack even within
/// the parser's limits. Only the pages that are used are mapped.
const STACK: usize = 512 << 20;

/// Returns all findings for `document`, in source order, except those that an `x-lint-ignore` in it names.
///
/// The result is deterministic and contains no duplicates. [`Settings::level`] says which of them matter.
pub fn check(document: &Document) -> Vec<Finding> {
    check_with(document, &[])
}

/// Like [`check`], with what other programs find in the document, which can be ignored in the same way.
pub fn check_with(document: &Document, others: &[Finding]) -> Vec<Finding> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, || run(document, others)) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(document, others),
        }
    })
}

/// What is wrong with the version that the document declares, if [`check`] does not know it; then it checks nothing else.
pub fn unsupported_version(document: &Document) -> Option<Finding> {
    rules::form::unsupported_version(document)
}

fn run(document: &Document, others: &[Finding]) -> Vec<Finding> {
    if let Some(unsupported) = unsupported_version(document) {
        return vec![unsupported];
    }
    let mut report = Report::new(document);
    let survey = Survey::of(document);
    let validation = Validation::of(&survey);
    rules::form::check(document, &mut report);
    rules::structure::check(&survey, &mut report);
    rules::references::check(&survey, &mut report);
    rules::operations::check(&survey, &mut report);
    rules::paths::check(&survey, &mut report);
    rules::responses::check(&survey, &mut report);
    rules::parameters::check(&survey, &mut report);
    rules::servers::check(&survey, &mut report);
    rules::information::check(&survey, &mut report);
    rules::texts::check(&survey, &mut report);
    rules::completeness::check(&survey, &mut report);
    rules::keywords::check(&survey, &mut report);
    rules::contradictions::check(&survey, &validation, &mut report);
    rules::composition::check(&survey, &mut report);
    rules::examples::check(&survey, &validation, &mut report);
    rules::satisfiability::check(&survey, &validation, &mut report);
    rules::security::check(&survey, &mut report);
    rules::secrets::check(&survey, &mut report);
    // Last, because it skips places that another rule has already reported.
    if !document.is_3_1() {
        rules::survival::check(document, &mut report);
    }
    for other in others {
        report.push(other.clone());
    }
    ignore::apply(document, report.finish())
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
