//! Schemas that evidently have a value, unless one inside has none, which is reported there. Most schemas are so simple, and the
//! canonical form of the others takes much longer.

use serde_json::Value;
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

/// How many objects inside one another are compared.
const DEPTH: usize = 10;

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
            keys.filter(|key| !is_annotation(key))
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
                let parts = branches.iter().map(|branch| self.one_of_any(branch));
                branches.len() == 1 || self.have_common_object(&parts.collect::<Vec<_>>(), 0)
            }
            // A value of a branch that excludes all others is valid against that one alone.
            _ => branches
                .iter()
                .enumerate()
                .take(COMPARED)
                .any(|(index, one)| {
                    let mut others = branches.iter().enumerate();
                    others.all(|(other, another)| {
                        other == index
                            || self.facts.exclude_each_other(one, another)
                            || self.is_open_object(one, 0) && self.facts.requires_less(one, another)
                    })
                }),
        }
    }

    /// The first branch of an `anyOf`, or the schema itself if it is anything else.
    fn one_of_any(&self, node: Node<'a>) -> Node<'a> {
        let resolved = self.survey.resolved(node).unwrap_or(node);
        match resolved.items_of("anyOf").get(0) {
            Some(first) if resolved.entries().len() == 1 => first,
            _ => node,
        }
    }

    /// Whether it is evident that an object is valid against all these schemas.
    pub(super) fn have_common_object(&self, schemas: &[Node<'a>], depth: usize) -> bool {
        depth < DEPTH
            && schemas.iter().all(|schema| self.is_open_object(*schema, 0))
            && self
                .facts
                .definitions_of_required(schemas, &mut |definitions| {
                    self.have_common_value(definitions, depth + 1)
                })
    }

    fn have_common_value(&self, schemas: &[Node<'a>], depth: usize) -> bool {
        let resolved = schemas.iter().map(|schema| self.survey.resolved(*schema));
        let Some(resolved) = resolved.collect::<Option<Vec<_>>>() else {
            return false;
        };
        let (first, others) = (resolved[0], &resolved[1..]);
        let is_same = |schema: &Node<'a>| is_alike(*schema, first) || schema.has_same_value(first);
        others.iter().all(is_same) || self.have_common_object(&resolved, depth)
    }

    /// Whether the schema says only which properties an object has.
    fn is_open_object(&self, node: Node<'a>, depth: usize) -> bool {
        let Some(node) = self.survey.resolved(node).filter(|_| depth < DEPTH) else {
            return false;
        };
        let mut entries = node.entries().iter();
        let is_open = entries.all(|entry| match entry.key {
            key if is_annotation(key) => true,
            "nullable" | "properties" | "required" => true,
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

/// Whether two schemas of a scalar say the same, with the same words.
fn is_alike(one: Node<'_>, another: Node<'_>) -> bool {
    fn scalar(node: Node<'_>) -> Option<(&str, [Option<Value>; 2])> {
        let kind = node
            .str_of("type")
            .filter(|kind| *kind != "object" && *kind != "array");
        let mut keys = node.entries().iter().map(|entry| entry.key);
        let is_known = |key: &str| {
            matches!(key, "enum" | "format" | "nullable" | "type") || is_annotation(key)
        };
        let said = ["enum", "format"].map(|keyword| node.get(keyword).map(Node::to_json));
        keys.all(is_known).then_some((kind?, said))
    }
    scalar(one).is_some_and(|said| scalar(another) == Some(said))
}

fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
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

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    /// Whether it is evident that the schema `S` has a value, and that its branches have an object in common.
    fn evident(schema: &str) -> (bool, bool) {
        let text = format!("openapi: 3.0.3\ncomponents: {{schemas: {{S: {schema}}}}}\n");
        let document = Document::parse("schema.yaml", &text).unwrap();
        let survey = Survey::of(&document);
        let evident = Evident {
            survey: &survey,
            validation: &Validation::of(&survey),
            facts: &Facts::of(&survey),
        };
        let site = &survey.schemas[0];
        let branches: Vec<_> = site.node.items_of("oneOf").iter().collect();
        let is_common = !branches.is_empty() && evident.have_common_object(&branches, 0);
        (evident.is_satisfiable(site), is_common)
    }

    #[test]
    fn a_schema_evidently_has_a_value_if_nothing_in_it_may_contradict_anything_else() {
        let a =
            |schema: &str| format!("{{type: object, required: [a], properties: {{a: {schema}}}}}");
        let b = "{type: object, required: [b]}";
        let (text, number) = (a("{type: string, format: uri}"), a("{type: integer}"));
        for (schema, expected) in [
            ("{type: string, enum: [a]}", true),
            ("{type: integer, enum: [a]}", false),
            ("{type: integer, minimum: 1, maximum: 2}", true),
            ("{type: integer, minimum: 1.2, maximum: 1.8}", false),
            ("{type: integer, format: int32, minimum: 1}", false),
            ("{type: string, minLength: 2, maxLength: 1}", false),
            (
                "{type: object, required: [a], additionalProperties: false}",
                false,
            ),
            ("{not: {}}", false),
            (&format!("{{allOf: [{text}, {b}]}}"), true),
            (&format!("{{allOf: [{text}, {text}]}}"), true),
            (&format!("{{allOf: [{text}, {number}]}}"), false),
            (
                &format!("{{allOf: [{{anyOf: [{text}, {number}]}}, {b}]}}"),
                true,
            ),
            (&format!("{{oneOf: [{text}, {b}]}}"), true),
            ("{oneOf: [{type: string}, {type: integer}]}", true),
            ("{oneOf: [{type: string}, {type: string}]}", false),
        ] {
            assert_eq!(evident(schema).0, expected, "{schema}");
        }
        assert!(evident(&format!("{{oneOf: [{text}, {b}]}}")).1);
        let complex = a("{oneOf: [{type: string}, {type: array, items: {type: integer}}]}");
        assert!(evident(&format!("{{oneOf: [{complex}, {complex}]}}")).1);
        assert!(!evident(&format!("{{oneOf: [{text}, {number}]}}")).1);
    }
}
