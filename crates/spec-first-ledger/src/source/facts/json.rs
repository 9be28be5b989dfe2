//! JSON as pages write it, with comments and trailing commas.

/// Whether a text is JSON, possibly with comments and trailing commas.
pub(super) fn is_json(text: &str) -> bool {
    let is_strict = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    is_strict(text) || is_strict(&strict(text).0)
}

/// JSON without trailing commas, and its comments with the indexes of their lines.
pub(super) fn strict(text: &str) -> (String, Vec<(usize, &str)>) {
    let mut plain = String::with_capacity(text.len());
    let mut comments = Vec::new();
    let (mut at, mut line) = (0, 0);
    while let Some(sign) = text[at..].chars().next() {
        let rest = &text[at..];
        let comment = match rest.get(..2) {
            Some("//") => Some(rest.find('\n').unwrap_or(rest.len())),
            Some("/*") => rest[2..].find("*/").map(|end| end + 4),
            _ => None,
        };
        let length = match sign {
            '"' => string_end(rest),
            _ => comment.unwrap_or(sign.len_utf8()),
        };
        let part = &rest[..length];
        if comment.is_some() {
            comments.push((line, part));
            plain.extend(part.matches('\n'));
        } else {
            let end = plain.trim_end();
            if matches!(sign, '}' | ']') && end.ends_with(',') {
                let space = plain.split_off(end.len());
                plain.pop();
                plain.push_str(&space);
            }
            plain.push_str(part);
        }
        line += part.matches('\n').count();
        at += length;
    }
    (plain, comments)
}

/// The length of the string at the start of a text.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 2)
}
