//! Makes the text of a page safe to print.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes characters that a terminal, an editor or a reader could be deceived with: control characters, line separators, and those
/// that are invisible or change the direction of text.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_deceptive(character) {
            // Writing to a string cannot fail.
            _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// JSON over several lines, in which such characters are escaped as JSON has it.
pub fn json(value: &serde_json::Value) -> String {
    let mut escaped = String::new();
    for character in format!("{value:#}\n").chars() {
        push_json(&mut escaped, character);
    }
    escaped
}

/// Adds a character of JSON.
pub(crate) fn push_json(text: &mut String, character: char) {
    if character == '\n' || !is_deceptive(character) {
        return text.push(character);
    }
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        // Writing to a string cannot fail.
        _ = write!(text, "\\u{unit:04x}");
    }
}

pub(crate) fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn deceptive_characters_are_escaped_and_others_kept() {
        assert_eq!(escape("Autenticación 🔑"), "Autenticación 🔑");
        assert_eq!(
            escape("a\u{1b}[31m\u{202e}b\n"),
            "a\\u{1b}[31m\\u{202e}b\\u{a}"
        );
    }
}
