//! Validates values against the schemas of the document. Messages quote the schema and never the value, which may be a
//! secret.
//!
//! A schema is compiled on first use, since a document may have thousands and a run needs few.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use spec_first_document::{
    Direction, Document, JsonSchema, Pointer, Survey, survey::Kind, violation::explain,
};

use crate::{
    Flaw,
    contract::{
        int64,
        place::Place,
        repair::{self, Targets},
        violation::{LISTED, Violation, Violations},
    },
};

/// The schemas of a document that is being read.
pub(crate) struct Schemas {
    shared: Arc<Shared>,
    known: HashMap<(Direction, Pointer), Schema>,
    /// Whether the headers of responses are judged, which only real servers make.
    pub(crate) judges_headers: bool,
}

/// A schema that can validate values.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    shared: Arc<Shared>,
    direction: Direction,
    pointer: Pointer,
    compiled: OnceLock<Result<Validator, String>>,
    /// The validator that ignores `readOnly` properties.
    tolerant: OnceLock<Result<Validator, String>>,
}

/// What all schemas of a document share.
#[derive(Debug)]
struct Shared {
    document: Arc<Document>,
    /// Whether a request with `readOnly` properties is rejected.
    is_strict: bool,
    /// The schemas that values are validated against.
    inline: Mutex<Vec<Pointer>>,
    /// Referenced schemas that are not components.
    targets: Targets,
    /// Whether every keyword has a valid value.
    is_sound: OnceLock<bool>,
    requests: OnceLock<Converted>,
    tolerant_requests: OnceLock<Converted>,
    responses: OnceLock<Converted>,
}

/// The schemas of a document as JSON Schema, for one direction.
#[derive(Debug)]
struct Converted {
    components: Map<String, Value>,
    inline: HashMap<Pointer, Value>,
}

impl Schemas {
    pub(crate) fn of(survey: &Survey<'_>, document: Arc<Document>, is_strict: bool) -> Self {
        let references = survey.references.iter();
        let references = references.filter(|reference| reference.kind == Kind::Schema);
        let targets = references.filter_map(|reference| survey.target(&reference.target));
        Self {
            shared: Arc::new(Shared {
                document,
                is_strict,
                inline: Mutex::default(),
                targets: Targets::of(targets.map(|(pointer, _)| pointer)),
                is_sound: OnceLock::new(),
                requests: OnceLock::new(),
                tolerant_requests: OnceLock::new(),
                responses: OnceLock::new(),
            }),
            known: HashMap::new(),
            judges_headers: false,
        }
    }

    /// The schema at `place` for values sent in `direction`.
    pub(crate) fn add(&mut self, direction: Direction, place: &Place<'_>) -> Schema {
        let key = (direction, place.pointer.clone());
        let (shared, known) = (&self.shared, self.known.entry(key));
        let schema = known.or_insert_with(|| {
            let mut inline = shared.inline.lock().unwrap_or_else(PoisonError::into_inner);
            inline.push(place.pointer.clone());
            Schema(Arc::new(Lazy {
                shared: Arc::clone(shared),
                direction,
                pointer: place.pointer.clone(),
                compiled: OnceLock::new(),
                tolerant: OnceLock::new(),
            }))
        });
        schema.clone()
    }

    /// Keywords with invalid values in the schemas that were added. They are ignored.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let document = &self.shared.document;
        let (_, flaws) = self.shared.convert(Direction::Both);
        _ = self.shared.is_sound.set(flaws.is_empty());
        let flaws = flaws.into_iter().map(|(pointer, problem)| {
            let message = format!("this part of a schema is ignored: {problem}");
            let help = "see the Schema Object in the OpenAPI 3.0.3 specification";
            document.finding("schema", &pointer, message, help).into()
        });
        flaws.collect()
    }
}

impl Shared {
    fn converted(&self, direction: Direction) -> &Converted {
        match direction {
            Direction::Response => &self.responses,
            Direction::TolerantRequest => &self.tolerant_requests,
            Direction::Request | Direction::Both => &self.requests,
        }
        .get_or_init(|| self.convert(direction).0)
    }

    /// Where the document writes what is at `location` in the compiled form of the schema at `pointer`.
    fn written_at(&self, pointer: &Pointer, location: &str) -> Option<Pointer> {
        let location = Pointer::parse(location)?;
        let mut segments = location.segments();
        let (first, second) = (segments.next()?, segments.next()?);
        let start = match (first.as_str(), second.as_str()) {
            ("allOf", "0") => pointer.clone(),
            ("$defs", name) => match name.strip_prefix('/') {
                Some(number) => self.targets.pointers().nth(number.parse().ok()?)?.clone(),
                None => Pointer::root()
                    .child("components")
                    .child("schemas")
                    .child(name),
            },
            _ => return None,
        };
        Some(segments.fold(start, |place, segment| place.child(segment)))
    }

    /// Converts the schemas so that all of them compile. Also returns what had to be removed.
    fn convert(&self, direction: Direction) -> (Converted, Vec<(Pointer, String)>) {
        let inline = self.inline.lock().unwrap_or_else(PoisonError::into_inner);
        // All at once, since each conversion includes the components of the whole document.
        let pointers: Vec<&Pointer> = self.targets.pointers().chain(inline.iter()).collect();
        let schemas = JsonSchema::of(&self.document, direction);
        let converted = pointers.iter().map(|pointer| {
            let node = self.document.node(pointer);
            node.map_or(Value::Bool(true), |node| schemas.convert(node))
        });
        let converted: Vec<Value> = converted.collect();
        let mut schema = json!({ "$defs": schemas.components(), "anyOf": converted });
        repair::repair_patterns(&mut schema, &mut HashMap::new());
        repair::repair_references(&mut schema, &self.document, &self.targets);
        let mut components = match schema["$defs"].take() {
            Value::Object(components) => components,
            _ => Map::new(),
        };
        let mut branches = match schema["anyOf"].take() {
            Value::Array(branches) => branches,
            _ => Vec::new(),
        };
        let mut flaws = Vec::new();
        if self.is_sound.get() != Some(&true) {
            let section = Pointer::root().child("components").child("schemas");
            let named = components.iter_mut();
            let named = named.map(|(name, schema)| (section.child(name), schema));
            let inline = pointers.iter().map(|pointer| (*pointer).clone());
            for (pointer, schema) in named.chain(inline.zip(&mut branches)) {
                let found = repair::repair_keywords(schema).into_iter();
                flaws.extend(found.map(|(path, problem)| (pointer.join(&path), problem)));
            }
        }
        let targets: Vec<_> = branches.drain(..self.targets.names().len()).collect();
        components.extend(self.targets.names().zip(targets));
        let converted = Converted {
            components,
            inline: inline.iter().cloned().zip(branches).collect(),
        };
        (converted, flaws)
    }
}

impl Converted {
    /// A self-contained schema: with the components that it references, and no others.
    fn close(&self, schema: Value) -> Value {
        let mut reached = Map::new();
        let mut open = Vec::new();
        let mut seen = HashSet::new();
        find_components(&schema, &mut open);
        while let Some(name) = open.pop() {
            let Some(component) = self.components.get(&name) else {
                continue;
            };
            if seen.insert(name.clone()) {
                find_components(component, &mut open);
                reached.insert(name, component.clone());
            }
        }
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": reached,
            "allOf": [schema],
        })
    }
}

/// Collects the names of the components that `schema` references.
fn find_components(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && let Some(path) = reference.strip_prefix("#/$defs/")
            {
                let name = path.split('/').next().unwrap_or(path);
                names.push(name.replace("~1", "/").replace("~0", "~"));
            }
            members
                .values()
                .for_each(|member| find_components(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| find_components(item, names)),
        _ => {}
    }
}

impl Lazy {
    fn compile(&self, direction: Direction) -> Result<Validator, String> {
        let converted = self.shared.converted(direction);
        let document = &self.shared.document;
        let schema = converted.inline.get(&self.pointer);
        let mut closed = converted.close(schema.cloned().unwrap_or_default());
        repair::for_each_object(&mut closed, &mut int64::mark);
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .with_keyword(int64::KEYWORD, int64::compile)
            .build(&closed)
            .map_err(|error| {
                let position = document.position(&self.pointer);
                format!(
                    "{}:{}:{}: this schema cannot be used: {error}",
                    document.source().name,
                    position.line,
                    position.column
                )
            })
    }
}

impl Schema {
    /// Where the document writes it.
    pub(crate) fn pointer(&self) -> &Pointer {
        &self.0.pointer
    }

    /// The keywords that apply to `value`, each with where the document writes it and whether the value conforms to it. Of a value
    /// that conforms, those in branches that do not apply are left out; of any other, those that it conforms to. A member that
    /// is not described is a property to which it does not conform.
    pub(crate) fn keywords(&self, value: &Value) -> Vec<(Pointer, bool)> {
        let Lazy {
            direction,
            compiled,
            shared,
            pointer,
            ..
        } = &*self.0;
        let compiled = compiled.get_or_init(|| self.0.compile(*direction));
        let Ok(validator) = compiled else {
            return Vec::new();
        };
        let evaluation = validator.evaluate(value);
        let Ok(mut units) = serde_json::to_value(evaluation.list()) else {
            return Vec::new();
        };
        let conforms = units["valid"] == true;
        let units: Vec<Value> = match units["details"].take() {
            Value::Array(units) => units,
            _ => Vec::new(),
        };
        // The branch that was most likely intended is wrong, and not those that do not apply anyway.
        let mut wrong = HashSet::new();
        if !conforms {
            explain(validator, value, &mut |found| {
                wrong.insert(found.at.as_str().to_owned());
            });
        }
        let mut keywords = Vec::new();
        for unit in units {
            let location = unit["schemaLocation"].as_str();
            let Some(place) = location.and_then(|it| shared.written_at(pointer, it)) else {
                continue;
            };
            let members = unit["instanceLocation"].as_str();
            let members = members.and_then(|it| value.pointer(it)?.as_object());
            if let (Some(schema), Some(members)) = (place.parent(), members)
                && let Some(node) = shared.document.node(&schema)
                && place.last().is_some_and(|it| it.ends_with("roperties"))
            {
                let properties = node.get("properties");
                let is_described =
                    |name: &str| properties.is_some_and(|all| all.get(name).is_some());
                let others = members.keys().filter(|name| !is_described(name));
                let properties = schema.child("properties");
                keywords.extend(others.map(|name| (properties.child(name), false)));
            }
            let is_meant = || {
                let at = unit["instanceLocation"].as_str();
                !unit["errors"].is_null() && at.is_some_and(|at| wrong.contains(at))
            };
            if conforms == (unit["valid"] == true) && (conforms || is_meant()) {
                keywords.push((place, conforms));
            }
        }
        keywords
    }

    /// Validates `value`; `inside` is the name of the field that contains it, if there is one.
    ///
    /// # Errors
    /// The schema cannot be compiled; the error says why.
    pub(crate) fn violations(
        &self,
        value: &Value,
        inside: Option<&str>,
    ) -> Result<Violations, String> {
        let Lazy {
            direction,
            compiled,
            tolerant,
            shared,
            ..
        } = &*self.0;
        let compiled = compiled.get_or_init(|| self.0.compile(*direction));
        let validator = compiled.as_ref().map_err(String::clone)?;
        if validator.is_valid(value) {
            return Ok(Violations::default());
        }
        if *direction != Direction::Request || shared.is_strict {
            return Ok(violations(validator, value, inside));
        }
        let compiled = tolerant.get_or_init(|| self.0.compile(Direction::TolerantRequest));
        let tolerant = compiled.as_ref().map_err(String::clone)?;
        if !tolerant.is_valid(value) {
            return Ok(violations(tolerant, value, inside));
        }
        let forbidden = validator
            .iter_errors(value)
            .filter(|error| matches!(error.kind(), ValidationErrorKind::FalseSchema));
        let fields = forbidden.map(|error| {
            let at = Pointer::root().join(error.instance_path().as_str());
            let names: Vec<String> = names_of(&at, inside).collect();
            names.join(".")
        });
        Ok(Violations::of_ignored(fields.take(LISTED).collect()))
    }
}

fn violations(validator: &Validator, value: &Value, inside: Option<&str>) -> Violations {
    let mut violations = Violations::default();
    explain(validator, value, &mut |found| {
        let names = names_of(&found.at, inside).chain(found.property);
        let names: Vec<String> = names.collect();
        violations.add(match names.as_slice() {
            [] => Violation::of_body(&found.problem),
            names => Violation::of_field(&names.join("."), &found.problem),
        });
    });
    violations
}

/// The names on the path to a value.
fn names_of(at: &Pointer, inside: Option<&str>) -> impl Iterator<Item = String> {
    let inside = inside.map(str::to_owned).into_iter();
    inside.chain(at.segments())
}
