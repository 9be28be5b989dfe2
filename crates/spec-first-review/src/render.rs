//! Renders a review for people and programs: the same facts in several formats.
//!
//! Turns a [`Review`] into text and does nothing else: the caller decides where the text goes, and whether it may be coloured. Text
//! from a document is never trusted: it is escaped for the format, and truncated if it is too long, with a note of how much was
//! left out.

mod changelog;
mod entry;
mod excerpt;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod rust;
mod sarif;
mod text;
mod wording;

use std::{collections::BTreeMap, fmt, str::FromStr};

#[cfg(feature = "schemars")]
pub use json::json_schema;

use crate::Review;
use entry::Entries;

/// The building blocks for reports of other findings, so that they look and escape like a review.
pub mod parts {
    pub use super::github::{ANNOTATIONS, command};
    pub use super::json::pretty;
    #[cfg(feature = "schemars")]
    pub use super::json::written_schema;
    pub use super::markdown::escape::{code, inline};
    pub use super::sarif::{RESULTS, escape, location, log};
    pub use super::wording::{LONGEST, shown};
}

/// The formats of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For a terminal, with the changed lines.
    Text,
    /// A comment on a pull request, which begins with [`COMMENT_MARKER`] and is never longer than GitHub allows.
    Markdown,
    /// For programs, as described by `review.schema.json`.
    Json,
    /// Workflow commands that GitHub turns into annotations. GitHub shows ten for each level and step, so breaking changes come
    /// first.
    Github,
    /// SARIF 2.1.0, for GitHub's code scanning and for editors.
    Sarif,
    /// A single self-contained page.
    Html,
    /// JUnit XML, for CI servers: changes that fail the review are failures, and acknowledged ones are skipped.
    Junit,
    /// Release notes in Markdown: every change in one sentence, under what was added, changed, deprecated and removed.
    Changelog,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Markdown,
        Self::Json,
        Self::Github,
        Self::Sarif,
        Self::Html,
        Self::Junit,
        Self::Changelog,
    ];

    /// The name of the format in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Changelog => "changelog",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let format = Self::ALL.into_iter().find(|format| format.as_str() == name);
        format.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The error for an unknown format name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no format `{0}`; use one of: {names}", names = Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat(String);

/// The first line of every Markdown comment, which is not visible: a workflow finds its own comment by it.
pub const COMMENT_MARKER: &str = "<!-- spec-first-review -->";

/// What to show besides the changes, and how.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Presentation {
    /// Whether text is coloured. Default: no.
    pub colour: bool,
    /// Whether text shows the lines of each change, the affected clients, and the attachments, instead of one line. Default: no.
    pub details: bool,
    /// Sentences to show below the verdict, for example about version numbers; literals between backticks.
    pub notes: Vec<String>,
    /// Further effects of the change, shown in text, Markdown, JSON and HTML.
    pub attachments: Vec<Attachment>,
    /// The reason why each acknowledged change was accepted, by its index in [`Review::changes`].
    pub acknowledged: BTreeMap<usize, String>,
    /// The file with acknowledgements. If there is one, text, Markdown, JSON and HTML show the missing entries, ready to paste.
    pub acknowledgement_file: Option<AcknowledgementFile>,
}

/// The file that [`Acknowledgements`](crate::Acknowledgements) are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgementFile {
    /// The path to show.
    pub path: String,
    /// The version of the document at which a new entry expires.
    pub until: String,
}

/// A difference between two texts that belongs to the review, for example between two versions of the generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What differs.
    pub title: String,
    /// The differences, as a unified diff.
    pub diff: String,
}

/// Renders the review in a format; each line ends with a line feed.
pub fn render(review: &Review, format: Format, presentation: &Presentation) -> String {
    let entries = Entries::new(review, presentation);
    match format {
        Format::Text => text::render(&entries),
        Format::Markdown => markdown::render(&entries),
        Format::Json => json::render(&entries),
        Format::Github => github::render(&entries),
        Format::Sarif => sarif::render(&entries),
        Format::Html => html::render(&entries),
        Format::Junit => junit::render(&entries),
        Format::Changelog => changelog::render(&entries),
    }
}
