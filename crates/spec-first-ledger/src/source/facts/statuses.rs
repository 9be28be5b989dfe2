//! Statuses in titles and lines, with their reason phrases.

use http::StatusCode;
use serde_json::Value;

use super::reader::Reader;
use super::reasons::{canonical, is_reason, reason_of};
use super::tables::Table;
use crate::source::labels::{Column, is_media_type, normalize};
use crate::source::page::Content;

/// The separators between a status and its reason.
const BEHIND_STATUS: [char; 5] = [' ', '-', '–', '—', ':'];

/// Whether a text is only a status.
pub(super) fn is_status(text: &str) -> bool {
    status(text.trim()).is_some_and(|(_, rest)| rest.is_empty())
}

/// Splits the status off the start of a text.
pub(super) fn status(text: &str) -> Option<(&str, &str)> {
    let (code, rest) = text.split_at_checked(3)?;
    let is_status = code.starts_with(['1', '2', '3', '4', '5'])
        && code.bytes().all(|byte| byte.is_ascii_digit());
    (is_status && !rest.starts_with(|next: char| next.is_ascii_digit())).then_some((code, rest))
}

/// Whether a heading is a status with its reason, another title or nothing, as in `404 Not Found`.
pub(super) fn is_status_title(text: &str) -> bool {
    status(text.trim()).is_some_and(|(code, rest)| {
        let rest = rest.trim_matches(BEHIND_STATUS);
        canonical(code).is_some() && (rest.is_empty() || rest.starts_with(char::is_uppercase))
    })
}

/// The statuses in a cell, such as `402, 409`, apart from what else is in it.
pub(super) fn statuses(text: &str) -> Vec<&str> {
    let parts = text
        .split([',', '/'])
        .map(|part| part.trim_matches([' ', '`']));
    let parts: Vec<&str> = parts.collect();
    match parts.iter().all(|part| is_status(part)) {
        true => parts,
        false => status(text).map_or(Vec::new(), |(code, _)| vec![code]),
    }
}

/// Whether the cells of a column are statuses. Most of them are registered: an API may number its own errors from 400, too.
fn are_statuses(cells: &[&str]) -> bool {
    let codes = cells
        .iter()
        .filter_map(|cell| status(cell.trim_matches([' ', '`'])));
    let codes: Vec<&str> = codes.map(|(code, _)| code).collect();
    let registered = codes.iter().filter(|code| canonical(code).is_some());
    cells.iter().all(|cell| may_be_status(cell)) && registered.count() * 2 >= codes.len()
}

/// Whether an operation hardly responds with a status: an API may number its own states from 100, too.
fn is_unlikely(code: &str) -> bool {
    let code = code.trim_matches([' ', '`']);
    is_status(code) && (code.starts_with('1') || matches!(code, "300" | "305" | "306" | "407"))
}

/// Whether a cell may be in a column of statuses: it begins with one that HTTP knows, or with no number.
fn may_be_status(cell: &str) -> bool {
    let cell = cell.trim_matches([' ', '`']);
    let is_range = |rest: &str| {
        rest.get(..2)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
    };
    match status(cell) {
        Some((code, rest)) => {
            let code = StatusCode::from_bytes(code.as_bytes()).ok();
            let is_known =
                |code: &StatusCode| code.canonical_reason().is_some() || code.as_u16() >= 400;
            let is_whole = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
            is_whole && code.as_ref().is_some_and(is_known)
        }
        None => {
            !cell.starts_with(|first: char| first.is_ascii_digit())
                || cell.get(1..).is_some_and(is_range)
        }
    }
}

/// What a line says of a status.
struct Said<'t> {
    reason: Option<&'static str>,
    media_type: Option<&'t str>,
    /// What else it says, and whether that is understood.
    rest: &'t str,
    is_understood: bool,
    /// The number of lines.
    lines: usize,
}

impl Reader<'_> {
    /// Decides which codes are statuses: in a column whose head says so, or in one that has nothing else.
    pub(super) fn with_codes(&self, mut table: Table) -> Table {
        let is_http = |head: &String| normalize(head).contains("http");
        let is_code = |(_, column): &(usize, &Option<Column>)| **column == Some(Column::Code);
        let codes = table.columns.iter().enumerate().filter(is_code);
        let codes: Vec<usize> = codes.map(|(index, _)| index).collect();
        let named = codes.iter().find(|index| is_http(&table.heads[**index]));
        let named = named.copied();
        let other = match (self.section.as_str(), named) {
            ("errors", _) | (_, Some(_)) => Some(Column::ErrorCode),
            _ => None,
        };
        // What a column calls error codes are statuses if their reasons are beside them.
        let place = |column| table.columns.iter().position(|each| *each == Some(column));
        let beside: Vec<usize> = [Column::Text, Column::Reason]
            .into_iter()
            .filter_map(place)
            .collect();
        if let (None, Some(index), Some(beside)) = (
            place(Column::Code),
            place(Column::ErrorCode),
            place(Column::Text),
        ) {
            let rows = self.cells_below(index).into_iter();
            let mut rows = rows.zip(self.cells_below(beside)).peekable();
            if rows.peek().is_some() && rows.all(|(code, text)| is_reason(code, text, self.labels))
            {
                table.columns[index] = Some(Column::Code);
            }
        }
        let has_reasons = |codes: &[&str]| {
            let mut columns = beside.iter().map(|column| self.cells_below(*column));
            columns.any(|texts| {
                codes
                    .iter()
                    .zip(texts)
                    .any(|(code, text)| is_reason(code, text, self.labels))
            })
        };
        for index in codes {
            let cells = self.cells_below(index);
            let is_status = match named {
                Some(named) => index == named,
                None if cells.iter().any(|code| is_unlikely(code)) && !has_reasons(&cells) => false,
                None => are_statuses(&cells),
            };
            if !is_status {
                table.columns[index] = other;
            }
        }
        table
    }

    /// The cells of a column in the rows that follow, without the last line of the capture, which may be cut off.
    pub(super) fn cells_below(&self, column: usize) -> Vec<&str> {
        let end = (self.lines.len() - 1).max(self.at);
        let lines = self.lines[self.at..end].iter();
        let cells = lines.map_while(|line| match &line.content {
            Content::Row {
                cells,
                is_head: false,
            } => Some(cells.get(column).map_or("", String::as_str)),
            Content::Text(text) if text.contains('\t') => text.split('\t').nth(column),
            _ => None,
        });
        cells.collect()
    }

    /// Whether the text beside a status says that it is not returned.
    pub(super) fn is_unreturned(&self, text: &str) -> bool {
        let text = normalize(text);
        let begins = |text: &str| {
            let words = self.labels.languages.iter();
            let mut words = words.flat_map(|language| &language.unreturned);
            words.any(|words| text.starts_with(words.as_str()))
        };
        begins(&text)
            || text
                .split_once('(')
                .is_some_and(|(_, within)| begins(within))
    }

    pub(super) fn is_about_responses(&self) -> bool {
        matches!(
            self.section.as_str(),
            "responses" | "errors" | "response" | "sample-response" | "sample-request"
        )
    }

    /// A status as a title, with or without its reason.
    pub(super) fn status_title(&mut self, text: &str, number: u32) -> bool {
        let Some((code, rest)) = status(text.trim()) else {
            return false;
        };
        let is_known = code
            .parse()
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok());
        let is_known = is_known.is_some_and(|code| code.canonical_reason().is_some());
        let is_apart = rest.trim_start().starts_with(['-', '–', '—', ':']);
        let rest = rest.trim_matches(BEHIND_STATUS);
        let is_title = self.section == "sample-response" && rest.starts_with(char::is_uppercase);
        let reason = reason_of(code, rest, self.labels).filter(|(_, rest)| rest.is_empty());
        let is_said = rest.is_empty()
            || reason.is_some()
            || self
                .labels
                .is_any(&normalize(rest), |language| &language.outcomes);
        if self.is_unreturned(rest) {
            return false;
        }
        if !is_known || !(is_said || is_title || is_apart && self.is_about_responses()) {
            return false;
        }
        self.state_status(code, reason.map(|(reason, _)| reason), number);
        self.is_above(code);
        if !is_said {
            self.keep(rest, number, true);
        }
        true
    }

    /// A line such as `Status: 201 Created` or `HTTP/1.1 201 Created`.
    pub(super) fn status_label(&mut self, text: &str, number: u32) -> bool {
        let labels = self.labels;
        // What is called a name may also be that of a street.
        let is_label = |label: &str| {
            let label = normalize(label);
            labels.means(&label, &[Column::Code, Column::Reason])
                && !labels.means(&label, &[Column::Name])
        };
        let said = match (text.split_once(':'), text.strip_prefix("HTTP/")) {
            (_, Some(rest)) => rest.split_once(' ').map(|(_, said)| said),
            (Some((label, said)), _) if is_label(label) => Some(said),
            _ => None,
        };
        let Some((code, rest)) = said.and_then(|said| status(said.trim_matches([' ', '`']))) else {
            return false;
        };
        let known = canonical(code);
        let rest = rest.trim_matches(BEHIND_STATUS);
        let reason = reason_of(code, rest, self.labels)
            .filter(|(reason, rest)| rest.is_empty() && known == Some(*reason));
        let is_certain = text.starts_with("HTTP/") || self.is_about_responses();
        let is_said = reason.is_some()
            || (is_certain && (rest.is_empty() || rest.starts_with(char::is_uppercase)));
        if known.is_none() || !is_said || self.is_unreturned(rest) {
            return false;
        }
        self.state_status(code, reason.map(|(reason, _)| reason), number);
        self.is_above(code);
        if reason.is_none() && !rest.is_empty() {
            self.keep(rest, number, true);
        }
        self.at += 1;
        true
    }

    /// A heading such as `404 Not Found`; below a heading about responses, one with another title, or none, too.
    pub(super) fn status_heading(&mut self, text: &str, above: &str, number: u32) {
        let Some((code, rest)) = status(text.trim()) else {
            return;
        };
        let is_below =
            matches!(above, "responses" | "response" | "errors") || status(above).is_some();
        let rest = rest.trim_matches(BEHIND_STATUS);
        let reason = reason_of(code, rest, self.labels).filter(|(_, rest)| {
            let is_outcome = |text: &str| {
                self.labels
                    .is_any(&normalize(text), |language| &language.outcomes)
            };
            rest.is_empty() || is_outcome(rest)
        });
        let reason = reason
            .map(|(reason, _)| reason)
            .filter(|reason| canonical(code) == Some(*reason));
        if reason.is_some() || (is_below && is_status_title(text)) {
            self.state_status(code, reason, number);
            self.is_above(code);
        }
    }

    /// Assigns this status to the next sample, unless another status directly precedes: of several tabs, the first is shown.
    pub(super) fn is_above(&mut self, code: &str) {
        match self.status.as_mut() {
            Some((_, end)) if self.at <= *end + 1 => *end = self.at,
            _ => self.status = Some((code.to_owned(), self.at)),
        }
    }

    /// A status at the start of a line, in a section about responses.
    pub(super) fn status_line(&mut self, text: &str, number: u32) -> bool {
        let Some((code, behind)) = status(text.trim()) else {
            return false;
        };
        let Some(said) = self.said(code, behind) else {
            return false;
        };
        if self.is_below_fields() {
            self.begin("responses", false);
        }
        self.state_status(code, said.reason, number);
        if let Some(media_type) = said.media_type {
            self.state("media-type", media_type, true.into(), number);
        } else if behind.is_empty() || self.is_directly_above_sample(said.lines) {
            self.is_above(code);
        }
        if !said.rest.is_empty() {
            self.keep(said.rest, number, said.is_understood);
        }
        self.at += said.lines;
        true
    }

    /// Whether a sample follows the current lines, and no other status precedes them: one of several tabs is shown.
    fn is_directly_above_sample(&self, lines: usize) -> bool {
        let above = self.at.checked_sub(1).and_then(|above| self.text_at(above));
        self.is_sample_at(self.at + lines) && above.and_then(status).is_none()
    }

    /// Whether a line begins a sample of a body.
    fn is_sample_at(&self, index: usize) -> bool {
        let line = self.lines.get(index).map(|line| &line.content);
        matches!(line, Some(Content::Text(text) | Content::Code(text)) if text.trim_start().starts_with(['{', '[']))
    }

    /// Whether responses would follow a table of fields without a heading.
    fn is_below_fields(&self) -> bool {
        self.table.is_some() && self.lists_fields() && !self.is_about_responses()
    }

    /// What a line says of the status that it starts with; `None` if its number may be something else.
    fn said<'t>(&self, code: &str, behind: &'t str) -> Option<Said<'t>> {
        let is_below_fields = self.is_below_fields();
        let has_table = self.table.is_some() && !is_below_fields;
        let rest = behind.trim_matches(BEHIND_STATUS);
        let is_above_sample = self.is_directly_above_sample(1)
            && (self.section == "response-example" || is_reason(code, rest, self.labels));
        let is_possible = self.table.is_some() || self.is_about_responses() || is_above_sample;
        if !is_possible || self.is_unreturned(rest) {
            return None;
        }
        let mut said = Said {
            reason: None,
            media_type: None,
            rest,
            is_understood: true,
            lines: 1,
        };
        if self.is_schema && !is_below_fields && is_media_type(rest) {
            (said.rest, said.media_type) = ("", Some(rest));
        } else if rest.is_empty() {
            // A number is not a status because it has three digits.
            if canonical(code).is_none() && !code.starts_with(['4', '5']) {
                return None;
            }
            // The reason may be on the next line.
            let below = self.text_at(self.at + 1);
            let below = below.and_then(|below| reason_of(code, below, self.labels));
            let below = below
                .filter(|(_, rest)| rest.is_empty())
                .map(|(reason, _)| reason);
            // Of a menu of statuses, only one is described below.
            let above = self.at.checked_sub(1).and_then(|above| self.text_at(above));
            let below_it = self.lines.get(self.at + 1);
            let is_of_menu =
                below_it.is_some_and(|line| line.is_spaced) || above.is_some_and(is_status);
            said.reason = below.filter(|below| !is_of_menu || canonical(code) == Some(below));
            said.lines += usize::from(said.reason.is_some());
        } else if let Some((reason, rest)) = reason_of(code, rest, self.labels) {
            (said.reason, said.rest) = (Some(reason), rest.trim());
        } else {
            let is_range = rest.starts_with(|next: char| next.is_ascii_digit());
            let is_apart = !is_range && behind.trim_start().starts_with(['-', '–', '—', ':']);
            // Without a known reason, the boundary between reason and description is unclear.
            let is_title = !has_table
                && canonical(code).is_some()
                && rest.starts_with(|next: char| next.is_uppercase() || next == '(');
            // A number may also start a sentence.
            let is_glued = has_table
                && !behind.starts_with(|next: char| next.is_lowercase() || next.is_whitespace());
            let is_last = self.at + 1 == self.lines.len();
            if !is_apart && (is_last || !(is_title || is_glued)) {
                return None;
            }
            said.is_understood = is_apart || is_title;
        }
        let is_certain = said.reason.is_some() && said.reason == canonical(code);
        Some(said).filter(|_| is_certain || !is_below_fields)
    }

    /// A line such as `Response (404 Not Found): None.`
    pub(super) fn response_line(&mut self, text: &str, number: u32) -> bool {
        let Some((title, rest)) = text.split_once('(') else {
            return false;
        };
        let mut meanings = self.labels.heading(title).iter();
        let is_of_response = meanings.any(|meaning| meaning.section.starts_with("response"));
        if !is_of_response || !self.status_behind(text, number) {
            return false;
        }
        let said = rest.split_once(')').map_or("", |(_, said)| said);
        let said = said.trim_start_matches(':').trim();
        if !said.is_empty() {
            self.keep(said, number, true);
        }
        self.at += 1;
        true
    }

    /// The status in parentheses behind a title, with its own reason, or alone behind the title of a response.
    pub(super) fn status_behind(&mut self, text: &str, number: u32) -> bool {
        let labels = self.labels;
        let is_of_response = |title: &str| {
            let mut meanings = labels.heading(title).iter();
            meanings.any(|meaning| meaning.section.starts_with("response"))
                || labels.is_any(&normalize(title), |language| &language.outcomes)
        };
        let found = text.split_once('(').and_then(|(title, rest)| {
            let (within, said) = rest.split_once(')')?;
            let start = within.find(|sign: char| sign.is_ascii_digit())?;
            let (code, rest) = status(&within[start..])?;
            let (reason, rest) = match reason_of(code, rest.trim(), labels) {
                None if is_of_response(title) => (canonical(code).map(|_| None)?, rest.trim()),
                said => said.map(|(reason, rest)| (Some(reason), rest))?,
            };
            let is_whole = rest.is_empty() && (said.is_empty() || said.starts_with(':'));
            let is_own = reason.is_none() || canonical(code) == reason;
            (is_whole && is_own).then_some((code, reason))
        });
        let Some((code, reason)) = found else {
            return false;
        };
        self.state_status(code, reason, number);
        self.is_above(code);
        true
    }

    pub(super) fn state_status(&mut self, code: &str, reason: Option<&str>, number: u32) {
        // After the sample request, statuses are the tabs of the sample responses.
        if self.section == "sample-request" {
            "sample-response".clone_into(&mut self.section);
        }
        // The reason may be stated elsewhere in the section.
        if self.complete("status", code, reason.map(Value::from)) {
            return;
        }
        self.state(
            "status",
            code,
            reason.map_or(Value::Null, Value::from),
            number,
        );
    }
}
