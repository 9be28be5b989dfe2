//! Credentials and servers: where the client could not know what to send, or where to.

use openapi_document::{Node, Pointer};

use super::Check;

impl Check<'_> {
    /// The client has to know how a credential becomes a header for each scheme.
    pub(super) fn security_schemes(&mut self) {
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
            let is_token = |character: char| {
                character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
            };
            if text("type") == "apiKey"
                && (text("name").is_empty() || !text("name").chars().all(is_token))
            {
                self.report(
                    &section.child(&entry.key).child("name"),
                    format!(
                        "`{}` is no name of a header, so no request could carry the key",
                        text("name")
                    ),
                    "use letters, digits and `-`",
                );
            }
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
                if alternative.entries().len() > 1 {
                    self.report(
                        &pointer.child(index),
                        "the client sends one credential with a request, and so can never satisfy several schemes together",
                        "make each scheme an alternative of its own, or teach `jelou-client` to send both",
                    );
                }
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
}
