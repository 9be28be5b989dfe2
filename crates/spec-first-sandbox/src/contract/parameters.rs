//! The parameters of an operation, as the document defines them, and whether a request conforms to them.

mod serialization;

use serde_json::Value;
use spec_first_document::{Direction, headers::is_determined};

use crate::{
    Flaw,
    contract::{
        coercion::Kind,
        place::Place,
        request_body::Media,
        validation::{Schema, Schemas},
        violation::{Violation, Violations},
    },
};

use serialization::{Location, Serialization, Style};

pub(crate) use serialization::{Given, pairs, text_of};

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    place: Serialization,
    /// How it is read if it has a `content` in place of a style.
    content: Option<Media>,
    pub(crate) is_required: bool,
    allows_empty_value: bool,
    kind: Kind,
    schema: Option<Schema>,
}

impl Parameter {
    /// Reads the parameters of `operation`: its own, and those of its path item that it does not override.
    pub(crate) fn all_of(
        schemas: &mut Schemas,
        operation: &Place<'_>,
        path_item: &Place<'_>,
        names_in_path: &[String],
        flaws: &mut Vec<Flaw>,
    ) -> Vec<Self> {
        let mut parameters: Vec<Self> = Vec::new();
        for owner in [operation, path_item] {
            for place in owner.items_of("parameters") {
                let parameter = match place.resolve().map(|place| Self::read(schemas, &place)) {
                    Some(Ok(Some(parameter))) => parameter,
                    Some(Err(flaw)) => {
                        flaws.push(flaw);
                        continue;
                    }
                    Some(Ok(None)) | None => continue,
                };
                let (location, name) = parameter.location();
                if location == "path" && !names_in_path.iter().any(|known| known == name) {
                    flaws.push(place.flaw(
                        format!("this parameter is ignored: the path does not contain `{{{name}}}`"),
                        "write the name as in the path, where case matters, or remove the parameter",
                    ));
                    continue;
                }
                if !parameters
                    .iter()
                    .any(|it| it.place.is_same(&parameter.place))
                {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// The values that the document names for the header `Accept`, which is not validated.
    pub(crate) fn accept_of(operation: &Place<'_>, path_item: &Place<'_>) -> Vec<String> {
        let owners = [operation, path_item].into_iter();
        let parameters = owners.flat_map(|owner| owner.items_of("parameters"));
        let mut parameters = parameters.filter_map(|parameter| parameter.resolve());
        let is_accept = |it: &Place<'_>| {
            let name = it.text("name").unwrap_or_default();
            it.text("in") == Some("header") && name.eq_ignore_ascii_case("accept")
        };
        let Some(parameter) = parameters.find(is_accept) else {
            return Vec::new();
        };
        let schema = parameter.get("schema").and_then(|schema| schema.resolve());
        let items = schema.as_ref().and_then(|schema| schema.get("items"));
        let items = items.and_then(|items| items.resolve());
        let schemas = [schema, items].into_iter().flatten();
        let named = schemas.flat_map(|schema| {
            let listed = ["enum", "examples"].map(|key| schema.items_of(key));
            let single = ["const", "default", "example"].map(|key| schema.get(key));
            listed
                .into_iter()
                .flatten()
                .chain(single.into_iter().flatten())
        });
        let named = named.chain(parameter.examples().map(|(_, example)| example));
        let texts = named.filter_map(|value| value.node.as_str());
        let ranges = texts.flat_map(|text| text.split(','));
        ranges
            .map(|range| range.trim().to_ascii_lowercase())
            .collect()
    }

    /// `None` for a header that OpenAPI 3.0 says to ignore as a parameter.
    fn read(schemas: &mut Schemas, place: &Place<'_>) -> Result<Option<Self>, Flaw> {
        let malformed = || {
            place.flaw(
                "this parameter is ignored: it is not a valid parameter",
                "give it a `name`, and an `in` of `path`, `query`, `querystring`, `header` or `cookie`",
            )
        };
        let name = place.text("name").ok_or_else(malformed)?;
        let location = match place.text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("querystring") => Location::QueryString,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => return Err(malformed()),
        };
        if location == Location::Header && is_determined(name) {
            return Ok(None);
        }
        let parameter = Self::described(schemas, place, name, location, Direction::Request);
        parameter.map(Some)
    }

    /// The header `name` of a response.
    pub(crate) fn of_header(schemas: &mut Schemas, name: &str, place: &Place<'_>) -> Option<Self> {
        let direction = Direction::Response;
        Self::described(schemas, place, name, Location::Header, direction).ok()
    }

    fn described(
        schemas: &mut Schemas,
        place: &Place<'_>,
        name: &str,
        location: Location,
        direction: Direction,
    ) -> Result<Self, Flaw> {
        let content = place.entries_of("content").into_iter().next();
        let content = content
            .map(|(media_type, content)| Media::of(schemas, direction, media_type, &content, true));
        let style = match place.text("style") {
            Some(style) if content.is_none() => Style::parse(style).ok_or_else(|| {
                place.flaw(
                    format!("this parameter is ignored: `{style}` is not an OpenAPI 3.0 style"),
                    "use `form`, `simple`, `label`, `matrix`, `spaceDelimited`, `pipeDelimited` or `deepObject`",
                )
            })?,
            _ => Style::of(location),
        };
        let schema = place.get("schema").filter(|_| content.is_none());
        let explode = place.get("explode").and_then(|node| node.node.as_bool());
        Ok(Self {
            place: Serialization {
                name: name.to_owned(),
                location,
                style,
                explode: explode.unwrap_or(style == Style::Form),
            },
            content,
            is_required: place.is_true("required"),
            // OpenAPI 3.0 defines `allowEmptyValue` for query parameters only.
            allows_empty_value: location == Location::Query && place.is_true("allowEmptyValue"),
            kind: schema.as_ref().map_or(Kind::Text, Kind::of),
            schema: schema.map(|schema| schemas.add(direction, &schema)),
        })
    }

    /// Where it is sent, as the document writes it, and its name.
    pub(crate) fn location(&self) -> (&'static str, &str) {
        let location = match self.place.location {
            Location::Path => "path",
            Location::Query | Location::QueryString => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        (location, &self.place.name)
    }

    /// Its schema and its value in a request, if it has both.
    pub(crate) fn given(&self, given: Given<'_>) -> Option<(&Schema, Value)> {
        let value = self.value(&self.kind, given).ok()??;
        Some((self.schema()?, value))
    }

    fn value(&self, kind: &Kind, given: Given<'_>) -> Result<Option<Value>, String> {
        let Some(content) = &self.content else {
            return Ok(self.place.value(kind, given)?);
        };
        let text = self.place.text(given, content.is_form())?;
        text.map(|text| content.read_text(&text)).transpose()
    }

    /// The texts that are read as this value, each with its name.
    pub(crate) fn write(&self, value: &Value) -> Vec<(String, String)> {
        match &self.content {
            None => self.place.write(value),
            Some(content) => {
                let (_, text) = content.write(Some(value));
                self.place.write_text(text, content.is_form())
            }
        }
    }

    /// Whether it says how the body is compressed.
    pub(crate) fn is_content_encoding(&self) -> bool {
        let (location, name) = self.location();
        location == "header" && name.eq_ignore_ascii_case("content-encoding")
    }

    pub(crate) fn is_xml(&self) -> bool {
        self.content.as_ref().is_some_and(Media::is_xml)
    }

    pub(crate) fn schema(&self) -> Option<&Schema> {
        match &self.content {
            Some(content) => content.schema(),
            None => self.schema.as_ref(),
        }
    }

    /// Validates this parameter in a request.
    ///
    /// # Errors
    /// Its schema cannot be compiled; the error says why.
    pub(crate) fn violations(&self, given: Given<'_>) -> Result<Violations, String> {
        if self.allows_empty_value && self.place.texts(given).is_ok_and(|texts| texts == [""]) {
            return Ok(Violations::default());
        }
        let name = self.place.name.as_str();
        // The name of a whole query is not in it.
        let inside = Some(name).filter(|_| self.place.location != Location::QueryString);
        let mut first = None;
        for kind in self.readings() {
            let violations = match self.value(kind, given) {
                Ok(Some(value)) => match self.schema() {
                    Some(schema) => schema.violations(&value, inside)?.of_whole(name),
                    None => Violations::default(),
                },
                Ok(None) if self.is_required => Violation::of_field(name, "is required").into(),
                Ok(None) => Violations::default(),
                Err(problem) => Violation::of_field(name, &problem).into(),
            };
            if violations.is_empty() {
                return Ok(violations);
            }
            first.get_or_insert(violations);
        }
        Ok(first.unwrap_or_default())
    }

    /// The ways to decode it: as the schema says, and as each array that it allows alongside other types.
    fn readings(&self) -> impl Iterator<Item = &Kind> {
        let choices = match &self.kind {
            Kind::Choice(choices) => choices.as_slice(),
            _ => &[],
        };
        let arrays = choices.iter().filter(|kind| matches!(kind, Kind::Array(_)));
        std::iter::once(&self.kind).chain(arrays)
    }
}

#[cfg(test)]
mod tests;
