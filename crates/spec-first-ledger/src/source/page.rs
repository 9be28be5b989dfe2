//! Splits a capture into lines.

mod components;
mod html;
mod markdown;
mod templates;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::Error;
use super::labels::Layout;

/// The size limit of a capture, in bytes.
pub const MAXIMUM_SIZE: usize = 4 << 20;

/// Spaces that do not break a line, which text that is copied from a browser contains.
const NO_BREAK: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2007}'];

pub(crate) const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// How samples in other languages start, which are shown beside a command.
const SAMPLES: [&str; 8] = [
    "import ",
    "const ",
    "from ",
    "<?php",
    "package ",
    "require ",
    "using ",
    "HttpResponse",
];

/// How a page was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The text of the rendered page, without markup.
    Text,
    /// Markdown, with or without components.
    Markdown,
    /// Saved HTML.
    Html,
}

impl Form {
    /// Guesses the form of a capture from its content.
    pub fn detect(text: &str) -> Self {
        let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let begins_with = |prefix: &str| {
            start
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if ["<!doctype html", "<html", "<head", "<body"]
            .into_iter()
            .any(begins_with)
        {
            return Self::Html;
        }
        // Beside other lines, `# ` may start a comment in code.
        let is_apart = |above: Option<&str>, below: Option<&str>| {
            let is_empty = |line: Option<&str>| line.is_none_or(|line| line.trim().is_empty());
            above.is_none() || (is_empty(above) && is_empty(below))
        };
        let is_marked = |[above, line, below]: [Option<&str>; 3]| {
            let line = line.unwrap_or_default().trim_start();
            let rest = line.trim_start_matches('#');
            let is_heading = line.starts_with("##") || is_apart(above, below);
            (is_heading && rest.len() < line.len() && rest.starts_with(' '))
                || line.starts_with("```")
                || line.starts_with("> #")
                || is_template(line)
                || line.starts_with("[block:")
                || line.strip_prefix('<').is_some_and(|rest| {
                    rest.starts_with(|first: char| first.is_ascii_uppercase()) && rest.contains('=')
                })
        };
        // A fragment of HTML; in Markdown, headings may be wrapped in elements.
        let is_element = start.strip_prefix('<').is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_lowercase() || first == '!')
        });
        let (mut above, mut lines) = (None, start.lines().peekable());
        let around = std::iter::from_fn(|| {
            let line = lines.next()?;
            Some([above.replace(line), Some(line), lines.peek().copied()])
        });
        match begins_with("---\n") || around.into_iter().any(is_marked) {
            true => Self::Markdown,
            false if is_element => Self::Html,
            false => Self::Text,
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

/// Whether a line starts with a tag that has attributes, as in `{% tab title="200" %}`: other tags are also those of templates for mail.
fn is_template(line: &str) -> bool {
    let tag = line.strip_prefix("{% ").and_then(|tag| tag.split_once(' '));
    let attribute = tag.and_then(|(_, attributes)| attributes.split_once("=\""));
    attribute.is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A line, or a block such as code or a table row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The line number in the capture, starting at 1.
    pub(crate) number: u32,
    /// Whether an empty line precedes it.
    pub(crate) is_spaced: bool,
    /// How far it is indented, or nested in lists.
    pub(crate) depth: u16,
    /// Whether the page marks it as the term of a list of definitions.
    pub(crate) is_term: bool,
    pub(crate) content: Content,
}

/// The lists around a line.
#[derive(Default)]
struct Nesting {
    lists: u16,
    depth: u16,
}

impl Nesting {
    fn open(&mut self) {
        self.lists = (self.lists + 1).min(1000);
    }

    fn item(&mut self) {
        self.depth = self.lists * 2;
    }

    fn close(&mut self) {
        self.lists = self.lists.saturating_sub(1);
        self.depth = self.lists * 2 + u16::from(self.lists > 0);
    }

    /// The depth of the next line: the first line of an item is less deep than its others.
    fn depth(&mut self) -> u16 {
        let depth = self.depth;
        self.depth |= u16::from(depth > 0);
        depth
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Heading {
        /// 1 for the page title.
        level: u8,
        text: String,
        /// Whether the markup marks the section as generated from an OpenAPI document.
        is_schema: bool,
    },
    /// The title of the code block that follows.
    CodeTitle(String),
    Code(String),
    Row {
        cells: Vec<String>,
        is_head: bool,
    },
    /// Text of the line above that is struck out.
    Struck(String),
    /// The start of a component.
    Open(Component),
    /// The end of the innermost open component.
    Close,
}

/// A component in Markdown, such as `<ParamField path="id" required>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

impl fmt::Display for Component {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        let mut attributes = self.attributes.iter();
        attributes.try_for_each(|(name, value)| write!(formatter, " {name}={value}"))
    }
}

/// Splits a capture into lines.
pub(crate) fn lines(form: Form, text: &str, layout: &Layout) -> Result<Vec<Line>, Error> {
    if text.len() > MAXIMUM_SIZE {
        return Err(Error::TooLarge { size: text.len() });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = match form {
        Form::Text => plain(text),
        Form::Markdown => markdown::lines(text, layout),
        Form::Html => html::lines(text, layout),
    };
    for line in &mut lines {
        if let Content::Text(text) | Content::Code(text) = &mut line.content
            && text.contains(NO_BREAK)
        {
            *text = text.replace(NO_BREAK, " ");
        }
    }
    Ok(lines)
}

/// Whether a capture ends inside code, a tag, a table row, brackets or quotes.
pub(crate) fn is_cut_off(form: Form, text: &str) -> bool {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let is_open =
        |[open, close]: [char; 2]| last.matches(open).count() > last.matches(close).count();
    match form {
        // HTML without a body is a fragment that was captured on purpose.
        Form::Html => has_tag(text, "<body") && !has_end(text),
        Form::Markdown if markdown::ends_within(text) => true,
        _ => {
            let is_row = last.trim_start().starts_with('|') && !last.ends_with('|');
            let is_quoted =
                |quote: char| last.matches(quote).count() % 2 == 1 && !last.contains("```");
            let is_quoted = ['`', '"'].into_iter().any(is_quoted);
            is_row
                || is_quoted
                || [['(', ')'], ['[', ']'], ['{', '}']]
                    .into_iter()
                    .any(is_open)
        }
    }
}

/// Whether HTML contains the end tag of its page.
pub(crate) fn has_end(text: &str) -> bool {
    has_tag(text, "</body") || has_tag(text, "</html")
}

fn has_tag(text: &str, tag: &str) -> bool {
    text.contains(tag) || text.contains(&tag.to_uppercase())
}

fn plain(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let space = spacing(text);
    let mut blanks = space;
    let mut is_table = false;
    let numbered = (1..).zip(text.lines());
    for (number, text) in
        numbered.flat_map(|(number, line)| unglued(line).map(move |part| (number, part)))
    {
        let depth = text.len() - text.trim_start().len();
        let text = visible(unlisted(text));
        if text.trim().is_empty() {
            blanks += 1;
            is_table &= blanks < space;
            continue;
        }
        // Some text extractors write tables with bars.
        if is_below_heads(&text)
            && let Some(line) = lines.last_mut()
            && let Content::Text(heads) = &line.content
            && heads.contains('|')
        {
            line.content = row(heads, true);
            is_table = true;
            continue;
        }
        is_table &= text.contains('|');
        let content = match is_table {
            true => row(&text, false),
            false => Content::Text(text.into_owned()),
        };
        lines.push(Line {
            number,
            is_spaced: blanks >= space,
            depth: u16::try_from(depth).unwrap_or(u16::MAX),
            is_term: false,
            content,
        });
        blanks = 0;
    }
    lines
}

/// How many empty lines separate two blocks: some text extractors write one below each line.
fn spacing(text: &str) -> usize {
    let is_empty = |line: &str| line.trim().is_empty();
    let lines = || text.trim().lines().map(is_empty);
    let pairs = lines().zip(lines().skip(1));
    let is_dense = pairs.clone().any(|pair| pair == (false, false));
    let is_apart = pairs.into_iter().any(|pair| pair == (true, true));
    if is_apart && !is_dense { 2 } else { 1 }
}

/// Removes the sign of an item of a list.
fn unlisted(line: &str) -> &str {
    let signs = ["- ", "* ", "• ", "– "].into_iter();
    let mut items = signs.filter_map(|sign| line.trim_start().strip_prefix(sign));
    items
        .next()
        .filter(|item| !item.trim().is_empty())
        .unwrap_or(line)
}

/// Splits a line where code ends and something else begins, or where a sample follows its status: text extractors drop the line break
/// between them.
fn unglued(line: &str) -> impl Iterator<Item = &str> {
    let begins_sample = |start: &str| {
        start.starts_with(['{', '[']) || SAMPLES.iter().any(|word| start.starts_with(word))
    };
    let is_end = |at: usize| at == 0 || line[..at].ends_with(['}', ']']);
    let mut quotes = line.match_indices('\'').map(|(at, _)| at);
    let end = quotes
        .find(|at| is_end(*at) && begins_sample(&line[at + 1..]))
        .or_else(|| {
            let rest = line.strip_prefix(['}', ']']);
            rest.filter(|rest| rest.starts_with(char::is_alphabetic))
                .map(|_| 0)
        })
        .or_else(|| end_of_status(line));
    let (end, start) = line.split_at(end.map_or(line.len(), |end| end + 1));
    let start = Some(start).filter(|start| !start.is_empty());
    [end].into_iter().chain(start)
}

/// The last byte of a status and its reason in front of JSON, as in `200 OK{"id": 1}`.
fn end_of_status(line: &str) -> Option<usize> {
    let (title, sample) = line.split_at(line.find(['{', '['])?);
    let code = title.get(..3)?;
    let is_status = code.bytes().all(|byte| byte.is_ascii_digit())
        && title[3..]
            .chars()
            .all(|sign| sign.is_alphabetic() || sign == ' ');
    let within = sample[1..].trim_start();
    let is_json = within.is_empty() || within.starts_with(['"', '{', '[', '}', ']']);
    (is_status && is_json).then(|| title.len() - 1)
}

/// Whether a line separates the header of a table from its rows, such as `|---|---|`.
fn is_below_heads(line: &str) -> bool {
    line.contains("---") && line.contains('|') && line.chars().all(|sign| " |-:".contains(sign))
}

fn row(line: &str, is_head: bool) -> Content {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let cells = line.split('|').map(|cell| cell.trim().to_owned());
    Content::Row {
        cells: cells.collect(),
        is_head,
    }
}

/// Maps byte offsets to lines.
struct Numbers(Vec<usize>);

impl Numbers {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate();
        Self(
            breaks
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at)
                .collect(),
        )
    }

    /// The zero-based line of an offset.
    fn index(&self, offset: usize) -> usize {
        self.0.partition_point(|at| *at < offset)
    }
}

/// The text of a cell. A name that is indented is within the one above it.
fn cell(words: &str, is_first: bool) -> String {
    let text = flow(words);
    let is_indented = is_first && words.trim_start_matches([' ', '\n']).starts_with(NO_BREAK);
    match is_indented && !text.is_empty() {
        true => format!("↳ {text}"),
        false => text,
    }
}

/// Removes the zero-width characters that anchors of headings and fields consist of.
fn visible(line: &str) -> Cow<'_, str> {
    const WITHOUT_WIDTH: [char; 4] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}'];
    match line.contains(WITHOUT_WIDTH) {
        true => Cow::Owned(line.replace(WITHOUT_WIDTH, "").trim_end().to_owned()),
        false => Cow::Borrowed(line.trim_end()),
    }
}

/// Collapses whitespace.
fn flow(text: &str) -> String {
    visible(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
