//! Operations: their names, tags and what they say about themselves.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Node, Pointer};

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
        let Some(id) = site
            .operation
            .node
            .get("operationId")
            .and_then(Node::as_str)
        else {
            if site.operation.node.get("operationId").is_none() {
                report.add(
                    "missing-operation-id",
                    &site.pointer,
                    "the operation has no `operationId`",
                    "add one; it becomes the name of a function",
                );
            }
            continue;
        };
        let at = site.pointer.child("operationId");
        if !is_snake_case(id) {
            report.add(
                "operation-id-case",
                &at,
                format!("the operation id `{id}` is not in `snake_case`"),
                format!("write `{}`", words(id).join("_")),
            );
        }
        let function = words(id).join("_");
        match known.get(&function) {
            Some((other, place)) => {
                let message = if *other == id {
                    format!("the operation id `{id}` is taken")
                } else {
                    format!("the operation id `{id}` is the same name as `{other}`")
                };
                report.add(
                    "duplicate-operation-id",
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
    let declared = survey
        .document
        .root()
        .get("tags")
        .map_or(&[][..], Node::items);
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (index, tag) in declared.iter().enumerate() {
        let Some(name) = tag.get("name").and_then(Node::as_str) else {
            continue;
        };
        if !names.insert(name) {
            report.add(
                "duplicate-tag",
                &tags.child(index),
                format!("the tag `{name}` is declared twice"),
                "remove one of the two",
            );
        }
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for site in &survey.operations {
        let list = site.operation.node.get("tags").map_or(&[][..], Node::items);
        if list.is_empty() {
            report.add(
                "missing-tag",
                &site.pointer,
                "the operation has no tag",
                "add `tags` with one tag, so that documentation can group it",
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
                    "remove one of the two",
                );
            }
            used.insert(name);
            if !names.contains(name) {
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
                    "declare it under `tags` of the document, with a description",
                );
            }
        }
    }
    for (index, tag) in declared.iter().enumerate() {
        if let Some(name) = tag.get("name").and_then(Node::as_str)
            && !used.contains(name)
        {
            report.add(
                "unused-tag",
                &tags.child(index),
                format!("no operation has the tag `{name}`"),
                "remove it, or give it to an operation",
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
            "describe parameters in its place, or use another method",
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
        let Some(id) = link.node.get("operationId").and_then(Node::as_str) else {
            if link.node.get("operationRef").is_none() && link.node.get("operationId").is_none() {
                report.add(
                    "unknown-link",
                    &link.pointer,
                    "the link names no operation",
                    "add the `operationId` that it leads to",
                );
            }
            continue;
        };
        if !ids.contains(id) {
            let message = match nearest(id, ids.iter().copied()) {
                Some(near) => format!("there is no operation `{id}`; did you mean `{near}`?"),
                None => format!("there is no operation `{id}`"),
            };
            report.add(
                "unknown-link",
                &link.pointer.child("operationId"),
                message,
                "name an operation of this document",
            );
        }
    }
}

/// A reader of something deprecated wants to know what to use in its place.
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
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let text = format!("{} {}", text("summary"), text("description")).to_lowercase();
        let says_more = [
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
        if !says_more.iter().any(|hint| text.contains(hint)) {
            report.add(
                "unexplained-deprecation",
                &pointer.child("deprecated"),
                "this is deprecated, and nothing says what to use in its place",
                "say in the `description` what to use, or that there is nothing",
            );
        }
    }
}
