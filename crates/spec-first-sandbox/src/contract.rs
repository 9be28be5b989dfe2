//! The parts of the OpenAPI document that are needed to answer requests. Built once, at startup.

pub(crate) mod answer;
mod coercion;
mod enumerated;
pub(crate) mod evidence;
mod example;
pub(crate) mod expression;
mod forms;
pub(crate) mod generation;
mod int64;
pub(crate) mod mock_resource;
pub(crate) mod negotiation;
pub(crate) mod note;
mod operation;
pub(crate) mod outbound;
pub(crate) mod parameters;
mod pattern;
pub(crate) mod percent;
pub(crate) mod place;
pub(crate) mod redaction;
mod repair;
pub(crate) mod request_body;
pub(crate) mod responses;
pub(crate) mod routes;
pub(crate) mod sample;
pub(crate) mod security;
mod servers;
pub(crate) mod shape;
pub(crate) mod validation;
pub(crate) mod violation;
mod xml;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Arc, OnceLock},
};

use axum::http::StatusCode;
use spec_first_document::{Document, Survey, sent_method};

use crate::{Authentication, Flaw, Options, StartError, flaw::Unservable};
use mock_resource::MockResource;
use outbound::{Outbound, OutboundReader};
use parameters::Parameter;
use place::Place;
use redaction::Redaction;
use request_body::RequestBody;
use responses::{KnownResponses, Responses};
use routes::{Match, Routes};
use security::{Schemes, Security, read_schemes};
use servers::base_paths;
use validation::Schemas;

pub use operation::DocumentedOperation;
pub(crate) use operation::Operation;
pub use sample::{SampleBody, SampleParameter, SampleRequest};

/// Maximum number of operations listed in a message; the rest are counted.
const LISTED: usize = 20;

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    authentication: Authentication,
    /// Whether a document with flaws is rejected.
    is_strict: bool,
    /// Whether the headers of responses are judged.
    judges_headers: bool,
    /// Chooses among generated values.
    seed: u64,
    /// The status that every operation that has it returns.
    fail_with: Option<u16>,
}

impl Reading {
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            authentication: options.authentication,
            is_strict: options.strict,
            judges_headers: options.upstream.is_some(),
            seed: options.seed,
            fail_with: options.fail_with,
        }
    }
}

/// A document that can be served.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The path of the first server, without a trailing slash.
    pub(crate) base_path: String,
    pub(crate) redaction: Redaction,
    /// Chooses among generated values.
    pub(crate) seed: u64,
    /// Which credentials are required.
    pub(crate) authentication: Authentication,
    /// The names of the fields with an `enum`, for the faults.
    enumerated_fields: OnceLock<HashSet<String>>,
    pub(crate) document: Arc<Document>,
    /// Problems outside of schemas and references that were worked around.
    structural_flaws: Vec<Flaw>,
    flaws: OnceLock<Vec<Flaw>>,
    schemas: Schemas,
    pub(crate) webhooks: Vec<Outbound>,
    pub(crate) routes: Routes,
    /// Operations by method, indexed by the form of their path ([`routes::Route::form`]).
    forms: Vec<BTreeMap<String, Operation>>,
    /// The documented operations in one line, for messages.
    pub(crate) description: String,
}

impl Contract {
    /// Reads a document, and checks that what the options refer to is in it.
    pub(crate) fn serve(document: Document, reading: Reading) -> Result<Self, StartError> {
        let contract = Self::read(document, reading)?;
        let Reading {
            authentication,
            fail_with,
            ..
        } = reading;
        if let Some(status) = fail_with.filter(|it| !contract.describes(*it)) {
            return Err(StartError::UndocumentedStatus { status });
        }
        if !contract.is_satisfiable() {
            return Err(StartError::UndocumentedAuthentication { authentication });
        }
        Ok(contract)
    }

    fn read(document: Document, reading: Reading) -> Result<Self, Unservable> {
        let Reading {
            authentication,
            is_strict,
            judges_headers,
            seed,
            ..
        } = reading;
        let document = Arc::new(document);
        document.declared_version()?;
        let mut flaws = Vec::new();
        if let Some(unread) = document.unread_reference() {
            return Err(unread.into());
        }
        let mut schemas = Schemas::of(Arc::clone(&document), is_strict);
        (schemas.judges_headers, schemas.seed) = (judges_headers, seed);
        let root = Place::root(&document);
        let schemes = read_schemes(&document, &mut flaws);
        let mut reader = Reader {
            security: Security::of(&schemes, &root, authentication, &mut flaws),
            schemes,
            schemas,
            responses: KnownResponses::new(),
            document: &document,
            authentication,
            flaws,
        };
        let root_bases = base_paths(&[&root]);
        let mut aliases = Vec::new();
        let mut routes = Routes::default();
        let mut forms: Vec<BTreeMap<String, Operation>> = Vec::new();
        let mut listed = Vec::new();
        let mut shortened = BTreeSet::new();
        for (path, written) in root.entries_of("paths") {
            if path.starts_with("x-") {
                continue;
            }
            let Some(item) = written.resolve() else {
                continue;
            };
            for (own_method, place) in item.operations() {
                // The servers of an operation override those of its path, which override those of the document.
                // Clients do not send fragments.
                let sent = path.split('#').next().unwrap_or(path);
                let mut bases = base_paths(&[&place, &item, &root]);
                bases.resize(bases.len().max(1), String::new());
                let template = format!("{}{sent}", bases[0]);
                let Ok(route) = routes.insert(&template) else {
                    reader.flaws.push(unroutable(&written));
                    break;
                };
                forms.resize_with(forms.len().max(route.form + 1), BTreeMap::new);
                let operation =
                    reader.operation(path, own_method, &place, &item, route.names, &bases[0]);
                let method = sent_method(own_method);
                listed.push(format!("`{method} {template}`"));
                let own_base = bases[0].clone();
                // A client that is given one URL for all servers sends everything below the same path.
                bases.extend(root_bases.iter().cloned());
                let others: BTreeSet<_> = bases.drain(1..).collect();
                let others = others.into_iter().map(|base| format!("{base}{sent}"));
                let others: Vec<_> = others.filter(|other| *other != template).collect();
                let own = (path, own_method, place.clone(), item.clone());
                aliases.push((own, own_base, route.form, others));
                let key = (route.form, method.clone());
                // Paths may differ only in what is dropped, or in parameter names, which OpenAPI forbids; real documents have one path for
                // each method, or one for each form of the values.
                let is_shortened = sent.len() < path.len();
                let served = forms[route.form].get_mut(&method);
                if let Some(served) = served.filter(|_| is_shortened || !shortened.remove(&key)) {
                    reader.flaws.push(ambiguous(&place));
                    served.alternatives.push(operation);
                    continue;
                }
                if is_shortened {
                    shortened.insert(key);
                }
                forms[route.form].insert(method, operation);
            }
        }
        // Where an operation is served again, and the form of its own path.
        let mut origins = BTreeMap::new();
        for ((path, own_method, place, item), own_base, own_form, templates) in aliases {
            let method = sent_method(own_method);
            let is_this = |operation: &Operation| operation.pointer == place.pointer;
            if !forms[own_form][&method].with_alternatives().any(is_this) {
                continue;
            }
            for template in templates {
                let Ok(route) = routes.insert(&template) else {
                    continue;
                };
                forms.resize_with(forms.len().max(route.form + 1), BTreeMap::new);
                let key = (route.form, method.clone());
                let known = forms[route.form].get_mut(&method);
                // An operation whose own path this is comes first, and so does one of another path that is served here.
                if known.is_some() && origins.get(&key) != Some(&own_form) {
                    continue;
                }
                origins.insert(key, own_form);
                let operation =
                    reader.operation(path, own_method, &place, &item, route.names, &own_base);
                match known {
                    Some(known) => known.alternatives.push(operation),
                    None => _ = forms[route.form].insert(method.clone(), operation),
                }
            }
        }
        let mut outbound = OutboundReader {
            document: reader.document,
            schemas: &mut reader.schemas,
            flaws: &mut reader.flaws,
        };
        let webhooks = outbound.webhooks(&root);
        let contract = Self {
            webhooks,
            structural_flaws: reader.flaws,
            flaws: OnceLock::new(),
            schemas: reader.schemas,
            base_path: root_bases.into_iter().next().unwrap_or_default(),
            seed,
            authentication,
            enumerated_fields: OnceLock::new(),
            document: Arc::clone(&document),
            redaction: Redaction::of(&document, reader.schemes.values().flatten()),
            routes,
            forms,
            description: describe(&listed),
        };
        if is_strict && let Some(first) = contract.flaws().first() {
            return Err(first.clone().into());
        }
        Ok(contract)
    }

    /// Problems in the document that were worked around. They are searched for when they are first asked for, since that takes
    /// longer than to begin serving.
    pub(crate) fn flaws(&self) -> &[Flaw] {
        self.flaws.get_or_init(|| {
            let unreadable = Survey::of(&self.document).unreadable();
            let mut flaws: Vec<Flaw> = unreadable.into_iter().map(Flaw::from).collect();
            flaws.extend(self.structural_flaws.iter().cloned());
            flaws.extend(self.schemas.flaws());
            // A flaw in a shared component is found once for each operation that uses it.
            let mut known = HashSet::new();
            flaws.retain(|flaw| known.insert(flaw.to_string()));
            flaws
        })
    }

    /// The names of the fields with an `enum`.
    pub(crate) fn enumerated_fields(&self) -> &HashSet<String> {
        let found = || enumerated::enumerated_fields(&Survey::of(&self.document));
        self.enumerated_fields.get_or_init(found)
    }

    /// The documented operations of a path, by method.
    pub(crate) fn operations(&self, found: &Match<'_>) -> &BTreeMap<String, Operation> {
        &self.forms[found.form]
    }

    pub(crate) fn operation_names(&self) -> BTreeSet<Arc<str>> {
        self.all_operations()
            .map(|operation| Arc::clone(&operation.name))
            .collect()
    }

    /// The names of the examples of all responses.
    pub(crate) fn example_names(&self) -> BTreeSet<&str> {
        self.all_operations()
            .flat_map(|operation| operation.responses.example_names())
            .collect()
    }

    pub(crate) fn is_stateful(&self) -> bool {
        self.all_operations().any(|operation| operation.is_stateful)
    }

    /// Marks the operations that a state handles.
    pub(crate) fn find_stateful(&mut self, handles: impl Fn(DocumentedOperation<'_>) -> bool) {
        for operation in self.forms.iter_mut().flat_map(BTreeMap::values_mut) {
            operation.is_stateful = handles(operation.documented());
            for operation in &mut operation.alternatives {
                operation.is_stateful = handles(operation.documented());
            }
        }
    }

    /// All operations, in no particular order.
    pub(crate) fn all_operations(&self) -> impl Iterator<Item = &Operation> {
        let operations = self.forms.iter().flat_map(BTreeMap::values);
        operations.flat_map(Operation::with_alternatives)
    }

    /// Whether an operation defines a response with this status. An informational status does not end an exchange.
    fn describes(&self, status: u16) -> bool {
        StatusCode::from_u16(status).is_ok_and(|status| {
            !status.is_informational()
                && self
                    .all_operations()
                    .any(|operation| operation.responses.describe(status))
        })
    }

    /// Whether there is a request that is not rejected for its credentials.
    fn is_satisfiable(&self) -> bool {
        let mut operations = self.all_operations().peekable();
        operations.peek().is_none()
            || operations.any(|operation| operation.security.is_satisfiable(self.authentication))
    }
}

/// The state needed to read the operations of a document.
struct Reader<'a> {
    document: &'a Arc<Document>,
    authentication: Authentication,
    schemes: Schemes,
    /// The requirements of operations that have none.
    security: Security,
    schemas: Schemas,
    responses: KnownResponses,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn operation(
        &mut self,
        path: &str,
        method: &str,
        place: &Place<'_>,
        item: &Place<'_>,
        path_parameters: Vec<String>,
        base_path: &str,
    ) -> Operation {
        let operation_id = place.text("operationId");
        let name =
            operation_id.map_or_else(|| format!("{} {path}", sent_method(method)), str::to_owned);
        let (schemas, flaws) = (&mut self.schemas, &mut self.flaws);
        let authentication = self.authentication;
        let mut outbound = OutboundReader {
            document: self.document,
            schemas: &mut *schemas,
            flaws: &mut *flaws,
        };
        Operation {
            accepted: Parameter::accept_of(place, item),
            alternatives: Vec::new(),
            callbacks: outbound.callbacks(place),
            mock_resource: MockResource::of(item, place, flaws),
            name: name.into(),
            security: match place.get("security") {
                Some(_) => Security::of(&self.schemes, place, authentication, flaws),
                None => self.security.clone(),
            },
            parameters: Parameter::all_of(schemas, place, item, &path_parameters, flaws),
            path_parameters,
            body: RequestBody::of(schemas, place),
            responses: Responses::of(self.document, schemas, &mut self.responses, place, flaws),
            is_stateful: false,
            pointer: place.pointer.clone(),
            id: operation_id.map(Box::from),
            method: sent_method(method),
            path: path.into(),
            base_path: base_path.to_owned(),
        }
    }
}

fn unroutable(path: &Place<'_>) -> Flaw {
    path.flaw(
        "this path is not served: a segment has adjacent parameters or an unmatched brace",
        "put text between the parameters, as in `/{base}...{head}`",
    )
}

fn ambiguous(operation: &Place<'_>) -> Flaw {
    operation.flaw(
        "this operation is served only for requests that it fits better than another one does: their paths differ only in parameter names, query or fragment",
        "define both under one path; only the segments of a path, the parameters and the body distinguish it from others",
    )
}

fn describe(listed: &[String]) -> String {
    if listed.is_empty() {
        return "the document defines no operations".to_owned();
    }
    let shown = listed[..listed.len().min(LISTED)].join(", ");
    match listed.len().saturating_sub(LISTED) {
        0 => format!("the document defines {shown}"),
        more => format!("the document defines {shown} and {more} more"),
    }
}
