//! Escapes text from a document so that Markdown shows it and does nothing else.
//!
//! A backslash before punctuation is not enough on GitHub: it links `@name`, `#1` and addresses in the rendered page, unless they
//! are in code. So anything but plain words becomes code.

use crate::literal::{Piece, longest_run, pieces};

/// A code span, which may contain backticks.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(text) + 1);
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let padding = if is_padded { " " } else { "" };
    format!("{ticks}{padding}{text}{padding}{ticks}")
}

/// A message with literals between backticks, as it appears in running text.
pub fn inline(message: &str) -> String {
    let mut text = String::new();
    for piece in pieces(message) {
        match piece {
            Piece::Words(words) if is_plain(words) => text.push_str(words),
            Piece::Words(other) | Piece::Literal(other) => {
                // Two code spans that touch would be read as one.
                if other.starts_with(' ') || text.ends_with('`') {
                    text.push(' ');
                }
                text.push_str(&code(other.trim_matches(' ')));
                if other.ends_with(' ') {
                    text.push(' ');
                }
            }
        }
    }
    text
}

/// Markdown in a cell of a table, which ends at the next pipe even inside code.
pub(super) fn cell(markdown: &str) -> String {
    // A backslash that is already there must not become part of the escape.
    markdown.replace("\\|", "\\\u{200b}|").replace('|', "\\|")
}

/// A message in the `<summary>` of a folded part, which is HTML.
pub(super) fn summary(message: &str) -> String {
    let markup = maud::html! {
        @for piece in pieces(message) {
            @match piece {
                Piece::Words(words) if is_plain(words) => (words),
                Piece::Words(text) | Piece::Literal(text) => code { (text) },
            }
        }
    };
    markup.into_string()
}

/// A fenced block that no line of the text can end.
pub(super) fn fence(language: &str, text: &str) -> String {
    let ticks = "`".repeat(longest_run(text).max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{ticks}{language}\n{text}{end}{ticks}")
}

/// Whether the text is only words to Markdown and GitHub: no markup, address, mention, issue number or commit.
fn is_plain(words: &str) -> bool {
    words
        .split([' ', ','])
        .all(|word| is_word(word.strip_suffix(['.', ':', ';', '?']).unwrap_or(word)))
}

fn is_word(word: &str) -> bool {
    let is_name = word.chars().all(char::is_alphabetic);
    let is_number = word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_compound = word
        .split(['-', '\''])
        .all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic));
    is_name || is_number || is_compound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_words_is_code() {
        for (message, expected) in [
            ("the value `a` was added", "the value `a` was added"),
            ("ask @octocat", "`ask @octocat`"),
            ("see #1, GH-1", "`see #1, GH-1`"),
            ("www.example.com", "`www.example.com`"),
            ("at `x` <b> end", "at `x` `<b> end`"),
            ("`x`<b>`y`", "`x` `<b>` `y`"),
            ("1. one", "1. one"),
            ("`a`; did you mean `b`?", "`a`; did you mean `b`?"),
            ("deadbeefcafe0", "`deadbeefcafe0`"),
            ("- [x] a", "`- [x] a`"),
            (
                "can't, well-known: 2XX; 12 more",
                "can't, well-known: 2XX; 12 more",
            ),
        ] {
            assert_eq!(inline(message), expected);
        }
    }

    #[test]
    fn code_and_fences_cannot_be_left() {
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(fence("diff", "````\nx"), "`````diff\n````\nx\n`````");
    }

    #[test]
    fn a_cell_cannot_be_left() {
        assert_eq!(cell("`a|b`"), "`a\\|b`");
        assert_eq!(cell("`a\\|b`"), "`a\\\u{200b}\\|b`");
        assert_eq!(cell("`a\\\\|b`"), "`a\\\\\u{200b}\\|b`");
    }

    #[test]
    fn a_summary_is_escaped_html() {
        assert_eq!(
            summary("the `</summary>` of @me"),
            "the <code>&lt;/summary&gt;</code><code> of @me</code>"
        );
    }
}
