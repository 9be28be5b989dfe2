//! Empty, meaningless and dangerous texts.

use std::sync::OnceLock;

use regex::Regex;
use spec_first_document::{Content, Node, Pointer};

use crate::{
    report::Report,
    survey::{Kind, Role, Survey, component_pointer},
    words::{is_placeholder, only_repeats},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let names = names(survey);
    walk(
        survey.document.root(),
        &Pointer::root(),
        Place::Object,
        &names,
        report,
    );
}

/// The meaning of the keys of a mapping.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Keys defined by the specification.
    Object,
    /// Names chosen by the author, each with an object defined by the specification.
    Names,
    /// Names chosen by the author, each with a text.
    Texts,
}

/// The names of objects, by pointer.
fn names(survey: &Survey<'_>) -> std::collections::HashMap<String, String> {
    let mut names = std::collections::HashMap::new();
    let parameters = survey
        .parameters
        .iter()
        .map(|site| (&site.pointer, site.node, "name"));
    let operations = survey
        .operations
        .iter()
        .map(|site| (&site.pointer, site.operation.node, "operationId"));
    for (pointer, node, key) in parameters.chain(operations) {
        if let Some(name) = node.str_of(key) {
            names.insert(pointer.as_str().to_owned(), name.to_owned());
        }
    }
    for site in &survey.schemas {
        if let Role::Property { name, .. } | Role::Component(name) = site.role {
            names.insert(site.pointer.as_str().to_owned(), name.to_owned());
        }
    }
    for kind in Kind::COMPONENTS {
        for entry in survey.section(kind) {
            let pointer = component_pointer(kind, entry.key);
            names
                .entry(pointer.as_str().to_owned())
                .or_insert_with(|| entry.key.to_owned());
        }
    }
    if let Some(title) = survey
        .document
        .root()
        .get("info")
        .and_then(|info| info.get("title")?.as_str())
    {
        names.insert("/info".to_owned(), title.to_owned());
    }
    let tags = survey.document.root().items_of("tags");
    for (index, tag) in tags.iter().enumerate() {
        if let Some(name) = tag.str_of("name") {
            names.insert(format!("/tags/{index}"), name.to_owned());
        }
    }
    names
}

fn walk(
    node: Node<'_>,
    pointer: &Pointer,
    place: Place,
    names: &std::collections::HashMap<String, String>,
    report: &mut Report<'_>,
) {
    for (index, item) in node.items().iter().enumerate() {
        walk(item, &pointer.child(index), Place::Object, names, report);
    }
    for entry in node.entries() {
        let key = entry.key;
        let at = pointer.child(key);
        let place = match (place, key) {
            (Place::Texts, _) => {
                text(entry.value, &at, None, report);
                continue;
            }
            (Place::Names, _) => Place::Object,
            (_, "description" | "summary" | "title") => {
                let name = names.get(pointer.as_str()).map(String::as_str);
                let name = name.filter(|_| key == "description");
                text(entry.value, &at, name, report);
                continue;
            }
            // Data, not documentation.
            (
                _,
                "example" | "default" | "enum" | "value" | "const" | "mapping" | "security"
                | "required",
            ) => continue,
            (_, key) if key.starts_with("x-") => continue,
            (_, "scopes") => Place::Texts,
            (
                _,
                "properties" | "schemas" | "responses" | "parameters" | "examples"
                | "requestBodies" | "headers" | "securitySchemes" | "links" | "callbacks" | "paths"
                | "content" | "variables" | "encoding",
            ) => Place::Names,
            _ => Place::Object,
        };
        walk(entry.value, &at, place, names, report);
    }
}

fn text(node: Node<'_>, at: &Pointer, name: Option<&str>, report: &mut Report<'_>) {
    let text = match node.content() {
        Content::String(text) => text,
        // Reported by `form`.
        _ => return,
    };
    if text.trim().is_empty() {
        return report.add(
            "empty-text",
            at,
            "the text is empty",
            "describe it in a sentence",
        );
    }
    let is_title = at.last().as_deref() == Some("title");
    if is_placeholder(text) && !(is_title && text.len() > 3 && !text.eq_ignore_ascii_case("todo")) {
        return report.add(
            "placeholder-text",
            at,
            format!("`{}` is a placeholder", text.trim()),
            "describe it in a sentence",
        );
    }
    if let Some(name) = name.filter(|name| only_repeats(text, name)) {
        return report.add(
            "placeholder-text",
            at,
            format!("the description of `{name}` only repeats its name"),
            "say more than the name",
        );
    }
    static ACTIVE: OnceLock<Option<Regex>> = OnceLock::new();
    let active = ACTIVE.get_or_init(|| {
        Regex::new(r"(?i)<\s*(script|iframe|object|embed)\b|\beval\s*\(|javascript:|<[a-z][^>]*\son[a-z]+\s*=").ok()
    });
    if active.as_ref().is_some_and(|active| active.is_match(text)) {
        report.add(
            "active-markup",
            at,
            "the text contains markup that a browser would execute",
            "remove it, or write it as code in backticks without the brackets",
        );
    }
}
