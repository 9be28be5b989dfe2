//! Schemas with their references and subschemas.

use serde_json::Value;
use spec_first_document::{Document, Node, Pointer};

/// The maximum number of schemas visited per fact.
const MOST: usize = 2000;

/// A node and its pointer.
#[derive(Clone, Debug)]
pub(in crate::source) struct Place<'a> {
    pub(in crate::source) pointer: Pointer,
    pub(in crate::source) node: Node<'a>,
}

impl<'a> Place<'a> {
    pub(in crate::source) fn new(pointer: Pointer, node: Node<'a>) -> Self {
        Self { pointer, node }
    }
}

/// Follows the reference of a node, if it is one.
pub(in crate::source) fn resolve<'a>(
    document: &'a Document,
    pointer: Pointer,
    node: Node<'a>,
) -> Option<(Pointer, Node<'a>)> {
    let (target, node) = document.resolve_with_pointer(node)?;
    Some((target.unwrap_or(pointer), node))
}

/// Schemas that describe the same value, with references resolved.
#[derive(Clone, Debug)]
pub(in crate::source) struct Schemas<'a> {
    document: &'a Document,
    places: Vec<Place<'a>>,
}

impl<'a> Schemas<'a> {
    /// Collects schemas and their subschemas.
    pub(in crate::source) fn of(document: &'a Document, places: Vec<Place<'a>>) -> Self {
        let mut all: Vec<Place<'a>> = Vec::new();
        let mut open = places;
        open.reverse();
        while let Some(place) = open.pop() {
            let Some((pointer, node)) = resolve(document, place.pointer, place.node) else {
                continue;
            };
            if all.len() >= MOST || all.iter().any(|known| known.node == node) {
                continue;
            }
            for keyword in ["oneOf", "anyOf", "allOf"] {
                let parts = node.items_of(keyword);
                for (index, part) in parts.iter().enumerate() {
                    open.push(Place::new(pointer.child(keyword).child(index), part));
                }
            }
            all.push(Place::new(pointer, node));
        }
        Self {
            document,
            places: all,
        }
    }

    pub(in crate::source) fn nodes(&self) -> impl Iterator<Item = Node<'a>> {
        self.places.iter().map(|place| place.node)
    }

    pub(in crate::source) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The names of the properties, in document order.
    pub(in crate::source) fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for entry in self.nodes().flat_map(|node| node.entries_of("properties")) {
            if !names.contains(&entry.key) {
                names.push(entry.key);
            }
        }
        names
    }

    /// The pointer to the first of them.
    pub(in crate::source) fn pointer(&self) -> Option<Pointer> {
        Some(self.places.first()?.pointer.clone())
    }

    /// Where a member such as `data.pets[0].name` is declared.
    pub(in crate::source) fn named_at(&self, path: &str) -> Option<Pointer> {
        let (holder, name) = match path.rsplit_once('.') {
            Some((holder, name)) => (self.at(holder), name),
            None => (self.clone(), path),
        };
        let holders = [holder.within("items"), holder];
        let mut places = holders.iter().rev().flat_map(|holder| &holder.places);
        let place = places.find(|place| {
            place
                .node
                .get("properties")
                .is_some_and(|all| all.get(name).is_some())
        })?;
        Some(place.pointer.child("properties").child(name))
    }

    /// The schemas of a member such as `data.pets[0].name`.
    pub(in crate::source) fn at(&self, path: &str) -> Self {
        let mut found = self.clone();
        for part in path.split('.') {
            let (name, items) = part.split_at(part.find('[').unwrap_or(part.len()));
            if !name.is_empty() {
                found = found.property(name);
            }
            for _ in items.matches('[') {
                found = found.within("items");
            }
        }
        found
    }

    /// The schemas of a property. Pages omit the items of lists, and undeclared members may match `additionalProperties`.
    fn property(&self, name: &str) -> Self {
        let lists = [self.named(name), self.within("items").named(name)];
        let mut found = lists.into_iter().filter(|found| !found.is_empty());
        found
            .next()
            .unwrap_or_else(|| self.within("additionalProperties"))
    }

    fn named(&self, name: &str) -> Self {
        let places = self.places.iter().filter_map(|place| {
            let property = place.node.get("properties")?.get(name)?;
            let pointer = place.pointer.child("properties").child(name);
            Some(Place::new(pointer, property))
        });
        Self::of(self.document, places.collect())
    }

    fn within(&self, keyword: &str) -> Self {
        let inner = self.places.iter().filter_map(|place| {
            let node = place.node.get(keyword).filter(|node| node.is_mapping())?;
            Some(Place::new(place.pointer.child(keyword), node))
        });
        Self::of(self.document, inner.collect())
    }

    /// The schemas of a property at any depth: pages list nested members without their parents.
    pub(in crate::source) fn anywhere(&self, name: &str) -> Self {
        let mut level = self.clone();
        for _ in 0..8 {
            let mut places = Vec::new();
            for place in &level.places {
                for entry in place.node.entries_of("properties") {
                    places.push(Place::new(
                        place.pointer.child("properties").child(entry.key),
                        entry.value,
                    ));
                }
                if let Some(items) = place.node.get("items") {
                    places.push(Place::new(place.pointer.child("items"), items));
                }
            }
            if places.is_empty() || places.len() > MOST {
                break;
            }
            level = Self::of(self.document, places);
            let found = level.property(name);
            if !found.is_empty() {
                return found;
            }
        }
        Self::of(self.document, Vec::new())
    }

    /// Whether any schema requires a property.
    pub(in crate::source) fn requires(&self, name: &str) -> bool {
        self.nodes().any(|node| {
            node.items_of("required")
                .iter()
                .any(|required| required.as_str() == Some(name))
        })
    }

    pub(in crate::source) fn types(&self) -> Vec<&'a str> {
        let mut types: Vec<&str> = self.nodes().flat_map(Node::types).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    pub(in crate::source) fn values_of(&self, key: &str) -> Vec<&'a str> {
        let mut values: Vec<&str> = self.nodes().filter_map(|node| node.str_of(key)).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The values of all enumerations.
    pub(in crate::source) fn enumerated(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for node in self.nodes() {
            values.extend(node.items_of("enum").iter().map(Node::to_json));
            values.extend(node.get("const").map(Node::to_json));
        }
        values
    }

    /// Whether an alternative allows values beyond the enumerations.
    pub(in crate::source) fn is_open(&self) -> bool {
        self.nodes().any(|node| {
            node.types().next().is_some()
                && node.get("enum").is_none()
                && node.get("const").is_none()
        })
    }
}
