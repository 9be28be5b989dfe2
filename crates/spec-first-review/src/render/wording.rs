//! Words from a document, made fit to be shown: nothing hidden in them, nothing endless.

use std::borrow::Cow;
use std::fmt::Write;

use crate::literal::plural;

/// How long a message or a name may be where people read it, in characters.
pub const LONGEST: usize = 400;

/// The text with everything visible that a terminal or a page would obey instead of showing it: control characters, line breaks and
/// marks that change the direction of writing.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

fn is_hidden(character: char) -> bool {
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    character.is_control() || is_format
}

/// The text, visible and cut to `longest` characters, with a word about what was left out.
pub fn shown(text: &str, longest: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(longest) else {
        return visible(text);
    };
    let left = text[end..].chars().count();
    let unit = plural(left, "character", "characters");
    Cow::Owned(format!("{}… ({left} more {unit})", visible(&text[..end])))
}

/// `1 more`, for a list that was cut; nothing if it was not.
pub(super) fn and_more(left: usize) -> Option<String> {
    (left > 0).then(|| format!("and {left} more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(
            visible("a\u{1b}[31mb\n\u{202e}c\u{9b}"),
            r"a\u{1b}[31mb\n\u{202e}c\u{9b}"
        );
        assert_eq!(visible("Zoë `x` 日本"), "Zoë `x` 日本");
    }

    #[test]
    fn a_long_text_says_how_much_is_missing() {
        assert_eq!(shown("äöüß", 2), "äö… (2 more characters)");
        assert_eq!(shown("äöüß", 3), "äöü… (1 more character)");
        assert_eq!(shown("äöüß", 4), "äöüß");
    }
}
