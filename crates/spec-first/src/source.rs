//! `spec-first source`: reads a vendor's documentation pages as facts, and detects when they change.

mod files;
mod render;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use spec_first_document::Finding;
use spec_first_document::literal::printable;
use spec_first_ledger::Record;
use spec_first_ledger::source::{Drift, Form, Format as DriftFormat, Recorded, drift};

use crate::terminal::{plural, tell, write};
use crate::{Error, Project};
pub use files::facts_files;
use files::{Captured, Ledger};

/// The help text below the subcommands.
pub const HELP: &str = "\
A capture is a documentation page saved as text, Markdown or HTML. It is untrusted data: at most 4 MiB \
are read, nothing in it is executed or followed, and output is escaped.

Facts are recorded in the folder `facts` beside the document, one file per page.

Pages in English, Spanish and Portuguese, in Mintlify's layout, are understood. To add a language or a \
documentation system, pass a file with `--labels` or `--layout`, or set it in `[source]` of \
spec-first.toml.

Exit codes: 0 nothing to report, 1 changes, contradictions or disagreements, 2 the command failed.";

/// The arguments of `spec-first source`.
#[derive(Args, Clone, Debug)]
pub struct SourceArguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Clone, Debug, Subcommand)]
enum Task {
    /// Print the facts of captures, and the lines that were not understood
    Facts(Reading),
    /// Find contradictions within pages, between them, and with the document
    Check(Reading),
    /// Compare captures with the recorded facts, and list the decisions that changes may overturn
    Diff(Comparing),
    /// Record the facts of captures, after you have updated the record and the document
    Accept(Accepting),
}

#[derive(Args, Clone, Debug)]
struct Capturing {
    /// Captures to read; `-` for standard input
    #[arg(value_name = "CAPTURE", required = true)]
    captures: Vec<PathBuf>,
    /// Name of the page; a second capture of a page has a suffix, as in `update.pt`
    /// [default: the recorded page about the same operation]
    #[arg(long, value_name = "NAME")]
    page: Option<String>,
    /// Form of the captures [default: detected]
    #[arg(long, value_enum)]
    form: Option<FormName>,
    /// Layout of the documentation system [default: `layout` in spec-first.toml, or Mintlify]
    #[arg(long, value_name = "FILE")]
    layout: Option<PathBuf>,
    /// Words of another language; may be repeated
    #[arg(long, value_name = "FILE")]
    labels: Vec<PathBuf>,
}

#[derive(Args, Clone, Debug)]
struct Accepting {
    #[command(flatten)]
    capturing: Capturing,
    /// Treat captures as complete even if they appear to be cut off
    #[arg(long)]
    whole: bool,
    /// Record captures that are cut off; what follows is unknown
    #[arg(long, conflicts_with = "whole")]
    partial: bool,
}

#[derive(Args, Clone, Debug)]
struct Reading {
    #[command(flatten)]
    capturing: Capturing,
    /// Output format
    #[arg(long, value_enum, default_value_t = ReadingFormat::Text)]
    format: ReadingFormat,
}

#[derive(Args, Clone, Debug)]
struct Comparing {
    #[command(flatten)]
    capturing: Capturing,
    /// Output format
    #[arg(long, value_enum, default_value_t = ComparingFormat::Text)]
    format: ComparingFormat,
    /// Where to write the result [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormName {
    Text,
    Markdown,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReadingFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ComparingFormat {
    Text,
    Markdown,
    Json,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Text => Self::Text,
            FormName::Markdown => Self::Markdown,
            FormName::Html => Self::Html,
        }
    }
}

impl From<ComparingFormat> for DriftFormat {
    fn from(format: ComparingFormat) -> Self {
        match format {
            ComparingFormat::Text => Self::Text,
            ComparingFormat::Markdown => Self::Markdown,
            ComparingFormat::Json => Self::Json,
        }
    }
}

/// Runs the command; returns whether there is nothing to report. `command` is named in the files it writes as the command that
/// generated them.
///
/// # Errors
/// A capture or a project file cannot be read, or the page of a capture is ambiguous.
pub fn run(project: &Project, arguments: &SourceArguments, command: &str) -> Result<bool, Error> {
    match &arguments.task {
        Task::Facts(reading) => facts(project, reading),
        Task::Check(reading) => check(project, reading),
        Task::Diff(comparing) => diff(project, comparing),
        Task::Accept(accepting) => accept(project, accepting, command),
    }
}

/// Reads the captures one at a time, so that only what `take` returns stays in memory.
fn captures<T>(
    project: &Project,
    capturing: &Capturing,
    take: impl Fn(Captured) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    if capturing.page.is_some() && capturing.captures.len() > 1 {
        return Err(Error::Usage {
            message: "`--page` cannot be used with several captures".to_owned(),
            hint: "run the command once for each capture".to_owned(),
        });
    }
    let labels = files::labels(project, capturing.layout.as_deref(), &capturing.labels)?;
    let form = capturing.form.map(Form::from);
    let paths = capturing.captures.iter();
    paths
        .map(|path| take(Captured::read(path, form, &labels)?))
        .collect()
}

fn facts(project: &Project, reading: &Reading) -> Result<bool, Error> {
    let capturing = &reading.capturing;
    match reading.format {
        ReadingFormat::Text => {
            captures(project, capturing, |capture| {
                write(None, &printable(&render::facts(&capture)))
            })?;
        }
        ReadingFormat::Json => {
            let pages = captures(project, capturing, |capture| {
                Ok(render::facts_json(&capture))
            })?;
            write(None, &render::pretty(&json!({ "pages": pages })))?;
        }
    }
    Ok(true)
}

fn check(project: &Project, reading: &Reading) -> Result<bool, Error> {
    let captures = captures(project, &reading.capturing, Ok)?;
    let document = files::document_if_there(project)?;
    let checked: Vec<_> = captures
        .iter()
        .map(|capture| render::Checked::of(capture, document.as_ref()))
        .collect();
    let between = render::between(&captures);
    let text = match reading.format {
        ReadingFormat::Text => printable(&render::checked(&checked, &between)).into_owned(),
        ReadingFormat::Json => render::checked_json(&checked, &between),
    };
    write(None, &text)?;
    Ok(between.is_empty() && checked.iter().all(render::Checked::is_in_order))
}

fn diff(project: &Project, comparing: &Comparing) -> Result<bool, Error> {
    let captures = captures(project, &comparing.capturing, Ok)?;
    let ledger = Ledger::read(project)?;
    let document = files::document_if_there(project)?;
    let mut drifts: Vec<Drift> = Vec::new();
    for capture in &captures {
        let recorded = ledger.page(
            capture,
            comparing.capturing.page.as_deref(),
            document.as_ref(),
        )?;
        if !recorded.facts.is_empty() {
            capture
                .check_facts("check that it is the page; `source facts` shows how it is read")?;
        }
        drifts.push(drift(
            recorded,
            &capture.page,
            ledger.record.as_ref(),
            document.as_ref(),
        ));
    }
    let mut text = DriftFormat::from(comparing.format).render(&drifts);
    if comparing.format == ComparingFormat::Text {
        text = printable(&text).into_owned();
    }
    write(comparing.output.as_deref(), &text)?;
    let count: usize = drifts.iter().map(|drift| drift.changes.len()).sum();
    if count > 0 {
        tell(format_args!(
            "error: {} since the facts were recorded",
            plural(count, "change", "changes")
        ));
        tell(
            "hint: change the record and the document where they no longer hold, then run `source accept`",
        );
    }
    Ok(count == 0)
}

fn accept(project: &Project, accepting: &Accepting, command: &str) -> Result<bool, Error> {
    let Accepting {
        capturing,
        whole,
        partial,
    } = accepting;
    let captures = captures(project, capturing, Ok)?;
    let ledger = Ledger::read(project)?;
    let document = files::document_if_there(project)?;
    let mut accepted: Vec<Recorded> = Vec::new();
    for capture in &captures {
        let name = match &capturing.page {
            Some(name) => name.clone(),
            None => ledger.page(capture, None, document.as_ref())?.page.clone(),
        };
        let mut recorded = Recorded::of(&name, &capture.page);
        if *whole {
            recorded.cut_off = None;
        }
        if let Some(line) = recorded.cut_off.filter(|_| !partial) {
            return Err(Error::Usage {
                message: format!(
                    "`{}` is cut off in line {line}: what is below it would be recorded as absent",
                    capture.path
                ),
                hint: "capture the whole page, pass `--whole` if it is complete, or `--partial` to record what there is"
                    .to_owned(),
            });
        }
        if !whole && !partial {
            let hint = "check that it is the page, or pass `--whole` to record that it states none";
            capture.check_facts(hint)?;
        }
        if accepted.iter().any(|other| other.page == recorded.page) {
            return Err(Error::Usage {
                message: format!("several captures are of the page `{}`", recorded.page),
                hint: "record each by itself, with another `--page`".to_owned(),
            });
        }
        accepted.push(recorded);
    }
    for recorded in &accepted {
        let path = ledger.write(project, recorded, command)?;
        tell(format_args!("wrote {path}"));
    }
    Ok(true)
}

/// Reads the record.
fn record(file: &spec_first_document::Document) -> Result<Record, Finding> {
    Record::read(file)
}
