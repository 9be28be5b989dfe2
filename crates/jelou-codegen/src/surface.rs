//! The surface: one sorted line for each thing that an edit of the document can change.
//!
//! progenitor ignores a good part of a document (security, servers, limits, formats, examples), so the generated code alone
//! would let such an edit pass unseen. Here every value of the document has its line, and so has every public name of the
//! generated code. It does not judge a change; it makes it visible.

use std::collections::BTreeSet;

use openapi_document::{Content, Document, Node, OperationNode, Pointer};
use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Meta, Visibility};

use crate::{Error, GENERATED_NOTICE, generator};

/// Keys whose values are for people: they change no request and no response, so they stand apart.
const PROSE: [&str; 6] = [
    "title",
    "summary",
    "description",
    "example",
    "examples",
    "externalDocs",
];

/// The surface of the OpenAPI document `text` and of the client that is generated from it.
///
/// Each line begins with its kind: `document` for a fact that can change what is sent, accepted or generated, `operation` for
/// the summary of an operation, `prose` for what only people read, `rust` for a public name of the generated code.
///
/// # Errors
/// Those of [`crate::generate`].
pub fn surface(name: &str, text: &str) -> Result<String, Error> {
    let document = Document::parse(name, text)?;
    let file = generator::generate_syntax(&document)?;

    let mut lines = BTreeSet::new();
    collect_values(document.root(), &Pointer::root(), "document", &mut lines);
    lines.extend(
        document
            .operations()
            .map(|operation| describe_operation(&document, &operation)),
    );
    collect_items(&file.items, "", &mut lines);

    let mut surface = format!("# {GENERATED_NOTICE}\n");
    for line in lines {
        surface.push_str(&line);
        surface.push('\n');
    }
    Ok(surface)
}

fn collect_values(node: &Node, pointer: &Pointer, kind: &str, lines: &mut BTreeSet<String>) {
    match &node.content {
        Content::Mapping(entries) if !entries.is_empty() => {
            // A property may be called `description`; what stands under `properties` are names, not keys of OpenAPI.
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
                let is_prose = !holds_names && PROSE.contains(&entry.key.as_str());
                let kind = if is_prose { "prose" } else { kind };
                collect_values(&entry.value, &pointer.child(&entry.key), kind, lines);
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
        .get("responses")
        .map_or(&[][..], Node::entries)
        .iter()
        .map(|response| {
            let schema = document.resolve(&response.value).and_then(schema_names);
            schema.map_or_else(
                || response.key.clone(),
                |schema| format!("{} {schema}", response.key),
            )
        });
    let security = operation
        .node
        .get("security")
        .or_else(|| document.root().get("security"));
    let security = security
        .map_or(&[][..], Node::items)
        .iter()
        .map(|alternative| {
            alternative
                .entries()
                .iter()
                .map(|entry| entry.key.as_str())
                .collect::<Vec<_>>()
                .join(" + ")
        });
    format!(
        "operation {}: {} {}; request {}; responses {}; security {}",
        operation.name(),
        operation.method.to_uppercase(),
        operation.path,
        request.unwrap_or_else(|| "none".to_owned()),
        responses.collect::<Vec<_>>().join(" | "),
        security.collect::<Vec<_>>().join(" | "),
    )
}

/// The name of the schema of a request body or response, media type by media type.
fn schema_names(holder: &Node) -> Option<String> {
    let names = holder.get("content")?.entries().iter().map(|media_type| {
        let schema = media_type.value.get("schema");
        let reference = schema
            .and_then(|schema| schema.get("$ref"))
            .and_then(Node::as_str);
        match reference.and_then(|reference| reference.rsplit('/').next()) {
            Some(name) => name.to_owned(),
            None => media_type.key.clone(),
        }
    });
    Some(names.collect::<Vec<_>>().join(" or "))
}

fn collect_items(items: &[Item], module: &str, lines: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(inner) if is_public(&inner.vis) => {
                let path = format!("{module}{}::", inner.ident);
                // The builders of types repeat the fields of the types, and conversion errors never change.
                if path != "types::builder::" && path != "types::error::" && path != "prelude::" {
                    collect_items(
                        inner.content.as_ref().map_or(&[][..], |(_, items)| items),
                        &path,
                        lines,
                    );
                }
            }
            Item::Struct(item) if is_public(&item.vis) => collect_struct(item, module, lines),
            Item::Enum(item) if is_public(&item.vis) => collect_enum(item, module, lines),
            Item::Impl(item) if item.trait_.is_none() => collect_methods(item, module, lines),
            Item::Const(item) if is_public(&item.vis) => {
                lines.insert(format!(
                    "rust const {module}{}: {}",
                    item.ident,
                    code(&item.ty)
                ));
            }
            Item::Macro(item) => {
                let name = item.mac.tokens.clone().into_iter().last();
                let name = name.map(|token| token.to_string()).unwrap_or_default();
                lines.insert(format!("rust struct {module}{name}"));
            }
            _ => {}
        }
    }
}

fn collect_struct(item: &ItemStruct, module: &str, lines: &mut BTreeSet<String>) {
    let name = format!("{module}{}", item.ident);
    lines.insert(format!("rust struct {name}"));
    for (index, field) in item
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| is_public(&field.vis))
    {
        let field_name = field
            .ident
            .as_ref()
            .map_or_else(|| index.to_string(), ToString::to_string);
        let wire_name = renamed(&field.attrs).unwrap_or_else(|| field_name.clone());
        let wire_name = if matches!(item.fields, Fields::Named(_)) {
            format!(" as `{wire_name}`")
        } else {
            String::new()
        };
        lines.insert(format!(
            "rust field {name}.{field_name}: {}{wire_name}",
            code(&field.ty)
        ));
    }
}

fn collect_enum(item: &ItemEnum, module: &str, lines: &mut BTreeSet<String>) {
    let name = format!("{module}{}", item.ident);
    lines.insert(format!("rust enum {name}"));
    for variant in &item.variants {
        let fields: Vec<_> = variant.fields.iter().map(|field| code(&field.ty)).collect();
        let fields = if fields.is_empty() {
            String::new()
        } else {
            format!("({})", fields.join(", "))
        };
        let wire_name = renamed(&variant.attrs)
            .map(|name| format!(" as `{name}`"))
            .unwrap_or_default();
        lines.insert(format!(
            "rust variant {name}::{}{fields}{wire_name}",
            variant.ident
        ));
    }
}

fn collect_methods(item: &ItemImpl, module: &str, lines: &mut BTreeSet<String>) {
    for method in &item.items {
        let ImplItem::Fn(method) = method else {
            continue;
        };
        if is_public(&method.vis) {
            lines.insert(format!(
                "rust method {module}{}: {}",
                code(&item.self_ty),
                code(&method.sig)
            ));
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The name that `#[serde(rename = "…")]` gives.
fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .find_map(|attribute| {
            let Meta::List(list) = &attribute.meta else {
                return None;
            };
            let text = list.tokens.to_string();
            let (_, rest) = text.split_once("rename = \"")?;
            rest.split_once('"').map(|(name, _)| name.to_owned())
        })
}

/// Code on one line, with the spaces of a person rather than those of a token stream.
fn code(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut tidy = text.replace("& '", "&'");
    for (from, to) in [
        (":: ", "::"),
        (" ::", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        ("& ", "&"),
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("->", " -> "),
        ("  ", " "),
        ("  ", " "),
        (",)", ")"),
        (",>", ">"),
    ] {
        tidy = tidy.replace(from, to);
    }
    tidy
}
