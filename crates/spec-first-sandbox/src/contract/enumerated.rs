//! The fields for which the document lists all values.

use std::collections::HashSet;

use spec_first_document::{Document, Node, Survey};

/// How deep references and alternatives are followed, so that circular ones terminate.
const DEPTH: usize = 16;

/// The names of the fields in a document that have an `enum`, or may have one.
pub(crate) fn enumerated_fields(survey: &Survey<'_>) -> HashSet<String> {
    let schemas = survey.schemas.iter();
    let properties = schemas.flat_map(|site| site.node.entries_of("properties"));
    properties
        .filter(|property| is_enumerated(survey.document, property.value, DEPTH))
        .map(|property| property.key.to_owned())
        .collect()
}

fn is_enumerated(document: &Document, schema: Node<'_>, depth: usize) -> bool {
    let Some(schema) = document.resolve(schema).filter(|_| depth > 0) else {
        return false;
    };
    schema.get("enum").is_some()
        || ["allOf", "anyOf", "oneOf"].iter().any(|keyword| {
            let branches = schema.items_of(keyword);
            branches
                .iter()
                .any(|branch| is_enumerated(document, branch, depth - 1))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_an_enum_are_found_through_references_and_alternatives() {
        let document = "
            openapi: 3.0.3
            paths: {}
            components:
              schemas:
                Book:
                  properties:
                    title: {type: string}
                    binding: {$ref: '#/components/schemas/Binding'}
                    language: {anyOf: [{maxLength: 2}, {enum: [Spanish]}]}
                Binding: {type: string, enum: [hard, soft]}
            ";
        let document = Document::parse("books.yaml", document).unwrap();
        assert_eq!(
            enumerated_fields(&Survey::of(&document)),
            HashSet::from(["binding".to_owned(), "language".to_owned()])
        );
    }
}
