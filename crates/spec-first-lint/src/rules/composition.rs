//! `allOf`, `oneOf`, `anyOf` and `discriminator`: missing, duplicate and indistinguishable branches.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use spec_first_document::{Content, Node, Pointer};

use crate::{
    report::Report,
    rules::contradictions::is_defined,
    survey::{Part, Role, SchemaSite, Survey, component_pointer},
    words::nearest,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in survey.schemas.iter().filter(|site| !site.is_reference()) {
        for keyword in ["allOf", "oneOf", "anyOf"] {
            branches(site, keyword, report);
        }
        if let Some(discriminator) = site.node.get("discriminator") {
            check_discriminator(survey, site, discriminator, report);
        }
    }
}

fn branches(site: &SchemaSite<'_>, keyword: &str, report: &mut Report<'_>) {
    let Some(Content::Sequence(branches)) = site.node.get(keyword).map(|node| node.content())
    else {
        return;
    };
    let at = site.pointer.child(keyword);
    // In OpenAPI 3.0, a single-item `allOf` is the only way to add keywords to a reference.
    let has_siblings = keyword == "allOf" && site.node.entries().len() > 1;
    match branches.len() {
        0 => report.add(
            "empty-composition",
            &at,
            format!("`{keyword}` has no branches"),
            "remove it, or add schemas",
        ),
        1 if !has_siblings => report.add(
            "too-few-branches",
            &at,
            format!("`{keyword}` has only one branch, so it has no effect"),
            "replace it with the schema itself",
        ),
        _ => {}
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, branch) in branches.iter().enumerate() {
        let first = *seen.entry(sorted(&branch.to_json())).or_insert(index);
        if first != index {
            report.add(
                "identical-branches",
                &at.child(index),
                format!("this branch of `{keyword}` is the same as branch {first}"),
                "remove one of them",
            );
        }
    }
}

/// The value as text in which equal values are equal, in whatever order their members are.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let mut texts: Vec<_> = members
                .map(|(name, value)| format!("{name:?}: {}", sorted(value)))
                .collect();
            texts.sort_unstable();
            format!("{{{}}}", texts.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(sorted).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn check_discriminator<'a>(
    survey: &Survey<'a>,
    site: &SchemaSite<'a>,
    discriminator: Node<'a>,
    report: &mut Report<'_>,
) {
    let at = site.pointer.child("discriminator");
    let alternatives: Vec<(Pointer, Node<'_>)> = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| {
            let pointer = site.pointer.child(keyword);
            let branches = site.node.items_of(keyword);
            branches
                .iter()
                .enumerate()
                .map(move |(index, branch)| (pointer.child(index), branch))
        })
        .collect();
    let derived = derived(survey, site);
    if alternatives.is_empty() && derived.is_empty() {
        report.add(
            "useless-discriminator",
            &at,
            "the discriminator has no schemas to select from",
            "add a `oneOf` with the schemas, or extend this schema with `allOf`",
        );
    }
    mapping(survey, &at, discriminator, &alternatives, &derived, report);
    let Some(property) = discriminator.str_of("propertyName") else {
        return;
    };
    if alternatives.is_empty() {
        if !derived.is_empty() {
            check_property(
                survey,
                site.node,
                &at.child("propertyName"),
                property,
                "this schema",
                report,
            );
        }
        return;
    }
    for (pointer, branch) in alternatives {
        if branch.get("$ref").is_none() {
            report.add(
                "discriminator-branch",
                &pointer,
                "a discriminator cannot select an inline schema",
                "move it to `components/schemas` and reference it",
            );
        }
        let what = match survey.named_component(branch) {
            Some(name) => format!("the branch `{name}`"),
            None => "this branch".to_owned(),
        };
        // The property may be defined in the schema that contains the branches.
        let is_in_parent = has_required_property(survey, site.node, property);
        if !is_in_parent {
            check_property(survey, branch, &pointer, property, &what, report);
        }
    }
}

/// The components that extend the schema with `allOf`.
fn derived<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>) -> BTreeSet<&'a str> {
    let Role::Component(name) = site.role else {
        return BTreeSet::new();
    };
    let branches = survey.schemas.iter().filter(|branch| {
        matches!(
            branch.role,
            Role::Branch {
                keyword: "allOf",
                ..
            }
        ) && survey.named_component(branch.node) == Some(name)
    });
    branches.filter_map(|branch| branch.component).collect()
}

fn has_required_property<'a>(survey: &Survey<'a>, node: Node<'a>, property: &str) -> bool {
    let own = node
        .get("properties")
        .is_some_and(|properties| properties.get(property).is_some());
    own && is_required(survey, node, property, 0)
}

fn check_property<'a>(
    survey: &Survey<'a>,
    schema: Node<'a>,
    at: &Pointer,
    property: &str,
    what: &str,
    report: &mut Report<'_>,
) {
    if !is_defined(survey, schema, property, 0) {
        report.add(
            "discriminator-property",
            at,
            format!("{what} does not define the discriminator property `{property}`"),
            "define the property there and add it to `required`",
        );
    } else if !is_required(survey, schema, property, 0) {
        report.add(
            "discriminator-property",
            at,
            format!("{what} does not require the discriminator property `{property}`"),
            "add the property to `required` there",
        );
    }
}

fn is_required<'a>(survey: &Survey<'a>, node: Node<'a>, property: &str, depth: usize) -> bool {
    let Some(node) = survey.resolved(node) else {
        return true;
    };
    let own = node.items_of("required");
    if own.iter().any(|name| name.as_str() == Some(property)) || depth > 30 {
        return true;
    }
    let all = node.items_of("allOf");
    if all
        .iter()
        .any(|branch| is_required(survey, branch, property, depth + 1))
    {
        return true;
    }
    ["oneOf", "anyOf"].iter().any(|keyword| {
        let branches = node.items_of(keyword);
        let require = |branch| is_required(survey, branch, property, depth + 1);
        !branches.is_empty() && branches.iter().all(require)
    })
}

fn mapping<'a>(
    survey: &Survey<'a>,
    at: &Pointer,
    discriminator: Node<'a>,
    alternatives: &[(Pointer, Node<'a>)],
    derived: &BTreeSet<&str>,
    report: &mut Report<'_>,
) {
    let entries = discriminator.entries_of("mapping");
    let chosen: BTreeSet<&str> = alternatives
        .iter()
        .filter_map(|(_, branch)| survey.named_component(*branch))
        .collect();
    let mut mapped: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        let pointer = at.child("mapping").child(entry.key);
        let Some(text) = entry.value.as_str() else {
            continue;
        };
        let Some(name) = survey.mapped(text) else {
            let written = text.rsplit('/').next().unwrap_or_default();
            let names = survey.section(Part::Schema).iter().map(|entry| entry.key);
            let message = match nearest(written, names) {
                Some(near) => format!("unknown schema `{text}`; did you mean `{near}`?"),
                None => format!("unknown schema `{text}`"),
            };
            report.add(
                "discriminator-mapping",
                &pointer,
                message,
                "use the name of a schema in `components/schemas`",
            );
            continue;
        };
        mapped.insert(name);
        if !alternatives.is_empty() && !chosen.contains(name)
            || alternatives.is_empty() && !derived.is_empty() && !derived.contains(name)
        {
            report.add(
                "discriminator-mapping",
                &pointer,
                format!("`{name}` is not one of the schemas that the discriminator selects from"),
                "add it to the branches, or remove it from the mapping",
            );
        }
        check_value(survey, discriminator, &pointer, entry.key, name, report);
    }
    for (pointer, branch) in alternatives {
        let Some(name) = survey.named_component(*branch) else {
            continue;
        };
        let allowed = allowed_values(survey, discriminator, name);
        // Without a mapping, the schema name is the discriminator value.
        let by_name = match allowed {
            Some(values) => values.iter().any(|value| value == name),
            None => entries.is_empty(),
        };
        if !mapped.contains(name) && !by_name {
            report.add(
                "discriminator-mapping",
                pointer,
                format!("no discriminator value maps to `{name}`"),
                "add it to `mapping`; without a mapping, the value is the schema name",
            );
        }
    }
}

/// The values that the schema allows for the discriminator property, if it lists them.
fn allowed_values(survey: &Survey<'_>, discriminator: Node<'_>, name: &str) -> Option<Vec<String>> {
    let property = discriminator.get("propertyName")?.as_str()?;
    let schema = survey.component(Part::Schema, name)?;
    let property = survey.resolved(schema)?.get("properties")?.get(property)?;
    let values = survey.resolved(property)?.get("enum")?;
    Some(
        values
            .items()
            .iter()
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect(),
    )
}

/// Reports a mapped value that the target schema does not allow.
fn check_value(
    survey: &Survey<'_>,
    discriminator: Node<'_>,
    pointer: &Pointer,
    value: &str,
    name: &str,
    report: &mut Report<'_>,
) {
    let allowed = allowed_values(survey, discriminator, name);
    if allowed.is_some_and(|allowed| !allowed.iter().any(|allowed| allowed == value)) {
        report.add(
            "discriminator-mapping",
            pointer,
            format!("`{value}` is mapped to `{name}`, which does not allow that value"),
            format!(
                "correct the value or the `enum` at {}",
                component_pointer(Part::Schema, name)
            ),
        );
    }
}
