//! The `Prefer` header (RFC 7240), as Prism uses it: which documented response a request asks for.
//!
//! `code=404` asks for a status, `example=NAME` for an example. Other preferences are ignored, as the RFC requires, unless the document
//! describes them.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::Rejection;

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The header that lists the applied preferences.
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The preferences of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) code: Option<StatusCode>,
    pub(crate) example: Option<String>,
    /// The others, as they were written.
    others: Vec<String>,
}

impl Preferences {
    /// Parses the `Prefer` headers; `Err` is the response to a preference that no operation can honour.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Rejection> {
        let mut preferences = Self::default();
        if !headers.contains_key(PREFER) {
            return Ok(preferences);
        }
        let mut seen = Vec::new();
        for value in headers.get_all(PREFER) {
            let text = value
                .to_str()
                .map_err(|_| refuse("`Prefer` must be ASCII text"))?;
            for (name, value, written) in split(text).ok_or_else(|| {
                refuse("`Prefer` must be a list such as `code=404, example=\"flat\"` (RFC 7240)")
            })? {
                // RFC 7240: only the first preference with a given name counts.
                if seen.contains(&name) {
                    continue;
                }
                preferences.set(&name, value, written)?;
                seen.push(name);
            }
        }
        Ok(preferences)
    }

    /// Whether there are any preferences.
    pub(crate) fn is_any(&self) -> bool {
        self.code.is_some() || self.example.is_some()
    }

    /// The headers without these preferences, which no document describes.
    pub(crate) fn leave_others<'h>(&self, headers: &'h HeaderMap) -> Cow<'h, HeaderMap> {
        if !self.is_any() {
            return Cow::Borrowed(headers);
        }
        let mut headers = headers.clone();
        headers.remove(PREFER);
        let others = HeaderValue::try_from(self.others.join(", "));
        let others = others.ok().filter(|others| !others.is_empty());
        headers.extend(others.map(|others| (PREFER, others)));
        Cow::Owned(headers)
    }

    /// Whether the preferred response is the one with this status, and any example will do.
    pub(crate) fn is_for(&self, status: Option<StatusCode>) -> bool {
        self.code == status && self.example.is_none()
    }

    /// The value of `Preference-Applied` once they are honoured.
    pub(crate) fn applied(&self) -> String {
        let code = self.code.map(|code| format!("code={}", code.as_u16()));
        let example = self.example.as_ref().map(|name| {
            let is_token = name.bytes().all(is_token_byte) && !name.is_empty();
            if is_token {
                format!("example={name}")
            } else {
                format!(
                    "example=\"{}\"",
                    name.replace('\\', "\\\\").replace('"', "\\\"")
                )
            }
        });
        let applied: Vec<_> = code.into_iter().chain(example).collect();
        applied.join(", ")
    }

    fn set(&mut self, name: &str, value: String, written: &str) -> Result<(), Rejection> {
        match name {
            "code" => {
                let code = StatusCode::from_bytes(value.as_bytes());
                let code = code.ok().filter(|code| !code.is_informational());
                self.code = Some(code.ok_or_else(|| {
                    refuse("`Prefer: code=STATUS` must name a status from 200 to 999")
                })?);
            }
            "example" => self.example = Some(value),
            _ => self.others.push(written.to_owned()),
        }
        Ok(())
    }
}

fn refuse(message: &str) -> Rejection {
    Rejection::new(StatusCode::BAD_REQUEST, message)
}

/// The preferences in a header, each with its name in lower case, its value, and as it is written; `None` if the header is malformed.
/// Parameters, which follow a `;`, are skipped: no known preference has any.
fn split(text: &str) -> Option<Vec<(String, String, &str)>> {
    let mut preferences = Vec::new();
    let mut rest = text.trim_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let (name, value, behind) = read_preference(rest)?;
        let mut behind = behind.trim_start();
        while let Some(parameter) = behind.strip_prefix(';') {
            let parameter = parameter.trim_start();
            behind = match parameter.starts_with([';', ',']) || parameter.is_empty() {
                true => parameter,
                false => read_preference(parameter)?.2.trim_start(),
            };
        }
        if !behind.is_empty() && !behind.starts_with(',') {
            return None;
        }
        let written = rest[..rest.len() - behind.len()].trim_end();
        preferences.push((name, value, written));
        rest = behind.trim_start_matches([' ', '\t', ',']);
    }
    Some(preferences)
}

/// A name, its value (empty if there is none), and the remaining text.
fn read_preference(text: &str) -> Option<(String, String, &str)> {
    let (name, behind) = read_token(text)?;
    let name = name.to_ascii_lowercase();
    let Some(value) = behind.trim_start().strip_prefix('=') else {
        return Some((name, String::new(), behind));
    };
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        let (value, behind) = read_quoted(quoted)?;
        return Some((name, value, behind));
    }
    let (value, behind) = read_token(value)?;
    Some((name, value.to_owned(), behind))
}

fn read_token(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !is_token_byte(byte));
    let (token, behind) = text.split_at(end.unwrap_or(text.len()));
    (!token.is_empty()).then_some((token, behind))
}

fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[index + 1..])),
            '\\' => value.push(characters.next()?.1),
            character => value.push(character),
        }
    }
    None
}

/// RFC 9110, section 5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], code: Option<u16>, example: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(PREFER, value.parse().unwrap());
        }
        let read = Preferences::of(&headers).unwrap();
        assert_eq!(read.code.map(|code| code.as_u16()), code, "{values:?}");
        assert_eq!(read.example.as_deref(), example, "{values:?}");
    }

    #[test]
    fn preferences_are_parsed_as_the_rfc_requires() {
        check(&["code=404, example=flat"], Some(404), Some("flat"));
        check(
            &["Code = 404", "EXAMPLE=\"a \\\"b\\\", c\""],
            Some(404),
            Some("a \"b\", c"),
        );
        check(&["code=404;x=1; y, code=500"], Some(404), None);
        check(
            &["respond-async, wait=10, return=minimal;x=\"a,b\""],
            None,
            None,
        );
        check(&[" , code=404 ,, "], Some(404), None);
        check(&["dynamic=false"], None, None);
        check(&["dynamic=true, code=404"], Some(404), None);
    }

    #[test]
    fn the_others_are_left_as_they_were_written() {
        for (value, expected) in [
            ("code=404", None),
            ("return=minimal", Some("return=minimal")),
            (
                "Return=minimal ;x=\"a,b\" , code=404,wait = 10",
                Some("Return=minimal ;x=\"a,b\", wait = 10"),
            ),
        ] {
            let headers = HeaderMap::from_iter([(PREFER, value.parse().unwrap())]);
            let left = Preferences::of(&headers).unwrap();
            let left = left.leave_others(&headers);
            let left = left.get(PREFER).map(|left| left.to_str().unwrap());
            assert_eq!(left, expected, "{value}");
        }
    }

    #[test]
    fn a_preference_that_cannot_be_honoured_is_rejected() {
        for value in [
            "code=abc",
            "code=1000",
            "code=101",
            "code",
            "code=404 example=a",
            "=1",
            "example=\"a",
        ] {
            let headers = HeaderMap::from_iter([(PREFER, value.parse().unwrap())]);
            let rejection = Preferences::of(&headers).unwrap_err();
            assert_eq!(rejection.status(), StatusCode::BAD_REQUEST, "{value}");
        }
    }

    #[test]
    fn applied_preferences_are_written_in_the_same_syntax() {
        let preferences = Preferences {
            code: Some(StatusCode::NOT_FOUND),
            example: Some("not \"found\"".to_owned()),
            others: Vec::new(),
        };
        assert_eq!(
            preferences.applied(),
            "code=404, example=\"not \\\"found\\\"\""
        );
    }
}
