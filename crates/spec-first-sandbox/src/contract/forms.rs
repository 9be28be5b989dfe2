//! Decodes form bodies, `application/x-www-form-urlencoded` and `multipart/form-data`, into objects for schema validation.

use std::convert::Infallible;

use axum::body::Bytes;
use futures_util::stream;
use serde_json::{Map, Value};

use crate::contract::{
    coercion::{Kind, Texts},
    negotiation::{essence, is_json},
    parameters::{pairs, text_of},
    percent::{decode_query, encode},
    place::Place,
};

/// A documented form.
#[derive(Debug)]
pub(crate) struct Form {
    kind: Kind,
    /// The fields that hold an array or an object in a single value, and the separator of its items.
    separators: Vec<(String, char)>,
    /// The objects whose members are fields themselves.
    exploded: Vec<String>,
    /// The fields whose encoding says that they hold JSON.
    json: Vec<String>,
    /// The values that a form leaves out: it cannot express `null`, or an array or object without members.
    absent: Vec<(String, Value)>,
    is_multipart: bool,
}

/// What separates the parts of a form that is written.
const BOUNDARY: &str = "sample-boundary";

/// What is wrong with a form; continues a sentence that starts with "the body".
#[derive(Debug)]
pub(crate) struct FormError(pub(crate) String);

impl Form {
    pub(crate) fn url_encoded(media: &Place<'_>) -> Self {
        Self {
            kind: kind_of(media),
            separators: read_separators(media),
            exploded: exploded_fields(media),
            json: json_fields(media),
            absent: absent_fields(media),
            is_multipart: false,
        }
    }

    pub(crate) fn multipart(media: &Place<'_>) -> Self {
        Self {
            kind: kind_of(media),
            separators: Vec::new(),
            exploded: Vec::new(),
            json: Vec::new(),
            absent: absent_fields(media),
            is_multipart: true,
        }
    }

    /// Decodes a body into an object. `media_type` includes the parameters, such as the boundary.
    pub(crate) async fn read(&self, media_type: &str, bytes: &Bytes) -> Result<Value, FormError> {
        match self.is_multipart {
            true => Ok(self.with_absent(self.read_parts(media_type, bytes).await?)),
            false => self.read_text(bytes),
        }
    }

    /// The same for a form that is a single text.
    pub(crate) fn read_text(&self, bytes: &[u8]) -> Result<Value, FormError> {
        Ok(self.with_absent(self.read_pairs(bytes)?))
    }

    fn with_absent(&self, mut value: Value) -> Value {
        if let Value::Object(members) = &mut value {
            for (name, absent) in &self.absent {
                members
                    .entry(name.as_str())
                    .or_insert_with(|| absent.clone());
            }
        }
        value
    }

    /// The body that is read as this value, and its media type.
    pub(crate) fn write(&self, value: &Value) -> (String, String) {
        let members = value.as_object().into_iter().flatten();
        let mut body = String::new();
        if !self.is_multipart {
            for (name, member) in members {
                let separator = self.separators.iter().find(|(known, _)| known == name);
                let joined = |items: Vec<String>, separator: &char| {
                    vec![(name.clone(), items.join(&separator.to_string()))]
                };
                let written = match (separator, member) {
                    (Some((_, separator)), Value::Array(items)) => {
                        joined(items.iter().map(text_of).collect(), separator)
                    }
                    (Some((_, separator)), Value::Object(members)) => {
                        let members = members.iter();
                        let members =
                            members.flat_map(|(key, value)| [key.clone(), text_of(value)]);
                        joined(members.collect(), separator)
                    }
                    (None, Value::Object(members)) if self.exploded.contains(name) => {
                        let members = members.iter();
                        members.flat_map(|(key, value)| pairs(key, value)).collect()
                    }
                    _ if self.json.contains(name) => vec![(name.clone(), member.to_string())],
                    _ => pairs(name, member),
                };
                for (name, text) in written {
                    let start = if body.is_empty() { "" } else { "&" };
                    body.extend([start, &encode(&name), "=", &encode(&text)]);
                }
            }
            if !value.is_object() {
                body += &encode(&text_of(value));
            }
            return ("application/x-www-form-urlencoded".to_owned(), body);
        }
        for (name, member) in members {
            let is_list = |value: &Value| value.is_array() || value.is_object();
            let parts = match member {
                Value::Null => Vec::new(),
                Value::Array(items) if !items.iter().any(is_list) => items.iter().collect(),
                member => vec![member],
            };
            for part in parts {
                let media_type = match is_list(part) {
                    true => "\r\nContent-Type: application/json",
                    false => "",
                };
                let name = name.replace(['"', '\r', '\n'], "_");
                let text = text_of(part);
                body += &format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{media_type}\r\n\r\n{text}\r\n"
                );
            }
        }
        body += &format!("--{BOUNDARY}--\r\n");
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    fn read_pairs(&self, bytes: &[u8]) -> Result<Value, FormError> {
        let pairs = std::str::from_utf8(bytes).ok().and_then(decode_query);
        let pairs = pairs.ok_or_else(|| FormError("must be percent-encoded UTF-8".to_owned()))?;
        let separated = pairs.iter().flat_map(|(name, text)| {
            let separator = self.separators.iter().find(|(known, _)| known == name);
            let parts: Vec<&str> = match separator {
                Some((_, separator)) => text.split(*separator).collect(),
                None => vec![text],
            };
            let is_object = matches!(self.kind.member(name), Some(Kind::Object(_)));
            match parts.chunks_exact(2) {
                members if separator.is_some() && is_object && members.remainder().is_empty() => {
                    members
                        .map(|member| (format!("{name}[{}]", member[0]), member[1]))
                        .collect()
                }
                _ => {
                    let parts = parts.into_iter();
                    parts
                        .map(|part| (self.field(name), part))
                        .collect::<Vec<_>>()
                }
            }
        });
        let separated: Vec<_> = separated.collect();
        let separated = separated.iter().map(|(name, text)| (name.as_str(), *text));
        let mut value = self.kind.read_all(&Texts::of(&self.kind, separated));
        if let Value::Object(members) = &mut value {
            // What is not JSON stays the text that it is.
            members.extend(self.json.iter().filter_map(|name| {
                let (_, text) = pairs.iter().find(|(known, _)| known == name)?;
                Some((name.clone(), serde_json::from_str(text).ok()?))
            }));
        }
        Ok(value)
    }

    /// The name of a field, in brackets behind that of the object that it is a member of.
    fn field(&self, name: &str) -> String {
        let is_known = self.kind.names(name);
        let mut exploded = self.exploded.iter().filter(|_| !is_known);
        let owner = exploded.find(|field| {
            let object = self.kind.member(field);
            object.is_some_and(|object| object.member(name).is_some())
        });
        match owner {
            Some(owner) => format!("{owner}[{name}]"),
            None => name.to_owned(),
        }
    }

    async fn read_parts(&self, media_type: &str, bytes: &Bytes) -> Result<Value, FormError> {
        let unreadable =
            |error: multer::Error| FormError(format!("is not a valid multipart form: {error}"));
        let boundary = multer::parse_boundary(media_type).map_err(unreadable)?;
        let body = stream::iter([Ok::<_, Infallible>(bytes.clone())]);
        let mut parts = multer::Multipart::new(body, boundary);
        let mut object = Map::new();
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            let media_type = part
                .content_type()
                .map(|media_type| essence(media_type.as_ref()));
            let bytes = part.bytes().await.map_err(unreadable)?;
            let kind = self.kind.member(&name).unwrap_or(&Kind::Text);
            let value = match media_type.filter(|media_type| is_json(media_type)) {
                Some(_) => serde_json::from_slice(&bytes)
                    .map_err(|_| FormError(format!("has a part `{name}` that must be JSON")))?,
                // A file is text to its schema, whatever its content.
                None => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    kind.read_all(&Texts::Leaf(vec![text]))
                }
            };
            let is_list = kind.is_list();
            match (object.get_mut(&name), value) {
                (Some(Value::Array(items)), Value::Array(more)) if is_list => items.extend(more),
                (Some(known), value) => {
                    let first = known.take();
                    *known = Value::Array(vec![first, value]);
                }
                (None, value) => _ = object.insert(name, value),
            }
        }
        Ok(Value::Object(object))
    }
}

fn kind_of(media: &Place<'_>) -> Kind {
    match media.get("schema").map(|schema| Kind::of(&schema)) {
        Some(kind @ (Kind::Object(_) | Kind::Choice(_))) => kind,
        _ => Kind::Object(crate::contract::coercion::Members::default()),
    }
}

/// The required fields that are there although nothing is sent for them.
fn absent_fields(media: &Place<'_>) -> Vec<(String, Value)> {
    let Some(schema) = media.get("schema").and_then(|schema| schema.resolve()) else {
        return Vec::new();
    };
    let properties = schema.entries_of("properties");
    let required = schema.node.items_of("required");
    let required: Vec<_> = required.iter().filter_map(|name| name.as_str()).collect();
    let fields = properties.into_iter().filter_map(|(name, property)| {
        let property = property.resolve()?;
        let says_nothing = [
            "type",
            "enum",
            "const",
            "properties",
            "allOf",
            "anyOf",
            "oneOf",
        ]
        .iter()
        .all(|keyword| property.node.get(keyword).is_none());
        let absent = match property.kind() {
            _ if says_nothing || property.accepts_null() => Value::Null,
            Some("array") => Value::Array(Vec::new()),
            Some("object") => Value::Object(Map::new()),
            _ => return None,
        };
        required.contains(&name).then(|| (name.to_owned(), absent))
    });
    fields.collect()
}

/// The fields whose encoding says that their members are separate fields.
fn exploded_fields(media: &Place<'_>) -> Vec<String> {
    let encodings = media.entries_of("encoding").into_iter();
    let exploded = encodings.filter(|(_, encoding)| {
        let explode = encoding.get("explode").and_then(|node| node.node.as_bool());
        match encoding.text("style") {
            None => explode == Some(true),
            Some("form") => explode != Some(false),
            Some(_) => false,
        }
    });
    exploded.map(|(name, _)| name.to_owned()).collect()
}

/// The fields whose encoding names JSON and no style, which would be used instead.
fn json_fields(media: &Place<'_>) -> Vec<String> {
    let encodings = media.entries_of("encoding").into_iter();
    let json = encodings.filter(|(_, encoding)| {
        let has_style = encoding.get("style").is_some() || encoding.get("explode").is_some();
        !has_style
            && encoding
                .text("contentType")
                .is_some_and(|it| is_json(&essence(it)))
    });
    json.map(|(name, _)| name.to_owned()).collect()
}

/// OpenAPI 3.0 defaults to `form` with `explode`: each item is a separate field.
fn read_separators(media: &Place<'_>) -> Vec<(String, char)> {
    let encodings = media.entries_of("encoding").into_iter();
    let separators = encodings.filter_map(|(name, encoding)| {
        let explode = encoding.get("explode").and_then(|node| node.node.as_bool());
        let separator = match encoding.text("style") {
            Some("spaceDelimited") if explode != Some(true) => ' ',
            Some("pipeDelimited") if explode != Some(true) => '|',
            None | Some("form") if explode == Some(false) => ',',
            _ => return None,
        };
        Some((name.to_owned(), separator))
    });
    separators.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spec_first_document::Document;

    use super::*;

    const MEDIA: &str = "
schema:
  properties:
    name: {type: string}
    age: {type: integer}
    tags: {type: array, items: {type: string}}
    codes: {type: array, items: {type: integer}}
    owner: {type: object, properties: {id: {type: integer}}}
    size: {type: object, properties: {width: {type: integer}}}
    place: {type: object, properties: {row: {type: integer}}}
    labels: {type: array, items: {type: string}}
encoding:
  labels: {contentType: application/json}
  codes: {explode: false}
  size: {style: form}
  place: {style: pipeDelimited}
";

    async fn read(is_multipart: bool, media_type: &str, body: &str) -> Result<Value, String> {
        let document = Document::parse("media.yaml", MEDIA).unwrap();
        let media = Place::root(&document);
        let form = if is_multipart {
            Form::multipart(&media)
        } else {
            Form::url_encoded(&media)
        };
        let bytes = Bytes::copy_from_slice(body.as_bytes());
        let read = form.read(media_type, &bytes).await;
        read.map_err(|FormError(problem)| problem)
    }

    #[tokio::test]
    async fn pairs_are_decoded_as_the_schema_says() {
        let body = "name=Ada+L&age=7&tags=a&tags=b&codes=1,2&owner[id]=3&other=%C3%A9&width=5&place=row|2&labels=[%22a%22,%22b%22]";
        assert_eq!(
            read(false, "", body).await,
            Ok(
                json!({"name": "Ada L", "age": 7, "tags": ["a", "b"], "codes": [1, 2], "owner": {"id": 3}, "other": "é", "size": {"width": 5}, "place": {"row": 2}, "labels": ["a", "b"]})
            )
        );
        let malformed = read(false, "", "name=%zz").await;
        assert_eq!(malformed, Err("must be percent-encoded UTF-8".to_owned()));
    }

    #[tokio::test]
    async fn what_is_written_is_read_again() {
        let value = json!({
            "name": "a&b=\u{e9} +\"", "age": 7, "tags": ["a,b", "c"], "codes": [1, 2], "owner": {"id": 3},
            "size": {"width": 5}, "place": {"row": 2}, "labels": ["a", "b"],
        });
        let document = Document::parse("media.yaml", MEDIA).unwrap();
        let media = Place::root(&document);
        for form in [Form::url_encoded(&media), Form::multipart(&media)] {
            let (media_type, body) = form.write(&value);
            let read = form.read(&media_type, &Bytes::from(body)).await;
            assert_eq!(read.unwrap(), value, "{media_type}");
        }
        let (_, body) = Form::url_encoded(&media).write(&json!(["a"]));
        assert_eq!(body, "%5B%22a%22%5D");
    }

    #[tokio::test]
    async fn what_a_form_has_no_words_for_is_there() {
        let text = "
schema:
  required: [list, map, nothing, anything, name]
  properties:
    list: {type: array, items: {type: string}}
    map: {type: object}
    nothing: {type: string, nullable: true}
    anything: {}
    name: {type: string}
    optional: {type: array, items: {type: string}}
";
        let document = Document::parse("media.yaml", text).unwrap();
        let form = Form::url_encoded(&Place::root(&document));
        let read = form.read("", &Bytes::from("list=a")).await;
        assert_eq!(
            read.unwrap(),
            json!({"list": ["a"], "map": {}, "nothing": null, "anything": null})
        );
        let read = form.read("", &Bytes::from("name=b&nothing=c")).await;
        assert_eq!(
            read.unwrap(),
            json!({"list": [], "map": {}, "nothing": "c", "anything": null, "name": "b"})
        );
    }

    #[test]
    fn the_encoding_says_what_separates_items() {
        for (encoding, expected) in [
            ("{}", None),
            ("{style: form}", None),
            ("{explode: true}", None),
            ("{explode: false}", Some(',')),
            ("{style: form, explode: false}", Some(',')),
            ("{style: spaceDelimited}", Some(' ')),
            ("{style: spaceDelimited, explode: false}", Some(' ')),
            ("{style: spaceDelimited, explode: true}", None),
            ("{style: pipeDelimited}", Some('|')),
            ("{style: pipeDelimited, explode: true}", None),
            ("{style: deepObject, explode: false}", None),
        ] {
            let text = format!("encoding: {{a: {encoding}}}");
            let document = Document::parse("media.yaml", text.as_str()).unwrap();
            let found = read_separators(&Place::root(&document));
            let expected = expected.map(|separator| ("a".to_owned(), separator));
            assert_eq!(found, Vec::from_iter(expected), "{encoding}");
        }
    }

    #[tokio::test]
    async fn parts_are_decoded_as_the_schema_says() {
        let part = |head: &str, body: &str| {
            format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = [
            part("name=\"name\"; filename=\"a.txt\"", "Ada"),
            part("name=\"age\"", "7"),
            part("name=\"tags\"", "a"),
            part("name=\"tags\"", "b"),
            part(
                "name=\"owner\"\r\nContent-Type: application/json",
                "{\"id\":3}",
            ),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        assert_eq!(
            read(true, "multipart/form-data; boundary=b", &body).await,
            Ok(json!({"name": "Ada", "age": 7, "tags": ["a", "b"], "owner": {"id": 3}}))
        );
    }

    #[tokio::test]
    async fn a_truncated_form_is_rejected() {
        for (media_type, body) in [
            ("multipart/form-data", "--b--\r\n"),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
            ),
            ("multipart/form-data; boundary=b", "{}"),
        ] {
            let problem = read(true, media_type, body).await.unwrap_err();
            assert!(
                problem.starts_with("is not a valid multipart form: "),
                "{problem}"
            );
        }
    }
}
