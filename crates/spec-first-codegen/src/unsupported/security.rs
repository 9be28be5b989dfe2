//! Security schemes and servers that the client does not support.

use spec_first_document::{Node, Pointer};

use super::Check;

impl Check<'_> {
    /// The client needs to know how to send the credentials of each scheme.
    pub(super) fn security_schemes(&mut self) {
        let section = Pointer::root().child("components").child("securitySchemes");
        for entry in self
            .document
            .node(&section)
            .map(Node::entries)
            .unwrap_or_default()
        {
            let text = |key| entry.value.str_of(key).unwrap_or_default();
            let is_known = match text("type") {
                "apiKey" => text("in") == "header",
                "http" => text("scheme").eq_ignore_ascii_case("basic"),
                _ => false,
            };
            let is_token = |character: char| {
                character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
            };
            if text("type") == "apiKey"
                && (text("name").is_empty() || !text("name").chars().all(is_token))
            {
                self.report(
                    &section.child(entry.key).child("name"),
                    format!(
                        "`{}` is not a valid header name, so the key cannot be sent",
                        text("name")
                    ),
                    "use letters, digits and `-`",
                );
            }
            if !is_known {
                self.report(
                    &section.child(entry.key),
                    format!("the client does not support the security scheme `{}`", entry.key),
                    "use an API key in a header or HTTP Basic, or add the scheme to `spec-first-codegen` and `spec-first-runtime`",
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
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                if alternative.entries().len() > 1 {
                    self.report(
                        &pointer.child(index),
                        "the client sends only one credential per request, so it cannot satisfy several schemes at once",
                        "make each scheme a separate alternative, or make `spec-first-runtime` send both",
                    );
                }
                for entry in alternative.entries() {
                    if self.document.node(&section.child(entry.key)).is_none() {
                        self.report(
                            &pointer.child(index).child(entry.key),
                            format!("unknown security scheme `{}`", entry.key),
                            "add it to `components.securitySchemes`, or correct the name",
                        );
                    }
                }
            }
        }
    }

    pub(super) fn servers_below_the_root(&mut self) {
        for operation in self.document.operations() {
            let of_path = Pointer::root()
                .child("paths")
                .child(operation.path)
                .child("servers");
            for pointer in [of_path, operation.pointer().child("servers")] {
                if self.document.node(&pointer).is_some() {
                    self.report(
                        &pointer,
                        "the generated client supports only the servers of the document",
                        "declare servers only at the root of the document",
                    );
                }
            }
        }
        let pointer = Pointer::root().child("servers");
        for (index, server) in self
            .document
            .node(&pointer)
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            if server.str_of("url").is_some_and(|url| url.contains('{')) {
                self.report(
                    &pointer.child(index).child("url"),
                    "the generated client does not support server variables",
                    "list one server per value",
                );
            }
        }
    }
}
