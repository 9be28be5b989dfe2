//! Compares how the parts of a form are encoded.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::{ContractComparison, Part, paired};
use crate::change::{Outcome, Places, Row};
use crate::literal::{literal, literals, plural};
use crate::schema::types::Types;
use spec_first_document::tree::NodeId;

/// Whether a form is sent in several parts. `None` if bodies of this media type are not forms.
pub(super) fn form_of(media_type: &str) -> Option<bool> {
    let is_multipart = media_type.starts_with("multipart/");
    (is_multipart || media_type == "application/x-www-form-urlencoded").then_some(is_multipart)
}

impl ContractComparison<'_> {
    /// Compares how the parts of a form are encoded. Other bodies have no parts.
    pub(super) fn compare_encodings(
        &mut self,
        media_type: &str,
        old: NodeId,
        new: NodeId,
        part: &Part,
    ) {
        let Some(is_multipart) = form_of(media_type) else {
            return;
        };
        let base = self.parts_of(old, "encoding");
        let head = self.parts_of(new, "encoding");
        for (name, was, is) in paired(&base, &head, str::eq) {
            let is_unknown = |media_type, encoding: Option<NodeId>| {
                encoding.is_none() && self.part_schema(media_type, name).is_none()
            };
            // A part that only one document describes is reported as an added or dropped property.
            if is_unknown(old, was) != is_unknown(new, is) {
                continue;
            }
            let part = part.then(&format!("part {}", literal(name)));
            let places = (was.or(Some(old)), is.or(Some(new)));
            if is_multipart {
                let types = (
                    self.part_types(old, name, was),
                    self.part_types(new, name, is),
                );
                let missing = |of: &BTreeSet<String>, from: &BTreeSet<String>| !of.is_subset(from);
                let outcome =
                    Outcome::of_sets(missing(&types.0, &types.1), missing(&types.1, &types.0));
                if let Some(outcome) = outcome {
                    let message = format!(
                        "the part {} now has the {} {}, not {}",
                        literal(name),
                        plural(types.1.len(), "type", "types"),
                        literals(&types.1),
                        literals(&types.0)
                    );
                    self.add(Row::Encoding, outcome, places, &part, message);
                }
                self.compare_part_headers(was, is, places, &part);
            } else if self.part_style(was) != self.part_style(is) {
                let message = format!("the part {} is encoded differently", literal(name));
                self.add(Row::Encoding, Outcome::Incomparable, places, &part, message);
            }
        }
    }

    /// The content types that a part may have. The default follows from its schema.
    fn part_types(
        &self,
        media_type: NodeId,
        name: &str,
        encoding: Option<NodeId>,
    ) -> BTreeSet<String> {
        let written = encoding.and_then(|encoding| self.tree.get_string(encoding, "contentType"));
        if let Some(types) = written {
            return types.split(',').map(super::media_type::normal).collect();
        }
        let schema = self.part_schema(media_type, name);
        BTreeSet::from([self.default_type(schema, 0).to_owned()])
    }

    /// The schema of a part: its property in any branch, or else the schema of additional properties.
    fn part_schema(&self, media_type: NodeId, name: &str) -> Option<NodeId> {
        let mut waiting: Vec<NodeId> = self.tree.get(media_type, "schema").into_iter().collect();
        let mut seen = FxHashSet::default();
        let mut additional = None;
        while let Some(schema) = waiting.pop() {
            let Some(schema) = self.follow(schema).filter(|schema| seen.insert(*schema)) else {
                continue;
            };
            let properties = self.part_of(schema, "properties");
            if let Some(property) = properties.and_then(|properties| self.part_of(properties, name))
            {
                return Some(property);
            }
            let others = self.part_of(schema, "additionalProperties");
            additional =
                additional.or(others.filter(|others| self.tree.entries(*others).next().is_some()));
            let branches = ["allOf", "anyOf", "oneOf"].into_iter();
            let branches = branches.filter_map(|key| self.tree.get(schema, key));
            waiting.extend(branches.flat_map(|branches| self.tree.items(branches)));
        }
        additional
    }

    fn default_type(&self, schema: Option<NodeId>, depth: usize) -> &'static str {
        let Some(schema) = schema.filter(|_| depth < 8) else {
            return "application/octet-stream";
        };
        let text = |key| self.tree.get_string(schema, key);
        if text("contentEncoding").is_some()
            || text("contentMediaType").is_some()
            || matches!(text("format"), Some("binary" | "byte" | "base64"))
        {
            return "application/octet-stream";
        }
        match text("type").and_then(Types::named) {
            Some(Types::OBJECT) => "application/json",
            Some(Types::ARRAY) => self.default_type(self.part_of(schema, "items"), depth + 1),
            Some(_) => "text/plain",
            None => "application/octet-stream",
        }
    }

    fn part_style(&self, encoding: Option<NodeId>) -> (String, bool, bool) {
        let Some(encoding) = encoding else {
            return ("form".to_owned(), true, false);
        };
        let style = self.tree.get_string(encoding, "style").unwrap_or("form");
        let explode = match self.tree.get(encoding, "explode") {
            Some(_) => self.tree.is_true(encoding, "explode"),
            None => style == "form",
        };
        (
            style.to_owned(),
            explode,
            self.tree.is_true(encoding, "allowReserved"),
        )
    }

    fn compare_part_headers(
        &mut self,
        was: Option<NodeId>,
        is: Option<NodeId>,
        places: Places,
        part: &Part,
    ) {
        let headers = |encoding: Option<NodeId>| {
            encoding
                .map(|encoding| self.parts_of(encoding, "headers"))
                .unwrap_or_default()
        };
        for (name, old, new) in paired(&headers(was), &headers(is), str::eq_ignore_ascii_case) {
            if let (Some(old), Some(new)) = (old, new) {
                let part = part.then(&format!("header {}", literal(name)));
                let part = part.noted(self.notation("header", old, new));
                let schema = |header| (header, self.value_schema(header).0);
                self.compare_schemas_of(schema(old), schema(new), &part);
                continue;
            }
            let (outcome, verb) = match (old, new) {
                (Some(old), _) => (self.dropped(old), "dropped"),
                (_, Some(new)) => (self.dropped(new).flipped(), "added"),
                _ => continue,
            };
            let places = (old.or(places.0), new.or(places.1));
            let message = format!("the header {} was {verb}", literal(name));
            self.add(Row::Parameter, outcome, places, part, message);
        }
    }

    /// The outcome of dropping something that clients send. Without it, they need not send what they had to.
    pub(super) fn dropped(&self, sent: NodeId) -> Outcome {
        if self.tree.is_true(sent, "required") {
            Outcome::Incomparable
        } else {
            Outcome::Narrower
        }
    }
}
