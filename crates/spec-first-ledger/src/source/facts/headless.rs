//! Tables without heads, whose cells tell what they are.

use super::notation::{is_name, is_technical, is_type, starred};
use super::reader::Reader;
use super::reasons::{canonical, is_reason};
use super::statuses::is_status;
use super::tables::Table;
use crate::source::labels::{Column, normalize};
use crate::source::page::Content;

impl Reader<'_> {
    /// The table that a row is the head of. `is_marked` says whether the page marks it as one; otherwise it may also be about a field.
    pub(super) fn heads(&self, cells: &[String], is_marked: bool) -> Option<Table> {
        let is_type =
            |cell: &String| cell.starts_with(char::is_lowercase) && is_type(cell, self.labels);
        let is_head = is_marked || !cells.iter().any(is_type);
        Table::of(cells, self.labels).filter(|_| is_head)
    }

    /// The table that a row begins, if all of its rows are about fields with their types, or about statuses. A row that is marked as
    /// the head may be the first of them, or blank.
    pub(super) fn headless(&self, cells: &[String], is_marked: bool) -> Option<Table> {
        // A table is read once, from its first row.
        let above = self
            .at
            .checked_sub(2)
            .map(|above| &self.lines[above].content);
        let is_first = match above {
            Some(Content::Row { .. }) => false,
            Some(Content::Text(text)) => !text.contains('\t'),
            _ => true,
        };
        if !is_marked && (!is_first || self.table.is_some()) {
            return None;
        }
        let is_blank = cells.iter().all(String::is_empty);
        let column = |index: usize| -> Vec<&str> {
            let own = cells.get(index).filter(|_| !is_blank);
            let below = self.cells_below(index).into_iter();
            let all = own.map(String::as_str).into_iter().chain(below);
            all.map(|cell| cell.trim_matches('`')).collect()
        };
        let (first, second) = (column(0), column(1));
        if cells.len() < 2 || first.is_empty() || first.len() != second.len() {
            return None;
        }
        let is_field = |(name, kind): (&&str, &&str)| {
            let name = starred(name).0;
            is_name(name) && is_technical(name) && is_type(kind, self.labels)
        };
        let is_mark = |cell: &&str| {
            let mark = normalize(cell);
            mark.is_empty()
                || self.labels.is_any(&mark, |language| &language.required)
                || self.labels.is_any(&mark, |language| &language.optional)
        };
        let pairs = || first.iter().zip(&second);
        let mut columns = vec![None; cells.len()];
        *columns.last_mut()? = Some(Column::Text);
        if self.lists_fields() && pairs().all(is_field) {
            columns[..2].copy_from_slice(&[Some(Column::Name), Some(Column::Type)]);
            if cells.len() > 2 && column(2).iter().all(is_mark) {
                columns[2] = Some(Column::Required);
            }
        } else if self.is_about_responses()
            && first
                .iter()
                .all(|code| is_status(code) && canonical(code).is_some())
        {
            columns[0] = Some(Column::Code);
            if pairs().all(|(code, text)| is_reason(code, text, self.labels)) {
                columns[1] = Some(Column::Reason);
            }
        } else {
            return None;
        }
        let heads = vec![String::new(); cells.len()];
        Some(Table { heads, columns })
    }
}
