//! The examples of a response: those in the document, or one generated from the schema.

mod framing;

use std::{
    iter,
    sync::{Arc, OnceLock},
};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
};
use serde_json::Value;
use spec_first_document::{Direction, Document, Node, Pointer};

use framing::Framing;

use crate::contract::{
    generation::{Strategy, generate},
    negotiation::{Accept, essence, is_json},
    note,
    place::Place,
    validation::{Schema, Schemas},
    xml,
};

/// The content of a response for one media type.
#[derive(Debug)]
pub(super) struct Media {
    pub(super) essence: String,
    pub(super) is_json: bool,
    is_xml: bool,
    /// How a value is written that is neither JSON nor XML.
    framing: Framing,
    examples: Vec<(Option<String>, Example)>,
    schema: Option<Schema>,
    pub(super) content_type: Option<HeaderValue>,
    /// The schema to generate an example from if there is none.
    document: Arc<Document>,
    described_by: Option<Pointer>,
    generated: OnceLock<Result<Example, String>>,
    seed: u64,
    /// Whether it is the content of an answer to a request that failed.
    pub(super) is_failure: bool,
}

/// A body that can be sent repeatedly, because it is serialized and validated only once.
#[derive(Clone, Debug)]
pub(crate) struct Example(Arc<Fixed>);

#[derive(Debug)]
struct Fixed {
    /// What is sent, unless it is still only where the document writes it.
    value: OnceLock<Value>,
    document: Arc<Document>,
    written_at: Pointer,
    is_json: bool,
    content_type: Option<HeaderValue>,
    /// The media types it may have, if the document gives a range without JSON.
    range: Option<String>,
    schema: Option<Schema>,
    /// What a client should know about how it was generated.
    note: Option<String>,
    /// Whether it is sent although it does not conform.
    is_nonconforming: bool,
    text: OnceLock<Bytes>,
    problem: OnceLock<Option<String>>,
}

impl Media {
    pub(super) fn of(
        document: &Arc<Document>,
        schemas: &mut Schemas,
        media_type: &str,
        place: &Place<'_>,
    ) -> Self {
        let essence = essence(media_type);
        let is_json = is_json(&essence);
        let framing = Framing::of(&essence, place);
        let described_by = place.get("schema").or_else(|| place.get("itemSchema"));
        let is_xml = xml::is_xml(&essence);
        let is_validated = is_json || is_xml || !framing.is_opaque();
        let schema = described_by.as_ref().filter(|_| is_validated);
        // A range means that any of its types will do, and most clients read JSON.
        let sent = match essence.split_once("/*") {
            Some(_) if is_json => "application/json",
            Some(("text", _)) => "text/plain",
            Some(("image", _)) => "image/png",
            Some(("audio", _)) => "audio/mpeg",
            Some(("video", _)) => "video/mp4",
            Some(_) => "application/octet-stream",
            None => media_type,
        };
        let mut media = Self {
            is_json,
            is_xml,
            framing,
            essence,
            examples: Vec::new(),
            schema: schema.map(|schema| schemas.add(Direction::Response, schema)),
            content_type: HeaderValue::from_str(sent).ok(),
            document: Arc::clone(document),
            described_by: described_by.map(|schema| schema.pointer),
            generated: OnceLock::new(),
            seed: schemas.seed,
            is_failure: false,
        };
        let examples = find_examples(place).into_iter();
        media.examples = examples
            .map(|(name, written)| (name, media.written_at(&written)))
            .collect();
        media
    }

    /// The example with this name.
    pub(super) fn named(&self, name: &str) -> Option<&Example> {
        let mut examples = self.examples.iter();
        examples.find_map(|(known, example)| (known.as_deref() == Some(name)).then_some(example))
    }

    /// The names of the examples, or only of those that conform.
    pub(super) fn names(&self, is_conforming: bool) -> impl Iterator<Item = &str> {
        let examples = self.examples.iter();
        let named = examples.filter(move |(_, it)| !is_conforming || it.problem().is_none());
        named.filter_map(|(name, _)| name.as_deref())
    }

    pub(super) fn examples(&self) -> impl Iterator<Item = &Example> {
        self.examples.iter().map(|(_, example)| example)
    }

    /// The first example that conforms to the schema, or one generated from it.
    pub(super) fn conforming(&self) -> Result<&Example, &str> {
        let mut examples = self.examples.iter().map(|(_, example)| example);
        if let Some(conforming) = examples.find(|example| example.problem().is_none()) {
            return Ok(conforming);
        }
        let made = self.generated.get_or_init(|| self.generate());
        made.as_ref().map_err(String::as_str)
    }

    /// The schema of what a server sends, unless it is in a form that is not read, such as XML.
    pub(super) fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref().filter(|_| self.is_judged())
    }

    /// The schema of XML, once that is read.
    pub(super) fn xml_schema(&self) -> Option<&Schema> {
        self.schema.as_ref().filter(|_| self.is_xml)
    }

    /// Whether what is sent is what the schema describes, rather than a way to write it.
    fn is_judged(&self) -> bool {
        let is_text = || {
            let described = self.schema_place().and_then(|schema| schema.resolve());
            described.is_none_or(|schema| schema.kind().is_none_or(|it| it == "string"))
        };
        self.is_json || !self.is_xml && self.framing.is_text() && is_text()
    }

    pub(super) fn schema_place(&self) -> Option<Place<'_>> {
        Place::at(&self.document, self.described_by.as_ref()?)
    }

    /// Why a value does not conform to the schema.
    pub(super) fn problem(&self, value: &Value) -> Option<String> {
        problem(self.schema.as_ref()?, value)
    }

    fn generate(&self) -> Result<Example, String> {
        let Some(pointer) = &self.described_by else {
            // Anything will do.
            return match self.is_xml {
                true => Err(format!(
                    "`{}` has neither an example nor a schema",
                    self.essence
                )),
                false if self.is_json => {
                    Ok(self.made(Value::Object(serde_json::Map::new()), None, false))
                }
                false => Ok(self.made("string".into(), None, false)),
            };
        };
        let schema = Place::at(&self.document, pointer);
        let make = |strategy| generate(schema.as_ref()?, strategy);
        let mut nonconforming = None;
        // With the same branches, which have the same members.
        let mut fuller: Option<(usize, Value)> = None;
        let strategies = Strategy::all(Direction::Response, self.seed).map(|strategy| Strategy {
            is_failure: self.is_failure,
            ..strategy
        });
        for strategy in strategies {
            let Some(mut value) = make(strategy) else {
                continue;
            };
            let branch = strategy.branch;
            let fuller_here = fuller.take_if(|(index, _)| *index == branch);
            let Some(problem) = self.problem(&value) else {
                if let Some((_, fuller)) = &fuller_here {
                    self.enrich(&mut value, "", fuller);
                }
                return Ok(self.made(value, self.note_of_examples(), false));
            };
            fuller = fuller_here.or_else(|| Some((branch, value.clone())));
            nonconforming.get_or_insert((value, problem));
        }
        match nonconforming {
            Some((value, problem)) => {
                let note = format!("`{}` does not match its schema: {problem}", self.essence);
                Ok(self.made(value, Some(note), true))
            }
            None => Err(format!(
                "`{}` has no example that matches its schema, and none can be generated",
                self.essence
            )),
        }
    }

    /// Adds the members of a fuller value with which the whole still conforms: one that no value fits, or a contradiction, does not
    /// take the others along.
    fn enrich(&self, whole: &mut Value, at: &str, fuller: &Value) {
        let parts: Vec<(String, &Value)> = match fuller {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), value))
                .collect(),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| (index.to_string(), item))
                    .collect()
            }
            _ => return,
        };
        for (name, value) in parts {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            let place = format!("{at}/{escaped}");
            if whole.pointer(&place).is_some() {
                self.enrich(whole, &place, value);
                continue;
            }
            let empty = match value {
                Value::Object(_) => Some(Value::Object(serde_json::Map::new())),
                Value::Array(_) => Some(Value::Array(Vec::new())),
                _ => None,
            };
            for part in iter::once(value.clone()).chain(empty) {
                let Some(Value::Object(members)) = whole.pointer_mut(at) else {
                    return;
                };
                members.insert(name.clone(), part);
                if self.problem(whole).is_none() {
                    self.enrich(whole, &place, value);
                    break;
                }
                if let Some(Value::Object(members)) = whole.pointer_mut(at) {
                    members.remove(&name);
                }
            }
        }
    }

    /// Why none of the examples is sent, if there are any.
    fn note_of_examples(&self) -> Option<String> {
        let problem = self.examples().next()?.problem()?;
        Some(format!(
            "the example of `{}` does not match its schema, so a value was generated instead: {problem}",
            self.essence
        ))
    }

    /// The serialized value; `None` if it is already text.
    fn to_xml(&self, value: &Value) -> Option<Value> {
        let schema = Place::at(&self.document, self.described_by.as_ref()?)?;
        let text = xml::write(&schema, value).filter(|_| !value.is_string())?;
        Some(text.into())
    }

    /// A value in this media type, if it can be written in it, or else an example.
    pub(super) fn written(&self, value: Value) -> Option<Example> {
        match self.is_xml {
            true => Some(self.example(value)),
            false => self.conforming().ok().cloned(),
        }
    }

    fn made(&self, value: Value, note: Option<String>, is_nonconforming: bool) -> Example {
        Example(Arc::new(Fixed {
            note,
            is_nonconforming,
            ..self.fixed(value)
        }))
    }

    /// An example of the document. Large documents have many in JSON, few of which are sent.
    fn written_at(&self, place: &Place<'_>) -> Example {
        if !self.is_json {
            return self.example(place.node.to_json());
        }
        Example(Arc::new(Fixed {
            value: OnceLock::new(),
            written_at: place.pointer.clone(),
            ..self.fixed(Value::Null)
        }))
    }

    fn example(&self, value: Value) -> Example {
        Example(Arc::new(self.fixed(value)))
    }

    fn fixed(&self, value: Value) -> Fixed {
        let (written, content_type) = match (self.is_json, self.is_xml) {
            (true, _) => (None, None),
            (_, true) => (self.to_xml(&value), None),
            _ => self.framing.write(&value),
        };
        Fixed {
            value: OnceLock::from(written.unwrap_or(value)),
            document: Arc::clone(&self.document),
            written_at: Pointer::root(),
            is_json: self.is_json,
            content_type: content_type.or_else(|| self.content_type.clone()),
            range: Some(self.essence.clone()).filter(|it| it.ends_with("/*") && !self.is_json),
            schema: self.schema().cloned(),
            note: None,
            is_nonconforming: false,
            text: OnceLock::new(),
            problem: OnceLock::new(),
        }
    }
}

impl Fixed {
    fn value(&self) -> &Value {
        self.value.get_or_init(|| {
            let written = self.document.node(&self.written_at);
            let is_serialized = self.written_at.last().as_deref() == Some("serializedValue");
            let text = written.and_then(Node::as_str);
            let read = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
            // Some documents write JSON as a text.
            let is_meant =
                |read: &Value| (read.is_object() || read.is_array()) && self.is_compound();
            let read = read.filter(|read| is_serialized || is_meant(read));
            read.unwrap_or_else(|| written.map_or(Value::Null, Node::to_json))
        })
    }

    /// Whether the schema describes objects or arrays, and no text.
    fn is_compound(&self) -> bool {
        let schema = self.schema.as_ref().map(Schema::pointer);
        let schema = schema.and_then(|pointer| Place::at(&self.document, pointer)?.resolve());
        schema.is_some_and(|schema| schema.is_compound())
    }
}

impl Example {
    /// The headers of a response with this body. If the document gives a range, `accept` chooses the media type.
    pub(super) fn headers(&self, accept: &Accept) -> Vec<(HeaderName, HeaderValue)> {
        let range = self.0.range.as_deref();
        let chosen = range.and_then(|range| accept.media_type_in(range));
        let chosen = chosen.and_then(|chosen| HeaderValue::from_str(chosen).ok());
        let content_type = chosen.or_else(|| self.0.content_type.clone());
        let content_type = content_type.map(|value| (header::CONTENT_TYPE, value));
        let note = self.0.note.as_deref().map(note::header);
        content_type.into_iter().chain(note).collect()
    }

    /// The value, if it is sent as JSON.
    pub(crate) fn json(&self) -> Option<&Value> {
        self.0.is_json.then(|| self.0.value())
    }

    /// The serialized body.
    pub(crate) fn bytes(&self) -> &Bytes {
        self.0.text.get_or_init(|| match self.0.value() {
            Value::String(text) if !self.0.is_json => text.clone().into(),
            value => value.to_string().into(),
        })
    }

    /// Why it does not conform to its schema, unless its note already says so.
    pub(super) fn problem(&self) -> Option<String> {
        if self.0.is_nonconforming {
            return None;
        }
        let validate = || problem(self.0.schema.as_ref()?, self.0.value());
        self.0.problem.get_or_init(validate).clone()
    }
}

fn problem(schema: &Schema, value: &Value) -> Option<String> {
    let violations = match schema.violations(value, None) {
        Ok(violations) => violations,
        Err(problem) => return Some(problem),
    };
    (!violations.is_empty()).then(|| violations.messages().join("; "))
}

/// The examples of a media type with their names, or else the example of its schema.
fn find_examples<'a>(media: &Place<'a>) -> Vec<(Option<String>, Place<'a>)> {
    let examples = media.examples();
    let examples: Vec<_> = examples
        .map(|(name, example)| (name.map(str::to_owned), example))
        .collect();
    if !examples.is_empty() {
        return examples;
    }
    let schema = media.get("schema").and_then(|schema| schema.resolve());
    let example = schema.and_then(|schema| schema.get("example"));
    example.map(|example| (None, example)).into_iter().collect()
}
