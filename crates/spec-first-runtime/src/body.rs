//! Bodies of requests with their media types: JSON, forms, multipart forms, text, bytes and streams.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bytes::BytesMut;
use http::HeaderName;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use url::form_urlencoded;

use crate::Body;
use crate::content::SPENT;
use crate::parameter::{deep, text};
use crate::path_segment::RESERVED;
use crate::sent::collect_from_text;
use crate::{Api, Limits, Secret};

/// A body with its media type.
#[derive(Clone)]
pub(crate) struct TypedBody {
    pub(crate) media_type: Cow<'static, str>,
    pub(crate) content: Body,
}

impl TypedBody {
    pub(crate) fn new(media_type: &'static str, content: impl Into<Body>) -> Result<Self, String> {
        Ok(Self {
            media_type: media_type.into(),
            content: content.into(),
        })
    }

    pub(crate) fn json(media_type: &'static str, body: &impl Serialize) -> Result<Self, String> {
        let bytes = serde_json::to_vec(body).map_err(|_| NOT_JSON.to_owned())?;
        Self::new(media_type, bytes)
    }

    pub(crate) fn form(
        body: &impl Serialize,
        styles: &[(&str, FormStyle)],
    ) -> Result<Self, String> {
        let form = write_form(body, styles)?;
        Self::new("application/x-www-form-urlencoded", form)
    }

    /// The number of members of a JSON object or a form, or `enough` if there are that many. In a form, `name[key]` belongs to the
    /// member `name`.
    pub(crate) fn count_members(&self, enough: usize) -> usize {
        let bytes = self.content.bytes().map_or(&[][..], |bytes| &bytes[..]);
        if enough == 1 && bytes.starts_with(b"{\"") {
            return enough;
        }
        if let Ok(members) = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(bytes) {
            return members.len();
        }
        let pairs = form_urlencoded::parse(bytes);
        let names = pairs.map(|(name, _)| name.split('[').next().unwrap_or_default().to_owned());
        names.collect::<BTreeSet<String>>().len()
    }

    /// RFC 7578. reqwest's own form cannot be sent a second time, nor shown before it is sent.
    pub(crate) fn multipart(
        media_type: &'static str,
        parts: &[(&'static str, Part)],
    ) -> Result<Self, String> {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut pieces = Vec::new();
        let mut bytes = BytesMut::new();
        for (name, part) in parts {
            let mut head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name={}",
                quote(name)
            );
            if let Some(file_name) = &part.file_name {
                head.push_str(&format!("; filename={}", quote(file_name)));
            }
            let media_type = part.media_type.iter();
            let media_type = media_type.map(|value| ("Content-Type", value.as_str()));
            let others = part
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            for (name, value) in media_type.chain(others) {
                HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| "HTTP does not allow the name of a header of a part".to_owned())?;
                if value.contains(['\r', '\n']) {
                    return Err(format!("`{name}` of a part has a line break in it"));
                }
                head.push_str(&format!("\r\n{name}: {value}"));
            }
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(b"\r\n\r\n");
            match part.content.bytes() {
                Some(content) => bytes.extend_from_slice(content),
                None if part.content.is_spent() => return Err(SPENT.to_owned()),
                None => {
                    pieces.push(bytes.split().freeze().into());
                    pieces.push(part.content.clone());
                }
            }
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(Self {
            media_type: format!("{media_type}; boundary={boundary}").into(),
            content: Body::concatenate(pieces, bytes.freeze()),
        })
    }
}

/// The members of an object as `name=value`, repeated for each item of an array, or in another style.
pub(crate) fn write_form(
    body: &impl Serialize,
    styles: &[(&str, FormStyle)],
) -> Result<String, String> {
    let Ok(Value::Object(members)) = serde_json::to_value(body) else {
        return Err("it is not an object".to_owned());
    };
    let mut pairs = Vec::new();
    for (name, value) in &members {
        let style = styles.iter().find(|(known, _)| known == name);
        let separator = match (style, value) {
            (Some((_, FormStyle::Deep)), _) => {
                deep(&encode(name), value, &encode, &mut pairs);
                continue;
            }
            (Some((_, FormStyle::Json)), value) if !value.is_null() => {
                pairs.push(format!("{}={}", encode(name), encode(&value.to_string())));
                continue;
            }
            (Some((_, FormStyle::Exploded)), Value::Object(members)) => {
                for (name, value) in members {
                    append(&encode(name), value, &mut pairs);
                }
                continue;
            }
            (Some((_, FormStyle::Commas)), _) => ",",
            (Some((_, FormStyle::Spaces)), _) => " ",
            (Some((_, FormStyle::Pipes)), _) => "|",
            (Some((_, FormStyle::Exploded | FormStyle::Json)) | None, _) => "",
        };
        let items: Vec<String> = match value {
            Value::Array(items) => items.iter().map(text).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let pairs = members.map(|(name, value)| [name.clone(), text(value)]);
                pairs.flatten().collect()
            }
            _ => Vec::new(),
        };
        match separator.is_empty() || items.is_empty() {
            true => append(&encode(name), value, &mut pairs),
            false => {
                let joined = encode(&items.join(separator));
                pairs.push(format!("{}={joined}", encode(name)));
            }
        }
    }
    Ok(pairs.join("&"))
}

/// How a member of a form is written that is not repeated for each item.
#[derive(Clone, Copy, Debug)]
pub enum FormStyle {
    /// Its members in brackets: `name[key]=value`.
    Deep,
    /// Its members as those of the form: `key=value`.
    Exploded,
    /// Its items, or its members and their values, in one value: `name=a,b`.
    Commas,
    /// Its items in one value: `name=a b`.
    Spaces,
    /// Its items in one value: `name=a|b`.
    Pipes,
    /// As JSON: `name=["a","b"]`.
    Json,
}

const NOT_JSON: &str = "it cannot be written as JSON";

pub(crate) fn to_json(value: &impl Serialize) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|_| NOT_JSON.to_owned())
}

fn checked(
    value: &impl Serialize,
    limits: Option<fn() -> &'static Limits>,
) -> Result<Value, String> {
    let value = to_json(value)?;
    if let Some(limits) = limits {
        limits().check(&value)?;
    }
    Ok(value)
}

fn append(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                append(name, item, pairs);
            }
        }
        value => pairs.push(format!("{name}={}", encode(&text(value)))),
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED)
        .to_string()
        .replace("%20", "+")
}

/// As browsers do it: quotes and line breaks would end the name.
fn quote(name: &str) -> String {
    let name = name
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    format!("\"{name}\"")
}

/// A part of a multipart form: a file, or a value.
///
/// ```
/// use spec_first_runtime::Part;
///
/// let photo = Part::bytes(*b"...").file_name("photo.png").media_type("image/png");
/// ```
#[derive(Clone)]
pub struct Part {
    content: Body,
    file_name: Option<String>,
    media_type: Option<String>,
    /// Whether it was made of a value, and not of a file.
    is_value: bool,
    /// Whether that value is text.
    is_text: bool,
    /// Whether the caller chose the media type.
    is_chosen: bool,
    headers: Vec<(String, String)>,
}

impl Part {
    /// A part with these bytes, or a stream of them, as `application/octet-stream`.
    pub fn bytes(bytes: impl Into<Body>) -> Self {
        Self {
            content: bytes.into(),
            file_name: None,
            media_type: Some("application/octet-stream".to_owned()),
            is_value: false,
            is_text: false,
            is_chosen: false,
            headers: Vec::new(),
        }
    }

    /// A part with a value: text as it is, everything else as JSON, and none for `null`, which is left out of a form.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn value(value: &impl Serialize) -> Result<Option<Self>, String> {
        to_json(value).map(|value| Self::json(&value))
    }

    fn json(value: &Value) -> Option<Self> {
        let is_composed = value.is_object() || value.is_array();
        let part = Self {
            content: text(value).into(),
            file_name: None,
            media_type: is_composed.then(|| "application/json".to_owned()),
            is_value: true,
            is_text: value.is_string(),
            is_chosen: false,
            headers: Vec::new(),
        };
        Some(part).filter(|_| !value.is_null())
    }

    /// As [`Part::value`], for a value within the limits of the document.
    ///
    /// # Errors
    /// The value exceeds a limit, or cannot be written as JSON.
    #[doc(hidden)]
    pub fn value_within(
        value: &impl Serialize,
        limits: Option<fn() -> &'static Limits>,
    ) -> Result<Option<Self>, String> {
        Ok(Self::json(&checked(value, limits)?))
    }

    /// The same with a part for each item of a list, as RFC 7578 has it, unless these are lists or objects themselves.
    ///
    /// # Errors
    /// The value exceeds a limit, or cannot be written as JSON.
    #[doc(hidden)]
    pub fn values_within(
        value: &impl Serialize,
        limits: Option<fn() -> &'static Limits>,
    ) -> Result<Vec<Self>, String> {
        let value = checked(value, limits)?;
        let is_composed = |item: &Value| item.is_array() || item.is_object();
        Ok(match &value {
            Value::Array(items) if !items.iter().any(is_composed) => {
                items.iter().filter_map(Self::json).collect()
            }
            value => Self::json(value).into_iter().collect(),
        })
    }

    /// The secrets in the part with this name, if it is a value.
    pub(crate) fn collect_secrets(&self, api: &Api, name: &str, secrets: &mut Vec<Secret>) {
        if self.is_value
            && let Some(bytes) = self.content.bytes()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            collect_from_text(api, name, text, secrets);
        }
    }

    /// Names the file.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Names the file as the property, unless the caller named it: servers take a part without a name for text.
    #[doc(hidden)]
    #[must_use]
    pub fn file_name_or(mut self, name: &'static str) -> Self {
        self.file_name.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Sets the media type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self.is_chosen = true;
        self
    }

    /// Sets the media type of the document, unless the caller chose one.
    #[doc(hidden)]
    #[must_use]
    pub fn media_type_or(mut self, media_type: &'static str) -> Self {
        if self.is_chosen {
            return self;
        }
        if self.is_text
            && media_type.contains("json")
            && let Some(text) = self.content.bytes()
        {
            let text = String::from_utf8_lossy(text).into_owned();
            self.content = Value::from(text).to_string().into();
        }
        self.media_type = Some(media_type.to_owned());
        self
    }

    /// Adds a header to the part, such as `Content-Language`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl From<Part> for TypedBody {
    fn from(part: Part) -> Self {
        Self {
            media_type: part.media_type.unwrap_or_default().into(),
            content: part.content,
        }
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Body> for Part {
    fn from(body: Body) -> Self {
        Self::bytes(body)
    }
}

/// Shows how many bytes there are, because they may be secret.
impl std::fmt::Debug for Part {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Part")
            .field("content", &self.content)
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_repeats_arrays_and_omits_null() {
        let body =
            serde_json::json!({"a b": "c&d é", "list": [1, 2], "none": null, "object": {"x": 1}});
        let body = TypedBody::form(&body, &[]).unwrap();
        assert_eq!(
            *body.content.bytes().unwrap(),
            "a+b=c%26d+%C3%A9&list=1&list=2&object=%7B%22x%22%3A1%7D"
        );
    }

    #[test]
    fn a_form_has_styles() {
        let body = serde_json::json!({
            "commas": ["a", 1], "deep": {"a": {"b": 1}, "list": ["x"], "none": null, "objects": [{"c": 2}]},
            "exploded": {"in": 1, "out": ["x", "y"]}, "object": {"k": 1, "l": "x"}, "pipes": ["a", "b"],
            "spaces": ["a", "b"], "text": "t", "json": ["a", 1], "quoted": "t", "none": null,
        });
        let styles = [
            ("deep", FormStyle::Deep),
            ("commas", FormStyle::Commas),
            ("exploded", FormStyle::Exploded),
            ("object", FormStyle::Commas),
            ("spaces", FormStyle::Spaces),
            ("pipes", FormStyle::Pipes),
            ("text", FormStyle::Commas),
            ("json", FormStyle::Json),
            ("quoted", FormStyle::Json),
            ("none", FormStyle::Json),
        ];
        let body = TypedBody::form(&body, &styles).unwrap();
        assert_eq!(
            *body.content.bytes().unwrap(),
            "commas=a%2C1&deep[a][b]=1&deep[list][]=x&deep[objects][0][c]=2&in=1&out=x&out=y&json=%5B%22a%22%2C1%5D&object=k%2C1%2Cl%2Cx&pipes=a%7Cb&quoted=%22t%22&spaces=a+b&text=t"
        );
    }

    #[test]
    fn no_part_can_end_early_or_add_a_header() {
        let file = Part::bytes(*b"\x00\xff").file_name("a\"\r\nX: 1.png");
        let value = Part::value(&serde_json::json!({"a": 1})).unwrap().unwrap();
        assert!(Part::value(&Value::Null).unwrap().is_none());
        let body = TypedBody::multipart("multipart/form-data", &[("file", file), ("meta", value)])
            .unwrap();
        let boundary = body.media_type.rsplit_once('=').unwrap().1;
        let text =
            String::from_utf8_lossy(body.content.bytes().unwrap()).replace(boundary, "BOUNDARY");
        assert_eq!(
            text,
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0AX: 1.png\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\u{0}\u{fffd}\r\n\
             --BOUNDARY\r\nContent-Disposition: form-data; name=\"meta\"\r\n\
             Content-Type: application/json\r\n\r\n{\"a\":1}\r\n--BOUNDARY--\r\n"
        );
        let split = Part::bytes(*b"").media_type("a/b\r\nX: 1");
        assert!(TypedBody::multipart("multipart/form-data", &[("file", split)]).is_err());
        for (name, value) in [("X-A", "1\r\nX-B: 2"), ("X-A: 1\r\nX-B", "2"), ("", "")] {
            let split = Part::bytes(*b"").header(name, value);
            assert!(TypedBody::multipart("multipart/form-data", &[("file", split)]).is_err());
        }
    }

    #[test]
    fn a_part_has_the_media_type_and_headers_that_are_set() {
        let documented = Part::bytes(*b"a")
            .media_type_or("image/png")
            .header("X-Kind", "b");
        let chosen = Part::bytes(*b"a")
            .media_type("image/gif")
            .media_type_or("image/png");
        let text = Part::value(&"t")
            .unwrap()
            .unwrap()
            .media_type_or("application/json");
        let parts = [("a", documented), ("b", chosen), ("c", text)];
        let body = TypedBody::multipart("multipart/form-data", &parts);
        let body = body.unwrap();
        let text = String::from_utf8_lossy(body.content.bytes().unwrap());
        assert!(
            text.contains("name=\"a\"\r\nContent-Type: image/png\r\nX-Kind: b\r\n\r\na"),
            "{text}"
        );
        assert!(
            text.contains("name=\"b\"\r\nContent-Type: image/gif\r\n\r\na"),
            "{text}"
        );
        assert!(text.contains("application/json\r\n\r\n\"t\"\r\n"), "{text}");
    }
}
