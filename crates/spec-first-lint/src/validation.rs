//! Validates values and compares schemas of the document with a JSON Schema validator. Does not report findings.

mod sanitise;
mod slim;

use std::cell::RefCell;
use std::collections::HashMap;

use jsonschema::Registry;
use jsonschema::canonical::{CanonicalSchema, PreparedDocument, UnsatisfiableReason};
use serde_json::{Value, json};
use spec_first_document::{
    Direction, JsonSchema, Pointer,
    violation::{Violation, explain},
};

use crate::survey::{SchemaSite, Survey};

/// What the schemas of the document are called in those that refer to them.
const DOCUMENT: &str = "json-schema:///document";

/// Every schema of a document as JSON Schema.
pub(crate) struct Validation<'s> {
    survey: &'s Survey<'s>,
    /// The schemas for both directions.
    both: Value,
    /// The schemas for both directions, reduced to what determines satisfiability.
    slim: Value,
    /// The pointer to each schema of the survey in the converted schemas.
    places: Vec<String>,
}

/// A value to validate and the index of its schema in [`Survey::schemas`].
pub(crate) struct Instance {
    pub(crate) schema: usize,
    pub(crate) value: Value,
}

impl<'s> Validation<'s> {
    pub(crate) fn of(survey: &'s Survey<'s>) -> Self {
        let both = converted(survey, Direction::Both);
        Self {
            survey,
            slim: slim::slim(&both),
            both,
            places: places(survey),
        }
    }

    /// The violations in each of the values.
    ///
    /// They are validated together because building a validator compiles everything that its schema refers to.
    pub(crate) fn violations(
        &self,
        direction: Direction,
        instances: &[Instance],
    ) -> Vec<Vec<Violation>> {
        // For one direction they are needed once, and a large document takes much memory.
        let one_direction =
            (direction != Direction::Both).then(|| converted(self.survey, direction));
        let schemas = one_direction.as_ref().unwrap_or(&self.both);
        let registry = Registry::new().add(DOCUMENT, schemas);
        let Ok(registry) = registry.and_then(|registry| registry.prepare()) else {
            return vec![Vec::new(); instances.len()];
        };
        let mut violations = Vec::with_capacity(instances.len());
        self.validate(&registry, instances, &mut violations);
        violations
    }

    /// Adds the violations in each of the values. If one of the schemas cannot be used, its value has none.
    fn validate(
        &self,
        schemas: &Registry<'_>,
        instances: &[Instance],
        all: &mut Vec<Vec<Violation>>,
    ) {
        let first = all.len();
        all.resize_with(first + instances.len(), Vec::new);
        let reference = |instance: &Instance| {
            let place = sanitise::encode(&self.places[instance.schema]);
            json!({ "$ref": format!("{DOCUMENT}#{place}") })
        };
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": indexed(instances.iter().map(reference)),
        });
        let options = with_formats(jsonschema::options()).offline();
        let Ok(validator) = options.with_registry(schemas).build(&whole) else {
            all.truncate(first);
            match instances {
                [] => {}
                [_] => all.push(Vec::new()),
                several => {
                    let (left, right) = several.split_at(several.len() / 2);
                    self.validate(schemas, left, all);
                    self.validate(schemas, right, all);
                }
            }
            return;
        };
        let values = indexed(instances.iter().map(|instance| instance.value.clone()));
        explain(&validator, &values, &mut |mut violation| {
            let path = violation.at.as_str().trim_start_matches('/');
            let (index, at) = path.split_at(path.find('/').unwrap_or(path.len()));
            let list = index.parse::<usize>().ok();
            if let Some(list) = list.and_then(|index| all.get_mut(first + index)) {
                violation.at = Pointer::root().join(at);
                list.push(violation);
            }
        });
    }

    /// The converted schema at this index in [`Survey::schemas`]; `None` if it could not be converted.
    pub(crate) fn converted(&self, schema: usize) -> Option<&Value> {
        self.both.pointer(&self.places[schema])
    }

    /// The schemas in canonical form, for comparison; `None` if the library rejects the document.
    pub(crate) fn canonical(&self) -> Option<Canonical<'_>> {
        let options = jsonschema::canonical::options()
            .offline()
            .should_validate_formats(true);
        let prepared = options.prepare(&self.slim).ok()?;
        Some(Canonical {
            validation: self,
            prepared,
            known: RefCell::default(),
        })
    }
}

/// An object with the index of each value as its key.
fn indexed(values: impl Iterator<Item = Value>) -> Value {
    let entries = values
        .enumerate()
        .map(|(index, value)| (index.to_string(), value));
    Value::Object(entries.collect())
}

/// The schemas of a document in canonical form, for both directions.
pub(crate) struct Canonical<'a> {
    validation: &'a Validation<'a>,
    prepared: PreparedDocument<'a>,
    known: RefCell<HashMap<usize, Option<CanonicalSchema>>>,
}

impl Canonical<'_> {
    /// The canonical form of the schema at this index in [`Survey::schemas`].
    pub(crate) fn schema(&self, schema: usize) -> Option<CanonicalSchema> {
        let known = self.known.borrow().get(&schema).cloned();
        known.unwrap_or_else(|| {
            let place = &self.validation.places[schema];
            let canonical = self.prepared.canonicalize_at(place).ok();
            self.known.borrow_mut().insert(schema, canonical.clone());
            canonical
        })
    }

    /// The contradictory keywords in the schema at this index in [`Survey::schemas`].
    pub(crate) fn conflict(&self, schema: usize) -> Vec<String> {
        let Some(Value::Object(converted)) = self.validation.converted(schema) else {
            return Vec::new();
        };
        let mut alone = converted.clone();
        if let Some(definitions) = self.validation.both.get("$defs") {
            alone.insert("$defs".to_owned(), definitions.clone());
        }
        let alone = Value::Object(alone);
        let options = jsonschema::canonical::options()
            .offline()
            .should_validate_formats(true);
        let reasons = options
            .prepare(&alone)
            .and_then(|prepared| prepared.unsatisfiable());
        let Some(reason) = reasons.ok().and_then(|mut reasons| reasons.remove("")) else {
            return Vec::new();
        };
        let causes = match reason {
            UnsatisfiableReason::Literal => Vec::new(),
            UnsatisfiableReason::Empty(cause) => vec![cause],
            UnsatisfiableReason::Conflict(causes) => causes,
        };
        let mut keywords: Vec<String> = Vec::new();
        for cause in causes {
            if cause.keywords.is_empty() {
                keywords.push(cause.pointer.trim_start_matches('/').to_owned());
            }
            keywords.extend(cause.keywords);
        }
        keywords.retain(|keyword| !keyword.is_empty());
        keywords.dedup();
        keywords
    }
}

/// All schemas of the document as one JSON Schema.
fn converted(survey: &Survey<'_>, direction: Direction) -> Value {
    let schemas = JsonSchema::of(survey.document, direction);
    let mut definitions = schemas.components();
    for (index, site) in survey.schemas.iter().enumerate() {
        if site.component.is_none() && site.parent.is_none() {
            definitions.insert(inline_name(index), schemas.convert(site.node));
        }
    }
    sanitise::sanitise(definitions, survey.document.is_3_1())
}

/// Enables `format` validation and adds the formats that only OpenAPI defines.
pub(crate) fn with_formats(
    options: jsonschema::ValidationOptions<'_>,
) -> jsonschema::ValidationOptions<'_> {
    options
        .should_validate_formats(true)
        .with_format("byte", |text: &str| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD
                .decode(text)
                .is_ok()
        })
}

fn inline_name(index: usize) -> String {
    // Cannot clash with a component, whose name must not contain a slash.
    format!("inline/{index}")
}

fn places(survey: &Survey<'_>) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let mut tops: Vec<usize> = Vec::new();
    for (index, site) in survey.schemas.iter().enumerate() {
        let top = site.parent.map_or(index, |parent| tops[parent]);
        tops.push(top);
        places.push(place(site, &survey.schemas[top], top));
    }
    places
}

fn place(site: &SchemaSite<'_>, top: &SchemaSite<'_>, index: usize) -> String {
    let inside = &site.pointer.as_str()[top.pointer.as_str().len()..];
    let name = match top.component {
        Some(name) => name.to_owned(),
        None => inline_name(index),
    };
    let definition = Pointer::root().child("$defs").child(name);
    format!("{}{inside}", definition.as_str())
}
