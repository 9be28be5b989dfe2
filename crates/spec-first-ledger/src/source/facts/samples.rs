//! Samples: request lines, headers and JSON.

use serde_json::Value;
use spec_first_document::{Content, Document, Node};

use super::curl::is_command;
use super::json::{is_json, strict};
use super::notation::is_type;
use super::reader::{INTRODUCTION, Reader};
use crate::source::labels::{is_media_type, normalize};
use crate::source::page::{Form, Line, METHODS};
use crate::source::values;

/// The maximum depth of members.
const DEEPEST: usize = 32;

/// The characters that a line of JSON can start with.
const OF_JSON: fn(char) -> bool = |sign| "\"{}[]-tfn".contains(sign) || sign.is_ascii_digit();

/// The maximum number of lines in a sample.
pub(super) const LINES: usize = 2000;

impl Reader<'_> {
    /// The method and path of the operation, with one segment per line.
    pub(super) fn breadcrumb(&mut self, text: &str) -> bool {
        let number = self.lines[self.at].number;
        // A menu may precede it.
        if !METHODS.contains(&text.trim()) || (!self.is_top() && self.has_operation()) {
            return false;
        }
        let mut path = String::new();
        let mut at = self.at + 1;
        // The selected server may precede the path.
        let server = self.text_at(at).map(str::trim);
        let server = server
            .filter(|line| values::is_url(line))
            .map(str::to_owned);
        at += usize::from(server.is_some());
        while let Some(line) = self.text_at(at).map(str::trim) {
            let is_separator = line == "/";
            let follows =
                is_separator || path.ends_with('/') || (path.is_empty() && line.starts_with('/'));
            if !follows || line.contains(' ') {
                break;
            }
            path.push_str(line);
            at += 1;
        }
        let is_cut_off = at == self.lines.len() && (path.len() < 2 || self.is_open);
        if path.len() < 2 && !is_cut_off {
            return false;
        }
        "operation".clone_into(&mut self.section);
        if is_cut_off {
            return self.rest();
        }
        self.state("method", "", text.trim().into(), number);
        if let Some(server) = server {
            let url = format!("{}{path}", server.trim_end_matches('/'));
            self.state_in("servers", "url", "", url.into(), number);
        }
        self.state("path", "", path.into(), number);
        self.at = at;
        // The title follows directly.
        if let Some(title) = self.text_at(at).map(str::to_owned)
            && !self.lines[at].is_spaced
            && !title.starts_with(['{', '[', '<'])
            && !title.starts_with("curl")
            && self.labels.boilerplate(&normalize(&title)).is_none()
        {
            let number = self.lines[at].number;
            self.keep(&title, number, true);
            self.at += 1;
        }
        true
    }

    pub(super) fn is_top(&self) -> bool {
        matches!(
            self.section.as_str(),
            INTRODUCTION
                | "operation"
                | "sample-request"
                | "sample-response"
                | "documentation-index"
        )
    }

    /// A method and a URL or path on one line, or a URL alone where one belongs.
    pub(super) fn request_line(&mut self, text: &str, number: u32) -> bool {
        // Lines of a paragraph are joined.
        let starts = text.match_indices(' ').map(|(at, _)| at + 1);
        let is_header = |at: &usize| {
            let word = text[*at..].split(' ').next().unwrap_or_default();
            word.split_once(':')
                .is_some_and(|(name, _)| self.is_header(name))
        };
        let starts: Vec<usize> = starts.filter(is_header).chain([text.len()]).collect();
        if self.state_request(self.labels.request(text[..starts[0]].trim()), number) {
            for pair in starts.windows(2) {
                self.header(text[pair[0]..pair[1]].trim(), number);
            }
            self.at += 1;
            return true;
        }
        let (section, url) = match self.labels.labelled(text) {
            Some(("servers", url)) => ("servers".to_owned(), url.trim_end_matches('.')),
            _ => (self.section.clone(), text.trim()),
        };
        let is_read = matches!(&*section, "servers" | "endpoint") && values::is_url(url);
        if is_read {
            self.state_in(&section, "url", "", url.into(), number);
            self.at += 1;
        }
        is_read
    }

    /// States a header, or keeps its line, which may go on with a body.
    fn header(&mut self, text: &str, number: u32) {
        if text.contains('"') || !self.state_header(text, number) {
            self.keep(text, number, false);
        }
    }

    pub(super) fn state_request(&mut self, text: &str, number: u32) -> bool {
        let Some((method, target)) = request(text) else {
            return false;
        };
        if matches!(&*self.section, INTRODUCTION | "documentation-index") {
            "operation".clone_into(&mut self.section);
        }
        let kind = if values::is_url(target) {
            "url"
        } else {
            "path"
        };
        self.state("method", "", method.into(), number);
        self.state(kind, "", target.into(), number);
        true
    }

    /// JSON, which may span several lines.
    pub(super) fn json(&mut self) -> bool {
        let Some((text, count)) = self.balanced(self.at) else {
            if self.endless != Some(self.at) {
                return false;
            }
            self.sample_of_response();
            return self.rest();
        };
        if !is_json(&text) {
            // An unreadable sample is kept whole, and counts as a sample.
            self.count_sample();
            let number = self.lines[self.at].number;
            self.keep(text.trim_end(), number, false);
            self.at += count;
            return true;
        }
        if self.lists_parameters() {
            self.keep(text.trim_end(), self.lines[self.at].number, false);
            self.at += count;
            return true;
        }
        let numbers: Vec<u32> = self.lines[self.at..self.at + count]
            .iter()
            .map(|line| line.number)
            .collect();
        self.sample_of_response();
        if !self.members(&text, &numbers) {
            return false;
        }
        self.at += count;
        true
    }

    /// Whether the section lists parameters, of which JSON cannot be a sample.
    fn lists_parameters(&self) -> bool {
        let section = self.section.trim_end_matches("-schema");
        matches!(
            section,
            "path-parameters" | "query-parameters" | "header-parameters" | "headers" | "cookies"
        )
    }

    /// Keeps the rest of a capture that ends inside a sample or the operation.
    fn rest(&mut self) -> bool {
        self.is_open = true;
        let number = self.lines[self.at].number;
        let lines: Vec<&str> = self.lines[self.at..]
            .iter()
            .filter_map(Line::text)
            .collect();
        self.keep(&lines.join("\n"), number, false);
        self.at = self.lines.len();
        true
    }

    /// JSON after the sample request at the top is the sample response.
    fn sample_of_response(&mut self) {
        self.finish_field();
        if self.is_top() && self.is_below_sample {
            "sample-response".clone_into(&mut self.section);
        }
    }

    /// The lines from `first` until all brackets are closed, with their number.
    pub(super) fn balanced(&mut self, first: usize) -> Option<(String, usize)> {
        if !self.text_at(first)?.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let mut text = String::new();
        let mut depth = 0_i32;
        let (mut is_string, mut is_escaped) = (false, false);
        for count in 0..LINES {
            if first + count == self.lines.len() {
                let rest = self.lines[first..].iter().filter_map(Line::text);
                let is_rest = rest
                    .map(str::trim_start)
                    .all(|line| line.starts_with(OF_JSON));
                self.endless = is_rest.then_some(first);
            }
            let line = self.text_at(first + count)?.to_owned();
            self.budget = self.budget.checked_sub(line.len())?;
            for byte in line.bytes() {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if is_string => is_escaped = true,
                    b'"' => is_string = !is_string,
                    _ if is_string => {}
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
            }
            text.push_str(&line);
            text.push('\n');
            if depth <= 0 {
                return Some((text, count + 1));
            }
        }
        None
    }

    fn count_sample(&mut self) {
        let section = self.stored(&self.section);
        *self.samples.entry(format!("{section}/")).or_default() += 1;
    }

    /// States the members of JSON; `numbers` are its line numbers.
    pub(super) fn members(&mut self, text: &str, numbers: &[u32]) -> bool {
        let (plain, comments) = strict(text);
        let Ok(document) = Document::parse("sample", &plain) else {
            return false;
        };
        // A page may repeat a sample in several layouts.
        let section = self.stored(&self.section);
        let id = format!("{section}/{}", values::digest(text));
        if !self.sample_ids.insert(id) {
            return true;
        }
        let status = self.status.take().map(|(status, _)| status);
        // Error samples are kept apart by status.
        let error = status.filter(|status| !status.starts_with('2'));
        let of_status = format!("{section}/{}", error.as_deref().unwrap_or_default());
        let count = self.samples.entry(of_status).or_default();
        *count += 1;
        let kind = match (error, count) {
            (None, 1) => "member".to_owned(),
            (None, count) => format!("member~{count}"),
            (Some(status), 1) => format!("member~{status}"),
            (Some(status), count) => format!("member~{status}-{count}"),
        };
        self.walk(document.root(), "", &kind, numbers, 0);
        for (line, comment) in comments {
            let number = numbers.get(line).or(numbers.last()).copied();
            self.keep(comment, number.unwrap_or(1), false);
        }
        true
    }

    fn walk(&mut self, node: Node<'_>, path: &str, kind: &str, numbers: &[u32], depth: usize) {
        let number = |line: u64| {
            let index = usize::try_from(line)
                .unwrap_or(usize::MAX)
                .saturating_sub(1);
            numbers.get(index).or(numbers.last()).copied().unwrap_or(1)
        };
        if depth > DEEPEST {
            return self.keep(path, number(node.position().line), false);
        }
        match node.content() {
            Content::Mapping(entries) => {
                for entry in entries {
                    let name = match path {
                        "" => entry.key.to_owned(),
                        path => format!("{path}.{}", entry.key),
                    };
                    let line = number(entry.key_position().line);
                    self.state(kind, &name, shallow(entry.value), line);
                    self.walk(entry.value, &name, kind, numbers, depth + 1);
                }
            }
            Content::Sequence(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    let name = format!("{path}[{index}]");
                    let line = number(item.position().line);
                    self.state(kind, &name, shallow(item), line);
                    self.walk(item, &name, kind, numbers, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// A header line.
    pub(super) fn header_line(&mut self, text: &str, number: u32) -> bool {
        if !self.state_header(text, number) {
            return false;
        }
        self.at += 1;
        true
    }

    pub(super) fn state_header(&mut self, text: &str, number: u32) -> bool {
        let Some((name, value)) = text.split_once(':') else {
            return false;
        };
        let (name, value) = (name.trim().to_lowercase(), value.trim());
        // A list of fields has members such as `date: string`.
        let is_known = self.is_header(&name) && !is_type(value, self.labels);
        // A placeholder may contain spaces.
        let placeholder = value
            .find(['<', '{'])
            .filter(|_| value.ends_with(['>', '}']));
        let words = value[..placeholder.unwrap_or(value.len())].split_whitespace();
        // A panel may name the header that carries the key.
        let is_panel =
            name == "authorization" && value.starts_with(['x', 'X']) && value[1..].starts_with('-');
        if is_panel || !is_known || value.is_empty() || words.count() > 2 {
            return false;
        }
        self.state("header", &name, value.into(), number);
        true
    }

    /// Whether a text is the name of a header.
    fn is_header(&self, name: &str) -> bool {
        let is_part = |part: char| part.is_ascii_alphanumeric() || part == '-';
        let name = name.to_lowercase();
        name.chars().all(is_part)
            && ((name.starts_with("x-") && name.len() > 2)
                || self.labels.layout.headers.contains(&name))
    }

    /// A media type on a line, in a section generated from a document.
    pub(super) fn media_type(&mut self, text: &str, number: u32) -> bool {
        let text = text.trim();
        if !self.is_schema || self.lists_parameters() || !is_media_type(text) {
            return false;
        }
        self.state("media-type", text, true.into(), number);
        self.at += 1;
        true
    }

    /// The URL of the documentation index.
    pub(super) fn index_line(&mut self, text: &str, number: u32) -> bool {
        if !self
            .labels
            .layout
            .index
            .iter()
            .any(|start| text.starts_with(start.as_str()))
        {
            return false;
        }
        let mut words = text.split_whitespace();
        if let Some(url) = words.find(|word| values::is_url(word)) {
            self.state_in("documentation-index", "url", "", url.into(), number);
        }
        self.at += 1;
        true
    }

    /// A block of code.
    pub(super) fn code(&mut self, text: &str, number: u32) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return;
        }
        if self.is_open && self.at == self.lines.len() && !is_json(trimmed) {
            // Truncated code may mean something else.
            return self.keep(trimmed, number, false);
        }
        let offset = text.len() - text.trim_start().len();
        let first = number + u32::try_from(text[..offset].matches('\n').count()).unwrap_or(0);
        let numbers: Vec<u32> = (first..).take(trimmed.lines().count()).collect();
        if self.document(trimmed, first) {
            return;
        }
        let mut starts = trimmed.match_indices('\n').map(|(at, _)| at + 1);
        let start = Some(0)
            .filter(|_| is_command(trimmed))
            .or_else(|| starts.find(|start| is_command(&trimmed[*start..])));
        if let Some(start) = start {
            let above = trimmed[..start].trim();
            if !above.is_empty() {
                self.keep(above, first, false);
            }
            let lines = trimmed[..start].matches('\n').count();
            self.curl(&trimmed[start..], &numbers[lines..]);
            return;
        } else if trimmed.starts_with(['{', '[']) {
            let is_of_field = self.form == Form::Markdown && !self.components.is_empty();
            if is_of_field && self.field.is_some() {
                // It may be the value of the field, or of an item.
                return self.keep(trimmed, first, false);
            }
            let is_json = is_json(trimmed) && !self.lists_parameters();
            if is_json {
                let field = self.field.take();
                self.sample_of_response();
                self.field = field;
                if self.members(trimmed, &numbers) {
                    return;
                }
            } else {
                self.count_sample();
            }
        } else {
            return self.message(trimmed, &numbers);
        }
        self.keep(trimmed, first, false);
    }
}

/// Whether a line of text is a sample request, or the start of JSON.
pub(super) fn is_request(text: &str) -> bool {
    let text = text.trim_start();
    is_command(text) || request(text).is_some() || text.starts_with(['{', '['])
}

/// The method and URL or path of a request line.
pub(super) fn request(text: &str) -> Option<(&str, &str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (method, target) = match words[..] {
        [word] => {
            // The two may be glued, as long as the rest is not another method.
            let target = METHODS
                .iter()
                .find_map(|method| word.strip_prefix(method))?;
            let is_one = target.contains(|part: char| part.is_lowercase());
            is_one.then(|| word.split_at(word.len() - target.len()))?
        }
        [method, target] => (method, target),
        [method, target, version] if version.starts_with("HTTP/") => (method, target),
        // Front matter may put a file name first.
        [file, method, target] if file.contains('.') => (method, target),
        _ => return None,
    };
    let is_request =
        METHODS.contains(&method) && (target.starts_with('/') || values::is_url(target));
    is_request.then_some((method, target))
}

/// A scalar as it is; objects and lists without their content.
fn shallow(node: Node<'_>) -> Value {
    match node.content() {
        Content::Mapping(_) => Value::Object(serde_json::Map::new()),
        Content::Sequence(_) => Value::Array(Vec::new()),
        _ => node.to_json(),
    }
}
