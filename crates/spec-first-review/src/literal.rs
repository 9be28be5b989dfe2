//! Lists of literals in messages, and messages split into words and literals.

use spec_first_document::literal::list;
pub(crate) use spec_first_document::literal::{joined, literal, longest_run};

/// Quotes the strings and joins them into a list; `none` if there are none.
pub(crate) fn literals<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    match &texts.into_iter().collect::<Vec<_>>()[..] {
        [] => "none".to_owned(),
        texts => list(texts, "and"),
    }
}

/// The singular for a count of one, otherwise the plural.
pub(crate) fn plural<'a>(count: usize, one: &'a str, several: &'a str) -> &'a str {
    if count == 1 { one } else { several }
}

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Plain text.
    Words(&'a str),
    /// The text between backticks.
    Literal(&'a str),
}

/// Splits a message into plain text and the literals between backticks.
pub(crate) fn pieces(message: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = message;
    let pieces = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((literal, behind)) = literal_at_start(rest) {
            rest = behind;
            return Some(Piece::Literal(literal));
        }
        // Backticks that are not closed are plain text.
        let opening = rest.len() - rest.trim_start_matches('`').len();
        let end = rest[opening..]
            .find('`')
            .map_or(rest.len(), |end| opening + end);
        let (words, behind) = rest.split_at(end);
        rest = behind;
        Some(Piece::Words(words))
    });
    pieces.filter(|piece| !matches!(piece, Piece::Literal("")))
}

/// Splits the literal off the start of a text.
fn literal_at_start(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim_start_matches('`');
    let opening = &text[..text.len() - inner.len()];
    if opening.is_empty() {
        return None;
    }
    let mut from = 0;
    loop {
        let start = from + inner[from..].find('`')?;
        let behind = inner[start..].trim_start_matches('`');
        let closing = inner.len() - start - behind.len();
        if closing == opening.len() {
            let literal = &inner[..start];
            let padded = literal
                .strip_prefix(' ')
                .and_then(|text| text.strip_suffix(' '));
            let is_padded = opening.len() > 1;
            return Some((padded.filter(|_| is_padded).unwrap_or(literal), behind));
        }
        from = start + closing;
    }
}

/// The content of a literal; the text itself if it is not a literal.
pub(crate) fn bare(text: &str) -> &str {
    match pieces(text).next() {
        Some(Piece::Literal(text)) => text,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &[Piece<'_>]) {
        assert_eq!(pieces(message).collect::<Vec<_>>(), expected, "{message}");
    }

    #[test]
    fn literals_are_between_backticks() {
        use Piece::{Literal, Words};
        let expected = [
            Words("the value "),
            Literal("a"),
            Words(" became "),
            Literal("b"),
        ];
        check("the value `a` became `b`", &expected);
    }

    #[test]
    fn a_literal_is_read_as_it_was_written() {
        for text in ["a", "a`b", "`", "``", "a``b`", " a ", "a` `b", "` `"] {
            let message = format!("the header {} went", literal(text));
            let expected = [
                Piece::Words("the header "),
                Piece::Literal(text),
                Piece::Words(" went"),
            ];
            check(&message, &expected);
        }
    }

    #[test]
    fn a_list_has_commas_and_an_and() {
        let texts = |count| ["a", "b", "c"].into_iter().take(count);
        let lists = [0, 1, 2, 3].map(|count| literals(texts(count)));
        assert_eq!(lists, ["none", "`a`", "`a` and `b`", "`a`, `b` and `c`"]);
    }

    #[test]
    fn what_is_not_closed_is_words() {
        check("a `b", &[Piece::Words("a "), Piece::Words("`b")]);
        check("``a`", &[Piece::Words("``a"), Piece::Words("`")]);
        check("", &[]);
    }
}
