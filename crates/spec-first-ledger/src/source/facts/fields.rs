//! Fields: parameters and members, with their types, marks and labels.

use serde_json::Value;

use super::notation::{
    default_of, is_made_of_words, is_name, is_technical, is_type, named_type, pills_of, starred,
    type_and_pills,
};
use super::reader::Reader;
use super::statuses::is_status;
use crate::source::labels::normalize;
use crate::source::page::Component;
use crate::source::record::is_within;
use crate::source::values::type_name;

/// The field that the following lines describe.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// Its type as the page writes it.
    pub(super) kind: Option<String>,
    /// The number of paragraphs of its description read so far.
    pub(super) paragraphs: usize,
}

/// The name of a field that encloses others, where the page does not show it.
pub(super) const UNKNOWN: &str = "";

/// Sections whose name implies the place of their fields.
const WITH_PLACE: [&str; 10] = [
    "path-parameters",
    "query-parameters",
    "header-parameters",
    "body-parameters",
    "path-parameters-schema",
    "query-parameters-schema",
    "headers",
    "cookies",
    "body",
    "response",
];

impl Reader<'_> {
    pub(super) fn finish_field(&mut self) {
        self.field = None;
    }

    /// Whether the next line is a type, which makes this one a field name.
    pub(super) fn is_type_below(&self) -> bool {
        self.is_type_at(self.at + 1)
    }

    pub(super) fn is_type_at(&self, index: usize) -> bool {
        let text = self.text_at(index);
        text.is_some_and(|text| type_and_pills(text, self.labels).is_some())
    }

    /// Whether a line is a field name with its type or a mark below.
    pub(super) fn is_field_at(&self, index: usize) -> bool {
        let is_name = |text| is_name(starred(text).0);
        let is_pill_below = || {
            let below = self.text_at(index + 1);
            below.is_some_and(|below| self.is_pill(below))
        };
        self.text_at(index).is_some_and(is_name) && (self.is_type_at(index + 1) || is_pill_below())
    }

    pub(super) fn field_component(&mut self, component: &Component, number: u32) {
        self.leave_top();
        let mut keys = self.labels.layout.fields.iter();
        let Some((key, name)) = keys.find_map(|key| Some((key, component.attributes.get(key)?)))
        else {
            return self.keep(&component.name, number, false);
        };
        if self.section == "responses" && is_status(name) {
            self.finish_field();
            return self.state_status(name, None, number);
        }
        // Whose field it is, is unclear in a component that hides the fields of another one.
        if !is_name(name) || self.is_orphan() {
            self.finish_field();
            return self.keep(name, number, false);
        }
        let key = key.clone();
        let kind = component.attributes.get("type").map(String::as_str);
        let name = self.begin_field(name, kind, number);
        for (attribute, value) in component.attributes.iter().rev() {
            let is_set = match value.as_str() {
                "true" | "" => Some(true),
                "false" => Some(false),
                other => (other == attribute).then_some(true),
            };
            match (attribute.as_str(), is_set) {
                ("type", _) => {}
                ("in", _) if self.labels.layout.places.contains(value) => {
                    self.state("place", &name, value.as_str().into(), number);
                }
                ("required", Some(is_set)) => {
                    self.state("required", &name, is_set.into(), number);
                }
                ("optional", Some(is_set)) => {
                    self.state("required", &name, (!is_set).into(), number);
                }
                ("deprecated", Some(true)) => {
                    self.state("deprecated", &name, true.into(), number);
                }
                ("deprecated", Some(false)) => {}
                ("default", _) if !is_expression(value) => {
                    let default = self.literal(value);
                    self.state("default", &name, default, number);
                }
                (other, _) if other == key => {}
                _ => self.keep(&format!("{attribute}={value}"), number, false),
            }
        }
        if self.labels.layout.places.contains(&key) && !WITH_PLACE.contains(&self.section.as_str())
        {
            self.state("place", &name, key.into(), number);
        }
    }

    /// States a field; returns its name, qualified by the enclosing field.
    pub(super) fn begin_field(&mut self, name: &str, kind: Option<&str>, number: u32) -> String {
        let kind = kind
            .map(|kind| named_type(kind, self.labels).unwrap_or_else(|| kind.trim().to_owned()));
        let name = match &self.parent {
            Some(parent) if name == parent || !is_within(name, parent) => {
                format!("{parent}.{name}")
            }
            _ => name.to_owned(),
        };
        self.stated = Some(name.clone());
        self.state(
            "field",
            &name,
            kind.clone().map_or(Value::Null, Value::String),
            number,
        );
        if kind
            .as_deref()
            .is_some_and(|kind| type_name(kind).is_nullable)
        {
            self.state("nullable", &name, true.into(), number);
        }
        self.field = Some(Field {
            name: name.clone(),
            kind,
            paragraphs: 0,
        });
        name
    }

    /// A name with its type on the next line, followed by its marks.
    pub(super) fn field_lines(&mut self, text: &str) -> bool {
        let (name, is_starred) = starred(text);
        let name = name.to_owned();
        let number = self.lines[self.at].number;
        if self.is_orphan() {
            return false;
        }
        if !is_name(&name) {
            return self.field_in_one_line(&name, number) || self.field_in_item(&name, number);
        }
        // A mark or the cell of a table may precede the type: `size`, `required`, `string`.
        let above = self.at.checked_sub(1).and_then(|above| self.text_at(above));
        let is_below_name = above.is_some_and(|above| is_name(above) && is_technical(above));
        if self.is_nameless || (is_below_name && self.is_cell(&name)) {
            return false;
        }
        let Some(below) = self.text_at(self.at + 1).map(str::to_owned) else {
            return false;
        };
        let Some((kind, pills)) = type_and_pills(&below, self.labels) else {
            return false;
        };
        // A field may be named like a type, such as `object`, and the line above may be a one-word description.
        let is_name_below =
            |kind: &str| is_type(kind, self.labels) && kind.starts_with(char::is_lowercase);
        let below_type = self.text_at(self.at + 2);
        let is_enum = below_type == Some("enum");
        // Or this is the type above that mark.
        if is_type(&name, self.labels) && kind == "enum" {
            return false;
        }
        if pills.is_empty() && !is_enum && below_type.is_some_and(is_name_below) {
            return false;
        }
        match &self.expanded {
            // Unless the name says so, it is unclear whether it is nested in the field above.
            Some(parent) if !is_within(&name, parent) => {
                self.finish_field();
                return false;
            }
            _ => self.expanded = None,
        }
        let name = self.begin_field(&name, Some(kind), number);
        if is_starred {
            self.state("required", &name, true.into(), number);
        }
        self.at += 1;
        for pill in pills_of(pills, self.labels).into_iter().flatten() {
            self.pill(&name, pill);
        }
        self.at += 1;
        self.at += usize::from(is_enum);
        while let Some(line) = self.text_at(self.at) {
            let line = line.to_owned();
            if self.is_type_below() || !self.pill(&name, &line) {
                break;
            }
            self.at += 1;
        }
        true
    }

    /// A name, its type and its marks on one line.
    fn field_in_one_line(&mut self, text: &str, number: u32) -> bool {
        // The description follows a colon.
        let (said, description) = match text.split_once(": ") {
            Some((said, description)) => (said, description.trim()),
            None => (text, ""),
        };
        let words: Vec<&str> = said.split_whitespace().collect();
        let [name, kind, pills @ ..] = &words[..] else {
            return false;
        };
        let (name, is_starred) = starred(name);
        let Some((kind, glued)) = type_and_pills(kind, self.labels) else {
            return false;
        };
        let glued = pills_of(glued, self.labels).unwrap_or_default();
        let pills: Vec<&str> = glued.into_iter().chain(pills.iter().copied()).collect();
        // Two words may also be the end of a sentence, unless the first cannot be a word.
        let is_term = self.lines[self.at].is_term && self.lists_fields();
        let is_certain = !pills.is_empty() || is_made_of_words(name) || is_starred || is_term;
        let is_field = is_technical(name) && is_name(name) && is_certain;
        if !is_field || !pills.iter().all(|pill| self.is_pill(pill)) {
            return false;
        }
        let name = self.begin_field(name, Some(kind), number);
        if is_starred {
            self.state("required", &name, true.into(), number);
        }
        for pill in pills {
            self.pill(&name, pill);
        }
        if !description.is_empty() {
            self.prose(description, number);
            self.finish_field();
        }
        self.at += 1;
        true
    }

    /// A name with its type and marks in parentheses, as in `name (string, required): What it is called.`, or behind a colon, as in
    /// `name: string (required)`.
    fn field_in_item(&mut self, text: &str, number: u32) -> bool {
        let Some((name, parts, description)) = item(text) else {
            return false;
        };
        let (name, is_starred) = starred(name);
        let kind = parts
            .iter()
            .find(|part| named_type(part, self.labels).is_some())
            .copied();
        let others = parts.into_iter().filter(|part| Some(*part) != kind);
        let (pills, others): (Vec<&str>, Vec<&str>) = others.partition(|part| self.is_pill(part));
        // A label may be written like that, too, as in `Type: string`.
        let is_label = description.is_none() && self.labels.is_column(&normalize(name));
        let is_certain = match description {
            Some(_) if kind.is_some() => true,
            Some(_) => self.lists_fields() && !pills.is_empty(),
            None => {
                self.lists_fields() && kind.is_some() && self.field.is_none() && is_technical(name)
            }
        };
        // What else is there may describe a field whose name is not an ordinary word.
        let is_whole = others.is_empty() || (description.is_some() && is_technical(name));
        let is_field = is_name(name) && is_certain && (!is_label || !pills.is_empty());
        if !is_field || !is_whole {
            return false;
        }
        let name = self.begin_field(name, kind, number);
        for other in others {
            self.keep(other, number, false);
        }
        if is_starred {
            self.state("required", &name, true.into(), number);
        }
        for pill in pills {
            self.pill(&name, pill);
        }
        if let Some(description) = description.filter(|description| !description.is_empty()) {
            self.prose(description, number);
        }
        self.finish_field();
        self.at += 1;
        true
    }

    /// Whether the fields of an open component are within a field that the page does not show.
    pub(super) fn is_orphan(&self) -> bool {
        self.parent.as_deref() == Some(UNKNOWN)
    }

    /// Whether a word marks a field as required or optional.
    pub(super) fn is_pill(&self, word: &str) -> bool {
        let plain = normalize(word);
        self.labels.is_any(&plain, |language| &language.required)
            || self.labels.is_any(&plain, |language| &language.optional)
            || default_of(word, self.labels).is_some()
    }

    /// Whether a word answers whether a field is required.
    fn is_cell(&self, word: &str) -> bool {
        let plain = normalize(word);
        self.is_pill(word)
            || self.labels.is_any(&plain, |language| &language.truth)
            || self.labels.is_any(&plain, |language| &language.falsehood)
    }

    /// Ends the field if a line that was not understood may be about another field.
    pub(super) fn leave_field(&mut self, text: &str) {
        let mut words = text.split_whitespace();
        let is_other = words
            .next()
            .is_some_and(|first| is_technical(first) && is_name(first));
        if is_other && words.count() < 3 && !text.ends_with(['.', '!', '?', ':']) {
            self.finish_field();
        }
    }

    /// Reads a mark beside the type of a field, such as `required`; returns whether it is one.
    fn pill(&mut self, name: &str, text: &str) -> bool {
        let number = self.lines[self.at].number;
        let word = normalize(text);
        let labels = self.labels;
        if labels.is_any(&word, |language| &language.required) {
            self.state("required", name, true.into(), number);
        } else if labels.is_any(&word, |language| &language.optional) {
            self.state("required", name, false.into(), number);
        } else if labels.is_any(&word, |language| &language.deprecated) {
            self.state("deprecated", name, true.into(), number);
        } else if labels.layout.places.contains(&word) {
            self.state("place", name, word.into(), number);
        } else if let Some(default) = default_of(text, labels) {
            if !self.state_value("default", name, default, number) {
                self.keep(text, number, false);
            }
        } else {
            return false;
        }
        true
    }
}

/// Splits an item of a list into a name, its type and marks, and its description, which does not follow a colon.
fn item(text: &str) -> Option<(&str, Vec<&str>, Option<&str>)> {
    if let Some((name, kind)) = text.split_once(": ").filter(|(name, _)| is_name(name)) {
        let (kind, marks) = kind.trim_end().split_once(" (").unwrap_or((kind, ")"));
        let marks = marks.strip_suffix(')')?.split(',').map(str::trim);
        let marks = marks.filter(|mark| !mark.is_empty());
        return Some((name, [kind.trim()].into_iter().chain(marks).collect(), None));
    }
    let (name, rest) = text.split_once(" (")?;
    let (within, rest) = rest.split_once(')')?;
    let rest = rest.trim_start();
    let description = rest.strip_prefix([':', '-', '–', '—']);
    let is_sentence =
        rest.is_empty() || (is_technical(name) && rest.starts_with(char::is_uppercase));
    let description = description.or(is_sentence.then_some(rest))?;
    let parts = within.split(',').map(str::trim).collect();
    Some((name, parts, Some(description.trim())))
}

/// Whether the value of an attribute is code, as in `required={!isNew}`.
fn is_expression(value: &str) -> bool {
    value.starts_with('{') && serde_json::from_str::<Value>(value).is_err()
}
