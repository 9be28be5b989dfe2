//! A second opinion on the answers of the sandbox: another validator, with schemas that are read without the code of the sandbox.

use std::collections::HashMap;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Value, json};
use spec_first_document::{Document, Node, OperationNode, Pointer};

/// The URL of the document in references.
const LOCATION: &str = "http://document.example/";

/// The schemas of a document.
pub(crate) struct Judge<'a> {
    document: &'a Document,
    compiler: Compiler,
    schemas: Schemas,
    /// Whether patterns were removed, because this validator has no look-around.
    is_lenient: bool,
    compiled: HashMap<Pointer, Result<SchemaIndex, String>>,
}

/// The verdict on an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The document has no schema for it.
    NotDescribed,
    Conforms,
    /// An empty object conforms, although the schema describes members, and no example is one.
    SaysNothing,
    /// The schema cannot be used by this validator.
    NotJudged(String),
    Differs(String),
}

impl<'a> Judge<'a> {
    pub(crate) fn of(document: &'a Document) -> Result<Self, Box<dyn std::error::Error>> {
        let mut root = document.root().to_json();
        let written = root.clone();
        let is_lenient = adapt(&mut root, &written, document.is_3_1());
        let mut compiler = Compiler::new();
        // The schemas of OpenAPI 3.0 are those of an early draft: exclusive bounds are flags, and references have no siblings.
        compiler.set_default_draft(match document.is_3_1() {
            true => Draft::V2020_12,
            false => Draft::V4,
        });
        compiler.enable_format_assertions();
        compiler.add_resource(LOCATION, root)?;
        Ok(Self {
            document,
            compiler,
            schemas: Schemas::new(),
            is_lenient,
            compiled: HashMap::new(),
        })
    }

    /// Judges an answer in JSON.
    pub(super) fn judge(
        &mut self,
        operation: &OperationNode<'_>,
        status: u16,
        media_type: &str,
        answer: &Value,
    ) -> Verdict {
        let Some(pointer) = self.schema(operation, status, media_type) else {
            return Verdict::NotDescribed;
        };
        let described = self.document.node(&pointer);
        let described = described.and_then(|schema| self.document.resolve(schema));
        let has_members =
            described.is_some_and(|schema| !schema.entries_of("properties").is_empty());
        let content = pointer.parent().and_then(|it| self.document.node(&it));
        let named = content
            .map(|it| it.entries_of("examples"))
            .unwrap_or_default();
        let named = named
            .iter()
            .filter_map(|it| self.document.resolve(it.value)?.get("value"));
        let own = [content, described].into_iter().flatten();
        let mut examples = named.chain(own.filter_map(|it| it.get("example")));
        let is_example = examples.any(|example| example.to_json() == json!({}));
        let has_members = has_members && !is_example;
        match self.compile(pointer) {
            Err(problem) => Verdict::NotJudged(problem),
            Ok(index) => match self.schemas.validate(answer, index) {
                Ok(()) if has_members && *answer == json!({}) => Verdict::SaysNothing,
                Ok(()) => Verdict::Conforms,
                Err(problem) => match problem.to_string() {
                    // Without its pattern, another branch of `oneOf` matches too.
                    text if self.is_lenient && text.contains("oneOf failed, subschemas") => {
                        Verdict::NotJudged("a pattern has look-around".to_owned())
                    }
                    text => Verdict::Differs(text),
                },
            },
        }
    }

    /// Whether `value` conforms to the schema at `pointer`; `None` if this validator cannot use the schema.
    pub(crate) fn conforms(&mut self, pointer: &Pointer, value: &Value) -> Option<bool> {
        let index = self.compile(pointer.clone()).ok()?;
        Some(self.schemas.validate(value, index).is_ok())
    }

    fn compile(&mut self, pointer: Pointer) -> Result<SchemaIndex, String> {
        let (compiler, schemas) = (&mut self.compiler, &mut self.schemas);
        let compiled = self.compiled.entry(pointer).or_insert_with_key(|pointer| {
            let location = format!("{LOCATION}#{}", in_url(pointer.as_str()));
            let compiled = compiler.compile(&location, schemas);
            compiled.map_err(|error| format!("{error:#}"))
        });
        compiled.clone()
    }

    /// Where the schema of a response is.
    fn schema(
        &self,
        operation: &OperationNode<'_>,
        status: u16,
        media_type: &str,
    ) -> Option<Pointer> {
        let mut at = operation.pointer().child("responses");
        let responses = operation.node.get("responses")?;
        let range = |end: &str| format!("{}{end}", status / 100);
        let keys = [
            status.to_string(),
            range("XX"),
            range("xx"),
            "default".to_owned(),
        ];
        let (key, response) = keys
            .iter()
            .find_map(|key| Some((key, responses.get(key)?)))?;
        // Alone, `default` describes success.
        let named = responses.entries().iter().map(|entry| entry.key);
        let mut successes = named.filter(|key| key.starts_with('2'));
        if key == "default" && status >= 400 && successes.next().is_none() {
            return None;
        }
        at = at.child(key);
        let response = self.resolve(&mut at, response)?;
        let content = response.get("content")?;
        let essence = |text: &str| {
            let essence = text.split(';').next().unwrap_or_default();
            essence.trim().to_ascii_lowercase()
        };
        let sent = essence(media_type);
        let covers = |key: &str| match essence(key).split_once('*') {
            Some((start, _)) => sent.starts_with(start.trim_start_matches('*')),
            None => essence(key) == sent,
        };
        let mut media = content.entries().iter().filter(|entry| covers(entry.key));
        let exact = content.entries().iter().find(|it| essence(it.key) == sent);
        let media = exact.or_else(|| media.next())?;
        at = at.child("content").child(media.key);
        let media = self.resolve(&mut at, media.value)?;
        media.get("schema").map(|_| at.child("schema"))
    }

    fn resolve<'n>(&'n self, at: &mut Pointer, node: Node<'n>) -> Option<Node<'n>> {
        let (pointer, resolved) = self.document.resolve_with_pointer(node)?;
        if let Some(pointer) = pointer {
            *at = pointer;
        }
        Some(resolved)
    }
}

/// Converts the OpenAPI dialect to plain JSON Schema, as far as responses need it. Returns whether patterns had to be removed.
fn adapt(node: &mut Value, root: &Value, is_3_1: bool) -> bool {
    let mut is_lenient = false;
    match node {
        Value::Object(members) => {
            let is_usable = |pattern: &str| regex::Regex::new(pattern).is_ok();
            let pattern = members.get("pattern").and_then(Value::as_str);
            if pattern.is_some_and(|pattern| !is_usable(pattern)) {
                members.remove("pattern");
                is_lenient = true;
            }
            if !is_3_1 && members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(Value::String(kind)) = members.get("type") {
                    let kinds = vec![kind.clone().into(), Value::from("null")];
                    members.insert("type".to_owned(), Value::Array(kinds));
                }
                if let Some(Value::Array(values)) = members.get_mut("enum")
                    && !values.contains(&Value::Null)
                {
                    values.push(Value::Null);
                }
            }
            // A property that is only sent to the server is not required in a response.
            let properties = members.get("properties").cloned();
            if let Some(Value::Array(required)) = members.get_mut("required") {
                required.retain(|name| {
                    let property = properties.as_ref().and_then(|all| all.get(name.as_str()?));
                    !property.is_some_and(|property| is_write_only(property, root, 0))
                });
                // An early draft forbids an empty list.
                if required.is_empty() {
                    members.remove("required");
                }
            }
            for member in members.values_mut() {
                is_lenient |= adapt(member, root, is_3_1);
            }
            // By the specification, `nullable` has no effect without a type, but authors mean it to allow `null`.
            let is_open = !members.contains_key("type") && !members.contains_key("enum");
            if !is_3_1 && is_open && members.get("nullable") == Some(&Value::Bool(true)) {
                let schema = Value::Object(std::mem::take(members));
                let branches = vec![json!({"type": "null"}), schema];
                members.insert("anyOf".to_owned(), Value::Array(branches));
            }
        }
        Value::Array(items) => {
            for item in items {
                is_lenient |= adapt(item, root, is_3_1);
            }
        }
        _ => {}
    }
    is_lenient
}

fn is_write_only(schema: &Value, root: &Value, depth: usize) -> bool {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(|reference| root.pointer(reference.strip_prefix('#')?));
    schema.get("writeOnly") == Some(&Value::Bool(true))
        || target.is_some_and(|target| depth < 16 && is_write_only(target, root, depth + 1))
}

/// A pointer as the fragment of a URL.
fn in_url(pointer: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded = pointer.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r"
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200': {$ref: '#/components/responses/A'}
        '202': {content: {application/json: {schema: {properties: {a: {}}}}}}
        4XX: {content: {application/*: {schema: {type: integer, minimum: 0, exclusiveMinimum: true}}}}
components:
  responses:
    A: {content: {application/json: {schema: {$ref: '#/components/schemas/A', maxProperties: 0}}}}
  schemas:
    Key: {type: string, writeOnly: true}
    A:
      type: object
      required: [id, key]
      properties:
        id: {type: string, nullable: true, enum: [a]}
        part: {nullable: true, allOf: [{type: integer}]}
        key: {$ref: '#/components/schemas/Key'}
        other: {type: [], oneOf: []}
";

    #[track_caller]
    fn check(document: &str, status: u16, answer: Value, expected: &str) {
        let document = Document::parse("a.yaml", document).unwrap();
        let mut judge = Judge::of(&document).unwrap();
        let operation = document.operations().next().unwrap();
        let verdict = judge.judge(
            &operation,
            status,
            "application/json; charset=utf-8",
            &answer,
        );
        let verdict = format!("{verdict:?}");
        assert!(verdict.starts_with(expected), "{verdict}");
    }

    #[test]
    fn answers_are_judged_as_openapi_means_its_schemas() {
        let document = DOCUMENT.replace("        other: {type: [], oneOf: []}\n", "");
        check(
            &document,
            200,
            json!({"id": null, "part": null}),
            "Conforms",
        );
        check(&document, 200, json!({"id": null, "part": ""}), "Differs");
        check(&document, 200, json!({"id": "a"}), "Conforms");
        check(&document, 200, json!({"id": "b"}), "Differs");
        check(&document, 200, json!({}), "Differs");
        check(&document, 202, json!({}), "SaysNothing");
        let written = "202': {content: {application/json: {";
        assert!(document.contains(written), "{document}");
        let shown = document.replace(written, &format!("{written}example: {{}}, "));
        check(&shown, 202, json!({}), "Conforms");
        check(&document, 202, json!({"a": 1}), "Conforms");
        check(&document, 404, json!(1), "Conforms");
        check(&document, 404, json!(0), "Differs");
        check(&document, 500, json!(0), "NotDescribed");
        check(DOCUMENT, 200, json!({"id": "a"}), "NotJudged");
    }
}
