//! Parameters that progenitor does not send as documented, or whose names result in code that does not compile.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use spec_first_document::{Node, OperationNode, Pointer};

use super::Check;

/// Names that the operation builder, or the code that sends the operation, uses itself.
const RESERVED: [&str; 4] = ["client", "header_map", "new", "send"];

/// Names that the builder of an operation with a body uses itself.
const RESERVED_WITH_BODY: [&str; 2] = ["body", "body_map"];

/// A parameter with its pointer.
struct Declared<'a> {
    place: Pointer,
    node: Node<'a>,
}

impl<'a> Declared<'a> {
    fn text(&self, key: &str) -> &'a str {
        self.node.str_of(key).unwrap_or_default()
    }
}

impl<'a> Check<'a> {
    pub(super) fn parameters(&mut self, operation: &OperationNode<'a>) {
        let name = operation.name();
        let declared = self.declared(operation);
        let mut rust_names = BTreeMap::new();
        for parameter in declared.values() {
            self.location(&name, parameter);
            self.serialisation(&name, parameter);
            self.rust_name(operation, parameter, &mut rust_names);
        }
        let in_path: BTreeSet<&str> = declared
            .keys()
            .filter(|(place, _)| *place == "path")
            .map(|(_, name)| *name)
            .collect();
        let template = operation
            .path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'));
        for (parameter, _) in template.filter(|(parameter, _)| !in_path.contains(parameter)) {
            self.report(
                &operation.pointer(),
                format!("`{name}` does not declare the path parameter `{parameter}`"),
                "add it to `parameters`",
            );
        }
    }

    /// The parameters by location and name; those of the operation override those of the path item.
    fn declared(
        &self,
        operation: &OperationNode<'a>,
    ) -> BTreeMap<(&'a str, &'a str), Declared<'a>> {
        let path_item = Pointer::root().child("paths").child(operation.path);
        let mut declared = BTreeMap::new();
        for (owner, pointer) in [
            (operation.path_item, path_item),
            (operation.node, operation.pointer()),
        ] {
            let pointer = pointer.child("parameters");
            let list = owner.items_of("parameters");
            for (index, written) in list.iter().enumerate() {
                if let Some((target, node)) = self.document.resolve_with_pointer(written) {
                    let place = target.unwrap_or_else(|| pointer.child(index));
                    let parameter = Declared { place, node };
                    declared.insert((parameter.text("in"), parameter.text("name")), parameter);
                }
            }
        }
        declared
    }

    fn location(&mut self, operation: &str, parameter: &Declared<'a>) {
        let Declared { place, node } = parameter;
        let name = parameter.text("name");
        match parameter.text("in") {
            "path" if !node.is_true("required") => {
                let message = format!("the path parameter `{name}` is not `required: true`");
                self.report(place, message, "add `required: true`");
            }
            "cookie" => self.report(
                place,
                format!("the generator cannot send the cookie parameter `{name}` of `{operation}`"),
                "remove it, or add a fix to `spec-first-codegen`",
            ),
            _ => {}
        }
        if node.get("content").is_some() {
            self.report(
                &place.child("content"),
                format!("the generator does not support `content` for the parameter `{name}` of `{operation}`"),
                "use `schema` instead",
            );
        }
    }

    /// progenitor serializes path and header parameters with `to_string`, and an array in a query as one pair per item.
    fn serialisation(&mut self, operation: &str, parameter: &Declared<'a>) {
        let Declared { place, node } = parameter;
        let name = parameter.text("name");
        let schema = node
            .get("schema")
            .and_then(|schema| self.document.resolve(schema));
        let kind = schema
            .and_then(|schema| schema.get("type"))
            .and_then(Node::as_str)
            .unwrap_or_default();
        let is_in_query = parameter.text("in") == "query";
        if kind == "object" || kind == "array" && !is_in_query {
            self.report(
                &place.child("schema"),
                format!("the generator cannot send the {kind} `{name}` of `{operation}`"),
                "make it a string or a number, or an array in the query",
            );
        }
        let flag = |key| node.get(key).and_then(Node::as_bool);
        if is_in_query && kind == "array" && flag("explode") == Some(false) {
            self.report(
                &place.child("explode"),
                format!(
                    "the generated client repeats `{name}` for each item, regardless of `explode`"
                ),
                "remove `explode: false`, or make the parameter a string",
            );
        }
        for key in ["allowReserved", "allowEmptyValue"] {
            if flag(key) == Some(true) {
                self.report(
                    &place.child(key),
                    format!("the generator ignores `{key}`"),
                    "remove it; the client encodes every value and omits values that are not set",
                );
            }
        }
    }

    fn rust_name(
        &mut self,
        operation: &OperationNode<'a>,
        parameter: &Declared<'a>,
        seen: &mut BTreeMap<String, &'a str>,
    ) {
        let has_body = operation.node.get("requestBody").is_some();
        let (operation, name) = (operation.name(), parameter.text("name"));
        let rust_name = name.to_snake_case();
        let place = parameter.place.child("name");
        let help = "rename it, because the generated code would not compile, or add a fix to `spec-first-codegen`";
        if RESERVED.contains(&rust_name.as_str())
            || has_body && RESERVED_WITH_BODY.contains(&rust_name.as_str())
        {
            self.report(
                &place,
                format!(
                    "the Rust name of `{name}` of `{operation}` is reserved by the generated code"
                ),
                help,
            );
        }
        if let Some(other) = seen.insert(rust_name, name) {
            self.report(
                &place,
                format!(
                    "`{name}` of `{operation}` has the same Rust name as the parameter `{other}`"
                ),
                help,
            );
        }
    }
}
