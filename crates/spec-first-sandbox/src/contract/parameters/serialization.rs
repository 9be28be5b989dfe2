//! How a value is written in a parameter: finds its texts in a request and decodes them.

use std::{borrow::Cow, iter};

use axum::http::HeaderMap;
use serde_json::Value;

use crate::contract::{
    coercion::{Kind, Texts},
    percent::{decode_query, decode_segment},
    security::cookie,
};

/// Where a parameter is in a request, and how arrays and objects are written there.
#[derive(Debug)]
pub(super) struct Serialization {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) style: Style,
    pub(super) explode: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Path,
    Query,
    /// The whole query.
    QueryString,
    Header,
    Cookie,
}

/// How arrays and objects are serialized in a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    Delimited(char),
    DeepObject,
}

/// The parts of a request that carry parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) path: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) query: &'a [(Cow<'a, str>, Cow<'a, str>)],
    /// The query as it was sent.
    pub(crate) query_text: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

impl Serialization {
    /// Whether another parameter is in the same place. The case of a header does not matter.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_header = self.location == Location::Header;
        let is_same_header = || is_header && self.name.eq_ignore_ascii_case(&other.name);
        self.location == other.location && (self.name == other.name || is_same_header())
    }

    /// The value in the request; `None` if there is none.
    pub(super) fn value(
        &self,
        kind: &Kind,
        given: Given<'_>,
    ) -> Result<Option<Value>, &'static str> {
        if let (Location::Query, Kind::Object(members)) = (self.location, kind) {
            if self.style == Style::DeepObject {
                let pairs = given.query.iter();
                let texts = Texts::of(kind, pairs.map(|(name, text)| (&**name, &**text)));
                return Ok(texts.get(&self.name).map(|texts| kind.read_all(texts)));
            }
            if self.style == Style::Form && self.explode {
                // Each member is a separate parameter.
                let is_member = |name: &str| members.known.iter().any(|(known, _)| known == name);
                let pairs = given.query.iter().filter(|(name, _)| is_member(name));
                let texts = Texts::of(kind, pairs.map(|(name, text)| (&**name, &**text)));
                let is_given = texts != Texts::Branch(Vec::new()) || members.known.is_empty();
                return Ok(is_given.then(|| kind.read_all(&texts)));
            }
        }
        let mut texts = self.texts(given)?;
        if self.location == Location::Path {
            // A path may have the same parameter in it twice.
            texts.dedup();
        }
        let Some(first) = texts.first() else {
            return self.bracketed(kind, given);
        };
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
                Ok(Some(kind.read_all(&Texts::of(kind, pairs))))
            }
            kind => Ok(Some(kind.read(self.unnamed(self.strip(first, kind)?)))),
        }
    }

    /// The text of a parameter with a `content`. The whole query is not decoded if it is a form, whose parts are.
    pub(super) fn text<'a>(
        &self,
        given: Given<'a>,
        is_form: bool,
    ) -> Result<Option<Cow<'a, str>>, &'static str> {
        let mut texts = self.texts(given)?;
        texts.dedup();
        match self.location {
            _ if texts.len() > 1 => Err("must be given only once"),
            Location::QueryString if !is_form && !texts.is_empty() => {
                let text = decode_segment(given.query_text);
                text.map(Some).ok_or("must be percent-encoded UTF-8")
            }
            _ => Ok(texts.pop()),
        }
    }

    /// What [`Self::write`] returns, for a text that [`Self::text`] reads.
    pub(super) fn write_text(&self, text: String, is_form: bool) -> Vec<(String, String)> {
        match self.location {
            Location::QueryString if is_form => {
                let pairs = decode_query(&text).unwrap_or_default().into_iter();
                pairs
                    .map(|(name, text)| (name.into_owned(), text.into_owned()))
                    .collect()
            }
            Location::QueryString => vec![(String::new(), text)],
            _ => vec![(self.name.clone(), text)],
        }
    }

    /// The texts that are read as this value, each with its name. Those of a path, a header or a cookie are one text.
    pub(super) fn write(&self, value: &Value) -> Vec<(String, String)> {
        let one = |text: String| vec![(self.name.clone(), text)];
        let is_query = self.location == Location::Query;
        match (self.style, value) {
            (Style::DeepObject, value) => pairs(&self.name, value),
            (Style::Form, Value::Object(members)) if self.explode && is_query => members
                .iter()
                .flat_map(|(name, member)| pairs(name, member))
                .collect(),
            (Style::Form | Style::Delimited(_), Value::Array(items)) if self.explode => {
                let items = items.iter();
                items
                    .map(|item| (self.name.clone(), text_of(item)))
                    .collect()
            }
            (_, value) => one(self.written(value)),
        }
    }

    fn written(&self, value: &Value) -> String {
        let named = |text: String| match (self.style, self.explode) {
            (Style::Matrix, true) => format!("{}={text}", self.name),
            _ => text,
        };
        let parts: Vec<String> = match value {
            Value::Array(items) => items.iter().map(|item| named(text_of(item))).collect(),
            Value::Object(members) if self.explode => members
                .iter()
                .map(|(name, member)| format!("{name}={}", text_of(member)))
                .collect(),
            Value::Object(members) => members
                .iter()
                .flat_map(|(name, member)| [name.clone(), text_of(member)])
                .collect(),
            value => vec![text_of(value)],
        };
        let separator = self.separator().unwrap_or(',').to_string();
        let text = parts.join(&separator);
        let is_list = value.is_array() || value.is_object();
        match self.style {
            Style::Label => format!(".{text}"),
            Style::Matrix if self.explode && is_list => format!(";{text}"),
            Style::Matrix => format!(";{}={text}", self.name),
            _ => text,
        }
    }

    /// Arrays sent as `name[]=…` although the document does not say so, and alternatives that contain an object.
    fn bracketed(&self, kind: &Kind, given: Given<'_>) -> Result<Option<Value>, &'static str> {
        let is_open = matches!(kind, Kind::Array(_) | Kind::Choice(_));
        if self.location != Location::Query || self.style != Style::DeepObject || !is_open {
            return Ok(None);
        }
        let pairs = given.query.iter();
        let texts = Texts::of(kind, pairs.map(|(name, text)| (&**name, &**text)));
        Ok(texts.get(&self.name).map(|texts| kind.read_all(texts)))
    }

    /// The raw values in the request.
    pub(super) fn texts<'a>(&self, given: Given<'a>) -> Result<Vec<Cow<'a, str>>, &'static str> {
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
            Location::QueryString => {
                let text = Some(given.query_text).filter(|text| !text.is_empty());
                Ok(text.map(Cow::Borrowed).into_iter().collect())
            }
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
            // A dot may be in a number, too: a part without a name then belongs to the value before it.
            let begins = |start: &usize| {
                let part = text[*start..].split(separator).next();
                separator != '.' || *start == 0 || part.is_some_and(|part| part.contains('='))
            };
            let behind = text
                .match_indices(separator)
                .map(|(at, separator)| at + separator.len());
            let starts: Vec<usize> = iter::once(0).chain(behind).filter(begins).collect();
            let ends = starts[1..].iter().map(|start| start - separator.len_utf8());
            let ends = ends.chain([text.len()]);
            let parts = iter::zip(&starts, ends).map(|(start, end)| &text[*start..end]);
            return parts.map(|part| part.split_once('=')).collect();
        }
        let parts: Vec<&str> = text.split(separator).collect();
        let pairs = parts.chunks(2);
        pairs
            .map(|pair| Some((*pair.first()?, *pair.get(1)?)))
            .collect()
    }
}

/// A value under names with brackets, as in forms: `a=1&a=2`, `b[c]=3`, `d[0][e]=4`.
pub(crate) fn pairs(name: &str, value: &Value) -> Vec<(String, String)> {
    let is_list = |value: &Value| value.is_array() || value.is_object();
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if items.iter().any(is_list) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(index, item)| pairs(&format!("{name}[{index}]"), item))
                .collect()
        }
        Value::Array(items) => {
            let items = items.iter();
            items.map(|item| (name.to_owned(), text_of(item))).collect()
        }
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, member)| pairs(&format!("{name}[{key}]"), member))
            .collect(),
        value => vec![(name.to_owned(), text_of(value))],
    }
}

/// A value as text; an array or object is JSON.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl Style {
    pub(super) fn of(location: Location) -> Self {
        match location {
            Location::Query | Location::QueryString | Location::Cookie => Self::Form,
            Location::Path | Location::Header => Self::Simple,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" | "cookie" => Self::Form,
            "spaceDelimited" => Self::Delimited(' '),
            "pipeDelimited" => Self::Delimited('|'),
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }
}
