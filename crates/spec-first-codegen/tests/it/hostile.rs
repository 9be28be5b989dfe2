//! Documents that would take long, or break the code that is generated.

use spec_first_codegen::generate;

#[test]
fn choices_between_choices_take_no_time() {
    let mut text =
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
            .to_owned();
    for (level, below) in (0..40).zip(1..) {
        for name in ["A", "B"] {
            text += &format!(
                "    {name}{level}: {{oneOf: [{{$ref: '#/components/schemas/A{below}'}}, {{$ref: '#/components/schemas/B{below}'}}]}}\n"
            );
        }
    }
    text += "    A40: {type: object, properties: {a: {type: string}}}\n    B40: {type: object, properties: {b: {type: string}}}\n";
    assert!(generate("choices.yaml", &text).unwrap().contains("enum A0"));
}

/// A document whose operation sends the first of many components, each of which refers to the next.
fn chain(length: usize, link: impl Fn(String) -> String) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a: {post: {operationId: a, requestBody: {content: \
        {application/json: {schema: {$ref: '#/components/schemas/A0'}}}}, responses: {'204': {description: A}}}}\n\
        components:\n  schemas:\n    Last: {type: object, properties: {a: {type: string}}}\n"
        .to_owned();
    for index in 0..length {
        let next = match index + 1 == length {
            true => "Last".to_owned(),
            false => format!("A{}", index + 1),
        };
        let next = link(format!("$ref: '#/components/schemas/{next}'"));
        text += &format!("    A{index}: {{{next}}}\n");
    }
    text
}

#[test]
fn chains_of_references_do_not_overflow_the_stack() {
    let reference = chain(15_000, |next| next);
    assert!(
        generate("a.yaml", &reference)
            .unwrap()
            .contains("A0 = Last;")
    );
    let branch = chain(15_000, |next| format!("allOf: [{{{next}}}]"));
    assert!(generate("a.yaml", &branch).unwrap().contains("A0 = Last;"));
}

#[test]
fn a_carriage_return_in_a_text_is_the_end_of_a_line() {
    let text = r##"{"openapi": "3.0.3", "info": {"title": "A\rB", "version": "1", "description": "One\rtwo."},
        "tags": [{"name": "a", "description": "One\rtwo."}], "components": {
            "securitySchemes": {"s": {"type": "apiKey", "in": "header", "name": "s", "description": "One\rtwo.",
                "x-signature": {"algorithm": "hmac-sha256"}}},
            "schemas": {"B": {"title": "One\rtwo", "description": "One\r```\rtwo\r```", "type": "object", "properties":
                {"p": {"description": "One\rtwo.", "type": "string", "pattern": "a\rb", "enum": ["a\r"]}}}}},
        "paths": {"/a": {"post": {"operationId": "a", "tags": ["a"], "summary": "One\r\ntwo\rthree.", "description": "One\rtwo.",
        "parameters": [{"name": "q", "in": "query", "description": "One\rtwo.", "schema": {"type": "string", "description": "One\rtwo."}}],
        "requestBody": {"description": "One\rtwo.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
        "responses": {"200": {"description": "One\rtwo.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
        "404": {"description": "One\rtwo.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}}}}}}}"##;
    let client = generate("pets.json", text).unwrap();
    assert!(!client.contains('\r'), "{client}");
    for expected in ["three.", "```text"] {
        assert!(client.contains(expected), "{client}");
    }
}
