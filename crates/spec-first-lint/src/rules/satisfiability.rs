//! Schemas without valid values, and overlapping branches of a `oneOf`.

mod endless;
mod exclusion;
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::canonical::Satisfiability;
use spec_first_document::Node;

use crate::{
    report::Report,
    survey::{Kind, Role, SchemaSite, Survey, component_pointer},
    validation::{Canonical, Validation, explain::list},
};

/// Rules whose findings already explain why no value is valid.
const EXPLAINED: [&str; 8] = [
    "circular-reference",
    "empty-enum",
    "excluding-limits",
    "impossible-enum-value",
    "invalid-pattern",
    "undefined-required",
    "wrong-format",
    "wrong-value",
];

pub(crate) fn check(survey: &Survey<'_>, validation: &Validation, report: &mut Report<'_>) {
    let Some(canonical) = validation.canonical() else {
        return;
    };
    impossible_schemas(survey, &canonical, report);
    properties::check(survey, &canonical, report);
    overlapping_branches(survey, &canonical, report);
}

fn impossible_schemas(survey: &Survey<'_>, canonical: &Canonical<'_>, report: &mut Report<'_>) {
    let mut impossible: Vec<usize> = Vec::new();
    for (index, site) in survey.schemas.iter().enumerate() {
        if site.is_reference() || matches!(site.role, Role::Not) || is_intentionally_false(site) {
            continue;
        }
        let verdict = canonical
            .schema(index)
            .map(|schema| schema.satisfiability());
        if verdict == Some(Satisfiability::No) {
            impossible.push(index);
        }
    }
    let components: BTreeSet<&str> = impossible
        .iter()
        .filter_map(|&index| match survey.schemas[index].role {
            Role::Component(name) => Some(name),
            _ => None,
        })
        .collect();
    let endless = endless_schemas(survey, report);
    for &index in &impossible {
        let site = &survey.schemas[index];
        let is_explained = is_explained_inside(survey, &impossible, index)
            || report.has_rule_within(&site.pointer, &EXPLAINED)
            || site.component.is_some_and(|name| endless.contains(name))
            || named_inside(survey, index)
                .any(|name| components.contains(name) || endless.contains(name));
        if !is_explained {
            report_impossible(canonical, index, site, report);
        }
    }
}

/// Reports one schema of each infinite cycle and returns all schemas in or behind one.
fn endless_schemas<'a>(survey: &Survey<'a>, report: &mut Report<'_>) -> BTreeSet<&'a str> {
    let endless = endless::components(survey);
    let graph = survey.schema_graph();
    let mut in_cycles: BTreeSet<&str> = BTreeSet::new();
    for entry in survey.section(Kind::Schema) {
        let name = entry.key;
        if !endless.contains(name) {
            continue;
        }
        let cycle = reachable(&graph, name, &endless);
        let pointer = component_pointer(Kind::Schema, name);
        if cycle.contains(name)
            && in_cycles.is_disjoint(&cycle)
            && !report.has_rule_within(&pointer, &["circular-reference"])
        {
            report.add(
                "endless-schema",
                &pointer,
                format!("every `{name}` must contain another `{name}`, so no finite value is valid"),
                "make a property in the cycle optional or `nullable`, or allow an array in the cycle to be empty",
            );
        }
        if cycle.contains(name) {
            in_cycles.extend(cycle);
        }
    }
    endless
}

/// `not: {}` is an intentional way to allow no value.
fn is_intentionally_false(site: &SchemaSite<'_>) -> bool {
    site.node
        .get("not")
        .is_some_and(|not| not.is_mapping() && not.entries().is_empty())
}

fn report_impossible(
    canonical: &Canonical<'_>,
    index: usize,
    site: &SchemaSite<'_>,
    report: &mut Report<'_>,
) {
    let mut keywords = canonical.conflict(index);
    for keyword in &mut keywords {
        // These limits come from the format `int32`.
        if matches!(keyword.as_str(), "minimum" | "maximum") && site.node.get(keyword).is_none() {
            *keyword = "format".to_owned();
        }
    }
    let because = match keywords.as_slice() {
        [] => String::new(),
        keywords => format!(", because of {}", list(keywords, "and")),
    };
    report.add(
        "impossible-schema",
        &site.pointer,
        format!("no value is valid against this schema{because}"),
        "correct the contradictory keywords",
    );
}

/// Whether a nested schema is also impossible and is reported instead.
fn is_explained_inside(survey: &Survey<'_>, impossible: &[usize], index: usize) -> bool {
    impossible.iter().any(|&other| {
        let mut parent = survey.schemas[other].parent;
        while let Some(around) = parent {
            if around == index {
                return true;
            }
            parent = survey.schemas[around].parent;
        }
        false
    })
}

/// The components referenced by the schema or inside it.
fn named_inside<'s>(survey: &'s Survey<'_>, index: usize) -> impl Iterator<Item = &'s str> {
    let prefix = survey.schemas[index].pointer.as_str();
    let inside = survey.schemas[index..]
        .iter()
        .take_while(move |site| site.pointer.as_str().starts_with(prefix));
    inside.filter_map(|site| survey.named_component(site.node))
}

/// The components in `among` that are reachable from a component.
fn reachable<'a>(
    graph: &BTreeMap<&'a str, Vec<&'a str>>,
    from: &str,
    among: &BTreeSet<&'a str>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut queue: Vec<&'a str> = graph.get(from).cloned().unwrap_or_default();
    while let Some(name) = queue.pop() {
        if among.contains(name) && seen.insert(name) {
            queue.extend(graph.get(name).into_iter().flatten());
        }
    }
    seen
}

fn overlapping_branches(survey: &Survey<'_>, canonical: &Canonical<'_>, report: &mut Report<'_>) {
    let mut branches: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, site) in survey.schemas.iter().enumerate() {
        if let (
            Role::Branch {
                keyword: "oneOf", ..
            },
            Some(parent),
        ) = (site.role, site.parent)
        {
            branches.entry(parent).or_default().push(index);
        }
    }
    for group in branches.values() {
        for (position, &second) in group.iter().enumerate() {
            // One finding per branch is enough, even if it overlaps several others.
            let is_circular = |index: usize| {
                report.has_rule_within(&survey.schemas[index].pointer, &["circular-reference"])
            };
            if group.iter().any(|&branch| is_circular(branch)) {
                continue;
            }
            let overlapped = group[..position]
                .iter()
                .find_map(|&first| Some((first, overlap(survey, canonical, first, second)?)));
            if let Some((first, is_certain)) = overlapped {
                report_overlap(survey, first, second, is_certain, report);
            }
        }
    }
}

/// Whether the schemas certainly (`true`) or possibly (`false`) overlap; `None` if they are disjoint.
fn overlap(
    survey: &Survey<'_>,
    canonical: &Canonical<'_>,
    first: usize,
    second: usize,
) -> Option<bool> {
    let nodes = [first, second].map(|index| survey.schemas[index].node);
    let [Some(a), Some(b)] = nodes.map(|node| survey.resolved(node)) else {
        return None;
    };
    let is_identical = nodes[0].to_json() == nodes[1].to_json();
    if is_identical || exclusion::exclude_each_other(survey, a, b) {
        return None;
    }
    let (Some(a), Some(b)) = (canonical.schema(first), canonical.schema(second)) else {
        return Some(false);
    };
    match a.intersect(&b).map(|both| both.satisfiability()) {
        Ok(Satisfiability::No) => None,
        Ok(Satisfiability::Yes) => Some(true),
        Ok(Satisfiability::Unknown) | Err(_) => Some(false),
    }
}

fn report_overlap(
    survey: &Survey<'_>,
    first: usize,
    second: usize,
    is_certain: bool,
    report: &mut Report<'_>,
) {
    let name = |index: usize| {
        let site = &survey.schemas[index];
        match (survey.named_component(site.node), site.role) {
            (Some(name), _) => format!("`{name}`"),
            (None, Role::Branch { index, .. }) => format!("branch {index}"),
            _ => "a branch".to_owned(),
        }
    };
    let (first, other) = (name(first), name(second));
    let message = if is_certain {
        format!(
            "{first} and {other} overlap: a value valid against both is invalid against the `oneOf`"
        )
    } else {
        format!("cannot prove that the `oneOf` branches {first} and {other} are mutually exclusive")
    };
    let site = &survey.schemas[second];
    let has_discriminator = site
        .parent
        .and_then(|parent| survey.schemas[parent].node.get("discriminator"))
        .and_then(|discriminator| discriminator.get("propertyName"))
        .and_then(Node::as_str);
    let help = match has_discriminator {
        Some(property) => format!("require `{property}` with a single-value `enum` in each branch"),
        None => "require a property with a single-value `enum` in each branch, close the branches, or use `anyOf`".to_owned(),
    };
    let rule = if is_certain {
        "overlapping-branches"
    } else {
        "unproven-branches"
    };
    report.add(rule, &site.pointer, message, help);
}
