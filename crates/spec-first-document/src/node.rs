//! A value of a document: a copyable handle that knows its position and what surrounds it.

use std::slice;

use serde_json::{Number, Value};

use crate::Pointer;
use crate::tree::{Child, Kind, NodeId, Symbol, Tree};

/// A position in a file: one-based line and column, zero-based byte offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, starting at 1.
    pub line: u64,
    /// The column in characters, starting at 1.
    pub column: u64,
    /// The offset in bytes, starting at 0.
    pub offset: usize,
}

/// A value of a document.
///
/// Nodes are compared by identity: two equal values in different places are different nodes.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    tree: &'a Tree,
    id: NodeId,
}

/// The content of a [`Node`].
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// `null`, or an empty value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(&'a str),
    /// A sequence, in source order.
    Sequence(Items<'a>),
    /// A mapping, in source order.
    Mapping(Entries<'a>),
}

/// The items of a sequence.
pub type Items<'a> = Children<'a, Node<'a>>;

/// The entries of a mapping.
pub type Entries<'a> = Children<'a, Entry<'a>>;

/// The children of a sequence or a mapping, in source order. Can be copied and iterated any number of times, like a slice.
#[derive(Clone, Copy, Debug)]
pub struct Children<'a, T> {
    holder: Option<Node<'a>>,
    children: &'a [Child],
    make: fn(Node<'a>, &Child) -> T,
}

impl<'a, T> Children<'a, T> {
    /// The number of children.
    pub fn len(self) -> usize {
        self.children.len()
    }

    /// Whether there are no children.
    pub fn is_empty(self) -> bool {
        self.children.is_empty()
    }

    /// The child at `index`, starting at 0.
    pub fn get(self, index: usize) -> Option<T> {
        let child = self.children.get(index)?;
        self.holder.map(|holder| (self.make)(holder, child))
    }

    /// Iterates over the children.
    pub fn iter(self) -> IntoIter<'a, T> {
        IntoIter {
            holder: self.holder,
            children: self.children.iter(),
            make: self.make,
        }
    }
}

impl<'a, T> IntoIterator for Children<'a, T> {
    type Item = T;
    type IntoIter = IntoIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Iterates over [`Children`].
#[derive(Clone, Debug)]
pub struct IntoIter<'a, T> {
    holder: Option<Node<'a>>,
    children: slice::Iter<'a, Child>,
    make: fn(Node<'a>, &Child) -> T,
}

impl<T> Iterator for IntoIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let child = self.children.next()?;
        self.holder.map(|holder| (self.make)(holder, child))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.children.size_hint()
    }
}

impl<T> DoubleEndedIterator for IntoIter<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        let child = self.children.next_back()?;
        self.holder.map(|holder| (self.make)(holder, child))
    }
}

impl<T> ExactSizeIterator for IntoIter<'_, T> {}

impl Default for Items<'_> {
    fn default() -> Self {
        Self {
            holder: None,
            children: &[],
            make: Node::item,
        }
    }
}

impl Default for Entries<'_> {
    fn default() -> Self {
        Self {
            holder: None,
            children: &[],
            make: Node::member,
        }
    }
}

/// An entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key; a number is kept as written.
    pub key: &'a str,
    /// The value under the key.
    pub value: Node<'a>,
    mapping: Node<'a>,
    offset: u32,
}

impl<'a> Entry<'a> {
    /// Where the key begins.
    pub fn key_position(&self) -> Position {
        let Node { tree, id } = self.mapping;
        tree.position_of_key(id, self.offset, self.value.id)
    }

    /// The text of the file from the key on.
    pub fn text_from_key(&self) -> &'a str {
        let Node { tree, id } = self.mapping;
        let file = tree.file_of_key(id, self.offset, self.value.id);
        let text = &tree.source(file).text;
        text.get(self.key_position().offset..).unwrap_or_default()
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl<'a> Node<'a> {
    pub(crate) fn new(tree: &'a Tree, id: NodeId) -> Self {
        Self { tree, id }
    }

    /// The id of the value in its tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    #[cfg(feature = "validation")]
    pub(crate) fn kind(self) -> Kind {
        self.tree.kind(self.id)
    }

    #[cfg(feature = "validation")]
    pub(crate) fn identity(self) -> jsonschema::json::NodeIdentity {
        let address = std::ptr::from_ref(self.tree) as usize;
        jsonschema::json::NodeIdentity::tagged(address, self.id.number())
    }

    /// The content of the value.
    pub fn content(self) -> Content<'a> {
        match self.tree.kind(self.id) {
            Kind::Null => Content::Null,
            Kind::Boolean(value) => Content::Boolean(value),
            Kind::Number(_) => self.number().map_or(Content::Null, Content::Number),
            Kind::String(symbol) => Content::String(self.tree.text(symbol)),
            Kind::Sequence(..) => Content::Sequence(self.items()),
            Kind::Mapping(..) => Content::Mapping(self.entries()),
        }
    }

    /// Where the value begins.
    pub fn position(self) -> Position {
        self.tree.value_position(self.id)
    }

    /// The member `key`; `None` if there is none or this is not a mapping.
    pub fn get(self, key: &str) -> Option<Self> {
        let id = self.tree.get(self.id, key)?;
        Some(Self { id, ..self })
    }

    /// The member `key` with the position of the key.
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        let child = self.tree.keyed_entry(self.id, key)?;
        Some(self.member(child))
    }

    /// The entries of a mapping in source order; empty if this is not a mapping.
    pub fn entries(self) -> Entries<'a> {
        Entries {
            holder: Some(self),
            children: match self.is_mapping() {
                true => self.tree.children(self.id),
                false => &[],
            },
            make: Self::member,
        }
    }

    /// The entries of the member `key`; empty if it is missing or not a mapping.
    pub fn entries_of(self, key: &str) -> Entries<'a> {
        self.get(key).map(Self::entries).unwrap_or_default()
    }

    /// The items of a sequence; empty if this is not a sequence.
    pub fn items(self) -> Items<'a> {
        Items {
            holder: Some(self),
            children: match self.is_sequence() {
                true => self.tree.children(self.id),
                false => &[],
            },
            make: Self::item,
        }
    }

    /// The items of the member `key`; empty if it is missing or not a sequence.
    pub fn items_of(self, key: &str) -> Items<'a> {
        self.get(key).map(Self::items).unwrap_or_default()
    }

    fn item(self, child: &Child) -> Self {
        Self {
            id: child.value,
            ..self
        }
    }

    fn member(self, child: &Child) -> Entry<'a> {
        Entry {
            key: self.tree.text(Symbol(child.key)),
            value: self.item(child),
            mapping: self,
            offset: child.key_offset,
        }
    }

    /// The value as a string, if it is one.
    pub fn as_str(self) -> Option<&'a str> {
        self.tree.string(self.id)
    }

    /// The member `key` as a string, if it is one.
    pub fn str_of(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The names in the `type` of a schema, which is one name or, from OpenAPI 3.1 on, a list.
    pub fn types(self) -> impl Iterator<Item = &'a str> + Clone {
        let listed = self.items_of("type").iter().filter_map(Node::as_str);
        self.str_of("type").into_iter().chain(listed)
    }

    /// The value as a Boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.tree.kind(self.id) {
            Kind::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the member `key` is `true`.
    pub fn is_true(self, key: &str) -> bool {
        self.tree.is_true(self.id, key)
    }

    /// The value as a number, if it is one.
    pub fn number(self) -> Option<Number> {
        self.tree.number(self.id)
    }

    /// Whether this is `null`, or empty.
    pub fn is_null(self) -> bool {
        self.tree.kind(self.id) == Kind::Null
    }

    /// Whether this is a mapping.
    pub fn is_mapping(self) -> bool {
        self.tree.is_mapping(self.id)
    }

    /// Whether this is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.tree.kind(self.id), Kind::Sequence(..))
    }

    /// The target of a local reference (`$ref: '#/…'`); `None` if this is not one.
    pub fn reference(self) -> Option<Pointer> {
        local(self.str_of("$ref")?)
    }

    /// Whether both say the same, wherever they are: `==` compares places. The order of members does not matter.
    pub fn has_same_value(self, other: Self) -> bool {
        if self == other {
            return true;
        }
        match (self.content(), other.content()) {
            (Content::Null, Content::Null) => true,
            (Content::Boolean(one), Content::Boolean(another)) => one == another,
            (Content::Number(one), Content::Number(another)) => one == another,
            (Content::String(one), Content::String(another)) => one == another,
            (Content::Sequence(one), Content::Sequence(another)) => {
                let mut pairs = one.iter().zip(another.iter());
                one.len() == another.len()
                    && pairs.all(|(one, another)| one.has_same_value(another))
            }
            (Content::Mapping(one), Content::Mapping(another)) => {
                one.len() == another.len()
                    && one.iter().all(|entry| {
                        let same = other.get(entry.key);
                        same.is_some_and(|same| entry.value.has_same_value(same))
                    })
            }
            _ => false,
        }
    }

    /// The value as JSON, without positions. Numbers are kept as written: `1.0` does not become `1`.
    pub fn to_json(self) -> Value {
        match self.content() {
            Content::Null => Value::Null,
            Content::Boolean(value) => Value::Bool(value),
            Content::Number(number) => Value::Number(number),
            Content::String(text) => Value::String(text.to_owned()),
            Content::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Content::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.to_owned(), entry.value.to_json()))
                .collect(),
        }
    }
}

fn local(reference: &str) -> Option<Pointer> {
    reference
        .starts_with('#')
        .then(|| Pointer::parse(reference))?
}

#[cfg(test)]
mod tests {
    use crate::Document;

    #[track_caller]
    fn check(one: &str, another: &str, expected: bool) {
        let text = format!("one: {one}\nanother: {another}\n");
        let document = Document::parse("values.yaml", &text).unwrap();
        let value = |key| document.root().get(key).unwrap();
        let found = value("one").has_same_value(value("another"));
        assert_eq!(found, expected, "{one} and {another}");
    }

    #[test]
    fn values_are_the_same_in_any_order_of_members() {
        check("{a: 1, b: [x, null, {}]}", "{b: [x, null, {}], a: 1}", true);
        for (one, another) in [
            ("{a: 1}", "{a: 1, b: 1}"),
            ("{a: 1}", "{b: 1}"),
            ("{a: {b: [1]}}", "{a: {b: [2]}}"),
            ("[a]", "[a, b]"),
            ("[a, b]", "[b, a]"),
            ("[]", "{}"),
            ("null", "'null'"),
            ("true", "false"),
            // As they are written.
            ("1", "1.0"),
        ] {
            check(one, another, false);
            check(another, one, false);
        }
    }
}
