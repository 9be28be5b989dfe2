//! Lets strings of JSON contain the control characters U+0080 to U+009F. JSON allows them; the YAML parser does not.

use std::ops::RangeInclusive;

const CONTROLS: RangeInclusive<u32> = 0x80..=0x9F;

/// The last character that takes two bytes, as these control characters do, so that offsets stay as they are.
const LAST_OF_TWO_BYTES: u32 = 0x7FF;

/// Characters that the parser sees in place of the control characters.
pub(super) struct StandIns {
    /// What is added to a control character.
    shift: u32,
}

impl StandIns {
    /// `None` if the text is not JSON or contains no such characters.
    pub(super) fn of(text: &str) -> Option<Self> {
        let is_json = text.trim_start().starts_with(['{', '[']);
        let contains = |range: RangeInclusive<u32>| {
            let mut characters = text.chars().map(u32::from);
            characters.any(|character| range.contains(&character))
        };
        // The first byte of each of them in UTF-8. Looking for it is far faster than decoding the text.
        let is_possible = memchr::memchr(0xC2, text.as_bytes()).is_some();
        if !is_json || !is_possible || !contains(CONTROLS) {
            return None;
        }
        let width = CONTROLS.end() - CONTROLS.start() + 1;
        let mut shifts = (width..=LAST_OF_TWO_BYTES - CONTROLS.end()).step_by(width as usize);
        let shift = shifts.find(|shift| !contains(moved(*shift)))?;
        Some(Self { shift })
    }

    pub(super) fn put_into(&self, text: &str) -> String {
        replaced(text, &CONTROLS, |control| control + self.shift)
    }

    pub(super) fn take_out_of(&self, text: &str) -> String {
        replaced(text, &moved(self.shift), |stand_in| stand_in - self.shift)
    }
}

fn moved(shift: u32) -> RangeInclusive<u32> {
    CONTROLS.start() + shift..=CONTROLS.end() + shift
}

fn replaced(text: &str, range: &RangeInclusive<u32>, to: impl Fn(u32) -> u32) -> String {
    let replace = |character: char| match u32::from(character) {
        code if range.contains(&code) => char::from_u32(to(code)).unwrap_or(character),
        _ => character,
    };
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Source;
    use crate::tree::Tree;

    fn read(text: &str) -> Option<(Tree, Value)> {
        let mut tree = Tree::default();
        let name = "a.json".to_owned();
        let text = text.to_owned();
        let file = tree.read(Source { name, text }).ok()?;
        let value = tree.to_json(tree.root(file));
        Some((tree, value))
    }

    #[test]
    fn json_may_contain_them_in_keys_and_values_and_places_stay_right() {
        // The text contains U+00A0 and U+00BF, so those cannot be used.
        let (tree, value) = read("\n{\"\u{80}k\": \"\u{9d}·\u{a0}\u{bf}\", \"b\": 1}").unwrap();
        assert_eq!(value, json!({"\u{80}k": "\u{9d}·\u{a0}\u{bf}", "b": 1}));
        let last = tree.get(tree.root(crate::tree::FileId(0)), "b").unwrap();
        assert_eq!(
            (tree.position(last).line, tree.position(last).column),
            (2, 16)
        );
    }

    #[test]
    fn yaml_may_not() {
        assert!(read("a: \u{80}").is_none());
    }
}
