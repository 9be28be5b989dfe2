//! Generates JSON values that satisfy a schema, or nearly do: they are close to its limits.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Generates values for the schemas of these components.
pub(crate) struct Instances<'a> {
    pub(crate) components: &'a [&'a Value],
    pub(crate) random: Rng,
}

const NAMES: [&str; 7] = ["a", "b", "c", "x-1", "x-22", "d", "abcde"];
pub(crate) const TEXTS: [&str; 16] = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "abcd",
    "aaaaaa",
    "x-",
    "x-1",
    "x-22",
    "A",
    "é-é",
    "2020-02-29",
    "1.2.3.4",
    "0b5bd6a4-2f4a-4c58-8f43-6f6b1f0c4b17",
    "a8098c1a-f86e-11da-bd1a-00112444be1e",
];
const TYPES: [&str; 7] = [
    "object", "array", "string", "integer", "number", "boolean", "null",
];

impl Instances<'_> {
    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        (!from.is_empty()).then(|| &from[self.random.usize(..from.len())])
    }

    /// A value for all of these schemas.
    pub(crate) fn value(&mut self, schemas: &[&Value], depth: usize) -> Value {
        let mut active = Vec::new();
        for schema in schemas {
            self.activate(schema, 8, &mut active);
        }
        if self.random.usize(..12) == 0 || depth == 0 {
            return self.any(depth.min(1));
        }
        let mut listed = Vec::new();
        for schema in &active {
            listed.extend(
                schema
                    .get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
            listed.extend(schema.get("const"));
        }
        if !listed.is_empty() && self.random.usize(..10) > 0 {
            return self
                .pick(&listed)
                .map_or(Value::Null, |value| (*value).clone());
        }
        let allows = |kind: &&&str| active.iter().all(|schema| is_of_type(schema, kind));
        let types: Vec<&str> = TYPES.iter().filter(allows).copied().collect();
        // Schemas without a type mostly describe the types that their keywords apply to.
        let meant: Vec<&str> = types
            .iter()
            .copied()
            .filter(|kind| is_meant(&active, kind))
            .collect();
        let types = if meant.is_empty() || self.random.usize(..5) == 0 {
            types
        } else {
            meant
        };
        match self.pick(&types).copied().unwrap_or("null") {
            "object" => self.object(&active, depth),
            "array" => self.array(&active, depth),
            "string" => self.text(&active),
            "integer" => self.number(&active, true),
            "number" => self.number(&active, false),
            "boolean" => Value::Bool(self.random.bool()),
            _ => Value::Null,
        }
    }

    /// Collects the schemas that apply, following references and choosing branches.
    fn activate<'v>(&mut self, schema: &'v Value, depth: usize, active: &mut Vec<&'v Value>)
    where
        Self: 'v,
    {
        active.push(schema);
        if depth == 0 {
            return;
        }
        for branch in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.activate(branch, depth - 1, active);
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            if let Some(branch) = branches.and_then(|branches| self.pick(branches)) {
                self.activate(branch, depth - 1, active);
            }
            // A value that satisfies a second branch is of interest for `oneOf`.
            let other = branches.filter(|_| self.random.usize(..3) == 0);
            if let Some(branch) = other.and_then(|branches| self.pick(branches)) {
                self.activate(branch, depth - 1, active);
            }
        }
        let outcome = if self.random.bool() {
            ["if", "then"]
        } else {
            ["else", "else"]
        };
        for keyword in outcome {
            if let Some(branch) = schema.get(keyword) {
                self.activate(branch, depth - 1, active);
            }
        }
        // A value that `not` forbids is of interest, too.
        if let Some(not) = schema.get("not").filter(|_| self.random.usize(..4) == 0) {
            self.activate(not, depth - 1, active);
        }
    }

    fn resolve<'v>(&mut self, schemas: Vec<&'v Value>) -> Vec<Value>
    where
        Self: 'v,
    {
        schemas
            .into_iter()
            .map(|schema| self.inline(schema, 3))
            .collect()
    }

    /// The schema with the references that apply to the same value resolved.
    fn inline(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.inline_branches(schema, depth);
        };
        let name = reference.rsplit('/').next().unwrap_or_default();
        let components = self.components;
        match self.pick(components) {
            Some(components) if depth > 0 => self.inline(&components[name], depth - 1),
            _ => Value::Bool(true),
        }
    }

    fn inline_branches(&mut self, schema: &Value, depth: usize) -> Value {
        let mut schema = schema.clone();
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some(branches) = schema.get_mut(keyword).and_then(Value::as_array_mut) {
                for branch in branches {
                    *branch = self.inline(branch, depth);
                }
            }
        }
        schema
    }

    /// A value for the schemas, whose references may lead to any of the components.
    pub(crate) fn for_schema(&mut self, schemas: &[&Value], depth: usize) -> Value {
        let schemas = self.resolve(schemas.to_vec());
        self.value(&schemas.iter().collect::<Vec<_>>(), depth)
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.random.usize(..if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.random.bool()),
            2 => json!(self.random.i64(-4..10)),
            3 => json!(self.random.i64(-8..20) as f64 / 2.0 + 0.25),
            4 | 5 => self.pick(&TEXTS).map_or(Value::Null, |text| json!(text)),
            6 => (0..self.random.usize(..4)).map(|_| self.any(0)).collect(),
            _ => {
                let mut members = Map::new();
                for _ in 0..self.random.usize(..4) {
                    let name = self.pick(&NAMES).map_or("a", |name| name).to_owned();
                    members.insert(name, self.any(0));
                }
                Value::Object(members)
            }
        }
    }

    /// A count at or next to one of the limits.
    fn count(&mut self, active: &[&Value], keywords: &[&str], usual: usize) -> usize {
        let mut limits = Vec::new();
        for schema in active {
            let written = keywords
                .iter()
                .filter_map(|keyword| schema.get(*keyword)?.as_u64());
            limits.extend(written.map(|limit| limit as usize));
        }
        let near = match self.pick(&limits) {
            Some(limit) => (*limit + self.random.usize(..3)).saturating_sub(1),
            None => self.random.usize(..=usual),
        };
        near.min(7)
    }

    fn text(&mut self, active: &[&Value]) -> Value {
        if self.random.bool() {
            return self.pick(&TEXTS).map_or(Value::Null, |text| json!(text));
        }
        let length = self.count(active, &["minLength", "maxLength"], 4);
        let beginning = *self.pick(&["", "x-"]).unwrap_or(&"");
        let text: String = beginning
            .chars()
            .chain(std::iter::repeat('a'))
            .take(length)
            .collect();
        Value::String(text)
    }

    fn number(&mut self, active: &[&Value], is_integer: bool) -> Value {
        let mut near = Vec::new();
        for schema in active {
            for keyword in [
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf",
            ] {
                near.extend(schema.get(keyword).and_then(Value::as_f64));
            }
            match schema.get("format").and_then(Value::as_str) {
                Some("int32") => near.extend([-2_147_483_648.0, 2_147_483_647.0]),
                Some("int64") => near.push(4_294_967_296.0),
                _ => {}
            }
        }
        let beside = *self
            .pick(&[0.0, 0.0, 0.5, -0.5, 1.0, -1.0, 0.25])
            .unwrap_or(&0.0);
        let number = match self.pick(&near) {
            Some(limit) => limit + beside,
            None => self.random.i64(-8..20) as f64 / 2.0,
        };
        let number = if is_integer { number.floor() } else { number };
        if number.fract() == 0.0 {
            json!(number as i64)
        } else {
            json!(number)
        }
    }

    fn array(&mut self, active: &[&Value], depth: usize) -> Value {
        let keywords = ["minItems", "maxItems", "minContains", "maxContains"];
        let length = self.count(active, &keywords, 3);
        let mut items = Vec::new();
        for index in 0..length {
            let mut schemas = Vec::new();
            for schema in active {
                let prefix = schema
                    .get("prefixItems")
                    .and_then(|prefix| prefix.get(index));
                schemas.extend(
                    prefix
                        .or(schema.get("items"))
                        .or(schema.get("unevaluatedItems")),
                );
                if self.random.bool() {
                    schemas.extend(schema.get("contains"));
                }
            }
            items.push(self.for_schema(&schemas, depth - 1));
        }
        items.into()
    }

    fn object(&mut self, active: &[&Value], depth: usize) -> Value {
        let mut names: Vec<String> = Vec::new();
        for schema in active {
            for name in schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if self.random.usize(..8) > 0 {
                    names.extend(name.as_str().map(str::to_owned));
                }
            }
            for name in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if self.random.bool() {
                    names.push(name.0.clone());
                }
            }
            for keyword in ["dependentRequired", "dependentSchemas"] {
                for name in schema
                    .get(keyword)
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                {
                    if self.random.bool() {
                        names.push(name.0.clone());
                    }
                    let others = name.1.as_array().into_iter().flatten();
                    names.extend(others.filter_map(|name| name.as_str().map(str::to_owned)));
                }
            }
        }
        let wanted = self.count(active, &["minProperties", "maxProperties"], 2);
        for _ in 0..NAMES.len() {
            if names.len() < wanted {
                names.extend(self.pick(&NAMES).map(|name| (*name).to_owned()));
            }
        }
        let mut members = Map::new();
        for name in names {
            let mut schemas = Vec::new();
            for schema in active {
                let own = schema
                    .get("properties")
                    .and_then(|properties| properties.get(&name));
                let by_pattern = schema.get("patternProperties").and_then(Value::as_object);
                let by_pattern = by_pattern.into_iter().flatten();
                let matching = |pattern: &str| match pattern {
                    "^x-" => name.starts_with("x-"),
                    _ => name == "a" || name == "b",
                };
                let before = schemas.len();
                schemas.extend(own);
                schemas.extend(
                    by_pattern
                        .filter(|(pattern, _)| matching(pattern))
                        .map(|(_, schema)| schema),
                );
                if schemas.len() == before {
                    schemas.extend(
                        schema
                            .get("additionalProperties")
                            .or(schema.get("unevaluatedProperties")),
                    );
                }
            }
            let value = self.for_schema(&schemas, depth - 1);
            members.insert(name, value);
        }
        Value::Object(members)
    }
}

fn is_of_type(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == kind || (only == "number" && kind == "integer"),
        Some(Value::Array(types)) => types.iter().any(|only| only == kind),
        _ => true,
    }
}

fn is_meant(active: &[&Value], kind: &str) -> bool {
    let keywords: &[&str] = match kind {
        "object" => &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
        "array" => &[
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "prefixItems",
            "contains",
            "unevaluatedItems",
        ],
        "string" => &["minLength", "maxLength", "pattern"],
        "number" | "integer" => &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
        _ => &[],
    };
    active.iter().any(|schema| {
        keywords
            .iter()
            .any(|keyword| schema.get(*keyword).is_some())
    })
}
