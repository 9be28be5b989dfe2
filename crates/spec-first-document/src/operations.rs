//! The operations of a document, each with its path and pointer.

use crate::tree::{NodeId, Tree};
use crate::{Document, Entry, Node, Pointer};

/// The method keys of a path item in every version.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation as written.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'a> {
    /// The path template, for example `/v1/pets/{petId}`.
    pub path: &'a str,
    /// The method as the document writes it: its key in the path item or in `additionalOperations`.
    pub method: &'a str,
    /// The path item that contains the operation.
    pub path_item: Node<'a>,
    /// The operation itself.
    pub node: Node<'a>,
}

impl OperationNode<'_> {
    /// The pointer to the operation.
    pub fn pointer(&self) -> Pointer {
        let path_item = Pointer::root().child("paths").child(self.path);
        operation_pointer(&path_item, self.method)
    }

    /// The name to use in messages: the `operationId`, or else the method and path.
    pub fn name(&self) -> String {
        match self.node.str_of("operationId") {
            Some(operation_id) => operation_id.to_owned(),
            None => format!("{} {}", self.sent_method(), self.path),
        }
    }

    /// The method as requests have it; see [`sent_method`].
    pub fn sent_method(&self) -> String {
        sent_method(self.method)
    }
}

/// The method that requests have for this key: in upper case, or as it is written in `additionalOperations`.
pub fn sent_method(method: &str) -> String {
    match is_named(method) {
        true => method.to_uppercase(),
        false => method.to_owned(),
    }
}

/// Whether a path item has a key for the method.
fn is_named(method: &str) -> bool {
    METHODS.contains(&method) || method == QUERY
}

/// The pointer to the operation with this method in the path item at `path_item`.
pub fn operation_pointer(path_item: &Pointer, method: &str) -> Pointer {
    if is_named(method) {
        path_item.child(method)
    } else {
        path_item.child(ADDITIONAL).child(method)
    }
}

/// The method key that OpenAPI 3.2 adds to a path item, and its key for operations of any other method.
pub(crate) const QUERY: &str = "query";
const ADDITIONAL: &str = "additionalOperations";

impl Document {
    /// The operations of the document in source order.
    pub fn operations(&self) -> impl Iterator<Item = OperationNode<'_>> {
        self.root().entries_of("paths").iter().flat_map(|path| {
            let operations = self.operations_of(path.value);
            operations.map(move |entry| OperationNode {
                path: path.key,
                method: entry.key,
                path_item: path.value,
                node: entry.value,
            })
        })
    }

    /// The operations of a path item by method.
    pub fn operations_of<'a>(
        &self,
        path_item: Node<'a>,
    ) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let is_3_2 = self.is_3_2();
        let entries = path_item.entries();
        let named = entries
            .iter()
            .filter(move |entry| METHODS.contains(&entry.key) || (is_3_2 && entry.key == QUERY));
        let additional = is_3_2.then(|| path_item.entries_of(ADDITIONAL));
        named.chain(additional.into_iter().flatten())
    }
}

/// The operations of the path item at `node` by method, whatever version the document declares: a review compares documents of
/// different versions.
pub fn operations_in(tree: &Tree, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
    let named = METHODS.into_iter().chain([QUERY]);
    let named = named.filter_map(move |method| Some((method, tree.get(node, method)?)));
    let additional = tree.get(node, ADDITIONAL).into_iter();
    let additional = additional.flat_map(|it| tree.entries(it));
    named.chain(additional.map(|(method, operation)| (tree.text(method), operation)))
}
