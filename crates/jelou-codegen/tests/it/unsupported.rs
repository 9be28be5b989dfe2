//! What the generator is known to get wrong: each found in the document, with its line, before it is tried.

use openapi_document::Document;

use crate::document::{PETS, edited};

#[track_caller]
fn findings(text: &str) -> Vec<String> {
    let document = Document::parse("pets.yaml", text).unwrap();
    jelou_codegen::unsupported(&document)
        .iter()
        .map(|finding| format!("{}: {}", finding.pointer, finding.message))
        .collect()
}

/// Edits the document in one place and expects one finding at `pointer` that says `message`.
#[track_caller]
fn check(find: &str, replace: &str, pointer: &str, message: &str) {
    let findings = findings(&edited(find, replace));
    let [finding] = findings.as_slice() else {
        panic!("{findings:#?}")
    };
    assert!(
        finding.starts_with(&format!("#{pointer}: ")) && finding.contains(message),
        "{finding}"
    );
}

#[test]
fn a_document_that_can_be_generated_has_no_finding() {
    assert_eq!(findings(PETS), [""; 0]);
}

#[test]
fn a_version_other_than_3_0_is_found() {
    check(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "/openapi",
        "not `3.1.0`",
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_found() {
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: '#/components/schemas/King'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "refers to nothing",
    );
    check(
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: 'kinds.yaml#/Kind'}",
        "/components/schemas/Pet/properties/kind/$ref",
        "another file",
    );
    check(
        "        '400': {$ref: '#/components/responses/Error'}",
        "        '400': {$ref: '#/paths/~1pets/get/responses/503'}",
        "/paths/~1pets/post/responses/400/$ref",
        "into a part of the document",
    );
}

#[test]
fn a_path_item_that_is_a_reference_is_found() {
    check(
        "  /pets/{petId}/toys/{toyId}:\n",
        "  /cats: {$ref: '#/paths/~1pets'}\n  /pets/{petId}/toys/{toyId}:\n",
        "/paths/~1cats",
        "in place of the path",
    );
}

#[test]
fn a_missing_or_repeated_operation_id_is_found() {
    check(
        "      operationId: add_pet\n",
        "",
        "/paths/~1pets/post",
        "has no `operationId`",
    );
    check(
        "add_pet",
        "listPets",
        "/paths/~1pets/post/operationId",
        "the same Rust name as `list_pets`",
    );
}

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
fn an_operation_that_is_called_in_another_way_than_written_is_found() {
    for method in ["trace", "options"] {
        check(
            "    delete:\n",
            &format!("    {method}:\n"),
            &format!("/paths/~1pets~1{{petId}}~1toys~1{{toyId}}/{method}"),
            "does not compile",
        );
    }
    check(
        "      operationId: add_pet\n",
        "      operationId: add_pet\n      x-idempotent: 'true'\n",
        "/paths/~1pets/post/x-idempotent",
        "neither `true` nor `false`",
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

#[test]
fn responses_that_make_the_generator_panic_are_found() {
    check(
        "        '401': {description: Who}",
        "        default: {description: Who}",
        "/paths/~1pets/post/responses/default",
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
fn a_success_that_is_not_read_as_written_is_found() {
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
        "one media type of a success",
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
fn a_limit_that_makes_a_response_unreadable_is_found() {
    let name = "        name: {type: string}\n";
    let pointer = "/components/schemas/Pet/properties/name";
    for limit in ["minLength", "maxLength"] {
        check(
            name,
            &format!("        name: {{type: string, {limit}: 5}}\n"),
            &format!("{pointer}/{limit}"),
            "refuses a whole response",
        );
    }
    check(
        name,
        "        name: {type: integer, minimum: 1}\n",
        &format!("{pointer}/minimum"),
        "one zero",
    );
    let of_requests = "PetId: {type: string, minLength: 1}";
    assert_eq!(
        findings(&edited("PetId: {type: string}", of_requests)),
        [""; 0]
    );
}

#[test]
fn a_closed_response_is_found() {
    check(
        "    Pet:\n      type: object\n",
        "    Pet:\n      type: object\n      additionalProperties: false\n",
        "/components/schemas/Pet/additionalProperties",
        "breaks the generated client",
    );
}

#[test]
fn names_that_become_one_in_rust_are_found() {
    check(
        "enum: [cat, dog]",
        "enum: [cat, CAT]",
        "/components/schemas/Kind/enum/1",
        "the same Rust name as `cat`",
    );
    check(
        "        chip: {type: string, format: uuid}",
        "        Name: {type: string}",
        "/components/schemas/Pet/properties/Name",
        "the same Rust name as `name`",
    );
    check(
        "        name: {type: string}\n",
        "        name: {type: object, properties: {extra: {type: string}}, additionalProperties: {type: string}}\n",
        "/components/schemas/Pet/properties/name/properties/extra",
        "additional properties",
    );
    check(
        "    OpenKind:",
        "    kind:",
        "/components/schemas/kind",
        "the same Rust name as `Kind`",
    );
}

#[test]
fn alternatives_that_hide_one_another_or_say_nothing_are_found() {
    let open = "        - {$ref: '#/components/schemas/Kind'}\n        - {type: string}\n";
    let pointer = "/components/schemas/OpenKind/anyOf";
    check(
        open,
        "        - {type: string}\n        - {$ref: '#/components/schemas/Kind'}\n",
        &format!("{pointer}/0"),
        "any text reads as this branch",
    );
    check(
        open,
        "        - {type: object}\n        - {$ref: '#/components/schemas/Pet'}\n",
        &format!("{pointer}/0"),
        "never tried",
    );
    check(
        open,
        "        - {type: string}\n        - {required: [name]}\n",
        &format!("{pointer}/1"),
        "only adds a constraint",
    );
}

#[test]
fn keywords_that_need_more_than_the_client_carries_are_found() {
    check(
        "        name: {type: string}\n",
        "        name: {type: string, pattern: '^a'}\n",
        "/components/schemas/Pet/properties/name/pattern",
        "regular expressions",
    );
    check(
        "        name: {type: string}\n",
        "        name: {not: {type: string}}\n",
        "/components/schemas/Pet/properties/name/not",
        "`not`",
    );
}

#[test]
fn a_credential_that_the_client_does_not_know_is_found() {
    check(
        "{type: apiKey, in: header,",
        "{type: apiKey, in: query,",
        "/components/securitySchemes/Key",
        "no credential",
    );
    check(
        "scheme: basic",
        "scheme: bearer",
        "/components/securitySchemes/Basic",
        "no credential",
    );
    check(
        "  - Key: []\n  - Basic: []",
        "  - Key: []\n    Basic: []",
        "/security/0",
        "several schemes together",
    );
    check(
        "  - Basic: []",
        "  - Basik: []",
        "/security/1/Basik",
        "no security scheme `Basik`",
    );
}

#[test]
fn servers_that_the_client_cannot_follow_are_found() {
    check(
        "      tags: [toys]\n",
        "      servers: [{url: 'https://toys.example'}]\n",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/servers",
        "servers of the document",
    );
    check(
        "https://pets.example/api",
        "https://{zone}.example",
        "/servers/0/url",
        "variables",
    );
}

#[test]
fn a_name_that_the_generator_would_change_is_found_where_the_client_has_the_type() {
    let text = PETS.replace("PetId", "pet-id");
    let findings = findings(&text);
    assert_eq!(
        findings,
        [
            "#/components/schemas/pet-id: the generator would rename `pet-id`, for which the client has a type of its own"
        ]
    );
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
fn an_address_that_a_response_may_hold_in_another_form_is_found() {
    check(
        "        born: {type: string, format: date}",
        "        born: {type: string, format: uri, pattern: '^https://[^/]'}",
        "/components/schemas/Pet/properties/born/pattern",
        "refused as a whole",
    );
}
