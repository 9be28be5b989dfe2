//! Contradictory definitions of a property in an `allOf`. The schema is still satisfiable, by objects without the
//! property, so no other rule reports it.

use std::collections::{BTreeMap, HashMap};

use jsonschema::canonical::Satisfiability;
use spec_first_document::Node;

use crate::{
    report::Report,
    survey::{SchemaSite, Site, Survey},
    validation::Canonical,
};

/// Rules whose findings already explain why the property has no valid value.
const EXPLAINED: [&str; 5] = [
    "circular-reference",
    "excluding-limits",
    "impossible-property",
    "impossible-schema",
    "wrong-value",
];

/// How many schemas of an `allOf` are searched for properties.
const PARTS: usize = 100;

pub(super) fn check(
    survey: &Survey<'_>,
    canonical: &Canonical<'_, '_, '_>,
    report: &mut Report<'_>,
) {
    let indices: HashMap<&str, usize> = survey
        .schemas
        .iter()
        .enumerate()
        .map(|(index, site)| (site.pointer.as_str(), index))
        .collect();
    for site in &survey.schemas {
        if site.is_reference() || site.node.get("allOf").is_none() {
            continue;
        }
        for (name, sites) in declarations(survey, site) {
            let declared: Vec<usize> = sites
                .iter()
                .filter_map(|site| indices.get(site.pointer.as_str()).copied())
                .collect();
            let [first, rest @ ..] = declared.as_slice() else {
                continue;
            };
            let excluded = rest
                .iter()
                .find(|second| exclude_each_other(survey, canonical, *first, **second));
            let Some(&second) = excluded else { continue };
            let place = &survey.schemas[second].pointer;
            let is_explained = [&site.pointer, place]
                .iter()
                .any(|pointer| report.has_rule_within(pointer, &EXPLAINED));
            if !is_explained {
                report.add(
                    "impossible-property",
                    place,
                    format!(
                        "`{name}` has no valid value, because it must also match {}",
                        survey.schemas[*first].pointer
                    ),
                    "define the property once, or make the definitions compatible",
                );
            }
        }
    }
}

/// Each property with all its definitions in the schema and its `allOf` branches.
fn declarations<'a>(
    survey: &Survey<'a>,
    site: &SchemaSite<'a>,
) -> BTreeMap<&'a str, Vec<Site<'a>>> {
    let mut declarations: BTreeMap<&str, Vec<Site<'_>>> = BTreeMap::new();
    let mut seen: Vec<Node<'_>> = Vec::new();
    let mut queue = vec![Site {
        pointer: site.pointer.clone(),
        node: site.node,
    }];
    while let Some(part) = queue.pop() {
        let part = survey.resolve(&part.pointer, part.node);
        let Some(part) = part.filter(|_| seen.len() < PARTS) else {
            continue;
        };
        if seen.contains(&part.node) {
            continue;
        }
        seen.push(part.node);
        let properties = part.node.entries_of("properties");
        for entry in properties {
            let pointer = part.pointer.child("properties").child(entry.key);
            let node = entry.value;
            let known = declarations.entry(entry.key).or_default();
            known.push(Site { pointer, node });
        }
        let branches = part.node.items_of("allOf");
        for (index, node) in branches.iter().enumerate().rev() {
            let pointer = part.pointer.child("allOf").child(index);
            queue.push(Site { pointer, node });
        }
    }
    declarations
}

fn exclude_each_other(
    survey: &Survey<'_>,
    canonical: &Canonical<'_, '_, '_>,
    first: usize,
    second: usize,
) -> bool {
    let node = |index: usize| survey.schemas[index].node;
    if node(first).has_same_value(node(second)) {
        return false;
    }
    let both = canonical
        .schema(first)
        .zip(canonical.schema(second))
        .and_then(|(first, second)| first.intersect(&second).ok());
    both.is_some_and(|both| both.satisfiability() == Satisfiability::No)
}
