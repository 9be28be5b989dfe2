//! Reads rows out of text, one after the other. Holds no more than one row at a time, and checks no value.

mod csv;
mod json_lines;
mod limited;
mod yaml;

use std::io::{self, BufRead};

use clap::ValueEnum;

use super::row::{Problem, Row};

/// The bytes that one row may have: far more than the API takes, and little enough to hold.
pub(super) const ROW_LIMIT: u64 = 1 << 20;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Comma-separated values; the first line names the columns
    Csv,
    /// JSON Lines: an object in each line
    Jsonl,
    /// A sequence of mappings, or a document for each
    Yaml,
}

impl RowFormat {
    /// The format that the ending of a file's name stands for.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// How CSV is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CsvOptions {
    /// What separates values; `None` to detect it.
    pub(super) delimiter: Option<u8>,
    /// Whether columns that are not fields are ignored; otherwise they are an error.
    pub(super) ignores_unknown: bool,
}

/// A row, or why it cannot be read; the one after it can.
pub(super) type Item = Result<Row, Vec<Problem>>;

/// Why nothing more can be read.
#[derive(Debug)]
pub(super) enum End {
    /// The text is not of its format from here on.
    Text(Problem),
    /// The system does not hand it over.
    System(io::Error),
}

/// The rows of an input, in their order.
pub(super) enum Rows<R: BufRead> {
    Csv(Box<csv::Rows<R>>),
    JsonLines(json_lines::Rows<R>),
    Yaml(Box<yaml::Rows<R>>),
}

impl<R: BufRead> Rows<R> {
    /// Begins to read; CSV is read as far as its header.
    pub(super) fn open(format: RowFormat, csv: CsvOptions, input: R) -> Result<Self, End> {
        Ok(match format {
            RowFormat::Csv => Self::Csv(Box::new(csv::Rows::open(input, csv)?)),
            RowFormat::Jsonl => Self::JsonLines(json_lines::Rows::open(input)),
            RowFormat::Yaml => Self::Yaml(Box::new(yaml::Rows::open(input))),
        })
    }

    /// The columns that are ignored because they are not fields.
    pub(super) fn ignored_columns(&self) -> &[String] {
        match self {
            Self::Csv(rows) => &rows.ignored,
            Self::JsonLines(_) | Self::Yaml(_) => &[],
        }
    }

    /// The next row; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::JsonLines(rows) => rows.next(),
            Self::Yaml(rows) => rows.next(),
        }
    }
}

fn item(row: Row, problems: Vec<Problem>) -> Item {
    match problems.is_empty() {
        true => Ok(row),
        false => Err(problems),
    }
}

fn too_long() -> String {
    format!("the row is longer than {ROW_LIMIT} bytes")
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
