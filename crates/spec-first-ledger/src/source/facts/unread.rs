//! What an embedded OpenAPI document says that no fact was read from.

use std::collections::BTreeSet;

use spec_first_document::{Document, Node, Pointer};

use super::limits::KEYWORDS;

/// What a node is, which decides the keys that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    MediaType,
    Schema,
    Scheme,
    Server,
}

/// What is below a key.
#[derive(Clone, Copy)]
enum Below {
    /// Nothing else: the value is read, or only identifies something.
    Read,
    One(Kind),
    /// A list, or a mapping by name.
    Many(Kind),
}

impl Kind {
    /// What is below a key; `None` if it is not read.
    fn below(self, key: &str) -> Option<Below> {
        use Below::{Many, One, Read};
        use Kind::{
            Body, Components, Document, MediaType, Operation, Parameter, PathItem, Response,
            Schema, Scheme, Server,
        };
        Some(match (self, key) {
            (_, "$ref") => Read,
            (Document, "openapi" | "info" | "security" | "tags") => Read,
            (Document, "servers") => Many(Server),
            (Document, "paths") => Many(PathItem),
            (Document, "components") => One(Components),
            (Components, "schemas") => Many(Schema),
            (Components, "parameters") => Many(Parameter),
            (Components, "requestBodies") => Many(Body),
            (Components, "responses") => Many(Response),
            (Components, "securitySchemes") => Many(Scheme),
            (PathItem | Operation, "parameters") => Many(Parameter),
            (PathItem, method) if is_method(method) => One(Operation),
            (Operation, "operationId" | "summary" | "tags" | "security") => Read,
            (Operation, "requestBody") => One(Body),
            (Operation, "responses") => Many(Response),
            (Parameter, "name" | "in" | "required") => Read,
            (Parameter | MediaType, "schema") => One(Schema),
            (Body | Response, "content") => Many(MediaType),
            (Schema, "properties" | "allOf" | "oneOf" | "anyOf") => Many(Schema),
            (Schema, "items") => One(Schema),
            (
                Schema,
                "type" | "format" | "nullable" | "required" | "enum" | "const" | "default"
                | "example" | "description" | "deprecated",
            ) => Read,
            (Schema, key) if KEYWORDS.contains(&key) => Read,
            (Scheme, "type" | "name" | "in" | "scheme" | "description") => Read,
            (Server, "url") => Read,
            _ => return None,
        })
    }
}

fn is_method(key: &str) -> bool {
    let methods = crate::source::page::METHODS;
    methods
        .iter()
        .any(|method| method.eq_ignore_ascii_case(key))
}

/// The values that are not read, each with its line in the document. `contents` are the contents of which the first media type is.
pub(super) fn find(document: &Document, contents: &[Pointer]) -> Vec<(u64, String)> {
    let mut used = BTreeSet::new();
    let operations = document.operations().map(|operation| operation.node);
    for holder in operations.chain([document.root()]) {
        for requirement in holder.items_of("security") {
            used.extend(requirement.entries().iter().map(|entry| entry.key));
        }
    }
    let mut search = Search {
        contents,
        used,
        found: Vec::new(),
    };
    search.visit(document.root(), &Pointer::root(), Kind::Document);
    search.found
}

struct Search<'a> {
    contents: &'a [Pointer],
    /// The names of the security schemes in use.
    used: BTreeSet<&'a str>,
    found: Vec<(u64, String)>,
}

impl Search<'_> {
    fn visit(&mut self, node: Node<'_>, pointer: &Pointer, kind: Kind) {
        for entry in node.entries() {
            let pointer = pointer.child(entry.key);
            let is_skipped = entry.key == "content" && !self.contents.contains(&pointer);
            match kind.below(entry.key).filter(|_| !is_skipped) {
                Some(Below::Read) => {}
                Some(Below::One(kind)) => self.visit(entry.value, &pointer, kind),
                Some(Below::Many(kind)) => self.visit_all(entry.value, &pointer, kind),
                None => self.keep(entry.value, &pointer),
            }
        }
    }

    fn visit_all(&mut self, node: Node<'_>, pointer: &Pointer, kind: Kind) {
        for (index, item) in node.items().into_iter().enumerate() {
            self.visit(item, &pointer.child(index), kind);
        }
        for (index, entry) in node.entries().iter().enumerate() {
            let pointer = pointer.child(entry.key);
            let is_read = match kind {
                Kind::Scheme => self.used.contains(entry.key),
                Kind::MediaType => index == 0,
                _ => true,
            };
            match is_read {
                true => self.visit(entry.value, &pointer, kind),
                false => self.keep(entry.value, &pointer),
            }
        }
    }

    fn keep(&mut self, node: Node<'_>, pointer: &Pointer) {
        let text = format!("{}: {}", pointer.as_str(), node.to_json());
        self.found.push((node.position().line, text));
    }
}
