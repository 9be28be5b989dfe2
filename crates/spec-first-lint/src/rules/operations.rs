//! Operations: ids, tags, bodies, links and deprecations.

use std::collections::{BTreeMap, BTreeSet};

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{OperationSite, Survey},
    words::{is_snake_case, nearest, words},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    operation_ids(survey, report);
    tags(survey, report);
    for site in &survey.operations {
        bodies(site, report);
    }
    links(survey, report);
    deprecations(survey, report);
}

fn operation_ids(survey: &Survey<'_>, report: &mut Report<'_>) {
    let mut known: BTreeMap<String, (&str, &Pointer)> = BTreeMap::new();
    for site in &survey.operations {
        let Some(id) = site.operation.node.str_of("operationId") else {
            if site.operation.node.get("operationId").is_none() {
                report.add(
                    "missing-operation-id",
                    &site.pointer,
                    "the operation has no `operationId`",
                    "add one; generators derive function names from it",
                );
            }
            continue;
        };
        let at = site.pointer.child("operationId");
        let is_in_url = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=".contains(c);
        if !id.chars().all(is_in_url) {
            report.add(
                "operation-id-characters",
                &at,
                format!("the operation id `{id}` has characters that a URL cannot contain"),
                "use letters, digits, `-`, `_` and `.`",
            );
        }
        if !is_snake_case(id) {
            report.add(
                "operation-id-case",
                &at,
                format!("the operation id `{id}` is not in `snake_case`"),
                format!("use `{}`", words(id).join("_")),
            );
        }
        let function = words(id).join("_");
        match known.get(&function) {
            Some((other, place)) => {
                let (rule, message) = if *other == id {
                    let message = format!("duplicate operation id `{id}`");
                    ("duplicate-operation-id", message)
                } else {
                    let message =
                        format!("the operation ids `{id}` and `{other}` become the same name");
                    ("similar-operation-id", message)
                };
                report.add(
                    rule,
                    &at,
                    message,
                    format!("rename one of them; the other operation is at {place}"),
                );
            }
            None => {
                known.insert(function, (id, &site.pointer));
            }
        }
    }
}

fn tags(survey: &Survey<'_>, report: &mut Report<'_>) {
    let tags = Pointer::root().child("tags");
    let declared = survey.document.root().items_of("tags");
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (index, tag) in declared.iter().enumerate() {
        let Some(name) = tag.str_of("name") else {
            continue;
        };
        if !names.insert(name) {
            report.add(
                "duplicate-tag",
                &tags.child(index),
                format!("the tag `{name}` is declared twice"),
                "remove one of them",
            );
        }
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let has_tags = |site: &OperationSite<'_>| site.operation.node.get("tags").is_some();
    if names.is_empty() && survey.operations.iter().any(has_tags) {
        report.add(
            "missing-tag-declaration",
            &Pointer::root(),
            "the operations have tags, but the document declares none",
            "list each tag in the `tags` of the document, with a description",
        );
    }
    for site in &survey.operations {
        let list = site.operation.node.items_of("tags");
        if list.is_empty() {
            report.add(
                "missing-tag",
                &site.pointer,
                "the operation has no tags",
                "add a tag to `tags`, so that documentation can group the operation",
            );
        }
        let mut own = BTreeSet::new();
        for (index, tag) in list.iter().enumerate() {
            let Some(name) = tag.as_str() else { continue };
            let at = site.pointer.child("tags").child(index);
            if !own.insert(name) {
                report.add(
                    "duplicate-tag",
                    &at,
                    format!("the operation has the tag `{name}` twice"),
                    "remove one of them",
                );
            }
            used.insert(name);
            if !names.is_empty() && !names.contains(name) {
                let message = match nearest(name, names.iter().copied()) {
                    Some(near) => {
                        format!("the tag `{name}` is not declared; did you mean `{near}`?")
                    }
                    None => format!("the tag `{name}` is not declared"),
                };
                report.add(
                    "undeclared-tag",
                    &at,
                    message,
                    "declare it in the `tags` of the document, with a description",
                );
            }
        }
    }
    for (index, tag) in declared.iter().enumerate() {
        if let Some(name) = tag.str_of("name")
            && !used.contains(name)
        {
            report.add(
                "unused-tag",
                &tags.child(index),
                format!("no operation has the tag `{name}`"),
                "remove it, or add it to an operation",
            );
        }
    }
}

fn bodies(site: &OperationSite<'_>, report: &mut Report<'_>) {
    let method = site.operation.method;
    if matches!(method, "get" | "head" | "delete" | "trace")
        && site.operation.node.get("requestBody").is_some()
    {
        report.add(
            "body-without-meaning",
            &site.pointer.child("requestBody"),
            format!("a `{}` request has no body", method.to_uppercase()),
            "use parameters instead, or another method",
        );
    }
}

fn links(survey: &Survey<'_>, report: &mut Report<'_>) {
    let ids: BTreeSet<&str> = survey
        .operations
        .iter()
        .filter_map(|site| site.operation.node.get("operationId")?.as_str())
        .collect();
    for link in &survey.links {
        let parameters = link.pointer.child("parameters");
        for entry in link.node.entries_of("parameters") {
            // Anything else is a constant.
            if let Some(text) = entry.value.as_str()
                && text.starts_with('$')
                && !is_expression(text)
            {
                report.add(
                    "invalid-expression",
                    &parameters.child(entry.key),
                    format!("`{text}` is not a runtime expression"),
                    "write one such as `$response.body#/id` or `$request.path.id`",
                );
            }
        }
        let Some(id) = link.node.str_of("operationId") else {
            if link.node.get("operationRef").is_none() && link.node.get("operationId").is_none() {
                report.add(
                    "unknown-link",
                    &link.pointer,
                    "the link does not refer to an operation",
                    "add the `operationId` of the target",
                );
            }
            continue;
        };
        if !ids.contains(id) {
            let message = match nearest(id, ids.iter().copied()) {
                Some(near) => format!("unknown operation `{id}`; did you mean `{near}`?"),
                None => format!("unknown operation `{id}`"),
            };
            report.add(
                "unknown-link",
                &link.pointer.child("operationId"),
                message,
                "use the id of an operation in this document",
            );
        }
    }
}

/// Whether a text is a runtime expression of OpenAPI.
fn is_expression(text: &str) -> bool {
    if matches!(text, "$url" | "$method" | "$statusCode") {
        return true;
    }
    let message = text
        .strip_prefix("$request.")
        .or_else(|| text.strip_prefix("$response."));
    let Some(source) = message else { return false };
    let named = ["header.", "query.", "path."];
    let name = named.iter().find_map(|place| source.strip_prefix(place));
    match (name, source.strip_prefix("body")) {
        (Some(name), _) => !name.is_empty(),
        (None, Some(pointer)) => pointer.is_empty() || pointer == "#" || pointer.starts_with("#/"),
        (None, None) => false,
    }
}

/// Reports deprecations that do not say what to use instead.
fn deprecations(survey: &Survey<'_>, report: &mut Report<'_>) {
    let operations = survey
        .operations
        .iter()
        .map(|site| (&site.pointer, site.operation.node));
    let parameters = survey
        .parameters
        .iter()
        .map(|site| (&site.pointer, site.node));
    let schemas = survey.schemas.iter().map(|site| (&site.pointer, site.node));
    let headers = survey
        .headers
        .iter()
        .map(|(_, site)| (&site.pointer, site.node));
    for (pointer, node) in operations.chain(parameters).chain(schemas).chain(headers) {
        if node.get("deprecated").and_then(Node::as_bool) != Some(true) {
            continue;
        }
        let text = |key: &str| node.str_of(key).unwrap_or_default();
        let text = format!("{} {}", text("summary"), text("description")).to_lowercase();
        let explains = [
            "deprecat",
            "instead",
            "replace",
            "use ",
            "in place of",
            "superseded",
            "no longer",
            "in favour",
            "in favor",
            "obsolete",
            "removed",
            "retired",
            "moved",
        ];
        if !explains.iter().any(|hint| text.contains(hint)) {
            report.add(
                "unexplained-deprecation",
                &pointer.child("deprecated"),
                "the deprecation does not say what to use instead",
                "describe the replacement in the `description`, or say that there is none",
            );
        }
    }
}
