//! The limits of values that are sent: lengths, bounds and counts. Types and enums are those of Rust, patterns are left to the server.

use serde_json::{Map, Value};
use spec_first_document::tree::NodeId;
use spec_first_document::{Document, Node};

/// What is nested deeper is not checked.
const DEPTH: usize = 4;

/// Longer texts, and those that take more schemas, have fewer levels.
const LONGEST: usize = 4096;
const MOST_SCHEMAS: usize = 2000;

pub(crate) const KEYWORDS: [&str; 11] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "uniqueItems",
];

/// The limits of a schema as JSON, for the runtime to check, without the keywords at its root that are checked elsewhere.
pub(crate) fn limits(document: &Document, node: Node<'_>, elsewhere: &[&str]) -> Option<String> {
    let mut levels = (0..=DEPTH).rev().filter_map(|depth| {
        let mut reader = Reader {
            document,
            open: Vec::new(),
            left: MOST_SCHEMAS,
        };
        let mut limits = reader.limits(node, depth);
        limits.retain(|keyword, _| !elsewhere.contains(&keyword.as_str()));
        let text = match limits.is_empty() {
            true => String::new(),
            false => Value::Object(limits).to_string(),
        };
        (reader.left > 0 && text.len() <= LONGEST).then_some(text)
    });
    levels.next().filter(|text| !text.is_empty())
}

struct Reader<'a> {
    document: &'a Document,
    open: Vec<NodeId>,
    /// The number of schemas that may still be read.
    left: usize,
}

impl<'a> Reader<'a> {
    fn limits(&mut self, node: Node<'a>, depth: usize) -> Map<String, Value> {
        if self.open.contains(&node.id()) || self.left == 0 {
            return Map::new();
        }
        self.left -= 1;
        self.open.push(node.id());
        let target = node.reference();
        let target = target.and_then(|reference| self.document.node(&reference));
        let is_reference = target.is_some() && !self.document.is_3_1();
        let own = node.items_of("allOf");
        let own = own.iter().filter(|_| !is_reference);
        let mut branches = Vec::new();
        for branch in own.chain(target) {
            let limits = self.limits(branch, depth);
            if !limits.is_empty() {
                branches.push(Value::Object(limits));
            }
        }
        let mut limits = match is_reference {
            true => Map::new(),
            false => self.own_limits(node, depth),
        };
        self.open.pop();
        if let ([Value::Object(only)], true) = (&branches[..], limits.is_empty()) {
            return only.clone();
        }
        if !branches.is_empty() {
            limits.insert("allOf".to_owned(), branches.into());
        }
        limits
    }

    fn own_limits(&mut self, node: Node<'a>, depth: usize) -> Map<String, Value> {
        let written = KEYWORDS.into_iter().filter_map(|keyword| {
            let value = node.get(keyword)?.to_json();
            let is_flag = keyword == "uniqueItems" || keyword.starts_with("exclusive");
            let is_limit =
                value.is_number() && keyword != "uniqueItems" || is_flag && value.is_boolean();
            is_limit.then(|| (keyword.to_owned(), value))
        });
        let mut limits: Map<_, _> = written.collect();
        // In 3.0, they are flags beside the limits.
        for (flag, limit) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            let is_flag = limits.get(flag).is_some_and(Value::is_boolean);
            if is_flag
                && limits.remove(flag) == Some(Value::Bool(true))
                && let Some(value) = limits.remove(limit)
            {
                limits.insert(flag.to_owned(), value);
            }
        }
        let Some(below) = depth.checked_sub(1) else {
            return limits;
        };
        for keyword in ["items", "additionalProperties"] {
            // Those that match a pattern are not additional, and patterns are left to the server.
            let is_known = keyword == "items" || node.get("patternProperties").is_none();
            let inside = node.get(keyword).filter(|inside| inside.is_mapping());
            if let Some(inside) = inside.filter(|_| is_known) {
                self.insert(&mut limits, keyword, inside, below);
            }
        }
        let mut properties = Map::new();
        for property in node.entries_of("properties") {
            if limits.contains_key("additionalProperties") {
                // It is none of them, even without limits of its own.
                properties.insert(property.key.to_owned(), Value::Object(Map::new()));
            }
            self.insert(&mut properties, property.key, property.value, below);
        }
        if !properties.is_empty() {
            limits.insert("properties".to_owned(), Value::Object(properties));
        }
        limits
    }

    fn insert(
        &mut self,
        limits: &mut Map<String, Value>,
        name: &str,
        node: Node<'a>,
        depth: usize,
    ) {
        let inside = self.limits(node, depth);
        if !inside.is_empty() {
            limits.insert(name.to_owned(), Value::Object(inside));
        }
    }
}
