//! The parameters of an operation: where each one stands in a request, how its text is read, and what its schema asks for.
//!
//! Parameters whose schema is an object are required where the document says so, but not judged further.

use axum::http::HeaderMap;
use openapi_document::{Document, Node, OperationNode, Pointer};
use serde_json::{Number, Value};

use crate::{
    StartError,
    contract::security::cookie,
    contract::validation::{Schema, Schemas, Violation},
};

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    name: String,
    location: Location,
    is_required: bool,
    reading: Reading,
    schema: Option<Schema>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How the text of a parameter becomes the value that its schema describes.
#[derive(Clone, Copy, Debug)]
enum Reading {
    Scalar(Scalar),
    /// Several values; with a separator they stand in one text, else the parameter is repeated.
    Array(Scalar, Option<char>),
    Json,
    Object,
}

#[derive(Clone, Copy, Debug)]
enum Scalar {
    Text,
    Number,
    Boolean,
}

/// What a request has to offer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) path: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
}

impl Parameter {
    /// Reads the parameters of `operation`: its own, and those of its path that it does not replace.
    pub(crate) fn all_of(
        schemas: &mut Schemas<'_>,
        operation: &OperationNode<'_>,
    ) -> Result<Vec<Self>, StartError> {
        let document = schemas.document();
        let mut parameters: Vec<Self> = Vec::new();
        let own = (operation.node, operation.pointer());
        let shared = (
            operation.path_item,
            Pointer::root().child("paths").child(operation.path),
        );
        for (owner, pointer) in [own, shared] {
            let nodes = owner.get("parameters").map_or(&[][..], Node::items);
            for (index, node) in nodes.iter().enumerate() {
                let pointer = pointer.child("parameters").child(index);
                let Some(parameter) = Self::read(schemas, document, node, &pointer)? else {
                    continue;
                };
                let is_replaced = parameters.iter().any(|known| {
                    known.name == parameter.name && known.location == parameter.location
                });
                if !is_replaced {
                    parameters.push(parameter);
                }
            }
        }
        Ok(parameters)
    }

    /// `None` for a header that OpenAPI 3.0 describes elsewhere and says to ignore here.
    fn read(
        schemas: &mut Schemas<'_>,
        document: &Document,
        node: &Node,
        pointer: &Pointer,
    ) -> Result<Option<Self>, StartError> {
        let malformed = || {
            StartError::at(
                document,
                pointer,
                "this is not a parameter of OpenAPI 3.0",
                "give it a `name`, and an `in` of `path`, `query`, `header` or `cookie`",
            )
        };
        let node = document.resolve(node).ok_or_else(malformed)?;
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let name = text("name").ok_or_else(malformed)?;
        let location = match text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => return Err(malformed()),
        };
        let ignored = ["accept", "content-type", "authorization"];
        if location == Location::Header && ignored.contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let content = node
            .get("content")
            .and_then(|content| content.entries().first());
        let schema = node
            .get("schema")
            .or_else(|| content.and_then(|entry| entry.value.get("schema")));
        let reading = match (content, schema.and_then(|schema| document.resolve(schema))) {
            (Some(_), _) => Reading::Json,
            (None, None) => Reading::Scalar(Scalar::Text),
            (None, Some(schema)) => read_form(document, node, schema, location),
        };
        let schema = match (reading, schema) {
            (Reading::Object, _) | (_, None) => None,
            (_, Some(schema)) => Some(schemas.request(schema, pointer)?),
        };
        Ok(Some(Self {
            name: name.to_owned(),
            location,
            is_required: node.get("required").and_then(Node::as_bool) == Some(true),
            reading,
            schema,
        }))
    }

    /// What is wrong with this parameter in a request.
    pub(crate) fn violations(&self, given: Given<'_>) -> Vec<Violation> {
        let Some(texts) = self.texts(given) else {
            return vec![Violation::of_field(&self.name, "must be text")];
        };
        let Some(first) = texts.first() else {
            return if self.is_required {
                vec![Violation::of_field(&self.name, "is required")]
            } else {
                Vec::new()
            };
        };
        if texts.len() > 1 && !matches!(self.reading, Reading::Array(_, None) | Reading::Object) {
            return vec![Violation::of_field(&self.name, "must be given once")];
        }
        let Some(schema) = &self.schema else {
            return Vec::new();
        };
        let value = match self.reading {
            Reading::Scalar(scalar) => scalar.read(first),
            Reading::Array(scalar, None) => texts.iter().map(|text| scalar.read(text)).collect(),
            Reading::Array(scalar, Some(separator)) => first
                .split(separator)
                .map(|text| scalar.read(text))
                .collect(),
            Reading::Json => match serde_json::from_str(first) {
                Ok(value) => value,
                Err(_) => return vec![Violation::of_field(&self.name, "must be JSON")],
            },
            Reading::Object => return Vec::new(),
        };
        schema.violations(&value, Some(&self.name))
    }

    /// The texts that the request gives for this parameter; `None` if a header is not text.
    fn texts(&self, given: Given<'_>) -> Option<Vec<String>> {
        let named = |pairs: &[(String, String)]| {
            pairs
                .iter()
                .filter(|(name, _)| *name == self.name)
                .map(|(_, value)| value.clone())
                .collect()
        };
        match self.location {
            Location::Path => Some(named(given.path)),
            Location::Query => Some(named(given.query)),
            Location::Header => given
                .headers
                .get_all(&self.name)
                .iter()
                .map(|value| value.to_str().ok().map(str::to_owned))
                .collect(),
            Location::Cookie => Some(cookie(given.headers, &self.name).into_iter().collect()),
        }
    }
}

impl Scalar {
    fn of(schema: &Node) -> Self {
        match schema.get("type").and_then(Node::as_str) {
            Some("integer" | "number") => Self::Number,
            Some("boolean") => Self::Boolean,
            _ => Self::Text,
        }
    }

    /// What cannot be read stays text, so that the schema refuses it.
    fn read(self, text: &str) -> Value {
        let read = match self {
            Self::Text => None,
            Self::Number => serde_json::from_str(text)
                .ok()
                .map(|number: Number| Value::Number(number)),
            Self::Boolean => text.parse().ok().map(Value::Bool),
        };
        read.unwrap_or_else(|| Value::String(text.to_owned()))
    }
}

fn read_form(document: &Document, parameter: &Node, schema: &Node, location: Location) -> Reading {
    match schema.get("type").and_then(Node::as_str) {
        Some("object") => Reading::Object,
        Some("array") => {
            let items = schema
                .get("items")
                .and_then(|items| document.resolve(items));
            let scalar = items.map_or(Scalar::Text, Scalar::of);
            Reading::Array(scalar, separator(parameter, location))
        }
        _ => Reading::Scalar(Scalar::of(schema)),
    }
}

/// OpenAPI 3.0: `form` is the default in queries and cookies, `explode` is on by default for `form` only.
fn separator(parameter: &Node, location: Location) -> Option<char> {
    let style = parameter.get("style").and_then(Node::as_str);
    let is_form = location == Location::Query && style.is_none_or(|style| style == "form");
    let explode = parameter.get("explode").and_then(Node::as_bool);
    if location == Location::Query && explode.unwrap_or(is_form) {
        return None;
    }
    Some(match style {
        Some("spaceDelimited") => ' ',
        Some("pipeDelimited") => '|',
        _ => ',',
    })
}
