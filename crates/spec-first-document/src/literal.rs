//! Quotes literals in messages with backticks, as in Markdown, and makes hidden characters visible.
//!
//! A literal that contains backticks is enclosed in a longer run of them, so that its end is unambiguous.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter, Write};

use crate::escape_workflow_commands;

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
    joined(&quoted.collect::<Vec<_>>(), conjunction)
}

/// Joins texts with commas, and the last with the conjunction.
pub fn joined(texts: &[String], conjunction: &str) -> String {
    match texts {
        [first @ .., before, last] => {
            let commas = first.iter().map(|text| format!("{text}, "));
            format!(
                "{}{before} {conjunction} {last}",
                commas.collect::<String>()
            )
        }
        _ => texts.concat(),
    }
}

/// The length of the longest run of backticks.
pub fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// The text with escapes for characters that a terminal, an editor or a browser would act on instead of showing.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// Several lines of text as [`visible`] shows each, also for GitHub's runner, which acts on workflow commands.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_obeyed = |character| is_hidden(character) && !matches!(character, '\n' | '\t');
    match escape(text, is_obeyed) {
        Cow::Borrowed(text) => escape_workflow_commands(text),
        Cow::Owned(text) => Cow::Owned(escape_workflow_commands(&text).into_owned()),
    }
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            other if !is_escaped(other) => shown.push(other),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a string cannot fail.
            hidden => _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden)),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is not shown as itself: control characters, line separators, invisible characters, and marks that change the
/// text direction.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(
            visible("a\u{1b}[31mb\n\u{202e}c\u{9b}\u{e0041}"),
            r"a\u{1b}[31mb\n\u{202e}c\u{9b}\u{e0041}"
        );
        assert_eq!(visible("Zoë `x` 日本 🔑"), "Zoë `x` 日本 🔑");
        assert_eq!(
            printable("a\tb\n::error::c\u{1b}[31m\r"),
            "a\tb\n\\u{3a}:error::c\\u{1b}[31m\\r"
        );
    }
}
