//! One walk over the document that knows, for every object in it, what it is. Does not judge.

mod walk;

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_document::{Direction, Document, Node, OperationNode, Pointer};

/// What kind of object stands at a place, and so which section of the components a reference there may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Schema,
    Response,
    Parameter,
    Example,
    RequestBody,
    Header,
    SecurityScheme,
    Link,
    Callback,
    PathItem,
}

impl Kind {
    /// The kinds that can be components, in the order of the specification.
    pub(crate) const COMPONENTS: [Kind; 9] = [
        Kind::Schema,
        Kind::Response,
        Kind::Parameter,
        Kind::Example,
        Kind::RequestBody,
        Kind::Header,
        Kind::SecurityScheme,
        Kind::Link,
        Kind::Callback,
    ];

    /// The key of the components where objects of this kind live; empty if they cannot.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Kind::Schema => "schemas",
            Kind::Response => "responses",
            Kind::Parameter => "parameters",
            Kind::Example => "examples",
            Kind::RequestBody => "requestBodies",
            Kind::Header => "headers",
            Kind::SecurityScheme => "securitySchemes",
            Kind::Link => "links",
            Kind::Callback => "callbacks",
            Kind::PathItem => "",
        }
    }

    /// The kind in words.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Response => "response",
            Kind::Parameter => "parameter",
            Kind::Example => "example",
            Kind::RequestBody => "request body",
            Kind::Header => "header",
            Kind::SecurityScheme => "security scheme",
            Kind::Link => "link",
            Kind::Callback => "callback",
            Kind::PathItem => "path item",
        }
    }
}

/// An object and its address.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) node: &'a Node,
}

/// A `$ref` and what must be where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Reference<'a> {
    /// The object that holds the `$ref`, or the string itself where a string refers without one.
    pub(crate) pointer: Pointer,
    pub(crate) node: &'a Node,
    pub(crate) target: String,
    pub(crate) kind: Kind,
}

/// In which directions values of a schema travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Travels {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

impl Travels {
    pub(crate) const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    pub(crate) const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    pub(crate) fn direction(self) -> Direction {
        match (self.request, self.response) {
            (true, false) => Direction::Request,
            (false, true) => Direction::Response,
            _ => Direction::Both,
        }
    }

    fn add(&mut self, other: Self) -> bool {
        let before = *self;
        self.request |= other.request;
        self.response |= other.response;
        *self != before
    }
}

/// What a schema is to what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role<'a> {
    Component(&'a str),
    Property { name: &'a str, required: bool },
    Items,
    AdditionalProperties,
    Branch { keyword: &'a str, index: usize },
    Not,
    Content,
    Parameter,
    Header,
}

/// A schema, or a reference in the place of one.
#[derive(Clone, Debug)]
pub(crate) struct SchemaSite<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) node: &'a Node,
    pub(crate) role: Role<'a>,
    /// The component that it is or is part of.
    pub(crate) component: Option<&'a str>,
    /// The schema that it is directly part of, as an index into [`Survey::schemas`].
    pub(crate) parent: Option<usize>,
    travels: Travels,
}

impl SchemaSite<'_> {
    /// Whether a reference stands here; what stands beside it does not count in OpenAPI 3.0.
    pub(crate) fn is_reference(&self) -> bool {
        self.node.get("$ref").is_some()
    }
}

/// A media type with what it is for.
#[derive(Clone, Debug)]
pub(crate) struct MediaTypeSite<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) node: &'a Node,
    pub(crate) name: &'a str,
    pub(crate) travels: Travels,
}

/// An operation with everything that counts for it, references followed.
#[derive(Clone, Debug)]
pub(crate) struct OperationSite<'a> {
    pub(crate) operation: OperationNode<'a>,
    pub(crate) pointer: Pointer,
    /// Every parameter that is declared for the operation, those of the path item first, with where it is written there.
    pub(crate) parameters: Vec<Site<'a>>,
    /// Every response with its status code; references are followed, the address is that under the operation.
    pub(crate) responses: Vec<(&'a str, Site<'a>)>,
}

/// Everything in a document by what it is.
#[derive(Debug)]
pub(crate) struct Survey<'a> {
    pub(crate) document: &'a Document,
    pub(crate) operations: Vec<OperationSite<'a>>,
    /// Every operation as it is written, those of callbacks as well.
    pub(crate) written_operations: Vec<Site<'a>>,
    pub(crate) schemas: Vec<SchemaSite<'a>>,
    pub(crate) parameters: Vec<Site<'a>>,
    /// Every list of parameters: that of a path item or of an operation.
    pub(crate) parameter_lists: Vec<Site<'a>>,
    pub(crate) headers: Vec<(Option<&'a str>, Site<'a>)>,
    pub(crate) media_types: Vec<MediaTypeSite<'a>>,
    pub(crate) request_bodies: Vec<Site<'a>>,
    pub(crate) responses: Vec<Site<'a>>,
    pub(crate) examples: Vec<Site<'a>>,
    pub(crate) links: Vec<Site<'a>>,
    pub(crate) servers: Vec<Site<'a>>,
    pub(crate) references: Vec<Reference<'a>>,
    components: HashMap<String, &'a Node>,
    reach: HashMap<&'a str, Travels>,
}

impl<'a> Survey<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        let mut survey = Self {
            document,
            operations: Vec::new(),
            written_operations: Vec::new(),
            schemas: Vec::new(),
            parameters: Vec::new(),
            parameter_lists: Vec::new(),
            headers: Vec::new(),
            media_types: Vec::new(),
            request_bodies: Vec::new(),
            responses: Vec::new(),
            examples: Vec::new(),
            links: Vec::new(),
            servers: Vec::new(),
            references: Vec::new(),
            components: HashMap::new(),
            reach: HashMap::new(),
        };
        for kind in Kind::COMPONENTS {
            for entry in survey.section(kind) {
                let pointer = component_pointer(kind, &entry.key);
                survey
                    .components
                    .insert(pointer.as_str().to_owned(), &entry.value);
            }
        }
        survey.walk_document();
        survey.collect_operations();
        survey.spread_travels();
        survey
    }

    /// The components of a kind as they are written.
    pub(crate) fn section(&self, kind: Kind) -> &'a [openapi_document::Entry] {
        self.document
            .root()
            .get("components")
            .and_then(|components| components.get(kind.section()))
            .map_or(&[], Node::entries)
    }

    /// The component of a kind with that name.
    pub(crate) fn component(&self, kind: Kind, name: &str) -> Option<&'a Node> {
        self.components
            .get(component_pointer(kind, name).as_str())
            .copied()
    }

    /// The value that a local reference names.
    pub(crate) fn target(&self, reference: &str) -> Option<(Pointer, &'a Node)> {
        let pointer = reference
            .strip_prefix('#')
            .and_then(|fragment| Pointer::parse(&decode(fragment)))?;
        let node = match self.components.get(pointer.as_str()) {
            Some(node) => node,
            None => self.document.node(&pointer)?,
        };
        Some((pointer, node))
    }

    /// Follows references from `site` to the end; `None` if they lead to nothing or in a circle.
    pub(crate) fn resolve(&self, pointer: &Pointer, node: &'a Node) -> Option<Site<'a>> {
        let mut site = Site {
            pointer: pointer.clone(),
            node,
        };
        let mut seen = HashSet::new();
        while let Some(reference) = site.node.get("$ref") {
            let (pointer, node) = self.target(reference.as_str()?)?;
            if !seen.insert(pointer.as_str().to_owned()) {
                return None;
            }
            site = Site { pointer, node };
        }
        Some(site)
    }

    /// The schema that counts at `node`; nothing if a reference there leads nowhere.
    pub(crate) fn resolved(&self, node: &'a Node) -> Option<&'a Node> {
        self.resolve(&Pointer::root(), node).map(|site| site.node)
    }

    /// In which directions values of the schema travel; in none if nothing uses it.
    pub(crate) fn travels(&self, site: &SchemaSite<'a>) -> Travels {
        match site.component {
            Some(component) => self.reach.get(component).copied().unwrap_or_default(),
            None => site.travels,
        }
    }

    /// Which component schemas each component schema names.
    pub(crate) fn schema_graph(&self) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut graph: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for site in &self.schemas {
            if let (Some(component), Some(named)) =
                (site.component, self.named_component(site.node))
            {
                graph.entry(component).or_default().push(named);
            }
            for mapped in site
                .node
                .get("discriminator")
                .and_then(|discriminator| discriminator.get("mapping"))
                .map_or(&[][..], Node::entries)
            {
                let named = mapped.value.as_str().and_then(|text| self.mapped(text));
                if let (Some(component), Some(named)) = (site.component, named) {
                    graph.entry(component).or_default().push(named);
                }
            }
        }
        graph
    }

    /// The component schema that a reference names.
    pub(crate) fn named_component(&self, node: &'a Node) -> Option<&'a str> {
        let reference = node.get("$ref")?.as_str()?;
        let name = reference.strip_prefix("#/components/schemas/")?;
        Some(name.split('/').next().unwrap_or(name))
    }

    /// The component schema that a value of a discriminator's mapping names: a reference, or a bare name.
    pub(crate) fn mapped(&self, text: &'a str) -> Option<&'a str> {
        let name = text.strip_prefix("#/components/schemas/").unwrap_or(text);
        self.component(Kind::Schema, name).is_some().then_some(name)
    }

    fn spread_travels(&mut self) {
        let mut queue: Vec<(&'a str, Travels)> = Vec::new();
        for site in self.schemas.iter().filter(|site| site.component.is_none()) {
            queue.extend(
                self.named_component(site.node)
                    .map(|name| (name, site.travels)),
            );
        }
        let graph = self.schema_graph();
        while let Some((name, travels)) = queue.pop() {
            if self.reach.entry(name).or_default().add(travels) {
                let next = graph.get(name).into_iter().flatten();
                queue.extend(next.map(|next| (*next, travels)));
            }
        }
    }
}

/// The address of a component.
pub(crate) fn component_pointer(kind: Kind, name: &str) -> Pointer {
    Pointer::root()
        .child("components")
        .child(kind.section())
        .child(name)
}

/// A fragment of a URI may be percent-encoded.
fn decode(fragment: &str) -> String {
    if !fragment.contains('%') {
        return fragment.to_owned();
    }
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let code = (bytes[index] == b'%')
            .then(|| bytes.get(index + 1..index + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(code.unwrap_or(bytes[index]));
        index += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
