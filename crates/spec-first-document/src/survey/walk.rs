//! The walk: one function for each kind of object in the specification.

use crate::{Entry, Node, Pointer, Subschemas};

use crate::operations::operation_pointer;

use super::{
    Kind, MediaTypeSite, OperationSite, Reference, Role, SchemaSite, Site, Survey, Travels,
    component_pointer,
};

/// The context of a schema in the document.
#[derive(Clone, Copy)]
struct SchemaContext<'a> {
    component: Option<&'a str>,
    parent: Option<usize>,
    travels: Travels,
}

/// The keywords of OpenAPI 3.0 that contain schemas, each with its own role.
const OLDER_KEYWORDS: [&str; 7] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "items",
    "not",
    "oneOf",
    "properties",
];

impl SchemaContext<'_> {
    /// The context of a schema that is neither a component nor inside another schema.
    fn of(travels: Travels) -> Self {
        Self {
            component: None,
            parent: None,
            travels,
        }
    }
}

impl<'a> Survey<'a> {
    pub(super) fn walk_document(&mut self) {
        let root = self.document.root();
        let pointer = Pointer::root();
        self.walk_servers(&pointer, root);
        for path in root.entries_of("paths") {
            if !path.key.starts_with("x-") {
                let pointer = pointer.child("paths").child(path.key);
                self.walk_path_item(&pointer, path.value);
            }
        }
        if self.is_3_1 {
            for webhook in root.entries_of("webhooks") {
                let pointer = pointer.child("webhooks").child(webhook.key);
                self.walk_path_item(&pointer, webhook.value);
            }
        }
        for kind in self.kinds() {
            for entry in self.section(kind) {
                let pointer = component_pointer(kind, entry.key);
                self.walk_component(kind, entry.key, &pointer, entry.value);
            }
        }
    }

    fn walk_component(&mut self, kind: Kind, name: &'a str, pointer: &Pointer, node: Node<'a>) {
        match kind {
            Kind::Schema => {
                let context = SchemaContext {
                    component: Some(name),
                    parent: None,
                    travels: Travels::default(),
                };
                self.walk_schema(pointer, node, Role::Component(name), context);
            }
            Kind::Response => self.walk_response(pointer, node),
            Kind::Parameter => self.walk_parameter(pointer, node),
            Kind::Example => self.walk_example(pointer, node),
            Kind::RequestBody => self.walk_request_body(pointer, node),
            Kind::Header => self.walk_header(None, pointer, node, Travels::RESPONSE),
            Kind::Link => self.walk_link(pointer, node),
            Kind::Callback => self.walk_callback(pointer, node),
            Kind::SecurityScheme => {
                self.record_reference(pointer, node, kind);
            }
            Kind::PathItem => self.walk_path_item(pointer, node),
            Kind::MediaType => self.walk_media_type(pointer, node, Travels::default()),
        }
    }

    /// Records the reference at `node` and returns whether there is one.
    fn record_reference(&mut self, pointer: &Pointer, node: Node<'a>, kind: Kind) -> bool {
        let Some(reference) = node.get("$ref") else {
            return false;
        };
        if let Some(target) = reference.as_str() {
            self.references.push(Reference {
                pointer: pointer.clone(),
                node,
                target,
                kind,
            });
        }
        true
    }

    fn walk_servers(&mut self, pointer: &Pointer, holder: Node<'a>) {
        let pointer = pointer.child("servers");
        for (index, node) in holder.items_of("servers").iter().enumerate() {
            let pointer = pointer.child(index);
            self.servers.push(Site { pointer, node });
        }
    }

    fn walk_path_item(&mut self, pointer: &Pointer, node: Node<'a>) {
        // In a path item, unlike elsewhere, the siblings of a reference are not ignored.
        self.record_reference(pointer, node, Kind::PathItem);
        self.walk_servers(pointer, node);
        self.walk_parameters(pointer, node);
        for entry in self.document.operations_of(node) {
            let operation = operation_pointer(pointer, entry.key);
            self.walk_operation(&operation, entry.value);
        }
    }

    fn walk_operation(&mut self, pointer: &Pointer, node: Node<'a>) {
        self.written_operations.push(Site {
            pointer: pointer.clone(),
            node,
        });
        self.walk_servers(pointer, node);
        self.walk_parameters(pointer, node);
        if let Some(body) = node.get("requestBody") {
            self.walk_request_body(&pointer.child("requestBody"), body);
        }
        for entry in node.entries_of("responses") {
            if !entry.key.starts_with("x-") {
                let pointer = pointer.child("responses").child(entry.key);
                self.walk_response(&pointer, entry.value);
            }
        }
        for entry in node.entries_of("callbacks") {
            let pointer = pointer.child("callbacks").child(entry.key);
            self.walk_callback(&pointer, entry.value);
        }
    }

    fn walk_callback(&mut self, pointer: &Pointer, node: Node<'a>) {
        if self.record_reference(pointer, node, Kind::Callback) {
            return;
        }
        for entry in node.entries() {
            if !entry.key.starts_with("x-") {
                self.walk_path_item(&pointer.child(entry.key), entry.value);
            }
        }
    }

    fn walk_parameters(&mut self, pointer: &Pointer, holder: Node<'a>) {
        let Some(list) = holder.get("parameters") else {
            return;
        };
        let pointer = pointer.child("parameters");
        for (index, parameter) in list.items().iter().enumerate() {
            self.walk_parameter(&pointer.child(index), parameter);
        }
        self.parameter_lists.push(Site {
            pointer,
            node: list,
        });
    }

    fn walk_parameter(&mut self, pointer: &Pointer, node: Node<'a>) {
        if self.record_reference(pointer, node, Kind::Parameter) || !node.is_mapping() {
            return;
        }
        self.parameters.push(Site {
            pointer: pointer.clone(),
            node,
        });
        self.walk_described_value(pointer, node, Role::Parameter, Travels::REQUEST);
    }

    fn walk_header(
        &mut self,
        name: Option<&'a str>,
        pointer: &Pointer,
        node: Node<'a>,
        travels: Travels,
    ) {
        if !self.record_reference(pointer, node, Kind::Header) && node.is_mapping() {
            self.walk_described_value(pointer, node, Role::Header, travels);
        }
        let pointer = pointer.clone();
        self.headers.push((name, Site { pointer, node }));
    }

    /// The fields shared by parameters and headers.
    fn walk_described_value(
        &mut self,
        pointer: &Pointer,
        node: Node<'a>,
        role: Role<'a>,
        travels: Travels,
    ) {
        if let Some(schema) = node.get("schema") {
            self.walk_schema(
                &pointer.child("schema"),
                schema,
                role,
                SchemaContext::of(travels),
            );
        }
        self.walk_content(pointer, node, travels);
        self.walk_examples(pointer, node);
    }

    fn walk_request_body(&mut self, pointer: &Pointer, node: Node<'a>) {
        if self.record_reference(pointer, node, Kind::RequestBody) || !node.is_mapping() {
            return;
        }
        self.request_bodies.push(Site {
            pointer: pointer.clone(),
            node,
        });
        self.walk_content(pointer, node, Travels::REQUEST);
    }

    fn walk_response(&mut self, pointer: &Pointer, node: Node<'a>) {
        if self.record_reference(pointer, node, Kind::Response) || !node.is_mapping() {
            return;
        }
        self.responses.push(Site {
            pointer: pointer.clone(),
            node,
        });
        for entry in node.entries_of("headers") {
            let pointer = pointer.child("headers").child(entry.key);
            self.walk_header(Some(entry.key), &pointer, entry.value, Travels::RESPONSE);
        }
        self.walk_content(pointer, node, Travels::RESPONSE);
        for entry in node.entries_of("links") {
            let pointer = pointer.child("links").child(entry.key);
            self.walk_link(&pointer, entry.value);
        }
    }

    fn walk_link(&mut self, pointer: &Pointer, node: Node<'a>) {
        if !self.record_reference(pointer, node, Kind::Link) && node.is_mapping() {
            let pointer = pointer.clone();
            self.links.push(Site { pointer, node });
        }
    }

    fn walk_content(&mut self, pointer: &Pointer, holder: Node<'a>, travels: Travels) {
        for entry in holder.entries_of("content") {
            let pointer = pointer.child("content").child(entry.key);
            let node = entry.value;
            self.walk_media_type(&pointer, node, travels);
            self.media_types.push(MediaTypeSite {
                pointer,
                node,
                name: entry.key,
                travels,
            });
        }
    }

    fn walk_media_type(&mut self, pointer: &Pointer, node: Node<'a>, travels: Travels) {
        // Before OpenAPI 3.2, a media type cannot be a reference.
        if self.document.is_3_2() && self.record_reference(pointer, node, Kind::MediaType) {
            return;
        }
        // `itemSchema` describes one item of a stream, from OpenAPI 3.2 on.
        let keywords = ["schema", "itemSchema"];
        for keyword in &keywords[..if self.is_3_1 { 2 } else { 1 }] {
            if let Some(schema) = node.get(keyword) {
                self.walk_schema(
                    &pointer.child(keyword),
                    schema,
                    Role::Content,
                    SchemaContext::of(travels),
                );
            }
        }
        self.walk_examples(pointer, node);
        for encoding in node.entries_of("encoding") {
            let pointer = pointer.child("encoding").child(encoding.key);
            for header in encoding.value.entries_of("headers") {
                let pointer = pointer.child("headers").child(header.key);
                self.walk_header(Some(header.key), &pointer, header.value, travels);
            }
        }
    }

    fn walk_examples(&mut self, pointer: &Pointer, holder: Node<'a>) {
        for entry in holder.entries_of("examples") {
            let pointer = pointer.child("examples").child(entry.key);
            self.walk_example(&pointer, entry.value);
        }
    }

    fn walk_example(&mut self, pointer: &Pointer, node: Node<'a>) {
        if !self.record_reference(pointer, node, Kind::Example) && node.is_mapping() {
            let pointer = pointer.clone();
            self.examples.push(Site { pointer, node });
        }
    }

    fn walk_schema(
        &mut self,
        pointer: &Pointer,
        node: Node<'a>,
        role: Role<'a>,
        context: SchemaContext<'a>,
    ) {
        if !node.is_mapping() {
            return;
        }
        let site = self.schemas.len();
        self.schemas.push(SchemaSite {
            pointer: pointer.clone(),
            node,
            role,
            component: context.component,
            parent: context.parent,
            travels: context.travels,
        });
        // From OpenAPI 3.1 on, the siblings of a reference count.
        if self.record_reference(pointer, node, Kind::Schema) && !self.is_3_1 {
            return;
        }
        let context = SchemaContext {
            parent: Some(site),
            ..context
        };
        let required: Vec<&str> = node
            .items_of("required")
            .iter()
            .filter_map(Node::as_str)
            .collect();
        for entry in node.entries_of("properties") {
            let pointer = pointer.child("properties").child(entry.key);
            let role = Role::Property {
                name: entry.key,
                required: required.contains(&entry.key),
            };
            self.walk_schema(&pointer, entry.value, role, context);
        }
        for (keyword, role) in [
            ("items", Role::Items),
            ("additionalProperties", Role::AdditionalProperties),
            ("not", Role::Not),
        ] {
            if let Some(schema) = node.get(keyword) {
                self.walk_schema(&pointer.child(keyword), schema, role, context);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let pointer = pointer.child(keyword);
            for (index, branch) in node.items_of(keyword).iter().enumerate() {
                let role = Role::Branch { keyword, index };
                self.walk_schema(&pointer.child(index), branch, role, context);
            }
        }
        if self.is_3_1 {
            self.walk_newer_keywords(pointer, node, context);
        }
    }

    /// The schemas in keywords that OpenAPI 3.0 does not have.
    fn walk_newer_keywords(
        &mut self,
        pointer: &Pointer,
        node: Node<'a>,
        context: SchemaContext<'a>,
    ) {
        for Entry {
            key: keyword,
            value,
            ..
        } in node.entries()
        {
            let (pointer, role) = (pointer.child(keyword), Role::Keyword(keyword));
            match Subschemas::of(keyword).filter(|_| !OLDER_KEYWORDS.contains(&keyword)) {
                Some(Subschemas::One) => self.walk_schema(&pointer, value, role, context),
                Some(Subschemas::List) => {
                    for (index, schema) in value.items().iter().enumerate() {
                        self.walk_schema(&pointer.child(index), schema, role, context);
                    }
                }
                Some(Subschemas::Named) => {
                    for entry in value.entries() {
                        self.walk_schema(&pointer.child(entry.key), entry.value, role, context);
                    }
                }
                None => {}
            }
        }
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
