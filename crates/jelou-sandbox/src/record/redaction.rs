//! What must not be seen of a request, and how it is taken out. Errs on the side of taking out too much.

use std::{collections::HashSet, fmt};

use axum::{
    body::Bytes,
    http::{HeaderMap, Uri},
};
use openapi_document::{Content, Document, Node};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::{
    contract::percent::decode_query_part, contract::request_body::ReceivedBody,
    contract::security::Scheme,
};

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";

/// Headers that carry credentials whatever the document says.
const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// The names under which a request to the document carries secrets.
#[derive(Debug)]
pub(crate) struct Redaction {
    headers: HashSet<String>,
    query: HashSet<String>,
    properties: HashSet<String>,
}

impl Redaction {
    /// Collects the names: those of the security schemes, and those of all fields and parameters that are `writeOnly` or
    /// have the format `password`.
    pub(crate) fn of<'a>(document: &Document, schemes: impl Iterator<Item = &'a Scheme>) -> Self {
        let mut redaction = Self {
            headers: CREDENTIAL_HEADERS
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            query: HashSet::new(),
            properties: HashSet::new(),
        };
        for scheme in schemes {
            match scheme {
                Scheme::Header(name) => _ = redaction.headers.insert(name.clone()),
                Scheme::Query(name) => _ = redaction.query.insert(name.clone()),
                Scheme::Cookie(_) | Scheme::Basic | Scheme::Token(_) => {}
            }
        }
        redaction.collect(document, document.root());
        redaction
    }

    /// The target of a request in origin form: an absolute form may carry a password in front of its host.
    pub(crate) fn target(&self, uri: &Uri) -> String {
        let path = uri.path();
        let Some(query) = uri.query() else {
            return path.to_owned();
        };
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| {
                let Some((name, _)) = pair.split_once('=') else {
                    return pair.to_owned();
                };
                let decoded = decode_query_part(name).unwrap_or_else(|| name.to_owned());
                if self.query.contains(&decoded) {
                    format!("{name}={REDACTED}")
                } else {
                    pair.to_owned()
                }
            })
            .collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Names and values in the order in which they came, as far as the HTTP library keeps it.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        headers
            .iter()
            .map(|(name, value)| {
                let value = if self.headers.contains(name.as_str()) {
                    REDACTED.to_owned()
                } else {
                    String::from_utf8_lossy(value.as_bytes()).into_owned()
                };
                (name.to_string(), value)
            })
            .collect()
    }

    /// The text of a body. What is not JSON is left out as a whole, for there is no telling what in it is a secret.
    pub(crate) fn body(&self, body: &ReceivedBody) -> String {
        match body {
            ReceivedBody::Complete { bytes, .. } if bytes.is_empty() => String::new(),
            ReceivedBody::Complete { bytes, json: Ok(_) } => self.json(bytes),
            ReceivedBody::Complete {
                bytes,
                json: Err(_),
            } => {
                format!("[redacted: {} bytes that are not JSON]", bytes.len())
            }
            ReceivedBody::TooLarge => "[redacted: too large]".to_owned(),
            ReceivedBody::Broken => "[redacted: incomplete]".to_owned(),
        }
    }

    fn json(&self, bytes: &Bytes) -> String {
        // It was read as JSON already, so it is UTF-8 and not nested too deeply to be walked.
        let text = String::from_utf8_lossy(bytes);
        let mut redacted = String::with_capacity(text.len());
        self.copy(&text, &mut redacted);
        redacted
    }

    /// Copies JSON text as it is written, except for the values of secret properties.
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
            // Each part is a slice of `text`, in order.
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

    fn collect(&mut self, document: &Document, node: &Node) {
        for property in node.get("properties").map_or(&[][..], Node::entries) {
            if is_secret(document, &property.value, 0) {
                self.properties.insert(property.key.clone());
            }
        }
        let name = node.get("name").and_then(Node::as_str);
        let is_secret_parameter = node
            .get("schema")
            .is_some_and(|schema| is_secret(document, schema, 0));
        if let Some(name) = name.filter(|_| is_secret_parameter) {
            match node.get("in").and_then(Node::as_str) {
                Some("header") => _ = self.headers.insert(name.to_ascii_lowercase()),
                Some("query") => _ = self.query.insert(name.to_owned()),
                _ => {}
            }
        }
        match &node.content {
            Content::Mapping(entries) => {
                entries
                    .iter()
                    .for_each(|entry| self.collect(document, &entry.value));
            }
            Content::Sequence(items) => items.iter().for_each(|item| self.collect(document, item)),
            _ => {}
        }
    }
}

fn is_secret(document: &Document, schema: &Node, depth: usize) -> bool {
    // Deeper than any real document goes; it ends a circle of references.
    if depth > 16 {
        return false;
    }
    let marked = |schema: &Node| {
        schema.get("writeOnly").and_then(Node::as_bool) == Some(true)
            || schema.get("format").and_then(Node::as_str) == Some("password")
    };
    let Some(resolved) = document.resolve(schema) else {
        return false;
    };
    // The siblings of a reference do not count in OpenAPI 3.0, but whoever wrote one meant a secret.
    marked(schema)
        || marked(resolved)
        || ["allOf", "anyOf", "oneOf"].iter().any(|key| {
            let branches = resolved.get(key).map_or(&[][..], Node::items);
            branches
                .iter()
                .any(|branch| is_secret(document, branch, depth + 1))
        })
}

/// The members of a JSON object with their values as they are written; a name that comes twice is there twice.
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
    use super::*;

    const DOCUMENT: &str = "
components:
  parameters:
    Pin: {name: pin, in: query, schema: {type: string, format: password}}
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
        let body = ReceivedBody::Complete {
            bytes: Bytes::from_static(body.as_bytes()),
            json: serde_json::from_str(body).map_err(|error| error.to_string()),
        };
        assert_eq!(redaction().body(&body), expected);
    }

    #[test]
    fn secret_properties_are_taken_out_and_all_else_stays_as_written() {
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
    fn a_body_that_is_not_json_is_not_kept() {
        check(
            r#"{"key":"SECRET"#,
            "[redacted: 14 bytes that are not JSON]",
        );
    }

    #[test]
    fn secrets_in_a_target_are_taken_out() {
        let uri = "http://user:SECRET@host/a?b=1&p%69n=SECRET&c"
            .parse()
            .unwrap();
        assert_eq!(redaction().target(&uri), "/a?b=1&p%69n=[redacted]&c");
    }
}
