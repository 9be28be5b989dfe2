//! `bench source`: pages read with `spec-first-ledger`, compared with only parsing them.
//!
//! The reference is the parser that the reader is built on: html5gum for HTML and pulldown-cmark for Markdown, which also reads the
//! text of a rendered page. Each side is a program that reads one page many times, and prints what it found.

use std::path::Path;
use std::process::Command;

use clap::ValueEnum;

use crate::report::{Aim, Report};
use crate::rounds::{self, Side};
use crate::usage::{self, Usage};
use crate::{Error, programs};

/// The number of pages.
pub const PAGES: usize = 1_000;

const GROWTH_AIM: Aim = Aim::AtMost(1.1);
const MEGABYTE: f64 = 1e6;

/// How a page was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The text of the rendered page.
    Text,
    /// Markdown with components.
    Markdown,
    /// Saved HTML.
    Html,
}

/// What reads the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// `spec-first-ledger`.
    Facts,
    /// The parser alone.
    Parser,
}

impl Form {
    /// The page, one of the cases of `spec-first-ledger`.
    pub fn page(self) -> &'static str {
        match self {
            Self::Text => include_str!("../../spec-first-ledger/tests/cases/rename-pet/en.txt"),
            Self::Markdown => include_str!("../../spec-first-ledger/tests/cases/rename-pet/en.md"),
            Self::Html => include_str!("../../spec-first-ledger/tests/cases/rename-pet/en.html"),
        }
    }
}

fn command(form: Form, reader: Reader, pages: usize) -> Result<Command, Error> {
    let mut command = Command::new(programs::sibling("source-pages")?);
    for value in [form.to_possible_value(), reader.to_possible_value()] {
        command.args(value.map(|value| value.get_name().to_owned()));
    }
    command.arg(pages.to_string());
    Ok(command)
}

/// Runs the bench with `rounds` rounds, with the output of the programs in `folder`.
///
/// # Errors
/// Returns an error if a program fails.
pub fn run(rounds: usize, folder: &Path) -> Result<Vec<Report>, Error> {
    let output = folder.join("output.json");
    let mut against_parser = Report::new(
        "1,000 pages read with spec-first-ledger, compared with only parsing them.",
        ["spec-first-ledger", "parser"],
    );
    let mut growth = Report::new(
        "Peak memory for 10,000 pages, compared with 1,000.",
        ["10,000", "1,000"],
    );
    for (form, most) in [
        (Form::Text, 40.0),
        (Form::Markdown, 40.0),
        (Form::Html, 10.0),
    ] {
        let time = rounds::compare(rounds, |side| {
            let reader = match side {
                Side::First => Reader::Facts,
                Side::Second => Reader::Parser,
            };
            let Usage { duration, .. } =
                usage::measure(&mut command(form, reader, PAGES)?, &output)?;
            Ok::<_, Error>(duration.as_secs_f64() * 1e3)
        })?;
        let what = format!("{form:?}").to_lowercase();
        against_parser.add_compared(
            &format!("{what}: milliseconds"),
            &time,
            Some(Aim::AtMost(most)),
        );
        let memory = rounds::compare(rounds, |side| {
            let pages = match side {
                Side::First => PAGES * 10,
                Side::Second => PAGES,
            };
            let used = usage::measure(&mut command(form, Reader::Facts, pages)?, &output)?;
            Ok::<_, Error>(used.peak_memory as f64 / MEGABYTE)
        })?;
        growth.add_compared(
            &format!("{what}: peak memory, MB"),
            &memory,
            Some(GROWTH_AIM),
        );
    }
    Ok(vec![against_parser, growth])
}
