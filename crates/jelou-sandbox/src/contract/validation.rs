//! Judges values by the schemas of the document. Says what is wrong in words of the schema, never by showing the value:
//! it may be a secret.
//!
//! A schema is compiled when the first value is judged by it, since a document may have thousands and a run needs few.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jsonschema::{
    Validator,
    error::{TypeKind, ValidationErrorKind},
};
use openapi_document::{Content, Direction, Document, JsonSchema, Node, Pointer, Position};
use serde_json::{Map, Value, json};

use crate::{
    StartError,
    contract::{
        pattern,
        place::Place,
        violation::{Violation, Violations},
    },
};

/// The schemas of a document that is being read.
pub(crate) struct Schemas {
    shared: Arc<Shared>,
    known: HashMap<(Direction, Pointer), Schema>,
}

/// A schema that can judge values.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    shared: Arc<Shared>,
    direction: Direction,
    pointer: Pointer,
    compiled: OnceLock<Result<Validator, String>>,
}

/// What all schemas of a document have in common.
#[derive(Debug)]
struct Shared {
    document: Arc<Document>,
    /// The schemas that values are judged by, except for references.
    inline: Mutex<Vec<Pointer>>,
    requests: OnceLock<Converted>,
    responses: OnceLock<Converted>,
}

/// The schemas of a document as JSON Schema, for one direction.
#[derive(Debug)]
struct Converted {
    components: Map<String, Value>,
    inline: HashMap<Pointer, Value>,
}

impl Schemas {
    pub(crate) fn of(document: Arc<Document>) -> Self {
        Self {
            shared: Arc::new(Shared {
                document,
                inline: Mutex::default(),
                requests: OnceLock::new(),
                responses: OnceLock::new(),
            }),
            known: HashMap::new(),
        }
    }

    /// The schema at `place` for values that travel in `direction`.
    pub(crate) fn add(&mut self, direction: Direction, place: &Place<'_>) -> Schema {
        let key = (direction, place.pointer.clone());
        let (shared, known) = (&self.shared, self.known.entry(key));
        let schema = known.or_insert_with(|| {
            if component(place.node).is_none() {
                let mut inline = shared.inline.lock().unwrap_or_else(PoisonError::into_inner);
                inline.push(place.pointer.clone());
            }
            Schema(Arc::new(Lazy {
                shared: Arc::clone(shared),
                direction,
                pointer: place.pointer.clone(),
                compiled: OnceLock::new(),
            }))
        });
        schema.clone()
    }

    /// Checks that all schemas that were added are schemas, without compiling any of them.
    pub(crate) fn check(&self) -> Result<(), StartError> {
        let converted = self.shared.convert(Direction::Both);
        let components = Pointer::root().child("components").child("schemas");
        let named = converted.components.iter();
        let named = named.map(|(name, schema)| (components.child(name), schema));
        let inline = converted.inline.iter();
        let inline = inline.map(|(pointer, schema)| (pointer.clone(), schema));
        for (pointer, schema) in named.chain(inline) {
            if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
                let pointer = pointer.join(error.instance_path().as_str());
                return Err(StartError::at(
                    &self.shared.document,
                    &pointer,
                    format!("this schema cannot be used: {error}"),
                    "compare it with the OpenAPI 3.0.3 specification",
                ));
            }
        }
        Ok(())
    }
}

impl Shared {
    fn converted(&self, direction: Direction) -> &Converted {
        match direction {
            Direction::Response => &self.responses,
            Direction::Request | Direction::Both => &self.requests,
        }
        .get_or_init(|| self.convert(direction))
    }

    fn convert(&self, direction: Direction) -> Converted {
        let inline = self.inline.lock().unwrap_or_else(PoisonError::into_inner);
        // All at once: each conversion brings the components of the whole document along.
        let branches = inline
            .iter()
            .filter_map(|pointer| self.document.node(pointer));
        let all = mapping("anyOf", Content::Sequence(branches.cloned().collect()));
        let mut schema = JsonSchema::of(&self.document, direction).schema(&all);
        mend_patterns(&mut schema, &mut HashMap::new());
        let components = match schema["$defs"].take() {
            Value::Object(components) => components,
            _ => Map::new(),
        };
        let branches = match schema["allOf"][0]["anyOf"].take() {
            Value::Array(branches) => branches,
            _ => Vec::new(),
        };
        Converted {
            components,
            inline: inline.iter().cloned().zip(branches).collect(),
        }
    }
}

impl Converted {
    /// A schema that stands for itself: with the components that it reaches, and no other.
    fn close(&self, schema: Value) -> Value {
        let mut reached = Map::new();
        let mut open = Vec::new();
        let mut seen = HashSet::new();
        find_components(&schema, &mut open);
        while let Some(name) = open.pop() {
            let Some(component) = self.components.get(&name) else {
                continue;
            };
            if seen.insert(name.clone()) {
                find_components(component, &mut open);
                reached.insert(name, component.clone());
            }
        }
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": reached,
            "allOf": [schema],
        })
    }
}

/// Rewrites the patterns of a schema for the engine that judges by them, and leaves out those that it cannot read: the rest of
/// the schema still counts. `known` has those that were met before.
fn mend_patterns(schema: &mut Value, known: &mut HashMap<String, Option<String>>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(pattern)) = members.get_mut("pattern") {
                let mended = known.entry(pattern.clone());
                match mended.or_insert_with(|| pattern::for_judging(pattern)) {
                    Some(mended) => pattern.clone_from(mended),
                    None => _ = members.remove("pattern"),
                }
            }
            // Values, which are not schemas.
            let schemas = members.iter_mut().filter(|(key, member)| {
                !(member.is_array() && *key == "enum") && *key != "default"
            });
            schemas.for_each(|(_, member)| mend_patterns(member, known));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mend_patterns(item, known)),
        _ => {}
    }
}

/// Collects the names of the components that `schema` refers to.
fn find_components(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && let Some(path) = reference.strip_prefix("#/$defs/")
            {
                let name = path.split('/').next().unwrap_or(path);
                names.push(name.replace("~1", "/").replace("~0", "~"));
            }
            members
                .values()
                .for_each(|member| find_components(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| find_components(item, names)),
        _ => {}
    }
}

/// The reference as JSON Schema has it, if `schema` is a reference to a component.
fn component(schema: &Node) -> Option<String> {
    let reference = schema.get("$ref").and_then(Node::as_str)?;
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some(format!("#/$defs/{name}"))
}

fn mapping(key: &str, content: Content) -> Node {
    let node = |content| Node {
        position: Position::default(),
        content,
    };
    node(Content::Mapping(vec![openapi_document::Entry {
        key: key.to_owned(),
        key_position: Position::default(),
        value: node(content),
    }]))
}

impl Lazy {
    fn compile(&self) -> Result<Validator, String> {
        let converted = self.shared.converted(self.direction);
        let document = &self.shared.document;
        let reference = document.node(&self.pointer).and_then(component);
        let schema = match reference {
            Some(reference) => json!({ "$ref": reference }),
            None => converted
                .inline
                .get(&self.pointer)
                .cloned()
                .unwrap_or_default(),
        };
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&converted.close(schema))
            .map_err(|error| {
                let position = document.position(&self.pointer);
                format!(
                    "{}:{}:{}: this schema cannot be used: {error}",
                    document.source().name,
                    position.line,
                    position.column
                )
            })
    }
}

impl Schema {
    /// What is wrong with `value`; `inside` is the name of the field that it stands in, if it stands in one.
    ///
    /// # Errors
    /// The schema cannot be compiled, which the text says.
    pub(crate) fn violations(
        &self,
        value: &Value,
        inside: Option<&str>,
    ) -> Result<Violations, String> {
        let compiled = self.0.compiled.get_or_init(|| self.0.compile());
        let validator = compiled.as_ref().map_err(String::clone)?;
        let mut violations = Violations::default();
        if validator.is_valid(value) {
            return Ok(violations);
        }
        // Their hashes alone, since a request may have any number of them.
        let (mut known, state) = (HashSet::new(), RandomState::new());
        for error in validator.iter_errors(value) {
            let found = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
            let path: Vec<String> = inside
                .map(str::to_owned)
                .into_iter()
                .chain(found.segments())
                .collect();
            describe(error.kind(), &path, &mut |violation| {
                if known.insert(state.hash_one(&violation)) {
                    violations.add(violation);
                }
            });
        }
        Ok(violations)
    }
}

/// Says what is wrong, one by one.
fn describe(kind: &ValidationErrorKind, path: &[String], say: &mut impl FnMut(Violation)) {
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let message = "is not a field that the document describes";
            unexpected
                .iter()
                .for_each(|name| say(at(path, Some(name), message)));
        }
        ValidationErrorKind::Required { property } => {
            say(at(path, property.as_str(), "is required"));
        }
        _ => say(at(path, None, &expectation(kind))),
    }
}

fn at(path: &[String], member: Option<&str>, message: &str) -> Violation {
    let mut names: Vec<&str> = path.iter().map(String::as_str).collect();
    names.extend(member);
    match names.as_slice() {
        [] => Violation::of_body(message),
        names => Violation::of_field(&names.join("."), message),
    }
}

/// What the schema asks for. The texts of `jsonschema` itself show the value that does not fit.
fn expectation(kind: &ValidationErrorKind) -> String {
    match kind {
        ValidationErrorKind::Type {
            kind: TypeKind::Single(expected),
        } => format!("must be of the type `{expected}`"),
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let options: Vec<_> = options
                .iter()
                .map(|option| format!("`{}`", plain(option)))
                .collect();
            format!("must be one of {}", options.join(", "))
        }
        ValidationErrorKind::Format { format } => format!("must have the format `{format}`"),
        ValidationErrorKind::Pattern { pattern } => format!("must match the pattern `{pattern}`"),
        ValidationErrorKind::MinLength { limit } => {
            format!("must have a length of at least {limit}")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("must have a length of at most {limit}")
        }
        ValidationErrorKind::MinProperties { limit } => {
            format!("must have at least {limit} of the fields")
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("must have at most {limit} of the fields")
        }
        ValidationErrorKind::MinItems { limit } => format!("must have at least {limit} items"),
        ValidationErrorKind::MaxItems { limit } => format!("must have at most {limit} items"),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        ValidationErrorKind::MultipleOf { multiple_of } => {
            format!("must be a multiple of {multiple_of}")
        }
        ValidationErrorKind::UniqueItems => "must not have an item twice".to_owned(),
        ValidationErrorKind::FalseSchema => "must not be sent in this direction".to_owned(),
        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            "must have one of the documented forms".to_owned()
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            "must have only one of the documented forms".to_owned()
        }
        other => format!("does not meet `{}` of its schema", other.keyword()),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
