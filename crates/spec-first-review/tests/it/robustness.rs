//! Wrong, hostile or huge documents are either read, or refused with a position and a hint. None causes a panic.

mod size;
mod wrong_types;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use serde_json::{Value, json};
use spec_first_document::Finding;
use spec_first_review::{Input, Options, Review, Verdict, review};

const MINIMAL: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";

fn compare_files(
    base: &BTreeMap<&str, String>,
    head: &BTreeMap<&str, String>,
    path: &str,
) -> Result<Review, Finding> {
    fn read<'a>(files: &'a BTreeMap<&str, String>) -> impl Fn(&str) -> io::Result<String> + 'a {
        |path| {
            files
                .get(path)
                .cloned()
                .ok_or_else(|| io::ErrorKind::NotFound.into())
        }
    }
    let (base, head) = (read(base), read(head));
    let input = |files| Input { files, path };
    review(input(&base), input(&head), &Options::default())
}

fn compare(base: &str, head: &str) -> Result<Review, Finding> {
    let files = |text: &str| BTreeMap::from([("api.yaml", text.to_owned())]);
    compare_files(&files(base), &files(head), "api.yaml")
}

/// Checks that the document is read, and equals itself.
#[track_caller]
fn is_read(document: &str) {
    let review =
        compare(document, document).unwrap_or_else(|finding| panic!("{}", finding.message));
    assert!(review.changes.is_empty(), "{}", review.changes[0].message);
}

/// Checks that the document is refused at this line and column, with a message that contains these words.
#[track_caller]
fn is_refused(document: &str, rule: &str, place: (u64, u64), words: &str) {
    let finding = compare(document, MINIMAL).unwrap_err();
    assert_eq!(
        (
            finding.rule,
            (finding.position.line, finding.position.column)
        ),
        (rule, place),
        "{}",
        finding.message
    );
    assert!(finding.message.contains(words), "{}", finding.message);
    assert!(!finding.help.is_empty());
    let as_head = compare(MINIMAL, document).unwrap_err();
    assert_eq!(as_head.message, finding.message);
}

/// A document with one operation that receives the schema `Root`.
fn with_schemas(version: &str, schemas: &Value) -> Value {
    json!({
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/things": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Root"}}}},
            "responses": {"200": {"description": "Done", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Root"},
            }}}},
        }}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut document = String::from("openapi: 3.1.0\nx-0: &a0 [lol, lol]\n");
    for level in 1..60 {
        let before = level - 1;
        _ = writeln!(
            document,
            "x-{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}]"
        );
    }
    document.push_str("paths: {}\n");
    is_refused(&document, "syntax", (11, 21), "expanding aliases adds");
    let merged = document.replace('[', "{<<: [").replace(']', "]}");
    let merged = merged.replace("[lol, lol]", "{a: b}");
    compare(&merged, MINIMAL).unwrap_err();
}

#[test]
fn aliases_that_nest_too_deeply_are_refused() {
    let mut document = String::from("openapi: 3.1.0\nx-0: &a0 [[[[]]]]\n");
    for level in 1..2000 {
        _ = writeln!(document, "x-{level}: &a{level} [[[[*a{}]]]]", level - 1);
    }
    document.push_str("paths: {}\n");
    is_refused(
        &document,
        "syntax",
        (33, 16),
        "nested more than 128 levels deep",
    );
}

#[test]
fn what_aliases_share_is_compared() {
    let mut schemas =
        String::from("openapi: 3.1.0\ncomponents:\n  schemas:\n    S0: &s0 {type: string}\n");
    for level in 1..14 {
        let before = level - 1;
        _ = writeln!(
            schemas,
            "    S{level}: &s{level} {{type: object, properties: {{a: *s{before}, b: *s{before}}}}}"
        );
    }
    schemas.push_str("paths: {/a: {get: {responses: {'200': {description: D, content: {application/json: {schema: *s13}}}}}}}\n");
    is_read(&schemas);
    let changed = schemas.replace("type: string", "type: integer");
    assert_eq!(
        compare(&schemas, &changed).unwrap().verdict(),
        Some(Verdict::Breaking)
    );
}

#[test]
fn an_anchor_inside_of_itself_is_refused() {
    is_refused(
        "openapi: 3.1.0\nx-a: &a\n  b: *a\n",
        "syntax",
        (3, 6),
        "a value that contains it",
    );
    is_refused(
        "openapi: 3.1.0\nx-a: &a [1, *a]\n",
        "syntax",
        (2, 13),
        "a value that contains it",
    );
    is_refused(
        "openapi: 3.1.0\nx-a: *nowhere\n",
        "syntax",
        (2, 6),
        "anchor",
    );
}

#[test]
fn a_document_nested_too_deeply_is_refused() {
    let deep = |levels: usize| {
        format!(
            "openapi: 3.1.0\nx-a: {}{}",
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    is_read(&deep(127));
    is_refused(&deep(128), "syntax", (2, 133), "more than 128 levels deep");
    let mut block = String::from("openapi: 3.1.0\n");
    for level in 0..128 {
        _ = writeln!(block, "{}x-a:", " ".repeat(level));
    }
    is_read(&block);
    _ = writeln!(block, "{}x-a: 1", " ".repeat(128));
    is_refused(&block, "syntax", (130, 129), "more than 128 levels deep");
    for levels in [5_000, 200_000] {
        assert!(compare(&deep(levels), MINIMAL).is_err());
        assert!(
            compare(
                &format!("openapi: 3.1.0\nx-a: {}1", "{a: ".repeat(levels)),
                MINIMAL
            )
            .is_err()
        );
        assert!(compare(&"- ".repeat(levels), MINIMAL).is_err());
        assert!(compare(&"? ".repeat(levels), MINIMAL).is_err());
        assert!(compare(&"&a ".repeat(levels), MINIMAL).is_err());
    }
}

#[test]
fn other_files_than_openapi_3_are_refused() {
    is_refused("", "syntax", (1, 1), "empty");
    is_refused("# only a comment\n", "syntax", (1, 1), "empty");
    is_refused("null", "syntax", (1, 1), "empty");
    is_refused("a: b", "openapi-version", (1, 1), "`openapi` is missing");
    is_refused("[1, 2]", "openapi-version", (1, 1), "`openapi` is missing");
    is_refused(
        "just text",
        "openapi-version",
        (1, 1),
        "`openapi` is missing",
    );
    is_refused(
        "openapi: 4.0.0\npaths: {}\n",
        "openapi-version",
        (1, 1),
        "4.0.0",
    );
    is_refused("openapi: 2.0\n", "openapi-version", (1, 1), "version `2");
    is_refused(
        "swagger: '2.0'\npaths: {}\n",
        "openapi-version",
        (1, 1),
        "Swagger 2.0",
    );
    is_refused(
        "openapi: 3.1.0\n---\nopenapi: 3.1.0\n",
        "syntax",
        (2, 1),
        "second document",
    );
    is_refused(
        "openapi: 3.1.0\npaths: {/a: {}, /a: {}}\n",
        "syntax",
        (2, 17),
        "duplicate key `/a`",
    );
    is_refused("openapi: 3.1.0\npaths: {", "syntax", (2, 8), "unclosed");
    is_refused(
        "openapi: 3.1.0\n{a: b}: c\n",
        "syntax",
        (2, 1),
        "cannot be used as a key",
    );
}

#[test]
fn odd_bytes_are_read_or_refused() {
    is_read(&format!("\u{feff}{MINIMAL}"));
    is_read(&MINIMAL.replace('\n', "\r\n"));
    assert!(
        compare(
            MINIMAL,
            &format!("\u{feff}{}", MINIMAL.replace('\n', "\r\n"))
        )
        .unwrap()
        .changes
        .is_empty()
    );
    for odd in [
        "openapi: 3.1.0\nx-a: \"a\u{0}b\"\n",
        "openapi: 3.1.0\n\tinfo: {}\n",
        "\u{0}",
        "openapi: 3.1.0\nx-a: \u{7}\n",
        "%YAML 9.9\n---\nopenapi: 3.1.0\n",
        "\u{fffe}\u{ffff}",
        "%",
        "!!",
        "&",
        "*",
        "?",
        ":",
        "- :",
        "? :",
        "{",
        "[",
        "\"",
        "'",
        "|",
        ">",
        "@",
        "`",
        "!<",
        "%TAG",
    ] {
        let of_odd = compare(odd, MINIMAL);
        assert!(of_odd.is_ok() || of_odd.is_err_and(|finding| !finding.message.is_empty()));
    }
    let as_base = |_: &str| -> io::Result<String> {
        String::from_utf8(vec![b'o', 0xff])
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    };
    let as_head = |_: &str| Ok(MINIMAL.to_owned());
    let input = |files, path| Input { files, path };
    let finding = review(
        input(&as_base, "a.yaml"),
        input(&as_head, "b.yaml"),
        &Options::default(),
    )
    .unwrap_err();
    assert_eq!(
        (finding.rule, finding.source.name.as_str()),
        ("unreadable", "a.yaml")
    );
    assert!(finding.message.contains("utf-8"), "{}", finding.message);
}

fn referring_to(reference: &str) -> String {
    with_schemas("3.1.0", &json!({"Root": {"$ref": reference}})).to_string()
}

#[test]
fn references_to_other_machines_are_refused() {
    for remote in [
        "https://example.com/a.yaml",
        "http://example.com/a.yaml#/A",
        "//example.com/a.yaml",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "mailto:a@example.com",
        "urn:uuid:1",
        "ftp://example.com",
        "data:text/plain,a",
        "javascript:alert(1)",
    ] {
        let finding = compare(MINIMAL, &referring_to(remote)).unwrap_err();
        assert_eq!(finding.rule, "remote-reference", "{remote}");
        assert!(finding.message.contains(remote), "{}", finding.message);
    }
}

#[test]
fn files_are_asked_for_by_their_path_beside_the_document() {
    for (reference, path) in [
        ("../../etc/passwd", "../../etc/passwd"),
        ("./a.yaml#/A", "a.yaml"),
        ("x/../y/./a.yaml", "y/a.yaml"),
        ("a%20b.yaml", "a b.yaml"),
    ] {
        let finding = compare(MINIMAL, &referring_to(reference)).unwrap_err();
        assert_eq!(finding.rule, "unreadable-reference", "{reference}");
        assert!(
            finding
                .message
                .starts_with(&format!("`{path}` cannot be read")),
            "{reference}: {}",
            finding.message
        );
    }
}

#[test]
fn a_document_in_several_files_is_read_as_one() {
    let files = |kind: &str| {
        BTreeMap::from([
            ("api/openapi.yaml", "openapi: 3.1.0\npaths:\n  /a~b/{id}: {$ref: 'paths/item.yaml#/item~1of~0all'}\n".to_owned()),
            (
                "api/paths/item.yaml",
                "item/of~all:\n  get:\n    responses:\n      '200':\n        description: D\n        content:\n          application/json:\n            schema: {$ref: '../../schemas/all%20of%20them.json#named'}\n".to_owned(),
            ),
            (
                "schemas/all of them.json",
                format!(r##"{{"Thing": {{"$anchor": "named", "properties": {{"a": {{"$ref": "#/Part/0"}}, "self": {{"$ref": "#named"}}}}}}, "Part": [{{"type": "{kind}"}}]}}"##),
            ),
        ])
    };
    let review = compare_files(&files("string"), &files("integer"), "api/openapi.yaml").unwrap();
    assert_eq!(review.verdict(), Some(Verdict::Breaking));
    let place = review.changes[0].head.as_ref().unwrap();
    assert_eq!(
        (place.source.name.as_str(), place.pointer.as_str()),
        ("schemas/all of them.json", "/Part/0/type")
    );
    assert!(
        compare_files(&files("string"), &files("string"), "api/openapi.yaml")
            .unwrap()
            .changes
            .is_empty()
    );
    let inline = BTreeMap::from([("api/openapi.yaml", json!({"openapi": "3.1.0", "paths": {"/a~b/{id}": {"get": {"responses": {"200": {
        "description": "D", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
        "components": {"schemas": {"Thing": {"properties": {"a": {"type": "string"}, "self": {"$ref": "#/components/schemas/Thing"}}}}},
    }).to_string())]);
    assert!(
        compare_files(&files("string"), &inline, "api/openapi.yaml")
            .unwrap()
            .changes
            .is_empty()
    );
}

/// More branches than can be compared with each other, in schemas that refer to each other.
#[test]
fn a_document_with_endless_choices_equals_itself() {
    is_read(
        "
openapi: 3.0.3
paths:
  /query:
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Query'}, {properties: {query: {type: string}}}]}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Query: {properties: {extern: {$ref: '#/components/schemas/File'}}}
    File: {properties: {body: {items: {$ref: '#/components/schemas/Statement'}}}}
    Statement: {oneOf: [{$ref: '#/components/schemas/Assignment'}]}
    Assignment: {properties: {init: {$ref: '#/components/schemas/Expression'}}}
    Expression: {oneOf: [{}, {}, {$ref: '#/components/schemas/Function'}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}
    Function: {properties: {body: {$ref: '#/components/schemas/Node'}}}
    Node: {oneOf: [{$ref: '#/components/schemas/Expression'}, {}]}
",
    );
}

#[test]
fn a_document_with_two_media_types_of_the_same_meaning_equals_itself() {
    is_read(
        "
openapi: 3.0.3
paths:
  /pets:
    get:
      responses:
        '200':
          description: Pets
          content:
            application/json: {schema: {type: string}}
            application/json; charset=utf-8: {schema: {type: string}}
",
    );
}
