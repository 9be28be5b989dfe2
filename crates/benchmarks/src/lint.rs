//! `bench lint`: `spec-first lint` compared with Redocly CLI and Spectral on the same documents.
//!
//! Each tool is a program that reads one file with its recommended rules and prints what it found. The run time and peak memory of
//! the process are measured, including the start of Node.js, which is what a user waits for. A peer that is not installed is
//! skipped.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::peers::Peer;
use crate::report::{Aim, Report};
use crate::runs::{self, Run};
use crate::{Error, programs};

/// The generated documents, in operations. The peers read the first one only.
const SIZES: [usize; 2] = [1_000, 10_000];

const REDOCLY_AIMS: [Option<Aim>; 2] = [Some(Aim::AtMost(1.0 / 5.0)), None];
const SPECTRAL_AIMS: [Option<Aim>; 2] = [Some(Aim::AtMost(1.0 / 20.0)), None];
const GROWTH_AIMS: [Option<Aim>; 2] = [Some(Aim::AtMost(1.25)), Some(Aim::AtMost(1.25))];

/// Runs the bench with `rounds` rounds on generated documents and on `documents`, leaving the generated ones in `folder`.
///
/// # Errors
/// Returns an error if a program fails or a file cannot be read or written.
pub fn run(rounds: usize, documents: &[PathBuf], folder: &Path) -> Result<Vec<Report>, Error> {
    let generated = |operations: usize| folder.join(operations.to_string());
    for operations in SIZES {
        let mut program = Command::new(programs::sibling("review-documents")?);
        program
            .arg(operations.to_string())
            .arg(generated(operations));
        programs::run(&mut program)?;
    }
    let [middle, large] = SIZES.map(|operations| generated(operations).join("base.yaml"));
    let mut all = vec![middle.clone()];
    all.extend_from_slice(documents);
    let ruleset = folder.join("spectral.yaml");
    fs::write(&ruleset, "extends: [[spectral:oas, recommended]]\n").map_err(|error| {
        Error::Setup {
            part: "ruleset",
            source: error.into(),
        }
    })?;
    let output = folder.join("output");
    let measuring = (rounds, &*output);

    let mut redocly = Report::new(
        "spec-first lint compared with Redocly CLI.",
        ["spec-first", "redocly"],
    );
    let arguments: [&OsStr; 3] = [
        "lint".as_ref(),
        "--extends".as_ref(),
        "recommended".as_ref(),
    ];
    let found = Peer::find("REDOCLY", "redocly");
    against(
        &mut redocly,
        found,
        &arguments,
        &all,
        measuring,
        REDOCLY_AIMS,
    )?;

    let mut spectral = Report::new(
        "spec-first lint compared with Spectral.",
        ["spec-first", "spectral"],
    );
    let arguments: [&OsStr; 3] = ["lint".as_ref(), "--ruleset".as_ref(), ruleset.as_ref()];
    let found = Peer::find("SPECTRAL", "spectral");
    against(
        &mut spectral,
        found,
        &arguments,
        &all,
        measuring,
        SPECTRAL_AIMS,
    )?;

    let mut growth = Report::new(
        "Cost per 1,000 operations in a document of 10,000, compared with one of 1,000.",
        ["of 10,000", "of 1,000"],
    );
    let large = Run {
        share: SIZES[1] as f64 / SIZES[0] as f64,
        ..ours(&large)
    };
    let sides = [&large, &ours(&middle)];
    runs::compare(&mut growth, "YAML", measuring, sides, GROWTH_AIMS)?;
    Ok(vec![redocly, spectral, growth])
}

fn ours(document: &Path) -> Run<'_> {
    linter(move || {
        let mut command = Command::new(programs::sibling("spec-first")?);
        let document = path::absolute(document).map_err(|error| Error::Setup {
            part: "document",
            source: error.into(),
        })?;
        // The settings of this repository ask for more than the rules that are compared.
        command.current_dir(env::temp_dir());
        command.arg("lint").arg(document);
        Ok(command)
    })
}

/// Exits with 1 for a document with findings.
fn linter<'a>(command: impl Fn() -> Result<Command, Error> + 'a) -> Run<'a> {
    Run {
        exit_code: 1,
        ..Run::of(command)
    }
}

fn against(
    report: &mut Report,
    peer: Option<Peer>,
    arguments: &[&OsStr],
    documents: &[PathBuf],
    measuring: (usize, &Path),
    aims: [Option<Aim>; 2],
) -> Result<(), Error> {
    let Some(peer) = peer else {
        report.note(
            "skipped: not installed; add it to `PATH`, or set `REDOCLY` or `SPECTRAL` to its path. They are available from npm as \
             `@redocly/cli` and `@stoplight/spectral-cli`."
                .to_owned(),
        );
        return Ok(());
    };
    for document in documents {
        let theirs = linter(|| {
            let mut command = peer.command();
            // Some tools write their report to standard error.
            command.args(arguments).arg(document).stderr(Stdio::null());
            command.env("REDOCLY_TELEMETRY", "off");
            command.env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
            Ok(command)
        });
        let name = document.file_name().unwrap_or(document.as_os_str());
        let what = name.to_string_lossy();
        runs::compare(report, &what, measuring, [&ours(document), &theirs], aims)?;
    }
    Ok(())
}
