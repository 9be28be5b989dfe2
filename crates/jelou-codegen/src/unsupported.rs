//! What progenitor refuses, panics on, or silently gets wrong, found in the document before it is tried.
//!
//! The facts were measured with the version that `Cargo.toml` pins. It deliberately does not judge the document otherwise: what
//! stands here may be good OpenAPI.

mod parameters;
mod responses;
mod schemas;
mod security;

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use openapi_document::survey::Kind;
use openapi_document::{Document, Finding, Node, OperationNode, Pointer, Survey};

use crate::contract::IDEMPOTENT;

/// The rule name of every finding of this module.
const RULE: &str = "generator";

/// Media types of request bodies for which progenitor has code.
const REQUEST_MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
];

/// Methods that progenitor calls on `reqwest::Client`, which does not have them.
const NO_METHODS: [&str; 2] = ["options", "trace"];

/// Everything in `document` that no correct client can be generated for, each with its place and what to write instead.
pub fn unsupported(document: &Document) -> Vec<Finding> {
    let survey = Survey::of(document);
    let mut check = Check {
        document,
        survey: &survey,
        findings: Vec::new(),
    };
    check.version();
    check.references();
    check.security_schemes();
    check.servers_below_the_root();
    check.operation_ids();
    for operation in document.operations() {
        check.method(&operation);
        check.idempotence(&operation);
        check.parameters(&operation);
        check.request_body(&operation);
        check.responses(&operation);
    }
    check.component_names();
    for schema in &survey.schemas {
        check.schema(schema);
    }
    let mut findings = check.findings;
    findings.sort_by(|a, b| (a.position, &a.message).cmp(&(b.position, &b.message)));
    findings.dedup_by(|a, b| a.position == b.position && a.message == b.message);
    findings
}

struct Check<'a> {
    document: &'a Document,
    survey: &'a Survey<'a>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn report(&mut self, pointer: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        self.findings
            .push(self.document.finding(RULE, pointer, message, help));
    }

    fn version(&mut self) {
        let pointer = Pointer::root().child("openapi");
        let message = match self.document.node(&pointer).and_then(Node::as_str) {
            Some(version) if version.starts_with("3.0.") => return,
            Some(version) => format!("the generator reads OpenAPI 3.0, not `{version}`"),
            None => "this does not say which version of OpenAPI it is written in".to_owned(),
        };
        self.report(&pointer, message, "write the document as `openapi: 3.0.3`");
    }

    fn references(&mut self) {
        let references = self.survey.references.iter();
        // A path in the form of a reference is another finding.
        for reference in references.filter(|reference| reference.kind != Kind::PathItem) {
            let (text, address) = (&reference.target, reference.pointer.child("$ref"));
            if !text.starts_with('#') {
                self.report(
                    &address,
                    format!("the generator cannot follow `{text}` to another file"),
                    "move what it refers to into `components` of this document",
                );
            } else if self.document.resolve(reference.node).is_none() {
                self.report(
                    &address,
                    format!("`{text}` refers to nothing"),
                    "mend the reference, or add what it refers to",
                );
            } else if !reference
                .pointer
                .as_str()
                .starts_with("/components/schemas")
                && text.matches('/').count() != 3
            {
                self.report(
                    &address,
                    format!("the generator cannot follow `{text}` into a part of the document"),
                    "name it under `components` and refer to that",
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

    fn method(&mut self, operation: &OperationNode<'a>) {
        if NO_METHODS.contains(&operation.method) {
            self.report(
                &operation.pointer(),
                format!(
                    "the generated code for `{}` does not compile, because the client of `reqwest` has no such method",
                    operation.method.to_uppercase()
                ),
                "leave the operation out",
            );
        }
    }

    /// A value that is not understood would count as none, and then a request is sent again, or not, against the intent.
    fn idempotence(&mut self, operation: &OperationNode<'a>) {
        let written = operation.node.get(IDEMPOTENT);
        if written.is_some_and(|value| value.as_bool().is_none()) {
            self.report(
                &operation.pointer().child(IDEMPOTENT),
                format!("`{IDEMPOTENT}` is neither `true` nor `false`, and so would not count"),
                "write `true` if the operation may be sent twice, or else `false`, without quotes",
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
            .survey
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
}
