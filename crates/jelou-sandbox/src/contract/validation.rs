//! Judges values by the schemas of the document. Says what is wrong in words of the schema, never by showing the value:
//! it may be a secret.

use std::{collections::HashMap, fmt, sync::Arc};

use jsonschema::{
    Validator,
    error::{TypeKind, ValidationErrorKind},
};
use openapi_document::{Direction, Document, JsonSchema, Node, Pointer};
use serde_json::Value;

use crate::StartError;

/// Compiles the schemas of a document, each one once.
pub(crate) struct Schemas<'a> {
    document: &'a Document,
    requests: JsonSchema<'a>,
    responses: JsonSchema<'a>,
    compiled: HashMap<(Direction, String), Schema>,
}

/// A schema that can judge values.
#[derive(Clone, Debug)]
pub(crate) struct Schema(Arc<Validator>);

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Which field, with dots between the names on the way to it; `None` for the value as a whole.
    pub(crate) field: Option<String>,
    /// What is wrong, to be read after the name of the field.
    pub(crate) message: String,
}

impl<'a> Schemas<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        Self {
            document,
            requests: JsonSchema::of(document, Direction::Request),
            responses: JsonSchema::of(document, Direction::Response),
            compiled: HashMap::new(),
        }
    }

    pub(crate) fn document(&self) -> &'a Document {
        self.document
    }

    /// Compiles `schema` for values that a request brings; `pointer` is what an error is about.
    pub(crate) fn request(
        &mut self,
        schema: &Node,
        pointer: &Pointer,
    ) -> Result<Schema, StartError> {
        self.compile(Direction::Request, schema, pointer)
    }

    /// Compiles `schema` for values that a response brings; `pointer` is what an error is about.
    pub(crate) fn response(
        &mut self,
        schema: &Node,
        pointer: &Pointer,
    ) -> Result<Schema, StartError> {
        self.compile(Direction::Response, schema, pointer)
    }

    fn compile(
        &mut self,
        direction: Direction,
        schema: &Node,
        pointer: &Pointer,
    ) -> Result<Schema, StartError> {
        let key = (direction, schema.to_json().to_string());
        if let Some(known) = self.compiled.get(&key) {
            return Ok(known.clone());
        }
        let schemas = match direction {
            Direction::Response => &self.responses,
            Direction::Request | Direction::Both => &self.requests,
        };
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schemas.schema(schema))
            .map_err(|error| {
                StartError::at(
                    self.document,
                    pointer,
                    format!("this schema cannot be used: {error}"),
                    "correct the schema; references must lead to `#/components/schemas/`",
                )
            })?;
        let compiled = Schema(Arc::new(validator));
        self.compiled.insert(key, compiled.clone());
        Ok(compiled)
    }
}

impl Schema {
    /// What is wrong with `value`; `inside` is the name of the field that it stands in, if it stands in one.
    pub(crate) fn violations(&self, value: &Value, inside: Option<&str>) -> Vec<Violation> {
        if self.0.is_valid(value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        for error in self.0.iter_errors(value) {
            let found = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
            let path: Vec<String> = inside
                .map(str::to_owned)
                .into_iter()
                .chain(found.segments())
                .collect();
            for violation in describe(error.kind(), &path) {
                if !violations.contains(&violation) {
                    violations.push(violation);
                }
            }
        }
        violations
    }
}

impl Violation {
    pub(crate) fn of_field(field: &str, message: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_deref().unwrap_or("the body");
        write!(formatter, "{field} {}", self.message)
    }
}

fn describe(kind: &ValidationErrorKind, path: &[String]) -> Vec<Violation> {
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                at(
                    path,
                    Some(name),
                    "is not a field that the document describes",
                )
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            vec![at(path, property.as_str(), "is required")]
        }
        _ => vec![at(path, None, &expectation(kind))],
    }
}

fn at(path: &[String], member: Option<&str>, message: &str) -> Violation {
    let mut names: Vec<&str> = path.iter().map(String::as_str).collect();
    names.extend(member);
    Violation {
        field: (!names.is_empty()).then(|| names.join(".")),
        message: message.to_owned(),
    }
}

/// What the schema asks for. The texts of `jsonschema` itself show the value that does not fit.
fn expectation(kind: &ValidationErrorKind) -> String {
    match kind {
        ValidationErrorKind::Type {
            kind: TypeKind::Single(expected),
        } => format!("must be of the type `{expected}`"),
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let options: Vec<_> = options
                .iter()
                .map(|option| format!("`{}`", plain(option)))
                .collect();
            format!("must be one of {}", options.join(", "))
        }
        ValidationErrorKind::Format { format } => format!("must have the format `{format}`"),
        ValidationErrorKind::Pattern { pattern } => format!("must match the pattern `{pattern}`"),
        ValidationErrorKind::MinLength { limit } => {
            format!("must have a length of at least {limit}")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("must have a length of at most {limit}")
        }
        ValidationErrorKind::MinProperties { limit } => {
            format!("must have at least {limit} of the fields")
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("must have at most {limit} of the fields")
        }
        ValidationErrorKind::MinItems { limit } => format!("must have at least {limit} items"),
        ValidationErrorKind::MaxItems { limit } => format!("must have at most {limit} items"),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        ValidationErrorKind::MultipleOf { multiple_of } => {
            format!("must be a multiple of {multiple_of}")
        }
        ValidationErrorKind::UniqueItems => "must not have an item twice".to_owned(),
        ValidationErrorKind::FalseSchema => "must not be sent in this direction".to_owned(),
        ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            "must have one of the documented forms".to_owned()
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            "must have only one of the documented forms".to_owned()
        }
        other => format!("does not meet `{}` of its schema", other.keyword()),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
