//! Renders a record as Markdown: an overview table, then the details.

use std::fmt::Write;

use spec_first_document::{Document, Finding};

use crate::source::{Recorded, is_of};
use crate::{Claim, Entry, Record};

/// Renders the record `file` as Markdown that starts with `notice` as a comment; `document_name` is the document that
/// the pointers refer to, and `facts` are the recorded facts that the claims rest on.
///
/// # Errors
/// Returns a finding if the file is not a valid record.
pub fn render(
    file: &Document,
    facts: &[Recorded],
    document_name: &str,
    notice: &str,
) -> Result<String, Finding> {
    let record = Record::read(file)?;
    let parts = &record.parts;

    let mut text = format!("<!-- {notice} -->\n\n# How the source was reconciled\n\n");
    let source = flow(&record.source);
    line(&mut text, &format!("{source}\n"));
    line(
        &mut text,
        &format!(
            "{} contradictions and omissions, each resolved once in `{document_name}`.\n",
            record.entries.len()
        ),
    );

    line(
        &mut text,
        &format!("| # | subject | {} | decision |", parts.join(" | ")),
    );
    line(
        &mut text,
        &format!("|---|---|{}---|", "---|".repeat(parts.len())),
    );
    for (number, entry) in (1..).zip(&record.entries) {
        let claims = parts
            .iter()
            .map(|part| cell(&claims_of(&record, entry, part).join(" ")));
        let claims: Vec<_> = claims.collect();
        let subject = cell(&entry.subject);
        let decision = cell(&entry.decision);
        line(
            &mut text,
            &format!(
                "| {number} | [{subject}](#{}) | {} | {decision} |",
                entry.id,
                claims.join(" | ")
            ),
        );
    }

    for entry in &record.entries {
        line(
            &mut text,
            &format!("\n## {}\n\n{}\n", entry.id, flow(&entry.subject)),
        );
        for claim in &entry.claims {
            line(
                &mut text,
                &format!(
                    "- {} (`{}`): {}",
                    place(&record, claim),
                    claim.section,
                    flow(&claim.says)
                ),
            );
            for basis in basis(&record, facts, claim) {
                line(&mut text, &format!("  {basis}"));
            }
        }
        line(
            &mut text,
            &format!("\n**Decision.** {}\n", flow(&entry.decision)),
        );
        line(&mut text, &format!("**Why.** {}\n", flow(&entry.why)));
        line(
            &mut text,
            &format!("**What would change it.** {}", flow(&entry.revisit)),
        );
        if !entry.document.is_empty() {
            line(&mut text, "\nIn the document:\n");
        }
        for expectation in &entry.document {
            let value = expectation
                .value
                .as_ref()
                .map_or("absent".to_owned(), |value| format!("`{value}`"));
            line(&mut text, &format!("- `{}`: {value}", expectation.pointer));
        }
        match &entry.not_on_the_wire {
            Some(reason) => line(&mut text, &format!("\nNo test: {}", flow(reason))),
            None => line(&mut text, "\nProved by:\n"),
        }
        for test in &entry.tests {
            line(&mut text, &format!("- `{test}`"));
        }
    }
    Ok(text)
}

/// Where the source says it: page, heading and language, as far as they are known.
fn place(record: &Record, claim: &Claim) -> String {
    let section = record.sections.get(&claim.section);
    let heading = section.map_or(&claim.section, |section| &section.heading);
    let page = section
        .and_then(|section| record.pages.get(section.page.as_ref()?))
        .map_or(String::new(), |title| format!("{title}, "));
    let language = claim
        .language
        .as_ref()
        .map_or(String::new(), |language| format!(", in `{language}`"));
    format!("{page}*{heading}*{language}")
}

/// What the claim rests on: facts with their lines, or what its section does not have, and why nothing else is cited. Empty if no
/// page has recorded facts.
fn basis(record: &Record, facts: &[Recorded], claim: &Claim) -> Vec<String> {
    if facts.is_empty() {
        return Vec::new();
    }
    let mut recorded = facts.iter();
    let Some(recorded) = recorded.find(|recorded| is_of(record, claim, recorded)) else {
        let language = claim.language.as_ref();
        let language = language.map_or(String::new(), |language| format!(" in `{language}`"));
        return vec![format!("No capture of this page{language} is recorded.")];
    };
    let cited = claim.facts.iter().map(|id| {
        let fact = recorded.facts.iter().find(|fact| fact.id == *id);
        let line = fact.map_or(String::new(), |fact| format!(" in line {}", fact.line));
        format!("`{id}`{line}")
    });
    let silent = claim.silent.iter().map(|id| format!("no `{id}`"));
    let places: Vec<String> = cited.chain(silent).collect();
    let places = (!places.is_empty()).then(|| format!("Rests on {}.", places.join(", ")));
    let reason = claim.not_stated.as_deref();
    let reason = reason.map(|reason| format!("Not among the recorded facts: {}", flow(reason)));
    places.into_iter().chain(reason).collect()
}

fn claims_of<'a>(record: &Record, entry: &'a Entry, part: &str) -> Vec<&'a str> {
    let belongs = |section: &str| {
        record
            .sections
            .get(section)
            .is_some_and(|section| section.part == part)
    };
    entry
        .claims
        .iter()
        .filter(|claim| belongs(&claim.section))
        .map(|claim| claim.says.as_str())
        .collect()
}

fn cell(text: &str) -> String {
    flow(text).replace('|', "\\|")
}

/// Joins the lines of a text into one.
fn flow(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
