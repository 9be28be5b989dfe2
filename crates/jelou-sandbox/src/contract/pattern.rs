//! The regular expressions of a document, as the engines here read them.
//!
//! A `pattern` is written for JavaScript, which takes much for text that other engines refuse: `^/{id}$`, `a\\-b`.

use jsonschema::draft202012;
use serde_json::json;

/// Who reads a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// `jsonschema`, which is strict JavaScript.
    Judge,
    /// `regex_syntax`, which knows no look-around, and more operators in a class.
    Generator,
}

/// A pattern that the judge of values reads; `None` if it is not a regular expression.
pub(super) fn for_judging(pattern: &str) -> Option<String> {
    let written = rewrite(pattern, Reader::Judge);
    let compiled = draft202012::new(&json!({ "pattern": written }));
    compiled.is_ok().then_some(written)
}

/// A pattern without look-around, for making a text.
pub(super) fn for_generating(pattern: &str) -> String {
    rewrite(pattern, Reader::Generator)
}

fn rewrite(pattern: &str, reader: Reader) -> String {
    let is_for_generator = reader == Reader::Generator;
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut is_in_class = false;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '\\' if is_needless_escape(rest, is_in_class) => {
                rest = &rest[length..];
                length = rest.chars().next().map_or(0, char::len_utf8);
            }
            '\\' => length = escape_length(rest),
            '[' if !is_in_class => is_in_class = true,
            ']' => is_in_class = false,
            '[' | '&' | '~' if is_in_class && is_for_generator => written.push('\\'),
            '(' if !is_in_class && is_for_generator && is_look_around(rest) => {
                rest = &rest[group_length(rest)..];
                continue;
            }
            '{' if !is_in_class => match repetition_length(rest) {
                Some(repetition) => length = repetition,
                None => written.push('\\'),
            },
            '}' if !is_in_class => written.push('\\'),
            _ => {}
        }
        let (part, behind) = rest.split_at(length);
        written.push_str(part);
        rest = behind;
    }
    written
}

/// Whether `text` begins with a backslash before what is text even without it.
fn is_needless_escape(text: &str, is_in_class: bool) -> bool {
    let escaped = text.chars().nth(1);
    escaped.is_some_and(|escaped| {
        let is_syntax = "^$\\.*+?()[]{}|/".contains(escaped);
        // In a class some are operators, to one engine or the other.
        let is_operator = is_in_class && "-&~".contains(escaped);
        !(escaped.is_alphanumeric() || is_syntax || is_operator)
    })
}

fn is_look_around(group: &str) -> bool {
    ["(?=", "(?!", "(?<=", "(?<!"]
        .iter()
        .any(|opening| group.starts_with(opening))
}

/// How long the group is that `text` begins with; all of `text` if it does not end.
fn group_length(text: &str) -> usize {
    let (mut depth, mut is_in_class, mut end) = (0_usize, false, 0);
    while let Some(character) = text[end..].chars().next() {
        match character {
            '\\' => {
                end += escape_length(&text[end..]);
                continue;
            }
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => depth += 1,
            ')' if !is_in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        end += character.len_utf8();
        if depth == 0 {
            break;
        }
    }
    end
}

/// How long a backslash is together with the character behind it.
fn escape_length(text: &str) -> usize {
    text.chars().take(2).map(char::len_utf8).sum()
}

/// How long the repetition is that `text` begins with: `{2}`, `{2,}` or `{2,3}`.
fn repetition_length(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix('{')?.split_once('}')?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let is_count = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && is_count(least) && is_count(most)).then_some(inside.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, judged: Option<&str>, generated: &str) {
        assert_eq!(for_judging(pattern).as_deref(), judged, "{pattern}");
        assert_eq!(for_generating(pattern), generated, "{pattern}");
    }

    #[test]
    fn what_javascript_takes_for_text_is_escaped() {
        check(r"^/{id}/{}$", Some(r"^/\{id\}/\{\}$"), r"^/\{id\}/\{\}$");
        check(
            r"a{2}b{2,}c{2,3}d{,3}",
            Some(r"a{2}b{2,}c{2,3}d\{,3\}"),
            r"a{2}b{2,}c{2,3}d\{,3\}",
        );
        check(r"[{}]\{", Some(r"[{}]\{"), r"[{}]\{");
        check(r"a\-b\_\@[\-\_]\/", Some(r"a-b_@[\-_]\/"), r"a-b_@[\-_]\/");
        check(r"[[&]", Some(r"[[&]"), r"[\[\&]");
    }

    #[test]
    fn look_around_is_kept_for_the_judge() {
        check(
            r"^(?!a(b)[)]\))(?<=c)d$",
            Some(r"^(?!a(b)[)]\))(?<=c)d$"),
            "^d$",
        );
        check(r"[(?=](?:a)", Some(r"[(?=](?:a)"), "[(?=](?:a)");
    }

    #[test]
    fn what_is_no_regular_expression_cannot_be_judged_by() {
        check("(a", None, "(a");
        check("(?=a", None, "");
        check("[a\\", None, "[a\\");
    }
}
