//! Tables: in rows of cells, in lines with tabs, and in lines in which the cells are not separated.

use std::sync::LazyLock;

use http::StatusCode;
use serde_json::Value;

use super::fields::{is_name, is_type};
use super::reader::Reader;
use crate::source::labels::{Column, Labels, normalize};

/// What the columns of the table above hold.
#[derive(Clone, Debug)]
pub(super) struct Table(Vec<Option<Column>>);

/// The reason phrases of HTTP, longest first, and those that older documents use.
static REASONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let codes = (100..600).filter_map(|code| StatusCode::from_u16(code).ok());
    let mut reasons: Vec<&str> = codes.filter_map(|code| code.canonical_reason()).collect();
    reasons.extend([
        "Unprocessable Content",
        "Request Entity Too Large",
        "Content Too Large",
        "Gateway Time-out",
    ]);
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.len()), *reason));
    reasons.dedup();
    reasons
});

impl Table {
    /// The columns with these heads, if they are those of statuses or fields.
    fn of(heads: &[String], labels: &Labels) -> Option<Self> {
        let columns: Vec<_> = heads
            .iter()
            .map(|head| column(&normalize(head), labels))
            .collect();
        let has = |column| columns.contains(&Some(column));
        let is_known = has(Column::Code)
            || (has(Column::Name) && has(Column::Type))
            || (has(Column::Reason) && has(Column::Text));
        is_known.then_some(Self(columns))
    }

    fn cell<'a>(&self, cells: &'a [String], column: Column) -> Option<&'a str> {
        let index = self.0.iter().position(|each| *each == Some(column))?;
        cells.get(index).map(String::as_str)
    }
}

fn column(head: &str, labels: &Labels) -> Option<Column> {
    let languages = labels.languages.iter();
    let mut columns = languages.flat_map(|language| &language.columns);
    columns
        .find(|(_, heads)| heads.iter().any(|known| known == head))
        .map(|(column, _)| *column)
}

/// Splits column heads that run together.
fn split_heads(text: &str, labels: &Labels) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let heads = labels
        .languages
        .iter()
        .flat_map(|language| language.columns.values().flatten());
    let mut fitting: Vec<&String> = heads
        .filter(|head| text.starts_with(head.as_str()))
        .collect();
    fitting.sort_by_key(|head| std::cmp::Reverse(head.len()));
    fitting.dedup();
    fitting.into_iter().find_map(|head| {
        let mut heads = split_heads(&text[head.len()..], labels)?;
        heads.insert(0, head.clone());
        Some(heads)
    })
}

/// The status at the start of a text, and what follows.
fn status(text: &str) -> Option<(&str, &str)> {
    let (code, rest) = text.split_at_checked(3)?;
    let is_status = code.starts_with(['1', '2', '3', '4', '5'])
        && code.bytes().all(|byte| byte.is_ascii_digit());
    (is_status && !rest.starts_with(|next: char| next.is_ascii_digit())).then_some((code, rest))
}

/// The reason phrase at the start of a text, and what follows.
fn reason(text: &str) -> Option<(&'static str, &str)> {
    REASONS.iter().find_map(|reason| {
        let start = text.get(..reason.len())?;
        let rest = &text[reason.len()..];
        let is_whole = !rest.starts_with(|next: char| next.is_lowercase());
        (start.eq_ignore_ascii_case(reason) && is_whole).then_some((*reason, rest))
    })
}

impl Reader<'_> {
    /// A row with cells.
    pub(super) fn row(&mut self, cells: &[String], is_head: bool, number: u32) {
        self.finish_field();
        self.leave_top();
        if is_head {
            self.table = Table::of(cells, self.labels);
            if self.table.is_none() {
                self.keep(&cells.join(" | "), number, false);
            }
            return;
        }
        let Some(table) = self.table.clone() else {
            return self.keep(&cells.join(" | "), number, false);
        };
        if !self.status_row(&table, cells, number) && !self.field_row(&table, cells, number) {
            self.keep(&cells.join(" | "), number, false);
        }
    }

    fn status_row(&mut self, table: &Table, cells: &[String], number: u32) -> bool {
        let code = table
            .cell(cells, Column::Code)
            .or_else(|| table.cell(cells, Column::Reason));
        let Some((code, rest)) = code.and_then(|cell| status(cell.trim_start_matches('`'))) else {
            return false;
        };
        let beside = reason(rest.trim_matches([' ', '`', '-', '–'])).map(|(reason, _)| reason);
        let cell = table.cell(cells, Column::Reason).unwrap_or_default();
        let reason = beside.or_else(|| {
            let (reason, rest) = reason(cell)?;
            rest.is_empty().then_some(reason)
        });
        self.state(
            "status",
            code,
            reason.map_or(Value::Null, Value::from),
            number,
        );
        if let Some(text) = table
            .cell(cells, Column::Text)
            .filter(|text| !text.is_empty())
        {
            self.keep(text, number, true);
        }
        true
    }

    fn field_row(&mut self, table: &Table, cells: &[String], number: u32) -> bool {
        let [Some(name), Some(kind)] =
            [Column::Name, Column::Type].map(|column| table.cell(cells, column))
        else {
            return false;
        };
        if !is_name(name) || !is_type(kind, self.labels) {
            return false;
        }
        self.begin_field(name, Some(kind), number);
        if let Some(required) = table.cell(cells, Column::Required) {
            let required = normalize(required);
            if self.labels.is_any(&required, |language| &language.truth) {
                self.state("required", name, true.into(), number);
            } else if self
                .labels
                .is_any(&required, |language| &language.falsehood)
            {
                self.state("required", name, false.into(), number);
            } else if !required.is_empty() {
                self.keep(&required, number, false);
            }
        }
        if let Some(text) = table
            .cell(cells, Column::Text)
            .filter(|text| !text.is_empty())
        {
            self.prose(text, number);
        }
        self.finish_field();
        true
    }

    /// A line of a table in a form without marks.
    pub(super) fn table_line(&mut self, text: &str, number: u32) -> bool {
        let cells: Vec<String> = text
            .split('\t')
            .map(|cell| cell.trim().to_owned())
            .collect();
        if cells.len() > 1 {
            let heads = Table::of(&cells, self.labels);
            self.row(&cells, heads.is_some(), number);
            self.at += 1;
            return true;
        }
        let heads = split_heads(&normalize(text), self.labels).filter(|heads| heads.len() > 1);
        if let Some(table) = heads.and_then(|heads| Table::of(&heads, self.labels)) {
            self.finish_field();
            self.table = Some(table);
            self.at += 1;
            return true;
        }
        false
    }

    /// A status at the start of a line, in a section about responses.
    pub(super) fn status_line(&mut self, text: &str, number: u32) -> bool {
        let is_about_responses = self.table.is_some()
            || matches!(
                self.section.as_str(),
                "responses" | "errors" | "response" | "sample-response" | "sample-request"
            );
        let Some((code, rest)) = status(text.trim()).filter(|_| is_about_responses) else {
            return false;
        };
        // A number that begins a sentence.
        let is_glued = !rest.starts_with(|next: char| next.is_lowercase() || next.is_whitespace());
        let rest = rest.trim_matches([' ', '-', '–', ':']);
        let code = code.to_owned();
        if rest.is_empty() {
            // The reason may be on the next line.
            let below = self.text_at(self.at + 1).and_then(reason);
            let below = below
                .filter(|(_, rest)| rest.is_empty())
                .map(|(reason, _)| reason);
            self.state_status(&code, below, number);
            self.at += 1 + usize::from(below.is_some());
            return true;
        }
        if let Some((reason, rest)) = reason(rest) {
            self.state_status(&code, Some(reason), number);
            if !rest.is_empty() {
                self.keep(rest.trim(), number, true);
            }
            self.at += 1;
            return true;
        }
        // A row without a reason that is known: where it ends cannot be told from where the text begins.
        let is_last = self.at + 1 == self.lines.len();
        if self.table.is_some() && is_glued && !is_last {
            self.state_status(&code, None, number);
            self.keep(rest, number, false);
            self.at += 1;
            return true;
        }
        false
    }

    fn state_status(&mut self, code: &str, reason: Option<&str>, number: u32) {
        // Below the sample request, the statuses are the tabs of the sample responses.
        if self.section == "sample-request" {
            "sample-response".clone_into(&mut self.section);
        }
        self.state(
            "status",
            code,
            reason.map_or(Value::Null, Value::from),
            number,
        );
    }
}
