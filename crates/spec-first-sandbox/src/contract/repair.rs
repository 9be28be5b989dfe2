//! Rewrites converted schemas so that they compile, whatever the document contains. Reports what it removes because the
//! document is wrong.

use std::collections::{HashMap, HashSet};

use jsonschema::{draft202012, error::ValidationErrorKind};
use serde_json::{Map, Value};
use spec_first_document::{Document, Pointer};

use super::{pattern, percent::encode};

/// Where the component schemas are.
pub(super) fn components() -> Pointer {
    Pointer::root().child("components").child("schemas")
}

/// The name of the component that a pointer refers to.
pub(super) fn component(pointer: &Pointer) -> Option<String> {
    (pointer.parent()? == components()).then(|| pointer.last())?
}

/// Rewrites the patterns of a schema for the engine of the validator, and removes those that it cannot parse; the rest of
/// the schema still applies. `known` caches the results.
pub(super) fn repair_patterns(schema: &mut Value, known: &mut HashMap<String, Option<String>>) {
    for_each_object(schema, &mut |members| {
        let Some(Value::String(pattern)) = members.get_mut("pattern") else {
            return;
        };
        let repaired = known.entry(pattern.clone());
        match repaired.or_insert_with(|| pattern::for_validation(pattern)) {
            Some(repaired) => pattern.clone_from(repaired),
            None => _ = members.remove("pattern"),
        }
    });
}

/// Points every reference to a definition that is named by its pointer, and removes those that cannot be resolved. Adds the
/// pointers to `referenced`.
pub(super) fn repair_references(
    schema: &mut Value,
    document: &Document,
    referenced: &mut Vec<Pointer>,
) {
    for_each_object(schema, &mut |members| {
        let Some(Value::String(reference)) = members.get_mut("$ref") else {
            return;
        };
        let written = reference.replacen("#/$defs/", "#/components/schemas/", 1);
        let pointer = Pointer::parse(&written).filter(|pointer| {
            let node = document.node(pointer);
            node.is_some_and(|node| document.resolve(node).is_some())
        });
        match pointer {
            Some(pointer) => {
                let definition = Pointer::root().child("$defs").child(pointer.as_str());
                let segments: Vec<String> = definition.as_str().split('/').map(encode).collect();
                *reference = format!("#{}", segments.join("/"));
                referenced.push(pointer);
            }
            None => _ = members.remove("$ref"),
        }
    });
}

/// Removes keywords with invalid values. Returns where they are and what is wrong with them.
pub(super) fn repair_keywords(schema: &mut Value) -> Vec<(String, String)> {
    let mut flaws = Vec::new();
    while !draft202012::meta::is_valid(schema) {
        let validator = draft202012::meta::validator();
        let mut known = HashSet::new();
        let mut found = Vec::new();
        for error in validator.iter_errors(schema) {
            let is_repeated = matches!(error.kind(), ValidationErrorKind::UniqueItems);
            let path = error.instance_path().as_str().to_owned();
            if known.insert(path.clone()) {
                found.push((path, is_repeated, error.to_string()));
            }
        }
        let mut has_changed = false;
        // Backwards, so that what is removed from a list does not move what is still to be removed from it.
        for (path, is_repeated, _) in found.iter().rev() {
            has_changed |= if *is_repeated {
                remove_repeated(schema, path)
            } else {
                remove(schema, path)
            };
        }
        flaws.extend(found.into_iter().map(|(path, _, problem)| (path, problem)));
        if !has_changed {
            *schema = Value::Bool(true);
        }
    }
    flaws
}

/// Removes the items of a list that it has already. Numbers such as `1` and `1.0` are the same to a schema, but not here.
fn remove_repeated(schema: &mut Value, path: &str) -> bool {
    let Some(Value::Array(items)) = schema.pointer_mut(path) else {
        return false;
    };
    let (before, mut known) = (items.len(), HashSet::new());
    items.retain(|item| known.insert(item.to_string()));
    items.len() < before
}

fn remove(schema: &mut Value, path: &str) -> bool {
    let Some((parent, key)) = path.rsplit_once('/') else {
        return false;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match schema.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(&key).is_some(),
        Some(Value::Array(items)) => {
            let index = key.parse().ok().filter(|index| *index < items.len());
            index.map(|index: usize| items.remove(index)).is_some()
        }
        _ => false,
    }
}

/// Visits the schema objects, but not the literal values such as examples.
pub(super) fn for_each_object(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match schema {
        Value::Object(members) => {
            visit(members);
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("const" | "default" | "enum" | "examples", _) => {}
                    // Names are not keywords: a property may be called `default`.
                    (
                        "$defs" | "definitions" | "dependentSchemas" | "patternProperties"
                        | "properties",
                        Value::Object(named),
                    ) => named
                        .values_mut()
                        .for_each(|schema| for_each_object(schema, visit)),
                    (_, member) => for_each_object(member, visit),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_each_object(item, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(mut schema: Value, expected: Value, paths: &[&str]) {
        let flaws = repair_keywords(&mut schema);
        assert_eq!(schema, expected);
        let found: Vec<_> = flaws.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found, paths);
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let mut schema = json!({
            "properties": {
                "default": {"pattern": "a"},
                "properties": {"enum": [{"pattern": "b"}], "items": {"pattern": "c"}},
            },
            "default": {"pattern": "d"},
        });
        let mut patterns = Vec::new();
        for_each_object(&mut schema, &mut |members| {
            patterns.extend(members.get("pattern").cloned());
        });
        assert_eq!(patterns, ["a", "c"]);
    }

    #[test]
    fn a_repeated_name_stays_once_and_what_is_not_a_name_goes() {
        check(
            json!({"required": ["a", "b", "a"]}),
            json!({"required": ["a", "b"]}),
            &["/required"],
        );
        let mut schema = json!({"required": [1, "a", 1.0, 2]});
        repair_keywords(&mut schema);
        assert_eq!(schema, json!({"required": ["a"]}));
        let mut names: Vec<Value> = (0..30).map(Value::from).collect();
        names.push("a".into());
        let mut schema = json!({ "required": names });
        repair_keywords(&mut schema);
        assert_eq!(schema, json!({"required": ["a"]}));
        let mut schema = json!({"type": [[1], [1.0]]});
        repair_keywords(&mut schema);
        assert!(draft202012::meta::is_valid(&schema), "{schema}");
    }

    #[test]
    fn every_keyword_that_is_wrong_is_removed_and_reported_in_one_pass() {
        check(
            json!({"minLength": "1", "properties": {"a/b": {"type": 3}, "c": 7}}),
            json!({"properties": {"a/b": {}}}),
            &["/properties/a~1b/type", "/properties/c", "/minLength"],
        );
        check(json!(7), json!(true), &[""]);
    }
}
