//! Strict percent-decoding: malformed input is an error and is never passed through.

use std::{borrow::Cow, fmt::Write as _};

/// Decodes a path segment; `None` if a `%` is not followed by two hexadecimal digits or the result is not UTF-8.
pub(crate) fn decode_segment(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte != b'%' {
            decoded.push(byte);
            rest = tail;
            continue;
        }
        let (digits, tail) = tail.split_at_checked(2)?;
        decoded.push(hexadecimal(digits[0])? << 4 | hexadecimal(digits[1])?);
        rest = tail;
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

/// Decodes a query into names and values; `None` if any of them is malformed.
pub(crate) fn decode_query(query: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode_query_part(name)?, decode_query_part(value)?))
        })
        .collect()
}

/// Decodes a name or value in a query, where `+` means a space.
pub(crate) fn decode_query_part(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('+') {
        return decode_segment(text);
    }
    let spaced = text.replace('+', " ");
    let decoded = decode_segment(&spaced)?.into_owned();
    Some(Cow::Owned(decoded))
}

/// Encodes everything but the characters that never need it (RFC 3986, section 2.3).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => encoded.push(char::from(byte)),
            // Writing to a string cannot fail.
            false => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_encoding_is_not_decoded() {
        assert_eq!(decode_segment("a%2Fb%c3%A9").as_deref(), Some("a/bé"));
        for malformed in ["%", "%2", "%zz", "%+1", "%ff", "a%2"] {
            assert_eq!(decode_segment(malformed), None, "{malformed}");
        }
    }

    #[test]
    fn a_plus_is_a_space_in_a_query_only() {
        assert_eq!(
            decode_query("a=1+2&&b"),
            Some(vec![("a".into(), "1 2".into()), ("b".into(), "".into())])
        );
        assert_eq!(decode_query("a=%f"), None);
        assert_eq!(decode_segment("1+2").as_deref(), Some("1+2"));
    }
}
