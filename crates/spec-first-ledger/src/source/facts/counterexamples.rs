//! Samples of what is wrong, or was right before.

use super::reader::Reader;
use super::samples::is_request;
use crate::source::labels::normalize;
use crate::source::page::{Content, Line};

impl Reader<'_> {
    /// Reads a line, and leaves out such a sample.
    pub(super) fn line_or_counterexample(&mut self) {
        match self.is_counterexample() {
            true => self.leave_out_sample(),
            false => self.line(),
        }
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
