//! Compares facts with the OpenAPI document.

mod judgement;
pub(super) mod schemas;

use spec_first_document::{Document, OperationNode, Pointer};

use super::facts::{self, Fact, bare};
use super::values::{base_path, is_same_url, path_template};
use schemas::{Place, Schemas};

/// Whether the document agrees with a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Agreement {
    /// The document says the same at this pointer.
    Agrees(Pointer),
    /// The document says something else, or nothing.
    Disagrees {
        /// Where it should agree.
        pointer: Pointer,
        /// What it says instead, in a few words.
        found: String,
    },
    /// A document cannot express the fact, for example whom a key belongs to.
    CannotSay,
}

/// The part of an OpenAPI document that a page describes.
#[derive(Clone, Debug)]
pub struct Contract<'a> {
    document: &'a Document,
    operation: OperationNode<'a>,
    /// The operations by the qualifier of their sections, if the page describes several.
    operations: Vec<(String, OperationNode<'a>)>,
}

impl<'a> Contract<'a> {
    /// Finds the operation that the facts describe, by method and path; `None` if the document does not have it.
    pub fn of(document: &'a Document, facts: &[Fact]) -> Option<Self> {
        let of = |(method, path): (&str, String)| {
            let fits = |operation: &OperationNode<'_>| {
                let template = path_template(operation.path);
                operation.method.eq_ignore_ascii_case(method)
                    && base_path(&path, &template).is_some()
            };
            let fitting = document.operations().filter(fits);
            fitting.max_by_key(|operation| operation.path.len())
        };
        let operation = facts::operations(facts).into_iter().find_map(of)?;
        let mut operations: Vec<(String, OperationNode<'a>)> = Vec::new();
        for name in facts.iter().filter_map(Fact::operation) {
            if operations.iter().any(|(known, _)| known == name) {
                continue;
            }
            let own = facts.iter().filter(|fact| fact.operation() == Some(name));
            let own: Vec<Fact> = own.cloned().collect();
            if let Some(operation) = facts::operations(&own).into_iter().find_map(of) {
                operations.push((name.to_owned(), operation));
            }
        }
        Some(Self {
            document,
            operation,
            operations,
        })
    }

    /// The contract of the operation that qualifies a fact.
    fn of_fact(&self, fact: &Fact) -> Option<Self> {
        let name = fact.operation()?;
        let (_, operation) = self.operations.iter().find(|(known, _)| known == name)?;
        Some(Self {
            document: self.document,
            operation: *operation,
            operations: Vec::new(),
        })
    }

    /// The pointer to the operation.
    pub fn pointer(&self) -> Pointer {
        self.operation.pointer()
    }

    /// Compares a fact with the document.
    pub fn judge(&self, fact: &Fact) -> Agreement {
        match (fact.operation(), self.of_fact(fact)) {
            (None, _) => self.judge_own(fact),
            (Some(_), Some(contract)) => contract.judge_own(fact),
            (Some(_), None) => Self::disagrees(Pointer::root().child("paths"), "no such operation"),
        }
    }

    fn judge_own(&self, fact: &Fact) -> Agreement {
        match fact.kind() {
            "method" => {
                let is_same = fact
                    .value
                    .as_str()
                    .is_some_and(|method| method.eq_ignore_ascii_case(self.operation.method));
                match is_same {
                    true => Agreement::Agrees(self.pointer()),
                    false => Self::disagrees(self.pointer(), self.operation.method.to_uppercase()),
                }
            }
            "path" => self.path(fact),
            "url" if bare(fact.section()) == "documentation-index" => Agreement::CannotSay,
            "url" => self.url(fact),
            "status" => self.status(fact),
            "media-type" => self.media_type(bare(fact.section()) == "response", fact.name()),
            "header" | "credential" | "scheme" | "place" => self.header(fact),
            "field" | "nullable" | "required" | "enum" | "example" | "default" | "constraint"
            | "deprecated" | "limit" => self.field(fact),
            "member" => self.member(fact),
            _ => Agreement::CannotSay,
        }
    }

    /// Where the document declares the field or member of a fact.
    pub(super) fn place(&self, fact: &Fact) -> Option<Pointer> {
        let is_response = match (fact.kind(), bare(fact.section())) {
            ("field", "body-parameters" | "body")
            | ("member", "request-example" | "sample-request") => false,
            ("field", "response-fields" | "response")
            | ("member", "response-example" | "sample-response") => true,
            _ => return None,
        };
        let contract = self.of_fact(fact);
        let contract = contract.as_ref().unwrap_or(self);
        contract.bodies(is_response).named_at(fact.name())
    }

    fn disagrees(pointer: Pointer, found: impl Into<String>) -> Agreement {
        Agreement::Disagrees {
            pointer,
            found: found.into(),
        }
    }

    fn path(&self, fact: &Fact) -> Agreement {
        let stated = path_template(fact.value.as_str().unwrap_or_default());
        match is_same_url(&stated, &path_template(self.operation.path)) {
            true => Agreement::Agrees(self.operation.path_item_pointer()),
            false => Self::disagrees(self.operation.path_item_pointer(), self.operation.path),
        }
    }

    fn url(&self, fact: &Fact) -> Agreement {
        let stated = super::values::url_template(fact.value.as_str().unwrap_or_default());
        let root = self.document.root();
        let holders = [
            (self.operation.node, self.pointer()),
            (self.operation.path_item, self.operation.path_item_pointer()),
            (root, Pointer::root()),
        ];
        let holder = holders
            .into_iter()
            .find(|(node, _)| node.get("servers").is_some());
        let Some((node, pointer)) = holder else {
            return Self::disagrees(Pointer::root().child("servers"), "no server");
        };
        let pointer = pointer.child("servers");
        let path = path_template(self.operation.path);
        let mut servers = Vec::new();
        for (index, server) in node.items_of("servers").iter().enumerate() {
            let url = server
                .str_of("url")
                .unwrap_or_default()
                .trim_end_matches('/');
            if is_same_url(
                &format!("{}{path}", super::values::url_template(url)),
                &stated,
            ) {
                return Agreement::Agrees(pointer.child(index).child("url"));
            }
            servers.push(format!("`{url}`"));
        }
        Self::disagrees(pointer, servers.join(", "))
    }

    fn status(&self, fact: &Fact) -> Agreement {
        let code = fact.name().split('~').next().unwrap_or_default();
        let pointer = self.pointer().child("responses").child(code);
        let responses = self.operation.node.get("responses");
        let range = format!("{}XX", code.get(..1).unwrap_or_default());
        match responses.and_then(|responses| responses.get(code).or_else(|| responses.get(&range)))
        {
            Some(_) => Agreement::Agrees(pointer),
            None => Self::disagrees(pointer, "no such response"),
        }
    }

    /// The content of the request or of the successful responses.
    fn contents(&self, is_response: bool) -> Vec<Place<'a>> {
        let operation = self.pointer();
        let mut holders = Vec::new();
        if is_response {
            let successes = self.operation.node.entries_of("responses").iter();
            for entry in
                successes.filter(|entry| entry.key.starts_with('2') || entry.key == "default")
            {
                holders.push((operation.child("responses").child(entry.key), entry.value));
            }
        } else if let Some(body) = self.operation.node.get("requestBody") {
            holders.push((operation.child("requestBody"), body));
        }
        let resolved = holders
            .into_iter()
            .filter_map(|(pointer, node)| schemas::resolve(self.document, pointer, node));
        let contents = resolved.filter_map(|(pointer, node)| {
            Some(Place::new(pointer.child("content"), node.get("content")?))
        });
        contents.collect()
    }

    fn media_type(&self, is_response: bool, stated: &str) -> Agreement {
        let contents = self.contents(is_response);
        let Some(first) = contents.first() else {
            return Self::disagrees(self.pointer(), "no content");
        };
        let plain = |text: &str| {
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase()
        };
        for content in &contents {
            if let Some(entry) = content
                .node
                .entries()
                .iter()
                .find(|entry| plain(entry.key) == plain(stated))
            {
                return Agreement::Agrees(content.pointer.child(entry.key));
            }
        }
        let names: Vec<String> = first
            .node
            .entries()
            .iter()
            .map(|entry| format!("`{}`", entry.key))
            .collect();
        Self::disagrees(first.pointer.clone(), names.join(", "))
    }

    /// Compares a header: a media type, a credential or a parameter.
    fn header(&self, fact: &Fact) -> Agreement {
        let name = fact
            .name()
            .split('~')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if fact.kind() == "place" && fact.value != "header" {
            return self.field(fact);
        }
        let value = fact.value.as_str().unwrap_or_default();
        if name == "content-type" {
            return self.media_type(false, value);
        }
        let scheme = match fact.kind() {
            "scheme" => Some(value.to_lowercase()),
            "header" if name == "authorization" => value
                .split_once(' ')
                .map(|(scheme, _)| scheme.to_lowercase()),
            _ => None,
        };
        if let Some(pointer) = self.security_scheme(&name, scheme.as_deref()) {
            return Agreement::Agrees(pointer);
        }
        match self.parameter("header", &name) {
            Some(parameter) => Agreement::Agrees(parameter.pointer),
            None => Self::disagrees(
                self.pointer().child("security"),
                "no such credential or header",
            ),
        }
    }

    /// The security scheme in use that sends its credential in this header.
    fn security_scheme(&self, header: &str, scheme: Option<&str>) -> Option<Pointer> {
        let own = self.operation.node.get("security");
        let requirements = own.or_else(|| self.document.root().get("security"))?;
        let all = Pointer::root().child("components").child("securitySchemes");
        for requirement in requirements.items() {
            for entry in requirement.entries() {
                let pointer = all.child(entry.key);
                let Some(node) = self
                    .document
                    .node(&pointer)
                    .and_then(|node| self.document.resolve(node))
                else {
                    continue;
                };
                let is_it = match node.str_of("type") {
                    Some("apiKey") => {
                        node.str_of("in") == Some("header")
                            && node
                                .str_of("name")
                                .is_some_and(|name| name.eq_ignore_ascii_case(header))
                    }
                    Some("http") => {
                        let known = node.str_of("scheme").unwrap_or_default();
                        header == "authorization"
                            && scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case(known))
                    }
                    Some("oauth2" | "openIdConnect") => {
                        header == "authorization" && scheme.is_none_or(|scheme| scheme == "bearer")
                    }
                    _ => false,
                };
                if is_it {
                    return Some(pointer);
                }
            }
        }
        None
    }

    fn parameter(&self, place: &str, name: &str) -> Option<Place<'a>> {
        let holders = [
            (self.operation.node, self.pointer()),
            (self.operation.path_item, self.operation.path_item_pointer()),
        ];
        for (node, pointer) in holders {
            for (index, parameter) in node.items_of("parameters").iter().enumerate() {
                let pointer = pointer.child("parameters").child(index);
                let Some((pointer, parameter)) =
                    schemas::resolve(self.document, pointer, parameter)
                else {
                    continue;
                };
                let has_name = parameter.str_of("name").is_some_and(|known| match place {
                    "header" => known.eq_ignore_ascii_case(name),
                    _ => known == name,
                });
                if has_name && parameter.str_of("in") == Some(place) {
                    return Some(Place::new(pointer, parameter));
                }
            }
        }
        None
    }

    /// Compares a field, by the place that its section implies.
    fn field(&self, fact: &Fact) -> Agreement {
        let name = fact.name().split('~').next().unwrap_or_default();
        match bare(fact.section()) {
            "path-parameters" | "path-parameters-schema" => self.of_parameter(fact, "path", name),
            "query-parameters" | "query-parameters-schema" => {
                self.of_parameter(fact, "query", name)
            }
            "header-parameters" | "headers" => self.of_parameter(fact, "header", name),
            "cookies" => self.of_parameter(fact, "cookie", name),
            "body-parameters" | "body" => self.of_property(fact, false, name),
            "response-fields" | "response" => self.of_property(fact, true, name),
            // Credentials are headers.
            "authorizations" => match self.security_scheme(&name.to_lowercase(), None) {
                Some(pointer) => Agreement::Agrees(pointer),
                None => Self::disagrees(self.pointer().child("security"), "no such credential"),
            },
            _ => Agreement::CannotSay,
        }
    }

    fn of_parameter(&self, fact: &Fact, place: &str, name: &str) -> Agreement {
        let Some(parameter) = self.parameter(place, name) else {
            return Self::disagrees(self.pointer().child("parameters"), "no such parameter");
        };
        match fact.kind() {
            "required" => {
                let is_required = parameter.node.is_true("required");
                match fact.value == is_required {
                    true => Agreement::Agrees(parameter.pointer.child("required")),
                    false => Self::disagrees(
                        parameter.pointer.child("required"),
                        is_required.to_string(),
                    ),
                }
            }
            "deprecated" => Self::said(
                parameter.node.is_true("deprecated"),
                &parameter.pointer.child("deprecated"),
            ),
            _ => match parameter.node.get("schema") {
                Some(schema) => {
                    let place = Place::new(parameter.pointer.child("schema"), schema);
                    self.of_schema(fact, &Schemas::of(self.document, vec![place]))
                }
                None => Self::disagrees(parameter.pointer, "no schema"),
            },
        }
    }

    fn said(is_said: bool, pointer: &Pointer) -> Agreement {
        match is_said {
            true => Agreement::Agrees(pointer.clone()),
            false => Self::disagrees(pointer.clone(), "nothing"),
        }
    }

    fn bodies(&self, is_response: bool) -> Schemas<'a> {
        let mut places = Vec::new();
        for content in self.contents(is_response) {
            for entry in content.node.entries() {
                if let Some(schema) = entry.value.get("schema") {
                    places.push(Place::new(
                        content.pointer.child(entry.key).child("schema"),
                        schema,
                    ));
                }
            }
        }
        Schemas::of(self.document, places)
    }

    fn of_property(&self, fact: &Fact, is_response: bool, name: &str) -> Agreement {
        let bodies = self.bodies(is_response);
        let mut found = bodies.at(name);
        if found.is_empty() {
            found = bodies.anywhere(name);
        }
        if found.is_empty() {
            return Self::disagrees(
                bodies.pointer().unwrap_or_else(|| self.pointer()),
                format!("no property `{name}`"),
            );
        }
        if fact.kind() == "required" {
            let (holder, name) = match name.rsplit_once('.') {
                Some((path, name)) => (bodies.at(path), name),
                None => (bodies, name),
            };
            let is_required = holder.requires(name);
            let pointer = holder.pointer().unwrap_or_else(|| self.pointer());
            let pointer = pointer.child("required");
            let found = if is_required {
                "required"
            } else {
                "not required"
            };
            return match fact.value == is_required {
                true => Agreement::Agrees(pointer),
                false => Self::disagrees(pointer, found),
            };
        }
        self.of_schema(fact, &found)
    }

    /// Compares a member of a sample.
    fn member(&self, fact: &Fact) -> Agreement {
        let is_response = match bare(fact.section()) {
            "request-example" | "sample-request" => false,
            "response-example" | "sample-response" => true,
            _ => return Agreement::CannotSay,
        };
        if !fact.is_of_first_sample() {
            return Agreement::CannotSay;
        }
        let bodies = self.bodies(is_response);
        let found = bodies.at(fact.name());
        match found.pointer() {
            Some(pointer) => self.value(&fact.value, &found, pointer),
            None => Self::disagrees(
                bodies.pointer().unwrap_or_else(|| self.pointer()),
                format!("no property `{}`", fact.name()),
            ),
        }
    }
}

/// Points to the path item of an operation.
trait PathItem {
    fn path_item_pointer(&self) -> Pointer;
}

impl PathItem for OperationNode<'_> {
    fn path_item_pointer(&self) -> Pointer {
        Pointer::root().child("paths").child(self.path)
    }
}
