//! Wrong, hostile or huge documents are either read, or refused with a position and a hint. None causes a panic.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::{fs, io};

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

#[track_caller]
fn verdict_of(base: &Value, head: &Value) -> Option<Verdict> {
    ["3.0.3", "3.1.0"]
        .map(|version| {
            let (base, head) = (with_schemas(version, base), with_schemas(version, head));
            is_read(&base.to_string());
            compare(&base.to_string(), &head.to_string())
                .unwrap()
                .verdict()
        })
        .into_iter()
        .max()
        .unwrap()
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
fn circles_of_references_end() {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let circles = [
        json!({"Root": to("Root")}),
        json!({"Root": to("B"), "B": to("Root")}),
        json!({"Root": {"allOf": [to("B")]}, "B": {"allOf": [to("Root"), {"type": "object"}]}}),
        json!({"Root": {"anyOf": [to("B"), {"type": "string"}]}, "B": {"anyOf": [to("Root"), {"type": "object"}]}}),
        json!({"Root": {"oneOf": [to("Root"), to("Root")]}}),
        json!({"Root": {"not": to("Root")}}),
        json!({"Root": {"not": {"not": to("Root")}}}),
        json!({"Root": {"anyOf": [{"allOf": [to("Root")]}, {"not": to("Root")}]}}),
    ];
    for circle in &circles {
        verdict_of(circle, &json!({"Root": {"type": "string"}}));
        verdict_of(&json!({"Root": {"type": "string"}}), circle);
    }
    for part in [
        "parameters",
        "responses",
        "headers",
        "requestBodies",
        "examples",
        "links",
        "callbacks",
        "pathItems",
        "securitySchemes",
    ] {
        let mut document = with_schemas("3.1.0", &json!({"Root": {}}));
        document["components"][part] = json!({"A": {"$ref": format!("#/components/{part}/B")}, "B": {"$ref": format!("#/components/{part}/A")}});
        let circle = json!({"$ref": format!("#/components/{part}/A")});
        let operation = &mut document["paths"]["/things"]["post"];
        match part {
            "parameters" => operation["parameters"] = json!([circle]),
            "requestBodies" => operation["requestBody"] = circle,
            "responses" => operation["responses"]["400"] = circle,
            "pathItems" => document["paths"]["/others"] = circle,
            "callbacks" => operation["callbacks"] = json!({"c": circle}),
            "securitySchemes" => operation["security"] = json!([{"A": []}]),
            other => operation["responses"]["200"][other] = json!({"c": circle}),
        }
        is_read(&document.to_string());
    }
}

#[test]
fn recursive_schemas_end_in_every_position() {
    let root = json!({"$ref": "#/components/schemas/Root"});
    for keyword in [
        "items",
        "additionalProperties",
        "not",
        "contains",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "if",
        "then",
        "else",
        "contentSchema",
    ] {
        let schemas = |limit: u32| {
            json!({"Root": {
                "type": ["object", "array", "string"], keyword: root, "if": root, "then": {}, "minLength": limit, "contentMediaType": "application/json",
            }})
        };
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
    for keyword in ["properties", "patternProperties", "dependentSchemas"] {
        let schemas = |limit: u32| json!({"Root": {keyword: {"a": {"allOf": [root]}}, "minProperties": limit}});
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
    for keyword in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        let schemas = |limit: u32| json!({"Root": {keyword: [{"items": root}, {"properties": {"a": root}}], "minProperties": limit}});
        assert!(verdict_of(&schemas(1), &schemas(2)).is_some(), "{keyword}");
    }
}

#[test]
fn long_chains_of_references_are_followed() {
    let chain = |length: usize, wrap: fn(Value) -> Value, end: &str| {
        let last = format!("S{length}");
        let mut schemas =
            json!({"Root": wrap(json!({"$ref": "#/components/schemas/S0"})), last: {"type": end}});
        for link in 0..length {
            schemas[format!("S{link}")] =
                wrap(json!({"$ref": format!("#/components/schemas/S{}", link + 1)}));
        }
        schemas
    };
    type Wrap = fn(Value) -> Value;
    let chains: [(usize, Wrap); 3] = [
        (10_000, |reference| reference),
        (1_000, |reference| json!({"allOf": [reference]})),
        (
            1_000,
            |reference| json!({"type": "object", "properties": {"next": reference}}),
        ),
    ];
    for (length, wrap) in chains {
        assert_eq!(
            verdict_of(
                &chain(length, wrap, "string"),
                &chain(length, wrap, "integer")
            ),
            Some(Verdict::Breaking)
        );
    }
    let parts = |required: bool| {
        let mut parameters =
            json!({"P300": {"name": "q", "in": "query", "required": required, "schema": {}}});
        for link in 0..300 {
            parameters[format!("P{link}")] =
                json!({"$ref": format!("#/components/parameters/P{}", link + 1)});
        }
        let operation =
            json!({"parameters": [{"$ref": "#/components/parameters/P0"}], "responses": {}});
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": operation}}, "components": {"parameters": parameters}}).to_string()
    };
    assert_eq!(
        compare(&parts(false), &parts(true)).unwrap().verdict(),
        Some(Verdict::Breaking)
    );
}

#[test]
fn products_of_choices_are_cut_off_and_told() {
    let choices = |factors: usize, limit: usize| {
        let choice = |factor| {
            json!({"oneOf": [
                {"properties": {format!("p{factor}"): {"maximum": limit}}, "required": [format!("p{factor}")]},
                {"properties": {format!("q{factor}"): {"maximum": limit}}, "required": [format!("q{factor}")]},
            ]})
        };
        json!({"Root": {"allOf": (0..factors).map(choice).collect::<Vec<_>>()}})
    };
    assert_eq!(
        verdict_of(&choices(2, 5), &choices(2, 4)),
        Some(Verdict::Breaking)
    );
    assert_eq!(
        verdict_of(&choices(12, 5), &choices(12, 4)),
        Some(Verdict::Undecided)
    );
}

#[test]
fn wide_choices_lists_and_mappings_are_compared() {
    let branches = |limit: usize| {
        let branch = |index: usize| json!({"properties": {"kind": {"const": index}, "n": {"maximum": limit}}, "required": ["kind"]});
        json!({"Root": {"oneOf": (0..60).map(branch).collect::<Vec<_>>()}})
    };
    assert_eq!(
        verdict_of(&branches(5), &branches(4)),
        Some(Verdict::Breaking)
    );
    let many = json!({"Root": {"oneOf": (0..10_000).map(|index| json!({"const": index})).collect::<Vec<_>>()}});
    assert_eq!(
        verdict_of(&many, &json!({"Root": {"type": "string"}})),
        Some(Verdict::Breaking)
    );
    let list = |length: usize| json!({"Root": {"enum": (0..length).map(|value| format!("v{value}")).collect::<Vec<_>>()}});
    assert_eq!(
        verdict_of(&list(10_000), &list(9_999)),
        Some(Verdict::Breaking)
    );
    let wide = |last: &str| {
        let mut properties = json!({"last": {"type": last}});
        for index in 0..10_000 {
            properties[format!("p{index}")] = json!({"type": "string"});
        }
        json!({"Root": {"type": "object", "properties": properties}})
    };
    assert_eq!(
        verdict_of(&wide("string"), &wide("integer")),
        Some(Verdict::Breaking)
    );
    let deep = |end: &str| {
        let properties = (0..30).fold(
            json!({"type": end}),
            |inner, _| json!({"type": "object", "properties": {"next": inner}}),
        );
        json!({"Root": properties})
    };
    assert_eq!(
        verdict_of(&deep("string"), &deep("integer")),
        Some(Verdict::Breaking)
    );
}

/// Beyond a readable number, notes are only counted.
#[test]
fn many_values_of_the_wrong_type_are_counted() {
    let properties: serde_json::Map<String, Value> = (0..20_000)
        .map(|index| (format!("p{index}"), json!({"maxLength": "3"})))
        .collect();
    let required = vec![json!(1); 20_000];
    let schema = json!({"properties": properties, "required": required});
    let document = with_schemas("3.1.0", &json!({"Root": schema})).to_string();
    let review = compare(&document, &document).unwrap();
    assert_eq!(review.notes.len(), 1_001);
    assert_eq!(
        review.notes[1_000].message,
        "39000 more parts are not compared below this point, for similar reasons"
    );
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
    is_refused("openapi: 2.0\n", "openapi-version", (1, 1), "`openapi: 2");
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

/// Collects the JSON pointers of all values.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(
                    member,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    all,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

#[test]
fn a_value_of_the_wrong_type_anywhere_is_survived() {
    assert!(compare_with_wrong_types(5) > 500);
}

#[test]
#[ignore = "takes a minute: every wrong type at every place"]
fn a_value_of_every_wrong_type_anywhere_is_survived() {
    assert!(compare_with_wrong_types(1) > 3_000);
}

/// Compares each base with itself after giving one value a wrong type, for one in `every` such changes.
fn compare_with_wrong_types(every: usize) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bases");
    let mut compared = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let options = serde_saphyr::options! { strict_booleans: true };
        let document: Value = serde_saphyr::from_str_with_options(&text, options).unwrap();
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        for (number, place) in places.iter().enumerate() {
            let wrong_types = [
                json!(null),
                json!(true),
                json!(7),
                json!("x"),
                json!([]),
                json!({}),
            ];
            for (kind, wrong) in wrong_types.into_iter().enumerate() {
                if (number * 6 + kind) % every != 0 {
                    continue;
                }
                let mut changed = document.clone();
                *changed.pointer_mut(place).unwrap() = wrong;
                let changed = changed.to_string();
                let pair = match (number + kind) % 3 {
                    0 => (text.as_str(), changed.as_str()),
                    1 => (changed.as_str(), text.as_str()),
                    _ => (changed.as_str(), changed.as_str()),
                };
                match compare(pair.0, pair.1) {
                    Ok(review) => assert!(
                        (number + kind) % 3 < 2 || review.changes.is_empty(),
                        "{place}: {changed}"
                    ),
                    Err(finding) => assert!(!finding.message.is_empty()),
                }
                compared += 1;
            }
        }
    }
    compared
}

#[test]
#[ignore = "takes seconds and a gigabyte: documents of 50 MB"]
fn a_document_of_50_megabytes_is_compared() {
    let document = |kind: &str| {
        let mut text = String::from("openapi: 3.0.3\ninfo: {title: Large, version: '1'}\npaths:\n");
        let mut number = 0;
        while text.len() < 50_000_000 {
            let description = "words ".repeat(60);
            _ = writeln!(
                text,
                "  /things/{number}:\n    get:\n      operationId: read{number}\n      description: {description}\n      responses:\n        '200':\n          description: D\n          content:\n            application/json:\n              schema: {{type: object, properties: {{a: {{type: string}}, b: {{$ref: '#/components/schemas/Shared'}}}}}}",
            );
            number += 1;
        }
        _ = writeln!(
            text,
            "components: {{schemas: {{Shared: {{type: {kind}}}}}}}"
        );
        text
    };
    let review = compare(&document("string"), &document("integer")).unwrap();
    assert_eq!(review.changes.len(), 1);
    assert!(review.changes[0].uses.len() > 50_000);
    let one_line = format!(
        "{{\"openapi\": \"3.1.0\", \"x-a\": [{}]}}",
        vec!["{\"a\": 1}"; 6_000_000].join(",")
    );
    is_read(&one_line);
}
