//! Schemas that evidently have a value, unless one inside has none, which is reported there. Most schemas are so simple, and the
//! canonical form of the others takes much longer.

use spec_first_document::Node;

use super::exclusion::Facts;
use crate::{
    survey::{SchemaSite, Survey},
    validation::Validation,
};

const ANNOTATIONS: [&str; 11] = [
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Keywords that contradict none of the others here.
const ALONE: [&str; 6] = [
    "format",
    "items",
    "nullable",
    "properties",
    "required",
    "type",
];

/// Keywords that limit the same, from below and from above.
const LIMITS: [[&str; 2]; 3] = [
    ["minimum", "maximum"],
    ["minItems", "maxItems"],
    ["minLength", "maxLength"],
];

/// How many branches of a `oneOf` are compared with the others.
const COMPARED: usize = 3;

pub(super) struct Evident<'s, 'a> {
    pub(super) survey: &'s Survey<'a>,
    pub(super) validation: &'s Validation<'s, 'a>,
    pub(super) facts: &'s Facts<'s, 'a>,
}

impl<'a> Evident<'_, 'a> {
    /// Whether it is evident that the schema has a value.
    pub(super) fn is_satisfiable(&self, site: &SchemaSite<'a>) -> bool {
        let node = site.node;
        let keywords = || {
            let keys = node.entries().iter().map(|entry| entry.key);
            keys.filter(|key| !ANNOTATIONS.contains(key) && !key.starts_with("x-"))
        };
        if node.get("enum").is_some() {
            let is_local = |key| matches!(key, "enum" | "format" | "nullable" | "type");
            let mut values = node.items_of("enum").iter();
            let plain = &self.validation.plain;
            return keywords().all(is_local)
                && values.any(|value| plain.is_locally_valid(node, value) == Some(true));
        }
        let unions = ["allOf", "anyOf", "oneOf"].into_iter();
        let mut unions = unions.filter(|keyword| node.get(keyword).is_some());
        if let Some(union) = unions.next() {
            return keywords().all(|key| key == union) && self.has_possible_branch(node, union);
        }
        let is_closed = node.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        let properties = node.get("properties");
        let mut required = node.items_of("required").iter();
        let is_known = |key: &str| {
            ALONE.contains(&key)
                || key == "additionalProperties"
                || LIMITS.iter().flatten().any(|limit| *limit == key)
        };
        keywords().all(is_known)
            && LIMITS.iter().all(|limits| is_wide(node, *limits))
            && (!is_closed
                || required.all(|name| {
                    let name = name.as_str();
                    name.is_some_and(|name| properties.is_some_and(|it| it.get(name).is_some()))
                }))
            && (node.items_of("required").is_empty() || !self.is_false_inside(node))
    }

    fn has_possible_branch(&self, node: Node<'a>, union: &str) -> bool {
        let branches = node.items_of(union);
        if branches.iter().any(|branch| self.is_false(branch)) {
            return false;
        }
        match union {
            "anyOf" => true,
            "allOf" => {
                branches.len() == 1
                    || branches.iter().all(|branch| self.is_open_object(branch, 0))
                        && self.facts.are_compatible(node)
            }
            // A value of a branch that excludes all others is valid against that one alone.
            _ => branches
                .iter()
                .enumerate()
                .take(COMPARED)
                .any(|(index, one)| {
                    let mut others = branches.iter().enumerate();
                    others.all(|(other, another)| {
                        other == index || self.facts.exclude_each_other(one, another)
                    })
                }),
        }
    }

    /// Whether the schema says only which properties an object has.
    fn is_open_object(&self, node: Node<'a>, depth: usize) -> bool {
        let Some(node) = self.survey.resolved(node).filter(|_| depth < 10) else {
            return false;
        };
        let mut entries = node.entries().iter();
        let is_open = entries.all(|entry| match entry.key {
            key if ANNOTATIONS.contains(&key) || key.starts_with("x-") => true,
            "properties" | "required" => true,
            "type" => entry.value.as_str() == Some("object"),
            "additionalProperties" => entry.value.as_bool() == Some(true),
            "allOf" => {
                let mut branches = entry.value.items().iter();
                branches.all(|branch| self.is_open_object(branch, depth + 1))
            }
            _ => false,
        });
        is_open && !self.is_false_inside(node)
    }

    /// What is false on purpose is not reported inside.
    fn is_false(&self, node: Node<'a>) -> bool {
        let node = self.survey.resolved(node).unwrap_or(node);
        node.as_bool() == Some(false) || is_intentionally_false(node)
    }

    fn is_false_inside(&self, node: Node<'a>) -> bool {
        let properties = node.entries_of("properties").iter();
        let inside = properties.map(|entry| entry.value);
        let mut inside = inside.chain(
            node.get("additionalProperties")
                .filter(|it| it.is_mapping()),
        );
        inside.any(|schema| self.is_false(schema))
    }
}

/// `not: {}` is an intentional way to allow no value.
pub(super) fn is_intentionally_false(node: Node<'_>) -> bool {
    node.get("not")
        .is_some_and(|not| not.is_mapping() && not.entries().is_empty())
}

/// Whether there is a value between the limits. A format may have others.
fn is_wide(node: Node<'_>, [least, most]: [&str; 2]) -> bool {
    let limit = |keyword| Some(node.get(keyword)?.number()?.as_f64());
    let [low, high] = [limit(least), limit(most)];
    match (low.flatten(), high.flatten()) {
        // A malformed limit is none.
        (None, None) => true,
        _ if node.get("format").is_some() => false,
        (Some(low), Some(high)) if least == "minimum" => low + 1.0 <= high,
        (Some(low), Some(high)) => low <= high,
        _ => true,
    }
}
