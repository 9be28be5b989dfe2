//! Where in the document each public name of the generated code comes from, told by the generator itself.
//!
//! The generator gives back code and nothing else. It does carry each `description` into the documentation of what it makes of what is
//! described, so it is run on a copy of the document in which every description is an address. That says which schema a type, and which
//! operation a method was made of; the name on the wire then says which property a field, and which value a variant stands for. No
//! naming rule of the generator is repeated here.

use std::collections::BTreeMap;

use openapi_document::{Document, Node, OperationNode, Pointer, Survey};

use crate::rust_names::{FieldKey, Kind, RustName, rust_names};
use crate::{Error, generator};

/// What a description begins with that is an address.
const MARK: &str = "jelou-codegen-origin:";

/// The places of a document that the public names of its client come from.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<String, Vec<Pointer>>);

impl Origins {
    /// The places that a line of [`crate::surface`] comes from, without its `rust`: the nearest that says what stands in it. Empty for
    /// what comes from no single place, for example the `Client`.
    pub fn of(&self, line: &str) -> &[Pointer] {
        self.0.get(line).map_or(&[], Vec::as_slice)
    }
}

/// Where the public names come from that the OpenAPI document `text` gives to its client.
///
/// # Errors
/// Those of [`crate::generate`].
pub fn origins(name: &str, text: &str) -> Result<Origins, Error> {
    let document = Document::parse(name, text)?;
    let marked = Document::parse(name, &with_addresses(&document))?;
    let names = rust_names(&generator::generate_syntax(&marked)?);
    let reader = Reader::new(&document, &names);
    let lines = names
        .iter()
        .map(|name| (name.line.clone(), reader.origin(&name.kind)));
    Ok(Origins(lines.collect()))
}

/// The document as JSON, in which every description that the generator reads is the address of what it describes.
fn with_addresses(document: &Document) -> String {
    let schemas = Survey::of(document)
        .schemas
        .into_iter()
        .map(|schema| schema.pointer);
    let of_operations = document.operations().flat_map(|operation| {
        let arguments = arguments(document, &operation);
        let described = arguments.into_iter().map(|argument| argument.described);
        described.chain([operation.pointer()])
    });
    let mut json = document.root().to_json();
    for pointer in schemas.chain(of_operations) {
        let described = json.pointer_mut(pointer.as_str());
        let members = described.and_then(|described| described.as_object_mut());
        if let Some(members) = members.filter(|members| !members.contains_key("$ref")) {
            let address = format!("{MARK}{}", pointer.as_str());
            members.insert("description".to_owned(), address.into());
        }
    }
    json.to_string()
}

/// A parameter or the body of an operation.
struct Argument {
    /// Where the operation has it, or the path of the operation.
    used: Pointer,
    /// Where it is described; the same, unless it is a component.
    described: Pointer,
}

fn arguments<'a>(document: &Document, operation: &OperationNode<'a>) -> Vec<Argument> {
    let own = operation.pointer();
    let shared = Pointer::root().child("paths").child(operation.path);
    let parameters = |holder: &'a Node, pointer: Pointer| {
        let items = holder.get("parameters").map_or(&[][..], Node::items);
        let items = items.iter().enumerate();
        items.map(move |(index, item)| (item, pointer.child("parameters").child(index)))
    };
    let body = operation.node.get("requestBody");
    let all = parameters(operation.path_item, shared)
        .chain(parameters(operation.node, own.clone()))
        .chain(body.map(|body| (body, own.child("requestBody"))));
    all.map(|(node, used)| Argument {
        described: described_at(document, node, &used),
        used,
    })
    .collect()
}

/// Where the node at `pointer` is described: there, or where its reference leads.
fn described_at(document: &Document, node: &Node, pointer: &Pointer) -> Pointer {
    let target = document.resolve_with_pointer(node);
    target
        .and_then(|(target, _)| target)
        .unwrap_or_else(|| pointer.clone())
}

/// The address that stands in a line of a documentation.
fn address(line: &str) -> Option<Pointer> {
    let (_, pointer) = line.split_once(MARK)?;
    Pointer::parse(pointer.trim_end())
}

fn first_address(doc: &str) -> Option<Pointer> {
    doc.lines().find_map(address)
}

/// An operation, as the generator documents it.
struct Operation {
    /// Where it gets its name from.
    id: Pointer,
    /// Where its replies of success are.
    replies: Vec<Pointer>,
    /// Its arguments by the names of their setters.
    arguments: BTreeMap<String, Vec<Pointer>>,
}

impl Operation {
    fn read(document: &Document, operation: &OperationNode<'_>, doc: &str) -> Self {
        let arguments = arguments(document, operation);
        // A line is "- `name`: description".
        let lines = doc.lines().filter_map(|line| {
            let (name, _) = line.strip_prefix("- `")?.split_once('`')?;
            let address = address(line)?;
            let argument = arguments
                .iter()
                .find(|argument| argument.described == address)?;
            let places = vec![argument.used.clone(), address];
            Some((name.to_owned(), places))
        });
        let pointer = operation.pointer();
        Self {
            id: pointer.child("operationId"),
            replies: replies(document, operation, &pointer.child("responses")),
            arguments: lines.collect(),
        }
    }

    fn origin(&self, method: &str) -> Vec<Pointer> {
        let mut origin = vec![self.id.clone()];
        if method == "send" {
            origin.extend_from_slice(&self.replies);
        }
        let argument = self.arguments.get(method);
        // With `body_map`, the builder of the body is changed in place.
        let argument = argument.or_else(|| self.arguments.get(method.strip_suffix("_map")?));
        origin.extend(argument.into_iter().flatten().cloned());
        origin
    }
}

/// Where the replies stand that `send` returns: those of success.
fn replies(document: &Document, operation: &OperationNode<'_>, pointer: &Pointer) -> Vec<Pointer> {
    let replies = operation.node.get("responses");
    let replies = replies.map_or(&[][..], Node::entries).iter();
    let successful = replies.filter(|reply| reply.key.starts_with('2') || reply.key == "default");
    successful
        .flat_map(|reply| {
            let used = pointer.child(&reply.key);
            [used.clone(), described_at(document, &reply.value, &used)]
        })
        .collect()
}

struct Reader<'a> {
    document: &'a Document,
    /// The operations by the names of their methods of `Client`.
    operations: BTreeMap<&'a str, Operation>,
    /// The documentation of the types by their paths.
    types: BTreeMap<&'a str, &'a str>,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, names: &'a [RustName]) -> Self {
        let mut reader = Self {
            document,
            operations: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        for name in names {
            match &name.kind {
                Kind::Type { name, doc } => {
                    reader.types.insert(name, doc);
                }
                Kind::Method { owner, name, doc } if owner == "Client" => {
                    let pointer = first_address(doc);
                    let operation = document
                        .operations()
                        .find(|operation| Some(operation.pointer()) == pointer);
                    if let Some(operation) = operation {
                        let operation = Operation::read(document, &operation, doc);
                        reader.operations.insert(name, operation);
                    }
                }
                _ => {}
            }
        }
        reader
    }

    fn origin(&self, kind: &Kind) -> Vec<Pointer> {
        let mut origin = match kind {
            Kind::Other => Vec::new(),
            Kind::Type { doc, .. } => self.of_type(doc),
            Kind::Field { doc, key } => self.of_field(doc, key),
            Kind::Variant {
                doc,
                wire_name,
                index,
                count,
            } => self.of_variant(doc, wire_name, *index, *count),
            Kind::Method { owner, name, .. } => self.of_method(owner, name),
        };
        origin.dedup();
        origin
    }

    fn of_type(&self, doc: &str) -> Vec<Pointer> {
        match self.operation_of_builder(doc) {
            Some(operation) => vec![operation.id.clone()],
            None => first_address(doc).into_iter().collect(),
        }
    }

    /// The operation whose builder has this documentation.
    fn operation_of_builder(&self, doc: &str) -> Option<&Operation> {
        let (method, _) = doc
            .strip_prefix("Builder for [`Client::")?
            .split_once('`')?;
        self.operations.get(method)
    }

    fn of_method(&self, owner: &str, name: &str) -> Vec<Pointer> {
        if owner == "Client" {
            let operation = self.operations.get(name);
            return operation.map_or_else(Vec::new, |operation| vec![operation.id.clone()]);
        }
        let doc = self.types.get(owner).copied().unwrap_or_default();
        match self.operation_of_builder(doc) {
            Some(operation) => operation.origin(name),
            None => self.of_type(doc),
        }
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
        // Whether a value must be there decides whether the field is optional.
        let required = self.members(&owner, &|pointer, schema| {
            let items = schema.get("required")?.items().iter();
            let index = items.map(Node::as_str).position(|item| item == Some(name));
            index.map(|index| pointer.child("required").child(index))
        });
        found.into_iter().chain(required).collect()
    }

    /// What `find` finds in the schema at `pointer`, and in those that it is made of.
    fn members(
        &self,
        pointer: &Pointer,
        find: &dyn Fn(&Pointer, &Node) -> Option<Pointer>,
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
            let parts = schema.get("allOf").map_or(&[][..], Node::items);
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
        // The variants are in the order of the branches, unless one of them became something else, for example `null`.
        let branch = ["oneOf", "anyOf"].into_iter().find_map(|key| {
            let is_whole = items(key)?.len() == count;
            is_whole.then(|| owner.child(key).child(index))
        });
        vec![value.or(branch).unwrap_or(owner)]
    }
}
