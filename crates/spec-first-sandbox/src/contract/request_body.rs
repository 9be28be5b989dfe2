//! Validates the body of a request.
//!
//! JSON, both kinds of forms, XML and text are validated against their schema. Other bodies, such as images, are accepted if the
//! document lists their media type, and not validated further.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde_json::Value;
use spec_first_document::Direction;

use crate::{
    Rejection,
    contract::{
        coercion::Kind,
        forms::{Form, FormError},
        negotiation::{essence, find_media, is_json},
        parameters::{Parameter, text_of},
        place::Place,
        validation::{Schema, Schemas},
        violation::{Violation, Violations},
        xml,
    },
    received_body::ReceivedBody,
};

/// The documented body of an operation.
#[derive(Debug)]
pub(crate) struct RequestBody {
    is_required: bool,
    media: Vec<Media>,
}

#[derive(Debug)]
pub(crate) struct Media {
    essence: String,
    reading: Reading,
    schema: Option<Schema>,
}

/// How a body is converted to a value that its schema can validate.
#[derive(Debug)]
enum Reading {
    Json,
    Form(Form),
    Xml,
    Text(Kind),
    /// It is not validated.
    Opaque,
}

impl RequestBody {
    pub(crate) fn of(schemas: &mut Schemas, operation: &Place<'_>) -> Option<Self> {
        let place = operation.get("requestBody")?.resolve()?;
        let content = place.entries_of("content").into_iter();
        let media = content.map(|(media_type, place)| {
            Media::of(schemas, Direction::Request, media_type, &place, false)
        });
        Some(Self {
            is_required: place.is_true("required"),
            media: media.collect(),
        })
    }

    pub(crate) fn is_required(&self) -> bool {
        self.is_required
    }

    /// The documented media types.
    pub(crate) fn media(&self) -> &[Media] {
        &self.media
    }

    /// Whether it describes the media type of a body, and whether that conforms to it, as far as it is JSON.
    pub(crate) fn fit(&self, headers: &HeaderMap, body: &ReceivedBody) -> (bool, bool) {
        let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str);
        let media = match content_type {
            Some(Ok(media_type)) => self.find(&essence(media_type)),
            _ => None,
        };
        let is_valid = match (media, body) {
            (None, _) => !self.is_required,
            (
                Some(media),
                ReceivedBody::Complete {
                    json: Ok(value), ..
                },
            ) => media.violations(value).is_ok_and(|it| it.is_empty()),
            (Some(_), _) => true,
        };
        (media.is_some(), is_valid)
    }

    /// The schema of bodies in JSON, or else of the first ones that have one, such as forms.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        let mut media = self.media.iter();
        let json = media.find(|media| matches!(media.reading, Reading::Json));
        let any = || self.media.iter().find(|media| media.schema.is_some());
        json.or_else(any)?.schema.as_ref()
    }

    /// Validates a body by its media type and its schema. `Ok` contains the value, if it is JSON, a form or XML. A body is
    /// compressed only if one of `parameters` says how, and is not read then.
    pub(crate) async fn validate<'a>(
        &self,
        parameters: &[Parameter],
        headers: &HeaderMap,
        body: &'a ReceivedBody,
    ) -> Result<(Option<Cow<'a, Value>>, Violations), Rejection> {
        let media_type = headers.get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default();
        let essence = essence(media_type);
        let (bytes, json) = match body {
            ReceivedBody::Complete { bytes, json } => (bytes, json),
            ReceivedBody::Empty if self.is_required => {
                // A form without fields is empty.
                let is_form = essence == "application/x-www-form-urlencoded";
                return match self.find(&essence).filter(|_| is_form) {
                    Some(media) => Box::pin(media.judge(media_type, &Bytes::new())).await,
                    None => Ok((None, Violation::of_body("is required").into())),
                };
            }
            _ => return Ok((None, Violations::default())),
        };
        let encoding = headers.get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            if parameters.iter().any(Parameter::is_content_encoding) {
                return Ok((None, Violations::default()));
            }
            let problem = "must not be compressed, since the document does not describe `Content-Encoding`, and must have a documented media type";
            let rejection = self.unsupported(problem);
            return Err(rejection.header(header::ACCEPT_ENCODING, "identity"));
        }
        let Some(media) = self.find(&essence).filter(|_| !essence.is_empty()) else {
            return Err(self.unsupported("must have a documented media type"));
        };
        let value = match &media.reading {
            Reading::Json if !is_json(&essence) => {
                return Ok((None, Violations::default()));
            }
            Reading::Json => {
                let value = json.as_ref().map_err(|error| {
                    let message = format!("the body is not JSON: {error}");
                    Rejection::new(StatusCode::BAD_REQUEST, message)
                })?;
                return Ok((Some(Cow::Borrowed(value)), media.violations(value)?));
            }
            Reading::Form(_) | Reading::Xml => {
                return Box::pin(media.judge(media_type, bytes)).await;
            }
            Reading::Text(kind) => match std::str::from_utf8(bytes) {
                Ok(text) => kind.read(text),
                Err(_) => return Ok((None, Violation::of_body("must be UTF-8").into())),
            },
            Reading::Opaque => return Ok((None, Violations::default())),
        };
        Ok((None, media.violations(&value)?))
    }

    /// The entry for a media type.
    pub(crate) fn find(&self, media_type: &str) -> Option<&Media> {
        find_media(&self.media, Media::essence, media_type)
    }

    fn unsupported(&self, expected: &str) -> Rejection {
        let described: Vec<_> = self
            .media
            .iter()
            .map(|media| format!("`{}`", media.essence))
            .collect();
        let described = described.join(", ");
        Rejection::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the body {expected}: {described}"),
        )
    }
}

impl Media {
    fn violations(&self, value: &Value) -> Result<Violations, Rejection> {
        match &self.schema {
            Some(schema) => schema.violations(value, None).map_err(Rejection::unusable),
            None => Ok(Violations::default()),
        }
    }

    /// The value of a form or of XML, and what is wrong with it.
    async fn judge<'a>(
        &self,
        media_type: &str,
        bytes: &Bytes,
    ) -> Result<(Option<Cow<'a, Value>>, Violations), Rejection> {
        match self.read(media_type, bytes).await {
            Ok(Some(value)) => {
                let violations = self.violations(&value)?;
                Ok((Some(Cow::Owned(value)), violations))
            }
            Ok(None) => Ok((None, Violations::default())),
            Err(problem) => Ok((None, Violation::of_body(&problem).into())),
        }
    }

    /// The value of a form or of XML; `None` if it has no schema to be read by.
    ///
    /// # Errors
    /// What is wrong with the body.
    async fn read(&self, media_type: &str, bytes: &Bytes) -> Result<Option<Value>, String> {
        if let Reading::Form(form) = &self.reading {
            let value = form.read(media_type, bytes).await;
            return value.map(Some).map_err(|FormError(problem)| problem);
        }
        let schema = self.schema.as_ref().and_then(Schema::place);
        schema.map(|schema| xml::read(&schema, bytes)).transpose()
    }

    pub(crate) fn is_form(&self) -> bool {
        matches!(self.reading, Reading::Form(_))
    }

    pub(crate) fn is_xml(&self) -> bool {
        matches!(self.reading, Reading::Xml)
    }

    /// The value of a parameter.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read_text(&self, text: &str) -> Result<Value, String> {
        let schema = self.schema.as_ref().and_then(Schema::place);
        match (&self.reading, schema) {
            (Reading::Json, _) => serde_json::from_str(text).map_err(|_| "must be JSON".to_owned()),
            (Reading::Form(form), _) => form
                .read_text(text.as_bytes())
                .map_err(|FormError(problem)| problem),
            (Reading::Xml, Some(schema)) => xml::read(&schema, text.as_bytes()),
            (Reading::Text(kind), _) => Ok(kind.read(text)),
            (Reading::Xml | Reading::Opaque, _) => Ok(text.into()),
        }
    }

    /// The media type without parameters.
    pub(crate) fn essence(&self) -> &str {
        &self.essence
    }

    /// The schema that its bodies are validated against.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }

    /// The body that is read as this value, and its media type. A body that is not read may be anything.
    pub(crate) fn write(&self, value: Option<&Value>) -> (String, String) {
        let any = Value::from("string");
        let value = value.unwrap_or(&any);
        // A range is not a type that can be sent.
        let sent = match self.essence.split_once("/*") {
            Some((kind, "+json")) => &format!("{kind}/x-sample+json"),
            Some(("text", _)) => "text/plain",
            Some(_) if matches!(self.reading, Reading::Json) => "application/json",
            Some(("*", _)) => return ("application/x-sample".to_owned(), text_of(value)),
            Some((kind, _)) => return (format!("{kind}/x-sample"), text_of(value)),
            None => self.essence.as_str(),
        };
        match &self.reading {
            Reading::Json => (sent.to_owned(), value.to_string()),
            Reading::Form(form) => form.write(value),
            Reading::Xml => {
                let schema = self.schema.as_ref().and_then(Schema::place);
                let text = schema.and_then(|schema| xml::write(&schema, value));
                (sent.to_owned(), text.unwrap_or_else(|| text_of(value)))
            }
            Reading::Text(_) | Reading::Opaque => (sent.to_owned(), text_of(value)),
        }
    }

    /// With `is_text`, a value of any other media type is text, too.
    pub(crate) fn of(
        schemas: &mut Schemas,
        direction: Direction,
        media_type: &str,
        place: &Place<'_>,
        is_text: bool,
    ) -> Self {
        let essence = essence(media_type);
        let schema = place.get("schema");
        let resolved = schema.as_ref().and_then(|schema| schema.resolve());
        let kind = resolved.as_ref().and_then(Place::kind);
        // A range may be one of bytes, whatever their type.
        let is_bytes = essence.ends_with("/*") && resolved.as_ref().is_some_and(Place::is_binary);
        let reading = match essence.as_str() {
            json if is_json(json) && !is_bytes => Reading::Json,
            "application/x-www-form-urlencoded" => Reading::Form(Form::url_encoded(place)),
            "multipart/form-data" => Reading::Form(Form::multipart(place)),
            xml if xml::is_xml(xml) => Reading::Xml,
            text if is_text || text.starts_with("text/") => {
                Reading::Text(schema.as_ref().map_or(Kind::Text, Kind::of))
            }
            _ => Reading::Opaque,
        };
        // A form that is described as text may have any fields, and a text that is described as an object any form.
        let is_validated = match &reading {
            Reading::Json | Reading::Xml => true,
            Reading::Text(_) => kind.is_none_or(|kind| !["array", "object"].contains(&kind)),
            Reading::Form(_) => kind.is_none_or(|kind| kind == "object"),
            Reading::Opaque => false,
        };
        Self {
            schema: schema
                .filter(|_| is_validated)
                .map(|schema| schemas.add(direction, &schema)),
            essence,
            reading,
        }
    }
}
