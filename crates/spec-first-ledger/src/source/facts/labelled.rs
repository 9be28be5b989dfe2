//! Labels below a field, such as `Example:`, with their values.

use serde_json::Value;

use super::json::is_json;
use super::limits;
use super::notation::{is_name, is_technical, values};
use super::reader::Reader;
use crate::source::labels::{Label, Limit, normalize};
use crate::source::page::Content;
use crate::source::values::{type_name, ungrouped};

/// Quotes that are not part of a value.
const CURLY: [char; 5] = ['“', '”', '„', '«', '»'];

impl Reader<'_> {
    /// A label such as `Example:` below a field, with its value on the same line or the next.
    pub(super) fn field_label(&mut self, text: &str) -> bool {
        if self.field.is_none() {
            return false;
        }
        let Some((label, value)) = text.split_once(':') else {
            return false;
        };
        match self.labels.label(&normalize(label)) {
            Some(Label::Options) => self.options(value.trim()),
            Some(Label::Example) => self.labelled("example", value.trim()),
            Some(Label::Default) => self.labelled("default", value.trim()),
            Some(Label::Limit(limit)) => self.limit(limit, value.trim()),
            None => false,
        }
    }

    /// The value of a label, on the same line or on the next lines.
    fn labelled(&mut self, kind: &str, beside: &str) -> bool {
        let Some(name) = self.field.as_ref().map(|field| field.name.clone()) else {
            return false;
        };
        let mut number = self.lines[self.at].number;
        if !beside.is_empty() {
            if beside.trim_matches(['"', '`']).contains(' ') {
                return false;
            }
            let is_stated = self.state_value(kind, &name, beside, number);
            self.at += usize::from(is_stated);
            return is_stated;
        }
        if self.is_field_at(self.at + 1) {
            return false;
        }
        let line = self.lines.get(self.at + 1).map(|line| &line.content);
        let below = match line {
            Some(Content::Code(text)) if text.trim().lines().count() == 1 || is_json(text) => {
                Some(text.trim())
            }
            _ => self.text_at(self.at + 1),
        };
        let Some(below) = below.map(str::to_owned) else {
            return false;
        };
        number = self
            .lines
            .get(self.at + 1)
            .map_or(number, |line| line.number);
        if below.starts_with(['{', '[']) {
            let lines = self.balanced(self.at + 1);
            let (text, count) = lines.unwrap_or((below, 1));
            let Ok(value) = serde_json::from_str(&text) else {
                return false;
            };
            self.state(kind, &name, value, number);
            self.at += 1 + count;
            return true;
        }
        if below.contains(' ') && !(below.starts_with('"') && below.ends_with('"')) {
            return false;
        }
        let is_stated = self.state_value(kind, &name, &below, number);
        self.at += 2 * usize::from(is_stated);
        is_stated
    }

    /// States an example or a default, unless the text says that there is none, as in `Default: n/a`.
    pub(super) fn state_value(&mut self, kind: &str, name: &str, text: &str, number: u32) -> bool {
        let word = normalize(text.trim_end_matches('.'));
        let is_dash = !word.is_empty() && word.chars().all(|sign| "-–—".contains(sign));
        if is_dash || self.labels.is_any(&word, |language| &language.absent) {
            return false;
        }
        let value = self.literal(text);
        self.state(kind, name, value, number);
        true
    }

    /// The limits after a label, on the same line or the next.
    fn limit(&mut self, limit: Limit, beside: &str) -> bool {
        let below = usize::from(beside.is_empty());
        let text = match below {
            0 => beside,
            _ => self.text_at(self.at + 1).unwrap_or_default(),
        };
        let (Some(field), Some(value)) = (&self.field, limits::parse(limit, text)) else {
            return false;
        };
        let name = field.name.clone();
        self.state("limit", &name, value, self.lines[self.at].number);
        self.at += 1 + below;
        true
    }

    /// The values of an enumeration, separated by commas.
    fn options(&mut self, beside: &str) -> bool {
        let Some(name) = self.field.as_ref().map(|field| field.name.clone()) else {
            return false;
        };
        let first = self.at;
        let number = self.lines[first].number;
        let mut at = first + 1;
        let mut listed = beside.to_owned();
        while listed.is_empty() || listed.trim_end().ends_with(',') {
            let Some(line) = self.text_at(at).filter(|_| !self.is_field_at(at)) else {
                break;
            };
            listed.push_str(line);
            at += 1;
        }
        // Each may be on a separate line.
        while beside.is_empty() && at > first + 1 && self.is_value_at(at) {
            listed.push(',');
            listed.push_str(self.text_at(at).unwrap_or_default());
            at += 1;
        }
        let Some(items) = values(listed.trim().trim_end_matches(','), self.labels) else {
            return false;
        };
        let items: Vec<Value> = items.into_iter().map(|item| self.option(item)).collect();
        self.state("enum", &name, items.into(), number);
        self.at = at;
        true
    }

    /// Whether a line directly below a value of an enumeration is another one, and nothing else.
    fn is_value_at(&self, index: usize) -> bool {
        let is_value = |text: &str| {
            let plain = normalize(text);
            is_name(text)
                && is_technical(text)
                && !self.is_pill(text)
                && self.labels.boilerplate(&plain).is_none()
                && self.labels.label(&plain).is_none()
        };
        let is_apart = self.lines.get(index).is_none_or(|line| line.is_spaced);
        let above = index.checked_sub(1).and_then(|above| self.text_at(above));
        !is_apart
            && above.is_some_and(|above| is_name(above) && is_technical(above))
            && self.text_at(index).is_some_and(is_value)
            && !self.is_field_at(index)
            && !self.is_type_at(index)
    }

    /// A value of an enumeration.
    pub(super) fn option(&self, item: &str) -> Value {
        let kind = self.field.as_ref().and_then(|field| field.kind.as_deref());
        let kind = kind.map(type_name).unwrap_or_default();
        match kind.base.as_str() {
            "integer" | "number" | "boolean" => self.literal(item),
            _ if kind.is_nullable && item == "null" => Value::Null,
            _ => Value::from(item),
        }
    }

    /// Parses a value; the type of the field decides whether `5` is a number.
    pub(super) fn literal(&self, text: &str) -> Value {
        let text = text.trim().trim_matches('`').trim_matches(CURLY);
        let kind = self.field.as_ref().and_then(|field| field.kind.as_deref());
        let base = kind.map(|kind| type_name(kind).base).unwrap_or_default();
        if base == "string" && !text.starts_with('"') {
            return Value::from(text.trim_end_matches('.'));
        }
        let grouped = ungrouped(text).filter(|_| base == "integer");
        let text = grouped.as_deref().unwrap_or(text);
        let plain = text.trim_end_matches('.');
        let value = serde_json::from_str(text).or_else(|_| serde_json::from_str(plain));
        value.unwrap_or_else(|_| Value::from(plain))
    }
}
