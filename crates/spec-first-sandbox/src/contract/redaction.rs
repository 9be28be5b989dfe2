//! Removes secrets from recorded requests. When in doubt, removes too much.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use axum::http::{HeaderMap, HeaderName, header};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};
use spec_first_document::{Document, Node};

use crate::{
    contract::{Operation, answer::Payload, percent::decode_query_part, security::Scheme},
    received_body::ReceivedBody,
};

/// Replaces a secret.
const REDACTED: &str = "[redacted]";

/// How much of an answer is kept, in bytes.
const SHOWN: usize = 4096;

/// Headers that carry credentials, whatever the document says.
const CREDENTIAL_HEADERS: [HeaderName; 3] = [
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
];

/// The names under which requests carry secrets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redaction {
    headers: Vec<HeaderName>,
    path: BTreeSet<String>,
    query: BTreeSet<String>,
    properties: BTreeSet<String>,
    /// The longest word of each property.
    words: BTreeSet<Vec<u8>>,
}

impl Redaction {
    /// Collects the names of the security schemes, and of all fields and parameters that are `writeOnly` or have the format
    /// `password`.
    pub(crate) fn of<'a>(document: &Document, schemes: impl Iterator<Item = &'a Scheme>) -> Self {
        let mut redaction = Self {
            headers: CREDENTIAL_HEADERS.to_vec(),
            ..Self::default()
        };
        for scheme in schemes {
            match scheme {
                Scheme::Header(name) | Scheme::Signature { header: name, .. } => {
                    redaction.add_header(name)
                }
                Scheme::Query(name) => _ = redaction.query.insert(name.clone()),
                Scheme::Cookie(_) | Scheme::Basic | Scheme::Token(_) => {}
            }
        }
        redaction.collect(document, document.root());
        let longest = |name: &String| {
            words(name)
                .max_by_key(|word| word.len())
                .map(<[u8]>::to_vec)
        };
        redaction.words = redaction.properties.iter().filter_map(longest).collect();
        redaction
    }

    /// A name that no header can have carries nothing.
    fn add_header(&mut self, name: &str) {
        let name = HeaderName::from_bytes(name.as_bytes()).ok();
        self.headers
            .extend(name.filter(|name| !self.headers.contains(name)));
    }

    /// The path of a request, or the documented one if that has a secret parameter.
    pub(crate) fn shown_path<'a>(
        &self,
        sent: &'a str,
        operation: Option<&'a Operation>,
    ) -> &'a str {
        let is_secret = |name: &String| self.path.contains(name);
        let documented = operation.filter(|it| it.path_parameters.iter().any(is_secret));
        documented.map_or(sent, |it| it.documented().path)
    }

    /// Writes the target of a request in origin form: an absolute target could contain a password. `path` is
    /// what [`Self::shown_path`] returns.
    pub(crate) fn write_target(&self, path: &str, query: Option<&str>, output: &mut String) {
        output.push_str(path);
        let Some(query) = query else {
            return;
        };
        for (index, pair) in query.split('&').enumerate() {
            output.push(if index == 0 { '?' } else { '&' });
            let secret = pair
                .split_once('=')
                .filter(|(name, _)| self.is_secret_name(name));
            let decoded = decode_query_part(pair);
            match secret {
                Some((name, _)) => output.extend([name, "=", REDACTED]),
                // An object in a text, which may contain the next `&`.
                None if self.may_contain_secret(decoded.as_deref().unwrap_or(pair)) => {
                    return output.push_str(REDACTED);
                }
                None => output.push_str(pair),
            }
        }
    }

    /// Whether the name in a query is that of a secret parameter or of a secret member, such as `a[key]`.
    fn is_secret_name(&self, name: &str) -> bool {
        let decoded = decode_query_part(name);
        let name = decoded.as_deref().unwrap_or(name);
        let is_plain = |c: char| c.is_alphanumeric() || "_-.$[]".contains(c);
        let mut members = name.split(['[', ']']);
        self.query.contains(name)
            || name.chars().all(is_plain) && members.any(|member| self.properties.contains(member))
    }

    /// Whether a text names a secret property, or may do so with an escape.
    fn may_contain_secret(&self, text: &str) -> bool {
        let names = || words(text).any(|word| self.words.contains(word));
        !self.properties.is_empty() && (text.contains('\\') || names())
    }

    /// Writes a line for each header, in the order received as far as the HTTP library preserves it.
    pub(crate) fn write_headers(&self, headers: &HeaderMap, output: &mut String) {
        for (name, value) in headers {
            let value = match as_text(value.as_bytes()) {
                value if self.headers.contains(name) || self.may_contain_secret(&value) => {
                    REDACTED.into()
                }
                value => value,
            };
            output.extend([name.as_str(), ": ", &value, "\n"]);
        }
    }

    /// Writes a body. If it is not JSON, it is omitted entirely, because secrets in it cannot be located.
    pub(crate) fn write_body(&self, body: &ReceivedBody, output: &mut String) {
        match body {
            ReceivedBody::Empty => {}
            ReceivedBody::Complete {
                bytes,
                json: Ok(value),
            } => self.write_json(value, bytes, output),
            ReceivedBody::Complete {
                bytes,
                json: Err(_),
            } => {
                output.push_str(&format!(
                    "[redacted: {} bytes that are not JSON]",
                    bytes.len()
                ));
            }
            ReceivedBody::TooLarge | ReceivedBody::Unread(_) => {
                output.push_str("[redacted: too large]")
            }
            ReceivedBody::Broken | ReceivedBody::TooSlow => {
                output.push_str("[redacted: incomplete]");
            }
        }
    }

    /// Writes the body of an answer if it is JSON, and its beginning if it is long.
    pub(crate) fn write_answer(&self, payload: &Payload, output: &mut String) {
        let Some((value, text)) = payload.json_text() else {
            return;
        };
        let end = output.len() + SHOWN;
        self.write_json(value, text, output);
        if output.len() > end {
            let is_end = |end: &usize| output.is_char_boundary(*end);
            output.truncate((0..=end).rev().find(is_end).unwrap_or_default());
            output.push('…');
        }
    }

    /// Writes JSON as its text has it, without its secrets. It was parsed or serialized, so the text is UTF-8 and not nested too deeply
    /// to be walked.
    fn write_json(&self, value: &Value, text: &[u8], output: &mut String) {
        let text = as_text(text);
        match self.mentions_secret(value) {
            true => self.copy(&text, output),
            false => output.push_str(&text),
        }
    }

    /// Replaces the secrets in a value.
    pub(crate) fn redact(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.iter_mut().for_each(|(name, value)| {
                if self.properties.contains(name) {
                    *value = REDACTED.into();
                } else {
                    self.redact(value);
                }
            }),
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact(item)),
            _ => {}
        }
    }

    fn mentions_secret(&self, value: &Value) -> bool {
        match value {
            Value::Object(members) => members
                .iter()
                .any(|(name, value)| self.properties.contains(name) || self.mentions_secret(value)),
            Value::Array(items) => items.iter().any(|item| self.mentions_secret(item)),
            _ => false,
        }
    }

    /// Copies JSON text unchanged, except for the values of secret properties.
    fn copy(&self, text: &str, output: &mut String) {
        let parts: Vec<(bool, &str)> = match text.trim_start().as_bytes().first() {
            Some(b'{') => match serde_json::from_str::<Members<'_>>(text) {
                Ok(Members(members)) => members
                    .into_iter()
                    .map(|(name, value)| (self.properties.contains(&name), value.get()))
                    .collect(),
                Err(_) => return output.push_str(&format!("\"{REDACTED}\"")),
            },
            Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
                Ok(items) => items.into_iter().map(|item| (false, item.get())).collect(),
                Err(_) => return output.push_str(&format!("\"{REDACTED}\"")),
            },
            _ => return output.push_str(text),
        };
        let mut copied = 0;
        for (is_secret, part) in parts {
            // The parts are slices of `text`, in order.
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            output.push_str(&text[copied..start]);
            if is_secret {
                output.push_str(&format!("\"{REDACTED}\""));
            } else {
                self.copy(part, output);
            }
            copied = start + part.len();
        }
        output.push_str(&text[copied..]);
    }

    fn collect(&mut self, document: &Document, node: Node<'_>) {
        for entry in node.entries() {
            if entry.key == "properties" {
                let properties = entry.value.entries().iter();
                let secret = properties.filter(|it| is_secret(document, it.value));
                self.properties.extend(secret.map(|it| it.key.to_owned()));
            }
            self.collect(document, entry.value);
        }
        if let (Some(location), Some(name)) = (node.str_of("in"), node.str_of("name")) {
            let content = node.entries_of("content").iter();
            let schemas = content.map(|media| media.value).chain([node]);
            let mut schemas = schemas.filter_map(|holder| holder.get("schema"));
            if schemas.any(|schema| is_secret(document, schema)) {
                match location {
                    "header" => self.add_header(name),
                    "path" => _ = self.path.insert(name.to_owned()),
                    "query" => _ = self.query.insert(name.to_owned()),
                    _ => {}
                }
            }
        }
        for item in node.items() {
            self.collect(document, item);
        }
    }
}

/// Words end at any character that is not ASCII, too.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    text.as_bytes().split(move |byte| !is_of_word(*byte))
}

/// Valid UTF-8, which nearly all bytes are, is checked several times as fast as it is repaired.
fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// Whether a schema or a branch of it describes a secret.
fn is_secret(document: &Document, schema: Node<'_>) -> bool {
    let marked = |schema: Node<'_>| {
        schema.is_true("writeOnly") || schema.str_of("format") == Some("password")
    };
    // Most schemas have no branches, and need no memory.
    let (mut next, mut open, mut seen) = (Some(schema), Vec::new(), BTreeSet::new());
    while let Some(written) = next.take().or_else(|| open.pop()) {
        let Some(resolved) = document.resolve(written) else {
            continue;
        };
        // OpenAPI 3.0 ignores the siblings of a reference, but its author meant a secret.
        if marked(written) || marked(resolved) {
            return true;
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let branches = resolved.items_of(key).iter();
            // They may lead back.
            open.extend(branches.filter(|branch| seen.insert(branch.id())));
        }
    }
    false
}

/// The members of a JSON object with their values as written. Duplicate names are kept.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = "
components:
  parameters:
    Pin: {name: pin, in: query, content: {text/plain: {schema: {type: string, format: password}}}}
  schemas:
    Secret: {type: string, writeOnly: true}
    Body:
      properties:
        key: {$ref: '#/components/schemas/Secret'}
        wrapped: {allOf: [{$ref: '#/components/schemas/Secret'}]}
        name: {type: string}
";

    fn redaction() -> Redaction {
        let document = Document::parse("secrets.yaml", DOCUMENT).unwrap();
        Redaction::of(&document, [Scheme::Header("x-key".into())].iter())
    }

    #[track_caller]
    fn check(body: &'static str, expected: &str) {
        let body = match body {
            "" => ReceivedBody::Empty,
            body => ReceivedBody::Complete {
                bytes: Bytes::from_static(body.as_bytes()),
                json: serde_json::from_str(body).map_err(|error| error.to_string()),
            },
        };
        let mut written = String::new();
        redaction().write_body(&body, &mut written);
        assert_eq!(written, expected);
    }

    /// Each of these leads to all of them.
    #[test]
    fn branches_that_lead_back_are_followed_once() {
        let names = ["A", "B", "C", "D"];
        let branches = names.map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"));
        let branches = branches.join(", ");
        for (last, is_found) in [
            ("type: string", false),
            ("type: string, writeOnly: true", true),
        ] {
            let unions = names.map(|name| format!("{name}: {{anyOf: [{branches}, {{{last}}}]}}"));
            let unions = unions.join(", ");
            let text = format!(
                "components: {{schemas: {{Body: {{properties: {{key: {{$ref: '#/components/schemas/A'}}}}}}, {unions}}}}}"
            );
            let document = Document::parse("unions.yaml", &text).unwrap();
            let redaction = Redaction::of(&document, [].iter());
            assert_eq!(redaction.properties.contains("key"), is_found, "{last}");
        }
    }

    #[test]
    fn secret_properties_are_removed_and_the_rest_is_unchanged() {
        check(
            r#" { "name" : "a", "key": "SECRET" , "list": [1, {"wrapped":{"a":["SECRET"]}}] } "#,
            r#" { "name" : "a", "key": "[redacted]" , "list": [1, {"wrapped":"[redacted]"}] } "#,
        );
        check(r#"{"k\u0065y":"SECRET"}"#, r#"{"k\u0065y":"[redacted]"}"#);
        check(
            r#"{"key":"SECRET","key":1}"#,
            r#"{"key":"[redacted]","key":"[redacted]"}"#,
        );
        check("[]", "[]");
        check("", "");
    }

    #[test]
    fn an_answer_is_the_json_of_its_value_without_secrets() {
        let write = |value: Value| {
            let mut written = String::from("before");
            redaction().write_answer(&Payload::of(value), &mut written);
            written.split_off("before".len())
        };
        let value = json!({"a \"b\"": [1, {"key": {"x": "SECRET"}}, []], "n": null, "t": "é"});
        let shown = json!({"a \"b\"": [1, {"key": "[redacted]"}, []], "n": null, "t": "é"});
        assert_eq!(write(value), shown.to_string());
        let long = write(json!(["é".repeat(SHOWN), {"key": "SECRET"}]));
        assert!(long.len() <= SHOWN + '…'.len_utf8() && long.ends_with("é…"));
    }

    #[test]
    fn a_body_that_is_not_json_is_omitted() {
        check(
            r#"{"key":"SECRET"#,
            "[redacted: 14 bytes that are not JSON]",
        );
    }

    #[test]
    fn secrets_in_a_target_are_removed() {
        for (query, shown) in [
            ("b=1&p%69n=SECRET&c", "b=1&p%69n=[redacted]&c"),
            ("key=SECRET&keyed=1", "key=[redacted]&keyed=1"),
            (
                "o[key]=SECRET&o%5Bkey%5D=SECRET&a=1",
                "o[key]=[redacted]&o%5Bkey%5D=[redacted]&a=1",
            ),
            ("a=1&o=key,SECRET&b", "a=1&[redacted]"),
            ("o=%7B%22key%22:%22a&SECRET%22%7D", "[redacted]"),
            ("%7B%22k%5Cu0065y%22:%22SECRET%22%7D", "[redacted]"),
            (
                "%7B%22key%22:%22SECRET%22,%22b%22:%22[key]=%22%7D",
                "[redacted]",
            ),
        ] {
            let mut written = String::new();
            redaction().write_target("/a", Some(query), &mut written);
            assert_eq!(written, format!("/a?{shown}"));
        }
    }

    #[test]
    fn secrets_in_a_header_are_removed() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-key", "SECRET"),
            ("x-object", "key,SECRET"),
            ("x-other", "keys"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let mut written = String::new();
        redaction().write_headers(&headers, &mut written);
        assert_eq!(
            written,
            "x-key: [redacted]\nx-object: [redacted]\nx-other: keys\n"
        );
    }
}
