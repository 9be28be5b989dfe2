//! The operations of a document, each with its path and pointer.

use crate::{Document, Node, Pointer};

/// The method keys of an OpenAPI 3.0 path item.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation as written.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'a> {
    /// The path template, for example `/v1/pets/{petId}`.
    pub path: &'a str,
    /// The method in lower case, as the document writes it.
    pub method: &'a str,
    /// The path item that contains the operation.
    pub path_item: &'a Node,
    /// The operation itself.
    pub node: &'a Node,
}

impl OperationNode<'_> {
    /// The pointer to the operation.
    pub fn pointer(&self) -> Pointer {
        Pointer::root()
            .child("paths")
            .child(self.path)
            .child(self.method)
    }

    /// The name to use in messages: the `operationId`, or else the method and path.
    pub fn name(&self) -> String {
        match self.node.get("operationId").and_then(Node::as_str) {
            Some(operation_id) => operation_id.to_owned(),
            None => format!("{} {}", self.method.to_uppercase(), self.path),
        }
    }
}

impl Document {
    /// The operations of the document in source order.
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
