//! Maps each public name of the generated code to its places in the document, using the generator itself.
//!
//! The operations know their places. Of types, the generator returns only code, but copies each `description` to the doc comment of
//! the item it generates. So it is run on a copy of the document in which every description is replaced by its JSON pointer: that
//! identifies the schema of a type, and the serialized names identify the property of a field and the value of a variant. This does
//! not duplicate any naming rules of the generator.

use std::collections::BTreeMap;

use spec_first_document::{Document, Node, Pointer, Survey, with_large_stack};

use crate::rust_names::{FieldKey, Kind, rust_names};
use crate::types::Types;
use crate::{Error, generator, operations};

/// The prefix of a description that contains a pointer.
const MARK: &str = "spec-first-codegen-origin:";

/// The places in a document that the public names of its client come from.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<String, Vec<Pointer>>);

impl Origins {
    /// The most specific places that determine a line of [`crate::surface`], given without its `rust` prefix. Empty if
    /// there is no specific place, for example for `Client`.
    pub fn of(&self, line: &str) -> &[Pointer] {
        self.0.get(line).map_or(&[], Vec::as_slice)
    }
}

/// Finds the origins of the public names in the client for the OpenAPI document `text`.
///
/// # Errors
/// Those of [`crate::generate`].
pub fn origins(name: &str, text: &str) -> Result<Origins, Error> {
    let document = Document::parse(name, text)?;
    let marked = Document::parse(name, &with_addresses(&document))?;
    let names = generator::generate(&marked, rust_names)?;
    let of_operations = || {
        let operations = operations::operations(&document, &Types::generate(&document)?);
        Ok::<_, Error>(operations::origins(&operations))
    };
    let types = names.iter().filter_map(|name| match &name.kind {
        Kind::Type { name, doc } => Some((name.as_str(), doc.as_str())),
        _ => None,
    });
    let reader = Reader {
        document: &document,
        types: types.collect(),
        operations: with_large_stack(of_operations)?,
    };
    let lines = names
        .iter()
        .map(|name| (name.line.clone(), reader.origin(&name.kind)));
    Ok(Origins(lines.collect()))
}

/// The document as JSON, with every description that the generator reads replaced by its pointer.
fn with_addresses(document: &Document) -> String {
    let schemas = Survey::of(document)
        .schemas
        .into_iter()
        .map(|schema| schema.pointer);
    let mut json = document.root().to_json();
    for pointer in schemas {
        let described = json.pointer_mut(pointer.as_str());
        let members = described.and_then(|described| described.as_object_mut());
        if let Some(members) = members.filter(|members| !members.contains_key("$ref")) {
            let address = format!("{MARK}{}", pointer.as_str());
            members.insert("description".to_owned(), address.into());
        }
    }
    json.to_string()
}

/// Where the node at `pointer` is defined: there, or at the target of its reference.
fn described_at(document: &Document, node: Node<'_>, pointer: &Pointer) -> Pointer {
    let target = document.resolve_with_pointer(node);
    target
        .and_then(|(target, _)| target)
        .unwrap_or_else(|| pointer.clone())
}

/// The pointer in a line of documentation.
fn address(line: &str) -> Option<Pointer> {
    let (_, pointer) = line.split_once(MARK)?;
    Pointer::parse(pointer.trim_end())
}

fn first_address(doc: &str) -> Option<Pointer> {
    doc.lines().find_map(address)
}

struct Reader<'a> {
    document: &'a Document,
    /// The documentation of the types by path.
    types: BTreeMap<&'a str, &'a str>,
    /// The places of what belongs to operations; see [`operations::origins`].
    operations: BTreeMap<(String, String), Vec<Pointer>>,
}

impl Reader<'_> {
    fn origin(&self, kind: &Kind) -> Vec<Pointer> {
        let mut origin = match kind {
            Kind::Other => Vec::new(),
            Kind::Type { name, doc } => match self.of_operation(name, "") {
                Some(origin) => origin,
                None => first_address(doc).into_iter().collect(),
            },
            Kind::Field { doc, key } => self.of_field(doc, key),
            Kind::Variant {
                owner,
                doc,
                wire_name,
                index,
                count,
            } => match self.of_operation(owner, "") {
                Some(origin) => origin,
                None => self.of_variant(doc, wire_name, *index, *count),
            },
            Kind::Method { owner, name } => match self.of_operation(owner, name) {
                Some(origin) => origin,
                None => {
                    let doc = self.types.get(owner.as_str()).copied();
                    doc.and_then(first_address).into_iter().collect()
                }
            },
        };
        origin.dedup();
        origin
    }

    fn of_operation(&self, owner: &str, name: &str) -> Option<Vec<Pointer>> {
        self.operations
            .get(&(owner.to_owned(), name.to_owned()))
            .cloned()
    }

    fn of_field(&self, doc: &str, key: &FieldKey) -> Vec<Pointer> {
        let Some(owner) = first_address(doc) else {
            return Vec::new();
        };
        let found = match key {
            FieldKey::Whole => Vec::new(),
            FieldKey::Rest => self.members(&owner, &|pointer, schema| {
                let key = "additionalProperties";
                schema.get(key).map(|_| pointer.child(key))
            }),
            FieldKey::Property(name) => self.members(&owner, &|pointer, schema| {
                let properties = schema.get("properties")?;
                let pointer = pointer.child("properties").child(name);
                properties.get(name).map(|_| pointer)
            }),
        };
        if found.is_empty() {
            return vec![owner];
        }
        let FieldKey::Property(name) = key else {
            return found;
        };
        // `required` determines whether the field is optional.
        let required = self.members(&owner, &|pointer, schema| {
            let items = schema.get("required")?.items().iter();
            let index = items.map(Node::as_str).position(|item| item == Some(name));
            index.map(|index| pointer.child("required").child(index))
        });
        found.into_iter().chain(required).collect()
    }

    /// The results of `find` for the schema at `pointer` and all its `allOf` branches.
    fn members(
        &self,
        pointer: &Pointer,
        find: &dyn Fn(&Pointer, Node<'_>) -> Option<Pointer>,
    ) -> Vec<Pointer> {
        let mut found = Vec::new();
        let mut seen = Vec::new();
        let mut waiting = vec![pointer.clone()];
        while let Some(pointer) = waiting.pop() {
            let Some(node) = self.document.node(&pointer) else {
                continue;
            };
            let pointer = described_at(self.document, node, &pointer);
            let schema = self.document.node(&pointer);
            let Some(schema) = schema.filter(|_| !seen.contains(&pointer)) else {
                continue;
            };
            found.extend(find(&pointer, schema));
            let parts = schema.items_of("allOf");
            waiting.extend((0..parts.len()).map(|index| pointer.child("allOf").child(index)));
            seen.push(pointer);
        }
        found
    }

    fn of_variant(&self, doc: &str, wire_name: &str, index: usize, count: usize) -> Vec<Pointer> {
        let Some(owner) = first_address(doc) else {
            return Vec::new();
        };
        let schema = self.document.node(&owner);
        let items = |key| schema.and_then(|schema| schema.get(key)).map(Node::items);
        let value = items("enum").and_then(|values| {
            let at = values
                .iter()
                .map(Node::as_str)
                .position(|value| value == Some(wire_name))?;
            Some(owner.child("enum").child(at))
        });
        // Variants are in the order of the branches, unless a branch became something else, for example `null`.
        let branch = ["oneOf", "anyOf"].into_iter().find_map(|key| {
            let is_complete = items(key)?.len() == count;
            is_complete.then(|| owner.child(key).child(index))
        });
        vec![value.or(branch).unwrap_or(owner)]
    }
}
