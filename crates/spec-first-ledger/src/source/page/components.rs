//! Components in Markdown: tags whose names start with a capital letter, and what is read like them.

use std::collections::BTreeMap;

use pulldown_cmark::BlockQuoteKind;

use super::Component;
use super::html::decoded;

/// A tag at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Open {
        component: Component,
        /// Whether the tag closes itself.
        is_closed: bool,
    },
    Close,
}

/// Parses the component tag at the start of a text; returns it with its length in bytes, or `None` if there is no complete tag.
pub(super) fn tag(text: &str) -> Option<(Tag, usize)> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.literal('<')?;
    let is_end = scanner.literal('/').is_some();
    let name = scanner.name();
    if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return None;
    }
    let mut component = Component {
        name: name.to_owned(),
        ..Component::default()
    };
    loop {
        scanner.space();
        if scanner.literal('>').is_some() {
            let tag = match is_end {
                true => Tag::Close,
                false => Tag::Open {
                    component,
                    is_closed: false,
                },
            };
            return Some((tag, scanner.at));
        }
        if scanner.literal('/').is_some() {
            scanner.literal('>')?;
            let is_closed = true;
            return Some((
                Tag::Open {
                    component,
                    is_closed,
                },
                scanner.at,
            ));
        }
        let (name, value) = scanner.attribute()?;
        component.attributes.insert(name, value);
    }
}

/// The attributes in a text, up to what is not one.
pub(super) fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut scanner = Scanner { text, at: 0 };
    std::iter::from_fn(|| scanner.attribute()).collect()
}

/// The component that the first line of a container such as `:::note Title` is read like; `None` for the last line.
pub(super) fn container(line: &str) -> Option<Component> {
    let line = line.trim_matches([':', ' ']);
    let (name, title) = line.split_once(' ').unwrap_or((line, ""));
    let name = Some(capitalized(name)).filter(|name| !name.is_empty())?;
    let title = Some(title.trim()).filter(|title| !title.is_empty());
    let title = title.map(|title| ("title".to_owned(), title.to_owned()));
    Some(Component {
        name,
        attributes: title.into_iter().collect(),
    })
}

pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The component that a quotation such as `> [!NOTE]` is read like.
pub(super) fn alert(kind: BlockQuoteKind) -> Component {
    let name = match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    };
    Component {
        name: name.to_owned(),
        ..Component::default()
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn literal(&mut self, expected: char) -> Option<()> {
        self.rest().strip_prefix(expected)?;
        self.at += expected.len_utf8();
        Some(())
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let is_part =
            |character: char| character.is_ascii_alphanumeric() || "-_.:".contains(character);
        let end = rest
            .find(|character| !is_part(character))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn attribute(&mut self) -> Option<(String, String)> {
        self.space();
        let name = Some(self.name()).filter(|name| !name.is_empty())?;
        self.space();
        let value = match self.literal('=') {
            Some(()) => {
                self.space();
                self.value()?
            }
            None => "true".to_owned(),
        };
        Some((name.to_owned(), value))
    }

    /// A value in quotes, or the content of braces.
    fn value(&mut self) -> Option<String> {
        let quote = self.rest().chars().next()?;
        if quote != '{' {
            if quote != '"' && quote != '\'' {
                return None;
            }
            let (value, _) = self.rest()[1..].split_once(quote)?;
            self.at += value.len() + 2;
            return Some(decoded(value));
        }
        let mut depth = 0_usize;
        let mut within = None;
        for (index, character) in self.rest().char_indices() {
            match (within, character) {
                (Some(open), _) if open == character => within = None,
                (Some(_), _) => {}
                (None, '"' | '\'' | '`') => within = Some(character),
                (None, '{') => depth += 1,
                (None, '}') => {
                    depth -= 1;
                    if depth == 0 {
                        let value = self.rest()[1..index].trim();
                        self.at += index + 1;
                        return Some(braced(value));
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The content of braces: a literal as it is, and anything else with its braces, because it is code.
fn braced(value: &str) -> String {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let is_number = value.parse::<f64>().is_ok();
    let is_literal =
        is_number || matches!(value, "true" | "false") || value.starts_with(['[', '{', '<']);
    match value.strip_prefix(QUOTES) {
        Some(text) => text.trim_end_matches(QUOTES).to_owned(),
        None if is_literal => value.to_owned(),
        None => format!("{{{value}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, attributes: &[(&str, &str)], length: usize) {
        let Some((Tag::Open { component, .. }, at)) = tag(text) else {
            panic!("{text}: {:?}", tag(text));
        };
        let found = component.attributes.iter();
        let found: Vec<_> = found
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            (component.name.as_str(), &found[..], at),
            (name, attributes, length)
        );
    }

    #[test]
    fn attributes_are_read_in_every_spelling() {
        check("<Note>a", "Note", &[], 6);
        check(
            "<ParamField path=\"id\" type={'string'} required default={{a: \"}\"}}>",
            "ParamField",
            &[
                ("default", "{a: \"}\"}"),
                ("path", "id"),
                ("required", "true"),
                ("type", "string"),
            ],
            66,
        );
        check(
            "<A b={!c} d={null} e={1} f={`g`}>",
            "A",
            &[("b", "{!c}"), ("d", "{null}"), ("e", "1"), ("f", "g")],
            33,
        );
        check(
            "<ParamField\n  query='q'\n/>",
            "ParamField",
            &[("query", "q")],
            26,
        );
    }

    #[test]
    fn what_is_not_a_whole_tag_of_a_component_is_not_read() {
        for text in [
            "<string>",
            "<Note",
            "<Param a=>",
            "a",
            "<Param a={",
            "<Param =>",
            "< Note>",
        ] {
            assert_eq!(tag(text), None, "{text}");
        }
        assert_eq!(tag("</Note> a"), Some((Tag::Close, 7)));
    }
}
