//! Sample requests written as curl commands.

use super::json::is_json;
use super::reader::Reader;
use super::samples::LINES;
use crate::source::page::Form;
use crate::source::values;

/// Flags, by short name if they have one; only `get` and `head` affect the request.
const FLAGS: [(char, &str); 16] = [
    ('G', "get"),
    ('I', "head"),
    ('s', "silent"),
    ('S', "show-error"),
    ('L', "location"),
    ('k', "insecure"),
    ('v', "verbose"),
    ('i', "include"),
    ('f', "fail"),
    ('N', "no-buffer"),
    ('g', "globoff"),
    ('\0', "fail-with-body"),
    ('\0', "compressed"),
    ('\0', "http1.1"),
    ('\0', "http2"),
    ('\0', "http3"),
];

/// Options that take a value.
const VALUED: [(char, &str); 24] = [
    ('X', "request"),
    ('H', "header"),
    ('d', "data"),
    ('u', "user"),
    ('F', "form"),
    ('b', "cookie"),
    ('A', "user-agent"),
    ('\0', "url"),
    ('\0', "data-raw"),
    ('\0', "data-binary"),
    ('\0', "data-ascii"),
    ('\0', "data-urlencode"),
    ('\0', "json"),
    ('\0', "form-string"),
    ('o', "output"),
    ('m', "max-time"),
    ('\0', "connect-timeout"),
    ('w', "write-out"),
    ('\0', "retry"),
    ('x', "proxy"),
    ('\0', "cacert"),
    ('E', "cert"),
    ('\0', "key"),
    ('c', "cookie-jar"),
];

impl Reader<'_> {
    /// A curl command, which may span several lines.
    pub(super) fn command(&mut self, text: &str) -> bool {
        if !is_command(text) {
            return false;
        }
        let mut command = String::new();
        let mut count = 0;
        let mut end = End::default();
        while let Some(line) = self.text_at(self.at + count).filter(|_| count < LINES) {
            let line = line.to_owned();
            if line.len() > self.budget {
                return false;
            }
            self.budget -= line.len();
            command.push_str(&line);
            command.push('\n');
            count += 1;
            if end.is_reached(&line) && !self.is_option_at(self.at + count) {
                break;
            }
        }
        let numbers: Vec<u32> = self.lines[self.at..self.at + count]
            .iter()
            .map(|line| line.number)
            .collect();
        self.finish_field();
        let is_read = self.curl(&command, &numbers);
        self.at += count;
        self.is_open |= !is_read && self.at == self.lines.len();
        true
    }

    /// Whether a line goes on with options, although no backslash precedes it.
    fn is_option_at(&self, index: usize) -> bool {
        let text = self.text_at(index).unwrap_or_default().trim_start();
        let option = text.trim_start_matches('-');
        let is_option = matches!(text.len() - option.len(), 1 | 2)
            && option.starts_with(|first: char| first.is_ascii_alphabetic());
        is_option && !self.lines[index].is_spaced
    }

    /// States the request that a command makes, or keeps the command; returns whether it was understood. `numbers` are its line
    /// numbers.
    pub(super) fn curl(&mut self, command: &str, numbers: &[u32]) -> bool {
        if self.is_schema && self.form == Form::Text {
            // Nothing marks where that part of a page of plain text ends.
            self.begin("example", false);
        }
        if self.is_top() {
            "sample-request".clone_into(&mut self.section);
            self.is_below_sample = true;
        }
        let is_read = self.state_command(command, numbers).is_some();
        if !is_read {
            let number = numbers.first().copied().unwrap_or(1);
            self.keep(command.trim_end(), number, false);
        }
        is_read
    }

    fn state_command(&mut self, command: &str, numbers: &[u32]) -> Option<()> {
        let line_at = |offset: usize| {
            let index = command[..offset].matches('\n').count();
            numbers.get(index).or(numbers.last()).copied().unwrap_or(1)
        };
        let line_of = |word: &str| command.find(word).map_or_else(|| line_at(0), line_at);
        let (arguments, input) = split_input(command);
        let mut end = End::default();
        for line in arguments.lines() {
            end.is_reached(line);
        }
        if end.is_glued {
            return None;
        }
        let words = shlex::split(arguments.trim_start().trim_start_matches("$ "))?;
        // This may be a truncated `--header`.
        if words.last().is_some_and(|word| word == "--head") {
            return None;
        }
        let (mut method, mut url, mut implied) = (None, None, "GET");
        let mut headers: Vec<(String, String, u32)> = Vec::new();
        let mut bodies: Vec<(String, u32)> = Vec::new();
        for (option, value) in options(words.into_iter().skip(1))? {
            match option {
                "request" => method = Some(value),
                "get" | "head" => method = Some(option.to_uppercase()),
                "" | "url" if url.is_none() => url = Some(value),
                "" | "url" => return None,
                "header" => {
                    let (name, text) = value.split_once(':')?;
                    let line = line_of(&value);
                    headers.push((name.trim().to_lowercase(), text.trim().to_owned(), line));
                }
                "user" => {
                    let value_of = "Basic <user:password>".to_owned();
                    headers.push(("authorization".to_owned(), value_of, line_of(&value)));
                }
                "data" | "data-raw" | "data-binary" | "data-ascii" | "json" | "data-urlencode"
                | "form" | "form-string" => {
                    let value = match input {
                        Some(input) if value == "@-" => input.to_owned(),
                        _ => value,
                    };
                    // The shell reads `$'…'` as a string.
                    let body = value.strip_prefix('$').filter(|rest| rest.starts_with('{'));
                    let body = body.map_or(value.as_str(), str::trim_start).to_owned();
                    bodies.push((body.clone(), line_of(body.trim_start())));
                    implied = "POST";
                }
                _ => {}
            }
        }
        let url: String = url.filter(|url| is_address(url))?;
        let method = method.unwrap_or_else(|| implied.to_owned());
        // An option may be glued to it.
        if method.contains("--") {
            return None;
        }
        self.state("method", "", method.into(), line_at(0));
        let line = line_of(&url);
        self.state("url", "", url.into(), line);
        for (name, value, line) in headers {
            self.state("header", &name, value.into(), line);
        }
        for (body, line) in bodies {
            if is_json(&body) {
                let lines: Vec<u32> = (line..).take(body.trim().lines().count().max(1)).collect();
                self.members(body.trim(), &lines);
            } else {
                self.keep(&body, line, false);
            }
        }
        Some(())
    }
}

pub(super) fn is_command(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix("$ ").unwrap_or(text).starts_with("curl ")
}

/// The options by long name, with their values; other arguments have an empty name. `None` if an option is unknown,
/// because the next word may be its value.
fn options(mut words: impl Iterator<Item = String>) -> Option<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let by = |table: &'static [(char, &'static str)], is_it: &dyn Fn(&(char, &str)) -> bool| {
        table.iter().find(|each| is_it(each)).map(|(_, name)| *name)
    };
    while let Some(word) = words.next() {
        // A backslash in front of a line break that is lost leaves a space.
        let word = word.trim_start();
        if word == "|" || word == ">" || word == "&&" || word == ";" {
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, attached) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            if let Some(name) = by(&VALUED, &|(_, known)| *known == name) {
                found.push((name, attached.or_else(|| words.next())?));
            } else {
                found.push((by(&FLAGS, &|(_, known)| *known == name)?, String::new()));
            }
        } else if let Some(short) = word.strip_prefix('-') {
            for (at, sign) in short.char_indices() {
                if let Some(name) = by(&VALUED, &|(known, _)| *known == sign) {
                    let rest = &short[at + sign.len_utf8()..];
                    let attached = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
                    found.push((name, attached.or_else(|| words.next())?));
                    break;
                }
                found.push((by(&FLAGS, &|(known, _)| *known == sign)?, String::new()));
            }
        } else if !word.is_empty() {
            found.push(("", word.to_owned()));
        }
    }
    Some(found)
}

/// Whether a text is a URL, with or without a scheme.
fn is_address(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    values::is_url(text) || (text.contains('/') && (host.is_empty() || host.contains('.')))
}

/// Finds the end of a command, line by line.
#[derive(Default)]
struct End {
    open: Option<char>,
    is_escaped: bool,
    /// Whether a word follows a quote directly: text extractors drop what separates the command from the text below it.
    is_glued: bool,
    /// The delimiter of the here-document.
    word: Option<String>,
    is_input: bool,
}

impl End {
    /// Whether a line is the last one.
    fn is_reached(&mut self, line: &str) -> bool {
        if self.is_input {
            return self.word.as_deref() == Some(line.trim());
        }
        for (at, character) in line.char_indices() {
            match (self.open, character) {
                _ if self.is_escaped => self.is_escaped = false,
                (None | Some('"'), '\\') => self.is_escaped = true,
                (Some(quote), _) if quote == character => {
                    self.open = None;
                    let rest = &line[at + quote.len_utf8()..];
                    self.is_glued |= rest.starts_with(char::is_alphanumeric);
                }
                (None, '"' | '\'') => self.open = Some(character),
                (None, '<') => {
                    let word = line[at..]
                        .strip_prefix("<<")
                        .map(|rest| rest.trim_start_matches('-'));
                    let word = word.and_then(|rest| rest.split_whitespace().next());
                    let word = word.map(|word| word.trim_matches(['\'', '"']).to_owned());
                    self.word = self.word.take().or(word);
                }
                _ => {}
            }
        }
        // A backslash at the end of a line escapes only the line break.
        let is_continued = std::mem::take(&mut self.is_escaped) || self.open.is_some();
        self.is_input = !is_continued && self.word.is_some();
        !is_continued && !self.is_input
    }
}

/// Splits a command into its arguments and its here-document, as in `--data @- <<EOF`.
fn split_input(command: &str) -> (&str, Option<&str>) {
    let mut end = End::default();
    let mut length = 0;
    for line in command.split_inclusive('\n') {
        let is_reached = end.is_reached(line.trim_end_matches(['\n', '\r']));
        length += line.len();
        if end.is_input || is_reached {
            break;
        }
    }
    let (arguments, input) = command.split_at(length);
    let input = end
        .word
        .and_then(|word| input.trim_end().strip_suffix(&word));
    match arguments.rsplit_once("<<").filter(|_| input.is_some()) {
        Some((arguments, _)) => (arguments, input),
        None => (command, None),
    }
}
