//! Requests and responses as HTTP writes them.

use super::json::is_json;
use super::reader::Reader;
use super::reasons::reason;
use super::samples::request;
use super::statuses::status;

impl Reader<'_> {
    /// A block of code with the first line of a message, headers, and a body. What else is in it is kept.
    pub(super) fn message(&mut self, text: &str, numbers: &[u32]) {
        let first = numbers.first().copied().unwrap_or(1);
        if !is_message(text) {
            return self.keep(text, first, false);
        }
        let (mut is_request, mut is_response, mut is_head) = (false, false, true);
        let mut unread: Vec<(&str, u32)> = Vec::new();
        let mut body: Vec<(&str, u32)> = Vec::new();
        let mut is_read = false;
        for (line, number) in text.lines().zip(numbers.iter().copied()) {
            if !body.is_empty() {
                body.push((line, number));
            } else if line.trim().is_empty() {
                is_head = !is_read;
            } else if !is_response && self.state_request(line, number) {
                (is_read, is_request, is_head) = (true, true, true);
            } else if !is_request && self.status_of_message(line, number) {
                (is_read, is_response, is_head) = (true, true, true);
            } else if is_head && self.state_header(line, number) {
                is_read = true;
            } else if is_comment(line) || (is_head && is_header(line)) {
                unread.push((line, number));
            } else {
                body.push((line, number));
            }
        }
        if !is_read {
            return self.keep(text, first, false);
        }
        let numbers: Vec<u32> = body.iter().map(|(_, number)| *number).collect();
        let json: Vec<&str> = body.iter().map(|(line, _)| *line).collect();
        let json = json.join("\n");
        let is_body = json.starts_with(['{', '[']) && is_json(&json);
        if !is_body || !self.members(&json, &numbers) {
            unread.extend(body);
        }
        if let Some((_, number)) = unread.first().copied() {
            let lines: Vec<&str> = unread.into_iter().map(|(line, _)| line).collect();
            self.keep(&lines.join("\n"), number, false);
        }
    }

    /// The first line of a response, such as `HTTP/1.1 202 Accepted`.
    fn status_of_message(&mut self, line: &str, number: u32) -> bool {
        let after_version = line
            .strip_prefix("HTTP/")
            .and_then(|rest| rest.split_once(' '));
        let is_of_response = self.section != "request-example";
        let found = after_version.filter(|_| is_of_response);
        let Some((code, rest)) = found.and_then(|(_, rest)| status(rest.trim())) else {
            return false;
        };
        let phrase = reason(rest.trim()).filter(|(_, rest)| rest.is_empty());
        self.state_status(code, phrase.map(|(reason, _)| reason), number);
        self.status = Some((code.to_owned(), self.at));
        true
    }
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

/// Whether a block of code is a message, or only headers.
fn is_message(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut lines = lines.filter(|line| !is_comment(line));
    let first = lines.next().unwrap_or_default();
    let is_first = first.starts_with("HTTP/") || request(first).is_some();
    is_first || (is_header(first) && lines.all(is_header))
}

/// Whether a line is written like a header.
fn is_header(line: &str) -> bool {
    let is_part = |part: char| part.is_ascii_alphanumeric() || part == '-';
    let name = line.split_once(':').map(|(name, _)| name);
    name.is_some_and(|name| !name.is_empty() && name.chars().all(is_part))
}
