//! Runtime expressions, which say in a callback where it is sent: `{$request.body#/callbackUrl}`.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::contract::{parameters::Given, security::single_header};

/// A request and its response, as far as expressions name them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchanged<'a> {
    pub(crate) url: &'a str,
    pub(crate) method: &'a str,
    pub(crate) status: u16,
    pub(crate) given: Given<'a>,
    pub(crate) body: Option<&'a Value>,
    pub(crate) response_headers: &'a [(HeaderName, HeaderValue)],
    pub(crate) response_body: Option<&'a Value>,
}

/// The text with the values of its expressions, which are in braces or are the whole text. `None` if one has no value.
pub(crate) fn evaluate(text: &str, exchanged: Exchanged<'_>) -> Option<String> {
    if text.starts_with('$') {
        return exchanged.value(text);
    }
    let mut evaluated = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (expression, after) = behind.split_once('}')?;
        evaluated.push_str(before);
        evaluated.push_str(&exchanged.value(expression.trim())?);
        rest = after;
    }
    evaluated.push_str(rest);
    Some(evaluated)
}

impl Exchanged<'_> {
    fn value(self, expression: &str) -> Option<String> {
        match expression {
            "$url" => return Some(self.url.to_owned()),
            "$method" => return Some(self.method.to_owned()),
            "$statusCode" => return Some(self.status.to_string()),
            _ => {}
        }
        let (is_request, source) = match expression.strip_prefix("$request.") {
            Some(source) => (true, source),
            None => (false, expression.strip_prefix("$response.")?),
        };
        if let Some(pointer) = source.strip_prefix("body") {
            let body = if is_request {
                self.body
            } else {
                self.response_body
            };
            let value = match pointer.strip_prefix('#') {
                Some(pointer) => body?.pointer(pointer)?,
                None if pointer.is_empty() => body?,
                None => return None,
            };
            return match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                value => Some(value.to_string()),
            };
        }
        let (place, name) = source.split_once('.')?;
        match (place, is_request) {
            ("header", true) => single_header(self.given.headers, name).map(str::to_owned),
            ("header", false) => {
                let headers: HeaderMap = self.response_headers.iter().cloned().collect();
                single_header(&headers, name).map(str::to_owned)
            }
            ("query", true) => {
                let mut query = self.given.query.iter();
                query.find_map(|(given, value)| (given == name).then(|| value.to_string()))
            }
            ("path", true) => {
                let mut path = self.given.path.iter();
                path.find_map(|(given, value)| (*given == name).then(|| value.to_string()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use axum::http::header;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expression_is_a_part_of_the_request_or_of_the_response() {
        let headers = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static("o"))]);
        let body = json!({"url": "http://a", "n": 1, "none": null, "list": [{"a/b": true}]});
        let exchanged = Exchanged {
            url: "http://s/x?q=1",
            method: "POST",
            status: 201,
            given: Given {
                path: &[("id", Cow::Borrowed("7"))],
                query: &[(Cow::Borrowed("q"), Cow::Borrowed("1 2"))],
                query_text: "q=1+2",
                headers: &headers,
            },
            body: Some(&body),
            response_headers: &[(header::LOCATION, HeaderValue::from_static("/x/1"))],
            response_body: Some(&json!("text")),
        };
        for (text, expected) in [
            (
                "{$request.body#/url}/data?n={$request.body#/n}",
                Some("http://a/data?n=1"),
            ),
            ("$request.body#/list/0/a~1b", Some("true")),
            ("{$request.body#/none}", None),
            ("{$request.body#/missing}", None),
            ("{$request.query.q}", Some("1 2")),
            ("{$request.query.other}", None),
            ("{$request.header.Origin}", Some("o")),
            ("{$request.path.id}", Some("7")),
            ("{$response.header.location}", Some("/x/1")),
            ("{$response.body}", Some("text")),
            ("{$response.query.q}", None),
            (
                "{$url} {$method} {$statusCode}",
                Some("http://s/x?q=1 POST 201"),
            ),
            ("http://fixed/", Some("http://fixed/")),
            ("{$request.body#/url", None),
            ("{other}", None),
        ] {
            assert_eq!(evaluate(text, exchanged).as_deref(), expected, "{text}");
        }
    }
}
