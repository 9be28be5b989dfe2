//! Fields that are listed within others.

use super::fields::UNKNOWN;
use super::notation::{is_name, is_technical, is_type, starred};
use super::reader::Reader;

/// A line about a field.
pub(super) struct Item {
    depth: u16,
    /// The name of the field, or `UNKNOWN` if the line only may be about one.
    field: String,
}

impl Reader<'_> {
    /// Reads a line of text. A field in it is within the field of the last line that is less indented.
    pub(super) fn item(&mut self, text: &str, number: u32) {
        let depth = self.lines[self.at].depth;
        while self.items.pop_if(|item| item.depth >= depth).is_some() {}
        self.stated = None;
        match self.items.last().map(|item| item.field.clone()) {
            Some(parent) => {
                let outer = self.parent.replace(parent);
                self.text(text, number);
                self.parent = outer;
            }
            None => self.text(text, number),
        }
        let unread = || self.may_be_field(text).then(|| UNKNOWN.to_owned());
        if let Some(field) = self.stated.clone().or_else(unread) {
            self.items.push(Item { depth, field });
        }
    }

    /// Whether a line that was not understood names a field and its type, as in `owner — object`.
    fn may_be_field(&self, text: &str) -> bool {
        let mut words = text.split_whitespace();
        let name = words
            .next()
            .map(|word| starred(word.trim_end_matches(':')).0);
        let is_kind =
            |word: &str| is_type(word.trim_matches([',', '.', ':', '(', ')']), self.labels);
        name.is_some_and(|name| is_name(name) && is_technical(name)) && words.take(4).any(is_kind)
    }
}
