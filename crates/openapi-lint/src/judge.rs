//! Judges values and schemas of the document with a JSON Schema validator. Does not report.

pub(crate) mod explain;
mod sanitise;
mod slim;

use jsonschema::canonical::{CanonicalSchema, PreparedDocument, UnsatisfiableReason};
use openapi_document::{Direction, Document, JsonSchema, Node};
use serde_json::{Map, Value, json};

use crate::survey::{SchemaSite, Survey};

pub(crate) use explain::Complaint;

/// Every schema of a document as JSON Schema, once for each direction in which values travel.
pub(crate) struct Judge {
    both: Value,
    request: Value,
    response: Value,
    /// The schemas of both directions, reduced to what decides whether anything fits.
    slim: Value,
    /// Where each schema of the survey stands in the converted ones.
    places: Vec<String>,
}

/// A value and the schema that it should fit, as an index into [`Survey::schemas`].
pub(crate) struct Specimen {
    pub(crate) schema: usize,
    pub(crate) value: Value,
}

impl Judge {
    pub(crate) fn of(survey: &Survey<'_>) -> Self {
        let both = converted(survey, Direction::Both);
        Self {
            request: converted(survey, Direction::Request),
            response: converted(survey, Direction::Response),
            slim: slim::slim(&both),
            both,
            places: places(survey),
        }
    }

    /// What is wrong with each of the values.
    ///
    /// They are judged together, because a validator reads all that a schema refers to anew each time that it is built.
    pub(crate) fn complaints(
        &self,
        direction: Direction,
        specimens: &[Specimen],
    ) -> Vec<Vec<Complaint>> {
        let schemas = match direction {
            Direction::Both => &self.both,
            Direction::Request | Direction::TolerantRequest => &self.request,
            Direction::Response => &self.response,
        };
        let specimens: Vec<&Specimen> = specimens.iter().collect();
        self.judge(schemas, &specimens).unwrap_or_else(|| {
            let alone = |specimen| self.judge(schemas, &[specimen]);
            let alone = specimens.into_iter().map(alone);
            alone
                .map(|complaints| complaints.into_iter().flatten().flatten().collect())
                .collect()
        })
    }

    fn judge(&self, schemas: &Value, specimens: &[&Specimen]) -> Option<Vec<Vec<Complaint>>> {
        let mut complaints = vec![Vec::new(); specimens.len()];
        if specimens.is_empty() {
            return Some(complaints);
        }
        let reference = |specimen: &&Specimen| {
            let place = sanitise::encode(&self.places[specimen.schema]);
            json!({ "$ref": format!("#{place}") })
        };
        let mut whole = schemas.clone();
        whole["properties"] = indexed(specimens.iter().map(reference));
        let values = indexed(specimens.iter().map(|specimen| specimen.value.clone()));
        let validator = with_formats(jsonschema::options())
            .offline()
            .build(&whole)
            .ok()?;
        for complaint in explain::complaints(&validator, &values) {
            let path = complaint.at.trim_start_matches('/');
            let (index, at) = path.split_at(path.find('/').unwrap_or(path.len()));
            if let Some(list) = index
                .parse::<usize>()
                .ok()
                .and_then(|index| complaints.get_mut(index))
            {
                list.push(Complaint {
                    at: at.to_owned(),
                    message: complaint.message,
                });
            }
        }
        Some(complaints)
    }

    /// The converted schema with that index in [`Survey::schemas`]; `None` if it is part of what cannot be converted.
    pub(crate) fn converted(&self, schema: usize) -> Option<&Value> {
        self.both.pointer(&self.places[schema])
    }

    /// The schemas in a form in which they can be compared; `None` if the library refuses them as a whole.
    pub(crate) fn canonical(&self) -> Option<Canonical<'_>> {
        let options = jsonschema::canonical::options()
            .offline()
            .should_validate_formats(true);
        let prepared = options.prepare(&self.slim).ok()?;
        Some(Canonical {
            judge: self,
            prepared,
        })
    }
}

/// The values under their indices.
fn indexed(values: impl Iterator<Item = Value>) -> Value {
    let entries = values
        .enumerate()
        .map(|(index, value)| (index.to_string(), value));
    Value::Object(entries.collect())
}

/// The schemas of a document in canonical form, as values of both directions see them.
pub(crate) struct Canonical<'a> {
    judge: &'a Judge,
    prepared: PreparedDocument<'a>,
}

impl Canonical<'_> {
    /// The canonical form of the schema with that index in [`Survey::schemas`].
    pub(crate) fn schema(&self, schema: usize) -> Option<CanonicalSchema> {
        self.prepared
            .canonicalize_at(&self.judge.places[schema])
            .ok()
    }

    /// The keywords that exclude each other in the schema with that index in [`Survey::schemas`].
    pub(crate) fn conflict(&self, schema: usize) -> Vec<String> {
        let Some(Value::Object(converted)) = self.judge.converted(schema) else {
            return Vec::new();
        };
        let mut alone = converted.clone();
        if let Some(definitions) = self.judge.both.get("$defs") {
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

/// All schemas of the document under one roof.
fn converted(survey: &Survey<'_>, direction: Direction) -> Value {
    let full = JsonSchema::of(survey.document, direction);
    let nothing = Document::parse("", "{}").ok();
    let bare = nothing
        .as_ref()
        .map(|nothing| JsonSchema::of(nothing, direction));
    let mut definitions = components(&full, survey.document);
    for (index, site) in survey.schemas.iter().enumerate() {
        if site.component.is_none() && site.parent.is_none() {
            // Each conversion copies the components; only the directions of properties need them.
            let schemas = match &bare {
                Some(bare) if !has_properties(site.node) => bare,
                _ => &full,
            };
            definitions.insert(inline_name(index), convert(schemas, site.node));
        }
    }
    sanitise::sanitise(definitions)
}

/// The options with `format` asserted, and with the formats of OpenAPI that JSON Schema does not have.
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

/// The components, converted.
fn components(schemas: &JsonSchema<'_>, document: &Document) -> Map<String, Value> {
    let empty = Node {
        position: document.root().position,
        content: openapi_document::Content::Null,
    };
    match schemas.schema(&empty).get_mut("$defs").map(Value::take) {
        Some(Value::Object(definitions)) => definitions,
        _ => Map::new(),
    }
}

fn convert(schemas: &JsonSchema<'_>, schema: &Node) -> Value {
    let mut whole = schemas.schema(schema);
    whole
        .pointer_mut("/allOf/0")
        .map(Value::take)
        .unwrap_or(Value::Bool(true))
}

fn has_properties(schema: &Node) -> bool {
    let inside = schema.entries().iter().map(|entry| &entry.value);
    schema.get("properties").is_some() || inside.chain(schema.items()).any(has_properties)
}

fn inline_name(index: usize) -> String {
    // No component can be called so: the slash is not allowed in its name.
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
    let definition = openapi_document::Pointer::root().child("$defs").child(name);
    format!("{}{inside}", definition.as_str())
}
