//! The operations of a document, each with its path and its place.

use crate::{Document, Node, Pointer};

/// The methods that a path item of OpenAPI 3.0 can describe, as they are written there.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation as it was written.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'a> {
    /// The path template, for example `/v1/pets/{petId}`.
    pub path: &'a str,
    /// The method in lower case, as the document writes it.
    pub method: &'a str,
    /// The path item that the operation belongs to.
    pub path_item: &'a Node,
    /// The operation itself.
    pub node: &'a Node,
}

impl OperationNode<'_> {
    /// The address of the operation.
    pub fn pointer(&self) -> Pointer {
        Pointer::root()
            .child("paths")
            .child(self.path)
            .child(self.method)
    }

    /// What to call the operation in a message: its `operationId`, or else its method and path.
    pub fn name(&self) -> String {
        match self.node.get("operationId").and_then(Node::as_str) {
            Some(operation_id) => operation_id.to_owned(),
            None => format!("{} {}", self.method.to_uppercase(), self.path),
        }
    }
}

impl Document {
    /// The operations of the document in the order of the text.
    pub fn operations(&self) -> impl Iterator<Item = OperationNode<'_>> {
        let paths = self.root().get("paths").map_or(&[][..], Node::entries);
        paths.iter().flat_map(|path| {
            path.value
                .entries()
                .iter()
                .filter(|entry| METHODS.contains(&entry.key.as_str()))
                .map(|entry| OperationNode {
                    path: &path.key,
                    method: &entry.key,
                    path_item: &path.value,
                    node: &entry.value,
                })
        })
    }
}
