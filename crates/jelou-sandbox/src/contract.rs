//! What the document says, in the form that answering needs. Made once, when the sandbox starts.

mod forms;
mod generation;
pub(crate) mod negotiation;
pub(crate) mod note;
pub(crate) mod parameters;
mod pattern;
pub(crate) mod percent;
mod place;
pub(crate) mod request_body;
pub(crate) mod responses;
pub(crate) mod routes;
pub(crate) mod security;
mod texts;
pub(crate) mod validation;
pub(crate) mod violation;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use axum::http::StatusCode;
use openapi_document::{Content, Document, METHODS, Node, Pointer, Source};

use crate::{
    Authentication, Options, StartError, faults,
    record::redaction::Redaction,
    state::operations::{self, Handler},
};
use parameters::Parameter;
use place::Place;
use request_body::RequestBody;
use responses::{KnownResponses, Responses};
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
    /// Which credentials are asked for.
    pub(crate) authentication: Authentication,
    /// The fields that have an `enum`, for the faults.
    pub(crate) enumerated_fields: HashSet<String>,
    /// The document as it was written.
    pub(crate) source: Arc<Source>,
    routes: Routes,
    /// The operations of each form of paths, by method; `routes` has the forms.
    forms: Vec<BTreeMap<String, Operation>>,
    /// What the document describes, in one line for messages.
    description: String,
}

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its `operationId`, or else its method and path.
    pub(crate) name: Arc<str>,
    /// The names of the parameters in its path, in their order.
    pub(crate) path_parameters: Vec<String>,
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
        let document = Arc::new(document);
        check_version(&document)?;
        check_references(&document)?;
        let mut reader = Reader {
            schemes: read_schemes(&document)?,
            schemas: Schemas::of(Arc::clone(&document)),
            responses: KnownResponses::new(),
            document: &document,
            options,
        };
        let root = Place::root(&document);
        let base_path = base_path(&[&root]);
        let mut routes = Routes::default();
        let mut forms: Vec<BTreeMap<String, Operation>> = Vec::new();
        let mut listed = Vec::new();
        let mut by_fragment = BTreeSet::new();
        for (path, written) in root.entries_of("paths") {
            if path.starts_with("x-") {
                continue;
            }
            let item = written.resolve().ok_or_else(|| {
                let help = "let it lead to a path item in this document";
                written.error("this reference leads nowhere", help)
            })?;
            for (method, place) in item.entries() {
                if !METHODS.contains(&method) {
                    continue;
                }
                // The servers of an operation replace those of its path, and these replace those of the document.
                // Clients do not send what follows a `#`.
                let sent = path.split('#').next().unwrap_or(path);
                let template = format!("{}{sent}", self::base_path(&[&place, &item, &root]));
                let route = routes.insert(&template);
                let route = route.map_err(|Unroutable| unroutable(&written))?;
                forms.resize_with(forms.len().max(route.form + 1), BTreeMap::new);
                let operation = reader.operation(path, method, &place, &item, route.names)?;
                let method = method.to_uppercase();
                listed.push(format!("`{method} {template}`"));
                let key = (route.form, method.clone());
                let has_fragment = sent.len() < path.len();
                if has_fragment {
                    // Of operations that only a fragment tells apart, the first one answers.
                    if forms[route.form].contains_key(&method) {
                        continue;
                    }
                    by_fragment.insert(key.clone());
                }
                // OpenAPI allows one template of a form; real documents have one for each method.
                let earlier = forms[route.form].insert(method, operation);
                if !has_fragment && earlier.is_some() && !by_fragment.remove(&key) {
                    return Err(ambiguous(&place));
                }
            }
        }
        reader.schemas.check()?;
        let contract = Self {
            base_path,
            authentication: options.authentication,
            enumerated_fields: faults::enumerated_fields(&document),
            source: Arc::clone(document.source()),
            redaction: Redaction::of(&document, reader.schemes.values()),
            routes,
            forms,
            description: describe(&listed),
        };
        contract.check(options)?;
        Ok(contract)
    }

    /// The path that a request means.
    pub(crate) fn find<'a>(&'a self, path: &'a str) -> Result<Option<Match<'a>>, MalformedPath> {
        self.routes.find(path)
    }

    /// The operations that the document describes for a path, by method.
    pub(crate) fn operations(&self, found: &Match<'_>) -> &BTreeMap<String, Operation> {
        &self.forms[found.form]
    }

    /// The names of all operations.
    pub(crate) fn operation_names(&self) -> BTreeSet<Arc<str>> {
        let operations = self.forms.iter().flat_map(BTreeMap::values);
        operations
            .map(|operation| Arc::clone(&operation.name))
            .collect()
    }

    /// What the document describes, in one line for messages.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// Whether the document has what the options ask for.
    fn check(&self, options: &Options) -> Result<(), StartError> {
        let operations = || self.forms.iter().flat_map(BTreeMap::values);
        if let Some(status) = options.fail_with {
            let is_described = StatusCode::from_u16(status)
                .is_ok_and(|status| operations().any(|it| it.responses.describe(status)));
            if !is_described {
                return Err(StartError::UndocumentedStatus { status });
            }
        }
        let is_empty = operations().next().is_none();
        if is_empty || operations().any(|operation| operation.security.is_satisfiable()) {
            return Ok(());
        }
        Err(StartError::UndocumentedAuthentication {
            authentication: options.authentication,
        })
    }
}

/// What reading the operations of a document takes.
struct Reader<'a> {
    document: &'a Arc<Document>,
    options: &'a Options,
    schemes: HashMap<String, Scheme>,
    schemas: Schemas,
    responses: KnownResponses,
}

impl Reader<'_> {
    fn operation(
        &mut self,
        path: &str,
        method: &str,
        place: &Place<'_>,
        item: &Place<'_>,
        path_parameters: Vec<String>,
    ) -> Result<Operation, StartError> {
        let operation_id = place.text("operationId");
        let name = operation_id.map_or_else(
            || format!("{} {path}", method.to_uppercase()),
            str::to_owned,
        );
        let (root, schemas) = (Place::root(self.document), &mut self.schemas);
        let authentication = self.options.authentication;
        Ok(Operation {
            name: name.into(),
            path_parameters,
            security: Security::of(&root, &self.schemes, place, authentication)?,
            parameters: Parameter::all_of(schemas, place, item)?,
            body: RequestBody::of(schemas, place)?,
            responses: Responses::of(self.document, schemas, &mut self.responses, place)?,
            handler: operation_id.and_then(|id| operations::handler(id, path)),
        })
    }
}

fn check_version(document: &Document) -> Result<(), StartError> {
    let version = document.root().get("openapi").and_then(Node::as_str);
    if version.is_some_and(|version| version.starts_with("3.0")) {
        return Ok(());
    }
    let is_swagger = document.root().get("swagger").is_some();
    let help = match version {
        Some(version) if version.starts_with("3.") => {
            "convert it to OpenAPI 3.0; if it uses nothing newer, begin it with `openapi: 3.0.3`"
        }
        _ if is_swagger => "convert it from Swagger 2.0 to OpenAPI 3.0",
        _ => "begin it with `openapi: 3.0.3`",
    };
    let field = if is_swagger { "swagger" } else { "openapi" };
    Err(StartError::at(
        document,
        &Pointer::root().child(field),
        "this is not an OpenAPI 3.0 document",
        help,
    ))
}

/// Every reference must lead to something in the document; what stands in an example is no reference.
fn check_references(document: &Document) -> Result<(), StartError> {
    let mut open = vec![Place::root(document)];
    while let Some(place) = open.pop() {
        if place.text("$ref").is_some() && place.resolve().is_none() {
            return Err(place.error(
                "this reference leads nowhere",
                "let it lead to a part of this document that is no reference in a circle; put a document of several files into one first",
            ));
        }
        match &place.node.content {
            Content::Mapping(_) => {
                let members = place.entries();
                let members = members.filter(|(key, _)| {
                    !key.starts_with("x-")
                        && !["example", "examples", "default", "enum"].contains(key)
                });
                open.extend(members.map(|(_, member)| member));
            }
            Content::Sequence(_) => open.extend(place.items()),
            _ => {}
        }
    }
    Ok(())
}

/// The path of the first server of the first of `owners` that has one, with its variables at their defaults.
fn base_path(owners: &[&Place<'_>]) -> String {
    let mut servers = owners.iter().map(|owner| owner.items_of("servers"));
    let Some(server) = servers.find_map(|servers| servers.into_iter().next()) else {
        return String::new();
    };
    let mut url = server.text("url").unwrap_or_default().to_owned();
    for (name, variable) in server.entries_of("variables") {
        let default = variable.text("default").unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
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

fn unroutable(path: &Place<'_>) -> StartError {
    path.error(
        "a segment of this path has parameters without a text between them, or a brace without its partner",
        "put a text between two parameters, as in `/{base}...{head}`",
    )
}

fn ambiguous(operation: &Place<'_>) -> StartError {
    operation.error(
        "another path of the document has the same form, and this method too",
        "describe both in one path; the names of parameters do not tell paths apart",
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
        assert_eq!(base_path(&[&Place::root(&document)]), expected, "{server}");
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
