//! The one module that prints: data to standard output, everything else to standard error. Has no colour of its own.
//!
//! Text that came from a server is shown with its control characters escaped, so that it cannot steer a terminal.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};

use serde::{Serialize, Serializer};

use crate::arguments::Format;
use crate::failure::{Exit, Failure};

/// What a command found out: fields in the order in which they are printed.
#[derive(Debug)]
pub(crate) struct Record {
    /// The shape in which the server gave it.
    pub(crate) shape: &'static str,
    /// Names, and values as far as they came.
    pub(crate) fields: Vec<(&'static str, Option<String>)>,
}

/// Prints help and version, or what is wrong with the arguments.
pub(crate) fn print_usage(error: &clap::Error) -> Exit {
    // A reader that is gone wants no help any more.
    _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

/// Prints a failure: what, why, and what to do.
pub(crate) fn print_failure(failure: &Failure) {
    let mut text = format!("error: {}\n", escape(failure.error()));
    for cause in failure.causes() {
        _ = writeln!(text, "  caused by: {}", escape(cause));
    }
    _ = writeln!(text, "hint: {}", escape(failure.hint()));
    // If standard error is gone, the exit code still tells.
    _ = io::stderr().write_all(text.as_bytes());
}

/// Prints a result.
///
/// # Errors
/// It could not be written; a reader that went away is no error.
pub(crate) fn print_record(record: &Record, format: Format) -> io::Result<()> {
    let text = match format {
        Format::Text => render_text(record),
        Format::Json => render_json(record)?,
    };
    if text.is_empty() {
        _ = writeln!(
            io::stderr(),
            "note: the reply holds no field of the integration"
        );
    }
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn render_text(record: &Record) -> String {
    let width = record.fields.iter().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (name, value) in &record.fields {
        if let Some(value) = value {
            _ = writeln!(text, "{name:<width$}  {}", escape(value));
        }
    }
    text
}

fn render_json(record: &Record) -> io::Result<String> {
    let json = serde_json::to_string_pretty(record)?;
    let mut text = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        // What is left of these after serde_json stands inside of strings.
        if character != '\n' && steers_terminal(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text.push('\n');
    Ok(text)
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, value)| (*name, value.as_deref()));
        serializer.collect_map(fields.chain([("shape", Some(self.shape))]))
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if steers_terminal(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Control characters, and those that change the direction or the lines of what follows.
fn steers_terminal(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\nc\u{9b}d\u{202e}e\u{7f}";

    fn hostile() -> Record {
        Record {
            shape: "flat",
            fields: vec![("id", Some(HOSTILE.to_owned())), ("brainId", None)],
        }
    }

    #[test]
    fn text_has_no_character_that_steers_a_terminal() {
        assert_eq!(
            render_text(&hostile()),
            "id       a\\u{1b}[31mb\\u{a}c\\u{9b}d\\u{202e}e\\u{7f}\n"
        );
    }

    #[test]
    fn json_has_none_either_and_means_the_same() {
        let text = render_json(&hostile()).unwrap();
        assert!(
            !text
                .trim_end()
                .chars()
                .any(|character| character != '\n' && steers_terminal(character))
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["id"], HOSTILE);
        assert!(value["brainId"].is_null());
    }
}
