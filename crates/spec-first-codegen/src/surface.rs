//! Lists everything that an edit of the document can change, as sorted lines.
//!
//! Much of a document (limits, formats, examples) does not show up in the generated code. The surface has a line for every value of the document and for every public name of the
//! generated code. It makes changes visible but does not classify them.

use std::collections::BTreeSet;

use spec_first_document::{Content, Document, Node, OperationNode, Pointer};

use crate::rust_names::rust_names;
use crate::{Error, GENERATED_NOTICE, generator};

/// Keys of documentation, which affects neither requests nor responses and is listed separately.
const PROSE: [&str; 6] = [
    "title",
    "summary",
    "description",
    "example",
    "examples",
    "externalDocs",
];

/// Returns the surface of the OpenAPI document `text` and of the client generated from it.
///
/// Each line starts with its kind: `document` for a value that can affect what is sent, accepted or generated,
/// `operation` for the summary of an operation, `prose` for documentation, `rust` for a public name of the generated
/// code.
///
/// # Errors
/// Those of [`crate::generate`].
pub fn surface(name: &str, text: &str) -> Result<String, Error> {
    let document = Document::parse(name, text)?;
    generator::generate(&document, |file| listed(&document, file))
}

/// The surface of a document and of the client that was generated from it.
pub(crate) fn listed(document: &Document, file: &syn::File) -> String {
    let mut lines = BTreeSet::new();
    collect_values(document.root(), &Pointer::root(), "document", &mut lines);
    lines.extend(
        document
            .operations()
            .map(|operation| describe_operation(document, &operation)),
    );
    let names = rust_names(file).into_iter();
    lines.extend(names.map(|name| format!("rust {}", name.line)));

    let mut surface = format!("# {GENERATED_NOTICE}\n");
    for line in lines {
        surface.push_str(&line);
        surface.push('\n');
    }
    surface
}

fn collect_values(node: Node<'_>, pointer: &Pointer, kind: &str, lines: &mut BTreeSet<String>) {
    match node.content() {
        Content::Mapping(entries) if !entries.is_empty() => {
            // The keys of `properties` and similar are names, so a property may be called `description`.
            let holds_names = matches!(
                pointer.last().as_deref(),
                Some(
                    "properties"
                        | "schemas"
                        | "responses"
                        | "parameters"
                        | "headers"
                        | "paths"
                        | "content"
                )
            );
            for entry in entries {
                let is_prose = !holds_names && PROSE.contains(&entry.key);
                let kind = if is_prose { "prose" } else { kind };
                collect_values(entry.value, &pointer.child(entry.key), kind, lines);
            }
        }
        Content::Sequence(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                collect_values(item, &pointer.child(index), kind, lines);
            }
        }
        _ => {
            lines.insert(format!("{kind} {pointer} = {}", node.to_json()));
        }
    }
}

fn describe_operation(document: &Document, operation: &OperationNode<'_>) -> String {
    let request = operation
        .node
        .get("requestBody")
        .and_then(|body| document.resolve(body))
        .and_then(schema_names);
    let responses = operation
        .node
        .entries_of("responses")
        .iter()
        .map(|response| {
            let schema = document.resolve(response.value).and_then(schema_names);
            schema.map_or_else(
                || response.key.to_owned(),
                |schema| format!("{} {schema}", response.key),
            )
        });
    let security = operation
        .node
        .get("security")
        .or_else(|| document.root().get("security"));
    let security = security
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .map(|alternative| {
            alternative
                .entries()
                .iter()
                .map(|entry| entry.key)
                .collect::<Vec<_>>()
                .join(" + ")
        });
    format!(
        "operation {}: {} {}; request {}; responses {}; security {}",
        operation.name(),
        operation.sent_method(),
        operation.path,
        request.unwrap_or_else(|| "none".to_owned()),
        responses.collect::<Vec<_>>().join(" | "),
        security.collect::<Vec<_>>().join(" | "),
    )
}

/// The schema names of a request body or response, one per media type.
fn schema_names(holder: Node<'_>) -> Option<String> {
    let names = holder.get("content")?.entries().iter().map(|media_type| {
        let schema = media_type.value.get("schema");
        let reference = schema
            .and_then(|schema| schema.get("$ref"))
            .and_then(Node::as_str);
        match reference.and_then(|reference| reference.rsplit('/').next()) {
            Some(name) => name.to_owned(),
            None => media_type.key.to_owned(),
        }
    });
    Some(names.collect::<Vec<_>>().join(" or "))
}
