//! Invalid, malicious and very large documents.

use std::collections::HashSet;

use spec_first_document::{Document, Finding};

#[track_caller]
fn check(text: &str) -> Vec<Finding> {
    let document = Document::parse("hostile.yaml", text).unwrap();
    spec_first_lint::check(&document)
}

#[test]
fn invalid_documents_are_reported_without_panicking() {
    for text in [
        "[]",
        "5",
        "'text'",
        "{}",
        "[{openapi: 3.0.3}]",
        "openapi: 3.0.3",
        "openapi: 3",
        "openapi: [3.0.3]",
        "openapi: 3.0.3\npaths: null",
        "openapi: 3.0.3\npaths: []\ninfo: []",
        "openapi: 3.0.3\npaths: {/a: null, /b: 5, /c: [], /d: {get: null, put: 3, post: []}}",
        "openapi: 3.0.3\npaths: {/a: {get: {parameters: {}, responses: [], requestBody: 5, security: {}, tags: a}}}",
        "openapi: 3.0.3\npaths: {/a: {parameters: [5, null, {}, [], {name: 5, in: []}], get: {responses: {200: null, '': {}, '2': 4}}}}",
        "openapi: 3.0.3\ncomponents: []",
        "openapi: 3.0.3\ncomponents: {schemas: []}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: text, B: 5, C: null, D: [], E: {type: 5, properties: [], required: a, enum: 5}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: {$ref: 5}, B: {$ref: ''}, C: {$ref: '#'}, D: {$ref: '#/'}, E: {$ref: '#/components'}, F: {$ref: '#/components/schemas/%zz'}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {'': {type: object}, '/': {}, '~': {}, 'a b': {$ref: '#/components/schemas/~1'}, 'é': {example: 1}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: {allOf: 5, oneOf: {}, anyOf: [5, null], not: [], items: 5, additionalProperties: 5}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: {type: string, pattern: '(', minLength: -1, maxLength: x, multipleOf: 0, minimum: a, example: b}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: {type: integer, minimum: 1e308, maximum: -1e308, multipleOf: 1e-300, enum: []}}}",
        "openapi: 3.0.3\ncomponents: {schemas: {A: {discriminator: 5}, B: {discriminator: {propertyName: [], mapping: [1]}}, C: {oneOf: [], discriminator: {mapping: {a: 5}}}}}",
        "openapi: 3.0.3\nservers: 5",
        "openapi: 3.0.3\nservers: [5, null, {url: 5}, {url: '{'}, {url: '}{'}, {url: '{}', variables: 5}, {url: ''}]",
        "openapi: 3.0.3\nsecurity: [5, {a: 5}, null]\ncomponents: {securitySchemes: {a: 5, b: {type: oauth2, flows: 5}, c: {$ref: '#/components/securitySchemes/c'}}}",
        "openapi: 3.0.3\ntags: [5, null, {}, {name: 5}]",
        "openapi: 3.0.3\npaths: {'': {}, a: {}, '/{': {get: {}}, '/}': {get: {}}, '/{}': {get: {}}, '/{{a}}': {get: {}}, '//': {get: {}}, '/?': {get: {}}}",
        "openapi: 3.0.3\npaths: {/a: {get: {callbacks: {a: {$ref: x}, b: {'{$request}': {post: {responses: {}}}}}}}}",
        "openapi: 3.0.3\npaths: {/a: {$ref: '#/paths/~1a'}, /b: {$ref: '#/paths/~1a'}}",
        "swagger: '2.0'",
        "openapi: 3.1.0",
        "openapi: 3.0.x",
        "openapi: 30.1",
    ] {
        let findings = check(text);
        assert!(!findings.is_empty(), "no findings for {text}");
    }
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1', description: A test.}\npaths: {}\ncomponents:\n  schemas:\n";

#[test]
fn circular_references_terminate() {
    for schemas in [
        "    A: {$ref: '#/components/schemas/A'}\n",
        "    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n    C: {$ref: '#/components/schemas/A', example: 1}\n",
        "    A: {allOf: [{$ref: '#/components/schemas/A'}], example: {a: 1}}\n",
        "    A: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], example: 1}\n    B: {anyOf: [{$ref: '#/components/schemas/A'}], example: 1}\n",
        "    A: {not: {$ref: '#/components/schemas/A'}, example: 1}\n",
        "    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}, required: [a], example: {a: {a: {}}}}\n",
        "    A: {type: object, additionalProperties: {$ref: '#/components/schemas/A'}, example: {a: {a: {b: {}}}}}\n",
        "    A: {type: array, items: {$ref: '#/components/schemas/A'}, minItems: 1, example: [[[]]]}\n",
        "    A: {$ref: '#/components/schemas/B/properties/x'}\n    B: {type: object, properties: {x: {$ref: '#/components/schemas/A'}}, example: {x: 1}}\n",
        "    A: {$ref: '#/components/schemas/A/allOf/0', allOf: [{$ref: '#/components/schemas/A'}]}\n",
        "    A: {type: object, discriminator: {propertyName: k, mapping: {a: A}}, oneOf: [{$ref: '#/components/schemas/A'}], example: {k: a}}\n",
    ] {
        let findings = check(&format!("{HEAD}{schemas}"));
        assert!(!findings.is_empty());
    }
}

#[test]
fn deep_schemas_do_not_overflow_the_stack() {
    // Reading such a document needs more stack than a test thread has, and is not what is tested here.
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    thread.spawn(walk_deep_schemas).unwrap().join().unwrap();
}

fn walk_deep_schemas() {
    for keyword in [
        "items: {type: array, ",
        "properties: {a: {type: object, ",
        "allOf: [{type: object, ",
        "not: {type: object, ",
    ] {
        let depth = if keyword.contains("properties") {
            100
        } else {
            200
        };
        let opened = keyword.repeat(depth);
        let closed: String = opened
            .chars()
            .rev()
            .filter_map(|c| match c {
                '{' => Some('}'),
                '[' => Some(']'),
                _ => None,
            })
            .collect();
        let text = format!("{HEAD}    A: {{type: object, {opened}description: x{closed}}}\n");
        if let Ok(document) = Document::parse("deep.yaml", &text) {
            assert!(!spec_first_lint::check(&document).is_empty());
        }
    }
}

/// A valid document of any size.
fn large(operations: usize) -> String {
    let mut text = "\
openapi: 3.0.3
info: {title: Large, version: '1', description: A document of many operations., contact: {email: help@large.test}, license: {name: MIT, url: 'https://large.test/license'}}
servers: [{url: 'https://large.test', description: The only server.}]
security: [{Key: []}]
tags: [{name: things, description: All there is.}]
paths:
"
    .to_owned();
    for index in 0..operations {
        text += &format!(
            "  /things-{index}/{{id}}:
    put:
      operationId: put_thing_{index}
      tags: [things]
      summary: Put one
      description: Puts thing number {index} into its place.
      parameters:
        - {{name: id, in: path, required: true, description: Which one., example: a, schema: {{type: string}}}}
      requestBody:
        required: true
        description: What to put there.
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing{index}'}}, example: {{name: a, size: 3}}}}}}
      responses:
        '200':
          description: It is there.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing{index}'}}}}}}
        '401': {{description: The key is wrong.}}
"
        );
    }
    text += "components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key, description: The key of a program.}
  schemas:
";
    for index in 0..operations {
        let next = (index + 1) % operations;
        text += &format!(
            "    Thing{index}:
      type: object
      required: [name]
      description: Thing number {index}.
      properties:
        name: {{type: string, minLength: 1, maxLength: 40, description: What it is called., example: a}}
        size: {{type: integer, minimum: 0, maximum: 9, description: How large it is., example: 3}}
        next: {{$ref: '#/components/schemas/Thing{next}'}}
      example: {{name: a, size: 3, next: {{name: b}}}}
"
        );
    }
    text
}

#[test]
fn each_of_a_thousand_operations_is_checked_once() {
    const OPERATIONS: usize = 1000;
    let text = large(OPERATIONS).replace("      summary: Put one\n", "");
    let findings = check(&text);
    let other = findings
        .iter()
        .find(|finding| finding.rule != "missing-summary");
    assert!(other.is_none(), "{other:?}");
    let places: HashSet<_> = findings.iter().map(|finding| &finding.pointer).collect();
    assert_eq!((findings.len(), places.len()), (OPERATIONS, OPERATIONS));
}

#[test]
fn a_secret_in_an_example_is_not_repeated() {
    let text = format!(
        "{HEAD}    A: {{type: string, format: password, maxLength: 3, example: canary-value, enum: [a]}}\n    B: {{type: object, additionalProperties: false, anyOf: [{{required: [x]}}, {{type: string}}], example: {{p: canary-value}}}}\n"
    );
    let findings = check(&text);
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule == "invalid-example")
    );
    for finding in findings {
        assert!(
            !format!("{finding} {}", finding.help).contains("canary"),
            "{finding}"
        );
    }
}
