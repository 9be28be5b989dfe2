//! Something to say about a place in a file: what is wrong, where, and what to do.

use std::{fmt, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::{Pointer, Position, Source};

/// How long a line is shown, in bytes. A document in a single line would be shown as a whole for each finding.
const LONGEST_LINE: usize = 1000;

/// One thing that is wrong with a file, with its place and what to do about it.
///
/// `Display` gives one line, `FILE:LINE:COLUMN: what is wrong (RULE)`; [`Finding::render`] shows the line of the file too.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The short name of the rule, for example `unknown-key`.
    pub rule: &'static str,
    /// The file that it is about.
    pub source: Arc<Source>,
    /// Where in the file.
    pub position: Position,
    /// The address of the value that it is about.
    pub pointer: Pointer,
    /// What is wrong: lower case, no full stop, literals between backticks.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Finding {
    /// The finding as a person wants to read it: title, file, line and column, the line itself, address, what to do.
    pub fn render(&self, colour: bool) -> String {
        let mut group = Group::with_title(
            Level::ERROR
                .primary_title(self.message.as_str())
                .id(self.rule),
        );
        let line = self.line();
        let number = usize::try_from(self.position.line).unwrap_or(usize::MAX);
        if line.len() <= LONGEST_LINE {
            let start = line.len() - self.rest_of_line().len();
            let snippet = Snippet::source(line)
                .path(self.source.name.as_str())
                .line_start(number)
                .annotation(AnnotationKind::Primary.span(start..line.trim_end().len().max(start)));
            group = group.element(snippet);
        } else {
            let column = usize::try_from(self.position.column).unwrap_or(usize::MAX);
            let origin = Origin::path(self.source.name.as_str()).line(number);
            group = group.element(origin.char_column(column));
        }
        if self.pointer != Pointer::root() {
            group = group.element(Level::NOTE.message(format!("at {}", self.pointer)));
        }
        group = group.element(Level::HELP.message(self.help.as_str()));
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }

    /// The line that it is about, without its end.
    fn line(&self) -> &str {
        let text = &self.source.text;
        let start = self.position.offset.min(text.len());
        let begin = text[..start].rfind('\n').map_or(0, |end| end + 1);
        &text[begin..start + self.rest_of_line().len()]
    }

    /// The line that it is about, from the place on.
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
