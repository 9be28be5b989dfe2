//! Schemas that are written in the same words, and therefore are the same, however much there is in them.

use rustc_hash::FxHashSet;

use super::comparison::{Comparison, Pair};
use super::conjunction::Context;
use openapi_document::tree::{Kind, NodeId, Symbol, Tree};

/// Keywords that say nothing of what is allowed.
pub(super) const NOTES: [&str; 7] = [
    "$comment",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
];

/// Keywords that demand nothing of the value, besides the notes: they name and hold schemas, or say who sends it, or allow what is
/// allowed anyway.
const NAMING: [&str; 9] = [
    "$anchor",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "definitions",
    "nullable",
    "readOnly",
    "writeOnly",
];

/// Keywords that demand nothing, and are compared all the same.
const COMPARED: [&str; 3] = ["default", "deprecated", "xml"];

/// Below these keywords every word counts.
const WORDS: [&str; 5] = ["const", "default", "dependentRequired", "enum", "mapping"];

/// Below these keywords are schemas by names.
const NAMES: [&str; 3] = ["dependentSchemas", "patternProperties", "properties"];

/// What the keys of a mapping are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    Keywords,
    Names,
    Words,
}

impl Keys {
    /// What the keys are below this one.
    fn below(self, key: &str) -> Self {
        match self {
            Self::Keywords if WORDS.contains(&key) => Self::Words,
            Self::Keywords if NAMES.contains(&key) => Self::Names,
            Self::Keywords | Self::Names => Self::Keywords,
            Self::Words => Self::Words,
        }
    }
}

impl Comparison<'_> {
    /// Whether two positions are written in the same words, through all references, but for notes.
    pub(super) fn are_written_alike(&self, pair: Pair) -> bool {
        let base = self.conjunctions.nodes(pair.base);
        let head = self.conjunctions.nodes(pair.head);
        let both = base.iter().copied().zip(head.iter().copied());
        let mut open: Vec<(NodeId, NodeId, Keys)> =
            both.map(|(old, new)| (old, new, Keys::Keywords)).collect();
        let mut seen = FxHashSet::default();
        while let Some((old, new, keys)) = open.pop() {
            if seen.insert((old, new)) && !self.is_alike((old, new), keys, &mut open) {
                return false;
            }
        }
        base.len() == head.len()
    }

    /// Whether two values are alike, as long as what is `open` is.
    fn is_alike(
        &self,
        (old, new): (NodeId, NodeId),
        keys: Keys,
        open: &mut Vec<(NodeId, NodeId, Keys)>,
    ) -> bool {
        let tree = self.tree();
        match (tree.kind(old), tree.kind(new)) {
            (Kind::Mapping(..), Kind::Mapping(..)) => {
                let targets = (
                    self.base.references.target(old),
                    self.head.references.target(new),
                );
                let is_followed = targets.0.is_some() && targets.1.is_some();
                if let (Some(old), Some(new)) = targets {
                    open.push((old, new, Keys::Keywords));
                }
                let counts = |key: Symbol| keys != Keys::Keywords || !is_note(tree, key);
                let count = |node| tree.entries(node).filter(|(key, _)| counts(*key)).count();
                let mut entries = tree.entries(old).filter(|(key, _)| counts(*key));
                count(old) == count(new)
                    && entries.all(|(key, member)| {
                        let is_reference = tree.text(key) == "$ref";
                        let other = tree.member(new, key);
                        let other_open = other.filter(|_| !is_reference || !is_followed);
                        let keys = keys.below(tree.text(key));
                        open.extend(other_open.map(|other| (member, other, keys)));
                        other.is_some()
                    })
            }
            (Kind::Sequence(_, old_length), Kind::Sequence(_, new_length)) => {
                let items = tree.items(old).zip(tree.items(new));
                open.extend(items.map(|(old, new)| (old, new, keys)));
                old_length == new_length
            }
            (old, new) => old == new,
        }
    }
}

fn is_note(tree: &Tree, key: Symbol) -> bool {
    let key = tree.text(key);
    NOTES.contains(&key) || key.starts_with("x-")
}

impl Context<'_> {
    /// Whether there is nothing in a schema but notes and names.
    pub(super) fn is_bare(self, schema: NodeId) -> bool {
        let mut keys = self.tree.entries(schema).map(|(key, _)| key);
        keys.all(|key| self.is_bare_keyword(key))
    }

    /// Whether a keyword is a note or a name.
    pub(super) fn is_bare_keyword(self, key: Symbol) -> bool {
        let text = self.tree.text(key);
        text != "deprecated" && (is_note(self.tree, key) || NAMING.contains(&text))
    }

    /// Whether a schema demands nothing, although there is something in it to compare.
    pub(super) fn is_idle(self, schema: NodeId) -> bool {
        let mut keys = self.tree.entries(schema).map(|(key, _)| key);
        keys.all(|key| {
            let text = self.tree.text(key);
            is_note(self.tree, key) || NAMING.contains(&text) || COMPARED.contains(&text)
        })
    }
}
