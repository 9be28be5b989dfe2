//! Reports the features of a document that the generator does not support, before it generates anything.
//!
//! Does not check whether the document is valid OpenAPI otherwise: a linter does.

use std::collections::BTreeMap;

use spec_first_document::{Document, Entry, Finding, Node, Pointer, Survey};

use crate::api;
use crate::extensions::{self, Mistake};

/// The rule name of every finding of this module.
const RULE: &str = "generator";

/// Reports everything in `document` for which no client can be generated, with what to write instead.
pub fn unsupported(document: &Document) -> Vec<Finding> {
    if let Err(finding) = document.declared_version() {
        return vec![finding];
    }
    let survey = Survey::of(document);
    let mut check = Check {
        document,
        findings: survey.unreadable(),
    };
    check.security();
    check.operation_ids();
    check.mistakes(extensions::mistakes_in_document(document));
    for operation in document.operations() {
        check.mistakes(extensions::mistakes_in_operation(&operation));
    }
    let section = Pointer::root().child("components").child("securitySchemes");
    let schemes = document
        .node(&section)
        .map(Node::entries)
        .unwrap_or_default();
    for entry in schemes {
        check.mistakes(extensions::mistakes_in_scheme(
            &section.child(entry.key),
            entry.value,
        ));
    }
    for schema in &survey.schemas {
        check.mistakes(extensions::mistakes_in_schema(
            document,
            &schema.pointer,
            schema.node,
        ));
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

impl Check<'_> {
    fn report(&mut self, pointer: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        self.findings
            .push(self.document.finding(RULE, pointer, message, help));
    }

    /// Two operations with the same identifier could only be told apart by their order.
    fn operation_ids(&mut self) {
        let mut seen = BTreeMap::new();
        for operation in self.document.operations() {
            let Some(id) = operation.node.str_of("operationId") else {
                continue;
            };
            if let Some(other) = seen.insert(id, operation) {
                self.report(
                    &operation.pointer().child("operationId"),
                    format!(
                        "`{} {}` has the same `operationId`",
                        other.sent_method(),
                        other.path
                    ),
                    "give each operation a unique `operationId`",
                );
            }
        }
    }

    /// One of the alternatives must have schemes that the client can satisfy.
    fn security(&mut self) {
        let section = Pointer::root().child("components").child("securitySchemes");
        let mut requirements = vec![Pointer::root().child("security")];
        let operations = self.document.operations();
        requirements.extend(operations.map(|operation| operation.pointer().child("security")));
        for pointer in requirements {
            let alternatives = self
                .document
                .node(&pointer)
                .map(Node::items)
                .unwrap_or_default();
            let is_supported =
                |scheme: &Entry<'_>| api::scheme(self.document, scheme.key).is_some();
            let has_choice = alternatives
                .iter()
                .any(|alternative| alternative.entries().iter().all(|it| is_supported(&it)));
            for (index, alternative) in alternatives.iter().enumerate() {
                for entry in alternative.entries() {
                    let place = pointer.child(index).child(entry.key);
                    let scheme = section.child(entry.key);
                    if self.document.node(&scheme).is_none() {
                        self.report(
                            &place,
                            format!("unknown security scheme `{}`", entry.key),
                            "add it to `components.securitySchemes`, or correct the name",
                        );
                    } else if !has_choice && api::scheme(self.document, entry.key).is_none() {
                        self.report(
                            &scheme,
                            format!("the client does not support the security scheme `{}`", entry.key),
                            "use an API key, HTTP Basic, a bearer token, OAuth 2, OpenID Connect or mutual TLS",
                        );
                    }
                }
            }
        }
    }

    /// The value of an extension that would be ignored.
    fn mistakes(&mut self, mistakes: impl IntoIterator<Item = Mistake>) {
        for mistake in mistakes {
            self.report(&mistake.pointer, mistake.message, mistake.help);
        }
    }
}
