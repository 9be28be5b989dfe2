//! A compact tree of one or more files: values are numbered, know their position and parent, and share interned keys.
//!
//! Both documents of a review are in the same tree, so their keys can be compared by symbol.

mod json;
mod lines;
mod reading;
mod rewriting;

use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde_json::{Number, Value};

use crate::{Finding, Pointer, Position, Source};
use lines::Lines;

/// The id of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// An id that belongs to no value, for use as a sentinel.
    pub const NONE: Self = Self(u32::MAX);

    #[cfg(feature = "validation")]
    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// An interned key, string or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub(crate) u32);

/// The id of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId(u32);

/// The type and content of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`, or an empty value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as written.
    Number(Symbol),
    /// A string.
    String(Symbol),
    /// A sequence: the index of the first child and the number of children.
    Sequence(u32, u32),
    /// A mapping: the index of the first child and the number of children.
    Mapping(u32, u32),
}

#[derive(Clone, Copy, Debug)]
struct Record {
    kind: Kind,
    parent: u32,
    /// The byte offset of the value.
    offset: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Child {
    /// The key in a mapping; the index in a sequence.
    pub(crate) key: u32,
    /// The byte offset of the key, or of the value in a sequence.
    pub(crate) key_offset: u32,
    pub(crate) value: NodeId,
}

#[derive(Debug)]
struct File {
    source: Arc<Source>,
    root: NodeId,
    /// The number of the first value after this file.
    end: u32,
    lines: Lines,
}

impl File {
    fn position(&self, offset: u32) -> Position {
        self.lines.position(&self.source.text, offset as usize)
    }
}

/// All values of one or more files.
#[derive(Debug, Default)]
pub struct Tree {
    records: Vec<Record>,
    children: Vec<Child>,
    symbols: IndexSet<Box<str>, FxBuildHasher>,
    files: Vec<File>,
    /// The members of mappings too large for a linear search.
    members: FxHashMap<(NodeId, Symbol), u32>,
}

/// The largest mapping that is searched linearly.
const LINEAR_SEARCH_LIMIT: usize = 12;

const NO_PARENT: u32 = u32::MAX;

/// The offset of a key that is in no file.
const NO_OFFSET: u32 = u32::MAX;

impl Tree {
    /// The type and content of a value.
    pub fn kind(&self, node: NodeId) -> Kind {
        self.records[node.0 as usize].kind
    }

    /// The symbol for `text`, if any file contains it.
    pub fn symbol(&self, text: &str) -> Option<Symbol> {
        let index = self.symbols.get_index_of(text)?;
        u32::try_from(index).ok().map(Symbol)
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Symbol) -> &str {
        &self.symbols[symbol.0 as usize]
    }

    fn intern(&mut self, text: &str) -> Symbol {
        let index = match self.symbols.get_index_of(text) {
            Some(index) => index,
            None => self.symbols.insert_full(text.into()).0,
        };
        Symbol(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Whether there is more than one file.
    pub(crate) fn has_several_files(&self) -> bool {
        self.files.len() > 1
    }

    /// The number of values in all files.
    pub fn number_of_values(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn children(&self, node: NodeId) -> &[Child] {
        match self.kind(node) {
            Kind::Sequence(start, length) | Kind::Mapping(start, length) => {
                &self.children[start as usize..(start + length) as usize]
            }
            _ => &[],
        }
    }

    /// The members of a mapping in source order; empty if this is not a mapping.
    pub fn entries(&self, node: NodeId) -> impl Iterator<Item = (Symbol, NodeId)> + '_ {
        let children = match self.kind(node) {
            Kind::Mapping(..) => self.children(node),
            _ => &[],
        };
        children
            .iter()
            .map(|child| (Symbol(child.key), child.value))
    }

    /// The items of a sequence; empty if this is not a sequence.
    pub fn items(&self, node: NodeId) -> impl ExactSizeIterator<Item = NodeId> + Clone + '_ {
        let children = match self.kind(node) {
            Kind::Sequence(..) => self.children(node),
            _ => &[],
        };
        children.iter().map(|child| child.value)
    }

    /// Whether the value is a mapping.
    pub fn is_mapping(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Mapping(..))
    }

    /// Whether this can be an OpenAPI object: a mapping, or a schema that is `true` or `false`.
    pub fn is_part_of_a_document(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Mapping(..) | Kind::Boolean(_))
    }

    /// Whether this is a mapping or a sequence.
    pub fn is_composed(&self, node: NodeId) -> bool {
        matches!(self.kind(node), Kind::Mapping(..) | Kind::Sequence(..))
    }

    fn child(&self, node: NodeId, key: Symbol) -> Option<&Child> {
        let Kind::Mapping(start, length) = self.kind(node) else {
            return None;
        };
        if length as usize <= LINEAR_SEARCH_LIMIT {
            self.children(node).iter().find(|child| child.key == key.0)
        } else {
            let index = self.members.get(&(node, key))?;
            self.children.get((start + index) as usize)
        }
    }

    /// The member `key`; `None` if there is none or this is not a mapping.
    pub fn member(&self, node: NodeId, key: Symbol) -> Option<NodeId> {
        self.child(node, key).map(|child| child.value)
    }

    /// Like [`Tree::member`], for a key that may not be interned.
    pub fn get(&self, node: NodeId, key: &str) -> Option<NodeId> {
        match self.kind(node) {
            Kind::Mapping(_, 0) => None,
            // Comparing a few short keys is faster than looking up a symbol.
            Kind::Mapping(_, length) if length as usize <= LINEAR_SEARCH_LIMIT => {
                let children = self.children(node).iter();
                let mut found = children.filter(|child| self.text(Symbol(child.key)) == key);
                found.next().map(|child| child.value)
            }
            Kind::Mapping(..) => self.member(node, self.symbol(key)?),
            _ => None,
        }
    }

    /// The value as a string, if it is one.
    pub fn string(&self, node: NodeId) -> Option<&str> {
        match self.kind(node) {
            Kind::String(symbol) => Some(self.text(symbol)),
            _ => None,
        }
    }

    /// The member `key` as a string, if it is one.
    pub fn get_string(&self, node: NodeId, key: &str) -> Option<&str> {
        self.string(self.get(node, key)?)
    }

    /// Whether the member `key` is `true`.
    pub fn is_true(&self, node: NodeId, key: &str) -> bool {
        self.get(node, key)
            .is_some_and(|member| self.kind(member) == Kind::Boolean(true))
    }

    /// A comparable text: a string as it is, anything else as JSON.
    pub fn scalar_text(&self, node: NodeId) -> String {
        match self.string(node) {
            Some(text) => text.to_owned(),
            None => self.to_json(node).to_string(),
        }
    }

    /// The value as a number, if it is one.
    pub fn number(&self, node: NodeId) -> Option<Number> {
        match self.kind(node) {
            Kind::Number(symbol) => read_number(self.text(symbol)),
            _ => None,
        }
    }

    /// The value as a non-negative integer, if it is one.
    pub fn count(&self, node: NodeId) -> Option<u64> {
        let number = self.number(node)?;
        number.as_u64().or_else(|| {
            let value = number.as_f64()?;
            (value >= 0.0 && value.fract() == 0.0 && value < 9e15).then_some(value as u64)
        })
    }

    /// The value as JSON. Equal numbers compare equal: `1.0` becomes `1`.
    pub fn to_json(&self, node: NodeId) -> Value {
        match self.kind(node) {
            Kind::Null => Value::Null,
            Kind::Boolean(value) => Value::Bool(value),
            Kind::Number(symbol) => read_number(self.text(symbol))
                .map_or(Value::Null, |number| Value::Number(plain(number))),
            Kind::String(symbol) => Value::String(self.text(symbol).to_owned()),
            Kind::Sequence(..) => self.items(node).map(|item| self.to_json(item)).collect(),
            Kind::Mapping(..) => self
                .entries(node)
                .map(|(key, value)| (self.text(key).to_owned(), self.to_json(value)))
                .collect(),
        }
    }

    /// The enclosing value; `None` for the root of a file.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.records[node.0 as usize].parent;
        (parent != NO_PARENT).then_some(NodeId(parent))
    }

    /// The enclosing value and this value's entry in it.
    fn child_of_parent(&self, node: NodeId) -> Option<(NodeId, &Child)> {
        let parent = self.parent(node)?;
        let children = self.children(parent);
        // They are in order, except where an alias or a merge key repeats a value.
        let index = children.binary_search_by_key(&node, |child| child.value);
        let index = index.ok().or_else(|| {
            let mut values = children.iter().map(|child| child.value);
            values.position(|value| value == node)
        })?;
        Some((parent, &children[index]))
    }

    /// The key of the value, if it is in a mapping.
    pub fn key(&self, node: NodeId) -> Option<&str> {
        let (parent, child) = self.child_of_parent(node)?;
        self.is_mapping(parent)
            .then(|| self.text(Symbol(child.key)))
    }

    /// The JSON pointer to the value in its file.
    pub fn pointer(&self, node: NodeId) -> Pointer {
        let mut segments = Vec::new();
        let mut node = node;
        while let Some((parent, child)) = self.child_of_parent(node) {
            segments.push(if self.is_mapping(parent) {
                self.text(Symbol(child.key)).to_owned()
            } else {
                child.key.to_string()
            });
            node = parent;
        }
        let root = Pointer::root();
        segments
            .iter()
            .rev()
            .fold(root, |pointer, segment| pointer.child(segment))
    }

    /// The file that contains the value; the first one if none does, because the value was added.
    pub fn file(&self, node: NodeId) -> FileId {
        let index = self.files.partition_point(|file| file.end <= node.0);
        let index = if index < self.files.len() { index } else { 0 };
        FileId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The name and the text of a file.
    pub fn source(&self, file: FileId) -> &Arc<Source> {
        &self.files[file.0 as usize].source
    }

    /// The root of a file.
    pub fn root(&self, file: FileId) -> NodeId {
        self.files[file.0 as usize].root
    }

    /// Every value of a file; outer values come before the ones they contain.
    pub fn nodes_of(&self, file: FileId) -> impl Iterator<Item = NodeId> + use<> {
        let index = file.0 as usize;
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.files[before].end);
        (start..self.files[index].end).map(NodeId)
    }

    /// The position to report for a value: its key if it has one, otherwise the value.
    pub fn position(&self, node: NodeId) -> Position {
        match self.child_of_parent(node) {
            Some((parent, child)) => self.position_of_key(parent, child.key_offset, node),
            None => self.value_position(node),
        }
    }

    /// The position of the value itself, not of its key.
    pub(crate) fn value_position(&self, node: NodeId) -> Position {
        let offset = self.records[node.0 as usize].offset;
        self.files[self.file(node).0 as usize].position(offset)
    }

    /// The member `key` with the byte offset of its key.
    pub(crate) fn keyed_entry(&self, node: NodeId, key: &str) -> Option<&Child> {
        self.child(node, self.symbol(key)?)
    }

    /// The position of a key in a mapping; the position of its value if no file contains the key.
    pub(crate) fn position_of_key(&self, mapping: NodeId, offset: u32, value: NodeId) -> Position {
        if offset == NO_OFFSET {
            return self.value_position(value);
        }
        self.files[self.file(mapping).0 as usize].position(offset)
    }

    /// The file with a key in a mapping; the file of its value if no file contains the key.
    pub(crate) fn file_of_key(&self, mapping: NodeId, offset: u32, value: NodeId) -> FileId {
        self.file(if offset == NO_OFFSET { value } else { mapping })
    }

    /// Creates a finding about a value with its position filled in.
    pub fn finding(
        &self,
        rule: &'static str,
        node: NodeId,
        message: String,
        help: &str,
    ) -> Finding {
        Finding {
            rule,
            source: Arc::clone(self.source(self.file(node))),
            position: self.position(node),
            pointer: self.pointer(node),
            message,
            help: help.to_owned(),
        }
    }

    /// Follows a JSON pointer (without `#`) from the root of a file.
    pub fn at(&self, file: FileId, pointer: &Pointer) -> Option<NodeId> {
        let mut node = self.root(file);
        for segment in pointer.segments() {
            node = match self.kind(node) {
                Kind::Sequence(..) => self.items(node).nth(segment.parse().ok()?)?,
                _ => self.get(node, &segment)?,
            };
        }
        Some(node)
    }
}

/// Converts a YAML 1.2 number to a JSON number.
fn read_number(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    let digits = text.strip_prefix("0x").map(|digits| (digits, 16));
    let digits = digits.or_else(|| text.strip_prefix("0o").map(|digits| (digits, 8)));
    if let Some((digits, radix)) = digits {
        return u64::from_str_radix(digits, radix).ok().map(Number::from);
    }
    Number::from_f64(text.parse::<f64>().ok()?)
}

/// Converts `1.0` to `1`.
fn plain(number: Number) -> Number {
    match number.as_f64() {
        Some(value)
            if !number.is_i64()
                && !number.is_u64()
                && value.fract() == 0.0
                && value.abs() < 9e15 =>
        {
            (value as i64).into()
        }
        _ => number,
    }
}
