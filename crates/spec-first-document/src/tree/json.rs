//! Reads JSON into the tree, several times as fast as the YAML parser would.

use std::borrow::Cow;

use super::reading::{Reading, to_u32};
use crate::Finding;

impl Reading<'_> {
    /// Reads text that a JSON parser has accepted, and checks what that parser does not: depth, duplicate keys, numbers and surrogates.
    pub(super) fn read_json(&mut self, text: &str) -> Result<(), Finding> {
        let bytes = text.as_bytes();
        let mut next = 0;
        while let Some(&first) = bytes.get(next) {
            let start = next;
            let offset = to_u32(start);
            next += 1;
            match first {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {}
                b'{' | b'[' => self.begin(first == b'{', 0, offset)?,
                b'}' | b']' => self.end(offset)?,
                b'"' => {
                    next = end_of_string(bytes, start);
                    let value = unescaped(&text[start..next]).ok_or_else(|| {
                        let message = "this string contains half of a surrogate pair";
                        self.problem(offset, message)
                    })?;
                    self.scalar(&value, true, 0, offset)?;
                }
                _ => {
                    let ends = |byte: &u8| b" \t\n\r,]}".contains(byte);
                    let length = bytes[start..].iter().position(ends);
                    next = length.map_or(bytes.len(), |length| start + length);
                    self.scalar(&text[start..next], false, 0, offset)?;
                }
            }
        }
        Ok(())
    }
}

/// Where the string that begins at `start` ends, after its closing quote.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut next = start + 1;
    while let Some(found) = bytes
        .get(next..)
        .and_then(|rest| memchr::memchr2(b'"', b'\\', rest))
    {
        next += found;
        if bytes[next] == b'"' {
            return next + 1;
        }
        next += 2;
    }
    bytes.len()
}

/// The content of a string, or `None` if it contains half of a surrogate pair.
fn unescaped(quoted: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', quoted.as_bytes()).is_some() {
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(&quoted[1..quoted.len() - 1]))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::tree::{NodeId, Tree};
    use crate::{Finding, Source};

    /// The value, and for each value the line and column of itself and of its key.
    type Read = (Value, Vec<[(u64, u64); 2]>);

    fn read(text: &str) -> Result<Read, Finding> {
        let mut tree = Tree::default();
        let name = "a.json".to_owned();
        let text = text.to_owned();
        let file = tree.read(Source { name, text })?;
        let places = |node: NodeId| {
            [tree.value_position(node), tree.position(node)].map(|at| (at.line, at.column))
        };
        let root = tree.to_json(tree.root(file));
        Ok((root, tree.nodes_of(file).map(places).collect()))
    }

    #[test]
    fn the_tree_is_the_one_that_the_yaml_parser_builds() {
        for text in [
            r#"{"a": [1, -2.50, 1e3, true, false, null, {}, [], [[]], {"b": {}}]}"#,
            "\n {\t\"ü\\u00fc\" :\n[\"\\ud83d\\ude00\" , \"\\\\\",\"\\\"\",\"\" ]\r\n,\"1\":1}\n",
            r#"{"$ref":"a,b]}:c","x":{"y":"{\"z\":[1]}"},"z":123456789012345678901234567890}"#,
            r#"{"a":1,"b":{"c":2,"c":3}}"#,
            r#"{"<<":{"b":1},"a":1}"#,
            r#"{"a":1e400}"#,
            r#"{"a":1,}"#,
            "12",
        ] {
            // A comment keeps the text from being JSON.
            let yaml = read(&format!("#\n{text}")).map(|(value, mut places)| {
                for place in places.iter_mut().flatten() {
                    place.0 -= 1;
                }
                (value, places)
            });
            let problem = |finding: Finding| (finding.message, finding.position.column);
            assert_eq!(read(text).map_err(problem), yaml.map_err(problem), "{text}");
        }
    }

    #[test]
    fn only_json_contains_control_characters() {
        let (value, places) = read("{\"\u{80}k\": \"\u{9d}\u{7f}\", \"b\": 1}").unwrap();
        assert_eq!(value, json!({"\u{80}k": "\u{9d}\u{7f}", "b": 1}));
        assert_eq!(places[2], [(1, 19), (1, 14)]);
        assert!(read("a: \u{80}").is_err());
    }

    #[test]
    fn only_a_plain_key_merges() {
        let merged = read("base: &base {a: 1}\nnext: {<<: *base}").unwrap().0;
        assert_eq!(merged["next"], json!({"a": 1}));
        let quoted = json!({"<<": {"a": 1}});
        assert_eq!(read(&quoted.to_string()).unwrap().0, quoted);
    }

    #[test]
    fn half_of_a_surrogate_pair_is_located() {
        let problem = read("{\"a\":\n \"\\ud83d\"}").unwrap_err();
        let place = (problem.position.line, problem.position.column);
        assert_eq!(place, (2, 2), "{}", problem.message);
    }
}
