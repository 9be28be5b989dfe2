//! Tables: rows of cells, tab-separated lines, and lines with glued cells.

use serde_json::Value;

use super::Fact;
use super::headings::slug;
use super::notation::{
    begins_with_type, is_made_of_words, is_name, is_technical, is_type, named_type, starred,
};
use super::reader::Reader;
use super::reasons::reason_of;
use super::statuses::{is_status, status, statuses};
use crate::source::labels::{Column, Labels, normalize, unnumbered};
use crate::source::values::ungrouped;

/// The current table: its column headers, and what they mean.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) heads: Vec<String>,
    pub(super) columns: Vec<Option<Column>>,
}

/// The values of a field, listed in the rows of a table.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    pub(super) number: u32,
}

/// The known kinds of tables: required columns, then optional ones.
const KINDS: [(&[Column], &[Column]); 10] = [
    (
        &[Column::Name, Column::Type],
        &[Column::Required, Column::Default, Column::Text],
    ),
    (
        &[Column::Code],
        &[Column::Reason, Column::ErrorCode, Column::Text],
    ),
    (&[Column::Reason, Column::Text], &[Column::ErrorCode]),
    (&[Column::ErrorCode], &[Column::Reason, Column::Text]),
    (&[Column::Limit, Column::Value], &[Column::Text]),
    (&[Column::Limit, Column::Text], &[]),
    (&[Column::Name, Column::Value], &[Column::Text]),
    (
        &[Column::Name, Column::Required],
        &[Column::Default, Column::Text],
    ),
    (&[Column::Name, Column::Text], &[Column::Default]),
    (&[Column::Value, Column::Text], &[]),
];

impl Table {
    /// A table with these headers, if its kind is known. The meaning of a header depends on the others.
    pub(super) fn of(heads: &[String], labels: &Labels) -> Option<Self> {
        let of_head = |head: &String| meanings(normalize(head).trim_end_matches('?'), labels);
        let meanings: Vec<Vec<Column>> = heads.iter().map(of_head).collect();
        let has = |column| meanings.iter().any(|of_head| of_head.contains(column));
        let (needed, others) = KINDS
            .into_iter()
            .find(|(needed, _)| needed.iter().all(has))?;
        let of_kind = |of_head: &Vec<Column>| {
            let mut columns = needed.iter().chain(others);
            columns.find(|column| of_head.contains(column)).copied()
        };
        Some(Self {
            heads: heads.to_vec(),
            columns: meanings.iter().map(of_kind).collect(),
        })
    }

    /// Whether lines are the cells of a row: with a status, or with the name and the type of a field.
    pub(super) fn may_be_row(&self, cells: &[String], labels: &Labels) -> bool {
        match [Column::Name, Column::Type].map(|column| self.cell(cells, column)) {
            [Some(name), Some(kind)] => {
                is_name(starred(name).0) && named_type(kind, labels).is_some()
            }
            [Some(_), None] => false,
            _ => cells.iter().any(|cell| is_status(cell)),
        }
    }

    fn index(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|each| *each == Some(column))
    }

    fn cell<'a>(&self, cells: &'a [String], column: Column) -> Option<&'a str> {
        let cell = cells.get(self.index(column)?)?;
        Some(cell.trim_matches('`')).filter(|cell| !cell.is_empty())
    }
}

fn meanings(head: &str, labels: &Labels) -> Vec<Column> {
    let languages = labels.languages.iter();
    let columns = languages.flat_map(|language| &language.columns);
    columns
        .filter(|(_, heads)| heads.iter().any(|known| known == head))
        .map(|(column, _)| *column)
        .collect()
}

/// Whether a text is an identifier, such as `invalid_pet` or `1001`.
fn is_token(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
        && text.len() <= 60
        && text
            .chars()
            .all(|part| part.is_ascii_alphanumeric() || "_.-:".contains(part))
        && (text.contains(['_', '-', '.', ':'])
            || !text.contains(|part: char| part.is_ascii_lowercase()))
}

/// Splits glued column headers.
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

impl Reader<'_> {
    /// A row with cells.
    pub(super) fn row(&mut self, cells: &[String], is_head: bool, number: u32) {
        let field = self.field.as_ref().map(|field| field.name.clone());
        let field = field.filter(|_| !self.components.is_empty());
        self.finish_field();
        self.leave_top();
        let is_blank = cells.iter().all(String::is_empty);
        let mut is_head = is_head;
        if let Some(table) = self.headless(cells, is_head) {
            self.finish_values();
            self.table = Some(self.with_codes(table));
            is_head = false;
        } else if is_head || self.table.is_none() {
            let heads = self.heads(cells, is_head);
            is_head |= heads.is_some();
            if is_head {
                self.table = heads.map(|table| self.with_codes(table));
                self.begin_values(cells, field, number);
            }
        }
        if is_blank {
            return;
        }
        let Some(table) = self.table.clone() else {
            return self.keep(&cells.join(" | "), number, false);
        };
        if is_head {
            return;
        }
        let read = self
            .value_row(&table, cells)
            .or_else(|| self.status_row(&table, cells, number))
            .or_else(|| self.error_row(&table, cells, number))
            .or_else(|| self.field_row(&table, cells, number))
            .or_else(|| self.limit_row(&table, cells, number))
            .or_else(|| self.header_row(&table, cells, number));
        let Some(mut read) = read else {
            return self.keep(&cells.join(" | "), number, false);
        };
        read.push(Column::Text);
        let read: Vec<usize> = read
            .into_iter()
            .filter_map(|column| table.index(column))
            .collect();
        for (index, cell) in cells.iter().enumerate() {
            let is_said = !matches!(cell.as_str(), "" | "-" | "–" | "—");
            if is_said && !read.contains(&index) {
                let head = table.heads.get(index).map_or("", String::as_str);
                self.keep(
                    format!("{head}: {cell}").trim_start_matches(": "),
                    number,
                    false,
                );
            }
        }
    }

    /// Starts collecting the values of a field: of the field whose component encloses the table, or of the field that the first column
    /// names.
    fn begin_values(&mut self, heads: &[String], field: Option<String>, number: u32) {
        self.finish_values();
        let is_values = |table: &Table| table.columns.first() == Some(&Some(Column::Value));
        let name = match &self.table {
            Some(table) if is_values(table) => field,
            None => heads.first().filter(|head| self.is_field(head)).cloned(),
            Some(_) => None,
        };
        if self.table.is_none() && name.is_some() {
            let mut columns = vec![None; heads.len()];
            columns[0] = Some(Column::Value);
            self.table = Some(Table {
                heads: heads.to_vec(),
                columns,
            });
        }
        self.listed = name.map(|name| Listed {
            name,
            values: Vec::new(),
            number,
        });
    }

    /// Whether the page states a field with this name, which cannot be an ordinary word.
    fn is_field(&self, name: &str) -> bool {
        let is_it = |fact: &Fact| matches!(fact.kind(), "field" | "member") && fact.name() == name;
        is_name(name) && is_made_of_words(name) && self.page.facts.iter().any(is_it)
    }

    fn value_row(&mut self, table: &Table, cells: &[String]) -> Option<Vec<Column>> {
        let listed = self.listed.as_mut()?;
        let value = table.cell(cells, Column::Value)?;
        if value.contains(' ') {
            // This may be a range, or several values.
            self.listed = None;
            return None;
        }
        listed.values.push(value.to_owned());
        Some(vec![Column::Value])
    }

    /// A row about a status; returns the columns that were read, apart from the description.
    fn status_row(&mut self, table: &Table, cells: &[String], number: u32) -> Option<Vec<Column>> {
        let mut columns = [Column::Code, Column::Reason].into_iter();
        let (column, (code, rest)) =
            columns.find_map(|column| Some((column, status(table.cell(cells, column)?)?)))?;
        if cells.iter().any(|cell| self.is_unreturned(cell)) {
            return None;
        }
        let mut read = vec![column];
        let listed = statuses(table.cell(cells, column)?);
        if listed.len() > 1 {
            for code in listed {
                self.state_status(code, None, number);
            }
            if let Some(text) = table.cell(cells, Column::Text) {
                self.keep(text, number, true);
            }
            return Some(read);
        }
        let rest = rest.trim_matches([' ', '`', '-', '–', ':']);
        // What is true of another status, as in `404 → 403`, is unclear.
        if rest.contains(|next: char| next.is_ascii_digit()) {
            return None;
        }
        let beside = reason_of(code, rest, self.labels);
        let mut phrase = beside.map(|(reason, _)| reason);
        let left = beside.map_or(rest, |(_, rest)| rest).trim();
        if phrase.is_none() {
            let cell = table.cell(cells, Column::Reason);
            let cell = cell.and_then(|cell| reason_of(code, cell, self.labels));
            phrase = cell
                .filter(|(_, rest)| rest.is_empty())
                .map(|(reason, _)| reason);
            read.extend(phrase.map(|_| Column::Reason));
        }
        self.state_status(code, phrase, number);
        if !left.is_empty() {
            self.keep(left, number, false);
        }
        // A code beside a status in another column is an error code.
        for other in [Column::ErrorCode, Column::Code] {
            if other != column && self.state_errors(table.cell(cells, other), code.into(), number) {
                read.push(other);
            }
        }
        if let Some(text) = table.cell(cells, Column::Text) {
            self.keep(text, number, true);
        }
        Some(read)
    }

    /// A row about an error code.
    fn error_row(&mut self, table: &Table, cells: &[String], number: u32) -> Option<Vec<Column>> {
        let is_about_errors = self.section == "errors";
        let column = [Column::ErrorCode, Column::Code]
            .into_iter()
            .find(|column| {
                let is_it = *column == Column::ErrorCode || is_about_errors;
                is_it && table.cell(cells, *column).is_some()
            })?;
        let name = table
            .cell(cells, Column::Reason)
            .filter(|name| is_token(name));
        let value = name.map_or(Value::Null, Value::from);
        if !self.state_errors(table.cell(cells, column), value, number) {
            return None;
        }
        if let Some(text) = table.cell(cells, Column::Text) {
            self.keep(text, number, true);
        }
        let mut read = vec![column];
        read.extend(name.map(|_| Column::Reason));
        Some(read)
    }

    /// States the error codes in a cell; returns whether there are any.
    fn state_errors(&mut self, cell: Option<&str>, value: Value, number: u32) -> bool {
        let codes = cell.unwrap_or_default().split(',');
        let codes: Vec<&str> = codes.map(|code| code.trim().trim_matches('`')).collect();
        let is_code = codes.iter().all(|code| is_token(code));
        for code in codes.into_iter().filter(|_| is_code) {
            self.state("error-code", code, value.clone(), number);
        }
        is_code
    }

    fn limit_row(&mut self, table: &Table, cells: &[String], number: u32) -> Option<Vec<Column>> {
        let limit = table.cell(cells, Column::Limit)?;
        let column = [Column::Value, Column::Text].into_iter();
        let (column, value) = column
            .filter(|_| self.section == "limits")
            .find_map(|column| Some((column, table.cell(cells, column)?)))
            .filter(|(_, value)| value.contains(|sign: char| sign.is_ascii_digit()))?;
        let value = ungrouped(value).unwrap_or_else(|| value.to_owned());
        self.state("quota", &slug(limit), value.into(), number);
        Some(vec![Column::Limit, column])
    }

    fn header_row(&mut self, table: &Table, cells: &[String], number: u32) -> Option<Vec<Column>> {
        let [name, value] = [Column::Name, Column::Value].map(|column| table.cell(cells, column));
        let header = format!("{}: {}", name?, value?);
        let is_read = self.state_header(&header, number);
        is_read.then(|| vec![Column::Name, Column::Value])
    }

    fn field_row(&mut self, table: &Table, cells: &[String], number: u32) -> Option<Vec<Column>> {
        let (name, is_starred) = starred(table.cell(cells, Column::Name)?);
        if !is_name(name) || self.is_orphan() {
            return None;
        }
        let kind = table.cell(cells, Column::Type);
        // Without a type column, the section must be one that lists fields.
        let is_field = match (kind, table.index(Column::Type)) {
            (Some(kind), _) if is_type(kind, self.labels) => true,
            // A word such as `text` is also a kind of thing.
            (Some(kind), _) => {
                (self.lists_fields() || is_technical(name))
                    && named_type(kind, self.labels).is_some()
            }
            (None, Some(_)) => false,
            (None, None) => table.index(Column::Value).is_none() && self.lists_fields(),
        };
        if !is_field {
            return None;
        }
        let name = self.begin_field(name, kind, number);
        let mut read = vec![Column::Name, Column::Type];
        let required = table.cell(cells, Column::Required).map(normalize);
        if is_starred && required.is_none() {
            self.state("required", &name, true.into(), number);
        }
        if let Some(required) = required {
            let labels = self.labels;
            let word = unnumbered(&required);
            let word = if word.is_empty() { &required } else { word };
            let is_true = labels.is_any(word, |language| &language.truth);
            if is_true || labels.is_any(word, |language| &language.falsehood) {
                self.state("required", &name, is_true.into(), number);
                read.push(Column::Required);
            }
        }
        let default = table.cell(cells, Column::Default);
        if let Some(default) = default.filter(|default| !default.contains(' '))
            && self.state_value("default", &name, default, number)
        {
            read.push(Column::Default);
        }
        if let Some(text) = table.cell(cells, Column::Text) {
            self.prose(text, number);
        }
        self.finish_field();
        Some(read)
    }

    /// A table row in plain text.
    pub(super) fn table_line(&mut self, text: &str, number: u32) -> bool {
        let cells: Vec<String> = text
            .split('\t')
            .map(|cell| cell.trim().to_owned())
            .collect();
        if cells.len() > 1 {
            let is_head = self.heads(&cells, false).is_some();
            self.at += 1;
            self.row(&cells, is_head, number);
            return true;
        }
        let heads = split_heads(&normalize(text), self.labels).filter(|heads| heads.len() > 1);
        if let Some(table) = heads.and_then(|heads| Table::of(&heads, self.labels)) {
            self.finish_field();
            self.table = Some(table);
            self.at += 1;
            return true;
        }
        if let Some(cells) = self
            .table
            .as_ref()
            .and_then(|table| self.split_row(table, text))
        {
            self.row(&cells, false, number);
            self.at += 1;
            return true;
        }
        false
    }

    /// Splits a glued row about a field, if that is unambiguous: cells after the type start with a capital.
    fn split_row(&self, table: &Table, text: &str) -> Option<Vec<String>> {
        let columns: Vec<Column> = table.columns.iter().copied().collect::<Option<_>>()?;
        let (has_required, text, last) = match columns[..] {
            [Column::Name, Column::Type] | [Column::Name, Column::Type, Column::Text] => {
                (false, text, None)
            }
            [Column::Name, Column::Type, Column::Required, Column::Text] => (true, text, None),
            [Column::Name, Column::Type, Column::Text, Column::Required] => {
                // A word behind the last sentence.
                let end = text.rfind(['.', ')'])? + 1;
                let (text, last) = text.split_at(end);
                let is_word = last.starts_with(char::is_uppercase) && !last.contains(' ');
                (false, text, Some(last).filter(|_| is_word)?.into())
            }
            _ => return None,
        };
        let begins = |rest: &str| rest.is_empty() || rest.starts_with(char::is_uppercase);
        let ends = |text: &str| -> Vec<usize> {
            let starts = text.char_indices().map(|(at, _)| at).skip(1);
            starts.chain([text.len()]).take(80).collect()
        };
        let mut found = Vec::new();
        for (name, rest) in ends(text).into_iter().map(|at| text.split_at(at)) {
            if !is_name(name) || !begins_with_type(rest, self.labels) {
                continue;
            }
            for (kind, rest) in ends(rest).into_iter().map(|at| rest.split_at(at)) {
                if !is_type(kind, self.labels) || !begins(rest) {
                    continue;
                }
                let mut cells = vec![name.to_owned(), kind.to_owned()];
                if !has_required {
                    cells.push(rest.to_owned());
                    cells.extend(last.map(str::to_owned));
                    found.push(cells);
                    continue;
                }
                for (required, rest) in ends(rest).into_iter().map(|at| rest.split_at(at)) {
                    let word = normalize(required);
                    let is_known = self.labels.is_any(&word, |language| &language.truth)
                        || self.labels.is_any(&word, |language| &language.falsehood);
                    if is_known && begins(rest) {
                        let rest = [required.to_owned(), rest.to_owned()];
                        found.push(cells.iter().cloned().chain(rest).collect());
                    }
                }
            }
        }
        let row = found.pop()?;
        found.is_empty().then_some(row)
    }

    pub(super) fn lists_fields(&self) -> bool {
        matches!(
            self.section.as_str(),
            "path-parameters"
                | "query-parameters"
                | "header-parameters"
                | "headers"
                | "body-parameters"
                | "parameters"
                | "response-fields"
                | "body"
                | "response"
        )
    }
}
