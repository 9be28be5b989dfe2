//! Writes the values of parameters into paths, queries, headers and cookies, in the styles of OpenAPI.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::Limits;
use crate::body::{FormStyle, write_form};
use crate::path_segment::{RESERVED, check_path_segment};

/// Everything but what RFC 3986 calls unreserved or reserved, without what would end a value in a query.
const NOT_RESERVED: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');

/// What RFC 6265 does not allow in the value of a cookie, and `%`, so that it can be decoded.
const NOT_IN_COOKIES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b':')
    .remove(b'<')
    .remove(b'=')
    .remove(b'>')
    .remove(b'?')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'{')
    .remove(b'|')
    .remove(b'}')
    .remove(b'~');

/// The characters that cannot be part of a cookie. In the style `cookie`, all others are sent as they are.
const ENDS_COOKIES: &AsciiSet = &CONTROLS.add(b';');

/// A parameter of an operation, as the document describes it.
///
/// ```
/// use spec_first_runtime::{Parameter, Style};
///
/// const TAGS: Parameter = Parameter::query("tags").style(Style::PipeDelimited, false);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) location: Location,
    style: Style,
    explode: bool,
    allows_reserved: bool,
    content: Option<Content>,
    pub(crate) is_secret: bool,
    limits: Option<fn() -> &'static Limits>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    /// The whole query.
    Querystring,
    Header,
    Cookie,
}

/// How a value is written that has a `content` in OpenAPI in place of a style.
#[derive(Clone, Copy, Debug)]
enum Content {
    Json,
    Form(&'static [(&'static str, FormStyle)]),
}

/// How the items of an array or the members of an object are written: `style` in OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a;name=b`
    Matrix,
    /// `name=a&name=b`
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a%7Cb`
    PipeDelimited,
    /// `name[a]=b`
    DeepObject,
    /// `name=a; name=b`, without an encoding of characters that cookies can have.
    Cookie,
}

impl Parameter {
    /// A parameter that replaces `{name}` in the path; in the style `simple`.
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path, Style::Simple, false)
    }

    /// A parameter in the query; in the style `form`, exploded.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form, true)
    }

    /// The whole query, as text unless it is [`json`](Self::json) or a [`form`](Self::form).
    pub const fn querystring(name: &'static str) -> Self {
        Self::new(name, Location::Querystring, Style::Simple, false)
    }

    /// A header; in the style `simple`.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple, false)
    }

    /// A cookie; in the style `form`, exploded.
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form, true)
    }

    const fn new(name: &'static str, location: Location, style: Style, explode: bool) -> Self {
        Self {
            name,
            location,
            style,
            explode,
            allows_reserved: false,
            content: None,
            is_secret: false,
            limits: None,
        }
    }

    /// Sets the style of arrays and objects, and whether each item or member is written on its own.
    pub const fn style(mut self, style: Style, explode: bool) -> Self {
        self.style = style;
        self.explode = explode;
        self
    }

    /// Leaves reserved characters such as `/` and `:`, and percent-encoded ones, as they are: `allowReserved` in OpenAPI.
    pub const fn allow_reserved(mut self) -> Self {
        self.allows_reserved = true;
        self
    }

    /// Writes the value as JSON: a parameter with `content` in OpenAPI.
    pub const fn json(mut self) -> Self {
        self.content = Some(Content::Json);
        self
    }

    /// Writes the members of the value as a form: a parameter with `content` in OpenAPI. `styles` names the members that are written in
    /// another style.
    pub const fn form(mut self, styles: &'static [(&'static str, FormStyle)]) -> Self {
        self.content = Some(Content::Form(styles));
        self
    }

    /// Hides the value wherever it could be shown: a parameter with `format: password` in OpenAPI.
    pub const fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// Sets the limits of the value, which are checked before it is sent: those of [`limits!`](crate::limits!).
    pub const fn limits(mut self, limits: fn() -> &'static Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Whether both are the same parameter of an operation.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.location, self.name) == (other.location, other.name)
    }

    /// Whether text is written as it is, but for its encoding.
    pub(crate) fn is_plain(&self) -> bool {
        self.style == Style::Simple && self.content.is_none() && self.limits.is_none()
    }

    /// The text that `value` contributes: a part of the path, pairs of the query or of cookies, or the value of a header.
    /// `None` if there is nothing to send.
    ///
    /// # Errors
    /// Why it cannot be sent, without the value.
    pub(crate) fn write(&self, value: Value) -> Result<Option<String>, String> {
        self.limits
            .map_or(Ok(()), |limits| limits().check(&value))?;
        let value = match self.content {
            None => value,
            Some(Content::Json) => Value::String(value.to_string()),
            Some(Content::Form(styles)) => {
                let form = write_form(&value, styles)?;
                if self.location == Location::Querystring {
                    return Ok(Some(form).filter(|form| !form.is_empty()));
                }
                Value::String(form)
            }
        };
        let written = match &value {
            Value::Null if self.location != Location::Path => return Ok(None),
            Value::Array(items) if items.is_empty() && self.location != Location::Path => {
                return Ok(None);
            }
            Value::Object(members)
                if members.values().all(Value::is_null) && self.location != Location::Path =>
            {
                return Ok(None);
            }
            Value::Array(_) | Value::Object(_) if self.style == Style::DeepObject => {
                let mut pairs = Vec::new();
                deep(&self.key(), &value, &|text| self.encode(text), &mut pairs);
                if pairs.is_empty() {
                    return Ok(None);
                }
                pairs.join("&")
            }
            Value::Array(items) => self.array(items),
            Value::Object(members) => self.object(members),
            scalar => self.scalar(&text(scalar)),
        };
        match self.location {
            Location::Path => check_path_segment(&written)
                .map(|()| Some(written))
                .map_err(|error| error.to_string()),
            _ => Ok(Some(written)),
        }
    }

    fn scalar(&self, value: &str) -> String {
        let value = self.encode(value);
        match (self.location, self.style) {
            (Location::Query | Location::Cookie, _) => format!("{}={value}", self.key()),
            (_, Style::Label) => format!(".{value}"),
            (_, Style::Matrix) => format!(";{}={value}", self.key()),
            _ => value,
        }
    }

    fn array(&self, items: &[Value]) -> String {
        let items: Vec<_> = items.iter().map(|item| self.encode(&text(item))).collect();
        let key = self.key();
        let pairs = |separator: &str| {
            let pairs: Vec<_> = items.iter().map(|item| format!("{key}={item}")).collect();
            pairs.join(separator)
        };
        match (self.location, self.style, self.explode) {
            (Location::Query, _, true) => pairs("&"),
            (Location::Cookie, _, true) => pairs("; "),
            (Location::Query, Style::SpaceDelimited, false) => {
                format!("{key}={}", items.join("%20"))
            }
            (Location::Query, Style::PipeDelimited, false) => {
                format!("{key}={}", items.join("%7C"))
            }
            (Location::Query | Location::Cookie, _, false) => format!("{key}={}", items.join(",")),
            (_, Style::Label, true) => format!(".{}", items.join(".")),
            (_, Style::Label, false) => format!(".{}", items.join(",")),
            (_, Style::Matrix, true) => format!(";{}", pairs(";")),
            (_, Style::Matrix, false) => format!(";{key}={}", items.join(",")),
            _ => items.join(","),
        }
    }

    fn object(&self, members: &Map<String, Value>) -> String {
        let list = |between: &str, separator: &str| {
            let members: Vec<_> = members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| {
                    format!(
                        "{}{between}{}",
                        self.encode(name),
                        self.encode(&text(value))
                    )
                })
                .collect();
            members.join(separator)
        };
        let key = self.key();
        match (self.location, self.style, self.explode) {
            (Location::Query, _, true) => list("=", "&"),
            (Location::Cookie, _, true) => list("=", "; "),
            (Location::Query, Style::SpaceDelimited, false) => {
                format!("{key}={}", list("%20", "%20"))
            }
            (Location::Query, Style::PipeDelimited, false) => {
                format!("{key}={}", list("%7C", "%7C"))
            }
            (Location::Query | Location::Cookie, _, false) => format!("{key}={}", list(",", ",")),
            (_, Style::Label, true) => format!(".{}", list("=", ".")),
            (_, Style::Label, false) => format!(".{}", list(",", ",")),
            (_, Style::Matrix, true) => format!(";{}", list("=", ";")),
            (_, Style::Matrix, false) => format!(";{key}={}", list(",", ",")),
            (_, _, true) => list("=", ","),
            _ => list(",", ","),
        }
    }

    fn key(&self) -> String {
        self.encode(self.name)
    }

    fn encode(&self, text: &str) -> String {
        let set = match (self.location, self.allows_reserved) {
            (Location::Header, _) => return text.to_owned(),
            (Location::Cookie, _) if self.style == Style::Cookie => ENDS_COOKIES,
            (Location::Cookie, _) => NOT_IN_COOKIES,
            (Location::Query, true) => return encode_not_reserved(text),
            _ => RESERVED,
        };
        utf8_percent_encode(text, set).to_string()
    }
}

/// Encodes what is neither reserved nor encoded already: the reserved expansion of RFC 6570.
fn encode_not_reserved(text: &str) -> String {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default();
    let mut encoded = utf8_percent_encode(first, NOT_RESERVED).to_string();
    for piece in pieces {
        let digits = piece.as_bytes().get(..2);
        let is_encoded = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        encoded.push_str(if is_encoded { "%" } else { "%25" });
        encoded.extend(utf8_percent_encode(piece, NOT_RESERVED));
    }
    encoded
}

/// Objects as `name[key]`, lists as `name[]`, and lists of objects or lists as `name[0][key]`.
pub(crate) fn deep(
    name: &str,
    value: &Value,
    encode: &dyn Fn(&str) -> String,
    pairs: &mut Vec<String>,
) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, value) in members {
                deep(&format!("{name}[{}]", encode(key)), value, encode, pairs);
            }
        }
        Value::Array(items) => {
            let is_composed = |item: &Value| item.is_object() || item.is_array();
            let is_list_of_composed = items.iter().any(is_composed);
            for (index, item) in items.iter().enumerate() {
                let name = match is_list_of_composed {
                    true => format!("{name}[{index}]"),
                    false => format!("{name}[]"),
                };
                deep(&name, item, encode, pairs);
            }
        }
        value => pairs.push(format!("{name}={}", encode(&text(value)))),
    }
}

/// A scalar as text; what is nested deeper than the styles reach as JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
