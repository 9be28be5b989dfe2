//! What the document says, in the form that answering needs. Made once, when the sandbox starts.

pub(crate) mod parameters;
pub(crate) mod percent;
pub(crate) mod request_body;
pub(crate) mod responses;
pub(crate) mod routes;
pub(crate) mod security;
pub(crate) mod validation;

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use openapi_document::{Document, Node, OperationNode, Pointer};

use crate::{
    Options, StartError,
    record::redaction::Redaction,
    state::integrations::{self, Handler},
};
use parameters::Parameter;
use request_body::RequestBody;
use responses::Responses;
use routes::{MalformedPath, Match, Routes, Unroutable};
use security::{Scheme, Security, read_schemes};
use validation::Schemas;

/// How many operations a message lists before it only counts the rest.
const LISTED: usize = 20;

/// A document that can be served.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The path of the first server, without a slash at its end.
    pub(crate) base_path: String,
    pub(crate) redaction: Redaction,
    routes: Routes,
    /// The operations of each path, in the order in which the paths were added to `routes`.
    paths: Vec<BTreeMap<String, Operation>>,
    /// What the document describes, in one line for messages.
    description: String,
}

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its `operationId`, or else its method and path.
    pub(crate) name: String,
    pub(crate) security: Security,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) responses: Responses,
    /// What answers it, where an example cannot.
    pub(crate) handler: Option<Handler>,
}

impl Contract {
    pub(crate) fn read(options: &Options) -> Result<Self, StartError> {
        let document = Document::parse(&options.document_name, &options.document_text)?;
        check_version(&document)?;
        document.typed()?;
        let schemes = read_schemes(&document)?;
        let mut schemas = Schemas::of(&document);
        let base_path = base_path(&document);
        let mut routes = Routes::default();
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut paths: Vec<BTreeMap<String, Operation>> = Vec::new();
        let mut listed = Vec::new();
        for operation in document.operations() {
            let template = format!("{base_path}{}", operation.path);
            let path = match numbers.get(operation.path) {
                Some(&path) => path,
                None => {
                    let path = routes
                        .insert(&template)
                        .map_err(|reason| unroutable(&document, operation.path, reason))?;
                    numbers.insert(operation.path, path);
                    paths.push(BTreeMap::new());
                    path
                }
            };
            let method = operation.method.to_uppercase();
            listed.push(format!("`{method} {template}`"));
            paths[path].insert(method, Operation::read(&mut schemas, &schemes, &operation)?);
        }
        if let Some(status) = options.fail_with {
            let is_described = StatusCode::from_u16(status).is_ok_and(|status| {
                let mut operations = paths.iter().flat_map(BTreeMap::values);
                operations.any(|operation| operation.responses.describe(status))
            });
            if !is_described {
                return Err(StartError::UndocumentedStatus { status });
            }
        }
        Ok(Self {
            base_path,
            redaction: Redaction::of(&document, schemes.values()),
            routes,
            paths,
            description: describe(&listed),
        })
    }

    /// The path that a request means.
    pub(crate) fn find(&self, path: &str) -> Result<Option<Match>, MalformedPath> {
        self.routes.find(path)
    }

    /// The operations that the document describes for a path, by method.
    pub(crate) fn operations(&self, found: &Match) -> &BTreeMap<String, Operation> {
        &self.paths[found.path]
    }

    /// What the document describes, in one line for messages.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }
}

impl Operation {
    fn read(
        schemas: &mut Schemas<'_>,
        schemes: &HashMap<String, Scheme>,
        operation: &OperationNode<'_>,
    ) -> Result<Self, StartError> {
        let operation_id = operation.node.get("operationId").and_then(Node::as_str);
        Ok(Self {
            name: operation.name(),
            security: Security::of(schemas.document(), schemes, operation)?,
            parameters: Parameter::all_of(schemas, operation)?,
            body: RequestBody::of(schemas, operation)?,
            responses: Responses::of(schemas, operation)?,
            handler: operation_id.and_then(|id| integrations::handler(id, operation.path)),
        })
    }
}

fn check_version(document: &Document) -> Result<(), StartError> {
    let version = document.root().get("openapi").and_then(Node::as_str);
    if version.is_some_and(|version| version.starts_with("3.0")) {
        return Ok(());
    }
    Err(StartError::at(
        document,
        &Pointer::root().child("openapi"),
        "this is not an OpenAPI 3.0 document",
        "begin it with `openapi: 3.0.3`",
    ))
}

/// The path of the first server, with its variables at their defaults.
fn base_path(document: &Document) -> String {
    let servers = document.root().get("servers").map_or(&[][..], Node::items);
    let Some(server) = servers.first() else {
        return String::new();
    };
    let mut url = server
        .get("url")
        .and_then(Node::as_str)
        .unwrap_or_default()
        .to_owned();
    for variable in server.get("variables").map_or(&[][..], Node::entries) {
        let default = variable.value.get("default").and_then(Node::as_str);
        url = url.replace(
            &format!("{{{}}}", variable.key),
            default.unwrap_or_default(),
        );
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url.as_str(),
    };
    let path = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_matches('/');
    if path.is_empty() {
        String::new()
    } else {
        format!("/{path}")
    }
}

fn unroutable(document: &Document, path: &str, reason: Unroutable) -> StartError {
    let (message, help) = match reason {
        Unroutable::Duplicate => (
            "another path of the document has the same form",
            "describe both in one path; the names of parameters do not tell paths apart",
        ),
        Unroutable::Segment => (
            "a segment of this path has more than one parameter, or a brace without its partner",
            "give each segment at most one parameter, as in `/{id}` or `/{id}.json`",
        ),
    };
    StartError::at(
        document,
        &Pointer::root().child("paths").child(path),
        message,
        help,
    )
}

fn describe(listed: &[String]) -> String {
    if listed.is_empty() {
        return "the document describes no operation".to_owned();
    }
    let shown = listed[..listed.len().min(LISTED)].join(", ");
    match listed.len().saturating_sub(LISTED) {
        0 => format!("the document describes {shown}"),
        more => format!("the document describes {shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(server: &str, expected: &str) {
        let text = format!("openapi: 3.0.3\nservers: [{server}]\n");
        let document = Document::parse("servers.yaml", &text).unwrap();
        assert_eq!(base_path(&document), expected, "{server}");
    }

    #[test]
    fn the_base_path_is_that_of_the_first_server() {
        check("{url: 'https://gateway.jelou.ai/jelouapi'}", "/jelouapi");
        check("{url: 'https://a.example/v1/x/'}, {url: /other}", "/v1/x");
        check("{url: /relative}", "/relative");
        check("{url: 'https://a.example'}", "");
        check("{url: /}", "");
        check("", "");
        check(
            "{url: 'https://{host}/{stage}', variables: {host: {default: a.example}, stage: {default: live}}}",
            "/live",
        );
    }
}
