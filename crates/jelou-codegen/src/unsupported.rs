//! What progenitor refuses, panics on, or silently gets wrong, found in the document before it is tried.
//!
//! The facts were measured with the version that `Cargo.toml` pins. It deliberately does not judge the document otherwise: what
//! stands here may be good OpenAPI.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use openapi_document::{Content, Document, Finding, Node, OperationNode, Pointer, SchemaNode};

use crate::lowering::is_https_url;

/// The rule name of every finding of this module.
const RULE: &str = "generator";

/// Media types of request bodies for which progenitor has code.
const REQUEST_MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
];

/// Everything in `document` that no correct client can be generated for, each with its place and what to write instead.
pub fn unsupported(document: &Document) -> Vec<Finding> {
    let mut check = Check {
        document,
        findings: Vec::new(),
    };
    check.version();
    check.references();
    check.security_schemes();
    check.servers_below_the_root();
    check.operation_ids();
    for operation in document.operations() {
        check.parameters(&operation);
        check.request_body(&operation);
        check.responses(&operation);
    }
    check.component_names();
    for schema in document.schemas() {
        check.schema(&schema);
    }
    let mut findings = check.findings;
    findings.sort_by(|a, b| (a.position, &a.message).cmp(&(b.position, &b.message)));
    findings.dedup_by(|a, b| a.position == b.position && a.message == b.message);
    findings
}

struct Check<'a> {
    document: &'a Document,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn report(&mut self, pointer: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        self.findings
            .push(self.document.finding(RULE, pointer, message, help));
    }

    fn version(&mut self) {
        let pointer = Pointer::root().child("openapi");
        let version = self
            .document
            .node(&pointer)
            .and_then(Node::as_str)
            .unwrap_or_default();
        if !version.starts_with("3.0.") {
            self.report(
                &pointer,
                format!("the generator reads OpenAPI 3.0, not `{version}`"),
                "write the document as `openapi: 3.0.3`",
            );
        }
    }

    fn references(&mut self) {
        self.references_in(self.document.root(), &Pointer::root());
    }

    fn references_in(&mut self, node: &'a Node, pointer: &Pointer) {
        // A path in the form of a reference is another finding.
        let is_path = pointer
            .parent()
            .is_some_and(|parent| parent.as_str() == "/paths");
        if let Some(reference) = node.get("$ref").and_then(Node::as_str).filter(|_| !is_path) {
            let address = pointer.child("$ref");
            if !reference.starts_with('#') {
                self.report(
                    &address,
                    format!("the generator cannot follow `{reference}` to another file"),
                    "move what it refers to into `components` of this document",
                );
            } else if self.document.resolve(node).is_none() {
                self.report(
                    &address,
                    format!("`{reference}` refers to nothing"),
                    "mend the reference, or add what it refers to",
                );
            } else if !pointer.as_str().starts_with("/components/schemas")
                && reference.matches('/').count() != 3
            {
                self.report(
                    &address,
                    format!(
                        "the generator cannot follow `{reference}` into a part of the document"
                    ),
                    "name it under `components` and refer to that",
                );
            }
        }
        for entry in node.entries() {
            if !matches!(
                entry.key.as_str(),
                "example" | "examples" | "default" | "enum"
            ) {
                self.references_in(&entry.value, &pointer.child(&entry.key));
            }
        }
        for (index, item) in node.items().iter().enumerate() {
            self.references_in(item, &pointer.child(index));
        }
    }

    /// The client has to know how a credential becomes a header for each scheme.
    fn security_schemes(&mut self) {
        let section = Pointer::root().child("components").child("securitySchemes");
        for entry in self.document.node(&section).map_or(&[][..], Node::entries) {
            let text = |key| {
                entry
                    .value
                    .get(key)
                    .and_then(Node::as_str)
                    .unwrap_or_default()
            };
            let is_known = match text("type") {
                "apiKey" => text("in") == "header",
                "http" => text("scheme").eq_ignore_ascii_case("basic"),
                _ => false,
            };
            if !is_known {
                self.report(
                    &section.child(&entry.key),
                    format!("the client has no credential for the security scheme `{}`", entry.key),
                    "use an API key in a header or HTTP Basic, or teach `jelou-codegen` and `jelou-client` the scheme",
                );
            }
        }
        let mut requirements = vec![Pointer::root().child("security")];
        requirements.extend(
            self.document
                .operations()
                .map(|operation| operation.pointer().child("security")),
        );
        for pointer in requirements {
            for (index, alternative) in self
                .document
                .node(&pointer)
                .map_or(&[][..], Node::items)
                .iter()
                .enumerate()
            {
                for entry in alternative.entries() {
                    if self.document.node(&section.child(&entry.key)).is_none() {
                        self.report(
                            &pointer.child(index).child(&entry.key),
                            format!("there is no security scheme `{}`", entry.key),
                            "add it to `components.securitySchemes`, or mend the name",
                        );
                    }
                }
            }
        }
    }

    fn servers_below_the_root(&mut self) {
        for operation in self.document.operations() {
            let of_path = Pointer::root()
                .child("paths")
                .child(operation.path)
                .child("servers");
            for pointer in [of_path, operation.pointer().child("servers")] {
                if self.document.node(&pointer).is_some() {
                    self.report(
                        &pointer,
                        "the generated client sends every operation to the servers of the document",
                        "declare servers at the root of the document only",
                    );
                }
            }
        }
        let pointer = Pointer::root().child("servers");
        for (index, server) in self
            .document
            .node(&pointer)
            .map_or(&[][..], Node::items)
            .iter()
            .enumerate()
        {
            if server
                .get("url")
                .and_then(Node::as_str)
                .is_some_and(|url| url.contains('{'))
            {
                self.report(
                    &pointer.child(index).child("url"),
                    "the generated client does not fill in variables of a server",
                    "write one server for each value",
                );
            }
        }
    }

    fn operation_ids(&mut self) {
        let mut seen = BTreeMap::new();
        for operation in self.document.operations() {
            let pointer = operation.pointer();
            let Some(operation_id) = operation.node.get("operationId").and_then(Node::as_str)
            else {
                self.report(
                    &pointer,
                    format!(
                        "`{}` has no `operationId`, from which the generator makes its name",
                        operation.name()
                    ),
                    "add an `operationId` in snake_case",
                );
                continue;
            };
            if let Some(other) = seen.insert(operation_id.to_snake_case(), operation_id) {
                self.report(
                    &pointer.child("operationId"),
                    format!("`{operation_id}` gives the same Rust name as `{other}`"),
                    "give each operation a name of its own",
                );
            }
        }
        let paths = Pointer::root().child("paths");
        for path in self.document.node(&paths).map_or(&[][..], Node::entries) {
            if path.value.get("$ref").is_some() {
                self.report(
                    &paths.child(&path.key),
                    format!(
                        "the generator cannot follow a reference in place of the path `{}`",
                        path.key
                    ),
                    "write the operations here",
                );
            }
        }
    }

    fn parameters(&mut self, operation: &OperationNode<'a>) {
        let name = operation.name();
        let path_item = Pointer::root().child("paths").child(operation.path);
        let mut declared = BTreeSet::new();
        for (owner, pointer) in [
            (operation.path_item, path_item),
            (operation.node, operation.pointer()),
        ] {
            let pointer = pointer.child("parameters");
            for (index, written) in owner
                .get("parameters")
                .map_or(&[][..], Node::items)
                .iter()
                .enumerate()
            {
                let Some((target, parameter)) = self.document.resolve_with_pointer(written) else {
                    continue;
                };
                let place = target.unwrap_or_else(|| pointer.child(index));
                let text = |key| {
                    parameter
                        .get(key)
                        .and_then(Node::as_str)
                        .unwrap_or_default()
                };
                match text("in") {
                    "path" => {
                        declared.insert(text("name"));
                        if parameter.get("required").and_then(Node::as_bool) != Some(true) {
                            let message = format!(
                                "the path parameter `{}` is not `required: true`",
                                text("name")
                            );
                            self.report(&place, message, "add `required: true`");
                        }
                        self.path_parameter_schema(&place, parameter);
                    }
                    "cookie" => self.report(
                        &place,
                        format!(
                            "the generator cannot send the cookie parameter `{}` of `{name}`",
                            text("name")
                        ),
                        "leave it out, or teach `jelou-codegen` a fix",
                    ),
                    _ => {}
                }
                if parameter.get("content").is_some() {
                    self.report(
                        &place.child("content"),
                        format!(
                            "the generator cannot encode `{}` of `{name}` by media type",
                            text("name")
                        ),
                        "describe the parameter by `schema`",
                    );
                }
            }
        }
        let template = operation
            .path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'));
        for (parameter, _) in template.filter(|(parameter, _)| !declared.contains(parameter)) {
            self.report(
                &operation.pointer(),
                format!("`{name}` does not declare the path parameter `{parameter}`"),
                "add it to `parameters`",
            );
        }
    }

    /// Only a named schema can be replaced by a type that cannot leave its segment of the path.
    fn path_parameter_schema(&mut self, place: &Pointer, parameter: &Node) {
        let Some(schema) = parameter.get("schema") else {
            return;
        };
        let is_text = |schema: &Node| schema.get("type").and_then(Node::as_str) == Some("string");
        if schema.get("$ref").is_none() && is_text(schema) {
            self.report(
                &place.child("schema"),
                "a path parameter of plain text can leave its segment (`..`), and the generator does not prevent it",
                "name the schema under `components.schemas` and refer to it; it then gets a type of its own",
            );
        }
    }

    fn request_body(&mut self, operation: &OperationNode<'a>) {
        let Some(written) = operation.node.get("requestBody") else {
            return;
        };
        let Some((target, body)) = self.document.resolve_with_pointer(written) else {
            return;
        };
        let place = target.unwrap_or_else(|| operation.pointer().child("requestBody"));
        let content = body.get("content").map_or(&[][..], Node::entries);
        if content.len() > 1 {
            self.report(
                &place.child("content"),
                format!(
                    "the generator handles one media type in a request, not the {} of `{}`",
                    content.len(),
                    operation.name()
                ),
                "keep the one that the client shall send",
            );
        }
        for media_type in content
            .iter()
            .filter(|media_type| !REQUEST_MEDIA_TYPES.contains(&media_type.key.as_str()))
        {
            self.report(
                &place.child("content").child(&media_type.key),
                format!("the generator cannot send `{}`", media_type.key),
                format!(
                    "use one of {}",
                    REQUEST_MEDIA_TYPES
                        .map(|name| format!("`{name}`"))
                        .join(", ")
                ),
            );
        }
        let reachable = self
            .document
            .schemas_reachable_from(&operation.pointer().child("requestBody"));
        for schema in reachable {
            if schema.node.get("nullable").and_then(Node::as_bool) == Some(true) {
                self.report(
                    &schema.pointer.child("nullable"),
                    "the generated client cannot send `null`: an optional property is left out",
                    "remove `nullable`, or teach `jelou-codegen` to tell `null` from absent",
                );
            }
            if schema.node.get("default").is_some() {
                self.report(
                    &schema.pointer.child("default"),
                    "with a default the generated client sends this property always, even when nobody set it",
                    "remove `default` and say in the description what the server assumes",
                );
            }
        }
    }

    fn responses(&mut self, operation: &OperationNode<'a>) {
        let name = operation.name();
        let pointer = operation.pointer().child("responses");
        let mut success = BTreeMap::new();
        for response in operation
            .node
            .get("responses")
            .map_or(&[][..], Node::entries)
        {
            let place = pointer.child(&response.key);
            if response.key == "default" {
                self.report(
                    &place,
                    format!("the generator takes the `default` response of `{name}` for a success as well, and panics"),
                    "list the statuses; the client handles all others as errors with status, headers and body",
                );
            }
            if !response.key.starts_with('2') {
                continue;
            }
            let Some((target, resolved)) = self.document.resolve_with_pointer(&response.value)
            else {
                continue;
            };
            let content = resolved.get("content").map_or(&[][..], Node::entries);
            let json = content
                .iter()
                .find(|media_type| media_type.key == "application/json");
            let schema = json.and_then(|json| json.value.get("schema"));
            if json.is_some() && schema.is_none() {
                self.report(
                    &target.clone().unwrap_or_else(|| place.clone()),
                    format!("the generator panics on JSON without a schema in `{name}`"),
                    "add `schema`",
                );
            }
            let kind = match (content.first(), schema) {
                (None, _) => "nothing".to_owned(),
                (Some(_), Some(schema)) => schema.to_json().to_string(),
                (Some(_), None) => "bytes".to_owned(),
            };
            success.insert(kind, response.key.clone());
        }
        if success.len() > 1 {
            let statuses: Vec<_> = success
                .values()
                .map(|status| format!("`{status}`"))
                .collect();
            self.report(
                &pointer,
                format!(
                    "the generator handles one type of success, and `{name}` has several: {}",
                    statuses.join(", ")
                ),
                "give all successes of an operation the same schema",
            );
        }
        for (schema, status) in operation
            .node
            .get("responses")
            .map_or(&[][..], Node::entries)
            .iter()
            .flat_map(|entry| {
                let reachable = self
                    .document
                    .schemas_reachable_from(&pointer.child(&entry.key));
                reachable
                    .into_iter()
                    .map(|schema| (schema, entry.key.clone()))
            })
        {
            if status.starts_with('2')
                && schema
                    .node
                    .get("additionalProperties")
                    .and_then(Node::as_bool)
                    == Some(false)
            {
                self.report(
                    &schema.pointer.child("additionalProperties"),
                    "a response that is closed breaks the generated client with every property the server adds",
                    "leave out `additionalProperties: false`",
                );
            }
        }
    }

    fn component_names(&mut self) {
        let section = Pointer::root().child("components").child("schemas");
        let mut seen = BTreeMap::new();
        for entry in self.document.node(&section).map_or(&[][..], Node::entries) {
            if let Some(other) = seen.insert(entry.key.to_pascal_case(), &entry.key) {
                self.report(
                    &section.child(&entry.key),
                    format!("`{}` gives the same Rust name as `{other}`", entry.key),
                    "give each schema a name of its own",
                );
            }
        }
    }

    fn schema(&mut self, schema: &SchemaNode<'a>) {
        let SchemaNode { pointer, node } = schema;
        self.names_in(
            pointer,
            node.get("properties").map(|properties| {
                properties
                    .entries()
                    .iter()
                    .map(|entry| entry.key.as_str())
                    .collect()
            }),
            "properties",
            str::to_snake_case,
        );
        self.names_in(
            pointer,
            node.get("enum")
                .map(|values| values.items().iter().filter_map(Node::as_str).collect()),
            "enum",
            str::to_pascal_case,
        );

        let text = |key| node.get(key).and_then(Node::as_str);
        if let Some(pattern) = text("pattern") {
            let is_path_parameter = self.is_path_parameter(pointer);
            if !is_path_parameter && !is_https_url(text("format"), Some(pattern)) {
                self.report(
                    &pointer.child("pattern"),
                    "for a pattern the generated code needs an engine for regular expressions, which the client does not carry",
                    "say it in the description, or give the schema a type of its own in `jelou-codegen`",
                );
            }
        }
        if node.get("not").is_some() {
            self.report(
                &pointer.child("not"),
                "the generator ignores or refuses `not`",
                "describe what is allowed",
            );
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = node.get(key) {
                self.branches(&pointer.child(key), key, branches.items());
            }
        }
    }

    fn is_path_parameter(&self, pointer: &Pointer) -> bool {
        let parameters = self.document.operations().flat_map(|operation| {
            let of_path = operation
                .path_item
                .get("parameters")
                .map_or(&[][..], Node::items);
            of_path.iter().chain(
                operation
                    .node
                    .get("parameters")
                    .map_or(&[][..], Node::items),
            )
        });
        parameters
            .filter_map(|parameter| self.document.resolve(parameter))
            .any(|parameter| {
                let schema = parameter
                    .get("schema")
                    .and_then(|schema| schema.get("$ref"))
                    .and_then(Node::as_str);
                parameter.get("in").and_then(Node::as_str) == Some("path")
                    && schema.and_then(Pointer::parse).as_ref() == Some(pointer)
            })
    }

    /// An `anyOf` or `oneOf` becomes an enum that reads as the first branch that fits. That is right if each branch says what it
    /// is, and no branch hides those after it.
    fn branches(&mut self, pointer: &Pointer, key: &str, branches: &'a [Node]) {
        for (index, written) in branches.iter().enumerate() {
            let place = pointer.child(index);
            let Some(branch) = self.document.resolve(written) else {
                continue;
            };
            let says_what_it_is = ["type", "enum", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| branch.get(key).is_some());
            if !says_what_it_is {
                self.report(
                    &place,
                    format!("the generator drops a branch of `{key}` that only adds a constraint"),
                    "name the type of each branch, or say it in the description (`minProperties: 1` for at least one)",
                );
            }
            let is_last = index + 1 == branches.len();
            let is_object = branch.get("type").and_then(Node::as_str) == Some("object");
            if is_object
                && !is_last
                && branch
                    .get("required")
                    .is_none_or(|required| required.items().is_empty())
            {
                self.report(
                    &place,
                    "everything reads as this branch, since nothing in it is required, and the branches after it are never tried",
                    "put it last, or say what it requires",
                );
            }
            let is_any_text = branch.get("type").and_then(Node::as_str) == Some("string")
                && branch.get("enum").is_none();
            let hides = branches[index + 1..].iter().any(|later| {
                self.document
                    .resolve(later)
                    .is_some_and(|later| later.get("type").and_then(Node::as_str) == Some("string"))
            });
            if is_any_text && hides {
                self.report(
                    &place,
                    "any text reads as this branch, and the text branches after it are never tried",
                    "put the branch for any text last",
                );
            }
        }
    }

    fn names_in(
        &mut self,
        pointer: &Pointer,
        names: Option<Vec<&str>>,
        key: &str,
        to_rust: fn(&str) -> String,
    ) {
        let mut seen = BTreeMap::new();
        for (index, name) in names.into_iter().flatten().enumerate() {
            if let Some(other) = seen.insert(to_rust(name), name) {
                let holder = pointer.child(key);
                let is_sequence = matches!(
                    self.document.node(&holder).map(|node| &node.content),
                    Some(Content::Sequence(_))
                );
                let place = if is_sequence {
                    holder.child(index)
                } else {
                    holder.child(name)
                };
                self.report(
                    &place,
                    format!("`{name}` gives the same Rust name as `{other}`"),
                    "the two cannot be told apart in the generated client: rename or remove one",
                );
            }
        }
    }
}
