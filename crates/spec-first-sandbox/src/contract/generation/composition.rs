//! Values for schemas made of others: `allOf`, `oneOf` and `anyOf`.

use serde_json::Value;
use spec_first_document::Node;

use super::Generator;
use crate::contract::place::Place;

impl Generator {
    pub(super) fn all_of(&mut self, schema: &Place<'_>, branches: &[Place<'_>]) -> Option<Value> {
        let is_a_branch = std::mem::take(&mut self.leaves_undescribed);
        let mut merged = Value::Null;
        for branch in branches {
            merge(&mut merged, self.branch(branch)?);
        }
        let choices = ["oneOf", "anyOf"].map(|key| schema.items_of(key));
        let choices = choices.iter().find(|choices| !choices.is_empty());
        if let Some(chosen) = choices.and_then(|choices| self.one_of(schema, choices)) {
            merge(&mut merged, chosen);
        }
        if schema.get("properties").is_some() {
            self.leaves_undescribed = true;
            let own = self.object(schema);
            self.leaves_undescribed = false;
            merge(&mut merged, own?);
        }
        // What one branch requires may be defined in another.
        if let Value::Object(members) = &mut merged {
            let mut required = Vec::new();
            collect_required(schema, &mut required);
            for name in required {
                if members.contains_key(&name) {
                    continue;
                }
                let value = match find_property(schema, &name) {
                    Some(property) if self.leaves_out(&property) => continue,
                    Some(property) => self.value(&property)?,
                    None if is_a_branch => continue,
                    None => self.undescribed(&name),
                };
                members.insert(name, value);
            }
        }
        Some(merged)
    }

    /// A value of one of the schemas that extend this one, which its discriminator names.
    pub(super) fn subtype(&mut self, schema: &Place<'_>) -> Option<Value> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.text("propertyName")?;
        let mapping = discriminator.entries_of("mapping");
        let index = self.strategy.branch.checked_rem(mapping.len())?;
        let (name, target) = mapping.get(index)?;
        let subtype = schema.component(target.node.as_str()?)?;
        if subtype.pointer == schema.pointer || self.open.contains(&subtype.pointer) {
            return None;
        }
        // The subtype refers to this schema: not as a recursion, but to be extended.
        let own = self.open.pop();
        let value = self.value(&subtype);
        self.open.extend(own);
        let mut value = value?;
        value
            .as_object_mut()?
            .insert(property.to_owned(), (*name).into());
        Some(value)
    }

    fn branch(&mut self, branch: &Place<'_>) -> Option<Value> {
        self.leaves_undescribed = true;
        let value = self.value(branch);
        self.leaves_undescribed = false;
        value
    }

    pub(super) fn one_of(&mut self, schema: &Place<'_>, branches: &[Place<'_>]) -> Option<Value> {
        let first = self.strategy.branch;
        let mut in_turn = branches.iter().cycle().skip(first).take(branches.len());
        let has_properties = schema.get("properties").is_some();
        let is_part = has_properties || schema.get("allOf").is_some();
        let (branch, mut value) = in_turn.find_map(|branch| {
            let value = match is_part {
                true => self.branch(branch),
                false => self.value(branch),
            };
            Some((branch, value?))
        })?;
        if has_properties {
            self.leaves_undescribed = true;
            let own = self.object(schema);
            self.leaves_undescribed = false;
            merge(&mut value, own?);
        }
        if let (true, Value::Object(members), Some(branch)) =
            (is_part, &mut value, branch.resolve())
        {
            let mut required = Vec::new();
            collect_required(&branch, &mut required);
            if has_properties {
                collect_required(schema, &mut required);
            }
            // A branch may only require what the schema around it defines, or the other way around.
            for name in &required {
                if !members.contains_key(name) {
                    let value = match find_property(schema, name) {
                        Some(property) if self.leaves_out(&property) => continue,
                        Some(property) => self.value(&property)?,
                        None => self.undescribed(name),
                    };
                    members.insert(name.clone(), value);
                }
            }
            // With what only another branch requires, the value would be valid against that one, too.
            if has_properties && schema.get("oneOf").is_some() {
                let mut of_others = Vec::new();
                for other in branches.iter().filter_map(Place::resolve) {
                    collect_required(&other, &mut of_others);
                }
                members.retain(|name, _| required.contains(name) || !of_others.contains(name));
            }
        }
        let discriminator = schema.get("discriminator");
        if let (Some(discriminator), Value::Object(members)) = (discriminator, &mut value)
            && let Some(property) = discriminator.text("propertyName")
        {
            let reference = branch.text("$ref").unwrap_or_default();
            let mapping = discriminator.entries_of("mapping");
            let mapped = mapping
                .iter()
                .find(|(_, target)| target.node.as_str() == Some(reference));
            let name = mapped.map_or_else(
                || reference.rsplit('/').next().unwrap_or_default(),
                |(name, _)| name,
            );
            // Names are not fixed values: where the branch has one, that is what clients and servers send.
            let fixed = branch.resolve().and_then(|branch| {
                let property = find_property(&branch, property)?.resolve()?;
                let first = property.node.items_of("enum").get(0);
                property.node.get("const").or(first).map(Node::to_json)
            });
            match fixed {
                Some(fixed) if mapped.is_none() => _ = members.insert(property.to_owned(), fixed),
                _ if name.is_empty() => {}
                _ => _ = members.insert(property.to_owned(), Value::from(name)),
            }
        }
        Some(value)
    }
}

/// The names required by a schema and the branches of its `allOf`. Call it only for a schema for which a value was generated:
/// such a schema is not recursive.
fn collect_required(schema: &Place<'_>, names: &mut Vec<String>) {
    let required = schema.items_of("required").into_iter();
    names.extend(required.filter_map(|name| name.node.as_str().map(str::to_owned)));
    for branch in schema.items_of("allOf") {
        if let Some(branch) = branch.resolve() {
            collect_required(&branch, names);
        }
    }
}

/// Finds the definition of a property in a schema or in a branch of its `allOf`.
fn find_property<'a>(schema: &Place<'a>, name: &str) -> Option<Place<'a>> {
    let own = schema.get("properties").and_then(|all| all.get(name));
    own.or_else(|| {
        let branches = schema.items_of("allOf").into_iter();
        branches
            .filter_map(|branch| branch.resolve())
            .find_map(|branch| find_property(&branch, name))
    })
}

fn merge(into: &mut Value, value: Value) {
    match (into, value) {
        (Value::Object(members), Value::Object(more)) => {
            for (name, value) in more {
                merge(members.entry(name).or_insert(Value::Null), value);
            }
        }
        // A branch without a type becomes an empty object.
        (into, Value::Object(more)) if more.is_empty() && !into.is_null() => {}
        (into, value) => *into = value,
    }
}
