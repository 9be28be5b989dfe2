//! A document in several files looks like one in a single file, and its findings lead to the file that they are about.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;

use spec_first_document::{Direction, Document, JsonSchema, Node, Pointer, Survey};

#[track_caller]
fn read(files: &[(&str, &str)]) -> Document {
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
            (place, reference.target.clone())
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
fn the_typed_form_and_the_json_schemas_contain_every_file() {
    let document = pets();
    let typed = document.typed().unwrap();
    let components = typed.components.unwrap();
    let names: Vec<_> = components.schemas.keys().map(String::as_str).collect();
    assert_eq!(names, ["Pet", "Name", "name", "Owner", "Name_2"]);
    assert!(typed.paths.paths["/pets"].as_item().unwrap().get.is_some());
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

#[test]
fn path_items_inside_each_other_do_not_become_endless() {
    let callback = |file: &str| {
        format!(
            "post: {{callbacks: {{done: {{'{{$request.body#/url}}': {{$ref: {file}}}}}}}, responses: {{}}}}\n"
        )
    };
    let (a, b) = (callback("b.yaml"), callback("a.yaml"));
    let document = read(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3\npaths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}}\n",
        ),
        ("a.yaml", &a),
        ("b.yaml", &b),
    ]);
    let survey = Survey::of(&document);
    let unresolved: Vec<_> = survey
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .collect();
    // `b.yaml` is inside `a.yaml`, so the reference back is left, on both ways to it.
    assert_eq!(unresolved, ["a.yaml", "a.yaml"]);
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
