//! What the walk finds: each object with its address, what it is, and in which direction its values travel.

use crate::{Direction, Node, OperationNode, Pointer};

/// What kind of object stands at a place, and so which section of the components a reference there may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A schema.
    Schema,
    /// A response.
    Response,
    /// A parameter.
    Parameter,
    /// An example.
    Example,
    /// A request body.
    RequestBody,
    /// A header of a response or of a part.
    Header,
    /// A security scheme.
    SecurityScheme,
    /// A link.
    Link,
    /// A callback.
    Callback,
    /// A path with its operations.
    PathItem,
}

impl Kind {
    /// The kinds that can be components, in the order of the specification.
    pub const COMPONENTS: [Kind; 9] = [
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
    pub fn section(self) -> &'static str {
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
    pub fn noun(self) -> &'static str {
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
pub struct Site<'a> {
    /// The address.
    pub pointer: Pointer,
    /// The object.
    pub node: &'a Node,
}

/// A `$ref` and what must be where it leads.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    /// The object that holds the `$ref`, or the string itself where a string refers without one.
    pub pointer: Pointer,
    /// What is at that address.
    pub node: &'a Node,
    /// The text of the reference.
    pub target: String,
    /// What must be there.
    pub kind: Kind,
}

/// In which directions values of a schema travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Travels {
    /// To the server.
    pub request: bool,
    /// To the client.
    pub response: bool,
}

impl Travels {
    /// To the server only.
    pub const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    /// To the client only.
    pub const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    /// The one direction, or both where there is no single one.
    pub fn direction(self) -> Direction {
        match (self.request, self.response) {
            (true, false) => Direction::Request,
            (false, true) => Direction::Response,
            _ => Direction::Both,
        }
    }

    pub(super) fn add(&mut self, other: Self) -> bool {
        let before = *self;
        self.request |= other.request;
        self.response |= other.response;
        *self != before
    }
}

/// What a schema is to the object around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// A component of this name.
    Component(&'a str),
    /// A property of an object.
    Property {
        /// The name of the property.
        name: &'a str,
        /// Whether the object requires it.
        required: bool,
    },
    /// The items of an array.
    Items,
    /// The properties that have no schema of their own.
    AdditionalProperties,
    /// An alternative, or a part.
    Branch {
        /// `allOf`, `anyOf` or `oneOf`.
        keyword: &'a str,
        /// The index in the list.
        index: usize,
    },
    /// What a value must not match.
    Not,
    /// The schema of a media type.
    Content,
    /// The schema of a parameter.
    Parameter,
    /// The schema of a header.
    Header,
}

/// A schema, or a reference in the place of one.
#[derive(Clone, Debug)]
pub struct SchemaSite<'a> {
    /// The address of the schema.
    pub pointer: Pointer,
    /// The schema, possibly a reference.
    pub node: &'a Node,
    /// What the schema is to the object around it.
    pub role: Role<'a>,
    /// The component that it is or is part of.
    pub component: Option<&'a str>,
    /// The schema that it is directly part of, as an index into [`Survey::schemas`].
    pub parent: Option<usize>,
    pub(super) travels: Travels,
}

impl SchemaSite<'_> {
    /// Whether this is a reference; keywords beside it are ignored in OpenAPI 3.0.
    pub fn is_reference(&self) -> bool {
        self.node.get("$ref").is_some()
    }
}

/// A media type with what it is for.
#[derive(Clone, Debug)]
pub struct MediaTypeSite<'a> {
    /// The address of the media type.
    pub pointer: Pointer,
    /// The media type.
    pub node: &'a Node,
    /// Its name, for example `application/json`.
    pub name: &'a str,
    /// In which directions its values travel.
    pub travels: Travels,
}

/// An operation with everything that counts for it, references followed.
#[derive(Clone, Debug)]
pub struct OperationSite<'a> {
    /// The operation with its path and method.
    pub operation: OperationNode<'a>,
    /// The address of the operation.
    pub pointer: Pointer,
    /// The parameters of the path item, then those of the operation; references are followed, the address is where each is
    /// listed.
    pub parameters: Vec<Site<'a>>,
    /// Every response with its status code; references are followed, the address is that under the operation.
    pub responses: Vec<(&'a str, Site<'a>)>,
}
