//! Schemas without valid values, and overlapping branches of a `oneOf`.

mod endless;
mod evident;
mod exclusion;
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::canonical::Satisfiability;
use spec_first_document::{Node, literal::list};

use evident::{Evident, is_intentionally_false};
use exclusion::Facts;

use crate::{
    report::Report,
    survey::{Part, Role, SchemaSite, Survey, component_pointer},
    validation::{Canonical, Validation},
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

pub(crate) fn check<'a>(
    survey: &Survey<'a>,
    validation: &Validation<'_, 'a>,
    report: &mut Report<'_>,
) {
    let facts = Facts::of(survey);
    let evident = Evident {
        survey,
        validation,
        facts: &facts,
    };
    let sites = survey.schemas.iter().enumerate();
    let judged = sites.filter(|(_, site)| {
        !matches!(site.role, Role::Not) && !site.is_reference() && !evident.is_satisfiable(site)
    });
    let judged: Vec<usize> = judged.map(|(index, _)| index).collect();
    let slim = validation.slim(judged.iter().copied());
    let Some(canonical) = validation.canonical(&slim) else {
        return;
    };
    impossible_schemas(survey, &canonical, &judged, report);
    properties::check(survey, &canonical, report);
    overlapping_branches(survey, &canonical, &evident, report);
}

fn impossible_schemas(
    survey: &Survey<'_>,
    canonical: &Canonical<'_, '_, '_>,
    judged: &[usize],
    report: &mut Report<'_>,
) {
    let is_impossible = |index: &usize| {
        let site = &survey.schemas[*index];
        let is_judged = !site.is_reference() && !is_intentionally_false(site.node);
        let schema = is_judged.then(|| canonical.schema(*index)).flatten();
        schema.is_some_and(|schema| schema.satisfiability() == Satisfiability::No)
    };
    let impossible = judged.iter().copied().filter(is_impossible);
    let impossible: Vec<usize> = impossible.collect();
    // Only those that are named in an impossible schema are judged.
    let components: BTreeMap<&str, usize> = survey
        .schemas
        .iter()
        .enumerate()
        .filter_map(|(index, site)| match site.role {
            Role::Component(name) => Some((name, index)),
            _ => None,
        })
        .collect();
    let is_impossible_component = |name: &str| components.get(name).is_some_and(is_impossible);
    let endless = endless_schemas(survey, report);
    for &index in &impossible {
        let site = &survey.schemas[index];
        let is_explained = is_choice_of_references(survey, index)
            || is_explained_inside(survey, &impossible, index)
            || report.has_rule_within(&site.pointer, &EXPLAINED)
            || site.component.is_some_and(|name| endless.contains(name))
            || named_inside(survey, index)
                .any(|name| is_impossible_component(name) || endless.contains(name));
        if !is_explained {
            report_impossible(canonical, index, site, report);
        }
    }
}

/// Whether a `oneOf` has several branches and references in them. Most references are left out of what is judged, and the branches
/// that differ only in one would be the same.
fn is_choice_of_references(survey: &Survey<'_>, index: usize) -> bool {
    let branches = survey.schemas[index].node.items_of("oneOf");
    branches.len() > 1 && named_inside(survey, index).next().is_some()
}

/// Reports one schema of each infinite cycle and returns all schemas in or behind one.
fn endless_schemas<'a>(survey: &Survey<'a>, report: &mut Report<'_>) -> BTreeSet<&'a str> {
    let endless = endless::components(survey);
    let graph = survey.schema_graph();
    let mut in_cycles: BTreeSet<&str> = BTreeSet::new();
    for entry in survey.section(Part::Schema) {
        let name = entry.key;
        if !endless.contains(name) {
            continue;
        }
        let cycle = reachable(&graph, name, &endless);
        let pointer = component_pointer(Part::Schema, name);
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

fn report_impossible(
    canonical: &Canonical<'_, '_, '_>,
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

fn overlapping_branches<'a>(
    survey: &Survey<'a>,
    canonical: &Canonical<'_, '_, '_>,
    evident: &Evident<'_, 'a>,
    report: &mut Report<'_>,
) {
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
        let is_circular = |index: usize| {
            report.has_rule_within(&survey.schemas[index].pointer, &["circular-reference"])
        };
        if group.iter().any(|&branch| is_circular(branch)) {
            continue;
        }
        let mut candidates = candidates(survey, evident.facts, group);
        for (position, &second) in group.iter().enumerate() {
            // One finding per branch is enough, even if it overlaps several others.
            let overlapped = candidates(position).into_iter().find_map(|first| {
                let first = group[first];
                Some((first, overlap(survey, canonical, evident, first, second)?))
            });
            if let Some((first, is_certain)) = overlapped {
                report_overlap(survey, first, second, is_certain, report);
            }
        }
    }
}

/// Gives the positions of the earlier branches that each branch may overlap, one branch after the other: all, but for those with
/// another value of the property that tells most branches apart. So a union of many schemas takes no longer than each of them.
fn candidates<'a>(
    survey: &Survey<'a>,
    facts: &Facts<'_, 'a>,
    group: &[usize],
) -> impl FnMut(usize) -> Vec<usize> + use<'a> {
    let tags = group
        .iter()
        .map(|&index| facts.tags(survey.schemas[index].node));
    let tags: Vec<_> = tags.collect();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in tags.iter().flat_map(BTreeMap::keys) {
        *numbers.entry(name).or_default() += 1;
    }
    let tag = numbers.into_iter().max_by_key(|(_, number)| *number);
    let mut values: Vec<_> = tags
        .into_iter()
        .map(|mut tags| tags.remove(tag?.0))
        .collect();
    let mut untagged = Vec::new();
    let mut tagged: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    move |position| {
        let Some(values) = values[position].take() else {
            untagged.push(position);
            return (0..position).collect();
        };
        let mut others = untagged.clone();
        for value in values {
            let alike = tagged.entry(value).or_default();
            others.extend(alike.iter());
            alike.push(position);
        }
        others.sort_unstable();
        others.dedup();
        others
    }
}

/// Whether the schemas certainly (`true`) or possibly (`false`) overlap; `None` if they are disjoint.
fn overlap<'a>(
    survey: &Survey<'a>,
    canonical: &Canonical<'_, '_, '_>,
    evident: &Evident<'_, 'a>,
    first: usize,
    second: usize,
) -> Option<bool> {
    let nodes = [first, second].map(|index| survey.schemas[index].node);
    let [Some(a), Some(b)] = nodes.map(|node| survey.resolved(node)) else {
        return None;
    };
    // Identical branches are reported by another rule.
    if evident.facts.exclude_each_other(a, b) || nodes[0].has_same_value(nodes[1]) {
        return None;
    }
    if evident.have_common_object(&[a, b], 0) {
        return Some(true);
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
            (None, role) => match (site.node.str_of("title"), role) {
                (Some(title), _) => format!("`{title}`"),
                (None, Role::Branch { index, .. }) => format!("branch {index}"),
                _ => "a branch".to_owned(),
            },
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

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    /// How many pairs of branches of a `oneOf` are compared with each other.
    #[track_caller]
    fn pairs(branch: impl Fn(usize) -> String) -> usize {
        let branches: Vec<String> = (0..1000).map(branch).collect();
        let branches = branches.join(", ");
        let text =
            format!("openapi: 3.0.3\ncomponents: {{schemas: {{U: {{oneOf: [{branches}]}}}}}}\n");
        let document = Document::parse("union.yaml", &text).unwrap();
        let survey = Survey::of(&document);
        let group = survey.schemas.iter().enumerate();
        let group = group.filter(|(_, site)| matches!(site.role, Role::Branch { .. }));
        let group: Vec<usize> = group.map(|(index, _)| index).collect();
        let mut candidates = candidates(&survey, &Facts::of(&survey), &group);
        (0..group.len())
            .map(|position| candidates(position).len())
            .sum()
    }

    #[test]
    fn branches_with_a_tag_are_compared_only_with_those_of_the_same_tag() {
        let tagged = |tag: usize| {
            format!("{{type: object, required: [kind], properties: {{kind: {{enum: [t{tag}]}}}}}}")
        };
        assert_eq!(pairs(tagged), 0);
        assert_eq!(pairs(|index| tagged(index / 2)), 500);
        // One without a tag is compared with all.
        let mixed = |index: usize| match index {
            0 => "{type: object}".to_owned(),
            _ => tagged(index),
        };
        assert_eq!(pairs(mixed), 999);
    }
}
