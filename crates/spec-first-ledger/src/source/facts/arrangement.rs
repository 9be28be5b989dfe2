//! Joins lines of plain text that the rendered page shows side by side, such as the cells of a table row.
//! Drops tables of contents, whose entries are repeated as headings.

use std::collections::HashMap;

use super::tables::Table;
use crate::source::labels::{Labels, normalize};
use crate::source::page::{Content, Line};

/// The maximum number of columns in a table.
const COLUMNS: usize = 6;

pub(super) fn arrange(mut lines: Vec<Line>, labels: &Labels) -> Vec<Line> {
    leave_out_contents(&mut lines, labels);
    let mut arranged = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some(heads) = heads(&lines[at..], labels) else {
            arranged.push(line.clone());
            at += 1;
            continue;
        };
        let count = heads.len();
        let table = Table::of(&heads, labels);
        arranged.push(row(line, heads, true));
        at += count;
        while let Some(cells) = lines.get(at..at + count).and_then(texts)
            && table
                .as_ref()
                .is_some_and(|table| table.may_be_row(&cells, labels))
        {
            arranged.push(row(&lines[at], cells, false));
            at += count;
        }
    }
    arranged
}

fn row(first: &Line, cells: Vec<String>, is_head: bool) -> Line {
    Line {
        content: Content::Row { cells, is_head },
        ..first.clone()
    }
}

fn texts(lines: &[Line]) -> Option<Vec<String>> {
    lines
        .iter()
        .map(|line| line.text().map(str::to_owned))
        .collect()
}

/// The header cells of a table, one per line, at the start of the lines.
fn heads(lines: &[Line], labels: &Labels) -> Option<Vec<String>> {
    let is_head =
        |text: &&str| text.starts_with(char::is_uppercase) && labels.is_column(&normalize(text));
    let texts = lines.iter().take(COLUMNS).map_while(Line::text);
    let heads: Vec<String> = texts.take_while(is_head).map(str::to_owned).collect();
    let is_table = heads.len() > 1 && Table::of(&heads, labels).is_some();
    is_table.then_some(heads)
}

/// Removes the entries below a heading such as `On this page` that are repeated later.
fn leave_out_contents(lines: &mut Vec<Line>, labels: &Labels) {
    let is_title = |line: &Line| {
        let text = line.text().map(normalize);
        text.is_some_and(|text| labels.is_any(&text, |language| &language.contents))
    };
    let Some(start) = lines.iter().position(is_title).map(|at| at + 1) else {
        return;
    };
    let mut last: HashMap<&str, usize> = HashMap::new();
    let texts = lines.iter().enumerate();
    last.extend(texts.filter_map(|(at, line)| Some((line.text()?, at))));
    let mut end = start;
    while let Some(text) = lines.get(end).and_then(Line::text)
        && last.get(text).is_some_and(|last| *last > end)
    {
        end += 1;
    }
    // Only if all of these sections follow the list.
    if lines[start..end]
        .iter()
        .filter_map(Line::text)
        .all(|text| last[text] >= end)
    {
        lines.drain(start..end);
    }
}
