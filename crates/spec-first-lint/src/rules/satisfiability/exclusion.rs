//! Simple proofs that two schemas are disjoint, for cases that the canonical form does not model.

use std::collections::{BTreeMap, BTreeSet};

use spec_first_document::Node;

use crate::survey::Survey;

/// Facts about every value that is valid against a schema.
#[derive(Default)]
struct Certain<'a> {
    /// The possible types; `None` means any.
    types: Option<BTreeSet<&'a str>>,
    /// The possible values, as JSON; `None` means any.
    values: Option<BTreeSet<String>>,
    /// The required properties of an object.
    required: BTreeSet<&'a str>,
    /// The schemas of the properties of an object.
    properties: BTreeMap<&'a str, Vec<Node<'a>>>,
    /// The sets of properties to which an object is restricted.
    closed: Vec<BTreeSet<&'a str>>,
}

/// Whether the schemas are provably disjoint. `false` means unknown.
pub(super) fn exclude_each_other<'a>(survey: &Survey<'a>, a: Node<'a>, b: Node<'a>) -> bool {
    excludes(survey, a, b, 0)
}

fn excludes<'a>(survey: &Survey<'a>, a: Node<'a>, b: Node<'a>, depth: usize) -> bool {
    if depth > 6 {
        return false;
    }
    let (mut left, mut right) = (Certain::default(), Certain::default());
    collect(survey, a, &mut left, 0);
    collect(survey, b, &mut right, 0);
    if are_disjoint(&left.types, &right.types) || are_disjoint(&left.values, &right.values) {
        return true;
    }
    let is_object = |certain: &Certain<'_>| {
        certain
            .types
            .as_ref()
            .is_some_and(|types| types.len() == 1 && types.contains("object"))
    };
    if !is_object(&left) && !is_object(&right) {
        return false;
    }
    let required: BTreeSet<&str> = left.required.union(&right.required).copied().collect();
    let closed = left.closed.iter().chain(&right.closed);
    if closed.into_iter().any(|known| !required.is_subset(known)) {
        return true;
    }
    required.iter().any(|name| {
        let first = left.properties.get(name).into_iter().flatten();
        first.into_iter().any(|first| {
            let second = right.properties.get(name).into_iter().flatten();
            second
                .into_iter()
                .any(|second| excludes(survey, *first, *second, depth + 1))
        })
    })
}

fn are_disjoint<T: Ord>(a: &Option<BTreeSet<T>>, b: &Option<BTreeSet<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.is_disjoint(b),
        _ => false,
    }
}

fn collect<'a>(survey: &Survey<'a>, node: Node<'a>, certain: &mut Certain<'a>, depth: usize) {
    let Some(node) = survey.resolved(node).filter(|_| depth < 20) else {
        return;
    };
    let mut types: BTreeSet<&str> = node.types().collect();
    if !types.is_empty() {
        if types.contains("number") {
            types.insert("integer");
        }
        if node.is_true("nullable") {
            types.insert("null");
        }
        narrow(&mut certain.types, types);
    }
    if let Some(value) = node.get("const")
        && survey.document.is_3_1()
    {
        narrow(
            &mut certain.values,
            BTreeSet::from([value.to_json().to_string()]),
        );
    }
    if let Some(values) = node.get("enum") {
        let values = values
            .items()
            .iter()
            .map(|value| value.to_json().to_string());
        narrow(&mut certain.values, values.collect());
    }
    let names = node.items_of("required");
    certain
        .required
        .extend(names.iter().filter_map(Node::as_str));
    let properties = node.entries_of("properties");
    for entry in properties {
        certain
            .properties
            .entry(entry.key)
            .or_default()
            .push(entry.value);
    }
    if node.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
        certain
            .closed
            .push(properties.iter().map(|entry| entry.key).collect());
    }
    for branch in node.items_of("allOf") {
        collect(survey, branch, certain, depth + 1);
    }
}

fn narrow<T: Ord + Clone>(known: &mut Option<BTreeSet<T>>, new: BTreeSet<T>) {
    *known = Some(match known.take() {
        Some(old) => old.intersection(&new).cloned().collect(),
        None => new,
    });
}
