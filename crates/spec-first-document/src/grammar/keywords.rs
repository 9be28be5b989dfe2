//! The keywords of each kind of object.

use super::Expected::{
    self, Count, Flag, Limit, List, Named, Number, Object, Patterned, Positive, Several, Text,
    Texts, TextsByName, TypeNames, Word,
};
use super::Part;

pub(super) const OPERATION: Expected = Expected::One(Part::Operation);
const SCHEMA: Expected = Expected::One(Part::Schema);
const SCHEMAS: Expected = Several(Part::Schema);
const PARAMETERS: Expected = Several(Part::Parameter);
const SECURITY: Expected = Several(Part::Requirement);
const SERVERS: Expected = Several(Part::Server);

/// Keywords, each with the kind of value that it requires.
type Keywords = &'static [(&'static str, Expected)];

/// The keywords of each kind of object; objects are read in this order. Callbacks and security requirements have names as keys.
pub(super) const KEYWORDS: &[(Part, Keywords)] = &[
    (
        Part::Document,
        &[
            ("jsonSchemaDialect", Text),
            ("servers", SERVERS),
            ("paths", Patterned(Part::PathItem)),
            ("webhooks", Named(Part::PathItem)),
            ("components", Expected::One(Part::Components)),
            ("security", SECURITY),
        ],
    ),
    (Part::Components, COMPONENTS),
    (
        Part::PathItem,
        &[
            ("servers", SERVERS),
            ("parameters", PARAMETERS),
            ("additionalOperations", Named(Part::Operation)),
        ],
    ),
    (
        Part::Operation,
        &[
            ("operationId", Text),
            ("tags", List),
            ("deprecated", Flag),
            ("servers", SERVERS),
            ("parameters", PARAMETERS),
            ("requestBody", Expected::One(Part::RequestBody)),
            ("responses", Patterned(Part::Response)),
            ("callbacks", Named(Part::Callback)),
            ("security", SECURITY),
        ],
    ),
    (Part::Parameter, &[("name", Text), ("in", Word(LOCATIONS))]),
    (Part::Parameter, DESCRIBED_VALUE),
    (Part::Header, DESCRIBED_VALUE),
    (
        Part::RequestBody,
        &[("required", Flag), ("content", Named(Part::MediaType))],
    ),
    (
        Part::Response,
        &[
            ("headers", Named(Part::Header)),
            ("content", Named(Part::MediaType)),
            ("links", Named(Part::Link)),
        ],
    ),
    (
        Part::MediaType,
        &[
            ("schema", SCHEMA),
            ("itemSchema", SCHEMA),
            ("examples", Named(Part::Example)),
            ("encoding", Named(Part::Encoding)),
        ],
    ),
    (
        Part::Encoding,
        &[
            ("contentType", Text),
            ("headers", Named(Part::Header)),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
        ],
    ),
    (
        Part::Server,
        &[("url", Text), ("variables", Named(Part::ServerVariable))],
    ),
    (Part::ServerVariable, &[("enum", List)]),
    (
        Part::SecurityScheme,
        &[
            ("type", Word(SCHEMES)),
            ("name", Text),
            ("in", Word(&["query", "header", "cookie"])),
            ("scheme", Text),
            ("openIdConnectUrl", Text),
            ("flows", Patterned(Part::Flow)),
        ],
    ),
    (
        Part::Flow,
        &[
            ("authorizationUrl", Text),
            ("deviceAuthorizationUrl", Text),
            ("tokenUrl", Text),
            ("refreshUrl", Text),
            ("scopes", Object),
        ],
    ),
    (
        Part::Discriminator,
        &[("propertyName", Text), ("mapping", Object)],
    ),
    (Part::Schema, SCHEMA_KEYWORDS),
];

pub(super) const COMPONENTS: Keywords = &[
    ("schemas", Named(Part::Schema)),
    ("responses", Named(Part::Response)),
    ("parameters", Named(Part::Parameter)),
    ("examples", Named(Part::Example)),
    ("requestBodies", Named(Part::RequestBody)),
    ("headers", Named(Part::Header)),
    ("securitySchemes", Named(Part::SecurityScheme)),
    ("links", Named(Part::Link)),
    ("callbacks", Named(Part::Callback)),
    ("pathItems", Named(Part::PathItem)),
    ("mediaTypes", Named(Part::MediaType)),
];

const LOCATIONS: &[&str] = &["query", "querystring", "path", "header", "cookie"];
const SCHEMES: &[&str] = &["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];

/// The keywords that parameters and headers share.
const DESCRIBED_VALUE: Keywords = &[
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", SCHEMA),
    ("content", Named(Part::MediaType)),
    ("examples", Named(Part::Example)),
];

pub(super) const SCHEMA_KEYWORDS: Keywords = &[
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
    ("minContains", Count),
    ("maxContains", Count),
    ("minItems", Count),
    ("maxItems", Count),
    ("uniqueItems", Flag),
    ("required", Texts),
    ("dependentRequired", TextsByName),
    ("minProperties", Count),
    ("maxProperties", Count),
    ("discriminator", Expected::One(Part::Discriminator)),
    ("deprecated", Flag),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", Object),
    ("properties", Named(Part::Schema)),
    ("items", SCHEMA),
    ("additionalProperties", SCHEMA),
    ("not", SCHEMA),
    ("allOf", SCHEMAS),
    ("oneOf", SCHEMAS),
    ("anyOf", SCHEMAS),
    ("$defs", Named(Part::Schema)),
    ("contains", SCHEMA),
    ("contentSchema", SCHEMA),
    ("dependentSchemas", Named(Part::Schema)),
    ("else", SCHEMA),
    ("if", SCHEMA),
    ("patternProperties", Named(Part::Schema)),
    ("prefixItems", SCHEMAS),
    ("propertyNames", SCHEMA),
    ("then", SCHEMA),
    ("unevaluatedItems", SCHEMA),
    ("unevaluatedProperties", SCHEMA),
];
