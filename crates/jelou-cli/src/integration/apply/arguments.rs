//! `jelou integration apply`.

use std::path::PathBuf;

use clap::Args;
use encoding_rs::Encoding;

use super::field::Field;
use super::operation::Action;
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
    pub(crate) actions: ActionArguments,

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

    /// Also write the report to this file, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,

    /// Write the failed rows that can be sent again to this file, in the format of the input
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) failures: Option<PathBuf>,

    /// Do not show progress
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct RowArguments {
    /// Format of the rows [default: from the extension of FILE]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<RowFormat>,

    /// Separator of CSV values, such as `;` or `tab` [default: detected from the header]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub(crate) delimiter: Option<u8>,

    /// Encoding of FILE, such as `windows-1252` or `macintosh` [default: UTF-8; UTF-16 with a byte order mark]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub(crate) encoding: Option<&'static Encoding>,

    /// Ignore columns of CSV that are not fields
    #[arg(long)]
    pub(crate) ignore_unknown_columns: bool,

    /// Send the valid rows and skip the others
    #[arg(long)]
    pub(crate) skip_invalid: bool,

    /// Write all problems with the rows to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) problems: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Creating and deleting")]
pub(crate) struct ActionArguments {
    /// What to do with rows that have no field `action`
    #[arg(long, value_name = "ACTION", value_enum, default_value_t)]
    pub(crate) action: Action,

    /// Add the signing secrets of created integrations to this file, which only you can read; they are shown only once
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets: Option<PathBuf>,

    /// Delete integrations without asking for confirmation; `--yes` alone does not
    #[arg(long)]
    pub(crate) allow_deletes: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Sending")]
pub(crate) struct SendingArguments {
    /// Check every row and show what would be sent, without sending it
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Number of rows sent concurrently
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) concurrency: u16,

    /// Maximum number of requests per second, retries included
    #[arg(long, value_name = "NUMBER", value_parser = parse_rate)]
    pub(crate) rate: Option<f64>,

    /// Stop after this many consecutive failures; 0 disables
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub(crate) max_failures: u64,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Resuming")]
pub(crate) struct ResumingArguments {
    /// Journal file [default: FILE.jelou-journal; for standard input, a file in this folder named after the content]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Discard the journal and send every row
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

  Connect new customers, and keep the signing secrets, which are shown only once:
    jelou integration apply new.csv --action create --secrets signing-secrets.jsonl

  Send what failed again, after correcting the rows or the cause:
    jelou integration apply customers.csv";

/// The fields, and notes that apply to all rows.
fn explanation() -> String {
    let fields = Field::ALL
        .map(|field| format!("\n  {:<16}  {}", field.name(), field.meaning()))
        .concat();
    format!(
        "\
Fields of a row (columns of CSV, members of an object in JSON Lines or YAML):{fields}
  An update needs webhookUrl, authType or authorizationEnv, and leaves the rest unchanged. A row that creates an integration \
  needs webhookUrl, and one that deletes an integration takes none of these.
  A row that names no credentials is sent with those of the command; `jelou --help` lists them.

{EXAMPLES}

All rows are checked before the first one is sent. A journal beside FILE records what became of each: \
run the same command again after Ctrl-C, a crash or failures, and it sends only what has not succeeded. \
Before that, rows can be corrected, added and moved; rows that were applied must keep their values. \
The journal does not record secrets: after changing one, give --restart to send it.

A row that creates an integration is never sent again if its outcome is unknown, because repeating it could \
create a duplicate; it is reported as `unknown` for you to check. Deletions cannot be undone, so they are confirmed \
separately; a script needs --allow-deletes."
    )
}

/// Parses the requests per second: positive, and small enough for the rate limiter.
fn parse_rate(text: &str) -> Result<f64, String> {
    const MOST: f64 = 1e6;
    const LEAST: f64 = 1e-3;
    match text.parse::<f64>() {
        Ok(rate) if (LEAST..=MOST).contains(&rate) => Ok(rate),
        _ => Err(format!("give a number from {LEAST} to {MOST}")),
    }
}

/// Looks up an encoding by any of its labels in the Encoding Standard.
fn parse_encoding(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(name.as_bytes())
        .ok_or_else(|| "give a name such as `windows-1252`, `utf-16le` or `macintosh`".to_owned())
}

/// Parses a single ASCII character that can separate values.
fn parse_delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [byte @ (b'\t' | b' '..=b'~')]) if *byte != b'"' && !byte.is_ascii_alphanumeric() => {
            Ok(*byte)
        }
        _ => Err("give one character, such as `;`, or `tab`".to_owned()),
    }
}
