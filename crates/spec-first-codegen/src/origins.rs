//! Maps each public name of the generated code to its places in the document, using the generator itself.
//!
//! The generator returns only code, but copies each `description` to the doc comment of the item it generates. So it is
//! run on a copy of the document in which every description is replaced by its JSON pointer. The pointers identify the
//! schema of a type and the operation of a method; the serialized names identify the property of a field and the value
//! of a variant. This does not duplicate any naming rules of the generator.

use std::collections::BTreeMap;

use spec_first_document::{Document, Node, OperationNode, Pointer, Survey};

use crate::rust_names::{FieldKey, Kind, RustName, rust_names};
use crate::{Error, generator};

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
    let names = rust_names(&generator::generate_syntax(&marked)?);
    let reader = Reader::new(&document, &names);
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
    /// Where the operation or its path item declares it.
    used: Pointer,
    /// Where it is defined; the same place, unless it is a reference to a component.
    described: Pointer,
}

fn arguments<'a>(document: &Document, operation: &OperationNode<'a>) -> Vec<Argument> {
    let own = operation.pointer();
    let shared = Pointer::root().child("paths").child(operation.path);
    let parameters = |holder: Node<'a>, pointer: Pointer| {
        let items = holder.items_of("parameters");
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

/// The origins of an operation, read from its documentation.
struct Operation {
    /// The `operationId`.
    id: Pointer,
    /// The success responses.
    replies: Vec<Pointer>,
    /// The arguments by setter name.
    arguments: BTreeMap<String, Vec<Pointer>>,
}

impl Operation {
    fn read(document: &Document, operation: &OperationNode<'_>, doc: &str) -> Self {
        let arguments = arguments(document, operation);
        // The format is "- `name`: description".
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
        // `body_map` modifies the builder of the body in place.
        let argument = argument.or_else(|| self.arguments.get(method.strip_suffix("_map")?));
        origin.extend(argument.into_iter().flatten().cloned());
        origin
    }
}

/// The success responses, which `send` returns.
fn replies(document: &Document, operation: &OperationNode<'_>, pointer: &Pointer) -> Vec<Pointer> {
    let replies = operation.node.get("responses");
    let replies = replies.map(Node::entries).unwrap_or_default().iter();
    let successful = replies.filter(|reply| reply.key.starts_with('2') || reply.key == "default");
    successful
        .flat_map(|reply| {
            let used = pointer.child(reply.key);
            [used.clone(), described_at(document, reply.value, &used)]
        })
        .collect()
}

struct Reader<'a> {
    document: &'a Document,
    /// The operations by `Client` method name.
    operations: BTreeMap<&'a str, Operation>,
    /// The documentation of the types by path.
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
