//! The parameters of an operation: where each one appears in a request, how it is decoded, and what its schema requires.

use std::borrow::Cow;

use axum::http::HeaderMap;
use serde_json::Value;
use spec_first_document::Direction;

use crate::{
    Flaw,
    contract::{
        coercion::{Kind, Texts},
        place::Place,
        security::cookie,
        validation::{Schema, Schemas},
        violation::{Violation, Violations},
    },
};

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    name: String,
    location: Location,
    is_required: bool,
    allows_empty_value: bool,
    style: Style,
    explode: bool,
    kind: Kind,
    schema: Option<Schema>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How arrays and objects are serialized in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    Delimited(char),
    DeepObject,
    /// The parameter has a `content` instead: its value is JSON.
    Json,
}

/// The parts of a request that carry parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) path: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) query: &'a [(Cow<'a, str>, Cow<'a, str>)],
    pub(crate) headers: &'a HeaderMap,
}

impl Parameter {
    /// Reads the parameters of `operation`: its own, and those of its path item that it does not override.
    pub(crate) fn all_of(
        schemas: &mut Schemas,
        operation: &Place<'_>,
        path_item: &Place<'_>,
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
                let is_replaced = parameters.iter().any(|known| {
                    known.name == parameter.name && known.location == parameter.location
                });
                if !is_replaced {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// `None` for a header that OpenAPI 3.0 says to ignore as a parameter.
    fn read(schemas: &mut Schemas, place: &Place<'_>) -> Result<Option<Self>, Flaw> {
        let malformed = || {
            place.flaw(
                "this parameter is ignored: it is not a valid OpenAPI 3.0 parameter",
                "give it a `name`, and an `in` of `path`, `query`, `header` or `cookie`",
            )
        };
        let name = place.text("name").ok_or_else(malformed)?;
        let location = match place.text("in") {
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
        let content = place.entries_of("content").into_iter().next();
        let style = match (&content, place.text("style")) {
            (Some(_), _) => Style::Json,
            (None, Some(style)) => Style::parse(style).ok_or_else(|| {
                place.flaw(
                    format!("this parameter is ignored: `{style}` is not an OpenAPI 3.0 style"),
                    "use `form`, `simple`, `label`, `matrix`, `spaceDelimited`, `pipeDelimited` or `deepObject`",
                )
            })?,
            (None, None) => Style::of(location),
        };
        let schema = match content {
            Some((_, content)) => content.get("schema"),
            None => place.get("schema"),
        };
        let explode = place.get("explode").and_then(|node| node.node.as_bool());
        Ok(Some(Self {
            name: name.to_owned(),
            location,
            is_required: place.is_true("required"),
            // OpenAPI 3.0 defines `allowEmptyValue` for query parameters only.
            allows_empty_value: location == Location::Query && place.is_true("allowEmptyValue"),
            style,
            explode: explode.unwrap_or(style == Style::Form),
            kind: schema.as_ref().map_or(Kind::Text, Kind::of),
            schema: schema.map(|schema| schemas.add(Direction::Request, &schema)),
        }))
    }

    /// Validates this parameter in a request.
    ///
    /// # Errors
    /// Its schema cannot be compiled; the error says why.
    pub(crate) fn violations(&self, given: Given<'_>) -> Result<Violations, String> {
        if self.allows_empty_value && self.texts(given).is_ok_and(|texts| texts == [""]) {
            return Ok(Violations::default());
        }
        let mut first = None;
        for kind in self.readings() {
            let violations = match self.value(kind, given) {
                Ok(Some(value)) => match &self.schema {
                    Some(schema) => schema.violations(&value, Some(&self.name))?,
                    None => Violations::default(),
                },
                Ok(None) if self.is_required => {
                    Violation::of_field(&self.name, "is required").into()
                }
                Ok(None) => Violations::default(),
                Err(problem) => Violation::of_field(&self.name, problem).into(),
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

    /// The value in the request; `None` if there is none.
    fn value(&self, kind: &Kind, given: Given<'_>) -> Result<Option<Value>, &'static str> {
        if let (Location::Query, Kind::Object(members)) = (self.location, kind) {
            if self.style == Style::DeepObject {
                let pairs = given.query.iter();
                let texts = Texts::of(pairs.map(|(name, text)| (&**name, &**text)));
                return Ok(texts.get(&self.name).map(|texts| kind.read_all(texts)));
            }
            if self.style == Style::Form && self.explode {
                // Each member is a separate parameter.
                let is_member = |name: &str| members.known.iter().any(|(known, _)| known == name);
                let pairs = given.query.iter().filter(|(name, _)| is_member(name));
                let texts = Texts::of(pairs.map(|(name, text)| (&**name, &**text)));
                let is_given = texts != Texts::Branch(Vec::new()) || members.known.is_empty();
                return Ok(is_given.then(|| kind.read_all(&texts)));
            }
        }
        let texts = self.texts(given)?;
        let Some(first) = texts.first() else {
            return self.bracketed(kind, given);
        };
        if self.style == Style::Json {
            let value = serde_json::from_str(first).map_err(|_| "must be JSON");
            return value.map(Some);
        }
        match kind {
            Kind::Array(items) => {
                let split: Vec<Value> = match self.separator() {
                    None => texts.iter().map(|text| items.read(text)).collect(),
                    Some(_) if texts.len() > 1 => return Err("must be given only once"),
                    Some(separator) => {
                        let text = self.strip(first, kind)?;
                        let parts = text.split(separator).filter(|_| !text.is_empty());
                        parts.map(|part| items.read(self.unnamed(part))).collect()
                    }
                };
                Ok(Some(Value::Array(split)))
            }
            _ if texts.len() > 1 => Err("must be given only once"),
            Kind::Object(_) => {
                let text = self.strip(first, kind)?;
                let pairs = self.pairs(text).ok_or("must have a value for each name")?;
                Ok(Some(kind.read_all(&Texts::of(pairs))))
            }
            kind => Ok(Some(kind.read(self.unnamed(self.strip(first, kind)?)))),
        }
    }

    /// Arrays sent as `name[]=…` although the document does not say so, and alternatives that contain an object.
    fn bracketed(&self, kind: &Kind, given: Given<'_>) -> Result<Option<Value>, &'static str> {
        let is_open = matches!(kind, Kind::Array(_) | Kind::Choice(_));
        if self.location != Location::Query || self.style != Style::DeepObject || !is_open {
            return Ok(None);
        }
        let pairs = given.query.iter();
        let texts = Texts::of(pairs.map(|(name, text)| (&**name, &**text)));
        Ok(texts.get(&self.name).map(|texts| kind.read_all(texts)))
    }

    /// The raw values in the request.
    fn texts<'a>(&self, given: Given<'a>) -> Result<Vec<Cow<'a, str>>, &'static str> {
        match self.location {
            Location::Path => Ok(given
                .path
                .iter()
                .filter(|(name, _)| *name == self.name)
                .map(|(_, text)| Cow::Borrowed(&**text))
                .collect()),
            Location::Query => Ok(given
                .query
                .iter()
                .filter(|(name, _)| *name == self.name)
                .map(|(_, text)| Cow::Borrowed(&**text))
                .collect()),
            Location::Header => given
                .headers
                .get_all(&self.name)
                .iter()
                .map(|value| {
                    value
                        .to_str()
                        .map(Cow::Borrowed)
                        .map_err(|_| "must be text")
                })
                .collect(),
            Location::Cookie => {
                let text = cookie(given.headers, &self.name);
                Ok(text.map(Cow::Owned).into_iter().collect())
            }
        }
    }

    /// The separator within a value; `None` if each part is a separate parameter.
    fn separator(&self) -> Option<char> {
        match (self.style, self.explode) {
            (Style::Form | Style::Delimited(_), true) => None,
            (Style::Delimited(separator), false) => Some(separator),
            (Style::Label, true) => Some('.'),
            (Style::Matrix, true) => Some(';'),
            _ => Some(','),
        }
    }

    /// Strips the prefix of the style.
    fn strip<'a>(&self, text: &'a str, kind: &Kind) -> Result<&'a str, &'static str> {
        match self.style {
            Style::Label => text.strip_prefix('.').ok_or("must begin with a `.`"),
            Style::Matrix => {
                let text = text.strip_prefix(';').ok_or("must begin with a `;`")?;
                // `;id=1,2`, but `;id=1;id=2` and `;a=1;b=2` repeat the name.
                let is_named = self.explode && !matches!(kind, Kind::Text | Kind::Number);
                Ok(if is_named { text } else { self.unnamed(text) })
            }
            _ => Ok(text),
        }
    }

    /// Strips the name that the style `matrix` puts before each part.
    fn unnamed<'a>(&self, part: &'a str) -> &'a str {
        let named = part.strip_prefix(self.name.as_str());
        match named.and_then(|rest| rest.strip_prefix('=')) {
            Some(rest) if self.style == Style::Matrix => rest,
            _ => part,
        }
    }

    /// The names and values of an object: `a=1,b=2` with `explode`, otherwise `a,1,b,2`.
    fn pairs<'a>(&self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let separator = self.separator().unwrap_or(',');
        if self.explode {
            let parts = text.split(separator);
            return parts.map(|part| part.split_once('=')).collect();
        }
        let parts: Vec<&str> = text.split(separator).collect();
        let pairs = parts.chunks(2);
        pairs
            .map(|pair| Some((*pair.first()?, *pair.get(1)?)))
            .collect()
    }
}

impl Style {
    fn of(location: Location) -> Self {
        match location {
            Location::Query | Location::Cookie => Self::Form,
            Location::Path | Location::Header => Self::Simple,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" => Self::Form,
            "spaceDelimited" => Self::Delimited(' '),
            "pipeDelimited" => Self::Delimited('|'),
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use spec_first_document::{Document, Survey};

    use super::*;

    /// What is wrong with this parameter in a request with this text; `Ok` if nothing is.
    fn validate(parameter: &str, text: &str) -> Result<(), String> {
        let document = Arc::new(Document::parse("parameter.yaml", parameter).unwrap());
        let mut schemas = Schemas::of(&Survey::of(&document), Arc::clone(&document), false);
        let place = Place::root(&document);
        let parameter = Parameter::read(&mut schemas, &place).unwrap().unwrap();
        let query = crate::contract::percent::decode_query(text).unwrap();
        let path = [("p", Cow::Borrowed(text))];
        let mut headers = HeaderMap::new();
        headers.insert("p", text.parse().unwrap());
        let given = Given {
            path: &path,
            query: &query,
            headers: &headers,
        };
        match parameter.violations(given).unwrap().messages().first() {
            Some(violation) => Err(violation.to_string()),
            None => Ok(()),
        }
    }

    const POINT: &str = "schema: {type: object, required: [x, y], additionalProperties: false, properties: {x: {type: integer}, y: {type: boolean}}}";
    const NUMBERS: &str = "schema: {type: array, minItems: 2, items: {type: integer}}";

    #[track_caller]
    fn check(place: &str, schema: &str, conforming: &[&str], refused: &[&str]) {
        let parameter = format!("{{name: p, {place}, {schema}}}");
        for text in conforming {
            assert_eq!(validate(&parameter, text), Ok(()), "{parameter}: {text}");
        }
        for text in refused {
            assert!(validate(&parameter, text).is_err(), "{parameter}: {text}");
        }
    }

    #[test]
    fn objects_in_a_query() {
        check(
            "in: query",
            POINT,
            &["x=1&y=true", "q=1"],
            &["x=1", "x=a&y=true"],
        );
        check(
            "in: query, explode: false",
            POINT,
            &["p=x,1,y,true"],
            &["p=x,1", "p=x,1,y", "p=1"],
        );
        check(
            "in: query, style: pipeDelimited",
            POINT,
            &["p=x|1|y|true"],
            &["p=x,1,y,true"],
        );
        check(
            "in: query, style: deepObject, required: true",
            POINT,
            &["p[x]=1&p[y]=true&q=1", "p%5Bx%5D=1&p%5By%5D=false"],
            &["p[x]=1", "p[x]=1&p[y]=true&p[z]=1", "q[x]=1", "p=1"],
        );
    }

    #[test]
    fn objects_in_a_path_and_a_header() {
        check("in: path", POINT, &["x,1,y,true"], &["x,1", "x=1,y=true"]);
        check(
            "in: path, explode: true",
            POINT,
            &["x=1,y=true"],
            &["x,1,y,true"],
        );
        check(
            "in: path, style: label, explode: true",
            POINT,
            &[".x=1.y=true"],
            &["x=1.y=true"],
        );
        check(
            "in: path, style: matrix, explode: true",
            POINT,
            &[";x=1;y=true"],
            &["x=1;y=true"],
        );
        check(
            "in: path, style: matrix",
            POINT,
            &[";p=x,1,y,true"],
            &["p=x,1,y,true"],
        );
        check("in: header", POINT, &["x,1,y,true"], &["x,1,y,2"]);
    }

    #[test]
    fn arrays_in_every_style() {
        check("in: query", NUMBERS, &["p=1&p=2"], &["p=1", "p=1,2"]);
        check(
            "in: query, explode: false",
            NUMBERS,
            &["p=1,2"],
            &["p=1", "p=1&p=2"],
        );
        check(
            "in: query, style: spaceDelimited, explode: false",
            NUMBERS,
            &["p=1%202"],
            &["p=1,2"],
        );
        check("in: path", NUMBERS, &["1,2"], &["1"]);
        check(
            "in: path, style: label",
            NUMBERS,
            &[".1,2"],
            &["1,2", ".1.2"],
        );
        check(
            "in: path, style: label, explode: true",
            NUMBERS,
            &[".1.2"],
            &[".1"],
        );
        check("in: path, style: matrix", NUMBERS, &[";p=1,2"], &[";q=1,2"]);
        check(
            "in: path, style: matrix, explode: true",
            NUMBERS,
            &[";p=1;p=2"],
            &[";p=1"],
        );
        check(
            "in: query, style: deepObject",
            NUMBERS,
            &["p[]=1&p[]=2", "p[0]=1&p[1]=2"],
            &["p[]=1"],
        );
    }

    #[test]
    fn an_empty_value_is_accepted_where_it_is_allowed() {
        let flag = "schema: {type: boolean}";
        check(
            "in: query, required: true, allowEmptyValue: true",
            flag,
            &["p=", "p", "p=true"],
            &["q=", "p=x", "p=&p=true"],
        );
        check("in: query", flag, &["p=true"], &["p=", "p"]);
        // `allowEmptyValue` applies to query parameters only.
        check("in: header, allowEmptyValue: true", flag, &["true"], &[""]);
    }

    #[test]
    fn integers_are_limited_by_their_format() {
        check(
            "in: query",
            "schema: {type: integer, format: int32}",
            &["p=2147483647", "p=-2147483648"],
            &["p=2147483648", "p=-2147483649"],
        );
        check(
            "in: query",
            "schema: {type: integer, format: int64}",
            &["p=9223372036854775807", "p=-9223372036854775808"],
            &["p=9223372036854775808", "p=1e20", "p=-9223372036854777857"],
        );
    }

    #[test]
    fn json_in_a_parameter() {
        let content =
            "content: {application/json: {schema: {type: array, items: {type: integer}}}}";
        check("in: query", content, &["p=[1,2]"], &["p=[\"a\"]", "p=["]);
    }
}
