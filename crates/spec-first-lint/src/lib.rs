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
mod cycles;
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

use std::collections::HashSet;

use spec_first_document::{
    Document, Finding, both_with_large_stack, grammar::WRONG_VALUE, survey, with_large_stack,
};

use crate::{report::Report, survey::Survey, validation::Validation};

/// Returns all findings for `document`, in source order, except those that an `x-lint-ignore` in it names.
///
/// The result is deterministic and contains no duplicates. [`Settings::level`] says which of them matter.
pub fn check(document: &Document) -> Vec<Finding> {
    check_for(document, |_| true, &[])
}

/// Like [`check`], but the findings of rules that are not `wanted` may be missing, which takes less time. Those of other programs
/// are added, and can be ignored in the same way.
pub fn check_for(
    document: &Document,
    wanted: impl Fn(&Rule) -> bool,
    others: &[Finding],
) -> Vec<Finding> {
    let is_any_wanted = |is: fn(&Rule) -> bool| rules().iter().any(|rule| is(rule) && wanted(rule));
    let finds_general = is_any_wanted(|rule| rule.topic != Topic::Security);
    // Some findings are reported only where no other rule explains them.
    let looked_for = rules().iter().filter(|rule| {
        let explains = rule.topic == Topic::General && rule.level > Level::Advice;
        wanted(rule) || finds_general && explains
    });
    let looked_for: HashSet<&str> = looked_for.map(|rule| rule.name).collect();
    with_large_stack(|| run(document, &looked_for, others))
}

/// What is wrong with the version that the document declares, if [`check`] does not know it; then it checks nothing else.
pub fn unsupported_version(document: &Document) -> Option<Finding> {
    rules::form::unsupported_version(document)
}

fn run(
    document: &Document,
    looked_for: &HashSet<&'static str>,
    others: &[Finding],
) -> Vec<Finding> {
    if let Some(unsupported) = unsupported_version(document) {
        return vec![unsupported];
    }
    let survey = Survey::of(document);
    let mut report = Report::new(document, looked_for);
    let mut looked_for = rules().iter().filter(|rule| report.wants(rule.name));
    let is_general = looked_for.any(|rule| rule.topic != Topic::Security);
    if is_general {
        general(&survey, &mut report);
    }
    // Comparing schemas takes about as long as everything else.
    let (comparisons, others) = both_with_large_stack(
        || {
            let mut report = report.continued();
            if is_general {
                let validation = Validation::of(&survey);
                rules::satisfiability::check(&survey, &validation, &mut report);
            }
            report.into_findings()
        },
        || {
            let mut report = report.continued();
            if is_general {
                rules::examples::check(&survey, &Validation::of(&survey), &mut report);
            }
            rules::parameters::check(&survey, &mut report);
            rules::servers::check(&survey, &mut report);
            rules::texts::check(&survey, &mut report);
            rules::security::check(&survey, &mut report);
            rules::secrets::check(&survey, &mut report);
            // The form says more about values in the wrong place.
            for other in others.iter().filter(|other| other.rule != WRONG_VALUE) {
                report.push(other.clone());
            }
            report.into_findings()
        },
    );
    report.extend(others);
    report.extend(comparisons);
    ignore::apply(document, report)
}

/// The rules that are not about security, and whose findings may explain those of the slower ones.
fn general(survey: &Survey<'_>, report: &mut Report<'_>) {
    rules::form::check(survey, report);
    rules::structure::check(survey, report);
    rules::references::check(survey, report);
    rules::operations::check(survey, report);
    rules::paths::check(survey, report);
    rules::responses::check(survey, report);
    rules::information::check(survey, report);
    if report.wants_any(&rules::completeness::RULES) {
        rules::completeness::check(survey, report);
    }
    rules::keywords::check(survey, report);
    rules::contradictions::check(survey, &Validation::of(survey), report);
    rules::composition::check(survey, report);
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
