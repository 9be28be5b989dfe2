//! Empty, meaningless and dangerous texts.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex::Regex;
use spec_first_document::{Content, Node, Path, tree::NodeId};

use crate::{
    report::Report,
    survey::{Role, Survey},
    words::{is_placeholder, only_repeats},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let names = names(survey);
    let root = survey.document.root();
    walk(root, &Path::ROOT, Place::Object, &names, report);
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

/// The names of objects.
fn names<'a>(survey: &Survey<'a>) -> HashMap<NodeId, &'a str> {
    let root = survey.document.root();
    let components = survey.kinds().flat_map(|kind| survey.section(kind));
    let mut names: HashMap<NodeId, &str> = components
        .map(|entry| (entry.value.id(), entry.key))
        .collect();
    for site in &survey.schemas {
        if let Role::Property { name, .. } = site.role {
            names.insert(site.node.id(), name);
        }
    }
    let parameters = survey.parameters.iter().map(|site| (site.node, "name"));
    let operations = survey.operations.iter();
    let operations = operations.map(|site| (site.operation.node, "operationId"));
    let info = root.get("info").into_iter().map(|info| (info, "title"));
    let tags = root.items_of("tags").iter().map(|tag| (tag, "name"));
    for (node, key) in parameters.chain(operations).chain(info).chain(tags) {
        if let Some(name) = node.str_of(key) {
            names.insert(node.id(), name);
        }
    }
    names
}

fn walk(
    node: Node<'_>,
    path: &Path<'_>,
    place: Place,
    names: &HashMap<NodeId, &str>,
    report: &mut Report<'_>,
) {
    for (index, item) in node.items().iter().enumerate() {
        walk(item, &path.index(index), Place::Object, names, report);
    }
    for entry in node.entries() {
        let key = entry.key;
        let at = path.key(key);
        let place = match (place, key) {
            (Place::Texts, _) => {
                text(entry.value, "", &at, None, report);
                continue;
            }
            (Place::Names, _) => Place::Object,
            (_, "description" | "summary" | "title") => {
                let name = names.get(&node.id()).copied();
                let name = name.filter(|_| key == "description");
                text(entry.value, key, &at, name, report);
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

fn text(node: Node<'_>, key: &str, at: &Path<'_>, name: Option<&str>, report: &mut Report<'_>) {
    let text = match node.content() {
        Content::String(text) => text,
        // Reported by `form`.
        _ => return,
    };
    if text.trim().is_empty() {
        return report.add(
            "empty-text",
            &at.pointer(),
            "the text is empty",
            "describe it in a sentence",
        );
    }
    if is_placeholder(text)
        && !(key == "title" && text.len() > 3 && !text.eq_ignore_ascii_case("todo"))
    {
        return report.add(
            "placeholder-text",
            &at.pointer(),
            format!("`{}` is a placeholder", text.trim()),
            "describe it in a sentence",
        );
    }
    if let Some(name) = name.filter(|name| only_repeats(text, name)) {
        return report.add(
            "placeholder-text",
            &at.pointer(),
            format!("the description of `{name}` only repeats its name"),
            "say more than the name",
        );
    }
    static ACTIVE: OnceLock<[Option<Regex>; 2]> = OnceLock::new();
    let [in_tags, others] = ACTIVE.get_or_init(|| {
        [
            r"(?i)<\s*(script|iframe|object|embed)\b|<[a-z][^>]*\son[a-z]+\s*=",
            r"(?i)\beval\s*\(|javascript:",
        ]
        .map(|pattern| Regex::new(pattern).ok())
    });
    let is_in = |pattern: &Option<Regex>| {
        let pattern = pattern.as_ref();
        pattern.is_some_and(|pattern| pattern.is_match(text))
    };
    if text.contains('<') && is_in(in_tags) || is_in(others) {
        report.add(
            "active-markup",
            &at.pointer(),
            "the text contains markup that a browser would execute",
            "remove it, or write it as code in backticks without the brackets",
        );
    }
}
