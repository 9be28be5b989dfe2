//! Reads rows from text, one at a time. Holds at most one row in memory; does not validate values.

mod csv;
mod json_lines;
mod limited;
mod yaml;

use std::io::{self, BufRead};

use clap::ValueEnum;
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use super::field::Field;
use super::operation::Action;
use super::row::{Problem, Row};

/// Maximum size of a row in bytes: far more than the API accepts, and small enough to hold in memory.
pub(super) const ROW_LIMIT: u64 = 1 << 20;

/// The format of rows.
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
    /// The format for a file extension.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// Options for reading rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReadOptions {
    /// The separator of values in CSV; `None` to detect it.
    pub(super) delimiter: Option<u8>,
    /// Whether to ignore unknown columns of CSV instead of rejecting them.
    pub(super) ignores_unknown: bool,
    /// The action of rows that name none.
    pub(super) action: Action,
}

/// A row, or the reasons why it cannot be read; reading continues with the next row.
pub(super) type Item = Result<Row, Vec<Problem>>;

/// Why reading ended early.
#[derive(Debug)]
pub(super) enum End {
    /// The text is malformed from here on.
    Text(Problem),
    /// The input cannot be read.
    System(io::Error),
}

/// The rows of an input, in order.
pub(super) struct Rows<R: BufRead> {
    reader: Reader<R>,
    action: Action,
}

enum Reader<R: BufRead> {
    Csv(Box<csv::Rows<R>>),
    JsonLines(json_lines::Rows<R>),
    Yaml(Box<yaml::Rows<R>>),
}

impl<R: BufRead> Rows<R> {
    /// Starts reading; for CSV, this reads the header.
    pub(super) fn open(format: RowFormat, options: ReadOptions, input: R) -> Result<Self, End> {
        Ok(Self {
            reader: match format {
                RowFormat::Csv => Reader::Csv(Box::new(csv::Rows::open(input, options)?)),
                RowFormat::Jsonl => Reader::JsonLines(json_lines::Rows::open(input)),
                RowFormat::Yaml => Reader::Yaml(Box::new(yaml::Rows::open(input))),
            },
            action: options.action,
        })
    }

    /// The names of columns that are ignored because they are not fields.
    pub(super) fn ignored_columns(&self) -> &[String] {
        match &self.reader {
            Reader::Csv(rows) => &rows.ignored,
            Reader::JsonLines(_) | Reader::Yaml(_) => &[],
        }
    }

    /// Returns the next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        let item = match &mut self.reader {
            Reader::Csv(rows) => rows.next(),
            Reader::JsonLines(rows) => rows.next(),
            Reader::Yaml(rows) => rows.next(),
        };
        Ok(item?.map(|item| {
            item.map(|mut row| {
                if self.action != Action::Update {
                    row.set_default(Field::Action, self.action.name());
                }
                row
            })
        }))
    }
}

fn item(row: Row, problems: Vec<Problem>) -> Item {
    match problems.is_empty() {
        true => Ok(row),
        false => Err(problems),
    }
}

/// Explains why `bytes` are not UTF-8, and how to fix it.
fn not_utf8(bytes: &[u8]) -> String {
    let invalid = bytes
        .utf8_chunks()
        .find_map(|chunk| chunk.invalid().first());
    let byte = invalid.copied().unwrap_or_default();
    let Some((encoding, name)) = guess(bytes) else {
        return format!(
            "the byte 0x{byte:02X} is not UTF-8; save the file as UTF-8, or name its encoding with `--encoding`"
        );
    };
    let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
    let label = encoding.name().to_ascii_lowercase();
    format!(
        "the byte 0x{byte:02X} is not UTF-8; the file looks like {name}, where it is `{text}`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding {label}`"
    )
}

/// Guesses the encoding a spreadsheet used; `None` if parts are valid UTF-8, because then the file is damaged.
fn guess(bytes: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    if !bytes.utf8_chunks().all(|chunk| chunk.valid().is_ascii()) {
        return None;
    }
    // Accented letters are 0xA0 and above in Windows-1252, and 0x80 to 0x9F in Mac OS Roman.
    match bytes.iter().all(|byte| *byte < 0xA0) {
        true => Some((MACINTOSH, "Mac OS Roman")),
        false => Some((WINDOWS_1252, "Windows-1252")),
    }
}

fn too_long() -> String {
    format!("the row is longer than {ROW_LIMIT} bytes")
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
