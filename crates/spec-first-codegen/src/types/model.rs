//! Decides what each schema of a document is in Rust.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;
use spec_first_document::survey::{Kind, Role, Site, Survey, Travels, component_pointer};
use spec_first_document::{Document, Node, Pointer};

use super::directions;
use super::documentation::documentation;
use super::flat::{Additional, Alias, Flat};
use super::names::{Names, field_name, place_name, type_name, variant_name};
use super::shapes::{Branch, Content, Definition, Enum, Field, Shape, Struct, Union};
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
        let section = survey.section(Kind::Schema);
        // All of them before any inline schema, whose name then gives way.
        for component in section {
            let name = builder.names.claim(type_name(component.key));
            let pointer = component_pointer(Kind::Schema, component.key);
            builder.add_supertypes(&pointer, component.value);
            builder.components.insert(pointer, name);
        }
        for component in section {
            builder.shape(
                &component_pointer(Kind::Schema, component.key),
                component.value,
            );
            builder.define_waiting();
        }
        for site in &survey.schemas {
            let is_use = site.component.is_none() && site.parent.is_none();
            if is_use && has_type(&site.pointer, site.role) {
                let shape = builder.shape(&site.pointer, site.node);
                let travels = match is_called_by_server(&site.pointer) {
                    true => Travels {
                        request: true,
                        response: true,
                    },
                    false => survey.travels(site),
                };
                builder.model.used.push((shape, travels));
                builder.define_waiting();
            }
        }
        let mut model = builder.model;
        directions::spread(&mut model);
        directions::find_recursion(&mut model);
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

/// Whether the server is the one that sends the request: its values go in both directions, from where the client is.
fn is_called_by_server(pointer: &Pointer) -> bool {
    pointer
        .segments()
        .any(|segment| segment == "callbacks" || segment == "webhooks")
}

struct Builder<'a> {
    document: &'a Document,
    model: Model,
    components: HashMap<Pointer, String>,
    /// The components whose `allOf` refers to a component.
    subtypes: HashMap<Pointer, Vec<Pointer>>,
    names: Names,
    /// What is being looked at, so that a schema which is nothing but itself ends.
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

enum Task<'a> {
    Struct,
    Union(Vec<Site<'a>>),
    Subtypes(Vec<Site<'a>>),
    Types(Vec<&'a str>),
    Newtype,
}

impl<'a> Builder<'a> {
    fn shape(&mut self, pointer: &Pointer, node: Node<'a>) -> Shape {
        if let Some(known) = self.model.shapes.get(pointer) {
            return known.clone();
        }
        if !self.open.insert(pointer.clone()) {
            return Shape::Any;
        }
        let shape = self.shape_of(pointer, node);
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
        let flat = Flat::of(self.document, pointer, node);
        let is_nullable = flat.is_nullable;
        let shape = self.not_null(pointer, node, flat);
        match is_nullable {
            true => shape.nullable(),
            false => shape,
        }
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
            Some(shape) if is_component => self.define(pointer, node, Content::Newtype(shape)),
            Some(shape) => shape,
            None if is_component => self.wait(pointer, node, flat, Task::Newtype),
            None => self.collection(kind, &flat),
        }
    }

    /// The type of a list or a map.
    fn collection(&mut self, kind: Option<&str>, flat: &Flat<'a>) -> Shape {
        let inner = match kind {
            Some("array") if flat.is_tuple => None,
            Some("array") => flat.items.clone(),
            _ => match (&flat.additional, flat.patterns.as_slice()) {
                (Some(Additional::Schema(values)), []) => Some(values.clone()),
                (None | Some(Additional::Forbidden), [values]) => Some(values.clone()),
                _ => None,
            },
        };
        let inner = inner.map_or(Shape::Any, |site| self.shape(&site.pointer, site.node));
        match kind {
            Some("array") => Shape::List(Box::new(inner)),
            _ => Shape::Map(Box::new(inner)),
        }
    }

    fn add_supertypes(&mut self, pointer: &Pointer, node: Node<'a>) {
        for supertype in node.items_of("allOf").iter().filter_map(Node::reference) {
            self.subtypes
                .entry(supertype)
                .or_default()
                .push(pointer.clone());
        }
    }

    /// The components that a component with a discriminator is a choice between: those that its mapping names and those that
    /// contain it.
    fn subtypes_of(&self, pointer: &Pointer, discriminator: Node<'a>) -> Vec<Site<'a>> {
        let mapping = discriminator.entries_of("mapping");
        let mapped = mapping.iter().filter_map(|entry| target_of(entry.value));
        let containing = self.subtypes.get(pointer).into_iter().flatten().cloned();
        let mut subtypes: Vec<Site<'a>> = Vec::new();
        for subtype in mapped.chain(containing) {
            let is_known = |site: &Site<'a>| site.pointer == subtype;
            if !self.components.contains_key(&subtype) || subtypes.iter().any(is_known) {
                continue;
            }
            if let Some(node) = self.document.node(&subtype) {
                subtypes.push(Site {
                    pointer: subtype,
                    node,
                });
            }
        }
        // Alone, it is a type like any other.
        match subtypes.iter().all(|site| site.pointer == *pointer) {
            true => Vec::new(),
            false => subtypes,
        }
    }

    /// A component and those that contain it, however deep.
    fn family(&self, pointer: &Pointer) -> Vec<Pointer> {
        let mut family = vec![pointer.clone()];
        let mut next = 0;
        while let Some(member) = family.get(next).cloned() {
            for subtype in self.subtypes.get(&member).into_iter().flatten() {
                if !family.contains(subtype) {
                    family.push(subtype.clone());
                }
            }
            next += 1;
        }
        family
    }

    /// The texts that a choice is between, where it is written as a choice of constants.
    fn texts_of(&self, choice: &[Site<'a>]) -> Option<Enum> {
        let mut texts = Enum {
            values: Vec::new(),
            is_open: false,
        };
        for branch in choice {
            if branch.node.get("$ref").is_some() {
                return None;
            }
            let flat = Flat::of(self.document, &branch.pointer, branch.node);
            match flat.values {
                Some(values) => {
                    for value in values {
                        texts.values.push(value.as_str()?.to_owned());
                    }
                }
                None if simple(flat.types?.first().copied(), &Flat::default())
                    == Some(Shape::Text) =>
                {
                    texts.is_open = true;
                }
                None => return None,
            }
        }
        (!texts.values.is_empty()).then_some(texts)
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

    fn define_as(&mut self, name: String, node: Node<'a>, content: Content) -> Shape {
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

    fn wait_for(&mut self, shape: &Shape, pointer: &Pointer, flat: Flat<'a>, task: Task<'a>) {
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
            let content = match task {
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
            self.model.definitions[index].content = content;
        }
    }

    fn structure(&mut self, flat: &Flat<'a>) -> Struct {
        let additional = match (&flat.additional, flat.patterns.is_empty()) {
            (Some(Additional::Schema(values)), true) => {
                Some(self.shape(&values.pointer, values.node))
            }
            (Some(Additional::Allowed), _) | (_, false) => Some(Shape::Any),
            (None | Some(Additional::Forbidden), true) => None,
        };
        let mut names = Names::default();
        if additional.is_some() {
            names.claim("extra".to_owned());
        }
        let mut fields = Vec::new();
        for (property, site) in &flat.properties {
            let own = Flat::of(self.document, &site.pointer, site.node);
            let constant = match own.values.as_deref() {
                Some([value]) => Some(text_of(value)),
                _ => None,
            };
            let is_read_only = |node: Node<'_>| node.is_true("readOnly");
            let resolved = self.document.resolve(site.node).unwrap_or(site.node);
            fields.push(Field {
                property: (*property).to_owned(),
                name: names.claim(field_name(property)),
                shape: self.shape(&site.pointer, site.node),
                documentation: documentation(site.node),
                is_required: flat.required.contains(property),
                is_read_only: is_read_only(site.node) || is_read_only(resolved),
                is_write_only: own.is_write_only,
                constant,
            });
        }
        Struct {
            fields,
            additional,
            is_closed: matches!(flat.additional, Some(Additional::Forbidden)),
        }
    }

    fn union(&mut self, name: &str, base: &Flat<'a>, choice: &[Site<'a>]) -> Union {
        let discriminator = base.discriminator;
        let mut union = Branches::default();
        for (number, site) in choice.iter().enumerate() {
            let component = site.node.reference().unwrap_or(site.pointer.clone());
            let component = Some(component).filter(|to| self.components.contains_key(to));
            let title = site.node.str_of("title");
            let shape = match base.properties.is_empty() {
                true => self.shape(&site.pointer, site.node).not_null().clone(),
                false => self.branch_with_base(name, number, base, site),
            };
            let own = match (&component, title) {
                (Some(component), _) => self.components.get(component).cloned(),
                (None, Some(title)) => Some(variant_name(title)),
                (None, None) => None,
            };
            let variant = own.unwrap_or_else(|| match &shape {
                Shape::Named(_) => format!("Variant{number}"),
                other => variant_of(other).to_owned(),
            });
            let discriminator = discriminator.and_then(|discriminator| {
                let property = discriminator.str_of("propertyName")?;
                let flat = Flat::of(self.document, &site.pointer, site.node);
                let values = self.selected_by(discriminator, property, component.as_ref(), &flat);
                Some((property.to_owned(), values))
            });
            union.push(variant, shape, discriminator);
        }
        union.finish()
    }

    fn union_of_subtypes(
        &mut self,
        name: &str,
        pointer: &Pointer,
        flat: Flat<'a>,
        mut choice: Vec<Site<'a>>,
    ) -> Union {
        let base = Flat {
            discriminator: flat.discriminator,
            ..Flat::default()
        };
        let own = choice.iter().position(|site| site.pointer == *pointer);
        let own = own.map(|position| choice.remove(position));
        let mut union = self.union(name, &base, &choice);
        if let Some(own) = own {
            let name = self.names.claim(format!("{name}Base"));
            let shape = self.define_as(name, own.node, Content::Newtype(Shape::Any));
            let discriminator = flat.discriminator.and_then(|discriminator| {
                let property = discriminator.str_of("propertyName")?.to_owned();
                let values = mapped_to(discriminator, pointer);
                Some((property, values))
            });
            self.wait_for(&shape, pointer, flat, Task::Struct);
            union.branches.push(Branch {
                variant: "Base".to_owned(),
                shape,
                discriminator,
                is_recursive: false,
            });
        }
        union
    }

    /// A branch together with the properties beside the choice.
    fn branch_with_base(
        &mut self,
        name: &str,
        number: usize,
        base: &Flat<'a>,
        site: &Site<'a>,
    ) -> Shape {
        let mut flat = Flat {
            choices: Vec::new(),
            is_nullable: false,
            ..base.clone()
        };
        flat.add(self.document, &site.pointer, site.node);
        flat.choices.clear();
        let title = site.node.str_of("title").map(str::to_owned);
        let own = site.node.reference().and_then(|reference| reference.last());
        let own = title.or(own).unwrap_or_else(|| format!("Variant{number}"));
        let name = self.names.claim(type_name(&format!("{name} {own}")));
        let shape = self.define_as(name, site.node, Content::Newtype(Shape::Any));
        self.wait_for(&shape, &site.pointer, flat, Task::Struct);
        shape
    }

    /// The values of the discriminator that select a branch.
    fn selected_by(
        &self,
        discriminator: Node<'a>,
        property: &str,
        component: Option<&Pointer>,
        flat: &Flat<'a>,
    ) -> Vec<String> {
        let family = component.map(|component| self.family(component));
        let family = family.unwrap_or_default();
        let mapped = family.iter().map(|member| mapped_to(discriminator, member));
        let mut values: Vec<String> = mapped.flatten().collect();
        let own = flat.properties.iter().find(|(name, _)| *name == property);
        if let Some((_, site)) = own {
            let own = Flat::of(self.document, &site.pointer, site.node);
            if let Some([value]) = own.values.as_deref() {
                values.push(text_of(value));
            }
        }
        if values.is_empty() {
            values.extend(family.iter().filter_map(Pointer::last));
        }
        values
    }

    fn union_of_types(
        &mut self,
        name: &str,
        pointer: &Pointer,
        flat: &Flat<'a>,
        types: &[&'a str],
    ) -> Union {
        let mut union = Branches::default();
        for kind in types {
            let flat = Flat {
                types: Some(vec![kind]),
                ..flat.clone()
            };
            let shape = match simple(Some(kind), &flat) {
                Some(shape) => shape,
                None if *kind == "object" && !flat.properties.is_empty() => {
                    let name = self.names.claim(type_name(&format!("{name} object")));
                    let node = self.document.node(pointer).unwrap_or(self.document.root());
                    let shape = self.define_as(name, node, Content::Newtype(Shape::Any));
                    self.wait_for(&shape, pointer, flat, Task::Struct);
                    shape
                }
                None => self.collection(Some(kind), &flat),
            };
            let variant = match shape {
                Shape::Named(_) => "Object",
                ref other => variant_of(other),
            };
            union.push(variant.to_owned(), shape, None);
        }
        union.finish()
    }
}

/// The component that a value of `mapping` names.
fn target_of(mapped: Node<'_>) -> Option<Pointer> {
    let text = mapped.as_str()?;
    match text.starts_with('#') {
        true => Pointer::parse(text),
        false => Some(component_pointer(Kind::Schema, text)),
    }
}

/// The values of the discriminator that its mapping has for a component.
fn mapped_to(discriminator: Node<'_>, component: &Pointer) -> Vec<String> {
    let mapping = discriminator.entries_of("mapping").iter();
    let mapped = mapping.filter(|entry| target_of(entry.value).as_ref() == Some(component));
    mapped.map(|entry| entry.key.to_owned()).collect()
}

#[derive(Default)]
struct Branches {
    branches: Vec<Branch>,
    names: Names,
}

impl Branches {
    fn push(
        &mut self,
        variant: String,
        shape: Shape,
        discriminator: Option<(String, Vec<String>)>,
    ) {
        let same = self
            .branches
            .iter_mut()
            .find(|branch| branch.shape == shape);
        if let Some(same) = same {
            if let (Some((_, values)), Some((_, more))) = (&mut same.discriminator, discriminator) {
                values.extend(more);
            }
            return;
        }
        self.branches.push(Branch {
            variant: self.names.claim(variant),
            shape,
            discriminator,
            is_recursive: false,
        });
    }

    fn finish(self) -> Union {
        Union {
            branches: self.branches,
        }
    }
}

/// The type that keywords imply where `type` is missing.
fn implied_type(flat: &Flat<'_>) -> Option<&'static str> {
    let is_object = !flat.properties.is_empty()
        || !flat.patterns.is_empty()
        || matches!(flat.additional, Some(Additional::Schema(_)));
    match (is_object, &flat.items) {
        (true, _) => Some("object"),
        (false, Some(_)) => Some("array"),
        (false, None) if flat.is_tuple => Some("array"),
        (false, None) => None,
    }
}

/// The type of a value that is neither a list nor an object; a value that several choices describe is kept as it is.
fn simple(kind: Option<&str>, flat: &Flat<'_>) -> Option<Shape> {
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

/// The name of the variant for a type without a name.
fn variant_of(shape: &Shape) -> &'static str {
    match shape {
        Shape::Any => "Value",
        Shape::Boolean => "Boolean",
        Shape::Integer => "Int64",
        Shape::Unsigned => "Uint64",
        Shape::Number => "Number",
        Shape::Text => "String",
        Shape::Secret => "Secret",
        Shape::Timestamp => "Timestamp",
        Shape::Replaced(_) | Shape::Named(_) => "Value",
        Shape::List(_) => "Array",
        Shape::Map(_) => "Object",
        Shape::Nullable(inner) => variant_of(inner),
    }
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
