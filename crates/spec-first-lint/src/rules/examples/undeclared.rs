//! Example properties that no schema defines, usually typos that an open object accepts as additional properties.

use spec_first_document::{Content, Node, Pointer};

use crate::{report::Report, survey::Survey, words::nearest};

/// The maximum number of schemas that a value is compared with.
const MAX_SCHEMAS: usize = 200;

pub(super) fn check<'a>(
    survey: &Survey<'a>,
    schema: Node<'a>,
    value: Node<'_>,
    at: &Pointer,
    report: &mut Report<'_>,
) {
    compare(survey, vec![schema], value, at, report);
}

fn compare<'a>(
    survey: &Survey<'a>,
    schemas: Vec<Node<'a>>,
    value: Node<'_>,
    at: &Pointer,
    report: &mut Report<'_>,
) {
    let Some(facets) = facets(survey, schemas) else {
        return;
    };
    match value.content() {
        Content::Mapping(entries) => {
            let known = |name: &str| {
                let facets = facets.iter();
                facets
                    .filter_map(|facet| facet.get("properties")?.get(name))
                    .collect::<Vec<_>>()
            };
            let names = || {
                let properties = facets.iter().filter_map(|facet| facet.get("properties"));
                let entries = properties.flat_map(Node::entries);
                entries.map(|entry| entry.key)
            };
            let is_open = names().next().is_none() || facets.iter().any(|facet| is_open(*facet));
            for entry in entries {
                let place = at.child(entry.key);
                let declared = known(entry.key);
                if !declared.is_empty() {
                    compare(survey, declared, entry.value, &place, report);
                } else if is_open {
                    let additional = facets
                        .iter()
                        .filter_map(|facet| facet.get("additionalProperties"))
                        .filter(|additional| additional.is_mapping());
                    compare(survey, additional.collect(), entry.value, &place, report);
                } else {
                    report_undeclared(entry.key, nearest(entry.key, names()), &place, report);
                }
            }
        }
        Content::Sequence(values) => {
            let items: Vec<_> = facets
                .iter()
                .filter_map(|facet| facet.get("items"))
                .collect();
            for (index, value) in values.iter().enumerate() {
                compare(survey, items.clone(), value, &at.child(index), report);
            }
        }
        _ => {}
    }
}

fn report_undeclared(name: &str, near: Option<&str>, at: &Pointer, report: &mut Report<'_>) {
    let message = match near {
        Some(near) => {
            format!("the schema of the example has no property `{name}`; did you mean `{near}`?")
        }
        None => format!("the schema of the example has no property `{name}`"),
    };
    report.add(
        "undeclared-example-property",
        at,
        message,
        "correct the name, define the property, or add `additionalProperties: true` to allow any",
    );
}

/// The schemas with all their branches; `None` if there are none or too many.
fn facets<'a>(survey: &Survey<'a>, schemas: Vec<Node<'a>>) -> Option<Vec<Node<'a>>> {
    let mut facets: Vec<Node<'_>> = Vec::new();
    let mut queue = schemas;
    while let Some(node) = queue.pop() {
        let node = survey.resolved(node)?;
        if facets.contains(&node) {
            continue;
        }
        if facets.len() == MAX_SCHEMAS {
            return None;
        }
        facets.push(node);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            queue.extend(node.items_of(keyword));
        }
    }
    (!facets.is_empty()).then_some(facets)
}

/// Whether the schema allows additional properties, explicitly or because it constrains nothing.
fn is_open(facet: Node<'_>) -> bool {
    if let Some(additional) = facet.get("additionalProperties") {
        return additional.as_bool() != Some(false);
    }
    let has = |keys: &[&str]| keys.iter().any(|key| facet.get(key).is_some());
    let is_object = facet
        .get("type")
        .is_none_or(|kind| kind.as_str() == Some("object"));
    is_object
        && !has(&[
            "properties",
            "required",
            "allOf",
            "anyOf",
            "oneOf",
            "enum",
            "not",
        ])
}
