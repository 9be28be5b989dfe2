//! Responses.

use super::{check, findings};
use crate::document::edited;

#[test]
fn responses_that_make_the_generator_panic_are_reported() {
    check(
        "        '204': {description: Removed}\n        '404': {$ref: '#/components/responses/Error'}",
        "        default: {description: Removed}",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/responses/default",
        "`default`",
    );
    check(
        "        '401': {description: Who}",
        "        '204': {description: Who}",
        "/paths/~1pets/post/responses",
        "several",
    );
    check(
        "        '204': {description: Removed}",
        "        '200': {description: Removed, content: {application/json: {}}}",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/responses/200",
        "without a schema",
    );
}

#[test]
fn unsupported_success_media_types_are_reported() {
    let content = "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}";
    let pointer = "/paths/~1pets/get/responses/200/content";
    for media_type in ["application/xml", "application/hal+json"] {
        check(
            content,
            &content.replace("application/json", media_type),
            &format!("{pointer}/{}", media_type.replace('/', "~1")),
            "as bytes",
        );
    }
    check(
        content,
        "content: {text/csv: {schema: {type: string}}, application/json: {schema: {type: string}}}",
        pointer,
        "only one media type",
    );
    assert_eq!(
        findings(&edited(
            content,
            "content: {text/csv: {schema: {type: string}}}"
        )),
        [""; 0]
    );
}

#[test]
fn limits_that_reject_responses_are_reported() {
    let name = "        name: {type: string}\n";
    let pointer = "/components/schemas/Pet/properties/name";
    for limit in ["minLength", "maxLength"] {
        check(
            name,
            &format!("        name: {{type: string, {limit}: 5}}\n"),
            &format!("{pointer}/{limit}"),
            "rejects a response",
        );
    }
    check(
        name,
        "        name: {type: integer, minimum: 1}\n",
        &format!("{pointer}/minimum"),
        "a single zero",
    );
    let of_requests = "PetId: {type: string, minLength: 1}";
    assert_eq!(
        findings(&edited("PetId: {type: string}", of_requests)),
        [""; 0]
    );
}

#[test]
fn closed_response_schemas_are_reported() {
    check(
        "    Pet:\n      type: object\n",
        "    Pet:\n      type: object\n      additionalProperties: false\n",
        "/components/schemas/Pet/additionalProperties",
        "breaks the generated client",
    );
}

#[test]
fn patterns_of_hand_written_types_in_responses_are_reported() {
    check(
        "        born: {type: string, format: date}",
        "        born: {$ref: '#/components/schemas/VetUrl'}",
        "/components/schemas/VetUrl/pattern",
        "would reject a response",
    );
}
