//! The traits that identify an alternative: its name, its constants, and its properties.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hash, Hasher};

use rustc_hash::{FxBuildHasher, FxHasher};
use serde_json::Value;

use super::shape::Shape;
use crate::literal::literal;
use spec_first_document::tree::{Kind, NodeId, Symbol, Tree};

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

/// What a branch of `anyOf` or `oneOf` is called: the component that it refers to, its title, or the required property with a
/// single value that tells it from the others.
pub(super) fn branch_name(tree: &Tree, branch: NodeId) -> Option<String> {
    let reference = tree.get_string(branch, "$ref").map(last_segment);
    let named = reference.or_else(|| tree.get_string(branch, "title"));
    named.map(str::to_owned).or_else(|| {
        let required = tree.items(tree.get(branch, "required")?);
        let required: Vec<&str> = required.filter_map(|name| tree.string(name)).collect();
        let mut properties = tree.entries(tree.get(branch, "properties")?);
        properties.find_map(|(name, schema)| {
            let name = tree.text(name);
            let listed = tree.get(schema, "enum").map(|values| tree.items(values));
            let only = listed.filter(|values| values.len() == 1);
            let only = only.and_then(|mut values| values.next());
            let value = tree.get(schema, "const").or(only)?;
            let is_required = required.contains(&name);
            is_required.then(|| format!("{name}: {}", tree.to_json(value)))
        })
    })
}

/// The names of the branches that the pointer to a value leads through, each with the index of its segment. A branch whose name
/// another branch has, too, is left out.
pub(crate) fn branch_names(tree: &Tree, node: NodeId) -> Vec<(usize, String)> {
    let mut line = vec![node];
    while let Some(parent) = line.last().and_then(|node| tree.parent(*node)) {
        line.push(parent);
    }
    line.reverse();
    let choices = line.iter().zip(&line[1..]).enumerate();
    let choices = choices.filter(|(_, (union, _))| {
        matches!(tree.key(**union), Some("anyOf" | "oneOf"))
            && matches!(tree.kind(**union), Kind::Sequence(..))
    });
    let named = choices.filter_map(|(index, (union, branch))| {
        let name = branch_name(tree, *branch)?;
        let mut others = tree.items(*union).filter(|other| other != branch);
        let is_taken = others.any(|other| branch_name(tree, other).as_ref() == Some(&name));
        (!is_taken).then_some((index, name))
    });
    named.collect()
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

/// The traits by which two shapes are alike: the described properties and the required ones.
pub(super) type Traits = BTreeSet<(bool, String)>;

pub(super) fn traits(tree: &Tree, shape: &Shape) -> Traits {
    let described = property_names(tree, shape)
        .into_iter()
        .map(|name| (false, name.to_owned()));
    let demanded = shape
        .required
        .keys()
        .map(|name| (true, tree.text(*name).to_owned()));
    described.chain(demanded).collect()
}

/// The percentage of traits that two shapes share.
pub(super) fn likeness(old: &Traits, new: &Traits) -> usize {
    let shared = old.intersection(new).count();
    match old.len() + new.len() - shared {
        0 => 50,
        all => shared * 100 / all,
    }
}

/// Equal for schemas that are written identically, to the last keyword, in whatever order. Targets of references are not examined.
pub(super) fn writing(tree: &Tree, schemas: &[NodeId]) -> u64 {
    let mut sum = 0_u64;
    let mut open: Vec<(NodeId, u64)> = schemas.iter().map(|node| (*node, 0)).collect();
    while let Some((node, place)) = open.pop() {
        // A sum does not depend on the order.
        sum = sum.wrapping_add(match tree.kind(node) {
            Kind::Mapping(_, length) | Kind::Sequence(_, length) => {
                FxBuildHasher.hash_one((place, length))
            }
            _ => FxBuildHasher.hash_one((place, tree.scalar_text(node))),
        });
        let members = tree.entries(node);
        open.extend(members.map(|(key, value)| (value, FxBuildHasher.hash_one((place, key)))));
        let items = FxBuildHasher.hash_one((place, "items"));
        open.extend(tree.items(node).map(|item| (item, items)));
    }
    sum
}

/// The values that an alternative lists for its required properties, where no other keyword of the property has a say.
pub(super) type Pins = BTreeMap<Symbol, BTreeSet<String>>;

/// Whether two alternatives list different values for the same required property, so that no object satisfies both.
pub(super) fn are_pinned_apart(one: &Pins, other: &Pins) -> bool {
    one.iter().any(|(name, values)| {
        let others = other.get(name);
        others.is_some_and(|others| values.is_disjoint(others))
    })
}

pub(super) fn pins(tree: &Tree, shape: &Shape) -> Pins {
    const SILENT: [&str; 6] = ["const", "description", "enum", "example", "title", "type"];
    let properties = shape.objects.iter();
    let properties = properties.filter_map(|object| tree.get(*object, "properties"));
    let mut pins = BTreeMap::new();
    for (name, schema) in properties.flat_map(|properties| tree.entries(properties)) {
        let mut keywords = tree.entries(schema).map(|(keyword, _)| tree.text(keyword));
        if !shape.required.contains_key(&name) || !keywords.all(|key| SILENT.contains(&key)) {
            continue;
        }
        let listed = tree.get(schema, "enum").into_iter();
        let listed = listed.flat_map(|listed| tree.items(listed));
        let values: Vec<Value> = tree
            .get(schema, "const")
            .into_iter()
            .chain(listed)
            .map(|value| tree.to_json(value))
            .collect();
        // `1` and `1.0` are the same number.
        let is_exact = |value: &Value| value.is_string() || value.is_i64() || value.is_u64();
        if !values.is_empty() && values.iter().all(is_exact) {
            pins.insert(name, values.iter().map(Value::to_string).collect());
        }
    }
    pins
}

/// The name of an alternative in a message, by one of the branches that lead to it.
pub(super) fn name(tree: &Tree, shape: &Shape, branch: Option<NodeId>) -> String {
    match branch
        .and_then(|branch| branch_name(tree, branch))
        .or_else(|| constant(tree, shape))
    {
        Some(name) => literal(&name).to_string(),
        None => shape.types.to_string(),
    }
}
