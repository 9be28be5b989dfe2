//! Builds nodes with positions from the compact tree of a file.

use crate::tree::{FileId, Kind, NodeId, Tree};
use crate::{Content, Entry, Node};

impl Node {
    /// The root of a file, with every alias expanded; the tree limits how large that can get.
    pub(crate) fn of(tree: &Tree, file: FileId) -> Self {
        Self::at(tree, tree.root(file))
    }

    fn at(tree: &Tree, id: NodeId) -> Self {
        let content = match tree.kind(id) {
            Kind::Null => Content::Null,
            Kind::Boolean(value) => Content::Boolean(value),
            Kind::Number(_) => tree.number(id).map_or(Content::Null, Content::Number),
            Kind::String(symbol) => Content::String(tree.text(symbol).to_owned()),
            Kind::Sequence(..) => {
                Content::Sequence(tree.items(id).map(|item| Self::at(tree, item)).collect())
            }
            Kind::Mapping(..) => Content::Mapping(
                tree.keyed_entries(id)
                    .map(|(key, key_position, value)| Entry {
                        key: tree.text(key).to_owned(),
                        key_position,
                        value: Self::at(tree, value),
                    })
                    .collect(),
            ),
        };
        Self {
            position: tree.value_position(id),
            content,
        }
    }
}
