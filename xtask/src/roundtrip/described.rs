//! Whether the document describes a member of a body.

use std::collections::HashSet;

use serde_json::Value;
use spec_first_codegen::Exercise;
use spec_first_document::survey::Site;
use spec_first_document::tree::NodeId;
use spec_first_document::{Document, OperationNode, Pointer};

use crate::conformance::judge::Judge;

/// What the operations of a document describe.
pub(super) struct Described<'a> {
    document: &'a Document,
    /// Says which branches of a choice a value has. `None` if it cannot read the document.
    judge: Option<Judge<'a>>,
}

/// Who sends a body.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Request,
    /// One that is a success.
    Response,
}

impl<'a> Described<'a> {
    pub(super) fn by(document: &'a Document) -> Self {
        let judge = Judge::of(document).ok();
        Self { document, judge }
    }

    /// The first of the places in `body` that an operation describes.
    pub(super) fn first<'p>(
        &mut self,
        exercise: &Exercise,
        side: Side,
        body: &Value,
        places: &'p [String],
    ) -> Option<&'p String> {
        let mut operations = self.document.operations();
        let operation = operations.find(|operation| {
            operation.path == exercise.path
                && operation.method.eq_ignore_ascii_case(&exercise.method)
        })?;
        let schemas = self.schemas(&operation, side);
        let mut places = places.iter();
        places.find(|place| self.leads_to(schemas.clone(), place, body))
    }

    /// The schemas of a body, one for each media type.
    fn schemas(&self, operation: &OperationNode<'a>, side: Side) -> Vec<Site<'a>> {
        let at = |keyword| operation.pointer().child(keyword);
        let bodies: Vec<_> = match side {
            Side::Request => {
                let body = operation.node.get("requestBody");
                body.map(|node| (at("requestBody"), node))
                    .into_iter()
                    .collect()
            }
            Side::Response => {
                let is_success = |status: &str| status.starts_with('2') || status == "default";
                let responses = operation.node.entries_of("responses").iter();
                let responses = responses.filter(|response| is_success(response.key));
                let responses = responses.map(|it| (at("responses").child(it.key), it.value));
                responses.collect()
            }
        };
        let mut schemas = Vec::new();
        for (pointer, node) in bodies {
            let Some((target, body)) = self.document.resolve_with_pointer(node) else {
                continue;
            };
            let content = target.unwrap_or(pointer).child("content");
            for media_type in body.entries_of("content").iter() {
                if let Some(node) = media_type.value.get("schema") {
                    let pointer = content.child(media_type.key).child("schema");
                    schemas.push(Site { pointer, node });
                }
            }
        }
        schemas
    }

    /// Whether schemas describe the value at `place` in `whole`.
    fn leads_to(&mut self, mut schemas: Vec<Site<'a>>, place: &str, whole: &Value) -> bool {
        let pointer = Pointer::parse(place).unwrap_or_default();
        let mut value = Some(whole);
        for segment in pointer.segments() {
            let (mut parts, mut seen) = (Vec::new(), HashSet::new());
            for schema in &schemas {
                self.expand(schema, value, &mut seen, &mut parts);
            }
            schemas = parts
                .into_iter()
                .filter_map(|schema| member(schema, &segment))
                .collect();
            value = match value {
                Some(Value::Array(items)) => {
                    segment.parse().ok().and_then(|it: usize| items.get(it))
                }
                value => value.and_then(|value| value.get(&segment)),
            };
        }
        !schemas.is_empty()
    }

    /// Collects a schema and its branches: of a choice those that `value` has, or all of them if it has none.
    fn expand(
        &mut self,
        schema: &Site<'a>,
        value: Option<&Value>,
        seen: &mut HashSet<NodeId>,
        parts: &mut Vec<Site<'a>>,
    ) {
        let Some((target, node)) = self.document.resolve_with_pointer(schema.node) else {
            return;
        };
        let pointer = target.unwrap_or_else(|| schema.pointer.clone());
        for schema in [schema.clone(), Site { pointer, node }] {
            if !seen.insert(schema.node.id()) {
                continue;
            }
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let place = schema.pointer.child(keyword);
                let branches = schema.node.items_of(keyword);
                let branches = branches.iter().enumerate().map(|(index, node)| Site {
                    pointer: place.child(index),
                    node,
                });
                let mut branches: Vec<_> = branches.collect();
                if let (Some(value), Some(judge)) = (value, &mut self.judge)
                    && keyword != "allOf"
                {
                    let conforming = branches
                        .iter()
                        .filter(|branch| judge.conforms(&branch.pointer, value) == Some(true));
                    let conforming: Vec<_> = conforming.cloned().collect();
                    if !conforming.is_empty() {
                        branches = conforming;
                    }
                }
                for branch in &branches {
                    self.expand(branch, value, seen, parts);
                }
            }
            parts.push(schema);
        }
    }
}

/// The schema of a member or item.
fn member<'a>(schema: Site<'a>, segment: &str) -> Option<Site<'a>> {
    let Site { pointer, node } = schema;
    if let Some(property) = node.get("properties").and_then(|all| all.get(segment)) {
        let pointer = pointer.child("properties").child(segment);
        return Some(Site {
            pointer,
            node: property,
        });
    }
    let is_index = segment.parse::<usize>().is_ok();
    let items = ["items"].into_iter().filter(|_| is_index);
    let mut keywords = items.chain(["additionalProperties"]);
    keywords.find_map(|keyword| {
        let node = node.get(keyword).filter(|node| node.is_mapping())?;
        Some(Site {
            pointer: pointer.child(keyword),
            node,
        })
    })
}
