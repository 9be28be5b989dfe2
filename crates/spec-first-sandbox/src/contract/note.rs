//! Human-readable text in response headers: one short line of ASCII.

use axum::http::{HeaderName, HeaderValue};

const NAME: HeaderName = HeaderName::from_static("sandbox-note");

/// Maximum length of a note, in bytes.
const LENGTH: usize = 500;

/// The header `Sandbox-Note` with this text.
pub(crate) fn header(text: &str) -> (HeaderName, HeaderValue) {
    (NAME, header_value(text))
}

/// The text as a header value: one line of printable ASCII, at most 500 bytes.
pub(crate) fn header_value(text: &str) -> HeaderValue {
    let is_visible = |character: &char| matches!(character, ' '..='~');
    let mut written: String = text
        .chars()
        .map(|character| Some(character).filter(is_visible).unwrap_or('?'))
        .take(LENGTH + 1)
        .collect();
    if written.len() > LENGTH {
        written.truncate(LENGTH - 3);
        written.push_str("...");
    }
    HeaderValue::from_str(&written).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(header(text).1, expected, "{text:?}");
    }

    #[test]
    fn a_note_is_a_short_line_of_ascii() {
        check("a `b`: c~", "a `b`: c~");
        check("ñ\r\nX-Other: 1\t\u{7f}", "???X-Other: 1??");
        check(&"a".repeat(500), &"a".repeat(500));
        check(&"é".repeat(501), &format!("{}...", "?".repeat(497)));
    }
}
