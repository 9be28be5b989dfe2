//! `bench review`: two large documents through `openapi-review`, against the same through oasdiff and through drift.
//!
//! Each tool is a program that is started, reads two files and prints JSON, and is measured from outside: the time from its start to
//! its end, and the memory at its peak. oasdiff reads the documents in YAML; drift is a library that takes JSON, so both it and ours
//! read them in JSON there. drift's findings cannot be written as JSON, so of its program, and of ours beside it, the numbers of
//! changes are printed; beside oasdiff, the whole review is measured as well.
//!
//! oasdiff is a program of its own, from <https://github.com/oasdiff/oasdiff>; without it, nothing is compared with it.

pub mod documents;
pub mod files;
mod peers;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::report::{Aim, Report};
use crate::rounds::{self, Compared, Side};
use crate::usage::{self, Usage};
use crate::{Error, programs};
use peers::Peer;

/// The numbers of operations that are measured.
pub const SIZES: [usize; 3] = [100, 1_000, 10_000];

const AIM_BESIDE_OASDIFF: [Aim; 2] = [Aim::AtMost(1.0 / 8.0), Aim::AtMost(1.0 / 3.0)];
const AIM_BESIDE_DRIFT: [Aim; 2] = [Aim::AtMost(1.0), Aim::AtMost(1.0)];
const AIM_OF_GROWTH: [Aim; 2] = [Aim::AtMost(1.25), Aim::AtMost(1.25)];

const MEGABYTE: f64 = 1e6;

/// How many changes a tool reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub changes: usize,
    /// Those that break somebody.
    pub breaking: usize,
}

/// Documents of this size are measured in a third of the rounds: oasdiff takes longer for one than for all others together.
const LARGE: usize = 10_000;

/// A run of a tool on documents of one size.
struct Run<'a> {
    command: Box<dyn Fn() -> Result<Command, Error> + 'a>,
    /// What its figures are divided by.
    share: f64,
}

/// The files of the documents, and what the programs write.
struct Folder<'a>(&'a Path);

/// Measures every size in `rounds` rounds; the documents are left in `folder`.
///
/// # Errors
/// A program fails, or its files cannot be read or written.
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
        beside_oasdiff(rounds, &folder)?,
        beside_drift(rounds, &folder)?,
        growth(rounds, &folder)?,
    ])
}

/// How many rounds documents of this size are measured in.
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

    /// The arguments that name the two documents.
    fn documents(&self, operations: usize, extension: &str) -> [PathBuf; 2] {
        let path = |name: &str| self.of(operations).join(name).with_extension(extension);
        [path("base"), path("head")]
    }

    fn output(&self) -> PathBuf {
        self.0.join("output.json")
    }

    /// What a tool prints.
    fn printed<T: DeserializeOwned>(&self, command: &mut Command) -> Result<T, Error> {
        usage::measure(command, &self.output())?;
        let unreadable = |source| Error::Figures {
            program: command.get_program().display().to_string(),
            source,
        };
        let file = File::open(self.output()).map_err(|error| unreadable(error.into()))?;
        // Read as it comes, so that this program stays small.
        serde_json::from_reader(BufReader::new(file)).map_err(|error| unreadable(error.into()))
    }

    fn compare(
        &self,
        rounds: usize,
        first: &Run<'_>,
        second: &Run<'_>,
    ) -> Result<[Compared; 2], Error> {
        let mut memory = Vec::new();
        let time = rounds::compare(rounds, |side| {
            let run = match side {
                Side::First => first,
                Side::Second => second,
            };
            let Usage {
                duration,
                peak_memory,
                ..
            } = usage::measure(&mut (run.command)()?, &self.output())?;
            memory.push((side, peak_memory as f64 / MEGABYTE / run.share));
            Ok::<_, Error>(duration.as_secs_f64() * 1e3 / run.share)
        })?;
        Ok([time, rounds::of_pairs(&memory)])
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

fn beside_oasdiff(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let mut report = Report::new(
        "openapi-review against oasdiff, both from YAML.",
        ["openapi-review", "oasdiff"],
    );
    let Some(oasdiff) = Peer::oasdiff() else {
        report.note(format!(
            "nothing is compared: {}",
            peers::OASDIFF_IS_MISSING
        ));
        return Ok(report);
    };
    for operations in SIZES {
        let theirs = || {
            let mut command = oasdiff.command();
            command.args(["breaking", "--format", "json"]);
            command.args(folder.documents(operations, "yaml"));
            Ok(command)
        };
        for (output, what) in [("counts", "numbers only"), ("review", "all as JSON")] {
            let first = Run::of(|| ours(folder, operations, "yaml", output));
            let compared =
                folder.compare(rounds_of(operations, rounds), &first, &Run::of(theirs))?;
            add(
                &mut report,
                &format!("{operations} operations, {what}"),
                &compared,
                AIM_BESIDE_OASDIFF,
            );
        }
        let counts: Counts = folder.printed(&mut ours(folder, operations, "yaml", "counts")?)?;
        let reported: Vec<IgnoredAny> = folder.printed(&mut theirs()?)?;
        report.note(format!(
            "of {} changes to {operations} operations, openapi-review reports {} ({} break somebody); oasdiff has {} \
             entries for what breaks, one for each operation.",
            documents::CHANGES, counts.changes, counts.breaking, reported.len()
        ));
    }
    Ok(report)
}

fn beside_drift(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let mut report = Report::new(
        "openapi-review against drift, both from JSON.",
        ["openapi-review", "drift"],
    );
    for operations in SIZES {
        let theirs = || {
            let mut command = Command::new(programs::sibling("review-drift")?);
            command.args(folder.documents(operations, "json"));
            Ok(command)
        };
        let first = Run::of(|| ours(folder, operations, "json", "counts"));
        let compared = folder.compare(rounds_of(operations, rounds), &first, &Run::of(theirs))?;
        add(
            &mut report,
            &format!("{operations} operations"),
            &compared,
            AIM_BESIDE_DRIFT,
        );
        let [our_counts, their_counts]: [Counts; 2] = [
            folder.printed(&mut ours(folder, operations, "json", "counts")?)?,
            folder.printed(&mut theirs()?)?,
        ];
        report.note(format!(
            "of {} changes to {operations} operations, openapi-review reports {} ({} break somebody), drift {} ({}).",
            documents::CHANGES, our_counts.changes, our_counts.breaking, their_counts.changes, their_counts.breaking
        ));
    }
    Ok(report)
}

/// Whether an operation costs the same in a document of any size.
fn growth(rounds: usize, folder: &Folder<'_>) -> Result<Report, Error> {
    let [_, middle, large] = SIZES;
    let mut report = Report::new(
        "What 1,000 operations take in a document of 10,000, against one of 1,000.",
        ["of 10,000", "of 1,000"],
    );
    for (extension, name) in [("yaml", "YAML"), ("json", "JSON")] {
        let run = |operations: usize| Run {
            share: operations as f64 / middle as f64,
            ..Run::of(move || ours(folder, operations, extension, "counts"))
        };
        let compared = folder.compare(rounds, &run(large), &run(middle))?;
        add(&mut report, name, &compared, AIM_OF_GROWTH);
    }
    Ok(report)
}

impl<'a> Run<'a> {
    fn of(command: impl Fn() -> Result<Command, Error> + 'a) -> Self {
        Self {
            command: Box::new(command),
            share: 1.0,
        }
    }
}

fn add(report: &mut Report, what: &str, [time, memory]: &[Compared; 2], aims: [Aim; 2]) {
    let [time_aim, memory_aim] = aims;
    report.add_compared(&format!("{what}: milliseconds"), time, Some(time_aim));
    report.add_compared(
        &format!("{what}: megabytes at the peak"),
        memory,
        Some(memory_aim),
    );
}
