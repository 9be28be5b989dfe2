//! A document in several files looks like a single file, and its findings name the file that they are about.

use std::io;

use spec_first_document::{Direction, Document, JsonSchema, Node, Pointer, Survey};

#[track_caller]
pub(crate) fn read(files: &[(&str, &str)]) -> Document {
    let read = |path: &str| {
        let file = files.iter().find(|(name, _)| *name == path);
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        Ok(file.ok_or_else(missing)?.1.to_owned())
    };
    Document::read(&read, files[0].0).unwrap()
}

fn at<'d>(document: &'d Document, pointer: &str) -> Node<'d> {
    document.node(&Pointer::parse(pointer).unwrap()).unwrap()
}

fn pets() -> Document {
    read(&[
        (
            "openapi.yaml",
            "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets: {$ref: paths/pets.yaml}
components:
  schemas:
    Pet: {$ref: schemas/pet.yaml}
    Name: {type: integer}
",
        ),
        (
            "paths/pets.yaml",
            "\
get:
  parameters: [{$ref: ../shared.yaml#/parameters/limit}]
  responses:
    '200':
      description: Pets
      content:
        application/json:
          schema: {type: array, items: {$ref: ../schemas/pet.yaml}}
",
        ),
        (
            "schemas/pet.yaml",
            "\
type: object
discriminator: {propertyName: kind, mapping: {owner: ../shared.yaml#/Owner}}
oneOf: [{$ref: ../shared.yaml#/Owner}]
properties:
  name: {$ref: name.yaml}
  parent: {$ref: pet.yaml}
",
        ),
        ("schemas/name.yaml", "type: string\nmaxLength: 5\n"),
        (
            "shared.yaml",
            "\
parameters:
  limit: {name: limit, in: query, schema: {type: integer}}
Owner:
  type: object
  properties: {name: {$ref: '#/Name'}}
Name: {type: string}
",
        ),
    ])
}

#[test]
fn every_reference_is_local() {
    let document = pets();
    let survey = Survey::of(&document);
    let references = survey.references.iter();
    let references: Vec<_> = references
        .map(|reference| {
            let place = reference.pointer.to_string();
            assert!(
                survey.resolve(&reference.pointer, reference.node).is_some(),
                "{place}"
            );
            (place, reference.target.to_owned())
        })
        .collect();
    let expected = [
        (
            "#/paths/~1pets/get/parameters/0",
            "#/components/parameters/limit",
        ),
        (
            "#/paths/~1pets/get/responses/200/content/application~1json/schema/items",
            "#/components/schemas/Pet",
        ),
        // The root has another `Name`, and both files outside it define one.
        (
            "#/components/schemas/Pet/properties/name",
            "#/components/schemas/name",
        ),
        (
            "#/components/schemas/Pet/properties/parent",
            "#/components/schemas/Pet",
        ),
        (
            "#/components/schemas/Pet/oneOf/0",
            "#/components/schemas/Owner",
        ),
        (
            "#/components/schemas/Owner/properties/name",
            "#/components/schemas/Name_2",
        ),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect();
    assert_eq!(references, expected);
    let mapping = at(
        &document,
        "/components/schemas/Pet/discriminator/mapping/owner",
    );
    assert_eq!(mapping.as_str(), Some("#/components/schemas/Owner"));
}

#[test]
fn a_finding_names_the_file_that_it_is_about() {
    let document = pets();
    let place = |pointer: &str| {
        let pointer = Pointer::parse(pointer).unwrap();
        let finding = document.finding("rule", &pointer, "message", "help");
        format!("{finding} {}", finding.pointer)
    };
    let places = [
        "/paths/~1pets",
        "/paths/~1pets/get/responses/200",
        "/components/schemas/Pet/properties/name",
        "/components/schemas/name/maxLength",
        "/components/parameters/limit/schema",
        "/components/schemas/name",
    ]
    .map(place);
    assert_eq!(
        places,
        [
            "openapi.yaml:4:3: message (rule) #/paths/~1pets",
            "paths/pets.yaml:4:5: message (rule) #/get/responses/200",
            "schemas/pet.yaml:5:3: message (rule) #/properties/name",
            "schemas/name.yaml:2:1: message (rule) #/maxLength",
            "shared.yaml:2:35: message (rule) #/parameters/limit/schema",
            "schemas/name.yaml:1:1: message (rule) #",
        ]
    );
}

#[test]
fn the_components_and_the_json_schemas_contain_every_file() {
    let document = pets();
    let schemas = at(&document, "/components/schemas").entries();
    let names: Vec<_> = schemas.iter().map(|entry| entry.key).collect();
    assert_eq!(names, ["Pet", "Name", "name", "Owner", "Name_2"]);
    assert!(at(&document, "/paths/~1pets").get("get").is_some());
    let pet = at(&document, "/components/schemas/Pet");
    let schema = JsonSchema::of(&document, Direction::Both).schema(pet);
    let pointers = ["/$defs/name/maxLength", "/$defs/Name_2/type"];
    let found = pointers.map(|pointer| schema.pointer(pointer).unwrap().to_string());
    assert_eq!(found, ["5", "\"string\""]);
}

#[test]
fn anchors_and_path_items_of_newer_versions_are_local_pointers() {
    let document = read(&[(
        "openapi.yaml",
        "\
openapi: 3.1.0
paths: {/a: {$ref: '#/components/pathItems/Shared'}}
components:
  pathItems:
    Shared: {get: {responses: {'200': {content: {application/json: {schema: {$ref: '#pet'}}}}}}}
  schemas: {Pet: {$anchor: pet, type: object}}
",
    )]);
    let operations: Vec<_> = document.operations().map(|it| it.name()).collect();
    assert_eq!(operations, ["GET /a"]);
    let schema = "/paths/~1a/get/responses/200/content/application~1json/schema";
    let target = at(&document, schema).str_of("$ref");
    assert_eq!(target, Some("#/components/schemas/Pet"));
}

/// Every reference leads to something in the document.
#[track_caller]
pub(crate) fn assert_local(document: &Document) {
    let survey = Survey::of(document);
    assert!(!survey.references.is_empty());
    for reference in &survey.references {
        let (pointer, target) = (&reference.pointer, reference.target);
        let found = survey.resolve(pointer, reference.node);
        assert!(found.is_some(), "{pointer}: {target}");
    }
}

#[test]
fn names_that_are_exchanged_are_rewritten_once() {
    let document = read(&[
        (
            "openapi.yaml",
            "\
openapi: 3.0.3
paths: {}
components:
  schemas:
    Cat: {$ref: 'pets.yaml#/components/schemas/Dog'}
    Dog: {$ref: 'pets.yaml#/components/schemas/Cat'}
    Pet: {$ref: 'pets.yaml#/components/schemas/Pet'}
",
        ),
        (
            "pets.yaml",
            "\
components:
  schemas:
    Cat: {title: Cat}
    Dog: {title: Dog}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
",
        ),
    ]);
    let mapping = "/components/schemas/Pet/discriminator/mapping/cat";
    let mapped = at(&document, mapping).as_str();
    assert_eq!(mapped, Some("#/components/schemas/Dog"));
    let title = at(&document, "/components/schemas/Dog").str_of("title");
    assert_eq!(title, Some("Cat"));
}

#[test]
fn a_long_chain_of_files_is_read() {
    const FILES: usize = 3000;
    let read = |path: &str| {
        let schema = "components: {schemas: {S: {$ref: '1'}}}";
        Ok(match path.parse::<usize>() {
            Err(_) => format!("openapi: 3.0.3\npaths: {{}}\n{schema}\n"),
            Ok(FILES) => "type: string\n".to_owned(),
            Ok(number) => format!("properties: {{next: {{$ref: '{}'}}}}\n", number + 1),
        })
    };
    let document = Document::read(&read, "openapi.yaml").unwrap();
    let schemas = at(&document, "/components/schemas");
    assert_eq!(schemas.entries().len(), FILES);
}

#[test]
fn components_may_refer_to_each_other_through_many_files() {
    let chain = |files: usize| {
        let read = move |path: &str| {
            Ok(match path.parse::<usize>() {
                Err(_) => "openapi: 3.0.3\npaths: {}\ncomponents: {responses: {R: {$ref: '1'}}}\n"
                    .to_owned(),
                Ok(number) if number == files => "description: The last\n".to_owned(),
                Ok(number) => format!("$ref: '{}'\n", number + 1),
            })
        };
        Document::read(&read, "openapi.yaml")
    };
    let document = chain(100).unwrap();
    let response = at(&document, "/components/responses/R");
    assert_eq!(response.str_of("description"), Some("The last"));
    let finding = chain(1000).unwrap_err();
    assert_eq!(finding.rule, "endless-references", "{finding}");
}

#[test]
fn schemas_with_the_same_key_in_many_files_are_numbered() {
    const FILES: usize = 4000;
    let read = |path: &str| {
        Ok(match path {
            "openapi.yaml" => {
                let properties =
                    (0..FILES).map(|file| format!("p{file}: {{$ref: '{file}#/schema'}}"));
                let properties: Vec<_> = properties.collect();
                let properties = properties.join(", ");
                format!(
                    "openapi: 3.0.3\npaths: {{}}\ncomponents: {{schemas: {{S: {{properties: {{{properties}}}}}}}}}\n"
                )
            }
            _ => "schema: {type: string}\n".to_owned(),
        })
    };
    let document = Document::read(&read, "openapi.yaml").unwrap();
    let schemas = at(&document, "/components/schemas").entries();
    let last = schemas.iter().next_back().map(|entry| entry.key);
    assert_eq!((schemas.len(), last), (FILES + 1, Some("schema_4000")));
}

#[test]
fn what_is_beside_a_reference_is_kept_where_it_counts() {
    let text = "\
openapi: VERSION
paths:
  /a: {$ref: item.yaml, summary: Own, parameters: [{name: id, in: query, schema: {type: string}}]}
components:
  schemas: {Pet: {$ref: pet.yaml, maxProperties: 3}}
";
    let item = "summary: Theirs\nget: {responses: {}}\n";
    let read = |version| {
        read(&[
            ("openapi.yaml", &text.replace("VERSION", version)),
            ("item.yaml", item),
            ("pet.yaml", "type: object\n"),
        ])
    };
    let newer = read("3.1.0");
    let keys = |document: &Document, pointer: &str| -> Vec<String> {
        let entries = at(document, pointer).entries().iter();
        entries.map(|entry| entry.key.to_owned()).collect()
    };
    assert_eq!(
        keys(&newer, "/components/schemas/Pet"),
        ["$ref", "maxProperties"]
    );
    assert_local(&newer);
    for document in [newer, read("3.0.3")] {
        assert_eq!(
            keys(&document, "/paths/~1a"),
            ["summary", "parameters", "get"]
        );
        assert_eq!(at(&document, "/paths/~1a").str_of("summary"), Some("Own"));
    }
    // OpenAPI 3.0 ignores the siblings of a reference to a schema.
    assert_eq!(keys(&read("3.0.3"), "/components/schemas/Pet"), ["type"]);
}

#[test]
fn named_examples_may_be_in_other_files() {
    let document = read(&[
        (
            "openapi.yaml",
            "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: A
          content:
            application/json:
              examples: {cat: {$ref: cat.yaml}, dog: {value: {$ref: gone.yaml}}}
",
        ),
        ("cat.yaml", "value: {name: Tom}\n"),
    ]);
    assert_local(&document);
    let example = at(&document, "/components/examples/cat/value/name");
    assert_eq!(example.as_str(), Some("Tom"));
}

#[test]
fn a_reference_may_name_its_own_file() {
    let text = "\
openapi: 3.2.0
$self: https://example.com/pets
paths: {}
components:
  schemas:
    Pet:
      properties:
        owner: {$ref: 'openapi.yaml#/components/schemas/Owner'}
        keeper: {$ref: 'https://example.com/pets#/components/schemas/Owner'}
    Owner: {type: string}
";
    for document in [
        Document::parse("openapi.yaml", text).unwrap(),
        Document::parse("/folder/openapi.yaml", text).unwrap(),
        read(&[("openapi.yaml", text)]),
        read(&[("../folder/openapi.yaml", text)]),
        read(&[("/openapi.yaml", text)]),
    ] {
        assert_local(&document);
        let schemas = at(&document, "/components/schemas").entries();
        assert_eq!(schemas.len(), 2);
    }
}

#[test]
fn a_dynamic_reference_is_followed_if_nothing_overrides_it() {
    let schemas = |text: &str| {
        let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n{text}");
        let file = "List: {type: array, items: {$dynamicRef: '#item'}, $defs: {item: {$dynamicAnchor: item, type: string}}}\n";
        let document = read(&[("openapi.yaml", &text), ("list.yaml", file)]);
        assert_local(&document);
        let names = at(&document, "/components/schemas").entries();
        let names: Vec<_> = names.iter().map(|entry| entry.key.to_owned()).collect();
        (document, names)
    };
    let tree = "    Tree: {$dynamicAnchor: node, items: {$dynamicRef: '#node'}}\n    Other: {$ref: '#node'}\n";
    let (document, _) = schemas(tree);
    let items = at(&document, "/components/schemas/Tree/items");
    assert_eq!(items.str_of("$ref"), Some("#/components/schemas/Tree"));

    let (document, names) = schemas("    Names: {$ref: 'list.yaml#/List'}\n");
    assert_eq!(names, ["Names", "item"]);
    let items = at(&document, "/components/schemas/Names/items");
    assert_eq!(items.str_of("$ref"), Some("#/components/schemas/item"));

    let (document, names) = schemas(
        "    Names: {$ref: 'list.yaml#/List', $defs: {own: {$dynamicAnchor: item, maxLength: 3}}}\n",
    );
    assert_eq!(names, ["Names", "List"]);
    let items = at(&document, "/components/schemas/List/items");
    assert_eq!(items.str_of("$dynamicRef"), Some("#item"));
}

#[test]
fn media_types_may_be_components() {
    let text = "\
openapi: 3.2.0
paths:
  /a:
    get:
      responses:
        '200': {description: A, content: {application/json: {$ref: '#/components/mediaTypes/Pet'}}}
        '201': {description: A, content: {application/json: {$ref: 'media.yaml'}}}
components:
  mediaTypes: {Pet: {schema: {$ref: pet.yaml}}}
";
    let media = "itemSchema: {$ref: pet.yaml}\n";
    let document = read(&[
        ("openapi.yaml", text),
        ("media.yaml", media),
        ("pet.yaml", "type: object\n"),
    ]);
    assert_local(&document);
    for (status, keyword) in [("200", "schema"), ("201", "itemSchema")] {
        let content = format!("/paths/~1a/get/responses/{status}/content/application~1json");
        let schema = at(&document, &format!("{content}/{keyword}"));
        assert_eq!(schema.str_of("$ref"), Some("#/components/schemas/pet"));
    }
    let survey = Survey::of(&document);
    let media_types: Vec<_> = survey.media_types.iter().map(|it| it.name).collect();
    assert_eq!(media_types, ["application/json", "application/json"]);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_at_its_reference() {
    let read = |path: &str| match path {
        "openapi.yaml" => Ok("openapi: 3.0.3\npaths: {/a: {$ref: gone.yaml}}\n".to_owned()),
        _ => Err(io::Error::new(io::ErrorKind::NotFound, "no such file")),
    };
    let finding = Document::read(&read, "openapi.yaml").unwrap_err();
    assert_eq!(
        finding.to_string(),
        "openapi.yaml:2:14: `gone.yaml` cannot be read: no such file (unreadable-reference)"
    );
}
