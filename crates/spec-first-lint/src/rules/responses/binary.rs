//! Raw bytes in JSON, which cannot represent them.

use std::collections::{BTreeSet, HashSet};

use spec_first_document::{Pointer, media_type::is_json};

use crate::{report::Report, survey::Survey};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let schemas = survey.schemas.iter();
    let binary =
        schemas.filter(|site| site.node.str_of("format") == Some("binary") && !site.is_reference());
    let binary: Vec<_> = binary.collect();
    if binary.is_empty() {
        return;
    }
    let json: HashSet<&str> = survey
        .media_types
        .iter()
        .filter(|site| is_json(site.name))
        .map(|site| site.pointer.as_str())
        .collect();
    let components = components(survey, &json);
    for site in binary {
        let is_in_json = match site.component {
            Some(name) => components.contains(name),
            None => is_within(&site.pointer, &json),
        };
        if is_in_json {
            report.add(
                "binary-in-json",
                &site.pointer.child("format"),
                "`format: binary` cannot be represented in a JSON body",
                "use `format: byte` for Base64, or send the bytes with a binary media type",
            );
        }
    }
}

/// The components reachable from JSON bodies.
fn components<'a>(survey: &Survey<'a>, json: &HashSet<&str>) -> BTreeSet<&'a str> {
    let graph = survey.schema_graph();
    let mut queue: Vec<&str> = survey
        .schemas
        .iter()
        .filter(|site| site.component.is_none() && is_within(&site.pointer, json))
        .filter_map(|site| survey.named_component(site.node))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if reached.insert(name) {
            queue.extend(graph.get(name).into_iter().flatten());
        }
    }
    reached
}

fn is_within(pointer: &Pointer, holders: &HashSet<&str>) -> bool {
    let whole = pointer.as_str();
    let ends = whole.match_indices('/').map(|(end, _)| end);
    ends.chain([whole.len()])
        .any(|end| holders.contains(&whole[..end]))
}
