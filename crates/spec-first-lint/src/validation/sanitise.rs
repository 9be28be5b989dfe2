//! Removes malformed and infinitely recursive parts from converted schemas. A validator rejects a document with any
//! error as a whole, so one error would hide all others. The removed parts are reported by other rules.

use std::collections::{HashMap, HashSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use spec_first_document::{
    Pointer,
    grammar::{Expected, TYPES, subschemas},
};

use super::options;
use crate::cycles::cycles;

/// Combines the definitions into one JSON Schema document that a validator accepts.
pub(super) fn sanitise(mut definitions: Map<String, Value>, is_3_1: bool) -> Value {
    let endless = endless(&definitions);
    for (name, schema) in &mut definitions {
        if endless.contains(name.as_str()) {
            *schema = Value::Bool(true);
        }
    }
    let mut clean = json!({ "$defs": definitions });
    let mut cleaner = Cleaner {
        is_3_1,
        targets: targets(&clean),
        patterns: HashMap::new(),
    };
    if let Some(Value::Object(definitions)) = clean.get_mut("$defs") {
        for schema in definitions.values_mut() {
            cleaner.clean(schema);
        }
    }
    clean["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    clean
}

/// What stays as it is in a URI fragment that is a pointer.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$');

/// Percent-encodes a pointer for a URI fragment.
pub(super) fn encode(pointer: &str) -> String {
    utf8_percent_encode(pointer, FRAGMENT).to_string()
}

/// The definitions that refer to themselves for the same value: `A` is `B` and `B` is `A`.
fn endless(definitions: &Map<String, Value>) -> HashSet<String> {
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, schema) in definitions {
        collect_in_place(schema, edges.entry(name).or_default());
    }
    cycles(&edges).into_keys().map(str::to_owned).collect()
}

fn collect_in_place<'a>(schema: &'a Value, found: &mut Vec<&'a str>) {
    if let Some(name) = schema.get("$ref").and_then(definition) {
        found.push(name);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let branches = schema.get(keyword).and_then(Value::as_array);
        for branch in branches.into_iter().flatten() {
            collect_in_place(branch, found);
        }
    }
    for keyword in ["not", "if", "then", "else"] {
        if let Some(inner) = schema.get(keyword) {
            collect_in_place(inner, found);
        }
    }
}

fn definition(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/$defs/")
}

/// The name of the definition that a reference points to or into.
pub(super) fn target(reference: &str) -> Option<String> {
    let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
    let mut segments = pointer.segments();
    segments.next().filter(|first| first == "$defs")?;
    segments.next()
}

pub(super) fn for_each_reference(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                visit(reference);
            }
            members
                .values()
                .for_each(|member| for_each_reference(member, visit));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| for_each_reference(item, visit)),
        _ => {}
    }
}

/// The pointers of references that lead to a schema.
fn targets(root: &Value) -> HashSet<String> {
    let mut targets = HashSet::new();
    for_each_reference(root, &mut |reference| {
        if let Some(pointer) = reference.strip_prefix('#')
            && !targets.contains(pointer)
            && pointer.starts_with("/$defs/")
            && root
                .pointer(pointer)
                .is_some_and(|target| target.is_object() || target.is_boolean())
        {
            targets.insert(pointer.to_owned());
        }
    });
    targets
}

struct Cleaner {
    is_3_1: bool,
    /// The pointers of references that lead to a schema.
    targets: HashSet<String>,
    patterns: HashMap<String, bool>,
}

impl Cleaner {
    fn clean(&mut self, schema: &mut Value) {
        let Value::Object(keywords) = schema else {
            if !schema.is_boolean() {
                *schema = Value::Bool(true);
            }
            return;
        };
        if let Some(reference) = keywords.get("$ref") {
            let pointer = reference
                .as_str()
                .and_then(|text| text.strip_prefix('#'))
                .filter(|pointer| self.targets.contains(*pointer));
            let reference = pointer.map(|pointer| Value::from(format!("#{}", encode(pointer))));
            // From OpenAPI 3.1 on, the siblings of a reference count.
            if !self.is_3_1 {
                *schema =
                    reference.map_or(Value::Bool(true), |reference| json!({ "$ref": reference }));
                return;
            }
            match reference {
                Some(reference) => _ = keywords.insert("$ref".to_owned(), reference),
                None => _ = keywords.remove("$ref"),
            }
        }
        keywords.retain(|keyword, value| self.is_well_formed(keyword, value));
        limit_int32(keywords);
        for (keyword, value) in keywords {
            match (subschemas(keyword), value) {
                (Some(Expected::One(_)), schema) => self.clean(schema),
                (Some(Expected::Several(_)), Value::Array(schemas)) => {
                    schemas.iter_mut().for_each(|it| self.clean(it));
                }
                (Some(Expected::Named(_)), Value::Object(schemas)) => {
                    schemas.values_mut().for_each(|it| self.clean(it));
                }
                _ => {}
            }
        }
    }

    fn is_well_formed(&mut self, keyword: &str, value: &mut Value) -> bool {
        match keyword {
            "type" => {
                if let Value::Array(types) = value {
                    types.dedup();
                }
                let is_type = |value: &Value| value.as_str().is_some_and(|t| TYPES.contains(&t));
                match value {
                    Value::Array(types) => !types.is_empty() && types.iter().all(is_type),
                    // `null` as the only type is OpenAPI 3.1.
                    value => is_type(value) && (self.is_3_1 || value != "null"),
                }
            }
            "multipleOf" => value.as_f64().is_some_and(|number| number > 0.0),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => value.is_u64(),
            "uniqueItems" => value.is_boolean(),
            "format" => value.is_string(),
            "pattern" => value.as_str().is_some_and(|pattern| self.compiles(pattern)),
            "enum" => value.as_array().is_some_and(|values| !values.is_empty()),
            "required" => {
                let Value::Array(names) = value else {
                    return false;
                };
                let mut seen = HashSet::new();
                names.retain(|name| name.as_str().is_some_and(|n| seen.insert(n.to_owned())));
                true
            }
            "allOf" | "anyOf" | "oneOf" => value.as_array().is_some_and(|list| !list.is_empty()),
            "patternProperties" => value
                .as_object()
                .is_some_and(|schemas| schemas.keys().all(|pattern| self.compiles(pattern))),
            "dependentRequired" => value.is_object(),
            "minContains" | "maxContains" => value.is_u64(),
            "$ref" | "const" => true,
            _ => match subschemas(keyword) {
                Some(Expected::One(_)) => true,
                Some(Expected::Several(_)) => value.is_array(),
                Some(Expected::Named(_)) => value.is_object(),
                // Annotations do not affect validation.
                _ => false,
            },
        }
    }

    fn compiles(&mut self, pattern: &str) -> bool {
        if let Some(known) = self.patterns.get(pattern) {
            return *known;
        }
        let compiles = options().build(&json!({ "pattern": pattern })).is_ok();
        self.patterns.insert(pattern.to_owned(), compiles);
        compiles
    }
}

/// Converts the format `int32`, which JSON Schema does not define, to limits.
fn limit_int32(keywords: &mut Map<String, Value>) {
    let is_integer = match keywords.get("type") {
        Some(Value::Array(types)) => types.contains(&json!("integer")),
        Some(value) => value == "integer",
        None => false,
    };
    if !is_integer || keywords.get("format") != Some(&json!("int32")) {
        return;
    }
    let least = keywords.get("minimum").and_then(Value::as_f64);
    if least.is_none_or(|least| least < f64::from(i32::MIN)) {
        keywords.insert("minimum".to_owned(), json!(i32::MIN));
    }
    let most = keywords.get("maximum").and_then(Value::as_f64);
    if most.is_none_or(|most| most > f64::from(i32::MAX)) {
        keywords.insert("maximum".to_owned(), json!(i32::MAX));
    }
}
