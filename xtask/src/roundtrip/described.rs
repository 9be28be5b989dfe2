//! Whether the document describes a member of a body.

use std::collections::HashSet;

use spec_first_codegen::Exercise;
use spec_first_document::{Document, Node, OperationNode, Pointer};

/// What an operation describes.
pub(super) struct Described<'a> {
    document: &'a Document,
    operation: Option<OperationNode<'a>>,
}

/// Who sends a body.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Request,
    /// One that is a success.
    Response,
}

impl<'a> Described<'a> {
    pub(super) fn by(document: &'a Document, exercise: &Exercise) -> Self {
        let mut operations = document.operations();
        let operation = operations.find(|operation| {
            operation.path == exercise.path
                && operation.method.eq_ignore_ascii_case(&exercise.method)
        });
        Self {
            document,
            operation,
        }
    }

    /// The first of the places in a body that the operation describes.
    pub(super) fn first<'p>(&self, side: Side, places: &'p [String]) -> Option<&'p String> {
        places.iter().find(|place| self.describes(side, place))
    }

    fn describes(&self, side: Side, place: &str) -> bool {
        let Some(operation) = &self.operation else {
            return false;
        };
        let responses = operation.node.entries_of("responses");
        let is_success = |status: &str| status.starts_with('2') || status == "default";
        let responses = responses.iter().filter(|response| is_success(response.key));
        let bodies: Vec<_> = match side {
            Side::Request => operation.node.get("requestBody").into_iter().collect(),
            Side::Response => responses.map(|response| response.value).collect(),
        };
        let mut schemas = Vec::new();
        for body in bodies {
            let resolved = self.document.resolve(body);
            let content = resolved.map(|body| body.entries_of("content"));
            let media_types = content.unwrap_or_default().iter();
            schemas.extend(media_types.filter_map(|media_type| media_type.value.get("schema")));
        }
        leads_to(self.document, schemas, place)
    }
}

/// Whether schemas describe the value at `place`.
fn leads_to<'a>(document: &'a Document, mut schemas: Vec<Node<'a>>, place: &str) -> bool {
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
