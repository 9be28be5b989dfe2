//! Reads documents from several files: where references lead, and what is refused.

use spec_first_document::Finding;
use spec_first_review::{Input, Options, Review, review};

fn compare(base: &[(&str, String)], head: &[(&str, String)]) -> Result<Review, Box<Finding>> {
    let read = |files: &[(&str, String)], path: &str| {
        let file = files.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.clone())
            .ok_or_else(|| std::io::ErrorKind::NotFound.into())
    };
    let base = |path: &str| read(base, path);
    let head = |path: &str| read(head, path);
    let path = "main.yaml";
    let review = review(
        Input { files: &base, path },
        Input { files: &head, path },
        &Options::default(),
    );
    review.map_err(Box::new)
}

/// Two files with a component of the same name, and a reference to each with the same text.
fn two_files(length: u32) -> [(&'static str, String); 2] {
    let main = "
openapi: 3.0.3
paths:
  /pets:
    get:
      responses:
        '200':
          description: Pets
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
            text/json: {schema: {$ref: 'other.yaml#/components/schemas/Owner'}}
components:
  schemas:
    Pet: {type: string}
";
    let other = format!(
        "
components:
  schemas:
    Owner: {{type: object, properties: {{pet: {{$ref: '#/components/schemas/Pet'}}}}}}
    Pet: {{type: string, maxLength: {length}}}
"
    );
    [("main.yaml", main.to_owned()), ("other.yaml", other)]
}

#[test]
fn the_same_words_lead_elsewhere_in_another_file() {
    let review = compare(&two_files(10), &two_files(20)).unwrap();
    let rules: Vec<String> = review.changes.iter().map(|change| change.rule()).collect();
    assert_eq!(rules, ["maxLength/wider"]);
    let place = review.changes[0].place().unwrap();
    assert_eq!(place.source.name, "other.yaml");
    assert_eq!(
        place.pointer.to_string(),
        "#/components/schemas/Pet/maxLength"
    );
}

#[test]
fn a_key_that_is_written_twice_is_refused_in_a_mapping_of_any_size() {
    for others in [1, 40] {
        let mut text = "openapi: 3.0.3\npaths: {}\ninfo:\n  again: 1\n".to_owned();
        for index in 0..others {
            text.push_str(&format!("  key{index}: 1\n"));
        }
        text.push_str("  again: 2\n");
        let files = [("main.yaml", text)];
        let finding = compare(&files, &files).unwrap_err();
        assert_eq!(finding.message, "duplicate key `again`");
        let position = &finding.position;
        assert_eq!((position.line, position.column), (others + 5, 3));
    }
}

#[test]
fn null_beside_a_combination_is_placed_there_and_not_in_the_component() {
    let with = |nullable: &str| {
        let text = format!(
            "
openapi: 3.0.3
paths:
  /pets:
    put:
      requestBody:
        content:
          application/json:
            schema: {{properties: {{home: {{allOf: [{{$ref: '#/components/schemas/Home'}}]{nullable}}}}}}}
      responses: {{'204': {{description: Done}}}}
components:
  schemas:
    Home: {{type: object}}
"
        );
        [("main.yaml", text)]
    };
    let review = compare(&with(", nullable: true"), &with("")).unwrap();
    let change = &review.changes[0];
    let pointer = "/paths/~1pets/put/requestBody/content/application~1json/schema/properties/home";
    for place in [&change.base, &change.head] {
        assert_eq!(place.as_ref().unwrap().pointer.as_str(), pointer);
    }
}
