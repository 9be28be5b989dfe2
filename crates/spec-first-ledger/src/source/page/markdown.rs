//! Markdown with components. pulldown-cmark parses the segments between components one at a time, because text that is indented
//! inside a component is not code.

use std::borrow::Cow;
use std::collections::HashSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag as Mark, TagEnd};
use spec_first_document::Document;

use super::components::{Tag, alert, container, tag};
use super::html::{self, Struck};
use super::templates;
use super::{Content, Line, METHODS, Nesting, Numbers, cell, flow};
use crate::source::labels::Layout;

/// The maximum number of lines of a component's start tag.
const LINES_OF_TAG: usize = 60;

/// The delimiters of comments.
const COMMENTS: [(&str, &str); 2] = [("{/*", "*/}"), ("<!--", "-->")];

pub(super) fn lines(text: &str, layout: &Layout) -> Vec<Line> {
    let text = shown(text);
    let source: Vec<&str> = text.lines().collect();
    let mut reader = Reader {
        layout,
        lines: Vec::new(),
        is_broken: false,
        nesting: Nesting::default(),
        elements: html::Open::new(),
        segment: Vec::new(),
        ended: templates::ended(&text),
        budget: source.len() * 2 + 1000,
    };
    let mut at = reader.front_matter(&source);
    let mut fence: Option<&str> = None;
    while let Some(line) = source.get(at) {
        let trimmed = line.trim_start();
        match fence {
            Some(open) if closes_fence(open, trimmed) => fence = None,
            Some(_) => {}
            None if opened_fence(trimmed).is_some() => fence = opened_fence(trimmed),
            None if trimmed.starts_with('<') => {
                if let Some(count) = reader.components(&source, at) {
                    at += count;
                    continue;
                }
                // The capture ends inside an end tag.
                let is_end = trimmed.starts_with("</") && begins_component(trimmed);
                if at + 1 == source.len() && is_end && !trimmed.contains('>') {
                    break;
                }
                // The content of an element is Markdown too, as in `<div id="headers">`.
                if is_wrapper(trimmed) {
                    reader.finish_segment();
                    reader.html(trimmed, number(at));
                    at += 1;
                    continue;
                }
            }
            None if trimmed.starts_with("{%") && reader.templates(trimmed, at) => {
                at += 1;
                continue;
            }
            None if trimmed.starts_with("[block:") => {
                if let Some(count) = reader.block(&source, at) {
                    at += count;
                    continue;
                }
            }
            None if trimmed.starts_with(":::") => {
                reader.finish_segment();
                let found = container(trimmed).map_or(Content::Close, Content::Open);
                reader.push(number(at), found);
                at += 1;
                continue;
            }
            None => {}
        }
        reader.segment.push((number(at), line));
        at += 1;
    }
    reader.finish_segment();
    reader.lines
}

/// The fence that opens a code block.
fn opened_fence(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| "`~".contains(*sign))?;
    let length = line.len() - line.trim_start_matches(sign).len();
    (length >= 3).then(|| &line[..length])
}

fn closes_fence(open: &str, line: &str) -> bool {
    line.strip_prefix(open)
        .is_some_and(|rest| rest.trim().is_empty())
}

/// Whether a text ends inside a code block or a tag.
pub(super) fn ends_within(text: &str) -> bool {
    let mut fence: Option<&str> = None;
    for line in text.lines().map(str::trim_start) {
        fence = match fence {
            Some(open) => Some(open).filter(|open| !closes_fence(open, line)),
            None => opened_fence(line),
        };
    }
    let tag = text
        .rfind('<')
        .map(|at| &text[at..])
        .filter(|tag| begins_component(tag));
    fence.is_some() || tag.is_some_and(|tag| !tag.contains('>'))
}

/// Removes comments outside code, keeping line numbers. An unclosed comment is text.
fn shown(text: &str) -> Cow<'_, str> {
    if !COMMENTS.iter().any(|(start, _)| text.contains(start)) {
        return Cow::Borrowed(text);
    }
    // Nothing after the last end delimiter can close a comment, so it need not be searched.
    let last = COMMENTS.map(|(_, end)| text.rfind(end).unwrap_or_default());
    let comment = |start: usize| {
        let mut comments = COMMENTS.iter().zip(last);
        let ((open, end), last) =
            comments.find(|((open, _), _)| text[start..].starts_with(open))?;
        let within = Some(start + open.len()).filter(|within| *within <= last)?;
        Some(within + text[within..].find(end)? + end.len())
    };
    let end_of_line = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    let mut shown = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let (mut at, mut end) = (0, 0);
    while at < text.len() {
        if at == end {
            end = end_of_line(at);
            let line = text[at..end].trim_start();
            fence = match fence {
                Some(open) => Some(open).filter(|open| !closes_fence(open, line)),
                None => opened_fence(line),
            };
        }
        let found = text[at..end].find(['{', '<']).filter(|_| fence.is_none());
        let start = found.map_or(end, |found| at + found);
        shown.push_str(&text[at..start]);
        at = start;
        if let Some(behind) = comment(start).filter(|_| start < end) {
            shown.extend(text[start..behind].matches('\n'));
            at = behind;
            end = if behind > end {
                end_of_line(behind)
            } else {
                end
            };
        } else if start < end {
            shown.push_str(&text[start..=start]);
            at += 1;
        }
    }
    Cow::Owned(shown)
}

/// Whether a line starts with a component tag, complete or not.
fn begins_component(line: &str) -> bool {
    let name = line.trim_start().strip_prefix('<');
    name.is_some_and(|name| {
        name.trim_start_matches('/')
            .starts_with(|first: char| first.is_ascii_uppercase())
    })
}

pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// Whether a line is only the start or end tag of a container element.
fn is_wrapper(line: &str) -> bool {
    const WRAPPERS: [&str; 7] = ["div", "section", "article", "main", "center", "span", "p"];
    let name = line.trim_start_matches(['<', '/']);
    let end = name.find(|next: char| !next.is_ascii_alphanumeric());
    let is_one = line.matches('<').count() == 1 && line.trim_end().ends_with('>');
    is_one && end.is_some_and(|end| WRAPPERS.contains(&&name[..end]))
}

pub(super) struct Reader<'a> {
    pub(super) layout: &'a Layout,
    lines: Vec<Line>,
    /// Whether the next text is of the same paragraph.
    is_broken: bool,
    nesting: Nesting,
    elements: html::Open,
    /// The lines since the last component.
    segment: Vec<(u32, &'a str)>,
    /// The names of the template tags that have an end.
    pub(super) ended: HashSet<&'a str>,
    /// How many more lines may be searched for the end of start tags.
    pub(super) budget: usize,
}

impl<'a> Reader<'a> {
    /// Reads the front matter; returns its number of lines.
    fn front_matter(&mut self, source: &[&'a str]) -> usize {
        let is_end = |line: &&str| line.trim_end() == "---";
        let below = source
            .get(1..)
            .filter(|_| source.first().is_some_and(is_end));
        let Some(length) = below.and_then(|below| below.iter().position(is_end)) else {
            return 0;
        };
        let text = source[1..=length].join("\n");
        let Ok(document) = Document::parse("front matter", &text) else {
            for (index, line) in source.iter().enumerate().take(length + 1).skip(1) {
                self.push(number(index), Content::Text((*line).to_owned()));
            }
            return length + 2;
        };
        for entry in document.root().entries() {
            let line = number(usize::try_from(entry.key_position().line).unwrap_or_default());
            let value = entry.value.to_json();
            let text = value.as_str().map_or_else(|| value.to_string(), flow);
            let text = match entry.key {
                "title" => continue,
                "description" => text,
                "api" | "openapi" => operation(&text).unwrap_or(text),
                key => format!("{key} = {text}"),
            };
            self.push(line, Content::Text(text));
        }
        length + 2
    }

    /// Reads the components at the start of the line at `at`; returns the number of lines consumed.
    fn components(&mut self, source: &[&'a str], at: usize) -> Option<usize> {
        let first = source[at].trim_start();
        let mut rest = first.to_owned();
        let mut count = 1;
        // A tag may span several lines.
        while tag(&rest).is_none() {
            let is_component = begins_component(&rest);
            let next = source
                .get(at + count)
                .filter(|_| is_component && count < LINES_OF_TAG && !rest.contains('>'))?;
            self.budget = self.budget.checked_sub(1)?;
            rest.push('\n');
            rest.push_str(next);
            count += 1;
        }
        self.finish_segment();
        let line = number(at);
        let mut rest = rest.as_str();
        while let Some((found, length)) = tag(rest) {
            match found {
                Tag::Open {
                    component,
                    is_closed,
                } => {
                    self.push(line, Content::Open(component));
                    if is_closed {
                        self.push(line, Content::Close);
                    }
                }
                Tag::Close => self.push(line, Content::Close),
            }
            rest = rest[length..].trim_start();
            // Text between two tags on one line.
            let end = rest.find("</").filter(|end| tag(&rest[*end..]).is_some());
            let text = &rest[..end.unwrap_or(rest.len())];
            if !text.trim().is_empty() {
                if tag(text).is_some() {
                    continue;
                }
                self.markdown(&[(line, text)]);
                rest = &rest[text.len()..];
            }
        }
        Some(count)
    }

    pub(super) fn push(&mut self, number: u32, content: Content) {
        self.lines.push(Line {
            number,
            is_spaced: !std::mem::take(&mut self.is_broken),
            depth: self.nesting.depth(),
            is_term: false,
            content,
        });
    }

    pub(super) fn finish_segment(&mut self) {
        let segment = std::mem::take(&mut self.segment);
        let is_text = |line: &&(u32, &str)| !line.1.trim().is_empty();
        let indentation =
            |line: &(u32, &str)| line.1.len() - line.1.trim_start_matches([' ', '\t']).len();
        let common = segment.iter().filter(is_text).map(indentation).min();
        let Some(common) = common else {
            return;
        };
        let lines = segment
            .iter()
            .map(|(number, line)| (*number, line.get(common..).unwrap_or_default()));
        self.markdown(&lines.collect::<Vec<_>>());
    }

    pub(super) fn markdown(&mut self, segment: &[(u32, &str)]) {
        let mut text = String::new();
        for (_, line) in segment {
            text.push_str(line);
            text.push('\n');
        }
        let numbers = Numbers::of(&text);
        let number = |offset: usize| {
            let index = numbers.index(offset).min(segment.len() - 1);
            segment[index].0
        };
        let mut words = String::new();
        let mut struck = Struck::default();
        let mut start = None;
        let mut cells: Vec<String> = Vec::new();
        let mut code: Option<(u32, String)> = None;
        let mut is_row = false;
        let parser = Parser::new_ext(
            &text,
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM,
        );
        for (event, range) in parser.into_offset_iter() {
            let begins = |start: &mut Option<u32>| {
                start.get_or_insert(number(range.start));
            };
            match event {
                Event::Start(Mark::CodeBlock(kind)) => {
                    let title = title(&kind);
                    if !title.is_empty() {
                        self.push(number(range.start), Content::CodeTitle(title));
                    }
                    // The code starts below the fence.
                    let offset = u32::from(text[range.start..].starts_with(['`', '~']));
                    let first = (number(range.start) + offset).min(number(text.len()));
                    code = Some((first, String::new()));
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some((number, text)) = code.take() {
                        self.push(number, Content::Code(text));
                    }
                }
                Event::Text(text) if code.is_some() => {
                    if let Some((_, code)) = &mut code {
                        code.push_str(&text);
                    }
                }
                Event::Start(Mark::Strikethrough) => struck.depth += 1,
                Event::End(TagEnd::Strikethrough) => struck.depth = struck.depth.saturating_sub(1),
                Event::InlineHtml(tag) if struck.tag(&tag) => {}
                Event::Text(text) | Event::Code(text) if struck.depth > 0 => {
                    struck.number.get_or_insert(number(range.start));
                    struck.words.push_str(&text);
                }
                event if is_break(&event) && is_row => words.push(' '),
                event if is_break(&event) => {
                    self.flush(&mut words, &mut start);
                    self.struck(&mut struck);
                    self.is_broken = true;
                }
                Event::Text(text) | Event::Code(text) => {
                    begins(&mut start);
                    words.push_str(&text);
                }
                Event::SoftBreak => words.push(' '),
                Event::Start(Mark::TableHead | Mark::TableRow) => {
                    is_row = true;
                    cells.clear();
                    start = Some(number(range.start));
                }
                Event::End(TagEnd::TableCell) => {
                    cells.push(cell(&std::mem::take(&mut words), cells.is_empty()));
                }
                Event::End(end @ (TagEnd::TableHead | TagEnd::TableRow)) => {
                    is_row = false;
                    let is_head = end == TagEnd::TableHead;
                    let cells = std::mem::take(&mut cells);
                    self.push(start.take().unwrap_or(1), Content::Row { cells, is_head });
                    self.struck(&mut struck);
                }
                Event::Start(Mark::HtmlBlock) => {
                    let first = number(range.start);
                    // An incomplete component tag, which the HTML reader would drop.
                    let broken = text[range.clone()].lines().zip(first..);
                    for (line, number) in broken.filter(|(line, _)| begins_component(line)) {
                        self.push(number, Content::Text(line.trim().to_owned()));
                    }
                    self.html(&text[range], first);
                }
                // A placeholder such as `<token>` rather than an element.
                Event::InlineHtml(tag) if !is_element(&tag) => {
                    begins(&mut start);
                    words.push_str(&tag);
                }
                Event::End(TagEnd::Heading(level)) => {
                    let heading = Content::Heading {
                        level: level as u8,
                        text: flow(&std::mem::take(&mut words)),
                        is_schema: false,
                    };
                    self.push(start.take().unwrap_or(number(range.start)), heading);
                }
                Event::Start(Mark::BlockQuote(Some(kind))) => {
                    self.push(number(range.start), Content::Open(alert(kind)));
                }
                Event::End(TagEnd::BlockQuote(Some(_))) => {
                    self.flush(&mut words, &mut start);
                    self.push(number(range.end - 1), Content::Close);
                }
                event @ (Event::Start(Mark::Item | Mark::Paragraph | Mark::List(_))
                | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::List(_)))
                    if !is_row =>
                {
                    self.flush(&mut words, &mut start);
                    self.struck(&mut struck);
                    (struck.depth, self.is_broken) = (0, false);
                    match event {
                        Event::Start(Mark::List(_)) => self.nesting.open(),
                        Event::Start(Mark::Item) => self.nesting.item(),
                        Event::End(TagEnd::List(_)) => self.nesting.close(),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        self.flush(&mut words, &mut start);
        self.struck(&mut struck);
    }

    /// Reads a block of HTML. An empty line ends the block, but not its elements.
    fn html(&mut self, text: &str, first: u32) {
        let lines = html::part(text, self.layout, &mut self.elements).into_iter();
        self.lines.extend(lines.map(|line| Line {
            number: first + line.number - 1,
            ..line
        }));
    }

    /// Ends a block with text that is struck out, which is a line in itself.
    fn struck(&mut self, struck: &mut Struck) {
        let words = std::mem::take(&mut struck.words);
        if let Some(number) = struck.number.take() {
            self.push(number, Content::Struck(flow(&words)));
        }
    }

    fn flush(&mut self, words: &mut String, start: &mut Option<u32>) {
        let text = flow(&std::mem::take(words));
        if let Some(number) = start.take()
            && !text.is_empty()
        {
            self.push(number, Content::Text(text));
        }
    }
}

fn is_break(event: &Event<'_>) -> bool {
    matches!(event, Event::HardBreak)
        || matches!(event, Event::InlineHtml(tag) if tag.starts_with("<br"))
}

/// The method and path in front matter, optionally preceded by a file name.
fn operation(text: &str) -> Option<String> {
    let mut words = text.split_whitespace().rev();
    let (target, method) = (words.next()?, words.next()?.to_uppercase());
    (METHODS.contains(&method.as_str()) && words.count() < 2).then(|| format!("{method} {target}"))
}

/// The title of a code block, between its language and its settings.
fn title(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(info) = kind else {
        return String::new();
    };
    if let Some((_, rest)) = info.split_once("title=\"") {
        return rest.split('"').next().unwrap_or_default().to_owned();
    }
    let words = info.split_whitespace().skip(1);
    let title = words.take_while(|word| !word.contains('=') && !word.starts_with('{'));
    title.collect::<Vec<_>>().join(" ")
}

fn is_element(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|next: char| !next.is_ascii_alphanumeric());
    tag.starts_with("<!--") || end.is_some_and(|end| html::is_html(&name[..end]))
}
