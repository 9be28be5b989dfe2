//! The OpenAPI document of one operation, which Markdown contains in place of the sections that are generated from it.

use serde_json::Value;
use spec_first_document::{Document, Node, OperationNode, Pointer};

use super::reader::Reader;
use super::{limits, unread};
use crate::source::agreement::schemas::{Place, Schemas, resolve};

/// The maximum depth of properties; a schema may contain itself.
const DEEPEST: usize = 4;

/// The sections of parameters, by place.
const PARAMETERS: [(&str, &str); 4] = [
    ("path", "path-parameters-schema"),
    ("query", "query-parameters-schema"),
    ("header", "headers"),
    ("cookie", "cookies"),
];

impl Reader<'_> {
    /// States what the rendered page would show of a document; returns whether the text is one.
    pub(super) fn document(&mut self, text: &str, first_line: u32) -> bool {
        if !is_document(text) {
            return false;
        }
        let Ok(document) = Document::parse("openapi", text) else {
            return false;
        };
        let Some(operation) = document.operations().next() else {
            return false;
        };
        let line = |node: Node<'_>| {
            let offset = u32::try_from(node.position().line)
                .unwrap_or(u32::MAX)
                .saturating_sub(1);
            first_line.saturating_add(offset)
        };
        let section = std::mem::take(&mut self.section);
        let method = operation.method.to_uppercase();
        self.state_in(
            "operation",
            "method",
            "",
            method.into(),
            line(operation.node),
        );
        self.state_in(
            "operation",
            "path",
            "",
            operation.path.into(),
            line(operation.path_item),
        );
        for server in document.root().items_of("servers") {
            let url = server
                .str_of("url")
                .unwrap_or_default()
                .trim_end_matches('/');
            let url = format!("{url}{}", operation.path);
            self.state_in("servers", "url", "", url.into(), line(server));
        }
        self.security(&document, operation, &line);
        for (place, section) in PARAMETERS {
            for parameter in parameters(&document, operation, place) {
                let schemas = schema_of(&document, parameter);
                let name = parameter.str_of("name").unwrap_or_default();
                section.clone_into(&mut self.section);
                self.property(
                    name,
                    &schemas,
                    parameter.is_true("required"),
                    line(parameter),
                );
            }
        }
        if let Some(body) = operation.node.get("requestBody") {
            self.content(&document, "body", body, &line);
        }
        // The rendered page lists statuses in a menu, of which a capture shows only one.
        for response in operation.node.entries_of("responses").iter() {
            let number = line(response.value);
            self.state_in("document", "status", response.key, Value::Null, number);
        }
        let mut responses = operation.node.entries_of("responses").iter();
        let success = responses.find(|entry| entry.key.starts_with('2'));
        if let Some(response) = success {
            self.content(&document, "response", response.value, &line);
        }
        let own = operation.pointer();
        let body = operation.node.get("requestBody");
        let body = body.map(|body| (own.child("requestBody"), body));
        let success = success.map(|entry| (own.child("responses").child(entry.key), entry.value));
        let holders = [body, success].into_iter().flatten();
        let resolved = holders.filter_map(|(pointer, node)| resolve(&document, pointer, node));
        let contents: Vec<Pointer> = resolved
            .map(|(pointer, _)| pointer.child("content"))
            .collect();
        "document".clone_into(&mut self.section);
        for (number, text) in unread::find(&document, &contents) {
            let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_sub(1);
            self.keep(&text, first_line.saturating_add(number), false);
        }
        self.section = section;
        self.field = None;
        true
    }

    fn security(
        &mut self,
        document: &Document,
        operation: OperationNode<'_>,
        line: &dyn Fn(Node<'_>) -> u32,
    ) {
        let own = operation.node.get("security");
        let Some(requirements) = own.or_else(|| document.root().get("security")) else {
            return;
        };
        let all = Pointer::root().child("components").child("securitySchemes");
        for requirement in requirements.items() {
            for entry in requirement.entries() {
                let pointer = all.child(entry.key);
                let Some((_, scheme)) = document
                    .node(&pointer)
                    .and_then(|node| resolve(document, pointer, node))
                else {
                    continue;
                };
                let (name, place) = match scheme.str_of("type") {
                    Some("apiKey") => (
                        scheme.str_of("name").unwrap_or_default(),
                        scheme.str_of("in").unwrap_or("header"),
                    ),
                    _ => ("Authorization", "header"),
                };
                "authorizations".clone_into(&mut self.section);
                self.begin_field(name, Some("string"), line(scheme));
                self.state("place", name, place.into(), line(scheme));
                self.state("required", name, true.into(), line(scheme));
                if let Some(kind) = scheme.str_of("scheme") {
                    self.state(
                        "scheme",
                        &name.to_lowercase(),
                        kind.to_lowercase().into(),
                        line(scheme),
                    );
                }
                if let Some(description) = scheme.str_of("description") {
                    let description = description.to_owned();
                    self.say(&description, line(scheme));
                }
            }
        }
    }

    fn content(
        &mut self,
        document: &Document,
        section: &str,
        holder: Node<'_>,
        line: &dyn Fn(Node<'_>) -> u32,
    ) {
        let Some((_, holder)) = resolve(document, Pointer::root(), holder) else {
            return;
        };
        section.clone_into(&mut self.section);
        let Some(entry) = holder.entries_of("content").iter().next() else {
            return;
        };
        // The rendered page shows the media type of a response only beside its status.
        if section == "body" {
            self.state("media-type", entry.key, true.into(), line(entry.value));
        }
        let schemas = schema_of(document, entry.value);
        self.properties(&schemas, "", 1, line);
    }

    /// States a field as the rendered page shows it.
    fn property(&mut self, name: &str, schemas: &Schemas<'_>, is_required: bool, line: u32) {
        self.begin_field(name, written_type(schemas).as_deref(), line);
        if is_required {
            self.state("required", name, true.into(), line);
        }
        if schemas.nodes().any(|node| node.is_true("deprecated")) {
            self.state("deprecated", name, true.into(), line);
        }
        let values = schemas.enumerated();
        if !values.is_empty() {
            self.state("enum", name, values.into(), line);
        }
        if let Some(limits) = limits::of(schemas.nodes()) {
            self.state("limit", name, limits, line);
        }
        for key in ["default", "example"] {
            if let Some(value) = schemas.nodes().find_map(|node| node.get(key)) {
                self.state(key, name, value.to_json(), line);
            }
        }
        for description in schemas.values_of("description") {
            self.prose(description, line);
        }
    }

    /// States the properties of a schema, recursively.
    fn properties(
        &mut self,
        schemas: &Schemas<'_>,
        within: &str,
        depth: usize,
        line: &dyn Fn(Node<'_>) -> u32,
    ) {
        for name in schemas.names() {
            let property = schemas.at(name);
            let number = property.nodes().next().map_or(1, line);
            let path = format!("{within}{name}");
            self.property(&path, &property, schemas.requires(name), number);
            if depth < DEEPEST {
                let items = property.at("[0]");
                let inner = if items.is_empty() { &property } else { &items };
                self.properties(inner, &format!("{path}."), depth + 1, line);
            } else if !property.names().is_empty() {
                self.keep(&path, number, false);
            }
        }
    }
}

/// Whether a text starts like an OpenAPI document.
pub(super) fn is_document(text: &str) -> bool {
    text.starts_with("openapi:") || text.starts_with("{\"openapi\"")
}

fn parameters<'a>(
    document: &'a Document,
    operation: OperationNode<'a>,
    place: &str,
) -> Vec<Node<'a>> {
    let holders = [operation.path_item, operation.node].into_iter();
    let all = holders.flat_map(|holder| holder.items_of("parameters"));
    let resolved =
        all.filter_map(|node| resolve(document, Pointer::root(), node).map(|(_, node)| node));
    resolved
        .filter(|node| node.str_of("in") == Some(place))
        .collect()
}

fn schema_of<'a>(document: &'a Document, holder: Node<'a>) -> Schemas<'a> {
    let schema = holder.get("schema").into_iter();
    Schemas::of(
        document,
        schema
            .map(|node| Place::new(Pointer::root(), node))
            .collect(),
    )
}

/// A type such as `string<uri>`, `enum<string>` or `object[] | null`.
fn written_type(schemas: &Schemas<'_>) -> Option<String> {
    let types = schemas.types();
    let is_nullable =
        types.contains(&"null") || schemas.nodes().any(|node| node.is_true("nullable"));
    let mut types = types.into_iter().filter(|kind| *kind != "null");
    let (kind, None) = (types.next()?, types.next()) else {
        return Some("any".to_owned());
    };
    let written = match (kind, schemas.values_of("format").first()) {
        _ if !schemas.enumerated().is_empty() => format!("enum<{kind}>"),
        ("array", _) => format!(
            "{}[]",
            written_type(&schemas.at("[0]")).unwrap_or_else(|| "any".to_owned())
        ),
        (kind, Some(format)) => format!("{kind}<{format}>"),
        (kind, None) => kind.to_owned(),
    };
    Some(if is_nullable {
        format!("{written} | null")
    } else {
        written
    })
}
