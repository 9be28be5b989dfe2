//! Removes the escapes of URLs, HTML and JSON from a text, and remembers where each character was.
//!
//! A decoded escape may complete another, so the result contains no escapes, however often the text was encoded.

use std::borrow::Cow;
use std::ops::Range;

/// A text, decoded.
pub(super) struct Decoded<'a> {
    text: Cow<'a, str>,
    /// Where each character begins in the decoded text, and the part of the original that it represents. Empty if nothing was
    /// decoded.
    characters: Vec<(usize, Range<usize>)>,
}

/// A code point, which may be half of a surrogate pair, and the part of the original that it represents.
struct Unit {
    code: u32,
    origin: Range<usize>,
}

impl<'a> Decoded<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        if !text
            .bytes()
            .any(|byte| matches!(byte, b'%' | b'+' | b'\\' | b';' | 0x80..))
        {
            return Self {
                text: Cow::Borrowed(text),
                characters: Vec::new(),
            };
        }
        let mut units = Vec::with_capacity(text.len());
        for (start, character) in text.char_indices() {
            // Forms write a space as `+`.
            let code = if character == '+' { ' ' } else { character };
            units.push(Unit {
                code: code.into(),
                origin: start..start + character.len_utf8(),
            });
            while let Some((length, code)) = read_escape(&units) {
                let first = units.len() - length;
                let origin = units[first].origin.start..start + character.len_utf8();
                units.truncate(first);
                units.push(Unit { code, origin });
            }
        }
        let mut decoded = String::with_capacity(text.len());
        let mut characters = Vec::with_capacity(units.len());
        for Unit { code, origin } in units {
            characters.push((decoded.len(), origin));
            decoded.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Self {
            text: Cow::Owned(decoded),
            characters,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text may have contained an escape.
    pub(super) fn is_changed(&self) -> bool {
        !self.characters.is_empty()
    }

    /// The part of the original that `range` of the decoded text represents.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let first = self
            .characters
            .partition_point(|(start, _)| *start < range.start);
        let end = self
            .characters
            .partition_point(|(start, _)| *start < range.end);
        match (self.characters.get(first), self.characters[..end].last()) {
            (Some((_, first)), Some((_, last))) => first.start..last.end,
            _ => range,
        }
    }
}

/// The length of the escape at the end of `units`, and its decoded value.
fn read_escape(units: &[Unit]) -> Option<(usize, u32)> {
    let last = units.last()?.code;
    let code = |from_end: usize| Some(units.get(units.len().checked_sub(from_end)?)?.code);
    let is = |from_end: usize, character: char| code(from_end) == Some(character.into());
    match char::from_u32(last) {
        Some(';') => return read_entity(units),
        Some(character) if is(2, '\\') => {
            let plain: char = match character {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '"' | '\\' | '/' => character,
                _ => return None,
            };
            return Some((2, plain.into()));
        }
        Some('0'..='9' | 'a'..='f' | 'A'..='F') => {
            if is(3, '%') {
                return Some((3, read_number(&units[units.len() - 2..], 16)?));
            }
            if is(6, '\\') && is(5, 'u') {
                let read = read_number(&units[units.len() - 4..], 16)?;
                return Some((6, read));
            }
        }
        // UTF-8, byte by byte.
        Some('\u{80}'..='\u{bf}') => {
            for length in 2..=units.len().min(4) {
                let bytes = units[units.len() - length..].iter();
                let bytes: Option<Vec<u8>> = bytes.map(|unit| unit.code.try_into().ok()).collect();
                let bytes = bytes?;
                if bytes[0] >= 0xc0 {
                    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
                    return Some((length, character.into()));
                }
            }
        }
        None => {
            let high = code(2)?;
            if (0xd800..0xdc00).contains(&high) && last >= 0xdc00 {
                return Some((2, 0x10000 + ((high - 0xd800) << 10) + (last - 0xdc00)));
            }
        }
        _ => {}
    }
    None
}

/// An HTML character reference at the end of `units`.
fn read_entity(units: &[Unit]) -> Option<(usize, u32)> {
    const LONGEST: usize = "&#x10ffff;".len();
    let tail = &units[units.len().saturating_sub(LONGEST)..];
    let start = tail.iter().rposition(|unit| unit.code == u32::from('&'))?;
    let length = tail.len() - start;
    let name = &tail[start + 1..tail.len() - 1];
    let text: String = name
        .iter()
        .filter_map(|unit| char::from_u32(unit.code))
        .collect();
    let code: u32 = match text.as_str() {
        "amp" => '&'.into(),
        "lt" => '<'.into(),
        "gt" => '>'.into(),
        "quot" => '"'.into(),
        "apos" => '\''.into(),
        "nbsp" => '\u{a0}'.into(),
        text if text.starts_with("#x") || text.starts_with("#X") => read_number(&name[2..], 16)?,
        text if text.starts_with('#') => read_number(&name[1..], 10)?,
        _ => return None,
    };
    char::from_u32(code).map(|_| (length, code))
}

fn read_number(digits: &[Unit], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, unit| {
        let digit = char::from_u32(unit.code)?.to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}
