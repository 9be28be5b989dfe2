//! Whether the document describes a member of a reply.

use std::collections::HashSet;

use spec_first_codegen::Exercise;
use spec_first_document::{Document, Node, Pointer};

/// Whether the successes of an operation describe the value at `place`.
pub(super) fn is_described(document: &Document, exercise: &Exercise, place: &str) -> bool {
    let mut operations = document.operations();
    let operation = operations.find(|operation| {
        operation.path == exercise.path && operation.method.eq_ignore_ascii_case(&exercise.method)
    });
    let responses = operation.map(|operation| operation.node.entries_of("responses"));
    let mut schemas = Vec::new();
    for response in responses.unwrap_or_default().iter() {
        if !response.key.starts_with('2') && response.key != "default" {
            continue;
        }
        let resolved = document.resolve(response.value);
        let content = resolved.map(|response| response.entries_of("content"));
        let media_types = content.unwrap_or_default().iter();
        schemas.extend(media_types.filter_map(|media_type| media_type.value.get("schema")));
    }
    let segments: Vec<String> = Pointer::parse(place)
        .unwrap_or_default()
        .segments()
        .collect();
    for segment in segments {
        let mut branches = Vec::new();
        let mut seen = HashSet::new();
        schemas
            .iter()
            .for_each(|schema| expand(document, *schema, &mut seen, &mut branches));
        schemas = branches
            .into_iter()
            .filter_map(|schema| member(schema, &segment))
            .collect();
    }
    !schemas.is_empty()
}

/// Collects a schema and all of its branches.
fn expand<'a>(
    document: &'a Document,
    schema: Node<'a>,
    seen: &mut HashSet<spec_first_document::tree::NodeId>,
    branches: &mut Vec<Node<'a>>,
) {
    let Some(resolved) = document.resolve(schema) else {
        return;
    };
    for schema in [schema, resolved] {
        if !seen.insert(schema.id()) {
            continue;
        }
        branches.push(schema);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.items_of(keyword).iter() {
                expand(document, branch, seen, branches);
            }
        }
    }
}

/// The schema of a member or item.
fn member<'a>(schema: Node<'a>, segment: &str) -> Option<Node<'a>> {
    let property = schema.get("properties").and_then(|all| all.get(segment));
    let is_schema = |node: &Node<'_>| node.is_mapping();
    property
        .or_else(|| {
            schema
                .get("items")
                .filter(|_| segment.parse::<usize>().is_ok())
        })
        .or_else(|| schema.get("additionalProperties").filter(is_schema))
}
