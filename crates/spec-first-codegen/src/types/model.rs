//! Decides what each schema of a document is in Rust.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;
use spec_first_document::survey::{Part, Role, Site, Survey, Travels, component_pointer};
use spec_first_document::{Document, Node, Pointer};

use super::choices::text_of;
use super::documentation::documentation;
use super::flat::{Additional, Alias, Flat};
use super::member::Member;
use super::names::{Names, field_name, place_name, type_name};
use super::shapes::{Content, Definition, Enum, Field, Shape, Struct};
use super::{boxes, directions};
use crate::extensions;

/// The types of a document.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) definitions: Vec<Definition>,
    /// The shape of every schema that was looked at, by its pointer.
    pub(super) shapes: HashMap<Pointer, Shape>,
    /// The shapes that operations use, with the directions in which they are sent.
    pub(super) used: Vec<(Shape, Travels)>,
}

impl Model {
    pub(super) fn of(document: &Document) -> Self {
        let survey = Survey::of(document);
        let mut builder = Builder {
            document,
            model: Self::default(),
            components: HashMap::new(),
            subtypes: HashMap::new(),
            names: Names::default(),
            open: HashSet::new(),
            waiting: VecDeque::new(),
        };
        let section = survey.section(Part::Schema);
        // All of them before any inline schema, whose name then gives way.
        for component in section {
            let name = builder.names.claim(type_name(component.key));
            let pointer = component_pointer(Part::Schema, component.key);
            builder.add_supertypes(&pointer, component.value);
            builder.components.insert(pointer, name);
        }
        for component in section {
            builder.shape(
                &component_pointer(Part::Schema, component.key),
                component.value,
            );
            builder.define_waiting();
        }
        for site in &survey.schemas {
            let is_use = site.component.is_none() && site.parent.is_none();
            if is_use && has_type(&site.pointer, site.role) {
                let travels = match is_called_by_server(&site.pointer) {
                    true => Travels {
                        request: true,
                        response: true,
                    },
                    false => survey.travels(site),
                };
                // Each part is a value of its own.
                let values = match is_multipart(&site.pointer) {
                    true => super::properties(document, &site.pointer, site.node)
                        .into_iter()
                        .map(|part| part.member)
                        .collect(),
                    false => vec![Member::new(Site {
                        pointer: site.pointer.clone(),
                        node: site.node,
                    })],
                };
                for value in values {
                    let shape = builder.member(&value);
                    builder.model.used.push((shape, travels));
                    builder.define_waiting();
                }
            }
        }
        let mut model = builder.model;
        directions::spread(&mut model);
        boxes::find_recursion(&mut model);
        boxes::find_large(&mut model);
        model
    }
}

/// Whether values of the schema at `pointer` are JSON or are made from it, so that a type helps.
fn has_type(pointer: &Pointer, role: Role<'_>) -> bool {
    let segments: Vec<String> = pointer.segments().collect();
    let position = segments.iter().rposition(|segment| segment == "content");
    let media_type = position.and_then(|position| segments.get(position + 1));
    match (role, media_type) {
        (Role::Content, Some(name)) => {
            let name = name.to_lowercase();
            [
                "json",
                "x-www-form-urlencoded",
                "multipart/",
                "*/*",
                "event-stream",
            ]
            .iter()
            .any(|part| name.contains(part))
        }
        _ => true,
    }
}

fn is_multipart(pointer: &Pointer) -> bool {
    pointer
        .segments()
        .any(|segment| segment.starts_with("multipart/"))
}

/// Whether the server is the one that sends the request: its values go in both directions, from where the client is.
fn is_called_by_server(pointer: &Pointer) -> bool {
    pointer
        .segments()
        .any(|segment| segment == "callbacks" || segment == "webhooks")
}

pub(super) struct Builder<'a> {
    pub(super) document: &'a Document,
    pub(super) model: Model,
    pub(super) components: HashMap<Pointer, String>,
    /// The components whose `allOf` refers to a component.
    pub(super) subtypes: HashMap<Pointer, Vec<Pointer>>,
    pub(super) names: Names,
    /// The schemas whose shape is being decided, to stop at one that only refers to itself.
    open: HashSet<Pointer>,
    waiting: VecDeque<Waiting<'a>>,
}

/// A definition whose content has not been looked at yet.
struct Waiting<'a> {
    index: usize,
    pointer: Pointer,
    flat: Flat<'a>,
    task: Task<'a>,
}

pub(super) enum Task<'a> {
    Struct,
    Union(Vec<Site<'a>>),
    Subtypes(Vec<Site<'a>>),
    Types(Vec<&'a str>),
    Newtype,
}

impl<'a> Builder<'a> {
    pub(super) fn shape(&mut self, pointer: &Pointer, node: Node<'a>) -> Shape {
        self.shape_once(pointer, |builder| builder.shape_of(pointer, node))
    }

    fn member(&mut self, member: &Member<'a>) -> Shape {
        let node = member.site.node;
        if !member.is_merged() {
            return self.shape(&member.site.pointer, node);
        }
        let pointer = member.pointer();
        self.shape_once(&pointer, |builder| {
            builder.shape_of_flat(&pointer, node, member.flat(builder.document))
        })
    }

    fn shape_once(&mut self, pointer: &Pointer, decide: impl FnOnce(&mut Self) -> Shape) -> Shape {
        if let Some(known) = self.model.shapes.get(pointer) {
            return known.clone();
        }
        if !self.open.insert(pointer.clone()) {
            return Shape::Any;
        }
        let shape = decide(self);
        self.open.remove(pointer);
        self.model.shapes.insert(pointer.clone(), shape.clone());
        shape
    }

    fn shape_of(&mut self, pointer: &Pointer, node: Node<'a>) -> Shape {
        if let Some(path) = self.replacement(pointer, node) {
            return Shape::Replaced(path.to_owned());
        }
        if let Some(Alias {
            target,
            is_nullable,
        }) = Alias::of(self.document, pointer, node)
            && !self.is_subtype(pointer, &target)
        {
            let shape = self.shape(&target.pointer, target.node);
            if self.components.contains_key(pointer) {
                self.define(pointer, node, Content::Alias(shape.clone()));
            }
            return match is_nullable {
                true => shape.nullable(),
                false => shape,
            };
        }
        self.shape_of_flat(pointer, node, Flat::of(self.document, pointer, node))
    }

    fn shape_of_flat(&mut self, pointer: &Pointer, node: Node<'a>, flat: Flat<'a>) -> Shape {
        let is_nullable = flat.is_nullable;
        let shape = self.not_null(pointer, node, flat);
        match is_nullable {
            true => shape.nullable(),
            false => shape,
        }
    }

    /// Whether `supertype` is a choice between components, by its discriminator, and the one at `pointer` is among them.
    fn is_subtype(&self, pointer: &Pointer, supertype: &Site<'a>) -> bool {
        let subtypes = self.subtypes.get(&supertype.pointer);
        supertype.node.get("discriminator").is_some()
            && subtypes.is_some_and(|subtypes| subtypes.contains(pointer))
    }

    fn not_null(&mut self, pointer: &Pointer, node: Node<'a>, flat: Flat<'a>) -> Shape {
        if let Some(discriminator) = node
            .get("discriminator")
            .filter(|_| flat.choices.is_empty())
        {
            let subtypes = self.subtypes_of(pointer, discriminator);
            if !subtypes.is_empty() {
                return self.wait(pointer, node, flat, Task::Subtypes(subtypes));
            }
        }
        if let [choice] = flat.choices.as_slice() {
            let choice = choice.clone();
            if let Some(content) = self.texts_of(&choice) {
                return self.define(pointer, node, Content::Enum(content));
            }
            return self.wait(pointer, node, flat, Task::Union(choice));
        }
        if let Some(values) = &flat.values {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            if let Some(values) = texts.collect::<Option<Vec<_>>>() {
                let content = Enum {
                    values,
                    is_open: false,
                };
                return match content.values.is_empty() {
                    true => Shape::Any,
                    false => self.define(pointer, node, Content::Enum(content)),
                };
            }
        }
        let types = flat.types.clone().unwrap_or_default();
        if types.len() > 1 {
            return match types
                .iter()
                .all(|name| ["integer", "number"].contains(name))
            {
                true => Shape::Number,
                false => self.wait(pointer, node, flat, Task::Types(types)),
            };
        }
        let kind = types.first().copied().or_else(|| implied_type(&flat));
        if kind == Some("object") && !flat.properties.is_empty() && flat.choices.is_empty() {
            return self.wait(pointer, node, flat, Task::Struct);
        }
        let is_component = self.components.contains_key(pointer);
        match simple(kind, &flat) {
            Some(shape @ (Shape::Secret | Shape::Timestamp)) => shape,
            Some(shape) if is_component => {
                let shape = self.define(pointer, node, Content::Newtype(shape));
                if let Some(definition) = self.model.definitions.last_mut() {
                    say_if_untyped(&flat, &mut definition.documentation);
                }
                shape
            }
            Some(shape) => shape,
            None if is_component => self.wait(pointer, node, flat, Task::Newtype),
            None => self.collection(kind, &flat),
        }
    }

    /// The type of a list or a map.
    pub(super) fn collection(&mut self, kind: Option<&str>, flat: &Flat<'a>) -> Shape {
        let inner = match kind {
            Some("array") if flat.is_tuple => None,
            Some("array") => flat.items.clone(),
            _ => match (&flat.additional, flat.patterns.as_slice()) {
                (Some(Additional::Schema(values)), []) => Some(values.clone()),
                (None | Some(Additional::Forbidden), [values]) => Some(Member::new(values.clone())),
                _ => None,
            },
        };
        let inner = inner.map_or(Shape::Any, |inner| self.member(&inner));
        match kind {
            Some("array") => Shape::List(Box::new(inner)),
            _ => Shape::Map(Box::new(inner)),
        }
    }

    /// The path of the type that replaces the component at `pointer`.
    fn replacement(&self, pointer: &Pointer, node: Node<'a>) -> Option<&'a str> {
        let path = extensions::rust_type(node)?;
        let is_text = node.str_of("type") == Some("string");
        let is_path = syn::parse_str::<syn::TypePath>(path).is_ok();
        (self.components.contains_key(pointer) && is_text && is_path).then_some(path)
    }

    fn define(&mut self, pointer: &Pointer, node: Node<'a>, content: Content) -> Shape {
        let name = match self.components.get(pointer) {
            Some(name) => name.clone(),
            None => self.names.claim(place_name(self.document, pointer)),
        };
        self.define_as(name, node, content)
    }

    pub(super) fn define_as(&mut self, name: String, node: Node<'a>, content: Content) -> Shape {
        self.model.definitions.push(Definition {
            name,
            documentation: documentation(node),
            content,
            travels: Travels::default(),
        });
        Shape::Named(self.model.definitions.len() - 1)
    }

    /// Defines a type whose content is looked at later, because it may contain the type itself.
    fn wait(&mut self, pointer: &Pointer, node: Node<'a>, flat: Flat<'a>, task: Task<'a>) -> Shape {
        let shape = self.define(pointer, node, Content::Newtype(Shape::Any));
        self.wait_for(&shape, pointer, flat, task);
        shape
    }

    pub(super) fn wait_for(
        &mut self,
        shape: &Shape,
        pointer: &Pointer,
        flat: Flat<'a>,
        task: Task<'a>,
    ) {
        if let Shape::Named(index) = *shape {
            let pointer = pointer.clone();
            self.waiting.push_back(Waiting {
                index,
                pointer,
                flat,
                task,
            });
        }
    }

    fn define_waiting(&mut self) {
        while let Some(waiting) = self.waiting.pop_front() {
            let Waiting {
                index,
                pointer,
                flat,
                task,
            } = waiting;
            let mut content = match task {
                Task::Struct => Content::Struct(self.structure(&flat)),
                Task::Union(choice) => {
                    let name = self.model.definitions[index].name.clone();
                    Content::Union(self.union(&name, &flat, &choice))
                }
                Task::Subtypes(choice) => {
                    let name = self.model.definitions[index].name.clone();
                    Content::Union(self.union_of_subtypes(&name, &pointer, flat, choice))
                }
                Task::Types(types) => {
                    let name = self.model.definitions[index].name.clone();
                    Content::Union(self.union_of_types(&name, &pointer, &flat, &types))
                }
                Task::Newtype => {
                    let kind = flat.types.iter().flatten().next().copied();
                    let kind = kind.or_else(|| implied_type(&flat));
                    Content::Newtype(self.collection(kind, &flat))
                }
            };
            if let Content::Union(union) = &mut content {
                // A branch that is the choice itself would be read without end, and allows nothing that the others do not.
                let itself = Shape::Named(index);
                union.branches.retain(|branch| branch.shape != itself);
            }
            self.model.definitions[index].content = content;
        }
    }

    fn structure(&mut self, flat: &Flat<'a>) -> Struct {
        let additional = match (&flat.additional, flat.patterns.is_empty()) {
            (Some(Additional::Schema(values)), true) => Some(self.member(values)),
            (Some(Additional::Allowed), _) | (_, false) => Some(Shape::Any),
            (None | Some(Additional::Forbidden), true) => None,
        };
        let mut names = Names::default();
        if additional.is_some() {
            names.claim("extra".to_owned());
        }
        let mut fields = Vec::new();
        for (property, member) in &flat.properties {
            let own = member.brief(self.document);
            let site = &member.site;
            let constant = match own.values.as_deref() {
                Some([value]) => Some(text_of(value)),
                _ => None,
            };
            let mut documentation = documentation(site.node);
            say_if_untyped(&own, &mut documentation);
            let shape = self.member(member);
            fields.push(Field {
                property: (*property).to_owned(),
                name: names.claim(field_name(property)),
                is_boxed: false,
                is_hidden: own.is_write_only && *shape.not_null() != Shape::Secret,
                shape,
                documentation,
                is_required: flat.required.contains(property),
                is_read_only: site.node.is_true("readOnly")
                    || self.document.is_marked(site.node, "readOnly"),
                is_write_only: own.is_write_only,
                constant,
            });
        }
        // What the document requires and does not describe can be anything. A response without it is read.
        for property in &flat.required {
            let is_known = |field: &Field| field.property == *property;
            if additional.is_none() && !fields.iter().any(is_known) {
                fields.push(Field {
                    property: (*property).to_owned(),
                    name: names.claim(field_name(property)),
                    shape: Shape::Any,
                    documentation: "Required, but not described.".to_owned(),
                    is_required: true,
                    is_read_only: false,
                    is_write_only: true,
                    is_boxed: false,
                    is_hidden: false,
                    constant: None,
                });
            }
        }
        Struct {
            fields,
            additional,
            is_closed: matches!(flat.additional, Some(Additional::Forbidden)),
        }
    }
}

/// Documents why a value with several `oneOf` or `anyOf` has no type.
fn say_if_untyped(flat: &Flat<'_>, documentation: &mut String) {
    if flat.choices.len() > 1 {
        let reason = "Any JSON: the document combines choices in a way that no Rust type has.";
        let before = std::mem::take(documentation);
        let parts = [before.trim_end(), reason];
        *documentation = parts.join("\n\n").trim_start().to_owned();
    }
}

/// The type that keywords imply where `type` is missing.
fn implied_type(flat: &Flat<'_>) -> Option<&'static str> {
    let is_object = !flat.properties.is_empty()
        || !flat.patterns.is_empty()
        || matches!(flat.additional, Some(Additional::Schema(_)));
    let values = flat.values.as_deref().filter(|values| !values.is_empty());
    let are = |is: fn(&Value) -> bool| values.is_some_and(|values| values.iter().all(is));
    match (is_object, &flat.items) {
        _ if are(Value::is_i64) => Some("integer"),
        _ if are(Value::is_boolean) => Some("boolean"),
        (true, _) => Some("object"),
        (false, Some(_)) => Some("array"),
        (false, None) if flat.is_tuple => Some("array"),
        (false, None) => None,
    }
}

/// The type of a value that is neither a list nor an object; a value that several choices describe is kept as it is.
pub(super) fn simple(kind: Option<&str>, flat: &Flat<'_>) -> Option<Shape> {
    if !flat.choices.is_empty() {
        return Some(Shape::Any);
    }
    Some(match kind {
        Some("boolean") => Shape::Boolean,
        Some("integer") if flat.is_unsigned => Shape::Unsigned,
        Some("integer") => Shape::Integer,
        Some("number") => Shape::Number,
        Some("string") => match flat.format {
            Some("password") => Shape::Secret,
            _ if flat.is_write_only => Shape::Secret,
            Some("date-time") => Shape::Timestamp,
            _ => Shape::Text,
        },
        Some("array" | "object") => return None,
        _ => Shape::Any,
    })
}
