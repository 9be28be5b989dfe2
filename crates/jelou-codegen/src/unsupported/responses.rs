//! Responses that make the generator panic, that the generated client reads as something else, or that it refuses as a whole
//! because of one value in them.

use std::collections::BTreeMap;

use openapi_document::survey::SchemaSite;
use openapi_document::{Entry, Node, OperationNode, Pointer};

use super::Check;
use crate::lowering::is_https_url;

/// The one media type whose schema progenitor reads in a response.
const READ: &str = "application/json";

impl<'a> Check<'a> {
    pub(super) fn responses(&mut self, operation: &OperationNode<'a>) {
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
            let holder = target.unwrap_or_else(|| place.clone());
            self.success_media_types(&name, &holder, content);
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
        self.success_schemas(operation);
    }

    fn success_media_types(&mut self, name: &str, holder: &Pointer, content: &'a [Entry]) {
        let place = holder.child("content");
        if content.len() > 1 {
            self.report(
                &place,
                format!(
                    "the generated client reads one media type of a success, not the {} of `{name}`",
                    content.len()
                ),
                "keep the one that the client shall read",
            );
        }
        for media_type in content.iter().filter(|media_type| media_type.key != READ) {
            let schema = media_type.value.get("schema");
            let schema = schema.and_then(|schema| self.document.resolve(schema));
            let is_text = schema
                .is_none_or(|schema| schema.get("type").and_then(Node::as_str) == Some("string"));
            if !is_text || media_type.key.contains("json") {
                self.report(
                    &place.child(&media_type.key),
                    format!(
                        "the generated client gives `{}` as bytes, and ignores the schema",
                        media_type.key
                    ),
                    format!("write `{READ}`, or the schema of a text"),
                );
            }
        }
    }

    /// An error is read leniently, by hand; a success that does not fit its type is lost as a whole.
    fn success_schemas(&mut self, operation: &OperationNode<'a>) {
        let pointer = operation.pointer().child("responses");
        let responses = operation.node.get("responses");
        let successes = responses
            .map_or(&[][..], Node::entries)
            .iter()
            .filter(|response| response.key.starts_with('2'));
        for success in successes {
            let place = pointer.child(&success.key);
            for schema in self.survey.schemas_reachable_from(&place) {
                self.success_schema(schema);
            }
        }
    }

    fn success_schema(&mut self, schema: &SchemaSite<'a>) {
        let SchemaSite { pointer, node, .. } = schema;
        let text = |key| node.get(key).and_then(Node::as_str);
        if is_https_url(text("format"), text("pattern")) {
            self.report(
                &pointer.child("pattern"),
                "a response that holds another address would be refused as a whole",
                "leave out the pattern where the server writes the value",
            );
        }
        let additional = node.get("additionalProperties");
        if additional.and_then(Node::as_bool) == Some(false) {
            self.report(
                &pointer.child("additionalProperties"),
                "a response that is closed breaks the generated client with every property the server adds",
                "leave out `additionalProperties: false`",
            );
        }
        let has_type_of_its_own = self.has_type_of_its_own(pointer, node);
        for key in ["minLength", "maxLength"] {
            if node.get(key).is_some() && !has_type_of_its_own {
                self.report(
                    &pointer.child(key),
                    format!(
                        "the generated client refuses a whole response for one text beyond `{key}`"
                    ),
                    "limit requests only, and say it in the description of the response",
                );
            }
        }
        let least = node.get("minimum").map(Node::to_json);
        if text("type") == Some("integer") && least.is_some_and(|least| least.as_f64() == Some(1.0))
        {
            self.report(
                &pointer.child("minimum"),
                "the generated client refuses a whole response for one zero: the integer becomes a `NonZero`",
                "limit requests only, and say it in the description of the response",
            );
        }
    }
}
