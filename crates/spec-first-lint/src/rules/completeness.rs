//! Missing descriptions, summaries and examples.

use spec_first_document::{Node, Pointer, media_type::is_json};

use crate::{
    report::Report,
    survey::{Part, Role, SchemaSite, Survey, component_pointer},
};

/// What is reported here.
pub(crate) const RULES: [&str; 4] = [
    "missing-description",
    "missing-example",
    "missing-summary",
    "unclear-body",
];

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let root = survey.document.root();
    if let Some(info) = root.get("info") {
        describe(info, &Pointer::root().child("info"), "the API", report);
    }
    for (index, tag) in root.items_of("tags").iter().enumerate() {
        describe(
            tag,
            &Pointer::root().child("tags").child(index),
            "the tag",
            report,
        );
    }
    for server in &survey.servers {
        describe(server.node, &server.pointer, "the server", report);
        for entry in server.node.entries_of("variables") {
            let pointer = server.pointer.child("variables").child(entry.key);
            describe(entry.value, &pointer, "the variable", report);
        }
    }
    for entry in survey.section(Part::SecurityScheme) {
        if entry.value.get("$ref").is_none() {
            let pointer = component_pointer(Part::SecurityScheme, entry.key);
            describe(entry.value, &pointer, "the security scheme", report);
        }
    }
    operations(survey, report);
    for site in &survey.request_bodies {
        describe(site.node, &site.pointer, "the request body", report);
        if site.node.is_mapping() && site.node.get("required").is_none() {
            report.add(
                "unclear-body",
                &site.pointer,
                "the request body does not set `required`, so it is optional",
                "add `required: true`, or `required: false` if it is meant to be optional",
            );
        }
    }
    for site in &survey.parameters {
        describe(site.node, &site.pointer, "the parameter", report);
        described_value(survey, site.node, &site.pointer, "the parameter", report);
    }
    for (_, site) in &survey.headers {
        if site.node.is_mapping() && site.node.get("$ref").is_none() {
            describe(site.node, &site.pointer, "the header", report);
            described_value(survey, site.node, &site.pointer, "the header", report);
        }
    }
    for site in &survey.media_types {
        if is_json(site.name) && site.node.is_mapping() {
            let has_example = has_example(site.node)
                || site
                    .node
                    .get("schema")
                    .is_some_and(|schema| has_own_or_inherited(survey, schema, "example"));
            if !has_example {
                missing_example(&site.pointer, "the media type", report);
            }
        }
    }
    for site in &survey.schemas {
        schema(survey, site, report);
    }
    for site in &survey.examples {
        let keys = ["value", "externalValue", "dataValue", "serializedValue"];
        if keys.iter().all(|key| site.node.get(key).is_none()) {
            report.add(
                "missing-example",
                &site.pointer,
                "the example has no value",
                "add a `value`",
            );
        }
    }
}

fn operations(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.written_operations {
        if !site.node.is_mapping() {
            continue;
        }
        describe(site.node, &site.pointer, "the operation", report);
        if site.node.get("summary").is_none() {
            report.add(
                "missing-summary",
                &site.pointer,
                "the operation has no summary",
                "add a short `summary`",
            );
        }
    }
}

fn schema<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, report: &mut Report<'_>) {
    let (what, name) = match site.role {
        Role::Component(name) => ("the schema", name),
        Role::Property { name, .. } => ("the property", name),
        _ => return,
    };
    if site.is_reference() {
        // The target is checked where it is defined.
        return;
    }
    let named = format!("{what} `{name}`");
    if !has_own_or_inherited(survey, site.node, "description") {
        missing_description(&site.pointer, &named, report);
    }
    if !has_own_or_inherited(survey, site.node, "example") {
        missing_example(&site.pointer, &named, report);
    }
}

/// Whether the schema has `key`, directly, by reference or through a single-item `allOf`.
fn has_own_or_inherited<'a>(survey: &Survey<'a>, node: Node<'a>, key: &str) -> bool {
    let mut node = node;
    for _ in 0..100 {
        let Some(resolved) = survey.resolved(node) else {
            // Dangling references are reported by another rule.
            return true;
        };
        if resolved.get(key).is_some() {
            return true;
        }
        let branches = resolved.items_of("allOf");
        match branches.get(0) {
            Some(only) if branches.len() == 1 => node = only,
            _ => return false,
        }
    }
    true
}

fn described_value<'a>(
    survey: &Survey<'a>,
    node: Node<'a>,
    pointer: &Pointer,
    what: &str,
    report: &mut Report<'_>,
) {
    let in_schema = || {
        node.get("schema")
            .is_some_and(|schema| has_own_or_inherited(survey, schema, "example"))
    };
    if !has_example(node) && node.get("content").is_none() && !in_schema() {
        missing_example(pointer, what, report);
    }
}

fn has_example(node: Node<'_>) -> bool {
    node.get("example").is_some()
        || node
            .get("examples")
            .is_some_and(|examples| !examples.entries().is_empty())
}

fn describe(node: Node<'_>, pointer: &Pointer, what: &str, report: &mut Report<'_>) {
    if node.is_mapping() && node.get("description").is_none() {
        missing_description(pointer, what, report);
    }
}

fn missing_description(pointer: &Pointer, what: &str, report: &mut Report<'_>) {
    report.add(
        "missing-description",
        pointer,
        format!("{what} has no description"),
        "add a `description` that says more than the name",
    );
}

fn missing_example(pointer: &Pointer, what: &str, report: &mut Report<'_>) {
    report.add(
        "missing-example",
        pointer,
        format!("{what} has no example"),
        "add a realistic `example`",
    );
}
