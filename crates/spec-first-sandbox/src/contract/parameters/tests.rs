use std::{borrow::Cow, sync::Arc};

use axum::http::HeaderMap;
use serde_json::json;
use spec_first_document::Document;

use super::*;

/// What is wrong with this parameter in a request with this text; `Ok` if nothing is.
fn validate(parameter: &str, text: &str) -> Result<(), String> {
    let document = Arc::new(Document::parse("parameter.yaml", parameter).unwrap());
    let mut schemas = Schemas::of(Arc::clone(&document), false);
    let place = Place::root(&document);
    let parameter = Parameter::read(&mut schemas, &place).unwrap().unwrap();
    let query = crate::contract::percent::decode_query(text).unwrap();
    let path = [("p", Cow::Borrowed(text))];
    let mut headers = HeaderMap::new();
    headers.insert("p", text.parse().unwrap());
    let given = Given {
        path: &path,
        query: &query,
        query_text: text,
        headers: &headers,
    };
    match parameter.violations(given).unwrap().messages().first() {
        Some(violation) => Err(violation.to_string()),
        None => Ok(()),
    }
}

#[test]
fn what_is_written_is_read_again() {
    for (place, value) in [
        ("in: path", json!(5)),
        ("in: path", json!([1, 2])),
        ("in: path, explode: true", json!({"x": 1, "y": 2})),
        ("in: path, style: label", json!([1, 2])),
        (
            "in: path, style: label, explode: true",
            json!({"x": 1, "y": 2}),
        ),
        ("in: path, style: matrix", json!(5)),
        ("in: path, style: matrix", json!({"x": 1, "y": 2})),
        ("in: path, style: matrix, explode: true", json!([1, 2])),
        ("in: query", json!([1, 2])),
        ("in: query", json!({"x": 1, "y": 2})),
        ("in: query, explode: false", json!({"x": 1, "y": 2})),
        (
            "in: query, style: pipeDelimited, explode: false",
            json!([1, 2]),
        ),
        ("in: query, style: spaceDelimited", json!([1, 2])),
        ("in: query, style: deepObject", json!({"x": 1, "y": 2})),
        (
            "in: path, style: label, explode: true",
            json!({"x": 1.5, "y": 2}),
        ),
        ("in: header", json!({"x": 1, "y": 2})),
        ("in: cookie, explode: false", json!([1, 2])),
        (
            "in: query, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {x: {type: integer}, y: {type: array, items: {type: string}}}}}}",
            json!({"x": 1, "y": ["a b", "c&d"]}),
        ),
    ] {
        let schema = match &value {
            Value::Object(_) => {
                "{type: object, properties: {x: {type: number}, y: {type: integer}}}"
            }
            Value::Array(_) => "{type: array, items: {type: integer}}",
            _ => "{type: integer}",
        };
        let text = format!("{{name: p, {place}, schema: {schema}}}");
        let document = Arc::new(Document::parse("parameter.yaml", text.as_str()).unwrap());
        let mut schemas = Schemas::of(Arc::clone(&document), false);
        let read = Parameter::read(&mut schemas, &Place::root(&document));
        let parameter = read.unwrap().unwrap();
        let written = parameter.write(&value);
        let first = written[0].1.clone();
        let query: Vec<_> = written
            .into_iter()
            .map(|(name, text)| (name.into(), text.into()))
            .collect();
        let mut headers = HeaderMap::new();
        headers.insert("p", first.parse().unwrap());
        headers.insert("cookie", format!("p={first}").parse().unwrap());
        let given = Given {
            path: &[("p", first.into())],
            query: &query,
            query_text: "",
            headers: &headers,
        };
        let read = parameter.value(&parameter.kind, given);
        assert_eq!(read, Ok(Some(value)), "{text}");
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
    for form in [
        "in: query, explode: false",
        "in: query, style: form, explode: false",
    ] {
        let refused = ["p=x,1", "p=x,1,y", "p=1"];
        check(form, POINT, &["p=x,1,y,true"], &refused);
    }
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
        &["p=9223372036854775808", "p=1e20", "p=-9223372036854775809"],
    );
}

#[test]
fn json_in_a_parameter() {
    let content = "content: {application/json: {schema: {type: array, items: {type: integer}}}}";
    check("in: query", content, &["p=[1,2]"], &["p=[\"a\"]", "p=["]);
}

#[test]
fn other_content_in_a_parameter() {
    let form = format!(
        "content: {{application/x-www-form-urlencoded: {{{POINT}, encoding: {{x: {{contentType: application/json}}}}}}}}"
    );
    check(
        "in: query",
        &form,
        &["p=x%3D1%26y%3Dtrue"],
        &["p=x%3D1", "p=1&p=2"],
    );
    check(
        "in: querystring",
        &form,
        &["x=1&y=true"],
        &["p=x%3D1%26y%3Dtrue"],
    );
    check("in: header", &form, &["x=1&y=true"], &["x=1"]);
    let xml = format!("content: {{application/xml: {{{POINT}}}}}");
    let text = "<p><x>1</x><y>true</y></p>";
    check("in: header", &xml, &[text], &["<p><x>1</x></p>", "1"]);
    let text = "content: {application/a: {schema: {type: integer}}}";
    check("in: query", text, &["p=1"], &["p=a"]);
}
