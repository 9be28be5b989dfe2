//! `spec-first review`: what changes between two states of the documents, and whether clients or servers break.
//!
//! What breaks is for `spec-first-review` to say, and what the generated client is called for `spec-first-codegen`. This module finds
//! the documents, and puts beside the review what the project knows: versions and acknowledgements.

mod acknowledgements;
mod attachments;
mod generated;
mod sides;
mod versions;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use spec_first_document::{Finding, escape_workflow_commands};
use spec_first_review::render::{Attachment, Format, Presentation, render};
use spec_first_review::{Change, Options, Review, Verdict, version_step};

use crate::addresses::Addresses;
pub use crate::configuration::FailOn;
use crate::configuration::Target;
use crate::sources::Source;
use crate::terminal::{is_coloured, plural, tell, tell_finding, write};
use crate::{Error, Project};

pub use attachments::attachment;
use generated::Surfaces;

/// What the help of a review says below its options.
pub const HELP: &str = "\
Acknowledging: a breaking or undecided change is accepted by an entry in `acknowledged.yaml`
beside the document. `--acknowledge` writes the entries. An entry that no longer matches a change,
or whose `until` the document's version has reached, is out of date; `2.0.0-rc.1` has not
reached `2.0.0`.

Versions: the notes say which bump of `info.version` the changes require, and whether it was made.
A missing bump is not a failure, since one bump may cover several changes.

Notes: parts of a document that cannot be compared, such as a limit in quotes, are listed as notes.
Notes do not affect the exit code.

Exit codes: 0 nothing breaks; 1 a change covered by `--fail-on` is not acknowledged, or an
acknowledgement is out of date (never with `--fail-on none`); 2 the review failed.";

/// How a review is written, and what it is for.
#[derive(Args, Clone, Debug)]
pub struct Presenting {
    /// Output format
    #[arg(long, default_value_t = Format::Text, value_parser = formats())]
    format: Format,
    /// Write release notes in Markdown, including harmless changes; same as `--format changelog`
    #[arg(long, conflicts_with = "format")]
    changelog: bool,
    /// Show the lines of each change, who breaks and why (text only)
    #[arg(long)]
    details: bool,
    /// Which changes fail the review, with exit code 1 [default: `fail-on` in the configuration, else undecided]
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    /// Where to write the review [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Acknowledge each change that fails the review; asks for the reasons on a terminal
    #[arg(long)]
    acknowledge: bool,
    /// Reason for all entries that `--acknowledge` writes
    #[arg(long, value_name = "TEXT", requires = "acknowledge")]
    why: Option<String>,
    /// Version of the document, or date, at which these entries expire [default: after the next version]
    #[arg(long, value_name = "VERSION_OR_DAY", requires = "acknowledge")]
    until: Option<String>,
}

/// A document in two states.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The old state.
    pub base: Source,
    /// The new state.
    pub head: Source,
    /// What to say about the pair, for example that there was no document before.
    note: Option<String>,
}

/// What a program that calls [`run`] shows beside the review of a document.
pub type Additions<'a> = dyn Fn(&Comparison, &Review) -> Result<Vec<Attachment>, Error> + 'a;

/// A document with everything that is known about its change.
struct Reviewed<'a> {
    comparison: &'a Comparison,
    review: Review,
    surfaces: Surfaces,
    target: Option<&'a Target>,
    /// Whether the step of `info.version` is one of the changes.
    has_version_policy: bool,
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str)).try_map(|name| name.parse())
}

/// Finds what is compared: the documents of the project, or those that are named.
///
/// A side is a file, `-` for standard input, a git revision, or a path in a revision as `REVISION:PATH`. Without a base, it is the
/// commit where the default branch was left; without a head, it is the working tree.
///
/// # Errors
/// A side cannot be found, or it does not say which document is meant.
pub fn comparisons(
    project: &Project,
    base: Option<&str>,
    head: Option<&str>,
) -> Result<Vec<Comparison>, Error> {
    sides::comparisons(project, base, head)
}

/// Reviews the documents together and writes the review; returns whether everything is in order.
///
/// # Errors
/// A document or an acknowledgement cannot be read, or the review cannot be written.
pub fn run(
    project: &Project,
    comparisons: &[Comparison],
    presenting: &Presenting,
    additions: &Additions<'_>,
) -> Result<bool, Error> {
    let format = match presenting.changelog {
        true => Format::Changelog,
        false => presenting.format,
    };
    let mut all = Vec::new();
    for comparison in comparisons {
        all.push(Reviewed::new(project, comparison)?);
    }
    if presenting.acknowledge {
        let answers = acknowledgements::Answers {
            why: presenting.why.as_deref(),
            until: presenting.until.as_deref(),
        };
        acknowledgements::write_entries(project, &all, &answers)?;
    }
    let mut acknowledged = acknowledgements::apply(project, &all)?;

    let mut presentation = Presentation::default();
    presentation.colour = presenting.output.is_none() && is_coloured(&io::stdout());
    presentation.details = presenting.details;
    presentation.notes = acknowledged
        .findings
        .iter()
        .map(Finding::to_string)
        .collect();
    let open = all.iter().zip(&acknowledged.reasons);
    let open = open.filter(|(reviewed, reasons)| reviewed.has_open_changes(reasons));
    let paths = acknowledgements::paths(project, open.map(|(reviewed, _)| reviewed));
    if format != Format::Text
        && let [reviewed] = &all[..]
    {
        presentation.acknowledgement_file = Some(acknowledgements::file(project, reviewed));
    }
    let mut merged: Option<Review> = None;
    for (reviewed, reasons) in all.iter().zip(acknowledged.reasons.drain(..)) {
        let name = (all.len() > 1).then_some(reviewed.comparison.head.path());
        let notes = reviewed.notes(&reasons)?;
        presentation
            .notes
            .extend(notes.into_iter().map(|note| match name {
                Some(name) => format!("`{name}`: {note}"),
                None => note,
            }));
        presentation.attachments.extend(reviewed.surface());
        let added = additions(reviewed.comparison, &reviewed.review)?;
        presentation.attachments.extend(added);
        let offset = merged.as_ref().map_or(0, |merged| merged.changes.len());
        let reasons = reasons.into_iter();
        let reasons = reasons.map(|(index, reason)| (offset + index, reason));
        presentation.acknowledged.extend(reasons);
        match &mut merged {
            Some(merged) => merged.append(reviewed.review.clone()),
            None => merged = Some(reviewed.review.clone()),
        }
    }
    let Some(mut review) = merged else {
        return Ok(true);
    };
    if matches!(format, Format::Github | Format::Sarif) {
        let are_of_project = comparisons.iter().all(|each| each.head.is_of_repository());
        Addresses::new(project, are_of_project).rename_all(&mut review);
    }
    let mut text = render(&review, format, &presentation);
    if format == Format::Text {
        text = escape_workflow_commands(&text).into_owned();
    }
    write(presenting.output.as_deref(), &text)?;
    let open = open_changes(&review, &presentation);
    let fail_on = presenting
        .fail_on
        .unwrap_or(project.configuration().fail_on);
    let is_brief = format == Format::Text && !presenting.details;
    Ok(judge(
        fail_on,
        &open,
        &acknowledged.findings,
        &paths,
        is_brief,
    ))
}

impl<'a> Reviewed<'a> {
    fn new(project: &'a Project, comparison: &'a Comparison) -> Result<Self, Error> {
        let (base, head) = (&comparison.base, &comparison.head);
        for document in [base, head] {
            document.read()?;
        }
        let configuration = project.configuration();
        let sides = [head, base].into_iter();
        let target = sides
            .filter(|side| side.is_of_repository())
            .find_map(|side| configuration.target(side.path()));
        let surfaces = match target {
            Some(_) => Surfaces::of(base, head)?,
            None => Surfaces::not_generated(),
        };
        let mut options = Options::default();
        options.policy = configuration.policy();
        // The configuration was read with its patterns.
        options.paths = configuration.paths().unwrap_or_default();
        options.today = Some(jiff::Timestamp::now().strftime("%Y-%m-%d").to_string());
        options.minimum_notice_days = configuration.minimum_notice_days;
        options.version_policy = configuration.version_policy;
        options.surface = surfaces.compared.clone();
        options.document = Some(acknowledgements::name_of_document(project, head));
        let review = spec_first_review::review(base.input(), head.input(), &options);
        let review = review.map_err(|finding| in_base(finding, base, &options))?;
        Ok(Self {
            comparison,
            review,
            surfaces,
            target,
            has_version_policy: configuration.version_policy,
        })
    }

    /// Whether somebody would have to acknowledge a change, and nobody did.
    fn has_open_changes(&self, reasons: &BTreeMap<usize, String>) -> bool {
        let mut changes = (0..).zip(&self.review.changes);
        changes
            .any(|(index, change)| change.needs_acknowledgement() && !reasons.contains_key(&index))
    }

    /// What to say about the document and the versions.
    fn notes(&self, reasons: &BTreeMap<usize, String>) -> Result<Vec<String>, Error> {
        let Comparison { base, head, note } = self.comparison;
        let mut notes: Vec<String> = note.iter().cloned().collect();
        if base.is_lacking() || head.is_lacking() {
            return Ok(notes);
        }
        if !self.has_version_policy {
            let changes = self.review.changes.iter().enumerate();
            let step =
                version_step(changes.map(|(index, change)| (change, reasons.contains_key(&index))));
            notes.extend(versions::note_on_document(&self.review, step));
        }
        let step = self.review.rust_step();
        notes.extend(versions::note_on_crates(base, head, step)?);
        Ok(notes)
    }

    /// What changes on the surface of the generated client.
    fn surface(&self) -> Option<Attachment> {
        attachments::surface(&self.surfaces, &self.target?.surface)
    }
}

/// The finding, which says so if it is about the base: files of both sides have the same paths.
fn in_base(mut finding: Finding, base: &Source, options: &Options) -> Finding {
    if spec_first_review::review(base.input(), base.input(), options).is_err() {
        let revision = base.commit().map_or_else(String::new, |(name, commit)| {
            format!(", revision `{name}` (commit {commit:.12})")
        });
        finding
            .message
            .push_str(&format!("; this is in the base{revision}"));
    }
    finding
}

/// The changes that somebody would have to acknowledge, and nobody did.
fn open_changes<'a>(review: &'a Review, presentation: &Presentation) -> Vec<&'a Change> {
    let changes = review.changes.iter().enumerate();
    changes
        .filter(|(index, change)| {
            change.needs_acknowledgement() && !presentation.acknowledged.contains_key(index)
        })
        .map(|(_, change)| change)
        .collect()
}

/// Says on standard error why the review fails; returns whether it does not.
fn judge(
    fail_on: FailOn,
    open: &[&Change],
    findings: &[Finding],
    paths: &[String],
    is_brief: bool,
) -> bool {
    let verdicts: &[Verdict] = match fail_on {
        FailOn::None => return true,
        FailOn::Breaking => &[Verdict::Breaking],
        FailOn::Undecided => &[Verdict::Breaking, Verdict::Undecided],
    };
    for finding in findings {
        tell_finding(finding);
        tell("");
    }
    let failing = open
        .iter()
        .filter(|change| verdicts.contains(&change.verdicts.backward.verdict));
    let count = failing.count();
    if count > 0 {
        let names: Vec<&str> = verdicts.iter().map(|verdict| verdict.as_str()).collect();
        tell(format_args!(
            "error: {} {} and not acknowledged",
            plural(count, "change is", "changes are"),
            names.join(" or "),
        ));
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let details = if is_brief {
            "; `--details` shows the lines"
        } else {
            ""
        };
        tell(format_args!(
            "hint: revert the change, or acknowledge it in {} with `--acknowledge`{details}",
            paths.join(", "),
        ));
    }
    count == 0 && findings.is_empty()
}
