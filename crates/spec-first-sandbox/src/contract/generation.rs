//! Generates a value that matches a schema, for responses without an example and for sample requests: the examples of nested
//! schemas where they have one, and else what a person would believe for the name and the type.
//!
//! Does not guarantee that the value conforms: callers validate it like any other response.

mod believable;
mod composition;
mod number;
#[cfg(test)]
mod tests;
mod text;

use std::{iter, mem};

use fastrand::Rng;
use serde_json::{Map, Value};
use spec_first_document::{Direction, Node, Pointer};

use crate::contract::place::Place;
use believable::Words;
use number::number;
use text::text;

/// Nesting depth beyond which optional members are omitted.
const DEPTH: usize = 12;

/// How deep in a response optional members are generated.
const SHOWN: usize = 3;

/// Maximum length of a generated string or array; no example is generated for a schema that requires more.
const LENGTH: u64 = 1000;

/// How often the parts of a pattern are repeated at most, to reach the length that a schema asks for.
const REPEATS: u32 = 64;

/// How many branches of each `oneOf` and `anyOf` are tried first in turn.
const BRANCHES: usize = 4;

/// Which members a generated object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Required members, and members with an example.
    Least,
    /// All members that the schema names; in a response not too deep, and not those that lead to a next page.
    All,
}

/// Whether the examples and defaults of nested schemas are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartExamples {
    /// If they have the type of their schema.
    Used,
    /// Never, because the value generated with them does not conform.
    Ignored,
}

/// How a value is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strategy {
    pub(crate) extent: Extent,
    pub(crate) part_examples: PartExamples,
    /// The index of the branch to try first in each `oneOf` and `anyOf`; wraps around.
    pub(crate) branch: usize,
    /// Whether the value is for a request or a response.
    pub(crate) direction: Direction,
    /// Chooses among the values that are equally good; 0 takes the first of each.
    pub(crate) seed: u64,
    /// Whether it is for the answer to a request that failed.
    pub(crate) is_failure: bool,
}

impl Strategy {
    /// What is tried first for a response.
    pub(crate) const fn first(seed: u64) -> Self {
        Self {
            extent: Extent::All,
            part_examples: PartExamples::Used,
            branch: 0,
            direction: Direction::Response,
            seed,
            is_failure: false,
        }
    }

    /// The strategies worth trying, the most informative result first. Alternatives may differ only in their optional members or
    /// in which branch comes first, and the examples of nested schemas do not always match them.
    pub(crate) fn all(direction: Direction, seed: u64) -> impl Iterator<Item = Self> {
        (0..BRANCHES).flat_map(move |branch| {
            [Extent::All, Extent::Least]
                .into_iter()
                .flat_map(move |extent| {
                    [PartExamples::Used, PartExamples::Ignored].map(|part_examples| Self {
                        extent,
                        part_examples,
                        branch,
                        direction,
                        seed,
                        is_failure: false,
                    })
                })
        })
    }
}

/// Generates a value for `schema`; `None` if that is not possible.
pub(crate) fn generate(schema: &Place<'_>, strategy: Strategy) -> Option<Value> {
    let mut generator = Generator {
        strategy,
        leaves_undescribed: false,
        open: Vec::new(),
        words: Words::default(),
        row: 0,
        item: 0,
        depth: 0,
    };
    generator.value(schema)
}

struct Generator {
    strategy: Strategy,
    /// Whether the next object is a branch of an `allOf`, so that another branch may define what this one only requires.
    leaves_undescribed: bool,
    /// The references followed so far, so that recursive schemas terminate.
    open: Vec<Pointer>,
    /// The name of the innermost property.
    words: Words,
    /// Which of several believable values an object has.
    row: usize,
    /// Which item of a list it is in.
    item: usize,
    /// The number of properties around this value.
    depth: usize,
}

impl Generator {
    fn value(&mut self, written: &Place<'_>) -> Option<Value> {
        let schema = written.resolve()?;
        if schema.node.as_bool() == Some(false) {
            return None;
        }
        if self.open.len() >= DEPTH || self.open.contains(&schema.pointer) {
            return None;
        }
        let outer = written.described().map(|(name, owner)| {
            let row = self.chosen(&owner);
            self.depth += 1;
            let mut words = Words::of(&name).of_owner(&named(&owner));
            words.is_of_failure = self.strategy.is_failure;
            let words = mem::replace(&mut self.words, words);
            (words, mem::replace(&mut self.row, row))
        });
        self.open.push(schema.pointer.clone());
        let value = self.resolved(&schema);
        self.open.pop();
        if let Some(outer) = outer {
            self.depth -= 1;
            (self.words, self.row) = outer;
        }
        value
    }

    /// The number that the seed chooses for a place.
    fn chosen(&self, place: &Pointer) -> usize {
        if self.strategy.seed == 0 {
            return 0;
        }
        let mut random = Rng::with_seed(self.strategy.seed);
        for byte in place.as_str().bytes() {
            random = Rng::with_seed(random.u64(..) ^ u64::from(byte));
        }
        random.usize(..1000)
    }

    fn resolved(&mut self, schema: &Place<'_>) -> Option<Value> {
        self.described(schema)
            .or_else(|| schema.accepts_null().then_some(Value::Null))
    }

    fn described(&mut self, schema: &Place<'_>) -> Option<Value> {
        if self.strategy.part_examples == PartExamples::Used {
            let listed = schema.node.items_of("examples").iter();
            let examples = ["example", "default"].into_iter();
            let examples = examples.filter_map(|key| schema.node.get(key));
            let mut examples = listed.chain(examples).map(Node::to_json);
            if let Some(example) = examples.find(|example| has_type_of(schema, example)) {
                return Some(example);
            }
        }
        if let Some(fixed) = schema.node.get("const") {
            return Some(fixed.to_json());
        }
        let listed = schema.node.items_of("enum").iter().map(Node::to_json);
        let mut listed: Vec<Value> = listed.collect();
        let is_usual = |value: &Value| !value.is_null() && has_type_of(schema, value);
        if listed.iter().any(is_usual) {
            listed.retain(is_usual);
        }
        let chosen = self.chosen(&schema.pointer) + self.item;
        if let Some(index) = chosen.checked_rem(listed.len()) {
            return Some(listed.swap_remove(index));
        }
        for key in ["oneOf", "anyOf"] {
            let branches = schema.items_of(key);
            if !branches.is_empty() && schema.get("allOf").is_none() {
                return self.one_of(schema, &branches);
            }
        }
        if let Some(value) = self.subtype(schema) {
            return Some(value);
        }
        let branches = schema.items_of("allOf");
        if !branches.is_empty() {
            return self.all_of(schema, &branches);
        }
        let row = self.row + self.item;
        match schema.kind() {
            Some("string") => Some(Value::String(text(schema, &self.words, row))),
            Some("integer") => number(schema, true, self.words.number(true, row)),
            Some("number") => number(schema, false, self.words.number(false, row)),
            Some("boolean") => Some(Value::Bool(self.words.flag())),
            Some("array") => self.array(schema),
            None if schema.accepts_null() && !schema.is_true("nullable") => None,
            None if schema.get("items").is_some() => self.array(schema),
            _ => self.object(schema),
        }
    }

    fn array(&mut self, schema: &Place<'_>) -> Option<Value> {
        let least = limit(schema, "minItems").unwrap_or(0);
        let most = limit(schema, "maxItems").unwrap_or(LENGTH);
        let count = least.max(1).min(most);
        self.words = mem::take(&mut self.words).into_singular();
        // The first items may have schemas of their own, and `items` describes the others.
        let first = schema.items_of("prefixItems").into_iter();
        let mut values: Vec<_> = first.map_while(|item| self.value(&item)).collect();
        let left = count.saturating_sub(values.len() as u64);
        let items = schema.get("items");
        match items.and_then(|items| Some((self.value(&items)?, items))) {
            _ if left == 0 || (least == 0 && !values.is_empty()) => {}
            None if least == 0 => {}
            Some((first, items)) if count <= LENGTH => {
                let left = usize::try_from(left).unwrap_or_default();
                let more = (1..left).map(|index| self.another(&first, &items, index));
                let more: Vec<_> = more.collect();
                values.extend(iter::once(first).chain(more));
            }
            _ => return None,
        }
        values.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Some(Value::Array(values))
    }

    /// The item at this index, which differs from the first one if it can, in case items must be unique.
    fn another(&mut self, first: &Value, items: &Place<'_>, index: usize) -> Value {
        let outer = mem::replace(&mut self.item, index);
        let item = self.value(items).filter(|item| item != first);
        self.item = outer;
        item.unwrap_or_else(|| vary(first, items, index as u64))
    }

    fn object(&mut self, schema: &Place<'_>) -> Option<Value> {
        let leaves_undescribed = std::mem::take(&mut self.leaves_undescribed);
        let required = schema.items_of("required");
        let required: Vec<&str> = required
            .iter()
            .filter_map(|name| name.node.as_str())
            .collect();
        let mut members = Map::new();
        let mut spare = Vec::new();
        let properties = schema.entries_of("properties");
        let is_alone = properties.len() == 1;
        for (name, property) in properties {
            let resolved = property.resolve();
            if self.leaves_out(&property) {
                continue;
            }
            let has_example = resolved
                .as_ref()
                .is_some_and(|it| it.get("example").is_some());
            let words = Words::of(name);
            let is_compound = resolved.as_ref().is_some_and(Place::is_compound);
            let leads_on = words.leads_to_another_page(is_compound);
            if required.contains(&name) {
                let ends = leads_on && resolved.is_some_and(|it| it.accepts_null());
                let value = ends.then_some(Value::Null);
                let value = value.or_else(|| self.value(&property));
                members.insert(name.to_owned(), value?);
            } else if has_example || self.shows(leads_on || words.is_of_failures() && !is_alone) {
                members.extend(self.value(&property).map(|value| (name.to_owned(), value)));
            } else {
                spare.push((name, property));
            }
        }
        let additional = schema.get("additionalProperties");
        let additional = additional.filter(|additional| additional.node.is_mapping());
        for name in required {
            let is_described = schema
                .get("properties")
                .is_some_and(|all| all.get(name).is_some());
            if !is_described && !leaves_undescribed {
                let value = match &additional {
                    Some(schema) => self.value(schema)?,
                    None => self.undescribed(name),
                };
                members.insert(name.to_owned(), value);
            }
        }
        let least = limit(schema, "minProperties").unwrap_or(0);
        for (name, property) in spare {
            if members.len() as u64 >= least {
                break;
            }
            members.extend(self.value(&property).map(|value| (name.to_owned(), value)));
        }
        while (members.len() as u64) < least.min(LENGTH) {
            let name = format!("property{}", members.len() + 1);
            let value = match &additional {
                Some(schema) => self.value(schema)?,
                None => self.undescribed(&name),
            };
            members.insert(name, value);
        }
        Some(Value::Object(members))
    }

    /// A value for a member that only has a name.
    fn undescribed(&self, name: &str) -> Value {
        let words = Words::of(name);
        let text = words.texts(self.row + self.item).next();
        text.unwrap_or_else(|| name.to_owned()).into()
    }
}

impl Generator {
    /// Whether only the other side sends a property.
    fn leaves_out(&self, property: &Place<'_>) -> bool {
        let absent = match self.strategy.direction {
            Direction::Request | Direction::TolerantRequest => "readOnly",
            Direction::Response | Direction::Both => "writeOnly",
        };
        property.is_marked(absent)
    }

    /// Whether an object has an optional member, which may be unusual in a response.
    fn shows(&self, is_unusual: bool) -> bool {
        let is_response = matches!(
            self.strategy.direction,
            Direction::Response | Direction::Both
        );
        self.strategy.extent == Extent::All && !(is_response && (is_unusual || self.depth >= SHOWN))
    }
}

/// The name of the property or component that a schema is, or that it is a part of.
fn named(schema: &Pointer) -> String {
    let of_schemas = ["allOf", "anyOf", "items", "oneOf", "properties"];
    let mut segments: Vec<_> = schema.segments().collect();
    let is_of_schemas =
        |it: &String| of_schemas.contains(&it.as_str()) || it.bytes().all(|it| it.is_ascii_digit());
    while segments.pop_if(|it| is_of_schemas(it)).is_some() {}
    segments.pop().unwrap_or_default()
}

/// Whether a value has the type that the schema requires, if it requires one.
fn has_type_of(schema: &Place<'_>, value: &Value) -> bool {
    match (schema.kind(), value) {
        (Some(_), Value::Null) => schema.accepts_null(),
        (Some("string"), value) => value.is_string(),
        (Some("boolean"), value) => value.is_boolean(),
        (Some("array"), value) => value.is_array(),
        (Some("object"), value) => value.is_object(),
        (Some("number"), value) => value.is_number(),
        (Some("integer"), value) => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        // An object that was written as text is allowed, and not meant.
        (None, value) if schema.get("properties").is_some() => !value.is_string(),
        _ => true,
    }
}

/// A variation of `item`, unless that could violate its format or pattern.
fn vary(item: &Value, schema: &Place<'_>, index: u64) -> Value {
    let schema = schema.resolve();
    let is_free = schema.is_some_and(|it| it.text("format").or(it.text("pattern")).is_none());
    match item {
        Value::String(text) if is_free => Value::from(format!("{text}{index}")),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number.saturating_add_unsigned(index)),
            None => item.clone(),
        },
        _ => item.clone(),
    }
}

pub(crate) fn limit(schema: &Place<'_>, key: &str) -> Option<u64> {
    schema.get(key)?.node.number()?.as_u64()
}
