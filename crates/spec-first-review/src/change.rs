//! A difference before it is judged: a row of the table, an outcome, and a place in each document.

use serde::{Deserialize, Serialize};
use spec_first_document::tree::{NodeId, Tree};

use crate::schema::notation::Notation;

/// How the head of a review differs from its base, both seen as sets of allowed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The head allows all that the base allows, and more.
    Wider,
    /// The head allows less than the base, and nothing more.
    Narrower,
    /// Each allows something that the other does not.
    Incomparable,
    /// The relation is unknown, for instance between two regular expressions.
    Undecided,
    /// The same values are allowed; something else changed.
    Neutral,
}

impl Outcome {
    /// The outcome with base and head swapped.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Wider => Self::Narrower,
            Self::Narrower => Self::Wider,
            other => other,
        }
    }

    /// The outcome for two sets, by whether elements were removed and added.
    pub(crate) fn of_sets(removed: bool, added: bool) -> Option<Self> {
        match (removed, added) {
            (false, false) => None,
            (true, false) => Some(Self::Narrower),
            (false, true) => Some(Self::Wider),
            (true, true) => Some(Self::Incomparable),
        }
    }

    /// The name of the outcome in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Incomparable => "incomparable",
            Self::Undecided => "undecided",
            Self::Neutral => "neutral",
        }
    }
}

/// Who sends the value that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The client sends it.
    Request,
    /// The server sends it.
    Response,
}

impl Direction {
    /// The direction inside a callback or webhook, where the server sends the request and the client responds.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
        }
    }

    /// The direction in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// How a value is sent: by whom, and in which notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Flow {
    pub(crate) direction: Direction,
    pub(crate) notation: Notation,
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// A row of the table: a keyword of a schema, or a part of an operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Row {
            $($(#[doc = $doc])* $name,)*
        }

        impl Row {
            /// All rows.
            pub const ALL: &[Row] = &[$(Row::$name,)*];

            /// The name of the row: the keyword, where there is one.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Row::$name => $text,)*
                }
            }

            /// A description of the row, in one sentence.
            pub fn description(self) -> &'static str {
                let text = match self {
                    $(Row::$name => concat!($($doc),*),)*
                };
                text.trim()
            }
        }
    };
}

rows! {
    /// `type`, except for `null`.
    Type = "type",
    /// Whether `null` is allowed: `nullable`, or `null` in `type`.
    Null = "null",
    /// `enum` and `const`.
    Enum = "enum",
    /// `format`.
    Format = "format",
    /// `minimum` and `exclusiveMinimum`.
    Minimum = "minimum",
    /// `maximum` and `exclusiveMaximum`.
    Maximum = "maximum",
    /// `multipleOf`.
    MultipleOf = "multipleOf",
    /// `minLength`.
    MinLength = "minLength",
    /// `maxLength`.
    MaxLength = "maxLength",
    /// `pattern`.
    Pattern = "pattern",
    /// `contentEncoding`.
    ContentEncoding = "contentEncoding",
    /// `contentMediaType`.
    ContentMediaType = "contentMediaType",
    /// `contentSchema`.
    ContentSchema = "contentSchema",
    /// `items`, if the array may have items.
    Items = "items",
    /// `minItems`.
    MinItems = "minItems",
    /// `maxItems`.
    MaxItems = "maxItems",
    /// `uniqueItems`.
    UniqueItems = "uniqueItems",
    /// `contains`.
    Contains = "contains",
    /// `minContains`.
    MinContains = "minContains",
    /// `maxContains`.
    MaxContains = "maxContains",
    /// A property that only the base describes.
    PropertyDropped = "property-dropped",
    /// A property that only the head describes.
    PropertyAdded = "property-added",
    /// A property that the base requires and the head does not describe.
    RequiredPropertyDropped = "required-property-dropped",
    /// A property that the head requires and the base does not describe.
    RequiredPropertyAdded = "required-property-added",
    /// `required`.
    Required = "required",
    /// `additionalProperties` and `unevaluatedProperties`.
    AdditionalProperties = "additionalProperties",
    /// `patternProperties`.
    PatternProperties = "patternProperties",
    /// `propertyNames`.
    PropertyNames = "propertyNames",
    /// `minProperties`.
    MinProperties = "minProperties",
    /// `maxProperties`.
    MaxProperties = "maxProperties",
    /// `dependentRequired`.
    DependentRequired = "dependentRequired",
    /// `dependentSchemas`.
    DependentSchemas = "dependentSchemas",
    /// `x-extensible-enum`: known values, to which others may be added.
    ExtensibleEnum = "x-extensible-enum",
    /// A branch of `anyOf` or `oneOf`.
    Alternative = "alternative",
    /// `oneOf` or `anyOf`, if a value may satisfy several branches.
    Exclusive = "oneOf",
    /// `oneOf` or `anyOf`, if the overlap depends on a property that only one of the documents describes.
    ExclusiveProperty = "oneOf-property",
    /// `oneOf`, if only values with a property that the other document does not know satisfy several branches.
    ExclusiveNewProperty = "oneOf-new-property",
    /// `not`.
    Not = "not",
    /// `if`, `then` and `else`.
    Conditional = "if",
    /// `discriminator`.
    Discriminator = "discriminator",
    /// `default`.
    Default = "default",
    /// A schema that only one of the documents has.
    Schema = "schema",
    /// `xml`, if the value is sent as XML.
    Xml = "xml",
    /// A reference that leads nowhere, or a schema that is too complex to compare.
    Unreadable = "unreadable",

    /// An operation.
    Operation = "operation",
    /// The name of a path parameter, which is never sent.
    PathParameterName = "path-parameter-name",
    /// `operationId`.
    OperationId = "operationId",
    /// `tags`.
    Tags = "tags",
    /// `deprecated`.
    Deprecated = "deprecated",
    /// `x-sunset`: the day from which something deprecated may be removed.
    Sunset = "x-sunset",
    /// A parameter.
    Parameter = "parameter",
    /// Whether a parameter is required.
    ParameterRequired = "parameter-required",
    /// `style`, `explode` and `allowReserved`: how a value is serialized.
    Serialization = "serialization",
    /// A request body.
    RequestBody = "requestBody",
    /// Whether a request body is required.
    RequestBodyRequired = "requestBody-required",
    /// A media type of a request.
    RequestMediaType = "request-media-type",
    /// A media type of a response.
    ResponseMediaType = "response-media-type",
    /// `encoding`, for a part of a form.
    Encoding = "encoding",
    /// A response with a success status, 2XX.
    SuccessStatus = "success-status",
    /// The number of success statuses that a range covers.
    StatusRange = "status-range",
    /// A response with any other status, or `default`.
    OtherStatus = "other-status",
    /// The body of a response.
    ResponseBody = "response-body",
    /// A header of a response.
    Header = "header",
    /// Whether a response header is always sent.
    HeaderRequired = "header-required",
    /// The security requirements.
    Security = "security",
    /// The scopes that an OAuth flow offers.
    Scopes = "scopes",
    /// The URL at which an OAuth flow refreshes tokens.
    RefreshUrl = "refreshUrl",
    /// The address of a server.
    Server = "server",
    /// The default of a server variable.
    ServerVariable = "server-variable",
    /// A callback.
    Callback = "callback",
    /// A webhook.
    Webhook = "webhook",
    /// A link.
    Link = "link",
    /// The dialect of the schemas.
    Dialect = "jsonSchemaDialect",
    /// `info.version`, if the configuration has a version policy.
    Version = "version",
}

/// A place in the base and the corresponding place in the head.
pub(crate) type Places = (Option<NodeId>, Option<NodeId>);

/// The identity of a difference. Every operation that shares a component finds the same one.
pub(crate) type Identity = (Row, Outcome, Places, String);

/// A difference between the documents, before it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) row: Row,
    pub(crate) outcome: Outcome,
    /// The place in the base. If it is absent there, the place where it would be.
    pub(crate) base: Option<NodeId>,
    /// The place in the head.
    pub(crate) head: Option<NodeId>,
    /// What changed, in one sentence.
    pub(crate) message: String,
    /// Whether something that the base has was removed.
    pub(crate) is_removal: bool,
    /// The references to show instead, if the references are what changed.
    pub(crate) exchanged: Option<Exchanged>,
}

impl Difference {
    /// A difference at these places in the base and the head.
    pub(crate) fn new(
        row: Row,
        outcome: Outcome,
        (base, head): Places,
        message: impl Into<String>,
    ) -> Self {
        Self {
            row,
            outcome,
            base,
            head,
            message: message.into(),
            is_removal: matches!(row, Row::PropertyDropped | Row::RequiredPropertyDropped),
            exchanged: None,
        }
    }

    pub(crate) fn places(&self) -> Places {
        (self.base, self.head)
    }

    pub(crate) fn identity(&self) -> Identity {
        (self.row, self.outcome, self.places(), self.message.clone())
    }
}

/// References that now lead to another target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchanged {
    pub(crate) base: Option<NodeId>,
    pub(crate) head: Option<NodeId>,
    /// What happened to the references, in one sentence.
    pub(crate) message: String,
}

impl Exchanged {
    /// The schema whose reference leads to another component now, and the new reference.
    pub(crate) fn holder<'a>(&self, tree: &'a Tree) -> Option<(NodeId, &'a str)> {
        let (_, reference) = self.base.zip(self.head)?;
        Some((tree.parent(reference)?, tree.string(reference)?))
    }
}
