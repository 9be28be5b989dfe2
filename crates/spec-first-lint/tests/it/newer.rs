//! Documents of OpenAPI 3.1 and 3.2: what is right is not reported, and mistakes are.

use spec_first_document::Document;
use spec_first_lint::{Level, Settings};

const NEWER: &str = r##"openapi: 3.2.0
info: {title: Pets, version: '1', description: Pets and their weights., summary: Pets}
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
servers: [{url: 'https://pets.test'}]
webhooks:
  petAdded:
    post:
      operationId: pet_added
      summary: Says that a pet was added
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: Seen}}
paths:
  /pets:
    query:
      operationId: find_pets
      summary: Finds pets
      security: []
      responses:
        '200':
          description: Pets
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet', description: A pet}}
        '400': {description: The request is invalid}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: [string, 'null'], examples: [Rex]}
        kind: {oneOf: [{const: cat}, {const: dog}]}
        weight: {type: number, exclusiveMinimum: 0}
        home: {type: object, required: [], additionalProperties: true}
        tags: {type: array, prefixItems: [{type: string}], contains: {type: string}}
        owner: {oneOf: [{type: object, unevaluatedProperties: false}, {type: 'null'}]}
      patternProperties: {'^x': {type: integer}}
      if: {required: [kind]}
      then: {required: [weight]}
"##;

/// The findings at the levels that are shown by default.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let document = Document::parse("pets.yaml", text).unwrap();
    let settings = Settings::default();
    let shown = spec_first_lint::check(&document)
        .into_iter()
        .filter(|finding| {
            let level = settings.level(finding.rule);
            level.is_some_and(|level| level >= Level::Warning)
        });
    shown
        .map(|finding| format!("{} {}", finding.rule, finding.pointer))
        .collect()
}

#[test]
fn a_sound_document_has_no_findings() {
    assert_eq!(findings(NEWER), Vec::<String>::new());
}

#[test]
fn mistakes_are_found() {
    let schema = "#/components/schemas/Pet";
    for (right, wrong, rule, at) in [
        (
            "type: number",
            "type: numbr",
            "wrong-value",
            format!("{schema}/properties/weight/type"),
        ),
        (
            "exclusiveMinimum: 0",
            "exclusiveMinimum: true",
            "wrong-value",
            format!("{schema}/properties/weight/exclusiveMinimum"),
        ),
        (
            "exclusiveMinimum: 0",
            "exclusivMinimum: 0",
            "useless-keyword",
            format!("{schema}/properties/weight/exclusivMinimum"),
        ),
        (
            "examples: [Rex]",
            "nullable: true",
            "nullable-without-type",
            format!("{schema}/properties/name/nullable"),
        ),
        (
            "      required: [name]\n",
            "      required: [nmae]\n",
            "undefined-required",
            format!("{schema}/required/0"),
        ),
        (
            "schemas/Pet', description",
            "schemas/Pat', description",
            "unresolved-reference",
            "#/paths/~1pets/query/responses/200/content/application~1json/schema/items/$ref"
                .to_owned(),
        ),
        (
            "type: array, prefixItems",
            "type: array, minItems: -1, prefixItems",
            "negative-limit",
            format!("{schema}/properties/tags/minItems"),
        ),
        (
            "    query:\n",
            "    additionalOperations: {PURGE: {operationId: purge, responses: {'200': {description: Gone, content: {application/json: {schema: {type: integer}, examples: {one: {dataValue: x}}}}}}}}\n    query:\n",
            "invalid-example",
            "#/paths/~1pets/additionalOperations/PURGE/responses/200/content/application~1json/examples/one/dataValue".to_owned(),
        ),
        (
            "summary: Pets}",
            "sumary: Pets}",
            "unknown-key",
            "#/info/sumary".to_owned(),
        ),
        ("title: Pets, ", "", "missing-key", "#/info".to_owned()),
        (
            "  /pets:",
            "  pets:",
            "path-form",
            "#/paths/pets".to_owned(),
        ),
        (
            "openapi: 3.2.0",
            "openapi: 3.1.0",
            "unknown-key",
            "#/paths/~1pets/query".to_owned(),
        ),
    ] {
        assert!(NEWER.contains(right), "{right}");
        let found = findings(&NEWER.replacen(right, wrong, 1));
        assert!(
            found.contains(&format!("{rule} {at}")),
            "{wrong}: {found:#?}"
        );
    }
}

#[test]
fn a_stream_is_described_by_its_items() {
    let items = "application/jsonl:\n              itemSchema: {$ref: '#/components/schemas/Pet'}\n            application/json:";
    let found = findings(&NEWER.replacen("application/json:\n", &format!("{items}\n"), 1));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn annotations_may_have_any_other_name() {
    let annotations = "comment: Mine, description_de: Name, min: 3, examples: [Rex]";
    let found = findings(&NEWER.replacen("examples: [Rex]", annotations, 1));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_status_code_is_read_in_its_own_file() {
    let files = |path: &str| {
        Ok(match path {
            "pets.yaml" => "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {$ref: item.yaml}}\n",
            _ => "get:\n  responses:\n    '200': {description: Pets}\n    404: {description: None}\n",
        }
        .to_owned())
    };
    let document = Document::read(&files, "pets.yaml").unwrap();
    let findings = spec_first_lint::check(&document);
    let found = findings
        .iter()
        .filter(|finding| finding.rule == "unquoted-status");
    let found: Vec<_> = found.map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["item.yaml:4:5: the status code `404` is a number (unquoted-status)"]
    );
}

#[test]
fn keywords_beside_a_reference_count() {
    let items =
        "schema: {type: array, items: {$ref: '#/components/schemas/Pet', description: A pet}}";
    let beside = "schema: {$ref: '#/components/schemas/Pet', minProperties: 2}\n              example: {name: Rex}";
    assert!(NEWER.contains(items));
    let found = findings(&NEWER.replacen(items, beside, 1));
    let at = "#/paths/~1pets/query/responses/200/content/application~1json/example";
    assert_eq!(found, [format!("invalid-example {at}")]);
}
