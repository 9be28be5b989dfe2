//! Responses that make the generator panic, that the generated client misreads, or that it rejects because of a single
//! value.

use std::collections::BTreeMap;

use spec_first_document::survey::SchemaSite;
use spec_first_document::{Entries, Node, OperationNode, Pointer};

use super::Check;
use crate::extensions;

/// The only response media type whose schema progenitor uses.
const DECODED: &str = "application/json";

impl<'a> Check<'a> {
    pub(super) fn responses(&mut self, operation: &OperationNode<'a>) {
        let name = operation.name();
        let pointer = operation.pointer().child("responses");
        let mut success = BTreeMap::new();
        let responses = operation.node.entries_of("responses");
        let has_success = responses.iter().any(|it| it.key.starts_with('2'));
        for response in responses {
            let place = pointer.child(response.key);
            // Beside a success, `default` describes the errors; see `lowering`.
            if response.key == "default" && !has_success {
                self.report(
                    &place,
                    format!("the generator panics on the `default` response of `{name}`, which it treats as a success too"),
                    "list the status codes; the client treats all others as errors with status, headers and body",
                );
            }
            if !response.key.starts_with('2') {
                continue;
            }
            let Some((target, resolved)) = self.document.resolve_with_pointer(response.value)
            else {
                continue;
            };
            let content = resolved.entries_of("content");
            let json = content
                .iter()
                .find(|media_type| media_type.key == "application/json");
            let schema = json.and_then(|json| json.value.get("schema"));
            if json.is_some() && schema.is_none() {
                self.report(
                    &target.clone().unwrap_or_else(|| place.clone()),
                    format!(
                        "the generator panics on the JSON response without a schema in `{name}`"
                    ),
                    "add `schema`",
                );
            }
            let holder = target.unwrap_or_else(|| place.clone());
            self.success_media_types(&name, &holder, content);
            let kind = match (content.get(0), schema) {
                (None, _) => "nothing".to_owned(),
                (Some(_), Some(schema)) => schema.to_json().to_string(),
                (Some(_), None) => "bytes".to_owned(),
            };
            success.insert(kind, response.key.to_owned());
        }
        if success.len() > 1 {
            let statuses: Vec<_> = success
                .values()
                .map(|status| format!("`{status}`"))
                .collect();
            self.report(
                &pointer,
                format!(
                    "the generator supports only one success type, but `{name}` has several: {}",
                    statuses.join(", ")
                ),
                "use the same schema for all success responses",
            );
        }
        self.success_schemas(operation);
    }

    fn success_media_types(&mut self, name: &str, holder: &Pointer, content: Entries<'a>) {
        let place = holder.child("content");
        if content.len() > 1 {
            self.report(
                &place,
                format!(
                    "the generated client reads only one media type per success response, but `{name}` has {}",
                    content.len()
                ),
                "keep the one that the client should read",
            );
        }
        for media_type in content
            .iter()
            .filter(|media_type| media_type.key != DECODED)
        {
            let schema = media_type.value.get("schema");
            let schema = schema.and_then(|schema| self.document.resolve(schema));
            let is_text = schema.is_none_or(|schema| schema.str_of("type") == Some("string"));
            if !is_text || media_type.key.contains("json") {
                self.report(
                    &place.child(media_type.key),
                    format!(
                        "the generated client returns `{}` as bytes and ignores the schema",
                        media_type.key
                    ),
                    format!("use `{DECODED}`, or a string schema"),
                );
            }
        }
    }

    /// Errors are decoded leniently by hand, but a success response that does not match its type is lost.
    fn success_schemas(&mut self, operation: &OperationNode<'a>) {
        let pointer = operation.pointer().child("responses");
        let responses = operation.node.get("responses");
        let successes = responses
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .filter(|response| response.key.starts_with('2'));
        for success in successes {
            let place = pointer.child(success.key);
            for schema in self.survey.schemas_reachable_from(&place) {
                self.success_schema(schema);
            }
        }
    }

    fn success_schema(&mut self, schema: &SchemaSite<'a>) {
        let SchemaSite { pointer, node, .. } = schema;
        let node = *node;
        let text = |key| node.str_of(key);
        if extensions::rust_type(node).is_some() && node.get("pattern").is_some() {
            self.report(
                &pointer.child("pattern"),
                "the generated client would reject a response with any other text",
                "remove the pattern from values that the server sends",
            );
        }
        let additional = node.get("additionalProperties");
        if additional.and_then(Node::as_bool) == Some(false) {
            self.report(
                &pointer.child("additionalProperties"),
                "a closed response schema breaks the generated client whenever the server adds a property",
                "remove `additionalProperties: false`",
            );
        }
        let is_replaced = self.is_replaced(pointer, node);
        for key in ["minLength", "maxLength"] {
            if node.get(key).is_some() && !is_replaced {
                self.report(
                    &pointer.child(key),
                    format!(
                        "the generated client rejects a response with a single string that violates `{key}`"
                    ),
                    "limit only requests, and document the limit in the description of the response",
                );
            }
        }
        let least = node.get("minimum").map(Node::to_json);
        if text("type") == Some("integer") && least.is_some_and(|least| least.as_f64() == Some(1.0))
        {
            self.report(
                &pointer.child("minimum"),
                "the generated client rejects a response with a single zero, because the integer becomes a `NonZero`",
                "limit only requests, and document the limit in the description of the response",
            );
        }
    }
}
