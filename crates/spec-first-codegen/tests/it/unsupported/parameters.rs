//! Parameters and request bodies.

use super::{check, findings};
use crate::document::edited;

#[test]
fn unsupported_parameters_are_reported() {
    check(
        "in: query",
        "in: cookie",
        "/paths/~1pets/get/parameters/0",
        "cookie parameter",
    );
    check(
        "schema: {type: integer, format: int32}",
        "content: {application/json: {schema: {type: integer}}}",
        "/paths/~1pets/get/parameters/0/content",
        "does not support `content`",
    );
    check(
        "{name: toyId, in: path, required: true, ",
        "{name: toyId, in: path, ",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/parameters/0",
        "not `required: true`",
    );
    check(
        "{name: toyId, in: path",
        "{name: toId, in: path",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete",
        "does not declare the path parameter `toyId`",
    );
}

#[test]
fn parameters_with_unsupported_serialization_are_reported() {
    let limit = "schema: {type: integer, format: int32}";
    let pointer = "/paths/~1pets/get/parameters/0";
    check(
        limit,
        "schema: {type: array, items: {type: string}}, explode: false",
        &format!("{pointer}/explode"),
        "repeats `limit`",
    );
    check(
        limit,
        "schema: {$ref: '#/components/schemas/Error'}",
        &format!("{pointer}/schema"),
        "the object `limit`",
    );
    check(
        "{name: X-Trace, in: header, schema: {type: string}}",
        "{name: X-Trace, in: header, schema: {type: array, items: {type: string}}}",
        "/paths/~1pets/get/parameters/1/schema",
        "the array `X-Trace`",
    );
    check(
        "schema: {$ref: '#/components/schemas/ToyId'}",
        "schema: {type: array, items: {type: string}}",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/parameters/0/schema",
        "the array `toyId`",
    );
    check(
        "in: query, ",
        "in: query, allowReserved: true, ",
        &format!("{pointer}/allowReserved"),
        "ignores",
    );
    check(
        "in: query, ",
        "in: query, allowEmptyValue: true, ",
        &format!("{pointer}/allowEmptyValue"),
        "ignores",
    );
    assert_eq!(
        findings(&edited(
            limit,
            "schema: {type: array, items: {type: string}}"
        )),
        [""; 0]
    );
}

#[test]
fn reserved_and_conflicting_parameter_names_are_reported() {
    let pointer = "/paths/~1pets/get/parameters/0/name";
    for name in ["client", "send", "new", "headerMap"] {
        check(
            "{name: limit,",
            &format!("{{name: {name},"),
            pointer,
            "reserved",
        );
    }
    check(
        "{name: limit,",
        "{name: x_trace,",
        pointer,
        "the same Rust name as the parameter `X-Trace`",
    );
    check(
        "      requestBody: {$ref: '#/components/requestBodies/Pet'}\n",
        "      requestBody: {$ref: '#/components/requestBodies/Pet'}\n      parameters: [{name: body, in: query, schema: {type: string}}]\n",
        "/paths/~1pets/post/parameters/0/name",
        "reserved",
    );
    assert_eq!(findings(&edited("{name: limit,", "{name: body,")), [""; 0]);
}

#[test]
fn invalid_header_names_are_reported() {
    check(
        "name: X-Key",
        "name: X Key",
        "/components/securitySchemes/Key/name",
        "not a valid header name",
    );
}

#[test]
fn unsupported_request_bodies_are_reported() {
    let content =
        "      content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n";
    check(
        content,
        "      content: {application/json: {schema: {type: object}}, text/plain: {}}\n",
        "/components/requestBodies/Pet/content",
        "only one media type",
    );
    check(
        content,
        "      content: {application/merge-patch+json: {schema: {type: object}}}\n",
        "/components/requestBodies/Pet/content/application~1merge-patch+json",
        "cannot send",
    );
}

#[test]
fn nullable_in_requests_is_reported() {
    let pointer = "/components/schemas/Pet/properties/kind";
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {type: string, nullable: true}",
        &format!("{pointer}/nullable"),
        "cannot send `null`",
    );
}
