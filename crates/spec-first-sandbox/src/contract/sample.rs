//! A valid request for each operation, as values and as it is written: to test a client, or the sandbox itself.

use std::collections::BTreeMap;

use serde_json::Value;
use spec_first_document::{Direction, Document, Pointer};

use crate::contract::{
    Contract, Operation,
    generation::{Extent, Strategy, generate},
    percent::{decode_query, encode},
    place::Place,
    request_body::RequestBody,
    validation::Schema,
};

/// A valid request of an operation, with every parameter and every member of its body that could be generated.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SampleRequest {
    /// The method, in upper case.
    pub method: String,
    /// The path as the document writes it, with the names of its parameters in braces.
    pub path: String,
    /// The path of the server of the operation, without a trailing slash.
    pub base_path: String,
    /// The parameters with a value.
    pub parameters: Vec<SampleParameter>,
    /// Credentials of the right form; empty if none are required.
    pub credentials: Vec<SampleParameter>,
    /// Whether a body is required.
    pub requires_body: bool,
    /// The body in each media type that the document describes.
    pub bodies: Vec<SampleBody>,
    /// The required parameters and the bodies for which no valid value could be generated, each with the reason.
    pub missing: Vec<String>,
}

/// A parameter with a valid value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SampleParameter {
    /// Where it is sent: `path`, `query`, `header` or `cookie`.
    pub location: &'static str,
    /// Its name.
    pub name: String,
    /// Its value, before it is written as its style says; of XML, the text.
    pub value: Value,
    /// The texts that its style makes of it, each with its name and not percent-encoded: several in a query, otherwise one. One that
    /// is the whole query has no name.
    pub written: Vec<(String, String)>,
    /// Whether it is required.
    pub is_required: bool,
    /// Whether its schema allows numbers, and no text that is not one.
    pub is_number: bool,
}

/// A valid body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SampleBody {
    /// The media type as the document writes it.
    pub media_type: String,
    /// The value, before it is written as JSON or a form; `None` if the sandbox accepts any bytes.
    pub value: Option<Value>,
    /// The body on the wire, and the media type to send it with.
    pub written: (String, String),
}

impl SampleRequest {
    /// The path and the query to send.
    pub fn target(&self) -> String {
        let mut sent = self.path.split('#').next().unwrap_or_default().to_owned();
        for (name, text) in self.written("path") {
            sent = sent.replace(&format!("{{{name}}}"), &encode(text));
        }
        let (path, query) = sent.split_once('?').unwrap_or((&sent, ""));
        let target = format!("{}{path}", self.base_path);
        let pairs = self.written("query");
        let pairs = pairs.map(|(name, text)| match name.as_str() {
            "" => encode(text),
            name => format!("{}={}", encode(name), encode(text)),
        });
        // What is left in braces is a parameter of the query.
        let own = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.contains('{'));
        let query: Vec<String> = own.map(ToOwned::to_owned).chain(pairs).collect();
        match query.is_empty() {
            true => target,
            false => format!("{target}?{}", query.join("&")),
        }
    }

    /// The headers to send, apart from those of the body.
    pub fn headers(&self) -> Vec<(String, String)> {
        let cookies = self.written("cookie");
        let cookies = cookies.map(|(name, text)| format!("{name}={}", encode(text)));
        let cookies: Vec<String> = cookies.collect();
        let headers = self.written("header").cloned();
        let cookie = (!cookies.is_empty()).then(|| ("cookie".to_owned(), cookies.join("; ")));
        headers.chain(cookie).collect()
    }

    fn written(&self, location: &str) -> impl Iterator<Item = &(String, String)> {
        let sent = self.parameters.iter().chain(&self.credentials);
        sent.filter(move |parameter| parameter.location == location)
            .flat_map(|parameter| &parameter.written)
    }
}

impl Contract {
    /// A valid request for each operation, by path and method.
    pub(crate) fn samples(&self) -> Vec<SampleRequest> {
        // An operation is served below several paths if there are several servers.
        let operations = self.all_operations().map(|operation| {
            let documented = operation.documented();
            ((documented.path, documented.method), operation)
        });
        let operations: BTreeMap<_, _> = operations.collect();
        operations
            .into_values()
            .map(|operation| sample(&self.document, operation))
            .collect()
    }
}

fn sample(document: &Document, operation: &Operation) -> SampleRequest {
    let mut missing = Vec::new();
    let mut parameters = Vec::new();
    let credentials = operation.security.sample();
    let path = operation.documented().path;
    let own = path
        .split_once('?')
        .and_then(|(_, query)| decode_query(query));
    let own = own.unwrap_or_default();
    for parameter in &operation.parameters {
        let (location, name) = parameter.location();
        // Some documents describe a credential twice, or a part of the query that the path has already.
        let is_credential = credentials
            .iter()
            .any(|(at, known, _)| *at == location && known.eq_ignore_ascii_case(name));
        let is_of_body = parameter.is_content_encoding() && !parameter.is_required;
        if is_credential
            || is_of_body
            || (location == "query"
                && own
                    .iter()
                    .any(|(known, value)| known == name && !value.starts_with('{')))
        {
            continue;
        }
        // No segment of a path is empty, as that of an object without members would be.
        let is_empty = |value: &Value| {
            let written = parameter.write(value);
            location == "path" && written.iter().all(|(_, text)| text.is_empty())
        };
        match valid(document, parameter.schema(), |value| !is_empty(value)) {
            Ok(value) => {
                let value = value.unwrap_or_else(|| "string".into());
                let written = parameter.write(&value);
                let allows_text = |schema: &Schema| {
                    let violations = schema.violations(&"a".into(), None);
                    violations.is_ok_and(|violations| violations.is_empty())
                };
                let is_number = value.is_number() && !parameter.schema().is_some_and(allows_text);
                if written.is_empty() && parameter.is_required {
                    missing.push(format!(
                        "{location} parameter `{name}`: nothing is sent for it"
                    ));
                }
                parameters.push(SampleParameter {
                    location,
                    name: name.to_owned(),
                    value: match &written[..] {
                        [(_, text)] if parameter.is_xml() => text.as_str().into(),
                        _ => value,
                    },
                    written,
                    is_required: parameter.is_required,
                    is_number,
                });
            }
            Err(reason) if parameter.is_required => {
                missing.push(format!("{location} parameter `{name}`: {reason}"));
            }
            Err(_) => {}
        }
    }
    for name in &operation.path_parameters {
        // In the query that a path is written with, it may also be a parameter of the query.
        let braced = format!("{{{name}}}");
        let is_of_query = own.iter().any(|(_, value)| *value == braced);
        let is_given = |given: &SampleParameter| {
            given.name == *name
                && (given.location == "path" || is_of_query && given.location == "query")
        };
        if !parameters.iter().any(is_given) && missing.is_empty() {
            parameters.push(simple("path", name.clone(), "string".to_owned()));
        }
    }
    let mut bodies = Vec::new();
    for media in operation.body.iter().flat_map(RequestBody::media) {
        let media_type = media.essence();
        match valid(document, media.schema(), |_| true) {
            Ok(value) => bodies.push(SampleBody {
                media_type: media_type.to_owned(),
                written: media.write(value.as_ref()),
                value,
            }),
            Err(reason) => missing.push(format!("body `{media_type}`: {reason}")),
        }
    }
    let credentials = credentials.into_iter();
    let credentials = credentials.map(|(location, name, value)| simple(location, name, value));
    let documented = operation.documented();
    SampleRequest {
        method: documented.method.to_owned(),
        path: documented.path.to_owned(),
        base_path: operation.base_path.clone(),
        parameters,
        credentials: credentials.collect(),
        requires_body: operation
            .body
            .as_ref()
            .is_some_and(RequestBody::is_required),
        bodies,
        missing,
    }
}

/// A value that the document gives as an example of `schema`, or else one that conforms to it.
pub(crate) fn sample_of(document: &Document, schema: &Schema) -> Option<Value> {
    let example = examples(document, schema.pointer()).next();
    example.or_else(|| valid(document, Some(schema), |_| true).ok().flatten())
}

/// A required parameter that is a string.
fn simple(location: &'static str, name: String, value: String) -> SampleParameter {
    SampleParameter {
        location,
        written: vec![(name.clone(), value.clone())],
        name,
        value: value.into(),
        is_required: true,
        is_number: false,
    }
}

/// A value that conforms to `schema` and is usable; `None` without a schema, and if none that conforms is usable.
fn valid(
    document: &Document,
    schema: Option<&Schema>,
    is_usable: impl Fn(&Value) -> bool,
) -> Result<Option<Value>, String> {
    let Some(schema) = schema else {
        return Ok(None);
    };
    let place = Place::at(document, schema.pointer());
    let mut strategies: Vec<_> = Strategy::all(Direction::Request, 0).collect();
    // Everything that a client can set, rather than as little as possible.
    strategies.sort_by_key(|strategy| strategy.extent != Extent::All);
    let generated = strategies
        .into_iter()
        .filter_map(|strategy| generate(place.as_ref()?, strategy));
    let listed = place.iter().flat_map(|place| place.items_of("enum"));
    let listed = listed.map(|value| value.node.to_json());
    let values = generated.chain(examples(document, schema.pointer()));
    let mut reason = None;
    let mut is_known = false;
    for value in values.chain(listed) {
        let violations = schema.violations(&value, None)?;
        // A property that the sandbox ignores is nevertheless not one that a client should send.
        if violations.is_empty() && violations.note().is_none() {
            if is_usable(&value) {
                return Ok(Some(value));
            }
            is_known = true;
        }
        reason.get_or_insert_with(|| violations.messages().join("; "));
    }
    if is_known {
        return Ok(None);
    }
    Err(reason.unwrap_or_else(|| "its schema allows no value that could be generated".to_owned()))
}

/// The examples beside a schema: those of the parameter or media type that it belongs to.
fn examples(document: &Document, schema: &Pointer) -> impl Iterator<Item = Value> {
    let owner = schema
        .parent()
        .and_then(|owner| Place::at(document, &owner));
    let examples = owner.iter().flat_map(Place::examples);
    let examples: Vec<Value> = examples.map(|(_, it)| it.node.to_json()).collect();
    examples.into_iter()
}
