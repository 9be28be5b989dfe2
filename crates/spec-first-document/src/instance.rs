//! Lets a JSON Schema validator read values of a document in place: a copy of a large document takes more memory than the
//! document. Needs the feature `validation`.

use std::{borrow::Cow, iter::Enumerate, slice};

use jsonschema::{
    JsonType,
    json::{Array, Json, Node as JsonNode, NodeIdentity, Object, cmp, unique},
};
use serde_json::{Map, Number, Value};

use crate::{Entries, Entry, IntoIter, Items, Node, tree::Kind};

/// The representation of [`Instance`], for `jsonschema::options_for`.
#[derive(Debug)]
pub enum InDocument {}

/// What a validator can judge. Errors show lists and objects as empty: only their types are of interest.
#[derive(Clone, Copy, Debug)]
pub enum Instance<'a> {
    /// A value of a document.
    Value(Node<'a>),
    /// An object with these values, each under its index.
    Indexed(&'a [Node<'a>]),
    /// The name of a property.
    Name(&'a str),
}

/// The members of an object.
#[derive(Clone, Debug)]
pub enum Members<'a> {
    /// The entries of a mapping.
    Entries(IntoIter<'a, Entry<'a>>),
    /// Values, each under its index.
    Indexed(Enumerate<slice::Iter<'a, Node<'a>>>),
}

impl Json for InDocument {
    type Node<'a> = Instance<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    // An alias cannot be inside the value that it repeats.
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>((): &mut (), text: &str, judge: impl FnOnce(Instance<'_>) -> T) -> T {
        judge(Instance::Name(text))
    }
}

impl<'a> JsonNode<'a, InDocument> for Instance<'a> {
    type Object = Self;
    type Array = Items<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<Self> {
        (self.json_type() == JsonType::Object).then_some(*self)
    }

    fn as_array(&self) -> Option<Items<'a>> {
        match self {
            Self::Value(node) if node.is_sequence() => Some(node.items()),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Value(node) => node.as_str().map(Cow::Borrowed),
            Self::Name(name) => Some(Cow::Borrowed(name)),
            Self::Indexed(_) => None,
        }
    }

    fn as_number(&self) -> Option<Number> {
        match self {
            Self::Value(node) => node.number(),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Value(node) => node.as_bool(),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match self {
            Self::Value(node) => match node.kind() {
                Kind::Null => JsonType::Null,
                Kind::Boolean(_) => JsonType::Boolean,
                Kind::Number(_) => JsonType::Number,
                Kind::String(_) => JsonType::String,
                Kind::Sequence(..) => JsonType::Array,
                Kind::Mapping(..) => JsonType::Object,
            },
            Self::Name(_) => JsonType::String,
            Self::Indexed(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self, expected) {
            (Self::Value(node), Value::String(expected)) => node.as_str() == Some(expected),
            (Self::Value(node), _) => cmp::equal(&node.to_json(), expected),
            (Self::Name(name), _) => expected == name,
            (Self::Indexed(_), _) => false,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.json_type() {
            JsonType::Object => Value::Object(Map::new()),
            JsonType::Array => Value::Array(Vec::new()),
            _ => match self {
                Self::Value(node) => node.to_json(),
                _ => self.as_string().into(),
            },
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Self::Value(node) => Some(node.identity()),
            Self::Indexed(values) => Some(NodeIdentity::new(values.as_ptr() as usize)),
            Self::Name(_) => None,
        }
    }
}

impl<'a> Object<'a, InDocument> for Instance<'a> {
    type Node = Self;
    type MemberName = Cow<'a, str>;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        match self {
            Self::Value(node) => node.entries().len(),
            Self::Indexed(values) => values.len(),
            Self::Name(_) => 0,
        }
    }

    fn get(&self, key: &Box<str>) -> Option<Self> {
        match self {
            Self::Value(node) => node.get(key).map(Self::Value),
            Self::Indexed(values) => {
                let index: usize = key.parse().ok()?;
                values.get(index).copied().map(Self::Value)
            }
            Self::Name(_) => None,
        }
    }

    fn members(&self) -> Members<'a> {
        match self {
            Self::Value(node) => Members::Entries(node.entries().iter()),
            Self::Indexed(values) => Members::Indexed(values.iter().enumerate()),
            Self::Name(_) => Members::Entries(Entries::default().iter()),
        }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Entries(entries) => {
                let Entry { key, value, .. } = entries.next()?;
                Some((Cow::Borrowed(key), Instance::Value(value)))
            }
            Self::Indexed(values) => {
                let (index, value) = values.next()?;
                Some((Cow::Owned(index.to_string()), Instance::Value(*value)))
            }
        }
    }
}

impl<'a> Array<'a, InDocument> for Items<'a> {
    type Node = Instance<'a>;
    type ElementsIter = std::iter::Map<IntoIter<'a, Node<'a>>, fn(Node<'a>) -> Instance<'a>>;

    fn len(&self) -> usize {
        Items::len(*self)
    }

    fn elements(&self) -> Self::ElementsIter {
        self.iter().map(Instance::Value)
    }

    fn is_unique(&self) -> bool {
        let values: Vec<Value> = self.iter().map(Node::to_json).collect();
        unique::is_unique(&values)
    }
}
