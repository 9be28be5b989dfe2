//! Contradictions between two keywords of a schema. Contradictions between more keywords are found by `satisfiability`.

mod pattern;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use jsonschema::Validator;
use spec_first_document::{
    Node, Pointer,
    instance::{InDocument, Instance},
    literal::list,
    violation::text,
};

use crate::{
    report::Report,
    survey::{Role, SchemaSite, Survey},
    validation::Validation,
};

pub(crate) fn check<'a>(
    survey: &Survey<'a>,
    validation: &Validation<'_, 'a>,
    report: &mut Report<'_>,
) {
    for (index, site) in survey.schemas.iter().enumerate() {
        if site.is_reference() {
            continue;
        }
        limits(site, report);
        multiple(site, report);
        text_length(site, report);
        required(survey, site, report);
        properties(site, report);
        enumeration(validation, index, site, report);
        default(survey, site, report);
    }
    for site in &survey.parameters {
        let schema = site
            .node
            .get("schema")
            .and_then(|schema| survey.resolved(schema));
        let is_required = site.node.is_true("required");
        if is_required && schema.is_some_and(|schema| schema.get("default").is_some()) {
            report.add(
                "default-on-required",
                &site.pointer,
                "the parameter is required, so the default of its schema is never used",
                "remove `required` or the `default`",
            );
        }
    }
}

fn number(node: Node<'_>, key: &str) -> Option<f64> {
    node.get(key)?.to_json().as_f64()
}

fn flag(node: Node<'_>, key: &str) -> bool {
    node.is_true(key)
}

fn limits(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    for (least, most) in [
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
        ("minimum", "maximum"),
    ] {
        let (Some(low), Some(high)) = (number(site.node, least), number(site.node, most)) else {
            continue;
        };
        let is_open = least == "minimum"
            && (flag(site.node, "exclusiveMinimum") || flag(site.node, "exclusiveMaximum"));
        if low > high {
            report.add(
                "excluding-limits",
                &site.pointer.child(least),
                format!("`{least}` is greater than `{most}`, so no value is valid"),
                "swap or correct them",
            );
        } else if low == high && is_open {
            report.add(
                "excluding-limits",
                &site.pointer.child(least),
                "`minimum` equals `maximum` and one of them is exclusive, so no value is valid",
                "make both inclusive, or change one of them",
            );
        }
    }
}

/// Reports limits with no multiple between them.
fn multiple(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    let kind = site.node.str_of("type");
    let least = number(site.node, "minimum");
    let most = number(site.node, "maximum");
    let (Some(least), Some(most)) = (least, most) else {
        return;
    };
    let step = number(site.node, "multipleOf").filter(|step| *step > 0.0);
    let step = match (step, kind) {
        (Some(step), _) => step,
        (None, Some("integer")) => 1.0,
        _ => return,
    };
    let mut first = (least / step).ceil();
    if flag(site.node, "exclusiveMinimum") && first * step == least {
        first += 1.0;
    }
    let mut last = (most / step).floor();
    if flag(site.node, "exclusiveMaximum") && last * step == most {
        last -= 1.0;
    }
    if first > last && !report.has_rule_within(&site.pointer, &["excluding-limits"]) {
        let key = if site.node.get("multipleOf").is_some() {
            "multipleOf"
        } else {
            "minimum"
        };
        report.add(
            "excluding-limits",
            &site.pointer.child(key),
            "there is no valid number between `minimum` and `maximum`",
            "widen the limits or correct `multipleOf`",
        );
    }
}

/// Reports a pattern that matches only strings outside the length limits.
fn text_length(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    let pattern = site.node.str_of("pattern");
    let Some((least, most)) = pattern.and_then(pattern::lengths) else {
        return;
    };
    let is_too_long = number(site.node, "maxLength").is_some_and(|limit| limit < least as f64);
    let is_too_short = number(site.node, "minLength")
        .zip(most)
        .is_some_and(|(limit, most)| limit > most as f64);
    if is_too_long || is_too_short {
        let limit = if is_too_long {
            "maxLength"
        } else {
            "minLength"
        };
        report.add(
            "excluding-limits",
            &site.pointer.child("pattern"),
            format!("`{limit}` excludes every string that matches the pattern"),
            "correct the pattern or the limit",
        );
    }
}

fn names(node: Node<'_>) -> Vec<(usize, &str)> {
    node.items()
        .iter()
        .enumerate()
        .filter_map(|(index, name)| Some((index, name.as_str()?)))
        .collect()
}

fn required<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, report: &mut Report<'_>) {
    let Some(required) = site.node.get("required") else {
        return;
    };
    let at = site.pointer.child("required");
    if required.is_sequence() && required.items().is_empty() {
        // JSON Schema allows an empty list.
        if survey.document.is_3_1() {
            return;
        }
        return report.add("empty-required", &at, "`required` is empty", "remove it");
    }
    let mut seen = BTreeSet::new();
    let is_open = site
        .node
        .get("additionalProperties")
        .is_some_and(Node::is_mapping);
    for (index, name) in names(required) {
        if !seen.insert(name) {
            report.add(
                "duplicate-required",
                &at.child(index),
                format!("`required` lists `{name}` twice"),
                "remove one of them",
            );
        } else if !is_open && !is_defined_around(survey, site, name) {
            report.add(
                "undefined-required",
                &at.child(index),
                format!("the required property `{name}` is not defined"),
                "define it in `properties`, or remove it from `required`",
            );
        }
    }
}

/// Whether the property is defined by the schema, by its branches, or by the schema that it is a branch of.
fn is_defined_around<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, name: &str) -> bool {
    let mut site = site;
    loop {
        if is_defined(survey, site.node, name, 0) {
            return true;
        }
        match (site.role, site.parent) {
            (Role::Branch { .. } | Role::Not | Role::Keyword(_), Some(parent)) => {
                site = &survey.schemas[parent]
            }
            _ => return false,
        }
    }
}

/// Whether the property is defined by the schema or by its branches.
pub(crate) fn is_defined<'a>(
    survey: &Survey<'a>,
    node: Node<'a>,
    name: &str,
    depth: usize,
) -> bool {
    let Some(node) = survey.resolved(node) else {
        return true;
    };
    if node
        .get("properties")
        .is_some_and(|properties| properties.get(name).is_some())
        || depth > 30
    {
        return true;
    }
    ["allOf", "oneOf", "anyOf"].iter().any(|keyword| {
        let branches = node.items_of(keyword).iter();
        let mut branches = branches.map(|branch| is_defined(survey, branch, name, depth + 1));
        branches.any(|defined| defined)
    })
}

fn properties(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    let is_closed = site
        .node
        .get("additionalProperties")
        .and_then(Node::as_bool)
        == Some(false);
    let count = site
        .node
        .get("properties")
        .map_or(0, |node| node.entries().len());
    let least = number(site.node, "minProperties");
    if is_closed && least.is_some_and(|least| least > count as f64) {
        report.add(
            "excluding-limits",
            &site.pointer.child("minProperties"),
            format!("`minProperties` is greater than the number of defined properties, {count}"),
            "define more properties or lower the limit",
        );
    }
    let required = site
        .node
        .get("required")
        .map_or(0, |node| node.items().len());
    if number(site.node, "maxProperties").is_some_and(|most| most < required as f64) {
        report.add(
            "excluding-limits",
            &site.pointer.child("maxProperties"),
            format!("`maxProperties` is less than the number of required properties, {required}"),
            "raise the limit or require fewer properties",
        );
    }
}

fn enumeration<'a>(
    validation: &Validation<'_, 'a>,
    index: usize,
    site: &SchemaSite<'a>,
    report: &mut Report<'_>,
) {
    let Some(values) = site.node.get("enum") else {
        return;
    };
    let at = site.pointer.child("enum");
    if matches!(values.content(), spec_first_document::Content::Sequence(items) if items.is_empty())
    {
        return report.add(
            "empty-enum",
            &at,
            "`enum` is empty",
            "add the values, or remove it",
        );
    }
    let validator = OnceCell::new();
    let is_possible = |value| {
        let plain = validation.plain.is_locally_valid(site.node, value);
        plain.unwrap_or_else(|| {
            let validator = validator.get_or_init(|| validation.local(index));
            let validator: Option<&Validator<InDocument>> = validator.as_ref();
            validator.is_none_or(|validator| validator.is_valid(Instance::Value(value)))
        })
    };
    let mut seen = BTreeSet::new();
    let types: Vec<&str> = site.node.types().collect();
    let is_typed = !types.is_empty();
    let mut is_told = false;
    for (index, node) in values.items().iter().enumerate() {
        let value = node.to_json();
        let shown = text(&value);
        if !seen.insert(value.to_string()) {
            report.add(
                "duplicate-enum-value",
                &at.child(index),
                format!("`enum` lists `{shown}` twice"),
                "remove one of them",
            );
        } else if (is_typed || !value.is_null()) && !is_possible(node) {
            // Without a type, `null` is a value like any other.
            if value.is_string() && is_typed && !types.contains(&"string") {
                if !std::mem::replace(&mut is_told, true) {
                    report.add(
                        "impossible-enum-value",
                        &at.child(index),
                        format!(
                            "the `enum` value `{value}` is a string, but the type is {}",
                            list(&types, "or")
                        ),
                        "write the values without quotes, or use `type: string`",
                    );
                }
                continue;
            }
            report.add(
                "impossible-enum-value",
                &at.child(index),
                format!("the `enum` value `{shown}` violates other keywords of the schema"),
                "remove the value or correct the keywords; quote strings that look like numbers or booleans",
            );
        }
    }
}

fn default<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, report: &mut Report<'_>) {
    if let Role::Property {
        name,
        required: true,
    } = site.role
        && let Some(schema) = survey.resolved(site.node)
        && schema.get("default").is_some()
        // What a server always sends, and what can only have one value, may have a default as well.
        && (survey.travels(site).request || !survey.travels(site).response)
        && schema.get("const").is_none()
        && schema.items_of("enum").len() != 1
    {
        let at: Pointer = site.pointer.child("default");
        report.add(
            "default-on-required",
            &at,
            format!("`{name}` is required, so its default is never used"),
            "remove it from `required`, or remove the `default`",
        );
    }
}
