//! What a server wrote about an error, in whatever format. Does not redact.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

use crate::members::Members;
use crate::reply::latin_1;
use crate::{HttpResponse, content_encoding};

/// The members in which APIs explain an error: those of RFC 9457, of OAuth and of common frameworks. The document adds its own.
/// Each may be a text, a list, or an object with some of these members again, or with a text for each language or field.
const EXPLANATIONS: [&str; 10] = [
    "message",
    "title",
    "detail",
    "details",
    "description",
    "error_description",
    "msg",
    "error",
    "errors",
    "reason",
];

/// The member that holds the result: it explains an error only if a member of it does.
const RESULT: &str = "data";

/// The most texts that are shown.
const MOST_TEXTS: usize = 16;

/// The most texts that are compared with those shown, which takes time in proportion to both.
const MOST_COMPARED: usize = 64;

/// The deepest level that is searched.
const DEEPEST: usize = 8;

/// The parts of an error body.
#[derive(Debug, Default)]
pub(super) struct Explanation {
    /// The texts of the members that explain the error.
    pub(super) message: Option<String>,
    /// The whole body as text, if none of its members explains the error.
    pub(super) excerpt: Option<String>,
    pub(super) code: Option<String>,
    pub(super) key: Option<String>,
}

impl Explanation {
    /// `own` are the members in which the API explains errors, besides those that many APIs have.
    pub(super) fn read(response: &HttpResponse, own: &[&str]) -> Self {
        if let Some(problem) = content_encoding::problem(response) {
            return Self {
                excerpt: Some(format!("({problem})")),
                ..Self::default()
            };
        }
        let text = decode(response.body(), response.is_cut_off);
        let text = text.trim_start_matches('\u{feff}').trim();
        let Ok(json) = serde_json::from_str::<&RawValue>(text) else {
            let shown = if text.starts_with('<') {
                without_tags(text)
            } else {
                text.to_owned()
            };
            return Self {
                excerpt: visible(shown),
                ..Self::default()
            };
        };
        let mut texts = Texts {
            own,
            texts: Vec::new(),
            compared: 0,
        };
        let mut code = None;
        let mut key = None;
        match Members::of(json) {
            Some(members) => {
                texts.collect_members(&members, 0);
                let detail = members.get("error").and_then(Members::of);
                let part = |name| {
                    let in_detail = detail.as_ref().and_then(|detail| detail.get(name));
                    in_detail.or_else(|| members.get(name)).and_then(scalar)
                };
                code = part("code");
                key = part("key");
            }
            None => texts.collect(json, None, 0),
        }
        let message = visible(texts.texts.join("; "));
        Self {
            excerpt: (message.is_none() && says_anything(text)).then(|| text.to_owned()),
            message,
            code,
            key,
        }
    }
}

/// The body as text: UTF-8, or else ISO-8859-1.
fn decode(body: &[u8], is_cut_off: bool) -> Cow<'_, str> {
    match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if is_cut_off && error.error_len().is_none() => String::from_utf8_lossy(body),
        Err(_) => latin_1(body).into(),
    }
}

/// What a browser would show of HTML, in one line.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        let tag = &rest[start..];
        let hidden = ["<script", "<style", "<!--"].iter().find(|name| {
            let beginning = tag.get(..name.len());
            beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(name))
        });
        let end = match hidden {
            Some(&"<!--") => "-->",
            Some(&"<script") => "</script>",
            Some(_) => "</style>",
            None => ">",
        };
        let after = find_ignoring_case(tag, end).map_or(tag.len(), |at| at + end.len());
        rest = &tag[after..];
    }
    text.push_str(rest);
    text
}

fn find_ignoring_case(text: &str, pattern: &str) -> Option<usize> {
    text.as_bytes()
        .windows(pattern.len())
        .position(|window| window.eq_ignore_ascii_case(pattern.as_bytes()))
}

/// The texts that explain an error, in the order of their members, without duplicates.
struct Texts<'a> {
    own: &'a [&'a str],
    texts: Vec<String>,
    compared: usize,
}

impl Texts<'_> {
    /// Collects the texts of the members that explain an error.
    fn collect_members(&mut self, members: &Members<'_>, depth: usize) {
        for name in EXPLANATIONS.iter().chain(self.own) {
            if let Some(member) = members.get(name) {
                self.collect(member, None, depth + 1);
            }
        }
        if let Some(result) = members.get(RESULT).and_then(Members::of) {
            self.collect_members(&result, depth + 1);
        }
    }

    /// Collects the texts of `value`, which are about the field `name` or in the language `name`.
    fn collect(&mut self, value: &RawValue, name: Option<&str>, depth: usize) {
        if depth > DEEPEST || self.texts.len() >= MOST_TEXTS || self.compared >= MOST_COMPARED {
            return;
        }
        if let Some(text) = scalar(value) {
            self.compared += 1;
            if !self.texts.iter().any(|told| told.contains(&text)) {
                self.texts.push(match name {
                    Some(name) => format!("{name}: {text}"),
                    None => text,
                });
            }
        } else if let Some(members) = Members::of(value) {
            let before = self.texts.len();
            self.collect_members(&members, depth);
            if self.texts.len() == before {
                for (name, member) in members.iter() {
                    // These are separate parts of the error.
                    if !matches!(name, "code" | "key") {
                        self.collect(member, Some(name), depth + 1);
                    }
                }
            }
        } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            for item in items.into_iter().take(MOST_TEXTS) {
                self.collect(item, name, depth + 1);
            }
        }
    }
}

/// A visible text, or a number as written.
fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'"' => visible(serde_json::from_str::<Lossy>(value.get()).ok()?.0),
        b'-' | b'0'..=b'9' => Some(value.get().to_owned()),
        _ => None,
    }
}

/// Whether `json` is more than `{}`, `[]` or `null`.
fn says_anything(json: &str) -> bool {
    json != "null" && json.contains(char::is_alphanumeric)
}

fn visible(text: String) -> Option<String> {
    text.chars()
        .any(|character| !character.is_whitespace() && !character.is_control())
        .then_some(text)
}

/// JSON text that may contain an unpaired surrogate.
struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Lossy;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}
