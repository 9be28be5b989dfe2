//! Something to say about a place in a file: what is wrong, where, and what to do.

use std::{fmt, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Pointer, Position, Source};

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
        let text = &self.source.text;
        let start = self.position.offset.min(text.len());
        let line_end = text[start..]
            .find('\n')
            .map_or(text.len(), |length| start + length);
        let end = start + text[start..line_end].trim_end().len();
        let mut snippet = Snippet::source(text.as_str()).path(self.source.name.as_str());
        snippet = snippet.annotation(AnnotationKind::Primary.span(start..end.max(start)));
        let mut group = Group::with_title(
            Level::ERROR
                .primary_title(self.message.as_str())
                .id(self.rule),
        );
        group = group.element(snippet);
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
