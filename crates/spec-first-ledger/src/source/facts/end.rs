//! Detects whether a capture is cut off.

use super::reader::Reader;
use super::{Fact, Statement};
use crate::source::labels::normalize;
use crate::source::page::{Content, Form, Line};

/// The maximum number of lines in a page footer.
const FOOTER: usize = 12;

impl Reader<'_> {
    /// Removes facts whose values may be truncated by the end of a capture.
    pub(super) fn leave_out_partial(&mut self) {
        let Some(cut_off) = self.page.cut_off.filter(|_| self.is_open) else {
            return;
        };
        let content = self.lines.last().map(|line| &line.content);
        let end = match content {
            Some(Content::Text(text) | Content::Code(text)) => text.trim_end().to_owned(),
            Some(Content::Row { cells, .. }) => cells.last().cloned().unwrap_or_default(),
            _ => return,
        };
        let is_partial = |fact: &Fact| {
            let of_list = fact
                .value
                .as_array()
                .and_then(|items| items.last()?.as_str());
            let said = [fact.value.as_str().or(of_list), Some(fact.name())];
            let mut said = said.into_iter().flatten().filter(|said| !said.is_empty());
            fact.line == cut_off && said.any(|said| end.ends_with(said))
        };
        let count = self.page.facts.len();
        self.page.facts.retain(|fact| !is_partial(fact));
        if self.page.facts.len() < count {
            let line = end.lines().next_back().unwrap_or_default();
            self.keep(line, cut_off, false);
        }
    }

    /// Whether the capture ends inside a URL: its host is not whole, or another URL of the page goes on.
    pub(super) fn ends_in_url(&self) -> bool {
        let Some((text, number)) = self
            .lines
            .last()
            .and_then(|line| Some((line.text()?, line.number)))
        else {
            return false;
        };
        let urls = || self.page.facts.iter().filter(|fact| fact.kind() == "url");
        let urls = || urls().filter_map(|fact| Some((fact.line, fact.value.as_str()?)));
        let last = urls().find(|(line, url)| *line == number && text.ends_with(url));
        last.is_some_and(|(_, last)| {
            let rest = last.split_once("://").map_or(last, |(_, rest)| rest);
            let is_part = |host: &str| host.ends_with('.') || !host.contains(['.', ':', '{', '<']);
            (!rest.contains(['/', '?']) && rest != "localhost" && is_part(rest))
                || urls().any(|(line, url)| line < number && goes_on(last, url))
        })
    }

    /// Whether a page footer follows the last fact.
    pub(super) fn has_footer(&self) -> bool {
        let end = self.page.facts.last().map_or(0, |fact| fact.line);
        let last = self.lines.iter().rev().take(FOOTER);
        let below = last.filter(|line| line.number > end);
        let is_footer = |text: &str| {
            let labels = self.labels;
            // A field may be named `next`.
            !text.starts_with(char::is_lowercase)
                && labels.is_any(&normalize(text), |language| &language.footer)
        };
        below.filter_map(Line::text).any(is_footer)
    }

    /// The line where the capture was cut off inside a word, a sentence or a row.
    pub(super) fn cut_off(&self) -> Option<u32> {
        let last = self.lines.last()?;
        if self.page.end.is_certain {
            return None;
        }
        let end = self.page.facts.last().map_or(0, |fact| fact.line);
        // If the previous line has no full stop either, the page is written that way.
        let section = self.stored(&self.section);
        let above = self.page.statements.iter().rev();
        let mut above = above.filter(|each| {
            each.section == section && each.line < last.number && each.text.contains(' ')
        });
        let last_text = last.text().unwrap_or_default();
        let is_alike = |above: &str| is_unfinished(above) && above.len() * 2 >= last_text.len();
        let is_style = above.next().is_some_and(|each| is_alike(&each.text));
        let is_cut = match &last.content {
            // An incomplete row is not understood.
            Content::Text(text) if ends_openly(text) => true,
            Content::Text(text) if self.table.is_some() && self.form == Form::Text => {
                let statement = self.page.statements.last();
                let is_kept =
                    |statement: &Statement| statement.text == *text && !statement.is_understood;
                is_unfinished(text) || statement.is_some_and(is_kept)
            }
            Content::Text(text)
                if end < last.number
                    && (self.labels.begins_heading(text) || self.labels.begins_label(text)) =>
            {
                true
            }
            Content::Text(text) => {
                // A line that ends with the reason phrase of its status is complete.
                let is_reason = self.page.facts.iter().any(|fact| {
                    let reason = fact.value.as_str().filter(|_| fact.kind() == "status");
                    fact.line == last.number && reason.is_some_and(|reason| text.ends_with(reason))
                });
                is_unfinished(text) && !self.is_schema && !is_style && !is_reason
            }
            Content::Row { cells, .. } => {
                let ends = |cells: &[String]| cells.last().is_none_or(|cell| !cell.is_empty());
                let above = self.lines.iter().rev().nth(1).map(|line| &line.content);
                let is_above = matches!(above, Some(Content::Row { cells, .. }) if ends(cells));
                cells.len() == 1 || (!ends(cells) && is_above)
            }
            Content::Open(_) => true,
            _ => !self.components.is_empty() && self.form == Form::Markdown,
        };
        is_cut.then_some(last.number)
    }
}

/// Whether a URL is the start of a longer one, within a segment.
fn goes_on(start: &str, url: &str) -> bool {
    let rest = url.strip_prefix(start).unwrap_or_default();
    !start.ends_with('/') && rest.starts_with(|next: char| !"/?#".contains(next))
}

/// Whether a line of code ends with an operator, or with a sign that continues it on the next line.
fn ends_openly(text: &str) -> bool {
    let text = text.trim_end();
    [" =", " +", " &&", " ||", " \\"]
        .iter()
        .any(|sign| text.ends_with(sign))
}

/// Whether a line of prose ends mid-sentence.
fn is_unfinished(text: &str) -> bool {
    let text = text.trim_end();
    text.contains(' ')
        && text.len() >= 8
        && !text.ends_with(['.', '!', '?', ':', ')', '>', '}', ']', '"', '\'', '`'])
}
