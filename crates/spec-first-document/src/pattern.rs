//! Regular expressions as documents write them: for JavaScript, which accepts as literals what other engines reject, such as
//! `^/{id}$`, `a\-b` and `[\w-.]` (ECMA-262, annex B).

/// The engine that a pattern is adapted to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// `jsonschema`, which expects strict JavaScript syntax.
    Judge,
    /// `regex_syntax`, which does not support look-around and has more operators in character classes.
    Generator,
}

/// The same regular expression in strict JavaScript syntax, that of the flag `u`.
pub fn strict(pattern: &str) -> String {
    rewrite(pattern, Reader::Judge)
}

/// A pattern without look-around, for generating strings.
pub fn for_generating(pattern: &str) -> String {
    rewrite(pattern, Reader::Generator)
}

fn rewrite(pattern: &str, reader: Reader) -> String {
    let is_for_generator = reader == Reader::Generator;
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut is_in_class = false;
    // No range starts or ends with a set such as `\w`, so a hyphen next to one is a literal.
    let mut is_after_set = false;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        let was_after_set = std::mem::replace(&mut is_after_set, is_set(rest));
        match character {
            '\\' if is_needless_escape(rest, is_in_class) => {
                rest = &rest[length..];
                length = rest.chars().next().map_or(0, char::len_utf8);
            }
            '\\' => length = escape_length(rest),
            '[' if !is_in_class => is_in_class = true,
            ']' if is_in_class => is_in_class = false,
            ']' => written.push('\\'),
            '-' if is_in_class && (was_after_set || is_set(&rest[1..])) => written.push('\\'),
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

/// Whether `text` begins with the escape sequence of a set of characters.
fn is_set(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('\\') && characters.next().is_some_and(|it| "dDsSwW".contains(it))
}

/// Whether `text` begins with an unnecessary backslash.
fn is_needless_escape(text: &str, is_in_class: bool) -> bool {
    let escaped = text.chars().nth(1);
    escaped.is_some_and(|escaped| {
        let is_syntax = "^$\\.*+?()[]{}|/".contains(escaped);
        // In a class, some characters are operators in only one of the engines.
        let is_operator = is_in_class && "-&~".contains(escaped);
        !(escaped.is_alphanumeric() || is_syntax || is_operator)
    })
}

fn is_look_around(group: &str) -> bool {
    ["(?=", "(?!", "(?<=", "(?<!"]
        .iter()
        .any(|opening| group.starts_with(opening))
}

/// The length of the group at the start of `text`; all of `text` if the group is not closed.
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

/// The length of a backslash and the character it escapes, with the name or the number of `\p{L}` and `\u{61}`.
fn escape_length(text: &str) -> usize {
    let length = text.chars().take(2).map(char::len_utf8).sum();
    let (escape, behind) = text.split_at(length);
    let is_named = matches!(escape, r"\p" | r"\P" | r"\u") && behind.starts_with('{');
    let end = is_named.then(|| behind.find('}')).flatten();
    length + end.map_or(0, |end| end + 1)
}

/// The length of the repetition at the start of `text`: `{2}`, `{2,}` or `{2,3}`.
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
    fn check(pattern: &str, validated: &str, generated: &str) {
        assert_eq!(strict(pattern), validated, "{pattern}");
        assert_eq!(for_generating(pattern), generated, "{pattern}");
    }

    #[test]
    fn javascript_literals_are_escaped() {
        check(r"^/{id}/{}$", r"^/\{id\}/\{\}$", r"^/\{id\}/\{\}$");
        check(
            r"a{2}b{2,}c{2,3}d{,3}",
            r"a{2}b{2,}c{2,3}d\{,3\}",
            r"a{2}b{2,}c{2,3}d\{,3\}",
        );
        check(r"[{}]\{", r"[{}]\{", r"[{}]\{");
        check(r"a\-b\_\@[\-\_]\/", r"a-b_@[\-_]\/", r"a-b_@[\-_]\/");
        check(r"[[&]", r"[[&]", r"[\[\&]");
        check(
            r"\p{L}[\P{Lu}]\u{61}",
            r"\p{L}[\P{Lu}]\u{61}",
            r"\p{L}[\P{Lu}]\u{61}",
        );
        check(r"\[a]b]", r"\[a\]b\]", r"\[a\]b\]");
        check(
            r"[\w-.][.-\d][a-z\s-]",
            r"[\w\-.][.\-\d][a-z\s\-]",
            r"[\w\-.][.\-\d][a-z\s\-]",
        );
    }

    #[test]
    fn look_around_is_kept_for_validation() {
        check(r"^(?!a(b)[)]\))(?<=c)d$", r"^(?!a(b)[)]\))(?<=c)d$", "^d$");
        check(r"[(?=](?:a)", r"[(?=](?:a)", "[(?=](?:a)");
    }
}
