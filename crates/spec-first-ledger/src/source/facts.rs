//! What a page states: facts, and the lines that were not understood.

mod arrangement;
mod curl;
mod end;
mod fields;
mod headings;
pub(crate) mod limits;
mod notation;
mod openapi;
mod operations;
mod prose;
mod reader;
mod samples;
mod statuses;
mod tables;

use serde_json::Value;

use super::labels::Labels;
use super::page::{self, Form};
use super::{Error, values};

/// How many facts are kept of one page.
pub(crate) const MAXIMUM_FACTS: usize = 2000;

/// How many other lines are.
pub(crate) const MAXIMUM_LINES: usize = 10_000;

/// One thing that a page states.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// Section, kind and name, such as `body/field/webhookUrl`; some kinds have no name, such as `endpoint/url`.
    pub id: String,
    /// The value, such as the type of a field.
    pub value: Value,
    /// The line of the capture, counted from one.
    pub line: u32,
}

impl Fact {
    /// The section that states it.
    pub fn section(&self) -> &str {
        parts(&self.id).0
    }

    /// Of a page about several operations, the one that it is about.
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

    /// Whether it is of the first sample of its section.
    pub(crate) fn is_of_first_sample(&self) -> bool {
        !parts(&self.id).1.contains('~')
    }
}

/// The name of a section without the capture or the operation that it is of, as in `get-v1-pets:responses`.
pub(crate) fn bare(section: &str) -> &str {
    section.rsplit(':').next().unwrap_or_default()
}

/// The section, kind and name of an id.
pub(crate) fn parts(id: &str) -> (&str, &str, &str) {
    let (section, rest) = id.split_once('/').unwrap_or((id, ""));
    let (kind, name) = rest.split_once('/').unwrap_or((rest, ""));
    (section, kind, name)
}

/// A line of prose, or of anything else that is not a fact in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The section that it is in.
    pub section: String,
    /// The line of the capture, counted from one.
    pub line: u32,
    /// The text.
    pub text: String,
    /// Whether facts were read from it.
    pub is_understood: bool,
}

impl Statement {
    /// What it is told from others by.
    pub fn digest(&self) -> String {
        values::digest(&self.text)
    }
}

/// A page, as far as it was understood.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// How it was captured.
    pub form: Form,
    /// The language that most of its headings are in.
    pub language: Option<String>,
    /// A digest of the whole capture.
    pub digest: String,
    /// The facts, in the order of the page.
    pub facts: Vec<Fact>,
    /// The lines that are not facts, in the order of the page.
    pub statements: Vec<Statement>,
    /// The sections, in the order of the page.
    pub sections: Vec<String>,
    /// The line at which the capture was cut off, if it was.
    pub cut_off: Option<u32>,
    pub(crate) end: End,
}

/// The end of a capture.
#[derive(Clone, Debug, Default)]
pub(crate) struct End {
    /// Whether it is the end of the page: what is on every page below its text is there.
    pub(crate) is_certain: bool,
    /// The last line.
    pub(crate) line: u32,
    /// The sections before and after the last thing that was read.
    pub(crate) sections: [String; 2],
    /// How many facts and statements are above the last thing that was read, such as a row or a command, which may not be whole.
    pub(crate) whole_facts: usize,
    pub(crate) whole_statements: usize,
}

impl Page {
    /// The facts with this id; ids are unique.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The method and the path template of the operation that the page is about, as each of its sections states it.
    pub fn operations(&self) -> Vec<(&str, String)> {
        operations(&self.facts)
    }

    /// The lines that nothing was read from.
    pub fn not_understood(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| !statement.is_understood)
    }
}

/// The method and the path of each operation that the facts are about, with the base path as far as it is stated: from each section
/// that states one, since they may contradict each other.
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
    // Any other section is only asked if none of these says so.
    let place = |section: &&str| SECTIONS.iter().position(|known| *known == bare(section));
    sections.sort_by_key(|section| place(section).unwrap_or(usize::MAX));
    sections.dedup();
    sections.into_iter().filter_map(operation).collect()
}

/// Reads what a capture states.
///
/// # Errors
/// The capture is too large, or states more than is kept of a page.
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
