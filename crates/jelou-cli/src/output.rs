//! The only module that prints: data to standard output, everything else to standard error. Does not use colour.
//!
//! Escapes control characters in text from servers, which could otherwise control the terminal.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};

use serde::{Serialize, Serializer};

use crate::arguments::output::Format;
use crate::failure::{Exit, Failure};

/// A result: its fields in the order in which they are printed.
#[derive(Debug)]
pub(crate) struct Record {
    /// The shape of the server's reply.
    pub(crate) shape: &'static str,
    /// Field names and values; `None` if the reply lacks the field.
    pub(crate) fields: Vec<(&'static str, Option<String>)>,
}

/// Prints the help, the version, or an error in the arguments.
pub(crate) fn print_usage(error: &clap::Error) -> Exit {
    // If the output is closed, the error cannot be reported either.
    _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

/// Prints a failure: the error, its causes and the hint.
pub(crate) fn print_failure(failure: &Failure) {
    let mut text = format!("error: {}\n", escape(failure.error()));
    for cause in failure.causes() {
        _ = writeln!(text, "  caused by: {}", escape(cause));
    }
    _ = writeln!(text, "hint: {}", escape(failure.hint()));
    // If standard error is closed, the exit code still reports the failure.
    _ = io::stderr().write_all(text.as_bytes());
}

/// Prints a question and leaves the cursor after it.
pub(crate) fn print_question(question: &str) {
    // If the terminal is closed, reading the answer fails too.
    _ = io::stderr().write_all(escape(question).as_bytes());
}

/// Prints a note, which is not part of the result.
pub(crate) fn print_note(note: &str) {
    // If standard error is closed, the result is still printed.
    _ = writeln!(io::stderr(), "note: {}", escape(note));
}

/// Prints a warning; the command continues.
pub(crate) fn print_warning(warning: &str) {
    _ = writeln!(io::stderr(), "warning: {}", escape(warning));
}

/// Prints lines as they are, without a prefix.
pub(crate) fn print_lines(lines: impl IntoIterator<Item = String>) {
    let mut text = String::new();
    for line in lines {
        _ = writeln!(text, "{}", escape(&line));
    }
    // If standard error is closed, the exit code still reports the failure.
    _ = io::stderr().write_all(text.as_bytes());
}

/// Prints a command to copy, on its own line.
pub(crate) fn print_command(command: &str) {
    _ = writeln!(io::stderr(), "  {}", escape(command));
}

/// Prints an integration.
///
/// # Errors
/// Standard output cannot be written to; a closed pipe is not an error.
pub(crate) fn print_record(record: &Record, format: Format) -> io::Result<()> {
    let text = render(record, Record::render, format)?;
    if text.is_empty() {
        print_note("the reply holds no field of the integration");
    }
    write_out(text.as_bytes())
}

/// Prints a result: with `text` in text format, and otherwise as its serialized fields.
///
/// # Errors
/// Standard output cannot be written to; a closed pipe is not an error.
pub(crate) fn print<T: Serialize + ?Sized>(
    value: &T,
    text: impl FnOnce(&T) -> String,
    format: Format,
) -> Result<(), Failure> {
    let text = render(value, text, format).map_err(|error| unwritten(&error))?;
    print_bytes(text.as_bytes())
}

/// Prints a result that cannot be fetched again. Unlike for [`print()`], a closed pipe is an error.
pub(crate) fn print_once<T: Serialize + ?Sized>(
    value: &T,
    text: impl FnOnce(&T) -> String,
    format: Format,
) -> io::Result<()> {
    write_all(render(value, text, format)?.as_bytes())
}

/// Prints data unchanged.
///
/// # Errors
/// Standard output cannot be written to; a closed pipe is not an error.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    write_out(bytes).map_err(|error| unwritten(&error))
}

/// Formats rows of cells as aligned columns.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| escape(cell)).collect())
        .collect();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(&row) {
            _ = write!(line, "{cell:<width$}  ");
        }
        _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn render<T: Serialize + ?Sized>(
    value: &T,
    text: impl FnOnce(&T) -> String,
    format: Format,
) -> io::Result<String> {
    match format {
        Format::Text => Ok(text(value)),
        Format::Json => render_json(value),
        Format::Yaml => render_yaml(value),
    }
}

fn write_out(bytes: &[u8]) -> io::Result<()> {
    match write_all(bytes) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        "the result could not be written to standard output",
        "check where the output goes",
    )
    .caused_by(Some(error))
}

impl Record {
    fn render(&self) -> String {
        let width = self.fields.iter().map(|(name, _)| name.len()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for (name, value) in &self.fields {
            if let Some(value) = value {
                _ = writeln!(text, "{name:<width$}  {}", escape(value));
            }
        }
        text
    }
}

fn render_json(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    let json = serde_json::to_string_pretty(value)?;
    let mut text = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        // serde_json has escaped the others, so any that remain are inside strings.
        match character {
            '\n' => text.push('\n'),
            character => push_json(&mut text, character),
        }
    }
    text.push('\n');
    Ok(text)
}

/// `json` as it is written, without white space between values.
pub(crate) fn compact_json(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let (mut is_text, mut is_escaped) = (false, false);
    for character in json.chars() {
        if is_text || !character.is_ascii_whitespace() {
            push_json(&mut compact, character);
        }
        is_text ^= character == '"' && !is_escaped;
        is_escaped = is_text && character == '\\' && !is_escaped;
    }
    compact
}

/// Adds a character of JSON, escaped if it could control a terminal. Such a character is always inside a string.
fn push_json(json: &mut String, character: char) {
    if !steers_terminal(character) {
        return json.push(character);
    }
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        _ = write!(json, "\\u{unit:04x}");
    }
}

fn render_yaml(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let yaml = serde_saphyr::to_string_with_options(&value, options).map_err(io::Error::other)?;
    if yaml
        .chars()
        .any(|character| character != '\n' && steers_terminal(character))
    {
        // The YAML serializer leaves some of these characters unescaped. JSON is valid YAML.
        render_json(value)
    } else {
        Ok(yaml)
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, value)| (*name, value.as_deref()));
        serializer.collect_map(fields.chain([("shape", Some(self.shape))]))
    }
}

/// Escapes the characters in `text` that could control a terminal.
pub(crate) fn escape(text: &str) -> String {
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

/// Control characters, and characters that change the text direction or break lines.
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
    fn text_has_no_characters_that_control_a_terminal() {
        assert_eq!(
            hostile().render(),
            "id       a\\u{1b}[31mb\\u{a}c\\u{9b}d\\u{202e}e\\u{7f}\n"
        );
    }

    #[test]
    fn json_has_no_characters_that_control_a_terminal_and_keeps_its_value() {
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

    #[test]
    fn yaml_has_no_characters_that_control_a_terminal_and_keeps_its_value() {
        let text = render_yaml(&hostile()).unwrap();
        assert!(
            !text
                .trim_end()
                .chars()
                .any(|character| character != '\n' && steers_terminal(character)),
            "{text:?}"
        );
        let value: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(value["id"], HOSTILE);
        assert!(value["brainId"].is_null());
    }
}
