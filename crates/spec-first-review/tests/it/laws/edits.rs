//! Random single edits of schemas and documents.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::schemas::{Dialect, schema};

/// One edit to a schema.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Replaces the schema with another one.
    Replace(Value),
    /// Copies one keyword of another schema.
    Take(Value, Index),
    /// Drops a keyword.
    Drop(Index),
    /// Adds an offset to a number.
    Nudge(Index, i64),
    /// Wraps the schema in `anyOf` with another one.
    Choose(Value),
    /// Wraps the schema in `oneOf` with another one.
    Exclude(Value),
    /// Adds a branch to `anyOf` or `oneOf`.
    Offer(Value),
    /// Turns `anyOf` into `oneOf`, or the other way round.
    Swap,
    /// Wraps the schema in `allOf` with another one.
    Demand(Value),
    /// Drops an item of a list, such as `required` or `anyOf`.
    Shorten(Index, Index),
}

/// Generates an edit and its place.
pub(crate) fn edit(dialect: Dialect) -> impl Strategy<Value = (Index, Edit)> {
    let other = || schema(dialect);
    let kind = prop_oneof![
        1 => other().prop_map(Edit::Replace),
        3 => (other(), any::<Index>()).prop_map(|(other, index)| Edit::Take(other, index)),
        3 => any::<Index>().prop_map(Edit::Drop),
        3 => (any::<Index>(), -2i64..3).prop_map(|(index, by)| Edit::Nudge(index, by)),
        1 => other().prop_map(Edit::Choose),
        1 => other().prop_map(Edit::Exclude),
        2 => other().prop_map(Edit::Offer),
        1 => Just(Edit::Swap),
        1 => other().prop_map(Edit::Demand),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(list, item)| Edit::Shorten(list, item)),
    ];
    (any::<Index>(), kind)
}

/// Edits one of the components.
pub(crate) fn apply(components: &Value, (place, edit): &(Index, Edit)) -> Value {
    let mut edited = components.clone();
    let mut places = Vec::new();
    for (name, component) in components.as_object().into_iter().flatten() {
        find_schemas(component, format!("/{name}"), &mut places);
    }
    let place = &places[place.index(places.len())];
    let Some(schema) = edited.pointer_mut(place) else {
        return edited;
    };
    edit.apply(schema);
    edited
}

impl Edit {
    fn apply(&self, schema: &mut Value) {
        match self {
            Self::Replace(other) => *schema = other.clone(),
            Self::Choose(other) => *schema = json!({"anyOf": [schema.clone(), other]}),
            Self::Exclude(other) => *schema = json!({"oneOf": [schema.clone(), other]}),
            Self::Demand(other) => *schema = json!({"allOf": [schema.clone(), other]}),
            _ => {}
        }
        let Some(keywords) = schema
            .as_object_mut()
            .filter(|keywords| !keywords.contains_key("$ref"))
        else {
            return;
        };
        match self {
            Self::Take(Value::Object(other), index) if !other.is_empty() => {
                let taken = other.iter().nth(index.index(other.len()));
                // A reference beside other keywords is left out.
                let taken = taken.filter(|(keyword, _)| *keyword != "$ref");
                keywords.extend(taken.map(|(keyword, value)| (keyword.clone(), value.clone())));
            }
            Self::Offer(branch) => {
                for choice in ["anyOf", "oneOf"] {
                    let branches = keywords.get_mut(choice).and_then(Value::as_array_mut);
                    branches
                        .into_iter()
                        .for_each(|branches| branches.push(branch.clone()));
                }
            }
            Self::Swap => {
                let choices = ["anyOf", "oneOf"];
                let [any, one] = choices.map(|choice| keywords.remove(choice));
                let swapped = choices.into_iter().zip([one, any]);
                keywords.extend(
                    swapped.filter_map(|(choice, branches)| Some((choice.to_owned(), branches?))),
                );
            }
            Self::Drop(index) if !keywords.is_empty() => {
                let keyword = keywords.keys().nth(index.index(keywords.len())).cloned();
                keyword.and_then(|keyword| keywords.remove(&keyword));
            }
            Self::Nudge(index, by) => {
                let numbers = keywords.iter_mut().filter(|(keyword, value)| {
                    value.is_number() && !["default", "const"].contains(&keyword.as_str())
                });
                let mut numbers: Vec<(&String, &mut Value)> = numbers.collect();
                if numbers.is_empty() {
                    return;
                }
                let place = index.index(numbers.len());
                let (keyword, number) = &mut numbers[place];
                let nudged = number.as_f64().unwrap_or_default() + *by as f64;
                let is_limit = keyword.ends_with("imum");
                if is_limit || nudged > 0.0 {
                    **number = if nudged.fract() == 0.0 {
                        json!(nudged as i64)
                    } else {
                        json!(nudged)
                    };
                }
            }
            Self::Shorten(list, item) => {
                let lists = keywords
                    .iter_mut()
                    .filter_map(|(_, value)| value.as_array_mut());
                let mut lists: Vec<_> = lists.filter(|list| list.len() > 1).collect();
                if !lists.is_empty() {
                    let shortened = list.index(lists.len());
                    let item = item.index(lists[shortened].len());
                    lists[shortened].remove(item);
                }
            }
            _ => {}
        }
    }
}

/// Finds the JSON pointers of a schema and of all schemas in it.
fn find_schemas(schema: &Value, at: String, places: &mut Vec<String>) {
    let Value::Object(keywords) = schema else {
        places.push(at);
        return;
    };
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(members)) => {
                for (name, schema) in members {
                    find_schemas(schema, format!("{at}/{keyword}/{name}"), places);
                }
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(branches)) => {
                for (index, branch) in branches.iter().enumerate() {
                    find_schemas(branch, format!("{at}/{keyword}/{index}"), places);
                }
            }
            (
                "items"
                | "additionalProperties"
                | "contains"
                | "not"
                | "if"
                | "then"
                | "else"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems",
                schema,
            ) => find_schemas(schema, format!("{at}/{keyword}"), places),
            _ => {}
        }
    }
    places.push(at);
}
