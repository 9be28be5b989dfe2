//! Samples of what is wrong, or was right before.

use super::reader::Reader;
use super::samples::is_request;
use crate::source::labels::{normalize, unnumbered};
use crate::source::page::{Content, Line};

impl Reader<'_> {
    /// Reads a line, and leaves out such a sample.
    pub(super) fn line_or_counterexample(&mut self) {
        if self.is_withdrawn() && self.keep_block() {
            return;
        }
        match self.is_counterexample() {
            true => self.leave_out_sample(),
            false => self.line(),
        }
    }

    /// Whether the current line is below a heading such as `Before`, or in a tab such as `v1 (deprecated)`.
    fn is_withdrawn(&self) -> bool {
        self.at < self.past || self.components.last().is_some_and(|each| each.is_of_past)
    }

    /// The line that ends the part below a heading such as `Before`: the next heading of the same level or above. Plain text has no
    /// levels, so there it is the next heading such as `After`, if there is one.
    pub(super) fn end_of_past(&self) -> usize {
        let labels = self.labels;
        let level = self.heading_level(self.at);
        let headings = || {
            let below = self.at + 1..self.lines.len();
            below.filter(|at| self.headings.contains_key(at))
        };
        let text = |at: usize| self.lines[at].text().unwrap_or_default();
        let is_other = |at: &usize| !self.is_past_title(text(*at), false);
        let is_successor = |at: &usize| {
            let text = normalize(unnumbered(text(*at)));
            labels.is_any(&text, |language| &language.successors)
        };
        let end = headings().take_while(is_other).find(is_successor);
        let end = end.or_else(|| headings().find(|at| self.heading_level(*at) <= level));
        end.unwrap_or(self.lines.len())
    }

    /// Whether a title says that what it is above is wrong, or was right before.
    pub(super) fn is_past_title(&self, title: &str, is_tab: bool) -> bool {
        let labels = self.labels;
        let is_it =
            |text: &str| labels.is_any(&normalize(text), |language| &language.counterexamples);
        let mark = title
            .rsplit_once('(')
            .and_then(|(_, mark)| mark.strip_suffix(')'));
        let is_mark = |mark: &str| {
            is_it(mark) || labels.is_any(&normalize(mark), |language| &language.deprecated)
        };
        is_it(unnumbered(title)) || (is_tab && mark.is_some_and(is_mark))
    }

    /// Keeps a line from which nothing is read; returns whether it is one.
    fn keep_block(&mut self) -> bool {
        let Line {
            number, content, ..
        } = self.lines[self.at].clone();
        let text = match content {
            Content::Text(text)
            | Content::Heading { text, .. }
            | Content::CodeTitle(text)
            | Content::Struck(text) => text,
            Content::Code(text) => text.trim().to_owned(),
            Content::Row { cells, .. } => cells.join(" | "),
            Content::Open(_) | Content::Close => return false,
        };
        self.at += 1;
        self.keep(&text, number, false);
        true
    }

    /// Whether a line announces such a sample, as in `Wrong:`.
    fn is_counterexample(&self) -> bool {
        let text = self.text_at(self.at).filter(|text| text.ends_with(':'));
        let below = self.lines.get(self.at + 1).map(|line| &line.content);
        let is_sample = match below {
            Some(Content::Code(_) | Content::CodeTitle(_)) => true,
            Some(Content::Text(text)) => is_request(text),
            _ => false,
        };
        let labels = self.labels;
        is_sample
            && text.is_some_and(|text| {
                labels.is_any(&normalize(text), |language| &language.counterexamples)
            })
    }

    /// Keeps the line and the sample below it, and takes back what the sample states.
    fn leave_out_sample(&mut self) {
        let first = self.at;
        let section = self.section.clone();
        let (facts, statements) = (self.page.facts.len(), self.page.statements.len());
        let (ids, counts) = (self.ids.clone(), self.counts.clone());
        let (samples, sample_ids) = (self.samples.clone(), self.sample_ids.clone());
        let is_title = |line: &Line| matches!(line.content, Content::CodeTitle(_));
        self.line();
        if self.lines.get(self.at).is_some_and(is_title) {
            self.line();
        }
        self.line();
        self.page.facts.truncate(facts);
        self.page.statements.truncate(statements);
        (self.ids, self.counts, self.section) = (ids, counts, section);
        (self.samples, self.sample_ids) = (samples, sample_ids);
        let number = self.lines[first].number;
        let texts = self.lines[first..self.at].iter();
        let texts = texts.filter_map(|line| match &line.content {
            Content::Text(text) | Content::Code(text) => Some(text.trim()),
            _ => None,
        });
        let texts: Vec<&str> = texts.collect();
        self.keep(&texts.join("\n"), number, false);
    }
}
