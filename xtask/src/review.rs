//! `cargo xtask review`: what a change of the document breaks, and for whom, in front of the reviewer.
//!
//! What breaks is for `spec-first-review` to say, what the generated client is called for `spec-first-codegen`. This module finds the
//! documents, and puts beside the review what the repository knows: versions, snapshots, acknowledgements.

mod acknowledgements;
mod attachments;
mod generated;
mod git;
mod reconciliation;
mod sources;
mod versions;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::{env, fs};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use spec_first_document::Finding;
use spec_first_review::render::{Format, Presentation, render};
use spec_first_review::{Change, Options, Review, Verdict, review};

use crate::process;
use crate::workspace::Workspace;

use generated::Surfaces;
use sources::Source;

/// What the help says below the options.
pub(crate) const HELP: &str = "\
A name that is both a file and a revision is the file. A revision is compared as it is; what a
branch changed, `--base \"$(git merge-base origin/main HEAD)\"` compares.

Acknowledging: what is breaking or undecided goes through with an entry in `acknowledged.yaml`
beside the document of the head; the formats for people and JSON have the entries to paste. An entry that matches
nothing any more, or whose `until` the document's version has reached, is out of date.

Versions: the notes say which step of `info.version` and of the crates' version the change asks for,
and whether it was taken. A step that is missing does not fail by itself, since one step may be taken
for many changes; what breaks fails until somebody acknowledges it.

Notes: a part of a document that says nothing to the comparison, such as a limit in quotes, is listed as a
note. Notes never change the exit code.

Exit codes: 0 in order; 1 something that `--fail-on` names is not acknowledged, or an acknowledgement
is out of date (never with `--fail-on none`); 2 the review could not be done.";

/// The options of the task.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to compare with: a git revision, of which this repository's document is taken, or any OpenAPI document
    #[arg(long, value_name = "REVISION_OR_FILE")]
    base: String,
    /// What to review, in the same way [default: the working tree]
    #[arg(long, value_name = "REVISION_OR_FILE")]
    head: Option<String>,
    /// For whom
    #[arg(long, default_value_t = Format::Text, value_parser = formats())]
    format: Format,
    /// What makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Undecided)]
    fail_on: FailOn,
    /// Where to write the review [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What is not in order.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What breaks somebody
    Breaking,
    /// What breaks somebody, and what nobody can decide
    Undecided,
    /// Nothing
    None,
}

/// A review that could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot {action} `{path}`")]
    File {
        action: &'static str,
        path: String,
        source: io::Error,
    },

    #[error(
        "`{path}`{revision} is not UTF-8 text (line {line}, byte {byte}); save it in that encoding"
    )]
    NotText {
        path: String,
        revision: String,
        line: usize,
        byte: usize,
    },

    #[error("there is no `{path}`{revision}")]
    NoDocument { path: String, revision: String },

    #[error("`{name}` is a folder; name the document in it, for example `{name}/openapi.yaml`")]
    Folder { name: String },

    #[error(
        "there is no file `{name}`, and git knows no revision of that name; name one of the two"
    )]
    UnknownRevision { name: String },

    #[error(
        "there is no file `{name}`, and this clone, which is shallow, has no revision of that name; if there is one, get it with \
         `git fetch --deepen 100` or `git fetch --unshallow`, and in a workflow with `fetch-depth: 0` for actions/checkout"
    )]
    Shallow { name: String },

    #[error("there is no file `{name}`, and no git repository in which it could be a revision")]
    NoRepository { name: String },

    #[error("cannot write the review")]
    Output(#[source] io::Error),

    #[error(transparent)]
    Process(#[from] process::Error),
}

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str)).try_map(|name| name.parse())
}

/// Reviews, and says whether all is in order.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: &Arguments,
) -> Result<bool, Box<dyn std::error::Error>> {
    let root = workspace.root();
    let base = Source::find(root, &arguments.base)?;
    let head = match &arguments.head {
        Some(name) => Source::find(root, name)?,
        None => Source::working_tree(root)?,
    };
    let mut options = Options::default();
    options.today = Some(jiff::Timestamp::now().strftime("%Y-%m-%d").to_string());
    for document in [&base, &head] {
        document.read()?;
    }
    let surfaces = Surfaces::of(&base, &head)?;
    options.surface = surfaces.compared.clone();
    let review = review(base.input(), head.input(), &options)?;
    let acknowledged = acknowledgements::read(&head)??.apply(&review);

    let mut presentation = Presentation::default();
    presentation.acknowledged = acknowledged.reasons;
    presentation.colour = arguments.output.is_none() && is_coloured(&io::stdout());
    let open = open_changes(&review, &presentation);
    let findings = acknowledged.findings;
    presentation.notes = findings.iter().map(ToString::to_string).collect();
    presentation.acknowledgement_file = Some(acknowledgements::file(&head, &review));
    add_what_the_repository_knows(&mut presentation, &base, &head, &review, &surfaces)?;

    let text = render(&review, arguments.format, &presentation);
    write(arguments, &text)?;
    let path = acknowledgements::path(&head);
    Ok(judge(arguments.fail_on, &open, &findings, &path))
}

fn add_what_the_repository_knows(
    presentation: &mut Presentation,
    base: &Source,
    head: &Source,
    review: &Review,
    surfaces: &Surfaces,
) -> Result<(), Error> {
    let is_acknowledged = |index| presentation.acknowledged.contains_key(&index);
    let step = versions::step_of_document(review, is_acknowledged);
    let notes = &mut presentation.notes;
    notes.extend(versions::note_on_document(review, step));
    notes.extend(versions::note_on_crates(base, head, review.rust_step())?);
    let attachments = [
        attachments::surface(surfaces),
        attachments::wire(base, head)?,
        reconciliation::touched(base, head, review)?,
    ];
    presentation.attachments = attachments.into_iter().flatten().collect();
    Ok(())
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

/// Says on standard error why the review fails, and whether it does not.
fn judge(fail_on: FailOn, open: &[&Change], findings: &[Finding], path: &str) -> bool {
    let verdicts: &[Verdict] = match fail_on {
        FailOn::None => return true,
        FailOn::Breaking => &[Verdict::Breaking],
        FailOn::Undecided => &[Verdict::Breaking, Verdict::Undecided],
    };
    for finding in findings {
        eprintln!("{}\n", finding.render(is_coloured(&io::stderr())));
    }
    let failing = open
        .iter()
        .filter(|change| verdicts.contains(&change.verdicts.backward.verdict));
    let count = failing.count();
    if count > 0 {
        let names: Vec<&str> = verdicts.iter().map(|verdict| verdict.as_str()).collect();
        eprintln!(
            "error: {} {} and nobody acknowledged it",
            plural(count, "change is", "changes are"),
            names.join(" or "),
        );
        eprintln!(
            "hint: take it back, or say in `{path}` why it goes through; the formats text, markdown, json and html have what to paste"
        );
    }
    count == 0 && findings.is_empty()
}

fn write(arguments: &Arguments, text: &str) -> Result<(), Error> {
    let Some(path) = &arguments.output else {
        return match io::stdout().lock().write_all(text.as_bytes()) {
            // Whoever read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        };
    };
    fs::write(path, text).map_err(|source| Error::File {
        action: "write",
        path: path.display().to_string(),
        source,
    })
}

fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn plural(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
