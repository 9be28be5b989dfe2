//! Checks an OpenAPI 3.0 document for mistakes, omissions and contradictions.
//!
//! ```
//! let document = openapi_document::Document::parse("pets.yaml", "openapi: 3.0.3\ninfo: {title: Pets}\npaths: {}\n")?;
//! let findings = openapi_lint::check(&document);
//! assert!(findings.iter().any(|finding| finding.rule == "missing-key" && finding.position.line == 2));
//! # Ok::<(), openapi_document::Finding>(())
//! ```
//!
//! It reads no file, opens no connection, and has neither options nor levels: what it finds is for the author to mend.

mod catalogue;
mod judge;
mod report;
mod rules;
mod words;

pub use catalogue::{Rule, rules};

use openapi_document::{Document, Finding, survey};

use crate::{judge::Judge, report::Report, survey::Survey};

/// The walk over a schema is as deep as the schema, and so is the parser's; the stack of a thread that somebody else
/// started may be too small for a document that is still within the parser's limits. Only what is used is ever mapped.
const STACK: usize = 512 << 20;

/// Everything that is wrong with `document`, in the order of its text.
///
/// The same document gives the same findings in the same order. None is reported twice.
pub fn check(document: &Document) -> Vec<Finding> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, || run(document)) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(document),
        }
    })
}

fn run(document: &Document) -> Vec<Finding> {
    let mut report = Report::new(document);
    if rules::form::is_of_another_version(document, &mut report) {
        return report.finish();
    }
    let survey = Survey::of(document);
    let judge = Judge::of(&survey);
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
    rules::contradictions::check(&survey, &judge, &mut report);
    rules::composition::check(&survey, &mut report);
    rules::examples::check(&survey, &judge, &mut report);
    rules::satisfiability::check(&survey, &judge, &mut report);
    rules::security::check(&survey, &mut report);
    rules::secrets::check(&survey, &mut report);
    // Last, because it leaves out what another rule has already explained.
    rules::survival::check(document, &mut report);
    report.finish()
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
