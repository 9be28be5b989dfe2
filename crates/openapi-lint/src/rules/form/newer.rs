//! Constructs of OpenAPI 3.1 and of other dialects of JSON Schema, with what OpenAPI 3.0 has in their place.

use openapi_document::{Content, Document, Pointer};

use crate::report::Report;

/// Keys of a schema that OpenAPI 3.0 does not have, each with what to write there.
const SCHEMA_KEYS: [(&str, &str); 27] = [
    ("const", "write an `enum` with that one value"),
    (
        "examples",
        "write one `example`; only media types, parameters and headers have `examples`",
    ),
    ("$schema", "remove it; OpenAPI 3.0 has one dialect only"),
    ("$id", "remove it, and name the schema under `components`"),
    ("id", "remove it, and name the schema under `components`"),
    (
        "$anchor",
        "remove it, and name the schema under `components`",
    ),
    ("$dynamicRef", "write a `$ref`"),
    (
        "$dynamicAnchor",
        "remove it, and name the schema under `components`",
    ),
    ("$defs", "move the schemas to `components`"),
    ("definitions", "move the schemas to `components`"),
    ("$comment", "write a YAML comment"),
    ("if", "write a `oneOf` of the cases"),
    ("then", "write a `oneOf` of the cases"),
    ("else", "write a `oneOf` of the cases"),
    (
        "prefixItems",
        "write an object with named properties, or `items` with a `oneOf`",
    ),
    ("additionalItems", "remove it; `items` holds for all items"),
    ("contains", "say it in the `description`"),
    ("minContains", "say it in the `description`"),
    ("maxContains", "say it in the `description`"),
    (
        "patternProperties",
        "write `additionalProperties` with a schema",
    ),
    (
        "propertyNames",
        "say in the `description` how keys are written",
    ),
    ("dependentRequired", "write a `oneOf` of the combinations"),
    ("dependentSchemas", "write a `oneOf` of the combinations"),
    ("dependencies", "write a `oneOf` of the combinations"),
    ("unevaluatedProperties", "write `additionalProperties`"),
    (
        "contentEncoding",
        "write `format: byte` for Base64, `format: binary` for raw bytes",
    ),
    ("contentMediaType", "name the media type in `content`"),
];

/// Reports a key that belongs to a newer OpenAPI; says whether it was one.
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
            Some("remove it; OpenAPI 3.0 has one dialect only")
        }
        "summary" if schema_path.contains("/definitions/Info/") => {
            Some("say it in the `description`")
        }
        "identifier" if schema_path.contains("/definitions/License/") => {
            Some("write the `url` of the licence")
        }
        "pathItems" if schema_path.contains("/definitions/Components/") => {
            Some("write the path items under `paths`")
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
        format!("OpenAPI 3.0 has no `{key}` here"),
        help,
    );
    true
}

/// Reports a value that only a newer OpenAPI allows; says whether it was one.
pub(super) fn explain_value(
    document: &Document,
    pointer: &Pointer,
    report: &mut Report<'_>,
) -> bool {
    let Some(node) = document.node(pointer) else {
        return false;
    };
    let (message, help) = match (pointer.last().as_deref(), &node.content) {
        (Some("type"), Content::Sequence(_)) => (
            "`type` is a list, which OpenAPI 3.0 does not know",
            "write one type, with `nullable: true` in place of `null`, or an `anyOf` of several",
        ),
        (Some("type"), Content::String(text)) if text == "null" => (
            "`null` is no `type` of OpenAPI 3.0",
            "write `nullable: true` beside the type of the other values",
        ),
        (Some("type"), Content::Null) => (
            "`null` is no `type` of OpenAPI 3.0",
            "write `nullable: true` beside the type of the other values",
        ),
        (Some("exclusiveMinimum" | "exclusiveMaximum"), Content::Number(_)) => (
            "an exclusive limit is a boolean in OpenAPI 3.0, not a number",
            "write the number as `minimum` or `maximum`, and `true` here",
        ),
        (Some("items"), Content::Sequence(_)) => (
            "`items` is a list, which OpenAPI 3.0 does not know",
            "write one schema that holds for all items",
        ),
        _ => return false,
    };
    report.add("newer-openapi", pointer, message, help);
    true
}
