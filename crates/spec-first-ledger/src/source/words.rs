//! Texts in the form in which they are compared with labels.

use spec_first_document::literal::is_hidden;

/// Normalizes a text for comparison: lower case, single spaces, no invisible characters, no trailing punctuation.
pub(crate) fn normalize(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '’' => normalized.push('\''),
            _ if character.is_ascii_graphic() => normalized.push(character.to_ascii_lowercase()),
            _ if character.is_whitespace() => {
                if !normalized.is_empty() && !normalized.ends_with(' ') {
                    normalized.push(' ');
                }
            }
            _ if is_hidden(character) => {}
            _ => normalized.extend(character.to_lowercase()),
        }
    }
    let length = normalized.trim_end_matches([':', '#', ' ']).len();
    normalized.truncate(length);
    normalized
}

/// Normalizes a heading, whose accents may be lost.
pub(super) fn of_heading(text: &str) -> String {
    let letters = normalize(unnumbered(text));
    let plain = letters.chars().map(|letter| match letter {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    });
    plain.collect()
}

/// Whether a text is a media type.
pub(crate) fn is_media_type(text: &str) -> bool {
    const KINDS: [&str; 5] = ["application/", "text/", "multipart/", "image/", "audio/"];
    KINDS.iter().any(|kind| text.starts_with(kind)) && !text.contains(' ') && text.len() < 80
}

/// A heading without the number or symbol before it, as in `2. Body` or `🔑 Authentication`.
pub(crate) fn unnumbered(text: &str) -> &str {
    let is_symbol = |sign: char| !sign.is_alphanumeric() && !sign.is_ascii_graphic();
    let text = text.trim_start_matches(is_symbol);
    let rest = text.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    let number = &text[..text.len() - rest.len()];
    match rest.strip_prefix(')').filter(|_| !number.is_empty()) {
        Some(rest) => rest.trim_start(),
        None if number.contains('.') && rest.starts_with(' ') => rest.trim_start(),
        None => text,
    }
}

/// Whether a normalized text contains the whole words.
pub(crate) fn contains(text: &str, words: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(words).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
