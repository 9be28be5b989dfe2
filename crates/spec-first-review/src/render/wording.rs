//! Prepares text from a document to be shown: makes hidden characters visible, and truncates long text.

use std::borrow::Cow;

pub(super) use spec_first_document::literal::visible;

use crate::literal::plural;

/// The maximum length of a message or a name that is shown to people, in characters.
pub const LONGEST: usize = 400;

/// The text with hidden characters made visible, truncated to `longest` characters with a note of how much was left out.
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
    fn a_long_text_says_how_much_is_missing() {
        assert_eq!(shown("äöüß", 2), "äö… (2 more characters)");
        assert_eq!(shown("äöüß", 3), "äöü… (1 more character)");
        assert_eq!(shown("äöüß", 4), "äöüß");
    }
}
