//! Finds what progenitor rejects, panics on or silently gets wrong, before it runs.
//!
//! The checks were determined by experiment with the version pinned in `Cargo.toml`. What they report may be valid
//! OpenAPI; other checks are the task of a linter.

mod parameters;
mod responses;
mod schemas;
mod security;

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use spec_first_document::survey::Kind;
use spec_first_document::{Document, Finding, Node, OperationNode, Pointer, Survey};

use crate::extensions::{self, Mistake};
use crate::operation_names::operation_name;

/// The rule name of every finding of this module.
const RULE: &str = "generator";

/// Request media types that progenitor supports.
const REQUEST_MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
];

/// Methods for which progenitor calls functions that `reqwest::Client` does not have.
const UNSUPPORTED_METHODS: [&str; 2] = ["options", "trace"];

/// Reports everything in `document` for which no correct client can be generated, with what to write instead.
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
        check.mistakes(extensions::mistakes_in_operation(&operation));
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
            Some(version) => format!("the generator supports OpenAPI 3.0, not `{version}`"),
            None => "the document does not declare its OpenAPI version".to_owned(),
        };
        self.report(&pointer, message, "use `openapi: 3.0.3`");
    }

    fn references(&mut self) {
        let references = self.survey.references.iter();
        // Referenced path items are reported separately.
        for reference in references
            .filter(|reference| !matches!(reference.kind, Kind::PathItem | Kind::MediaType))
        {
            let (text, address) = (&reference.target, reference.pointer.child("$ref"));
            if !text.starts_with('#') {
                self.report(
                    &address,
                    format!("the generator does not support references to other files: `{text}`"),
                    "move the target to the `components` of this document",
                );
            } else if self.document.resolve(reference.node).is_none() {
                self.report(
                    &address,
                    format!("`{text}` does not exist"),
                    "correct the reference, or add the target",
                );
            } else if !reference
                .pointer
                .as_str()
                .starts_with("/components/schemas")
                && text.matches('/').count() != 3
            {
                self.report(
                    &address,
                    format!("the generator supports only references to components, not `{text}`"),
                    "move the target to `components` and reference it there",
                );
            }
        }
    }

    fn operation_ids(&mut self) {
        let mut seen = BTreeMap::new();
        for operation in self.document.operations() {
            let pointer = operation.pointer();
            let name = operation_name(&operation);
            if let Some(other) = seen.insert(name.to_snake_case(), operation.name()) {
                self.report(
                    &pointer.child("operationId"),
                    format!("`{}` has the same Rust name as `{other}`", operation.name()),
                    "give each operation a unique `operationId`",
                );
            }
        }
        let paths = Pointer::root().child("paths");
        for path in self
            .document
            .node(&paths)
            .map(Node::entries)
            .unwrap_or_default()
        {
            if path.value.get("$ref").is_some() {
                self.report(
                    &paths.child(path.key),
                    format!(
                        "the generator does not support a reference in the path item `{}`",
                        path.key
                    ),
                    "write the operations here",
                );
            }
        }
    }

    fn method(&mut self, operation: &OperationNode<'a>) {
        if UNSUPPORTED_METHODS.contains(&operation.method) {
            self.report(
                &operation.pointer(),
                format!(
                    "the generated code for `{}` does not compile, because `reqwest::Client` has no such method",
                    operation.method.to_uppercase()
                ),
                "remove the operation",
            );
        }
    }

    /// The value of an extension that would be ignored.
    fn mistakes(&mut self, mistakes: impl IntoIterator<Item = Mistake>) {
        for mistake in mistakes {
            self.report(&mistake.pointer, mistake.message, mistake.help);
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
        let content = body.entries_of("content");
        if content.len() > 1 {
            self.report(
                &place.child("content"),
                format!(
                    "the generator supports only one media type per request, but `{}` has {}",
                    operation.name(),
                    content.len()
                ),
                "keep the one that the client should send",
            );
        }
        for media_type in content
            .iter()
            .filter(|media_type| !REQUEST_MEDIA_TYPES.contains(&media_type.key))
        {
            self.report(
                &place.child("content").child(media_type.key),
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
            if schema.node.is_true("nullable") {
                self.report(
                    &schema.pointer.child("nullable"),
                    "the generated client cannot send `null`, because it omits absent properties",
                    "remove `nullable`, or make `spec-first-codegen` distinguish `null` from absent",
                );
            }
        }
    }
}
