//! A value in the document together with its location, so that it can be looked up and errors can point to it.

use spec_first_document::survey::{Part, component_pointer};
use spec_first_document::{Document, Node, Pointer, operation_pointer};

use crate::Flaw;

/// A value in the document and its location.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    document: &'a Document,
    pub(crate) node: Node<'a>,
    pub(crate) pointer: Pointer,
}

impl<'a> Place<'a> {
    pub(crate) fn root(document: &'a Document) -> Self {
        Self {
            document,
            node: document.root(),
            pointer: Pointer::root(),
        }
    }

    /// The value at `pointer`; `None` if there is none.
    pub(crate) fn at(document: &'a Document, pointer: &Pointer) -> Option<Self> {
        Some(Self {
            document,
            node: document.node(pointer)?,
            pointer: pointer.clone(),
        })
    }

    /// The schema that a discriminator names: a reference, or the name of a component.
    pub(crate) fn component(&self, named: &str) -> Option<Self> {
        let pointer = match named.starts_with('#') {
            true => Pointer::parse(named)?,
            false => component_pointer(Part::Schema, named),
        };
        Self::at(self.document, &pointer)
    }

    /// The member `key` of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let node = self.node.get(key)?;
        Some(self.inside(key, node))
    }

    /// The values of its `example` and its `examples`, with their names. OpenAPI 3.2 has other keys for them.
    pub(crate) fn examples(&self) -> impl Iterator<Item = (Option<&'a str>, Self)> {
        let own = self.get("example").map(|example| (None, example));
        let named = self.entries_of("examples").into_iter();
        let named = named.filter_map(|(name, example)| {
            let example = example.resolve()?;
            let mut keys = ["dataValue", "value", "serializedValue"].into_iter();
            Some((Some(name), keys.find_map(|key| example.get(key))?))
        });
        own.into_iter().chain(named)
    }

    /// The members of a mapping in document order; empty if this is not a mapping.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let entries = self.node.entries().iter();
        entries.map(|entry| (entry.key, self.inside(entry.key, entry.value)))
    }

    /// The members of the mapping under `key`.
    pub(crate) fn entries_of(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key)
            .map_or_else(Vec::new, |member| member.entries().collect())
    }

    /// The operations of a path item, by method.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let operations = self.document.operations_of(self.node);
        operations.map(|entry| {
            let operation = Self {
                document: self.document,
                node: entry.value,
                pointer: operation_pointer(&self.pointer, entry.key),
            };
            (entry.key, operation)
        })
    }

    /// The name of the property or parameter that a schema describes, and where the object or the parameter is.
    pub(crate) fn described(&self) -> Option<(String, Pointer)> {
        let above = self.pointer.parent()?;
        let last = self.pointer.last()?;
        match above.last()?.as_str() {
            "properties" => Some((last, above.parent()?)),
            _ if last == "schema" => {
                let name = self.document.node(&above)?.str_of("name")?;
                Some((name.to_owned(), above))
            }
            _ => None,
        }
    }

    /// The type of values that a schema accepts apart from `null`, if it names one; the first of several.
    pub(crate) fn kind(&self) -> Option<&'a str> {
        self.node.types().find(|kind| *kind != "null")
    }

    /// Whether a schema describes objects or lists, and no other values.
    pub(crate) fn is_compound(&self) -> bool {
        match self.kind() {
            Some(kind) => matches!(kind, "object" | "array"),
            None => ["properties", "items"]
                .iter()
                .any(|key| self.get(key).is_some()),
        }
    }

    /// Whether a schema describes bytes in the way of its version.
    pub(crate) fn is_binary(&self) -> bool {
        let mut keys = ["contentMediaType", "contentEncoding"].into_iter();
        self.text("format") == Some("binary") || keys.any(|key| self.get(key).is_some())
    }

    /// Whether a schema accepts `null` in the way of its version.
    pub(crate) fn accepts_null(&self) -> bool {
        (self.is_true("nullable") && !self.document.is_3_1())
            || self.node.types().any(|kind| kind == "null")
    }

    /// The items of a sequence; empty if this is not a sequence.
    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.node.items().iter().enumerate();
        items
            .map(|(index, node)| self.inside(index, node))
            .collect()
    }

    /// The items of the sequence under `key`.
    pub(crate) fn items_of(&self, key: &str) -> Vec<Self> {
        self.get(key).map_or_else(Vec::new, |member| member.items())
    }

    /// The string under `key`.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.str_of(key)
    }

    /// Whether the value under `key` is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.node.is_true(key)
    }

    /// Whether a schema, or one that it consists of, says `key: true`.
    pub(crate) fn is_marked(&self, key: &str) -> bool {
        self.document.is_marked(self.node, key)
    }

    /// Follows references; `None` if one is unresolved, external or circular.
    pub(crate) fn resolve(&self) -> Option<Self> {
        let (pointer, node) = self.document.resolve_with_pointer(self.node)?;
        Some(Self {
            document: self.document,
            node,
            pointer: pointer.unwrap_or_else(|| self.pointer.clone()),
        })
    }

    /// Reports a flaw in the document at this place.
    pub(crate) fn flaw(&self, message: impl Into<String>, help: &str) -> Flaw {
        let finding = self.document.finding("flaw", &self.pointer, message, help);
        finding.into()
    }

    fn inside(&self, key: impl std::fmt::Display, node: Node<'a>) -> Self {
        Self {
            document: self.document,
            node,
            pointer: self.pointer.child(key),
        }
    }
}
