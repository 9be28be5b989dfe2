//! The walk through a document, along its grammar.

use crate::grammar::{Expected, Grammar, Key, Part};
use crate::tree::NodeId;
use crate::{Node, Pointer, Version};

use super::{MediaTypeSite, OperationSite, Reference, Role, SchemaSite, Site, Survey, Travels};

/// Where an object is.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The kind of object that contains it.
    holder: Part,
    /// The keyword there, and the name or index below it.
    keyword: &'a str,
    key: Option<Key<'a>>,
    /// Whether `required` of the object that contains it has this name.
    is_required: bool,
    component: Option<&'a str>,
    /// The enclosing schema.
    schema: Option<usize>,
    travels: Travels,
}

impl<'a> Place<'a> {
    fn name(&self) -> Option<&'a str> {
        match self.key {
            Some(Key::Name(name)) if self.holder != Part::Components => Some(name),
            _ => None,
        }
    }

    fn role(&self) -> Role<'a> {
        let keyword = self.keyword;
        match (self.holder, keyword, self.key) {
            (Part::Components, _, Some(Key::Name(name))) => Role::Component(name),
            (Part::Parameter, ..) => Role::Parameter,
            (Part::Header, ..) => Role::Header,
            (Part::MediaType, ..) => Role::Content,
            (_, "properties", Some(Key::Name(name))) => Role::Property {
                name,
                required: self.is_required,
            },
            (_, "items", _) => Role::Items,
            (_, "additionalProperties", _) => Role::AdditionalProperties,
            (_, "not", _) => Role::Not,
            (_, "allOf" | "oneOf" | "anyOf", Some(Key::Index(index))) => {
                Role::Branch { keyword, index }
            }
            _ => Role::Keyword(keyword),
        }
    }

    /// The same place, for an object of this kind.
    fn of(mut self, part: Part) -> Self {
        let is_component = self.holder == Part::Components;
        match (part, self.key) {
            (Part::Parameter | Part::RequestBody, _) => self.travels = Travels::REQUEST,
            (Part::Response, _) => self.travels = Travels::RESPONSE,
            (Part::Header, _) if is_component => self.travels = Travels::RESPONSE,
            (Part::Schema, Some(Key::Name(name))) if is_component => self.component = Some(name),
            _ => {}
        }
        self
    }
}

impl<'a> Survey<'a> {
    pub(super) fn walk_document(&mut self) {
        let document = self.document;
        let version = document.version().unwrap_or(Version::V3_0);
        let grammar = Grammar::of(&document.tree, version);
        let place = Place {
            holder: Part::Document,
            keyword: "",
            key: None,
            is_required: false,
            component: None,
            schema: None,
            travels: Travels::default(),
        };
        self.walk(
            &grammar,
            Part::Document,
            &Pointer::root(),
            document.root(),
            place,
        );
    }

    fn walk(
        &mut self,
        grammar: &Grammar,
        part: Part,
        pointer: &Pointer,
        node: Node<'a>,
        place: Place<'a>,
    ) {
        let mut place = place.of(part);
        // A schema may be `true` or `false`.
        if !node.is_mapping() || !self.record(part, pointer, node, &mut place) {
            return;
        }
        let tree = &self.document.tree;
        let mut required: Option<Vec<&str>> = None;
        for (keyword, value, expected) in grammar.objects_in(tree, part, node.id()) {
            let keyword = tree.text(keyword);
            let pointer = pointer.child(keyword);
            if !self.is_as_expected(expected, keyword, Key::Name(keyword), &pointer, value) {
                continue;
            }
            let inside = Place {
                holder: part,
                keyword,
                key: None,
                is_required: false,
                ..place
            };
            match expected {
                Expected::One(part) => {
                    self.walk(grammar, part, &pointer, Node::new(tree, value), inside);
                    continue;
                }
                Expected::Several(Part::Parameter) => self.parameter_lists.push(Site {
                    pointer: pointer.clone(),
                    node: Node::new(tree, value),
                }),
                _ => {}
            }
            for (key, value, expected) in expected.inside(tree, value) {
                let pointer = match key {
                    Key::Name(name) => pointer.child(name),
                    Key::Index(index) => pointer.child(index),
                };
                if !self.is_as_expected(expected, keyword, key, &pointer, value) {
                    continue;
                }
                let is_required = match key {
                    Key::Name(name) if part == Part::Schema => {
                        let names = || node.items_of("required").iter();
                        let names = || names().filter_map(Node::as_str).collect();
                        required.get_or_insert_with(names).contains(&name)
                    }
                    _ => false,
                };
                let inside = Place {
                    key: Some(key),
                    is_required,
                    ..inside
                };
                if let Some(part) = expected.part() {
                    self.walk(grammar, part, &pointer, Node::new(tree, value), inside);
                }
            }
        }
    }

    /// Whether the value is of the kind that it must be; otherwise it is recorded.
    fn is_as_expected(
        &mut self,
        expected: Expected,
        keyword: &str,
        key: Key<'_>,
        pointer: &Pointer,
        value: NodeId,
    ) -> bool {
        let tree = &self.document.tree;
        let is_met = expected.is_met(tree, value);
        // Nobody needs examples and links to use the document.
        let is_needed = !matches!(expected.part(), Some(Part::Example | Part::Link));
        if !is_met && is_needed {
            let message = expected.message(key, keyword, tree, value);
            self.misplaced.insert(pointer.clone(), message);
        }
        is_met
    }

    /// Records an object; returns whether what is inside it counts.
    fn record(
        &mut self,
        part: Part,
        pointer: &Pointer,
        node: Node<'a>,
        place: &mut Place<'a>,
    ) -> bool {
        // Before OpenAPI 3.2, a media type cannot be a reference.
        let can_be_reference = match part {
            Part::MediaType => self.document.is_3_2(),
            _ => !part.section().is_empty(),
        };
        let is_reference = can_be_reference && self.record_reference(pointer, node, part);
        let site = || Site {
            pointer: pointer.clone(),
            node,
        };
        match part {
            Part::Schema => {
                let site = SchemaSite {
                    pointer: pointer.clone(),
                    node,
                    role: place.role(),
                    component: place.component,
                    parent: place.schema.replace(self.schemas.len()),
                    travels: place.travels,
                };
                self.schemas.push(site);
            }
            Part::Header => self.headers.push((place.name(), site())),
            Part::MediaType => {
                if let Some(name) = place.name() {
                    self.media_types.push(MediaTypeSite {
                        pointer: pointer.clone(),
                        node,
                        name,
                        travels: place.travels,
                    });
                }
            }
            _ if is_reference => {}
            Part::Operation => self.written_operations.push(site()),
            Part::Parameter => self.parameters.push(site()),
            Part::RequestBody => self.request_bodies.push(site()),
            Part::Response => self.responses.push(site()),
            Part::Example => self.examples.push(site()),
            Part::Link => self.links.push(site()),
            Part::Server => self.servers.push(site()),
            _ => {}
        }
        // The siblings of a reference count in a path item, and from OpenAPI 3.1 on in a schema.
        !is_reference || part == Part::PathItem || part == Part::Schema && self.is_3_1
    }

    /// Records the reference at `node` and returns whether there is one.
    fn record_reference(&mut self, pointer: &Pointer, node: Node<'a>, kind: Part) -> bool {
        let Some(reference) = node.get("$ref") else {
            return false;
        };
        match reference.as_str() {
            Some(target) => self.references.push(Reference {
                pointer: pointer.clone(),
                node,
                target,
                kind,
            }),
            None => {
                let pointer = pointer.child("$ref");
                let key = Key::Name("$ref");
                self.is_as_expected(Expected::Text, "$ref", key, &pointer, reference.id());
            }
        }
        true
    }

    pub(super) fn collect_operations(&mut self) {
        let document = self.document;
        for operation in document.operations() {
            let pointer = operation.pointer();
            let path_item = Pointer::root().child("paths").child(operation.path);
            let mut parameters = self.declared_parameters(&path_item, operation.path_item);
            parameters.extend(self.declared_parameters(&pointer, operation.node));
            let responses = operation.node.entries_of("responses");
            let responses = responses
                .iter()
                .filter(|entry| !entry.key.starts_with("x-"))
                .filter_map(|entry| {
                    let pointer = pointer.child("responses").child(entry.key);
                    let node = self.resolve(&pointer, entry.value)?.node;
                    Some((entry.key, Site { pointer, node }))
                })
                .collect();
            self.operations.push(OperationSite {
                operation,
                pointer,
                parameters,
                responses,
            });
        }
    }

    fn declared_parameters(&self, pointer: &Pointer, holder: Node<'a>) -> Vec<Site<'a>> {
        let parameters = holder.items_of("parameters").iter().enumerate();
        parameters
            .filter_map(|(index, parameter)| {
                let pointer = pointer.child("parameters").child(index);
                let node = self.resolve(&pointer, parameter)?.node;
                Some(Site { pointer, node })
            })
            .collect()
    }
}
