//! What an operation sends: parameters and bodies.

use super::{check, findings};
use crate::document::edited;

#[test]
fn a_parameter_that_cannot_be_sent_is_found() {
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
        "by media type",
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
    check(
        "schema: {$ref: '#/components/schemas/ToyId'}",
        "schema: {type: string}",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/parameters/0/schema",
        "can leave its segment",
    );
}

#[test]
fn a_parameter_that_is_sent_in_another_way_than_written_is_found() {
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
fn a_parameter_whose_name_does_not_compile_is_found() {
    let pointer = "/paths/~1pets/get/parameters/0/name";
    for name in ["client", "send", "new", "headerMap"] {
        check(
            "{name: limit,",
            &format!("{{name: {name},"),
            pointer,
            "uses itself",
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
        "uses itself",
    );
    assert_eq!(findings(&edited("{name: limit,", "{name: body,")), [""; 0]);
}

#[test]
fn a_header_name_that_http_does_not_know_is_found() {
    check(
        "name: X-Key",
        "name: X Key",
        "/components/securitySchemes/Key/name",
        "no name of a header",
    );
}

#[test]
fn a_request_body_that_cannot_be_sent_is_found() {
    let content =
        "      content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n";
    check(
        content,
        "      content: {application/json: {schema: {type: object}}, text/plain: {}}\n",
        "/components/requestBodies/Pet/content",
        "one media type",
    );
    check(
        content,
        "      content: {application/merge-patch+json: {schema: {type: object}}}\n",
        "/components/requestBodies/Pet/content/application~1merge-patch+json",
        "cannot send",
    );
}

#[test]
fn what_a_patch_would_send_unasked_or_not_at_all_is_found() {
    let kind = "kind: {$ref: '#/components/schemas/Kind'}";
    let pointer = "/components/schemas/Pet/properties/kind";
    check(
        kind,
        "kind: {type: string, default: cat}",
        &format!("{pointer}/default"),
        "always",
    );
    check(
        kind,
        "kind: {type: string, nullable: true}",
        &format!("{pointer}/nullable"),
        "cannot send `null`",
    );
}
