//! `allOf`, `oneOf`, `anyOf` and `discriminator`: branches that are missing, alike, or that nothing tells apart.

use std::collections::BTreeSet;

use openapi_document::{Content, Node, Pointer};

use crate::{
    report::Report,
    rules::contradictions::is_defined,
    survey::{Kind, Role, SchemaSite, Survey, component_pointer},
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
    let Some(Content::Sequence(branches)) = site.node.get(keyword).map(|node| &node.content) else {
        return;
    };
    let at = site.pointer.child(keyword);
    // In OpenAPI 3.0 an `allOf` of one is the only way to say something beside a reference.
    let says_something_beside = keyword == "allOf" && site.node.entries().len() > 1;
    match branches.as_slice() {
        [] => report.add(
            "too-few-branches",
            &at,
            format!("`{keyword}` has no branch"),
            "remove it, or list schemas",
        ),
        [_] if !says_something_beside => report.add(
            "too-few-branches",
            &at,
            format!("`{keyword}` has one branch only, so that it says nothing"),
            "write the one schema in its place",
        ),
        _ => {}
    }
    let mut seen: Vec<(usize, serde_json::Value)> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let whole = branch.to_json();
        match seen.iter().find(|(_, other)| *other == whole) {
            Some((first, _)) => report.add(
                "identical-branches",
                &at.child(index),
                format!("this branch of `{keyword}` is the same as branch {first}"),
                "remove one of the two",
            ),
            None => seen.push((index, whole)),
        }
    }
}

fn check_discriminator<'a>(
    survey: &Survey<'a>,
    site: &SchemaSite<'a>,
    discriminator: &'a Node,
    report: &mut Report<'_>,
) {
    let at = site.pointer.child("discriminator");
    let alternatives: Vec<(Pointer, &Node)> = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| {
            let pointer = site.pointer.child(keyword);
            let branches = site.node.get(keyword).map_or(&[][..], Node::items);
            branches
                .iter()
                .enumerate()
                .map(move |(index, branch)| (pointer.child(index), branch))
        })
        .collect();
    let heirs = heirs(survey, site);
    if alternatives.is_empty() && heirs.is_empty() {
        report.add(
            "useless-discriminator",
            &at,
            "the discriminator has nothing to choose from",
            "add a `oneOf` of the schemas, or let them extend this one with `allOf`",
        );
    }
    mapping(survey, &at, discriminator, &alternatives, &heirs, report);
    let Some(property) = discriminator.get("propertyName").and_then(Node::as_str) else {
        return;
    };
    if alternatives.is_empty() {
        if !heirs.is_empty() {
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
                "a branch without a name cannot be chosen by a discriminator",
                "move it to `components/schemas`, and refer to it",
            );
        }
        let what = match survey.named_component(branch) {
            Some(name) => format!("the branch `{name}`"),
            None => "this branch".to_owned(),
        };
        // The property may be that of the schema around the branches.
        let is_around = has_required_property(survey, site.node, property);
        if !is_around {
            check_property(survey, branch, &pointer, property, &what, report);
        }
    }
}

/// The components that extend the schema with `allOf`.
fn heirs<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>) -> BTreeSet<&'a str> {
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

fn has_required_property<'a>(survey: &Survey<'a>, node: &'a Node, property: &str) -> bool {
    let own = node
        .get("properties")
        .is_some_and(|properties| properties.get(property).is_some());
    own && is_required(survey, node, property, 0)
}

fn check_property<'a>(
    survey: &Survey<'a>,
    schema: &'a Node,
    at: &Pointer,
    property: &str,
    what: &str,
    report: &mut Report<'_>,
) {
    if !is_defined(survey, schema, property, 0) {
        report.add(
            "discriminator-property",
            at,
            format!("{what} has no property `{property}`, by which it should be told apart"),
            "define the property there, and require it",
        );
    } else if !is_required(survey, schema, property, 0) {
        report.add(
            "discriminator-property",
            at,
            format!("{what} does not require `{property}`, by which it should be told apart"),
            "add the property to `required` there",
        );
    }
}

fn is_required<'a>(survey: &Survey<'a>, node: &'a Node, property: &str, depth: usize) -> bool {
    let Some(node) = survey.resolved(node) else {
        return true;
    };
    let own = node.get("required").map_or(&[][..], Node::items);
    if own.iter().any(|name| name.as_str() == Some(property)) || depth > 30 {
        return true;
    }
    let all = node.get("allOf").map_or(&[][..], Node::items);
    if all
        .iter()
        .any(|branch| is_required(survey, branch, property, depth + 1))
    {
        return true;
    }
    ["oneOf", "anyOf"].iter().any(|keyword| {
        let branches = node.get(keyword).map_or(&[][..], Node::items);
        let require = |branch| is_required(survey, branch, property, depth + 1);
        !branches.is_empty() && branches.iter().all(require)
    })
}

fn mapping<'a>(
    survey: &Survey<'a>,
    at: &Pointer,
    discriminator: &'a Node,
    alternatives: &[(Pointer, &'a Node)],
    heirs: &BTreeSet<&str>,
    report: &mut Report<'_>,
) {
    let entries = discriminator.get("mapping").map_or(&[][..], Node::entries);
    let chosen: BTreeSet<&str> = alternatives
        .iter()
        .filter_map(|(_, branch)| survey.named_component(branch))
        .collect();
    let mut mapped: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        let pointer = at.child("mapping").child(&entry.key);
        let Some(text) = entry.value.as_str() else {
            continue;
        };
        let Some(name) = survey.mapped(text) else {
            let written = text.rsplit('/').next().unwrap_or_default();
            let names = survey
                .section(Kind::Schema)
                .iter()
                .map(|entry| entry.key.as_str());
            let message = match nearest(written, names) {
                Some(near) => format!("`{text}` names no schema; did you mean `{near}`?"),
                None => format!("`{text}` names no schema"),
            };
            report.add(
                "discriminator-mapping",
                &pointer,
                message,
                "name a schema of `components/schemas`",
            );
            continue;
        };
        mapped.insert(name);
        if !alternatives.is_empty() && !chosen.contains(name)
            || alternatives.is_empty() && !heirs.is_empty() && !heirs.contains(name)
        {
            report.add(
                "discriminator-mapping",
                &pointer,
                format!("`{name}` is none of the schemas to choose from"),
                "add it to the branches, or remove it from the mapping",
            );
        }
        check_value(survey, discriminator, &pointer, &entry.key, name, report);
    }
    for (pointer, branch) in alternatives {
        let Some(name) = survey.named_component(branch) else {
            continue;
        };
        let allowed = allowed_values(survey, discriminator, name);
        // Without a mapping, the name of a schema is the value that chooses it.
        let by_name = match allowed {
            Some(values) => values.iter().any(|value| value == name),
            None => entries.is_empty(),
        };
        if !mapped.contains(name) && !by_name {
            report.add(
                "discriminator-mapping",
                pointer,
                format!("no value of the discriminator is mapped to `{name}`"),
                "add it to the `mapping`; without, the name of the schema is the value",
            );
        }
    }
}

/// The values that the schema allows for the discriminating property, if it lists them.
fn allowed_values(survey: &Survey<'_>, discriminator: &Node, name: &str) -> Option<Vec<String>> {
    let property = discriminator.get("propertyName")?.as_str()?;
    let schema = survey.component(Kind::Schema, name)?;
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

/// A value in the mapping that the schema it leads to does not allow.
fn check_value(
    survey: &Survey<'_>,
    discriminator: &Node,
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
            format!("`{name}`, to which `{value}` is mapped, does not allow that value"),
            format!(
                "correct the value, or the `enum` at {}",
                component_pointer(Kind::Schema, name)
            ),
        );
    }
}
