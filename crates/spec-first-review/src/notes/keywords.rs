//! Lists the keywords that are compared in each part of a document, and the values that are valid for them.

use std::borrow::Cow;

use Expected::{
    Count, Flag, Limit, List, Named, Number, Object, Patterned, Positive, Text, Texts, TextsByName,
    TypeName, TypeNames, Word,
};

use crate::literal::literal;
use crate::schema::types::Types;
use spec_first_document::tree::{Kind, NodeId, Tree};

/// A kind of object in an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Document,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Server,
    ServerVariable,
    Requirement,
    SecurityScheme,
    Flow,
    Schema,
    Discriminator,
}

/// The kind of value that is required for a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    Text,
    Word(&'static [&'static str]),
    Flag,
    Number,
    Positive,
    Count,
    /// A number; in OpenAPI 3.0 also a boolean, which excludes the limit itself.
    Limit,
    TypeName,
    TypeNames,
    List,
    Texts,
    /// An object whose content is not checked.
    Object,
    TextsByName,
    One(Part),
    Several(Part),
    /// An object with arbitrary names as keys.
    Named(Part),
    /// The same, but keys that begin with `x-` are extensions.
    Patterned(Part),
}

impl Expected {
    /// Whether the value can be compared, regardless of the values in it.
    pub(super) fn is_met(self, tree: &Tree, node: NodeId) -> bool {
        let kind = tree.kind(node);
        let number = || tree.number(node).and_then(|number| number.as_f64());
        let is_type = |item: NodeId| tree.string(item).and_then(Types::named).is_some();
        match self {
            Text => tree.string(node).is_some(),
            Word(words) => tree.string(node).is_some_and(|word| words.contains(&word)),
            Flag => matches!(kind, Kind::Boolean(_)),
            Number => number().is_some(),
            Positive => number().is_some_and(|number| number > 0.0),
            Count => tree.count(node).is_some(),
            Limit => matches!(kind, Kind::Boolean(_)) || number().is_some(),
            TypeName => is_type(node),
            // Unknown types get a note each, unless no known type is left.
            TypeNames => is_type(node) || tree.items(node).any(is_type),
            List | Texts | Self::Several(_) => {
                matches!(kind, Kind::Sequence(..) | Kind::Null)
            }
            Object | Named(_) | Patterned(_) | TextsByName => {
                matches!(kind, Kind::Mapping(..) | Kind::Null)
            }
            Self::One(Part::Schema) => tree.is_part_of_a_document(node),
            Self::One(_) => tree.is_mapping(node),
        }
    }

    /// The kind of value, in words.
    pub(super) fn noun(self) -> Cow<'static, str> {
        let noun = match self {
            Word(words) => {
                let words: Vec<_> = words.iter().map(|word| literal(word).to_string()).collect();
                return format!("one of {}", words.join(", ")).into();
            }
            Text => "a string",
            Flag => "`true` or `false`",
            Number => "a number",
            Positive => "a number above 0",
            Count => "a non-negative integer",
            Limit => "a number, or `true` or `false`",
            TypeName => "the name of a type",
            TypeNames => "the name of a type, or a list of them",
            List | Self::Several(_) => "a list",
            Texts => "a list of strings",
            TextsByName => "an object with lists of strings",
            Self::One(Part::Schema) => "a schema",
            Object | Named(_) | Patterned(_) | Self::One(_) => "an object",
        };
        noun.into()
    }
}

const OPERATION: Expected = Expected::One(Part::Operation);
const SCHEMA: Expected = Expected::One(Part::Schema);
const SCHEMAS: Expected = Expected::Several(Part::Schema);
const PARAMETERS: Expected = Expected::Several(Part::Parameter);
const SECURITY: Expected = Expected::Several(Part::Requirement);
const SERVERS: Expected = Expected::Several(Part::Server);

/// Keywords, each with the kind of value that it requires.
type Keywords = &'static [(&'static str, Expected)];

impl Part {
    /// The kind of value that the keyword requires; `None` if it is not compared.
    pub(super) fn expected(self, keyword: &str) -> Option<Expected> {
        match self {
            Self::Callback if keyword.starts_with("x-") => return None,
            Self::Callback => return Some(Expected::One(Part::PathItem)),
            Self::Requirement => return Some(List),
            _ => {}
        }
        let all = self.keywords().iter().chain(self.shared_keywords());
        let mut found = all.filter(|(known, _)| *known == keyword);
        found.next().map(|(_, expected)| *expected)
    }

    /// The keywords that parameters and headers share.
    fn shared_keywords(self) -> Keywords {
        match self {
            Self::Parameter | Self::Header => &[
                ("required", Flag),
                ("deprecated", Flag),
                ("allowEmptyValue", Flag),
                ("style", Text),
                ("explode", Flag),
                ("allowReserved", Flag),
                ("schema", SCHEMA),
                ("content", Named(Part::MediaType)),
            ],
            _ => &[],
        }
    }

    fn keywords(self) -> Keywords {
        match self {
            Self::Document => &[
                ("jsonSchemaDialect", Text),
                ("servers", SERVERS),
                ("paths", Patterned(Part::PathItem)),
                ("webhooks", Named(Part::PathItem)),
                ("components", Expected::One(Part::Components)),
                ("security", SECURITY),
            ],
            // The other components are checked where a reference leads to them.
            Self::Components => &[
                ("schemas", Object),
                ("responses", Object),
                ("parameters", Object),
                ("requestBodies", Object),
                ("headers", Object),
                ("securitySchemes", Named(Part::SecurityScheme)),
                ("callbacks", Object),
                ("pathItems", Object),
            ],
            Self::PathItem => &[
                ("servers", SERVERS),
                ("parameters", PARAMETERS),
                ("get", OPERATION),
                ("put", OPERATION),
                ("post", OPERATION),
                ("delete", OPERATION),
                ("options", OPERATION),
                ("head", OPERATION),
                ("patch", OPERATION),
                ("trace", OPERATION),
                ("query", OPERATION),
                ("additionalOperations", Named(Part::Operation)),
            ],
            Self::Operation => &[
                ("operationId", Text),
                ("tags", List),
                ("deprecated", Flag),
                ("parameters", PARAMETERS),
                ("requestBody", Expected::One(Part::RequestBody)),
                ("responses", Patterned(Part::Response)),
                ("callbacks", Named(Part::Callback)),
                ("security", SECURITY),
                ("servers", SERVERS),
            ],
            Self::Parameter => &[
                ("name", Text),
                (
                    "in",
                    Word(&["query", "querystring", "path", "header", "cookie"]),
                ),
            ],
            Self::RequestBody => &[("required", Flag), ("content", Named(Part::MediaType))],
            Self::Response => &[
                ("headers", Named(Part::Header)),
                ("content", Named(Part::MediaType)),
                ("links", Object),
            ],
            Self::MediaType => &[
                ("schema", SCHEMA),
                ("itemSchema", SCHEMA),
                ("encoding", Named(Part::Encoding)),
            ],
            Self::Encoding => &[
                ("contentType", Text),
                ("headers", Named(Part::Header)),
                ("style", Text),
                ("explode", Flag),
                ("allowReserved", Flag),
            ],
            Self::Server => &[("url", Text), ("variables", Named(Part::ServerVariable))],
            Self::ServerVariable => &[("enum", List)],
            Self::SecurityScheme => &[
                (
                    "type",
                    Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]),
                ),
                ("name", Text),
                ("in", Word(&["query", "header", "cookie"])),
                ("scheme", Text),
                ("openIdConnectUrl", Text),
                ("flows", Patterned(Part::Flow)),
            ],
            Self::Flow => &[
                ("authorizationUrl", Text),
                ("deviceAuthorizationUrl", Text),
                ("tokenUrl", Text),
                ("refreshUrl", Text),
                ("scopes", Object),
            ],
            Self::Discriminator => &[("propertyName", Text), ("mapping", Object)],
            Self::Schema => SCHEMA_KEYWORDS,
            Self::Header | Self::Callback | Self::Requirement => &[],
        }
    }
}

const SCHEMA_KEYWORDS: Keywords = &[
    ("type", TypeNames),
    ("nullable", Flag),
    ("enum", List),
    ("format", Text),
    ("multipleOf", Positive),
    ("minimum", Number),
    ("maximum", Number),
    ("exclusiveMinimum", Limit),
    ("exclusiveMaximum", Limit),
    ("minLength", Count),
    ("maxLength", Count),
    ("pattern", Text),
    ("contentEncoding", Text),
    ("contentMediaType", Text),
    ("contentSchema", SCHEMA),
    ("items", SCHEMA),
    ("prefixItems", SCHEMAS),
    ("unevaluatedItems", SCHEMA),
    ("contains", SCHEMA),
    ("minContains", Count),
    ("maxContains", Count),
    ("minItems", Count),
    ("maxItems", Count),
    ("uniqueItems", Flag),
    ("properties", Named(Part::Schema)),
    ("patternProperties", Named(Part::Schema)),
    ("additionalProperties", SCHEMA),
    ("unevaluatedProperties", SCHEMA),
    ("propertyNames", SCHEMA),
    ("required", Texts),
    ("dependentRequired", TextsByName),
    ("dependentSchemas", Named(Part::Schema)),
    ("minProperties", Count),
    ("maxProperties", Count),
    ("allOf", SCHEMAS),
    ("anyOf", SCHEMAS),
    ("oneOf", SCHEMAS),
    ("not", SCHEMA),
    ("if", SCHEMA),
    ("then", SCHEMA),
    ("else", SCHEMA),
    ("discriminator", Expected::One(Part::Discriminator)),
    ("deprecated", Flag),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", Object),
];
