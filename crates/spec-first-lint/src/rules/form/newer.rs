//! Features of OpenAPI 3.1 and other JSON Schema dialects, with their OpenAPI 3.0 equivalents.

use spec_first_document::{Content, Document, Pointer};

use crate::report::Report;

/// Schema keywords that OpenAPI 3.0 does not have, each with what to use instead.
const SCHEMA_KEYS: [(&str, &str); 27] = [
    ("const", "use an `enum` with that one value"),
    (
        "examples",
        "use `example`; only media types, parameters and headers have `examples`",
    ),
    ("$schema", "remove it; OpenAPI 3.0 has only one dialect"),
    ("$id", "remove it and name the schema in `components`"),
    ("id", "remove it and name the schema in `components`"),
    ("$anchor", "remove it and name the schema in `components`"),
    ("$dynamicRef", "use `$ref`"),
    (
        "$dynamicAnchor",
        "remove it and name the schema in `components`",
    ),
    ("$defs", "move the schemas to `components`"),
    ("definitions", "move the schemas to `components`"),
    ("$comment", "use a YAML comment"),
    ("if", "use a `oneOf` with the cases"),
    ("then", "use a `oneOf` with the cases"),
    ("else", "use a `oneOf` with the cases"),
    (
        "prefixItems",
        "use an object with named properties, or `items` with a `oneOf`",
    ),
    ("additionalItems", "remove it; `items` applies to all items"),
    ("contains", "move it to the `description`"),
    ("minContains", "move it to the `description`"),
    ("maxContains", "move it to the `description`"),
    (
        "patternProperties",
        "use `additionalProperties` with a schema",
    ),
    ("propertyNames", "describe the keys in the `description`"),
    ("dependentRequired", "use a `oneOf` with the combinations"),
    ("dependentSchemas", "use a `oneOf` with the combinations"),
    ("dependencies", "use a `oneOf` with the combinations"),
    ("unevaluatedProperties", "use `additionalProperties`"),
    (
        "contentEncoding",
        "use `format: byte` for Base64, or `format: binary` for raw bytes",
    ),
    (
        "contentMediaType",
        "use the media type as the key in `content`",
    ),
];

/// Reports a key of a newer OpenAPI version and returns whether it was one.
pub(super) fn explain_key(
    document: &Document,
    schema_path: &str,
    pointer: &Pointer,
    key: &str,
    report: &mut Report<'_>,
) -> bool {
    let is_schema = schema_path.contains("/definitions/Schema/");
    let help = match key {
        _ if is_schema => SCHEMA_KEYS
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, help)| *help),
        "webhooks" if pointer == &Pointer::root() => {
            Some("describe it as a callback of an operation")
        }
        "jsonSchemaDialect" if pointer == &Pointer::root() => {
            Some("remove it; OpenAPI 3.0 has only one dialect")
        }
        "summary" if schema_path.contains("/definitions/Info/") => {
            Some("move it to the `description`")
        }
        "identifier" if schema_path.contains("/definitions/License/") => {
            Some("use the `url` of the license")
        }
        "pathItems" if schema_path.contains("/definitions/Components/") => {
            Some("move the path items to `paths`")
        }
        _ => None,
    };
    let Some(help) = help else { return false };
    let at = pointer.child(key);
    if document.node(&at).is_none() {
        return false;
    }
    report.add(
        "newer-openapi",
        &at,
        format!("OpenAPI 3.0 does not support `{key}` here"),
        help,
    );
    true
}

/// Reports a value that only a newer OpenAPI version allows and returns whether it was one.
pub(super) fn explain_value(
    document: &Document,
    pointer: &Pointer,
    report: &mut Report<'_>,
) -> bool {
    let Some(node) = document.node(pointer) else {
        return false;
    };
    let (message, help) = match (pointer.last().as_deref(), node.content()) {
        (Some("type"), Content::Sequence(_)) => (
            "OpenAPI 3.0 does not support a list of types",
            "use one type with `nullable: true` instead of `null`, or an `anyOf` for several types",
        ),
        (Some("type"), Content::String("null")) => (
            "OpenAPI 3.0 does not support the type `null`",
            "add `nullable: true` to the type of the other values",
        ),
        (Some("type"), Content::Null) => (
            "OpenAPI 3.0 does not support the type `null`",
            "add `nullable: true` to the type of the other values",
        ),
        (Some("exclusiveMinimum" | "exclusiveMaximum"), Content::Number(_)) => (
            "exclusive limits are booleans in OpenAPI 3.0, not numbers",
            "use the number as `minimum` or `maximum`, and `true` here",
        ),
        (Some("items"), Content::Sequence(_)) => (
            "OpenAPI 3.0 does not support a list of `items`",
            "use one schema that applies to all items",
        ),
        _ => return false,
    };
    report.add("newer-openapi", pointer, message, help);
    true
}
