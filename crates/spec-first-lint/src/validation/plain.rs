//! Judges values by the keywords that most schemas are made of, without a validator: building one for every schema of a large
//! document takes longer than judging its examples.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::json;
use spec_first_document::{
    Content, Direction, Entry, Node,
    instance::{InDocument, Instance},
};

use super::options;
use crate::survey::Survey;

/// How many references, branches and members inside one another are followed.
const DEPTH: usize = 100;

/// What says nothing about the value.
const ANNOTATIONS: [&str; 13] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Keywords that apply to a value, and not to what is inside it.
pub(crate) const LOCAL: [&str; 11] = [
    "type",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "uniqueItems",
];

/// Judges values; `None` is for a validator to find out.
pub(crate) struct Plain<'s, 'a> {
    survey: &'s Survey<'a>,
    is_3_1: bool,
    formats: RefCell<HashMap<&'a str, Option<Validator<InDocument>>>>,
    /// How many schemas may still be applied to the value, or to what is inside it.
    steps: Cell<usize>,
}

impl<'s, 'a> Plain<'s, 'a> {
    pub(crate) fn of(survey: &'s Survey<'a>) -> Self {
        Self {
            survey,
            is_3_1: survey.document.is_3_1(),
            formats: RefCell::default(),
            steps: Cell::new(0),
        }
    }

    /// Whether the value is valid. One whose schemas refer to each other so often that a validator would never end counts as valid.
    pub(crate) fn is_valid(
        &self,
        schema: Node<'a>,
        value: Node<'a>,
        direction: Direction,
    ) -> Option<bool> {
        self.steps.set(10_000 + 100 * size(value));
        let verdict = self.judge(schema, value, direction, DEPTH);
        match self.steps.get() {
            0 => Some(true),
            _ => verdict,
        }
    }

    /// Whether the value is valid as far as [`LOCAL`] keywords say.
    pub(crate) fn is_locally_valid(&self, schema: Node<'a>, value: Node<'a>) -> Option<bool> {
        let local = schema.entries().iter();
        let local = local.filter(|entry| LOCAL.contains(&entry.key));
        all(local.map(|entry| self.keyword(schema, entry, value, Direction::Both, 0)))
    }

    fn judge(
        &self,
        schema: Node<'a>,
        value: Node<'a>,
        direction: Direction,
        depth: usize,
    ) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        self.steps.set(self.steps.get().saturating_sub(1));
        if self.steps.get() == 0 {
            return None;
        }
        if let Some(reference) = schema.get("$ref").filter(|_| !self.is_3_1) {
            reference.as_str()?;
            let is_exempt = value.is_null() && schema.is_true("nullable");
            let target = self.survey.resolved(schema)?;
            return match is_exempt {
                true => Some(true),
                false => self.judge(target, value, direction, depth),
            };
        }
        if !schema.is_mapping() {
            return schema.as_bool().filter(|_| self.is_3_1);
        }
        let keywords = schema.entries().iter();
        all(keywords.map(|entry| self.keyword(schema, entry, value, direction, depth)))
    }

    fn keyword(
        &self,
        schema: Node<'a>,
        Entry {
            key,
            value: argument,
            ..
        }: Entry<'a>,
        value: Node<'a>,
        direction: Direction,
        depth: usize,
    ) -> Option<bool> {
        let is_exempt = !self.is_3_1 && value.is_null() && schema.is_true("nullable");
        let judge = |schema, value| self.judge(schema, value, direction, depth);
        match key {
            key if ANNOTATIONS.contains(&key) || key.starts_with("x-") => Some(true),
            "$ref" => {
                argument.as_str()?;
                judge(self.survey.resolved(schema)?, value)
            }
            "type" if is_exempt => argument.as_str().map(|_| true),
            "type" => is_of_type(schema, value),
            "format" => self.has_format(schema, argument.as_str()?, value),
            "enum" => {
                let values = argument.items();
                let equal = values.iter().map(|expected| is_equal(expected, value));
                any(equal).filter(|_| !values.is_empty())
            }
            "minLength" | "maxLength" => {
                let limit = count(argument)?;
                let Some(text) = value.as_str() else {
                    return Some(true);
                };
                let length = text.chars().count() as u64;
                Some(match key {
                    "minLength" => length >= limit,
                    _ => length <= limit,
                })
            }
            "minItems" | "maxItems" => {
                let limit = count(argument)?;
                let length = value.items().len() as u64;
                Some(match key {
                    _ if !value.is_sequence() => true,
                    "minItems" => length >= limit,
                    _ => length <= limit,
                })
            }
            "minimum" | "maximum" => {
                let limit = argument.number()?.as_f64()?;
                let number = value.number().and_then(|number| number.as_f64());
                let is_exclusive = |keyword| schema.get(keyword).is_some();
                if is_exclusive("exclusiveMinimum") || is_exclusive("exclusiveMaximum") {
                    return None;
                }
                // What is close to a limit may be beyond what such a number can tell apart.
                Some(match number {
                    None => true,
                    Some(number) if number == limit && limit.abs() >= 1e15 => return None,
                    Some(number) if key == "minimum" => number >= limit,
                    Some(number) => number <= limit,
                })
            }
            "properties" => {
                let properties = argument.is_mapping().then_some(argument)?;
                let members = value.entries().iter();
                all(members.filter_map(|member| {
                    let property = properties.get(member.key)?;
                    Some(match self.is_sent(property, direction) {
                        true => judge(property, member.value),
                        false => None,
                    })
                }))
            }
            "required" => {
                let names = argument.is_sequence().then(|| argument.items())?;
                if !value.is_mapping() {
                    return Some(true);
                }
                all(names.iter().map(|name| match value.get(name.as_str()?) {
                    Some(_) => Some(true),
                    // A property of the other direction is not required.
                    None => (direction == Direction::Both).then_some(false),
                }))
            }
            "additionalProperties" => {
                if schema.get("patternProperties").is_some() {
                    return None;
                }
                let properties = schema.get("properties");
                let is_described =
                    |name| properties.is_some_and(|properties| properties.get(name).is_some());
                let members = value.entries().iter();
                let mut others = members.filter(|member| !is_described(member.key));
                match argument.as_bool() {
                    Some(is_open) => Some(is_open || others.next().is_none()),
                    None => all(others.map(|member| judge(argument, member.value))),
                }
            }
            "items" => all(value.items().iter().map(|item| judge(argument, item))),
            "allOf" | "anyOf" | "oneOf" if is_exempt => Some(true),
            "allOf" | "anyOf" | "oneOf" => {
                let branches = argument.items();
                let mut verdicts = branches.iter().map(|branch| judge(branch, value));
                match key {
                    _ if branches.is_empty() => None,
                    "allOf" => all(verdicts),
                    "anyOf" => any(verdicts),
                    _ => {
                        let valid = verdicts.try_fold(0, |valid, verdict| {
                            verdict.map(|is_valid| valid + u32::from(is_valid))
                        });
                        valid.map(|valid| valid == 1)
                    }
                }
            }
            _ => None,
        }
    }

    /// Whether the property is sent in both directions, or in this one.
    fn is_sent(&self, property: Node<'a>, direction: Direction) -> bool {
        let is_marked = |keyword| self.survey.document.is_marked(property, keyword);
        direction == Direction::Both || !is_marked("readOnly") && !is_marked("writeOnly")
    }

    fn has_format(&self, schema: Node<'a>, format: &'a str, value: Node<'a>) -> Option<bool> {
        if let Some(number) = value.number() {
            let is_limited = matches!(format, "int32" | "int64");
            return Some(match number.as_i64() {
                // These are limits where the type is that of an integer.
                _ if !is_limited => true,
                Some(integer) if format == "int32" => i32::try_from(integer).is_ok(),
                Some(_) => true,
                None => return None,
            })
            .filter(|fits| *fits || schema.str_of("type") == Some("integer"));
        }
        let mut formats = self.formats.borrow_mut();
        let validator = formats
            .entry(format)
            .or_insert_with(|| options().build(&json!({ "format": format })).ok());
        Some(validator.as_ref()?.is_valid(Instance::Value(value)))
    }
}

/// Whether all are true: `false` as soon as one of them is, even if another is not known.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(true) => {}
            Some(false) => return verdict,
            None => all = None,
        }
    }
    all
}

fn any(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(verdicts.map(|verdict| verdict.map(|verdict| !verdict))).map(|none| !none)
}

fn is_of_type(schema: Node<'_>, value: Node<'_>) -> Option<bool> {
    let mut types = schema.types().peekable();
    types.peek()?;
    let is_of = |name| {
        Some(match (name, value.content()) {
            ("null", content) => matches!(content, Content::Null),
            ("boolean", content) => matches!(content, Content::Boolean(_)),
            ("object", content) => matches!(content, Content::Mapping(_)),
            ("array", content) => matches!(content, Content::Sequence(_)),
            ("string", content) => matches!(content, Content::String(_)),
            ("number", content) => matches!(content, Content::Number(_)),
            ("integer", Content::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            ("integer", _) => false,
            // Another type is none.
            _ => return None,
        })
    };
    // All must be types.
    let verdicts: Option<Vec<bool>> = types.map(is_of).collect();
    Some(verdicts?.contains(&true))
}

fn is_equal(expected: Node<'_>, value: Node<'_>) -> Option<bool> {
    match (expected.content(), value.content()) {
        (Content::String(expected), Content::String(value)) => Some(expected == value),
        (Content::Boolean(expected), Content::Boolean(value)) => Some(expected == value),
        (Content::Null, Content::Null) => Some(true),
        (Content::Number(expected), Content::Number(value)) if expected == value => Some(true),
        (Content::Number(_), Content::Number(_))
        | (Content::Sequence(_), Content::Sequence(_))
        | (Content::Mapping(_), Content::Mapping(_)) => None,
        _ => Some(false),
    }
}

/// The number of values in a value, with itself.
fn size(value: Node<'_>) -> usize {
    let members = value.entries().iter().map(|entry| size(entry.value));
    let items = value.items().iter().map(size);
    1 + members.chain(items).sum::<usize>()
}

fn count(node: Node<'_>) -> Option<u64> {
    node.number()?.as_u64()
}

#[cfg(test)]
mod tests;
