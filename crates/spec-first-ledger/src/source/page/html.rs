//! Saved HTML. html5gum tokenizes; the elements determine where lines begin and end.

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Readable, Tokenizer};
use spec_first_document::literal::is_hidden;

use super::{Component, Content, Line, Nesting, Numbers, cell, flow};
use crate::source::labels::Layout;

/// Inline elements; all others start a new line.
const INLINE: [&str; 23] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "kbd", "label",
    "mark", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
];

/// Elements whose text no longer holds.
const STRUCK: [&str; 3] = ["del", "s", "strike"];

/// Void elements, which have no end tag.
const VOID: [&str; 8] = ["area", "br", "hr", "img", "input", "link", "meta", "source"];

/// Whether a tag in Markdown is HTML rather than a placeholder such as `<token>`.
pub(super) fn is_html(name: &str) -> bool {
    INLINE.contains(&name) || VOID.contains(&name)
}

/// The open elements that are read as components, and how many elements of the same name are open in each.
pub(super) type Open = Vec<(String, usize)>;

pub(super) fn lines(text: &str, layout: &Layout) -> Vec<Line> {
    part(text, layout, &mut Open::new())
}

/// The lines of a part of a page; elements that an earlier part opened may end in it.
pub(super) fn part(text: &str, layout: &Layout, open: &mut Open) -> Vec<Line> {
    let mut reader = Reader::new(text, layout);
    reader.components = std::mem::take(open);
    reader.read(text);
    *open = reader.components;
    reader.lines
}

/// Decodes the entities in a text.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = text.replace('<', "&lt;");
    let tokens = Tokenizer::new_with_emitter(text.to_reader(), DefaultEmitter::<()>::default());
    let texts = tokens.filter_map(|Ok(token)| match token {
        Token::String(text) => Some(string(&text.value)),
        _ => None,
    });
    texts.collect()
}

fn string(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

struct Reader<'a> {
    layout: &'a Layout,
    numbers: Numbers,
    lines: Vec<Line>,
    words: String,
    start: Option<usize>,
    /// Where the latest text started.
    end: usize,
    /// The text that is struck out since the last line, and where it starts.
    struck: (String, Option<usize>),
    /// How many elements that strike out are open.
    strikes: usize,
    /// The element being skipped, and how many elements of its name are open.
    skipped: Option<(String, usize)>,
    /// How many `pre` elements are open.
    preformatted: usize,
    /// The level of the open heading, and whether its section is generated from a document.
    heading: Option<(u8, bool)>,
    cells: Option<(usize, Vec<String>, bool)>,
    nesting: Nesting,
    components: Open,
    /// Whether the title of the innermost one is open.
    is_title: bool,
    /// Whether the term of a list of definitions is open.
    is_term: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &str, layout: &'a Layout) -> Self {
        Self {
            layout,
            numbers: Numbers::of(text),
            lines: Vec::new(),
            words: String::new(),
            start: None,
            end: 0,
            struck: (String::new(), None),
            strikes: 0,
            skipped: None,
            preformatted: 0,
            heading: None,
            cells: None,
            nesting: Nesting::default(),
            components: Vec::new(),
            is_title: false,
            is_term: false,
        }
    }

    fn read(&mut self, text: &str) {
        let emitter = DefaultEmitter::<usize>::new_with_span();
        for token in Tokenizer::new_with_emitter(text.to_reader(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.open(&tag),
                Token::EndTag(tag) => self.close(&string(&tag.name)),
                Token::String(text) => self.text(&string(&text.value), text.span.start),
                _ => {}
            }
        }
        self.flush();
    }
    fn open(&mut self, tag: &StartTag<usize>) {
        let name = string(&tag.name);
        if let Some((skipped, depth)) = &mut self.skipped {
            if *skipped == name {
                *depth += 1;
            }
            return;
        }
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes());
            value.map(|value| string(&value.value)).unwrap_or_default()
        };
        let is_hidden =
            tag.attributes.contains_key(&b"hidden"[..]) || attribute("aria-hidden") == "true";
        // From most to least specific.
        let mut names = vec![format!("#{}", attribute("id"))];
        let class = attribute("class");
        names.extend(class.split_whitespace().map(|class| format!(".{class}")));
        names.push(name.clone());
        let mut skipped = self.layout.skipped_elements.iter();
        let is_left_out =
            skipped.any(|skipped| names.contains(skipped)) || (is_hidden && name != "body");
        if is_left_out && !VOID.contains(&name.as_str()) && !tag.self_closing {
            self.skipped = Some((name, 1));
            return;
        }
        if self.preformatted == 0 && !VOID.contains(&name.as_str()) {
            let marks = self.layout.note_attributes.iter();
            let mark = marks
                .map(|name| attribute(name))
                .find(|mark| !mark.is_empty());
            let mut notes = self.layout.notes.keys();
            let note = mark.and_then(|mark| notes.find(|note| note.eq_ignore_ascii_case(&mark)));
            let component =
                note.or_else(|| names.iter().find_map(|name| self.layout.elements.get(name)));
            if let Some(component) = component {
                let component = Component {
                    name: component.clone(),
                    ..Component::default()
                };
                self.flush();
                self.components.push((name.clone(), 0));
                self.push(tag.span.start, Content::Open(component));
            }
        }
        if let Some((element, depth)) = self.components.last_mut()
            && *element == name
        {
            *depth += 1;
        }
        match name.as_str() {
            "pre" => {
                self.flush();
                self.preformatted += 1;
            }
            "br" if self.preformatted > 0 => self.words.push('\n'),
            _ if self.preformatted > 0 => {}
            name if STRUCK.contains(&name) => self.strikes += 1,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let class = attribute("class");
                let is_schema = class.split_whitespace().any(|class| {
                    self.layout
                        .schema_heading_classes
                        .iter()
                        .any(|known| known == class)
                });
                self.heading = Some((name.as_bytes()[1] - b'0', is_schema));
            }
            "summary" => {
                self.flush();
                self.is_title = !self.components.is_empty();
            }
            "tr" => {
                self.flush();
                self.cells = Some((tag.span.start, Vec::new(), false));
            }
            "td" | "th" => {
                self.flush();
                if let Some((_, _, is_head)) = &mut self.cells {
                    *is_head |= name == "th";
                }
            }
            _ => {
                let has_line = |name: &String| tag.attributes.contains_key(name.as_bytes());
                if !is_inline(&name) || self.layout.line_attributes.iter().any(has_line) {
                    self.flush();
                }
                match name.as_str() {
                    "ul" | "ol" => self.nesting.open(),
                    "li" => self.nesting.item(),
                    "dt" => self.is_term = true,
                    _ => {}
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match name {
            "pre" if self.preformatted > 0 => {
                self.preformatted -= 1;
                if self.preformatted == 0 {
                    self.code();
                }
            }
            _ if self.preformatted > 0 => {}
            name if STRUCK.contains(&name) => self.strikes = self.strikes.saturating_sub(1),
            "td" | "th" => {
                let words = std::mem::take(&mut self.words);
                self.start = None;
                if let Some((_, cells, _)) = &mut self.cells {
                    cells.push(cell(&words, cells.is_empty()));
                }
            }
            "tr" => {
                if let Some((start, cells, is_head)) = self.cells.take() {
                    self.push(start, Content::Row { cells, is_head });
                    self.push_struck();
                }
            }
            "summary" if self.is_title => {
                self.is_title = false;
                let title = flow(&std::mem::take(&mut self.words));
                self.start = None;
                let mut lines = self.lines.iter_mut().rev();
                let open = lines.find_map(|line| match &mut line.content {
                    Content::Open(component) => Some(component),
                    _ => None,
                });
                if let Some(component) = open {
                    component.attributes.insert("title".to_owned(), title);
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = None;
            }
            "ul" | "ol" => {
                self.flush();
                self.nesting.close();
            }
            _ if !is_inline(name) => {
                self.flush();
                self.is_term &= name != "dt";
            }
            _ => {}
        }
        if let Some((element, depth)) = self.components.last_mut()
            && element == name
        {
            *depth -= 1;
            if *depth == 0 {
                self.components.pop();
                self.flush();
                let end = self.end;
                self.push(end, Content::Close);
            }
        }
    }

    fn text(&mut self, text: &str, offset: usize) {
        if self.skipped.is_some() {
            return;
        }
        self.end = offset;
        if self.strikes > 0 && self.preformatted == 0 {
            self.struck.0.push_str(text);
            self.struck.1.get_or_insert(offset);
            return;
        }
        if self.start.is_none() && !text.trim().is_empty() {
            let blank = text.len() - text.trim_start().len();
            // In code, leading blank lines count.
            self.start = Some(offset + if self.preformatted > 0 { 0 } else { blank });
        }
        self.words.push_str(text);
    }

    fn code(&mut self) {
        let text = std::mem::take(&mut self.words);
        if let Some(start) = self.start.take() {
            self.push(start, Content::Code(text));
        }
    }

    fn flush(&mut self) {
        if self.preformatted > 0 {
            return;
        }
        if self.cells.is_some() || self.is_title {
            // A paragraph inside a cell or title does not end it.
            self.words.push(' ');
            return;
        }
        self.push_text();
        self.push_struck();
    }

    fn push_text(&mut self) {
        let text = flow(&std::mem::take(&mut self.words));
        let start = self.start.take();
        // Heading anchors consist of zero-width characters.
        let is_visible = text.contains(|character: char| !is_hidden(character));
        let Some(start) = start.filter(|_| is_visible) else {
            return;
        };
        let heading = self.heading.take();
        self.push(
            start,
            match heading {
                Some((level, is_schema)) => Content::Heading {
                    level,
                    text,
                    is_schema,
                },
                None => Content::Text(text),
            },
        );
    }

    fn push_struck(&mut self) {
        let (words, start) = std::mem::take(&mut self.struck);
        let words = flow(&words);
        if let Some(start) = start.filter(|_| !words.is_empty()) {
            self.push(start, Content::Struck(words));
        }
    }

    fn push(&mut self, offset: usize, content: Content) {
        let number = self.numbers.index(offset) + 1;
        self.lines.push(Line {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            is_spaced: true,
            depth: self.nesting.depth(),
            is_term: self.is_term,
            content,
        });
    }
}

fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// The text of a block that is struck out.
#[derive(Default)]
pub(super) struct Struck {
    /// How many marks are open.
    pub(super) depth: usize,
    pub(super) words: String,
    pub(super) number: Option<u32>,
}

impl Struck {
    /// Whether a tag starts or ends such a text.
    pub(super) fn tag(&mut self, tag: &str) -> bool {
        let (is_end, name) = match tag.strip_prefix("</") {
            Some(name) => (true, name),
            None => (false, tag.trim_start_matches('<')),
        };
        let is_it = STRUCK.contains(&name.trim_end_matches('>'));
        match is_end {
            true if is_it => self.depth = self.depth.saturating_sub(1),
            false if is_it => self.depth += 1,
            _ => {}
        }
        is_it
    }
}
