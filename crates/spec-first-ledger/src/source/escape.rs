//! Prints JSON with text from a page safely.

use std::fmt::Write;

use spec_first_document::literal::is_hidden;

/// Pretty-prints JSON with hidden characters escaped.
pub fn json(value: &serde_json::Value) -> String {
    let mut escaped = String::new();
    for character in format!("{value:#}\n").chars() {
        push_json(&mut escaped, character);
    }
    escaped
}

/// Appends a character of JSON, escaped if it is hidden.
pub(crate) fn push_json(text: &mut String, character: char) {
    if character == '\n' || !is_hidden(character) {
        return text.push(character);
    }
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        // Writing to a string cannot fail.
        _ = write!(text, "\\u{unit:04x}");
    }
}
