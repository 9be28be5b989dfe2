//! Declarations of parameters and headers.

use std::collections::{BTreeMap, BTreeSet};

use spec_first_document::headers::is_ignored;
use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{Part, Survey, component_pointer},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.parameters {
        one(survey, &site.pointer, site.node, report);
        described_value(&site.pointer, site.node, report);
    }
    for (_, header) in &survey.headers {
        if header.node.get("$ref").is_none() {
            described_value(&header.pointer, header.node, report);
        }
    }
    for site in &survey.media_types {
        example_and_examples(&site.pointer, site.node, report);
    }
    duplicates(survey, report);
}

fn one(survey: &Survey<'_>, pointer: &Pointer, node: Node<'_>, report: &mut Report<'_>) {
    let text = |key: &str| node.str_of(key).unwrap_or_default();
    let (name, place) = (text("name"), text("in"));
    let required = node.get("required").and_then(Node::as_bool);
    if place == "path" && required != Some(true) {
        report.add(
            "optional-path-parameter",
            pointer,
            format!("the path parameter `{name}` is not `required: true`"),
            "add `required: true`; a path segment cannot be omitted",
        );
    }
    if place == "header" && is_ignored(name) {
        report.add(
            "ignored-header",
            pointer,
            format!("OpenAPI ignores the header parameter `{name}`"),
            "remove it; media types are declared in `content`, credentials in `security`",
        );
    } else if let Some(scheme) = credential_scheme(survey, name, place) {
        report.add(
            "credential-as-parameter",
            pointer,
            format!("the parameter `{name}` is already sent by the security scheme `{scheme}`"),
            "remove the parameter and list the scheme in `security`",
        );
    }
    if name.is_empty() && node.get("name").is_some() {
        report.add(
            "wrong-value",
            &pointer.child("name"),
            "the parameter name is empty",
            "add a name",
        );
    }
    if node.get("allowEmptyValue").is_some() && place != "query" {
        report.add(
            "useless-keyword",
            &pointer.child("allowEmptyValue"),
            "`allowEmptyValue` has an effect only in a query",
            "remove it",
        );
    }
    if node.get("allowReserved").is_some() && place != "query" {
        report.add(
            "useless-keyword",
            &pointer.child("allowReserved"),
            "`allowReserved` has an effect only in a query",
            "remove it",
        );
    }
    style(survey, pointer, node, report);
}

/// Reports a style that cannot serialize the type of the schema.
fn style<'a>(survey: &Survey<'a>, pointer: &Pointer, node: Node<'_>, report: &mut Report<'_>) {
    let Some(style) = node.str_of("style") else {
        return;
    };
    let at = pointer.child("schema");
    let schema = survey
        .document
        .node(&at)
        .and_then(|schema| survey.resolve(&at, schema));
    let Some(kind) = schema.and_then(|schema| schema.node.get("type")?.as_str()) else {
        return;
    };
    let fits = match style {
        "deepObject" => kind == "object",
        "spaceDelimited" | "pipeDelimited" => matches!(kind, "array" | "object"),
        _ => true,
    };
    if !fits {
        report.add(
            "useless-keyword",
            &pointer.child("style"),
            format!("the style `{style}` cannot serialize the type `{kind}`"),
            "remove `style`, or change the type",
        );
    }
}

fn credential_scheme<'a>(survey: &Survey<'a>, name: &str, place: &str) -> Option<&'a str> {
    let schemes = survey.section(Part::SecurityScheme).iter();
    schemes
        .filter(|entry| {
            let text = |key: &str| entry.value.str_of(key);
            text("type") == Some("apiKey")
                && text("in") == Some(place)
                && text("name").is_some_and(|key| key.eq_ignore_ascii_case(name))
        })
        .map(|entry| entry.key)
        .next()
}

fn described_value(pointer: &Pointer, node: Node<'_>, report: &mut Report<'_>) {
    let content = node
        .get("content")
        .map_or(0, |content| content.entries().len());
    if content > 1 {
        report.add(
            "schema-or-content",
            &pointer.child("content"),
            "`content` must have exactly one media type",
            "keep one",
        );
    }
    example_and_examples(pointer, node, report);
}

fn example_and_examples(pointer: &Pointer, node: Node<'_>, report: &mut Report<'_>) {
    if node.get("example").is_some() && node.get("examples").is_some() {
        report.add(
            "example-and-examples",
            &pointer.child("example"),
            "`example` and `examples` are mutually exclusive",
            "move the `example` to `examples`",
        );
    }
}

fn duplicates(survey: &Survey<'_>, report: &mut Report<'_>) {
    for list in &survey.parameter_lists {
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (index, parameter) in list.node.items().iter().enumerate() {
            let Some(node) = survey.resolved(parameter) else {
                continue;
            };
            let text = |key: &str| node.str_of(key).unwrap_or_default();
            let place = text("in").to_owned();
            let name = match place.as_str() {
                // Header names are case-insensitive.
                "header" => text("name").to_lowercase(),
                _ => text("name").to_owned(),
            };
            if let Some(first) = seen.get(&(place.clone(), name.clone())) {
                report.add(
                    "duplicate-parameter",
                    &list.pointer.child(index),
                    format!(
                        "the {place} parameter `{name}` is declared twice, first as item {first}"
                    ),
                    "remove one of them",
                );
            } else {
                seen.insert((place, name), index);
            }
        }
    }
    let mut components: BTreeSet<String> = BTreeSet::new();
    for entry in survey.section(Part::Parameter) {
        if entry.value.get("$ref").is_some() || !entry.value.is_mapping() {
            continue;
        }
        let whole = entry.value.to_json().to_string();
        if !components.insert(whole) {
            report.add(
                "duplicate-parameter",
                &component_pointer(Part::Parameter, entry.key),
                format!(
                    "the parameter `{}` is identical to another component",
                    entry.key
                ),
                "keep one of them and reference it",
            );
        }
    }
}
