//! Schemas: conflicting Rust names, unsupported keywords, and branches that shadow one another.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use spec_first_document::survey::SchemaSite;
use spec_first_document::{Content, Items, Node, Pointer};

use super::Check;
use crate::extensions;

impl<'a> Check<'a> {
    pub(super) fn component_names(&mut self) {
        let section = Pointer::root().child("components").child("schemas");
        let mut seen = BTreeMap::new();
        for entry in self
            .document
            .node(&section)
            .map(Node::entries)
            .unwrap_or_default()
        {
            if self.is_replaced(&section.child(entry.key), entry.value)
                && entry.key != entry.key.to_pascal_case()
            {
                self.report(
                    &section.child(entry.key),
                    format!("the generator would rename `{}`, which the client replaces by a hand-written type", entry.key),
                    format!("rename it to `{}`", entry.key.to_pascal_case()),
                );
            }
            if let Some(other) = seen.insert(entry.key.to_pascal_case(), entry.key) {
                self.report(
                    &section.child(entry.key),
                    format!("`{}` has the same Rust name as `{other}`", entry.key),
                    "give each schema a unique name",
                );
            }
        }
    }

    pub(super) fn schema(&mut self, schema: &SchemaSite<'a>) {
        let SchemaSite { pointer, node, .. } = schema;
        self.names_in(
            pointer,
            node.get("properties")
                .map(|properties| properties.entries().iter().map(|entry| entry.key).collect()),
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

        let additional = node.get("additionalProperties");
        let extra = node.get("properties").and_then(|properties| {
            let mut entries = properties.entries().iter();
            entries.find(|entry| entry.key.to_snake_case() == "extra")
        });
        if let Some(extra) = extra.filter(|_| additional.is_some_and(Node::is_mapping)) {
            self.report(
                &pointer.child("properties").child(extra.key),
                format!(
                    "`{}` has the same Rust name as the field for the additional properties",
                    extra.key
                ),
                "rename it, or remove `additionalProperties`",
            );
        }

        let node = *node;
        let text = |key| node.str_of(key);
        let is_path_parameter = self.is_path_parameter(pointer);
        self.mistakes(extensions::mistakes_in_schema(
            self.document,
            pointer,
            node,
            is_path_parameter,
        ));
        if text("pattern").is_some() && !is_path_parameter && extensions::rust_type(node).is_none()
        {
            self.report(
                &pointer.child("pattern"),
                "`pattern` requires a regular expression engine, which the client does not include",
                "document it in the description, or name a Rust type that checks it in `x-rust-type`",
            );
        }
        if node.get("not").is_some() {
            self.report(
                &pointer.child("not"),
                "the generator ignores or rejects `not`",
                "describe what is allowed",
            );
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = node.get(key) {
                self.branches(&pointer.child(key), key, branches.items());
            }
        }
    }

    /// Whether the client replaces this component by a hand-written type; see `lowering`.
    pub(super) fn is_replaced(&self, pointer: &Pointer, schema: Node<'_>) -> bool {
        let text = |key| schema.str_of(key);
        text("type") == Some("string")
            && (self.is_path_parameter(pointer)
                || matches!(text("format"), Some("password" | "date-time"))
                || extensions::rust_type(schema).is_some())
    }

    /// Whether this is the schema of a path parameter, written there or referenced.
    fn is_path_parameter(&self, pointer: &Pointer) -> bool {
        let parameters = self.document.operations().flat_map(|operation| {
            let of_path = operation.path_item.items_of("parameters");
            of_path.iter().chain(operation.node.items_of("parameters"))
        });
        let node = self.document.node(pointer);
        parameters
            .filter_map(|parameter| self.document.resolve(parameter))
            .filter(|parameter| parameter.str_of("in") == Some("path"))
            .filter_map(|parameter| parameter.get("schema"))
            .any(|schema| schema.reference().as_ref() == Some(pointer) || Some(schema) == node)
    }

    /// An `anyOf` or `oneOf` becomes an enum that is deserialized as the first matching branch. That is correct if each
    /// branch declares its type and no branch shadows a later one.
    fn branches(&mut self, pointer: &Pointer, key: &str, branches: Items<'a>) {
        for (index, written) in branches.iter().enumerate() {
            let place = pointer.child(index);
            let Some(branch) = self.document.resolve(written) else {
                continue;
            };
            let declares_type = ["type", "enum", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| branch.get(key).is_some());
            if !declares_type {
                self.report(
                    &place,
                    format!("the generator drops a branch of `{key}` that only adds a constraint"),
                    "declare the type of each branch, or document it in the description (`minProperties: 1` for at least one)",
                );
            }
            let is_last = index + 1 == branches.len();
            let is_object = branch.str_of("type") == Some("object");
            if is_object
                && !is_last
                && branch
                    .get("required")
                    .is_none_or(|required| required.items().is_empty())
            {
                self.report(
                    &place,
                    "this branch matches every object, because it has no required properties, so later branches are never tried",
                    "move it to the end, or declare its required properties",
                );
            }
            let is_any_text =
                branch.str_of("type") == Some("string") && branch.get("enum").is_none();
            let shadows = branches.iter().skip(index + 1).any(|later| {
                self.document
                    .resolve(later)
                    .is_some_and(|later| later.str_of("type") == Some("string"))
            });
            if is_any_text && shadows {
                self.report(
                    &place,
                    "this branch matches every string, so later string branches are never tried",
                    "move the branch for any string to the end",
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
                    self.document.node(&holder).map(|node| node.content()),
                    Some(Content::Sequence(_))
                );
                let place = if is_sequence {
                    holder.child(index)
                } else {
                    holder.child(name)
                };
                self.report(
                    &place,
                    format!("`{name}` has the same Rust name as `{other}`"),
                    "rename or remove one, because the generated client cannot distinguish them",
                );
            }
        }
    }
}
