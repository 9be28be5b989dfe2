//! Validates values and compares schemas of the document with a JSON Schema validator. Does not report findings.

mod plain;
mod sanitise;
mod slim;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jsonschema::canonical::{CanonicalSchema, PreparedDocument, UnsatisfiableReason};
use jsonschema::{Registry, Retrieve, ValidationOptions, Validator};
use serde_json::{Map, Value, json};
use spec_first_document::{
    Direction, JsonSchema, Node, Pointer,
    instance::{InDocument, Instance},
    violation::{Violation, explain},
};

use crate::survey::{Part, Survey};
pub(crate) use plain::Plain;
use slim::Slim;

/// What the schemas of the document are called in those that refer to them.
const DOCUMENT: &str = "json-schema:///document";

/// How deep compositions are nested in a schema that is compared: the time that takes grows with the cube of it.
const COMPOSED: usize = 50;

/// The schemas of a document as JSON Schema.
pub(crate) struct Validation<'s, 'a> {
    survey: &'s Survey<'a>,
    pub(crate) plain: Plain<'s, 'a>,
    slim: OnceCell<Slim<'a>>,
}

/// A value to validate and the index of its schema in [`Survey::schemas`].
#[derive(Clone, Copy)]
pub(crate) struct Example<'a> {
    pub(crate) schema: usize,
    pub(crate) value: Node<'a>,
}

impl<'s, 'a> Validation<'s, 'a> {
    pub(crate) fn of(survey: &'s Survey<'a>) -> Self {
        Self {
            survey,
            plain: Plain::of(survey),
            slim: OnceCell::new(),
        }
    }

    /// These schemas, by their indices in [`Survey::schemas`], and what they refer to, as one JSON Schema. Converting all schemas
    /// of a large document takes more memory than the document.
    fn converted(
        &self,
        schemas: impl IntoIterator<Item = usize>,
        direction: Direction,
        change: impl Fn(&mut Value),
    ) -> Value {
        let converter = JsonSchema::of(self.survey.document, direction);
        let tops = schemas.into_iter().map(|index| self.top(index));
        let mut open: Vec<(String, Node<'_>)> = tops
            .map(|top| (self.name(top), self.survey.schemas[top].node))
            .collect();
        let mut definitions = Map::new();
        while let Some((name, node)) = open.pop() {
            if definitions.contains_key(&name) {
                continue;
            }
            let mut schema = converter.convert(node);
            change(&mut schema);
            sanitise::for_each_reference(&schema, &mut |reference| {
                let target = sanitise::target(reference);
                let target = target.filter(|name| !definitions.contains_key(name));
                open.extend(target.and_then(|name| {
                    let node = self.survey.component(Part::Schema, &name)?;
                    Some((name, node))
                }));
            });
            definitions.insert(name, schema);
        }
        sanitise::sanitise(definitions, self.survey.document.is_3_1())
    }

    /// The component or the schema outside of components that contains a schema.
    fn top(&self, mut schema: usize) -> usize {
        while let Some(parent) = self.survey.schemas[schema].parent {
            schema = parent;
        }
        schema
    }

    /// What such a schema is called among the converted ones.
    fn name(&self, top: usize) -> String {
        match self.survey.schemas[top].component {
            Some(name) => name.to_owned(),
            // Cannot clash with a component, whose name must not contain a slash.
            None => format!("inline/{top}"),
        }
    }

    /// The pointer to a schema in the converted ones.
    fn place(&self, schema: usize) -> String {
        let top = self.top(schema);
        let definition = Pointer::root().child("$defs").child(self.name(top));
        let outer = self.survey.schemas[top].pointer.as_str().len();
        let inside = &self.survey.schemas[schema].pointer.as_str()[outer..];
        format!("{}{inside}", definition.as_str())
    }

    /// The violations in each of the values.
    ///
    /// They are validated together because building a validator compiles everything that its schema refers to.
    pub(crate) fn violations(
        &self,
        direction: Direction,
        examples: &[Example<'_>],
    ) -> Vec<Vec<Violation>> {
        let indices = examples.iter().map(|example| example.schema);
        let schemas = self.converted(indices, direction, |_| {});
        let registry = Registry::new().add(DOCUMENT, &schemas);
        let Ok(registry) = registry.and_then(|registry| registry.prepare()) else {
            return vec![Vec::new(); examples.len()];
        };
        let mut violations = Vec::with_capacity(examples.len());
        self.validate(&registry, examples, &mut violations);
        violations
    }

    /// Adds the violations in each of the values. If one of the schemas cannot be used, its value has none.
    fn validate(
        &self,
        schemas: &Registry<'_>,
        examples: &[Example<'_>],
        all: &mut Vec<Vec<Violation>>,
    ) {
        let first = all.len();
        all.resize_with(first + examples.len(), Vec::new);
        let reference = |example: &Example<'_>| {
            let place = sanitise::encode(&self.place(example.schema));
            json!({ "$ref": format!("{DOCUMENT}#{place}") })
        };
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": indexed(examples.iter().map(reference)),
        });
        let options = options().offline();
        let Ok(validator) = options.with_registry(schemas).build(&whole) else {
            all.truncate(first);
            match examples {
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
        let values: Vec<_> = examples.iter().map(|example| example.value).collect();
        explain(
            &validator,
            Instance::Indexed(&values),
            &mut |mut violation| {
                let path = violation.at.as_str().trim_start_matches('/');
                let (index, at) = path.split_at(path.find('/').unwrap_or(path.len()));
                let list = index.parse::<usize>().ok();
                if let Some(list) = list.and_then(|index| all.get_mut(first + index)) {
                    violation.at = Pointer::root().join(at);
                    list.push(violation);
                }
            },
        );
    }

    /// A validator for the keywords of a schema that apply to a value and not to what is inside it, but for `enum`.
    pub(crate) fn local(&self, schema: usize) -> Option<Validator<InDocument>> {
        let converted = self.converted([schema], Direction::Both, |_| {});
        let Some(Value::Object(keywords)) = converted.pointer(&self.place(schema)) else {
            return None;
        };
        let local = keywords
            .iter()
            .filter(|(key, _)| plain::LOCAL.contains(&key.as_str()));
        let local = local.map(|(key, value)| (key.clone(), value.clone()));
        options().build(&Value::Object(local.collect())).ok()
    }

    /// What determines whether these schemas are satisfiable.
    pub(crate) fn slim(&self, schemas: impl IntoIterator<Item = usize>) -> Value {
        let slim = self.slim.get_or_init(|| Slim::of(self.survey));
        self.converted(schemas, Direction::Both, |schema| slim.reduce(schema))
    }

    /// Such schemas in canonical form, for comparison; `None` if the library rejects them.
    pub(crate) fn canonical<'c>(&'c self, slim: &'c Value) -> Option<Canonical<'c, 's, 'a>> {
        Some(Canonical {
            validation: self,
            prepared: prepare(slim)?,
            known: RefCell::default(),
        })
    }
}

/// Whether more than `limit` compositions are nested in the schema, through references.
fn is_nested_deeper<'a>(survey: &Survey<'a>, node: Node<'a>, limit: usize) -> bool {
    let mut known: HashSet<&str> = HashSet::new();
    let mut nested = vec![node];
    for _ in 0..=limit {
        let inside = nested.iter().filter_map(|node| survey.resolved(*node));
        let branches = inside.flat_map(|node| {
            let keywords = ["allOf", "anyOf", "oneOf"].into_iter();
            keywords.flat_map(move |keyword| node.items_of(keyword))
        });
        let mut branches: Vec<_> = branches.collect();
        branches.retain(|branch| {
            let name = survey.named_component(*branch);
            name.is_none_or(|name| known.insert(name))
        });
        nested = branches;
    }
    !nested.is_empty()
}

fn prepare(schemas: &Value) -> Option<PreparedDocument<'_>> {
    let options = jsonschema::canonical::options()
        .offline()
        .should_validate_formats(true);
    options.prepare(schemas).ok()
}

/// An object with the index of each value as its key.
fn indexed(values: impl Iterator<Item = Value>) -> Value {
    let entries = values
        .enumerate()
        .map(|(index, value)| (index.to_string(), value));
    Value::Object(entries.collect())
}

/// Schemas in canonical form, for both directions.
pub(crate) struct Canonical<'c, 's, 'a> {
    validation: &'c Validation<'s, 'a>,
    prepared: PreparedDocument<'c>,
    known: RefCell<HashMap<usize, Option<CanonicalSchema>>>,
}

impl Canonical<'_, '_, '_> {
    /// The canonical form of the schema at this index in [`Survey::schemas`].
    pub(crate) fn schema(&self, schema: usize) -> Option<CanonicalSchema> {
        let known = self.known.borrow().get(&schema).cloned();
        known.unwrap_or_else(|| {
            let survey = self.validation.survey;
            if is_nested_deeper(survey, survey.schemas[schema].node, COMPOSED) {
                return None;
            }
            let place = self.validation.place(schema);
            let canonical = self.prepared.canonicalize_at(&place);
            let canonical = canonical.ok().or_else(|| {
                // Nothing that was prepared refers to it.
                let alone = self.validation.slim([schema]);
                prepare(&alone)?.canonicalize_at(&place).ok()
            });
            self.known.borrow_mut().insert(schema, canonical.clone());
            canonical
        })
    }

    /// The contradictory keywords in the schema at this index in [`Survey::schemas`].
    pub(crate) fn conflict(&self, schema: usize) -> Vec<String> {
        let mut alone = self.validation.converted([schema], Direction::Both, |_| {});
        let place = alone.pointer(&self.validation.place(schema)).cloned();
        let Some((Value::Object(keywords), alone)) = place.zip(alone.as_object_mut()) else {
            return Vec::new();
        };
        alone.extend(keywords);
        let alone = Value::Object(std::mem::take(alone));
        let reasons = prepare(&alone).and_then(|prepared| prepared.unsatisfiable().ok());
        let Some(reason) = reasons.and_then(|mut reasons| reasons.remove("")) else {
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

/// Options with `format` validation and the formats that only OpenAPI defines. Every validator of this crate judges values of a
/// document: one of another representation would be compiled from the whole of `jsonschema` again.
pub(crate) fn options<'i>() -> ValidationOptions<'i, Arc<dyn Retrieve>, InDocument> {
    jsonschema::options_for()
        .should_validate_formats(true)
        .with_format("byte", |text: &str| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD
                .decode(text)
                .is_ok()
        })
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    #[test]
    fn compositions_are_counted_through_references() {
        // Each schema includes the next one twice, so that there are 2^40 ways to the last one.
        let schemas = (0..40).map(|index| {
            let next = format!("{{$ref: '#/components/schemas/S{}'}}", index + 1);
            format!("S{index}: {{allOf: [{next}, {{oneOf: [{next}]}}]}}")
        });
        let schemas = Vec::from_iter(schemas).join(", ");
        let text = format!("openapi: 3.0.3\ncomponents: {{schemas: {{{schemas}, S40: {{}}}}}}\n");
        let document = Document::parse("chain.yaml", &text).unwrap();
        let survey = Survey::of(&document);
        let first = survey.schemas[0].node;
        assert!(is_nested_deeper(&survey, first, 39));
        assert!(!is_nested_deeper(&survey, first, 40));
    }
}
