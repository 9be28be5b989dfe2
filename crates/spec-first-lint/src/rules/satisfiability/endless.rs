//! Schemas whose values would have to be nested infinitely.

use std::collections::BTreeSet;

use spec_first_document::Node;

use crate::{
    rules::references::whole_component,
    survey::{Part, Survey},
};

/// The component schemas that have no finite value.
pub(super) fn components<'a>(survey: &Survey<'a>) -> BTreeSet<&'a str> {
    let mut open: Vec<_> = survey.section(Part::Schema).iter().rev().collect();
    let mut finite: BTreeSet<&str> = BTreeSet::new();
    // Repeats until no more schemas are found to be finite.
    loop {
        let before = open.len();
        open.retain(|entry| {
            let is_finite = is_finite(survey, entry.value, &finite, 0);
            if is_finite {
                finite.insert(entry.key);
            }
            !is_finite
        });
        if open.len() == before {
            break;
        }
    }
    open.into_iter().map(|entry| entry.key).collect()
}

/// Whether the schema has a finite value, given the components known to have one.
fn is_finite<'a>(
    survey: &Survey<'a>,
    node: Node<'a>,
    finite: &BTreeSet<&str>,
    depth: usize,
) -> bool {
    if depth > 1000 {
        return true;
    }
    let next = |node: Node<'a>| is_finite(survey, node, finite, depth + 1);
    if node.get("$ref").is_some() {
        let name = whole_component(survey, node);
        return name.is_none_or(|name| finite.contains(name));
    }
    let branches = |keyword: &str| node.items_of(keyword);
    let has_other_types = node.types().nth(1).is_some();
    let is_null = node.is_true("nullable") || has_other_types;
    if !branches("allOf").iter().all(next)
        || ["oneOf", "anyOf"].iter().any(|keyword| {
            let branches = branches(keyword);
            !branches.is_empty() && !branches.iter().any(next)
        })
    {
        return false;
    }
    match node.str_of("type") {
        _ if is_null => true,
        Some("object") => branches("required").iter().all(|name| {
            let property = name
                .as_str()
                .and_then(|name| node.get("properties")?.get(name));
            property.is_none_or(next)
        }),
        Some("array") => {
            let least = node
                .get("minItems")
                .and_then(|least| least.to_json().as_u64());
            least.unwrap_or(0) == 0 || node.get("items").is_none_or(next)
        }
        _ => true,
    }
}
