//! What a page states: facts, and lines that were not understood.

mod arrangement;
mod components;
mod counterexamples;
mod curl;
mod end;
mod fields;
mod headings;
mod headless;
mod json;
mod labelled;
pub(crate) mod limits;
mod messages;
mod nesting;
mod notation;
mod openapi;
mod operations;
mod prose;
mod reader;
mod reasons;
mod samples;
mod statuses;
mod tables;
mod unread;

use serde_json::Value;

use super::labels::Labels;
use super::page::{self, Form};
use super::{Error, values};

/// The maximum number of facts per page.
pub(crate) const MAXIMUM_FACTS: usize = 2000;

/// The maximum number of other lines per page.
pub(crate) const MAXIMUM_LINES: usize = 10_000;

/// One thing that a page states.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// Section, kind and name, such as `body/field/webhookUrl`; some kinds have no name, such as `endpoint/url`.
    pub id: String,
    /// The value, such as the type of a field.
    pub value: Value,
    /// The line in the capture, starting at 1.
    pub line: u32,
}

impl Fact {
    /// The section that states it.
    pub fn section(&self) -> &str {
        parts(&self.id).0
    }

    /// The operation it is about, if the page describes several.
    pub(crate) fn operation(&self) -> Option<&str> {
        Some(self.section().split_once(':')?.0)
    }

    /// What kind of fact it is, such as `field` or `status`.
    pub fn kind(&self) -> &str {
        let kind = parts(&self.id).1;
        kind.split_once('~').map_or(kind, |(kind, _)| kind)
    }

    /// What it is about, such as the name of a field; empty for some kinds.
    pub fn name(&self) -> &str {
        parts(&self.id).2
    }

    /// Whether it comes from the first sample of its section.
    pub(crate) fn is_of_first_sample(&self) -> bool {
        !parts(&self.id).1.contains('~')
    }
}

/// The name of a section without its capture or operation, such as `responses` for `get-v1-pets:responses`.
pub(crate) fn bare(section: &str) -> &str {
    section.rsplit(':').next().unwrap_or_default()
}

/// The section, kind and name of an id.
pub(crate) fn parts(id: &str) -> (&str, &str, &str) {
    let (section, rest) = id.split_once('/').unwrap_or((id, ""));
    let (kind, name) = rest.split_once('/').unwrap_or((rest, ""));
    (section, kind, name)
}

/// A line that is not a fact in itself, such as prose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The section that it is in.
    pub section: String,
    /// The line in the capture, starting at 1.
    pub line: u32,
    /// The text.
    pub text: String,
    /// Whether facts were read from it.
    pub is_understood: bool,
}

impl Statement {
    /// A digest of its words, which identifies it.
    pub fn digest(&self) -> String {
        values::digest(&self.text)
    }
}

/// What was read from a page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// How it was captured.
    pub form: Form,
    /// The language of most of its headings.
    pub language: Option<String>,
    /// A digest of the whole capture.
    pub digest: String,
    /// The facts, in page order.
    pub facts: Vec<Fact>,
    /// The lines that are not facts, in page order.
    pub statements: Vec<Statement>,
    /// The sections, in page order.
    pub sections: Vec<String>,
    /// The line at which the capture was cut off, if it was.
    pub cut_off: Option<u32>,
    pub(crate) end: End,
}

/// The end of a capture.
#[derive(Clone, Debug, Default)]
pub(crate) struct End {
    /// Whether it is the end of the page for certain, because its footer was captured.
    pub(crate) is_certain: bool,
    /// The last line number.
    pub(crate) line: u32,
    /// The sections before and after the last item was read.
    pub(crate) sections: [String; 2],
    /// The number of facts and statements before the last item, such as a row or a command, which may be incomplete.
    pub(crate) whole_facts: usize,
    pub(crate) whole_statements: usize,
}

impl Page {
    /// The fact with this id.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The method and path template of the operation, as each section states it.
    pub fn operations(&self) -> Vec<(&str, String)> {
        operations(&self.facts)
    }

    /// The lines that no fact was read from.
    pub fn not_understood(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| !statement.is_understood)
    }
}

/// The method and path of each operation, including the base path where it is stated. Each section that states one is listed,
/// since sections may contradict each other.
pub(crate) fn operations(facts: &[Fact]) -> Vec<(&str, String)> {
    const SECTIONS: [&str; 4] = ["endpoint", "operation", "sample-request", "request-example"];
    let of = |section: &str, kind: &str| {
        let mut of_section = facts.iter().filter(|fact| fact.section() == section);
        of_section.find(|fact| fact.kind() == kind)?.value.as_str()
    };
    let operation = |section: &str| {
        let url = of(section, "url").or_else(|| of(section, "path"))?;
        Some((of(section, "method")?, values::path_template(url)))
    };
    let methods = facts.iter().filter(|fact| fact.kind() == "method");
    let mut sections: Vec<&str> = methods.map(Fact::section).collect();
    // Other sections come last.
    let place = |section: &&str| SECTIONS.iter().position(|known| *known == bare(section));
    sections.sort_by_key(|section| place(section).unwrap_or(usize::MAX));
    sections.dedup();
    sections.into_iter().filter_map(operation).collect()
}

/// Reads what a capture states.
///
/// # Errors
/// The capture is too large, or has too many facts or lines.
pub fn read(text: &str, form: Form, labels: &Labels) -> Result<Page, Error> {
    let lines = page::lines(form, text, &labels.layout)?;
    let is_cut_off = page::is_cut_off(form, text);
    let last_line = u32::try_from(text.trim_end().lines().count()).unwrap_or(u32::MAX);
    let reader = reader::Reader::new(lines, form, labels);
    let mut page = reader.read(is_cut_off, last_line.max(1))?;
    page.end.line = last_line.max(1);
    page.end.is_certain |= form == Form::Html && page::has_end(text);
    page.digest = format!("xxh3:{}", values::digest(text));
    Ok(page)
}
