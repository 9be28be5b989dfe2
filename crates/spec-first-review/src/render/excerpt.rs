//! The lines of a document around a place, at a cost that does not depend on how long the document or its lines are.

use std::ops::Range;

use super::wording::visible;
use crate::Place;

/// How far before and after the place the text is read, in bytes.
const WINDOW: usize = 2_000;
/// How much of a line is shown, in characters.
const WIDTH: usize = 140;
/// How many bytes are shown before the place, if the line is longer.
const BEFORE: usize = 40;

/// A line of a document, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from one.
    pub(super) number: u64,
    pub(super) text: String,
    /// The part of the text that the place refers to, in bytes; `None` in the surrounding lines.
    pub(super) mark: Option<Range<usize>>,
}

/// The line of a place, with up to `around` lines before and after it.
pub(super) fn excerpt(place: &Place, around: usize) -> Vec<Line> {
    let window = Window::of(place);
    let number = place.position.line;
    let before = window
        .before
        .iter()
        .flat_map(|before| before.rsplit('\n'))
        .take(around);
    let before = before
        .zip((1..number).rev())
        .map(|(line, number)| plain(number, line));
    let mut lines: Vec<Line> = before.collect();
    lines.reverse();
    lines.push(window.marked(number));
    let behind = window.behind.lines().take(around).zip(number + 1..);
    lines.extend(behind.map(|(line, number)| plain(number, line)));
    lines
}

/// The same lines without the indentation that all of them share.
pub(super) fn dedented(mut lines: Vec<Line>) -> Vec<Line> {
    let indentation = |line: &Line| line.text.len() - line.text.trim_start_matches(' ').len();
    let filled = lines.iter().filter(|line| !line.text.is_empty());
    let shared = filled.map(indentation).min().unwrap_or(0);
    for line in &mut lines {
        line.text = line.text.split_off(shared.min(line.text.len()));
        if let Some(mark) = &mut line.mark {
            // The marked text does not begin with a space, so none of it is cut off.
            *mark = mark.start.saturating_sub(shared)..mark.end.saturating_sub(shared);
        }
    }
    lines
}

/// The marked text of a line, without the keyword before it and what follows on the same line. An object keeps its key, which is
/// its name.
pub(super) fn value(line: &Line) -> Option<Range<usize>> {
    let mark = line.mark.clone()?;
    let text = &line.text[mark.clone()];
    let key = length_of_key(text);
    let start = text.len() - text[key..].trim_start().len();
    let value = &text[start..];
    if value.is_empty() || value.starts_with(['|', '>', '#', '&', '!']) {
        return Some(mark);
    }
    let is_in_flow = line.text[..mark.start].contains(['{', '[']);
    let end = start + length_of_value(value, is_in_flow);
    let start = if value.starts_with('{') { 0 } else { start };
    Some(mark.start + start..mark.start + end)
}

/// The length of `key:` at the beginning of a text; 0 if there is none.
fn length_of_key(text: &str) -> usize {
    let quoted = match text.as_bytes().first() {
        Some(b'"' | b'\'') => length_of_quoted(text),
        Some(b'{' | b'[' | b'-') | None => return 0,
        _ => 0,
    };
    let rest = &text[quoted..];
    let colon = rest
        .match_indices(':')
        .map(|(at, _)| at + 1)
        .find(|after| rest[*after..].is_empty() || rest[*after..].starts_with(' '));
    match colon {
        Some(after) if quoted == 0 || after == 1 => quoted + after,
        _ => 0,
    }
}

fn length_of_quoted(text: &str) -> usize {
    let Some(quote) = text.chars().next() else {
        return 0;
    };
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, character)| {
        let is_end = *character == quote && !is_escaped;
        is_escaped = quote == '"' && *character == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

fn length_of_value(text: &str, is_in_flow: bool) -> usize {
    if text.starts_with(['"', '\'']) {
        return length_of_quoted(text);
    }
    let is_collection = text.starts_with(['{', '[']);
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(character) = text[at..].chars().next() {
        match character {
            '"' | '\'' if is_collection => {
                at += length_of_quoted(&text[at..]);
                continue;
            }
            '{' | '[' if is_collection => depth += 1,
            '}' | ']' if depth > 1 => depth -= 1,
            '}' | ']' if is_collection => return at + 1,
            ',' | '}' | ']' if is_in_flow && !is_collection => break,
            _ => {}
        }
        at += character.len_utf8();
    }
    text[..at].trim_end_matches([' ', ',']).len()
}

/// The column after the text that the place refers to, on the same line.
pub(super) fn end_column(place: &Place) -> Option<u64> {
    let length = u64::try_from(Window::of(place).mark().chars().count()).ok()?;
    (length > 0).then_some(place.position.column + length)
}

/// The text around a place.
struct Window<'a> {
    /// The lines before that of the place, without the last line break.
    before: Option<&'a str>,
    /// The line up to the place.
    left: &'a str,
    /// The line from the place on.
    right: &'a str,
    /// The lines after it.
    behind: &'a str,
}

impl<'a> Window<'a> {
    fn of(place: &'a Place) -> Self {
        let text = place.source.text.as_str();
        let offset = boundary(text, place.position.offset);
        let earliest = boundary(text, offset.saturating_sub(WINDOW));
        let latest = boundary(text, offset + WINDOW);
        let (left, right) = (&text[earliest..offset], &text[offset..latest]);
        let (before, left) = match left.rsplit_once('\n') {
            Some((before, left)) => (Some(before), left),
            None => (None, left),
        };
        let (right, behind) = right.split_once('\n').unwrap_or((right, ""));
        // The first and the last line may have been cut by the window.
        let before = match earliest {
            0 => before,
            _ => before.and_then(|before| Some(before.split_once('\n')?.1)),
        };
        let behind = match behind.rsplit_once('\n') {
            Some((whole, _)) if latest < text.len() => whole,
            _ => behind,
        };
        Self {
            before,
            left,
            right: right.trim_end(),
            behind,
        }
    }

    fn is_long(&self) -> bool {
        (self.left.len() + self.right.len() > WIDTH)
            && self.left.chars().count() + self.right.chars().count() > WIDTH
    }

    /// The text that the place refers to: the rest of the line, or only the next value if the line is long.
    fn mark(&self) -> &'a str {
        if self.is_long() {
            token(self.right)
        } else {
            self.right
        }
    }

    fn marked(&self, number: u64) -> Line {
        let mark = self.mark();
        let length = self.left.chars().count();
        let skipped = if self.is_long() {
            length.saturating_sub(BEFORE)
        } else {
            0
        };
        let mut text = String::new();
        if skipped > 0 {
            text.push('…');
        }
        text.push_str(&fit(&self.left[characters(self.left, skipped)..]));
        let start = text.len();
        text.push_str(&fit(mark));
        let mark = start..text.len();
        let rest = &self.right[self.mark().len()..];
        let room = characters(rest, WIDTH.saturating_sub(text.chars().count()));
        text.push_str(&fit(&rest[..room]));
        if room < rest.len() {
            text.push('…');
        }
        Line {
            number,
            text,
            mark: Some(mark),
        }
    }
}

fn plain(number: u64, line: &str) -> Line {
    let line = line.trim_end();
    let room = characters(line, WIDTH);
    let mut text = fit(&line[..room]);
    if room < line.len() {
        text.push('…');
    }
    Line {
        number,
        text,
        mark: None,
    }
}

/// The scalar or the bracket that a text begins with.
fn token(text: &str) -> &str {
    let text = &text[..characters(text, WIDTH / 2)];
    match text.as_bytes().first() {
        Some(b'{' | b'[') => &text[..1],
        _ => &text[..text.find([',', '}', ']', ':']).unwrap_or(text.len())],
    }
}

/// Makes hidden characters visible, and replaces tabs with spaces.
fn fit(text: &str) -> String {
    visible(&text.replace('\t', "    ")).into_owned()
}

/// The byte offset after the first `count` characters.
fn characters(text: &str, count: usize) -> usize {
    let mut starts = text.char_indices().map(|(at, _)| at);
    starts.nth(count).unwrap_or(text.len())
}

/// The last character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_value_is_marked_without_its_keyword() {
        for (before, marked, expected) in [
            ("", "maximum: 500", "500"),
            ("", "\"maximum\": 500,", "500"),
            ("{type: integer, ", "maximum: 500}}", "500"),
            ("{", "\"a: b\": 'it, is', c: d}", "'it, is'"),
            ("", "enum: [open, \"a]\", paid]", "[open, \"a]\", paid]"),
            ("{schema: {", "enum: [open]}, x: y}", "[open]"),
            ("", "gift: {type: string}", "gift: {type: string}"),
            ("{", "gift: {type: {}}, more: 1}", "gift: {type: {}}"),
            ("", "get:", "get:"),
            ("", "description: >-", "description: >-"),
            ("", "description: one, two", "one, two"),
            ("", "- open", "- open"),
            ("[", "open, paid]", "open"),
            ("", "url: https://example.com/a", "https://example.com/a"),
            ("", "äö: ü", "ü"),
            ("", "\"open", "\"open"),
        ] {
            let text = format!("{before}{marked}");
            let mark = Some(before.len()..text.len());
            let line = Line {
                number: 1,
                text,
                mark,
            };
            assert_eq!(&line.text[value(&line).unwrap()], expected);
        }
    }

    use std::sync::Arc;

    use spec_first_document::{Pointer, Position, Source};

    use super::*;

    #[track_caller]
    fn check(text: &str, at: &str, around: usize, expected: &str) {
        let offset = text.find(at).unwrap();
        let line = text[..offset].matches('\n').count() + 1;
        let place = Place {
            source: Arc::new(Source {
                name: "pets.json".to_owned(),
                text: text.to_owned(),
            }),
            position: Position {
                line: line.try_into().unwrap(),
                column: 1,
                offset,
            },
            pointer: Pointer::root(),
        };
        let lines = dedented(excerpt(&place, around)).into_iter().map(|line| {
            let shown = match line.mark {
                Some(mark) => format!(
                    "{}<{}>{}",
                    &line.text[..mark.start],
                    &line.text[mark.clone()],
                    &line.text[mark.end..]
                ),
                None => line.text,
            };
            format!("{}|{shown}\n", line.number)
        });
        assert_eq!(lines.collect::<String>(), expected);
    }

    #[test]
    fn the_rest_of_a_line_is_marked() {
        check(
            "a:\n\tb: ü # 1\r\nc: d",
            "ü",
            1,
            "1|a:\n2|    b: <ü # 1>\n3|c: d\n",
        );
        check("a: b", "a", 3, "1|<a: b>\n");
    }

    #[test]
    fn shared_indentation_goes() {
        check(
            "a:\n  b:\n\n    c: d\n  e: f\n",
            "d",
            2,
            "2|b:\n3|\n4|  c: <d>\n5|e: f\n",
        );
    }

    #[test]
    fn a_line_without_end_is_cut_around_the_value() {
        let text = format!(
            "{{{}\"type\":\"string\",{}}}",
            "\"ä\":0,".repeat(999),
            "\"z\":0,".repeat(999)
        );
        let before = format!("1|…:0{}", ",\"ä\":0".repeat(5));
        let behind = ",\"z\":0".repeat(15);
        let expected = format!("{before},\"type\":<\"string\">{behind},…\n");
        check(&text, "\"string\"", 2, &expected);
    }
}
