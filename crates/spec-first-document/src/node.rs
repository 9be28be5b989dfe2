//! The tree of a document as written: every key and value with its position, in source order.

mod building;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Number, Value};

use crate::Pointer;

/// A position in a document: one-based line and column, zero-based byte offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, starting at 1.
    pub line: u64,
    /// The column in characters, starting at 1.
    pub column: u64,
    /// The offset in bytes, starting at 0.
    pub offset: usize,
}

/// A value of the document and its position.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value begins.
    pub position: Position,
    /// The value itself.
    pub content: Content,
}

/// The content of a [`Node`].
#[derive(Clone, Debug)]
pub enum Content {
    /// `null`, or an empty value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A sequence, in source order.
    Sequence(Vec<Node>),
    /// A mapping, in source order.
    Mapping(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key; a number is kept as written.
    pub key: String,
    /// Where the key begins.
    pub key_position: Position,
    /// The value under the key.
    pub value: Node,
}

impl Node {
    /// The member `key`; `None` if there is none or this is not a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The member `key` with the position of the key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a mapping in source order; empty if this is not a mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; empty if this is not a sequence.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value as a string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a Boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.content {
            Content::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this is a mapping.
    pub fn is_mapping(&self) -> bool {
        matches!(self.content, Content::Mapping(_))
    }

    /// The target of a local reference (`$ref: '#/…'`); `None` if this is not one.
    pub fn reference(&self) -> Option<Pointer> {
        let text = self.get("$ref")?.as_str()?;
        text.starts_with('#').then(|| Pointer::parse(text))?
    }

    /// Removes percent-encoding from every local reference in this value: `#/a%7Bb%7D` becomes `#/a{b}`.
    pub(crate) fn decode_references(&mut self) {
        let reference = self.reference();
        match &mut self.content {
            Content::Sequence(items) => items.iter_mut().for_each(Node::decode_references),
            Content::Mapping(entries) => {
                for entry in entries {
                    match &reference {
                        Some(pointer) if entry.key == "$ref" => {
                            entry.value.content = Content::String(pointer.to_string());
                        }
                        _ => entry.value.decode_references(),
                    }
                }
            }
            _ => {}
        }
    }

    /// The value as JSON, without positions.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Boolean(value) => Value::Bool(*value),
            Content::Number(number) => Value::Number(number.clone()),
            Content::String(text) => Value::String(text.clone()),
            Content::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Content::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect(),
        }
    }
}

/// Deserializes directly from the tree, in source order, without serializing it to text first.
impl<'de> Deserializer<'de> for &'de Node {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.content {
            Content::Null => visitor.visit_unit(),
            Content::Boolean(value) => visitor.visit_bool(*value),
            Content::Number(number) => number.deserialize_any(visitor),
            Content::String(text) => visitor.visit_borrowed_str(text),
            Content::Sequence(items) => SeqDeserializer::new(items.iter()).deserialize_any(visitor),
            Content::Mapping(entries) => {
                let entries = entries.iter();
                MapDeserializer::new(entries.map(|entry| (entry.key.as_str(), &entry.value)))
                    .deserialize_any(visitor)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match &self.content {
            Content::String(text) => text
                .as_str()
                .into_deserializer()
                .deserialize_enum(name, variants, visitor),
            // No type that is deserialized from here has an enum with data.
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
