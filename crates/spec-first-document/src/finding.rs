//! Diagnostics: what is wrong in a file, where, and how to fix it.

use std::{borrow::Cow, fmt, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::literal::{printable, visible};
use crate::{Pointer, Position, Source};

/// The longest line that is shown in full, in bytes, because a minified document is a single line.
const LONGEST_LINE: usize = 1000;

/// A problem at a position in a file, with a suggested fix.
///
/// `Display` prints one line, `FILE:LINE:COLUMN: message (RULE)`; [`Finding::render`] also shows the source line.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the rule, for example `unknown-key`.
    pub rule: &'static str,
    /// The file that contains the problem.
    pub source: Arc<Source>,
    /// The position in the file.
    pub position: Position,
    /// The JSON pointer to the value.
    pub pointer: Pointer,
    /// What is wrong: lower case, no full stop, literals in backticks.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

/// How a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// As an error.
    Error,
    /// As a warning.
    Warning,
    /// As advice.
    Advice,
}

impl Finding {
    /// Renders the finding as an error over several lines: message, file, line and column, the source line, the pointer
    /// and how to fix it.
    pub fn render(&self, colour: bool) -> String {
        self.render_as(Severity::Error, colour)
    }

    /// Renders the finding over several lines, as [`Finding::render`] does.
    pub fn render_as(&self, severity: Severity, colour: bool) -> String {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Advice => Level::INFO.with_name("advice"),
        };
        let title = level.primary_title(printable(&self.message)).id(self.rule);
        let name = visible(&self.source.name);
        let mut group = Group::with_title(title);
        let line = self.line();
        let number = usize::try_from(self.position.line).unwrap_or(usize::MAX);
        if line.len() <= LONGEST_LINE {
            let start = line.len() - self.rest_of_line().len();
            let snippet = Snippet::source(line)
                .path(name)
                .line_start(number)
                .annotation(AnnotationKind::Primary.span(start..line.trim_end().len().max(start)));
            group = group.element(snippet);
        } else {
            let column = usize::try_from(self.position.column).unwrap_or(usize::MAX);
            let origin = Origin::path(name).line(number);
            group = group.element(origin.char_column(column));
        }
        if self.pointer != Pointer::root() {
            let pointer = self.pointer.to_string();
            group = group.element(Level::NOTE.message(format!("at {}", visible(&pointer))));
        }
        group = group.element(Level::HELP.message(printable(&self.help)));
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let text = renderer.render(&[group]);
        escape_workflow_commands(&text).into_owned()
    }

    /// The line of the finding, without its line ending.
    fn line(&self) -> &str {
        let text = &self.source.text;
        let start = self.position.offset.min(text.len());
        let begin = text[..start].rfind('\n').map_or(0, |end| end + 1);
        &text[begin..start + self.rest_of_line().len()]
    }

    /// The part of the line from the position on.
    fn rest_of_line(&self) -> &str {
        let text = &self.source.text;
        let rest = &text[self.position.offset.min(text.len())..];
        rest.lines().next().unwrap_or_default()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            source,
            position,
            message,
            ..
        } = self;
        write!(
            formatter,
            "{}:{}:{}: {message} ({rule})",
            source.name, position.line, position.column
        )
    }
}

impl std::error::Error for Finding {}

/// Escapes text that GitHub's runner would take for a workflow command: lines that begin with `::` and a name, and `##[` anywhere.
///
/// Names and lines from a pull request could otherwise set the outputs of the step or hide parts of its log.
pub fn escape_workflow_commands(text: &str) -> Cow<'_, str> {
    let begins_with_command = |line: &str| {
        let name = line.trim_start().strip_prefix("::");
        name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
    };
    let is_command = |line: &str| begins_with_command(line) || line.contains("##[");
    if !text.split(['\n', '\r']).any(is_command) {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive(['\n', '\r']);
    let lines = lines.map(|line| match begins_with_command(line) {
        true => line.replacen(':', "\\u{3a}", 1),
        false => line.to_owned(),
    });
    Cow::Owned(lines.collect::<String>().replace("##[", "##\\u{5b}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_are_escaped() {
        for (text, expected) in [
            ("::error::a", r"\u{3a}:error::a"),
            ("a\n \t::add-mask::a\nb", "a\n \t\\u{3a}:add-mask::a\nb"),
            ("a\r::add-mask::a", "a\r\\u{3a}:add-mask::a"),
            ("\n\n\u{2003}::a", "\n\n\u{2003}\\u{3a}:a"),
            ("a ##[add-mask]b", r"a ##\u{5b}add-mask]b"),
        ] {
            assert_eq!(escape_workflow_commands(text), expected);
        }
        for text in ["a::b", ": :a", "::: a.yaml:1:1", "# [a]", "", "\n"] {
            assert_eq!(escape_workflow_commands(text), text);
        }
    }
}
