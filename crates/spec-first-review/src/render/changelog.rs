//! Release notes in Markdown, with the headings of <https://keepachangelog.com>: every change in one sentence, breaking changes
//! first.
//!
//! Text from a document is only written in code spans, where nothing is markup, a link or a mention.

use std::fmt::Write;

use super::entry::{Entries, Entry, Standing, Told};
use super::markdown::escape::{code, inline};
use super::wording::{LONGEST, shown};
use crate::Row;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    Added,
    Changed,
    Deprecated,
    Removed,
}

pub(super) fn render(entries: &Entries<'_>) -> String {
    let mut text = match entries.versions() {
        Some((base, head)) if base != head => {
            let [base, head] = [base, head].map(|version| code(&shown(version, 40)));
            format!("## {head}\n\nChanges since {base}.\n")
        }
        _ => "## Unreleased\n".to_owned(),
    };
    if entries.all.is_empty() {
        text.push_str("\nNo changes.\n");
    }
    let is_one = entries.are_of_one_document();
    let told = entries.together();
    for (heading, title) in [
        (Heading::Added, "Added"),
        (Heading::Changed, "Changed"),
        (Heading::Deprecated, "Deprecated"),
        (Heading::Removed, "Removed"),
    ] {
        let told = told.iter();
        let of_heading = told.filter(|told| Heading::of(told.entry) == heading);
        for (index, told) in of_heading.enumerate() {
            if index == 0 {
                _ = write!(text, "\n### {title}\n\n");
            }
            let document = (!is_one).then_some(&*told.entry.change.subject.path);
            _ = writeln!(text, "- {}", item(told, document));
        }
    }
    text
}

impl Heading {
    fn of(entry: &Entry<'_>) -> Self {
        let is_there = |name| {
            let mut sides = entry.sides();
            sides.any(|side| side.name == name && side.is_there())
        };
        match entry.change.row {
            Row::Deprecated if entry.change.is_removal => Self::Changed,
            Row::Deprecated | Row::Sunset => Self::Deprecated,
            row if !is_named(row) => Self::Changed,
            _ if !is_there("base") => Self::Added,
            _ if !is_there("head") => Self::Removed,
            _ => Self::Changed,
        }
    }
}

/// Whether the row is about something with a name, which can be added and removed. Anything else is a rule that changed.
fn is_named(row: Row) -> bool {
    matches!(
        row,
        Row::Operation
            | Row::Parameter
            | Row::PropertyAdded
            | Row::PropertyDropped
            | Row::RequiredPropertyAdded
            | Row::RequiredPropertyDropped
            | Row::Enum
            | Row::Alternative
            | Row::RequestBody
            | Row::RequestMediaType
            | Row::ResponseMediaType
            | Row::ResponseBody
            | Row::SuccessStatus
            | Row::OtherStatus
            | Row::Header
            | Row::Scopes
            | Row::Server
            | Row::Callback
            | Row::Webhook
            | Row::Link
    )
}

/// A change in one sentence, marked if it breaks clients or may do so.
fn item(told: &Told<'_, '_>, document: Option<&str>) -> String {
    let warning = match told.entry.standing {
        Standing::Breaking | Standing::Acknowledged => "**Breaking:** ",
        Standing::Undecided | Standing::Warning => "**May break:** ",
        Standing::Harmless => "",
    };
    let mut sentence = told.sentence.clone();
    if warning.is_empty()
        && let Some(first) = sentence.get(..1)
    {
        sentence.replace_range(..1, &first.to_ascii_uppercase());
    }
    let document = document.map_or_else(String::new, |name| {
        format!(" (in {})", code(&shown(name, LONGEST)))
    });
    format!("{warning}{}{document}.", inline(&shown(&sentence, LONGEST)))
}
