//! `jelou integration apply`.

use std::path::PathBuf;

use clap::Args;
use encoding_rs::Encoding;

use super::field::Field;
use super::reading::RowFormat;
use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;

#[derive(Debug, Args)]
#[command(after_help = explanation())]
pub(crate) struct ApplyArguments {
    /// The rows, one for each project; `-` for standard input
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) rows: RowArguments,

    #[command(flatten)]
    pub(crate) sending: SendingArguments,

    #[command(flatten)]
    pub(crate) resuming: ResumingArguments,

    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) confirmation: ConfirmationArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,

    /// Write the report into this file too, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,

    /// Write the rows that failed into this file, as they can be given to the next run
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) failures: Option<PathBuf>,

    /// Show no progress
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct RowArguments {
    /// How the rows are written [default: what the name of FILE ends with]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<RowFormat>,

    /// The separator of CSV, such as `;`, or `tab` [default: detected from the header]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub(crate) delimiter: Option<u8>,

    /// The encoding of FILE, such as `windows-1252` or `macintosh` [default: UTF-8; UTF-16 with a byte order mark]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub(crate) encoding: Option<&'static Encoding>,

    /// Ignore columns of CSV that are not fields
    #[arg(long)]
    pub(crate) ignore_unknown_columns: bool,

    /// Send the rows that are valid, and leave the others out
    #[arg(long)]
    pub(crate) skip_invalid: bool,

    /// Write everything that is wrong with the rows into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) problems: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Sending")]
pub(crate) struct SendingArguments {
    /// Check every row, say what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Send so many rows at once
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) concurrency: u16,

    /// Send at most so many requests a second, those that are sent again included
    #[arg(long, value_name = "NUMBER", value_parser = parse_rate)]
    pub(crate) rate: Option<f64>,

    /// Stop when so many rows have failed one after the other; 0 to go on
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub(crate) max_failures: u64,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Going on where a run ended")]
pub(crate) struct ResumingArguments {
    /// Keep the journal in this file [default: FILE.jelou-journal; for standard input, a name for its content, in this folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Discard the journal, and send every row
    #[arg(long)]
    pub(crate) restart: bool,
}

const EXAMPLES: &str = "\
Examples:
  Try it, without an account:
    printf 'projectId,webhookUrl\\nPROJECT_ID,https://my-system.com/webhook/jelou-v2\\n' \\
      | jelou integration apply - --format csv --sandbox

  See what is wrong with a file, and what would be sent:
    jelou integration apply customers.csv --dry-run

  Move the webhooks of all customers, at most 20 requests a second:
    jelou integration apply customers.csv --rate 20 --report report.json

  Send again what failed, once the reason is gone or the rows are corrected; what succeeded is not sent again:
    jelou integration apply customers.csv";

/// The fields and what holds for all rows.
fn explanation() -> String {
    let fields = Field::ALL
        .map(|field| format!("\n  {:<16}  {}", field.name(), field.meaning()))
        .concat();
    format!(
        "\
Fields of a row (columns of CSV, members of an object in JSON Lines or YAML):{fields}
  At least one of webhookUrl, authType and authorizationEnv changes; what is not given stays as it is.
  A row without credentials of its own is sent with those of the command; `jelou --help` lists them.

{EXAMPLES}

All rows are checked before the first one is sent. A journal beside FILE notes what became of each:
run the same command again after Ctrl-C, a crash or failures, and it sends only what has not succeeded.
Rows may be corrected, added and moved before that; those that were applied must keep their values.
A row counts as applied whatever its variables held: after a secret has changed, give --restart."
    )
}

/// Requests per second: not none, and no more than can be counted.
fn parse_rate(text: &str) -> Result<f64, String> {
    const MOST: f64 = 1e6;
    const LEAST: f64 = 1e-3;
    match text.parse::<f64>() {
        Ok(rate) if (LEAST..=MOST).contains(&rate) => Ok(rate),
        _ => Err(format!("give a number from {LEAST} to {MOST}")),
    }
}

/// An encoding by any of its names in the Encoding Standard.
fn parse_encoding(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(name.as_bytes())
        .ok_or_else(|| "give a name such as `windows-1252`, `utf-16le` or `macintosh`".to_owned())
}

/// One character of ASCII that can separate values.
fn parse_delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [byte @ (b'\t' | b' '..=b'~')]) if *byte != b'"' && !byte.is_ascii_alphanumeric() => {
            Ok(*byte)
        }
        _ => Err("give one character, such as `;`, or `tab`".to_owned()),
    }
}
