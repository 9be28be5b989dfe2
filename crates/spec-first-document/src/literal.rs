//! Quotes literals in messages with backticks, as in Markdown.
//!
//! A literal that contains backticks is enclosed in a longer run of them, so that its end is unambiguous.

use std::fmt::{self, Display, Formatter};

/// Quotes the text with backticks: one more than its longest run of them.
pub fn literal(text: &str) -> Literal<'_> {
    Literal(text)
}

/// A string that is displayed between backticks.
#[derive(Clone, Copy, Debug)]
pub struct Literal<'a>(&'a str);

impl Display for Literal<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let ticks = match longest_run(self.0) {
            0 => 0,
            longest => longest + 1,
        };
        if ticks == 0 {
            return write!(formatter, "`{}`", self.0);
        }
        // The spaces separate a backtick at either end from the delimiters, and are not part of the literal.
        let ticks = "`".repeat(ticks);
        write!(formatter, "{ticks} {} {ticks}", self.0)
    }
}

/// Quotes each text and joins them: `a`, `b` and `c`, with `and` or another conjunction before the last.
pub fn list<T: AsRef<str>>(texts: &[T], conjunction: &str) -> String {
    let quoted = texts.iter().map(|text| literal(text.as_ref()).to_string());
    let quoted: Vec<String> = quoted.collect();
    match quoted.split_last() {
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The length of the longest run of backticks.
pub fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}
