//! The traits that identify an alternative: its name, its constants, and its properties.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde_json::Value;

use super::shape::Shape;
use crate::literal::literal;
use spec_first_document::tree::Tree;

/// Equal for shapes that are written identically. Targets of references are not examined.
pub(super) fn fingerprint(tree: &Tree, shape: &Shape) -> u64 {
    let mut hasher = FxHasher::default();
    shape.types.hash(&mut hasher);
    let mut names: Vec<&str> = property_names(tree, shape);
    names.sort_unstable();
    names.dedup();
    names.hash(&mut hasher);
    shape
        .required
        .keys()
        .for_each(|name| tree.text(*name).hash(&mut hasher));
    if let Some(values) = &shape.values {
        let mut texts: Vec<String> = values.value.iter().map(Value::to_string).collect();
        texts.sort_unstable();
        texts.hash(&mut hasher);
    }
    hasher.finish()
}

fn property_names<'tree>(tree: &'tree Tree, shape: &Shape) -> Vec<&'tree str> {
    let properties = shape
        .objects
        .iter()
        .filter_map(|object| tree.get(*object, "properties"));
    properties
        .flat_map(|properties| tree.entries(properties))
        .map(|(name, _)| tree.text(name))
        .collect()
}

/// The name of the component that the chosen branches refer to.
pub(super) fn reference_name(tree: &Tree, shape: &Shape) -> Option<String> {
    let names = shape
        .branches
        .iter()
        .filter_map(|branch| tree.get_string(*branch, "$ref"));
    let names: Vec<&str> = names.map(last_segment).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

pub(super) fn last_segment(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

pub(super) fn title(tree: &Tree, shape: &Shape) -> Option<String> {
    let branch = shape.branches.last()?;
    tree.get_string(*branch, "title").map(str::to_owned)
}

/// The properties with a single allowed value, which tell alternatives apart.
pub(super) fn constant(tree: &Tree, shape: &Shape) -> Option<String> {
    let constants = constants(tree, shape);
    (!constants.is_empty()).then(|| {
        let texts: Vec<String> = constants
            .iter()
            .map(|(name, values)| {
                let values: Vec<String> = values.iter().map(Value::to_string).collect();
                format!("{name}: {}", values.join(", "))
            })
            .collect();
        texts.join(", ")
    })
}

fn constants(tree: &Tree, shape: &Shape) -> Vec<(String, Vec<Value>)> {
    let mut constants = Vec::new();
    for object in &shape.objects {
        let properties = tree.get(*object, "properties");
        for (name, schema) in properties
            .into_iter()
            .flat_map(|properties| tree.entries(properties))
        {
            let values: Option<Vec<Value>> =
                match (tree.get(schema, "const"), tree.get(schema, "enum")) {
                    (Some(value), _) => Some(vec![tree.to_json(value)]),
                    (None, Some(values)) => Some(
                        tree.items(values)
                            .map(|value| tree.to_json(value))
                            .collect(),
                    ),
                    (None, None) => None,
                };
            if let Some(values) = values.filter(|_| shape.required.contains_key(&name)) {
                constants.push((tree.text(name).to_owned(), values));
            }
        }
    }
    constants
}

/// The percentage of traits that two shapes share. Traits are the described and the required properties.
pub(super) fn likeness(tree: &Tree, old: &Shape, new: &Shape) -> usize {
    let traits = |shape: &Shape| -> BTreeSet<(bool, String)> {
        let described = property_names(tree, shape)
            .into_iter()
            .map(|name| (false, name.to_owned()));
        let demanded = shape
            .required
            .keys()
            .map(|name| (true, tree.text(*name).to_owned()));
        described.chain(demanded).collect()
    };
    let (old, new) = (traits(old), traits(new));
    match old.union(&new).count() {
        0 => 50,
        all => old.intersection(&new).count() * 100 / all,
    }
}

/// The name of an alternative in a message.
pub(super) fn name(tree: &Tree, shape: &Shape) -> String {
    match reference_name(tree, shape)
        .or_else(|| title(tree, shape))
        .or_else(|| constant(tree, shape))
    {
        Some(name) => literal(&name).to_string(),
        None => shape.types.to_string(),
    }
}
