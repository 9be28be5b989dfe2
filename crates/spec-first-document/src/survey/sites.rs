//! The objects found by the walk, each with its pointer, kind and direction.

use crate::grammar::Part;
use crate::{Direction, Node, OperationNode, Pointer};

/// An object and its pointer.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// The pointer to the object.
    pub pointer: Pointer,
    /// The object.
    pub node: Node<'a>,
}

/// A `$ref` and the kind of object that it must point to.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    /// The pointer to the object that contains `$ref`.
    pub pointer: Pointer,
    /// The node at `pointer`.
    pub node: Node<'a>,
    /// The text of the reference.
    pub target: &'a str,
    /// The kind that the target must have.
    pub kind: Part,
}

/// The directions in which values of a schema are sent.
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

    /// The only direction, or [`Direction::Both`] if there is not exactly one.
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

/// The role of a schema in the object that contains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// A component with this name.
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
    /// The schema of additional properties.
    AdditionalProperties,
    /// A branch of a composition.
    Branch {
        /// `allOf`, `anyOf` or `oneOf`.
        keyword: &'a str,
        /// The index in the list.
        index: usize,
    },
    /// The schema of `not`.
    Not,
    /// A schema in a keyword that OpenAPI 3.0 does not have, such as `if` or `$defs`.
    Keyword(&'a str),
    /// The schema of a media type.
    Content,
    /// The schema of a parameter.
    Parameter,
    /// The schema of a header.
    Header,
}

/// A schema, or a reference to one.
#[derive(Clone, Debug)]
pub struct SchemaSite<'a> {
    /// The pointer to the schema.
    pub pointer: Pointer,
    /// The schema, possibly a reference.
    pub node: Node<'a>,
    /// The role of the schema in the object that contains it.
    pub role: Role<'a>,
    /// The component that this schema is or belongs to.
    pub component: Option<&'a str>,
    /// The enclosing schema, as an index into [`Survey::schemas`](crate::Survey::schemas).
    pub parent: Option<usize>,
    pub(super) travels: Travels,
}

impl SchemaSite<'_> {
    /// Whether this is a reference. OpenAPI 3.0 ignores its siblings.
    pub fn is_reference(&self) -> bool {
        self.node.get("$ref").is_some()
    }
}

/// A media type with its direction.
#[derive(Clone, Debug)]
pub struct MediaTypeSite<'a> {
    /// The pointer to the media type.
    pub pointer: Pointer,
    /// The media type.
    pub node: Node<'a>,
    /// Its name, for example `application/json`.
    pub name: &'a str,
    /// The directions in which its values are sent.
    pub travels: Travels,
}

/// An operation with all parameters and responses that apply to it, references resolved.
#[derive(Clone, Debug)]
pub struct OperationSite<'a> {
    /// The operation with its path and method.
    pub operation: OperationNode<'a>,
    /// The pointer to the operation.
    pub pointer: Pointer,
    /// The parameters of the path item, then those of the operation. References are resolved, but each pointer is to
    /// the list item.
    pub parameters: Vec<Site<'a>>,
    /// The responses by status code. References are resolved, but each pointer is to the response in the operation.
    pub responses: Vec<(&'a str, Site<'a>)>,
}
