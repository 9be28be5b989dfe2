//! Validates values against the schemas of the document. Messages quote the schema and never the value, which may be a
//! secret.
//!
//! A schema is compiled on first use, since a document may have thousands and a run needs few.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use spec_first_document::{Direction, Document, JsonSchema, Node, Pointer, violation::explain};

use crate::{
    Flaw,
    contract::{
        int64,
        place::Place,
        repair,
        violation::{LISTED, Violation, Violations},
    },
};

/// The schemas of a document that is being read.
#[derive(Debug)]
pub(crate) struct Schemas {
    document: Arc<Document>,
    /// Whether a request with `readOnly` properties is rejected.
    is_strict: bool,
    known: HashMap<(Direction, Pointer), Schema>,
    /// Whether the headers of responses are judged, which only real servers make.
    pub(crate) judges_headers: bool,
    /// Chooses among generated values.
    pub(crate) seed: u64,
}

/// A schema that can validate values.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    document: Arc<Document>,
    is_strict: bool,
    direction: Direction,
    pointer: Pointer,
    compiled: OnceLock<Result<Validator, String>>,
    /// The validator that ignores `readOnly` properties.
    tolerant: OnceLock<Result<Validator, String>>,
}

/// Converts the schemas of a document to JSON Schema that compiles, but for keywords with invalid values.
struct Converter<'a> {
    document: &'a Document,
    schemas: JsonSchema<'a>,
    /// The patterns seen so far, as they are for the validator.
    patterns: HashMap<String, Option<String>>,
}

impl Schemas {
    pub(crate) fn of(document: Arc<Document>, is_strict: bool) -> Self {
        Self {
            document,
            is_strict,
            known: HashMap::new(),
            judges_headers: false,
            seed: 0,
        }
    }

    /// The schema at `place` for values sent in `direction`.
    pub(crate) fn add(&mut self, direction: Direction, place: &Place<'_>) -> Schema {
        let known = self.known.entry((direction, place.pointer.clone()));
        let schema = known.or_insert_with(|| {
            let (document, pointer) = (Arc::clone(&self.document), place.pointer.clone());
            Schema::of(document, pointer, direction, self.is_strict)
        });
        schema.clone()
    }

    /// Keywords with invalid values in the components, in the schemas that were added, and in those that they refer to. They are
    /// ignored.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let components = Place::at(&self.document, &repair::components());
        let components = components.iter().flat_map(Place::entries);
        let mut open: Vec<Pointer> = self.known.keys().map(|(_, it)| it.clone()).collect();
        open.extend(components.map(|(_, component)| component.pointer));
        // The first in the document comes last, and is taken first.
        let place = |pointer: &Pointer| Reverse(self.document.node(pointer).map(Node::id));
        open.sort_by_cached_key(place);
        let mut seen = HashSet::new();
        let mut converter = Converter::of(&self.document, Direction::Both);
        let mut flaws = Vec::new();
        while let Some(pointer) = open.pop() {
            if seen.contains(&pointer) {
                continue;
            }
            let mut schema = converter.convert(&pointer, &mut open);
            for (path, problem) in repair::repair_keywords(&mut schema) {
                let message = format!("this part of a schema is ignored: {problem}");
                let help = "see the Schema Object in the OpenAPI 3.0.3 specification";
                let at = pointer.join(&path);
                flaws.push(self.document.finding("schema", &at, message, help).into());
            }
            seen.insert(pointer);
        }
        flaws
    }
}

impl<'a> Converter<'a> {
    fn of(document: &'a Document, direction: Direction) -> Self {
        Self {
            document,
            schemas: JsonSchema::of(document, direction),
            patterns: HashMap::new(),
        }
    }

    /// Adds the schemas that it refers to, which are definitions with their pointers as names.
    fn convert(&mut self, pointer: &Pointer, referenced: &mut Vec<Pointer>) -> Value {
        let Some(node) = self.document.node(pointer) else {
            return Value::Bool(true);
        };
        let mut schema = self.schemas.convert(node);
        repair::repair_patterns(&mut schema, &mut self.patterns);
        repair::repair_references(&mut schema, self.document, referenced);
        schema
    }
}

impl Lazy {
    fn compile(&self, direction: Direction) -> Result<Validator, String> {
        let mut converter = Converter::of(&self.document, direction);
        let mut open = Vec::new();
        let mut schema = converter.convert(&self.pointer, &mut open);
        let mut definitions = Map::new();
        while let Some(pointer) = open.pop() {
            if !definitions.contains_key(pointer.as_str()) {
                let definition = converter.convert(&pointer, &mut open);
                definitions.insert(pointer.as_str().to_owned(), definition);
            }
        }
        let built = build(&schema, &definitions).or_else(|_| {
            // Some keyword has an invalid value, which is a flaw of the document.
            for part in definitions.values_mut().chain([&mut schema]) {
                repair::repair_keywords(part);
            }
            build(&schema, &definitions)
        });
        built.map_err(|error| {
            let position = self.document.position(&self.pointer);
            format!(
                "{}:{}:{}: this schema cannot be used: {error}",
                self.document.source().name,
                position.line,
                position.column
            )
        })
    }

    /// Where the document writes what is at `location` in the compiled form.
    fn written_at(&self, location: &str) -> Option<Pointer> {
        let location = Pointer::parse(location)?;
        let mut segments = location.segments();
        let (first, second) = (segments.next()?, segments.next()?);
        let start = match (first.as_str(), second.as_str()) {
            ("allOf", "0") => self.pointer.clone(),
            ("$defs", pointer) => Pointer::parse(pointer)?,
            _ => return None,
        };
        Some(segments.fold(start, |place, segment| place.child(segment)))
    }
}

fn build(schema: &Value, definitions: &Map<String, Value>) -> Result<Validator, String> {
    let mut closed = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions,
        "allOf": [schema],
    });
    repair::for_each_object(&mut closed, &mut int64::mark);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_keyword(int64::KEYWORD, int64::compile)
        .build(&closed)
        .map_err(|error| error.to_string())
}

impl Schema {
    /// The schema at `pointer` for values sent in `direction`.
    pub(crate) fn of(
        document: Arc<Document>,
        pointer: Pointer,
        direction: Direction,
        is_strict: bool,
    ) -> Self {
        Self(Arc::new(Lazy {
            document,
            is_strict,
            direction,
            pointer,
            compiled: OnceLock::new(),
            tolerant: OnceLock::new(),
        }))
    }

    /// Where the document writes it.
    pub(crate) fn pointer(&self) -> &Pointer {
        &self.0.pointer
    }

    /// The schema as the document writes it.
    pub(crate) fn place(&self) -> Option<Place<'_>> {
        Place::at(&self.0.document, &self.0.pointer)
    }

    fn compiled(&self) -> &Result<Validator, String> {
        let compiled = &self.0.compiled;
        compiled.get_or_init(|| self.0.compile(self.0.direction))
    }

    /// The keywords that apply to `value`, each with where the document writes it and whether the value conforms to it. Of a value
    /// that conforms, those in branches that do not apply are left out; of any other, those that it conforms to. A member that
    /// is not described is a property to which it does not conform.
    pub(crate) fn keywords(&self, value: &Value) -> Vec<(Pointer, bool)> {
        let Ok(validator) = self.compiled() else {
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
            let Some(place) = location.and_then(|it| self.0.written_at(it)) else {
                continue;
            };
            let members = unit["instanceLocation"].as_str();
            let members = members.and_then(|it| value.pointer(it)?.as_object());
            if let (Some(schema), Some(members)) = (place.parent(), members)
                && let Some(node) = self.0.document.node(&schema)
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
        let validator = self.compiled().as_ref().map_err(String::clone)?;
        if validator.is_valid(value) {
            return Ok(Violations::default());
        }
        if self.0.direction != Direction::Request || self.0.is_strict {
            return Ok(violations(validator, value, inside));
        }
        let tolerant = &self.0.tolerant;
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
