//! The schemas of a document: each with its address, and those that a part of the document reaches through references.

use std::collections::BTreeSet;

use crate::{Document, Node, Pointer};

/// Keys under which a document holds data, where nothing is a schema.
const DATA: [&str; 4] = ["example", "examples", "default", "enum"];

/// A schema as it was written.
#[derive(Clone, Debug)]
pub struct SchemaNode<'a> {
    /// The address of the schema.
    pub pointer: Pointer,
    /// The schema itself, possibly a reference.
    pub node: &'a Node,
}

impl Document {
    /// Every schema that stands in the document, each once, an outer one before those inside it.
    pub fn schemas(&self) -> Vec<SchemaNode<'_>> {
        let mut found = Vec::new();
        for entry in self.root().entries() {
            let pointer = Pointer::root().child(&entry.key);
            if entry.key != "components" {
                find_schemas(&entry.value, &pointer, &mut found);
                continue;
            }
            for section in entry.value.entries() {
                let pointer = pointer.child(&section.key);
                for component in section.value.entries() {
                    let pointer = pointer.child(&component.key);
                    match section.key.as_str() {
                        "schemas" => descend(&component.value, pointer, &mut found),
                        "examples" => {}
                        _ => find_schemas(&component.value, &pointer, &mut found),
                    }
                }
            }
        }
        found
    }

    /// Every schema that stands in the part of the document at `pointer`, or is reached from there through references.
    pub fn schemas_reachable_from(&self, pointer: &Pointer) -> Vec<SchemaNode<'_>> {
        let mut reached = Vec::new();
        let mut visited = BTreeSet::new();
        let mut waiting = vec![pointer.clone()];
        while let Some(pointer) = waiting.pop() {
            let Some(node) = self
                .node(&pointer)
                .filter(|_| visited.insert(pointer.clone()))
            else {
                continue;
            };
            let mut found = Vec::new();
            if pointer.as_str().starts_with("/components/schemas/") {
                descend(node, pointer, &mut found);
            } else {
                find_schemas(node, &pointer, &mut found);
                collect_references(node, &mut waiting);
            }
            for schema in &found {
                if let Some(target) = reference(schema.node) {
                    waiting.push(target);
                }
            }
            reached.extend(found);
        }
        reached
    }
}

fn reference(node: &Node) -> Option<Pointer> {
    node.get("$ref")?
        .as_str()?
        .strip_prefix('#')
        .and_then(Pointer::parse)
}

/// The references of parts that are no schemas: parameters, request bodies, responses, headers.
fn collect_references(node: &Node, references: &mut Vec<Pointer>) {
    references.extend(reference(node));
    for entry in node
        .entries()
        .iter()
        .filter(|entry| !DATA.contains(&entry.key.as_str()))
    {
        collect_references(&entry.value, references);
    }
    node.items()
        .iter()
        .for_each(|item| collect_references(item, references));
}

/// Finds the schemas in a part of the document that is no schema itself.
fn find_schemas<'a>(node: &'a Node, pointer: &Pointer, found: &mut Vec<SchemaNode<'a>>) {
    for entry in node
        .entries()
        .iter()
        .filter(|entry| !DATA.contains(&entry.key.as_str()))
    {
        let pointer = pointer.child(&entry.key);
        if entry.key == "schema" {
            descend(&entry.value, pointer, found);
        } else {
            find_schemas(&entry.value, &pointer, found);
        }
    }
    for (index, item) in node.items().iter().enumerate() {
        find_schemas(item, &pointer.child(index), found);
    }
}

/// Adds a schema and the schemas inside it.
fn descend<'a>(node: &'a Node, pointer: Pointer, found: &mut Vec<SchemaNode<'a>>) {
    found.push(SchemaNode {
        pointer: pointer.clone(),
        node,
    });
    for entry in node.entries() {
        let pointer = pointer.child(&entry.key);
        match entry.key.as_str() {
            "properties" => {
                for property in entry.value.entries() {
                    descend(&property.value, pointer.child(&property.key), found);
                }
            }
            "allOf" | "anyOf" | "oneOf" => {
                for (index, branch) in entry.value.items().iter().enumerate() {
                    descend(branch, pointer.child(index), found);
                }
            }
            "items" | "not" | "additionalProperties" if entry.value.is_mapping() => {
                descend(&entry.value, pointer, found);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "
paths:
  /pets:
    post:
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        '200':
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Other'}}
              example: {schema: {no: schema}}
components:
  requestBodies:
    Pet: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  schemas:
    Pet: {properties: {schema: {$ref: '#/components/schemas/Pet'}, name: {type: string}}}
    Other: {}
";

    fn addresses(schemas: &[SchemaNode<'_>]) -> Vec<String> {
        schemas
            .iter()
            .map(|schema| schema.pointer.to_string())
            .collect()
    }

    #[test]
    fn every_schema_is_found_once_and_data_is_no_schema() {
        let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
        assert_eq!(
            addresses(&document.schemas()),
            [
                "#/paths/~1pets/post/responses/200/content/application~1json/schema",
                "#/paths/~1pets/post/responses/200/content/application~1json/schema/items",
                "#/components/requestBodies/Pet/content/application~1json/schema",
                "#/components/schemas/Pet",
                "#/components/schemas/Pet/properties/schema",
                "#/components/schemas/Pet/properties/name",
                "#/components/schemas/Other",
            ]
        );
    }

    #[test]
    fn references_are_followed_once_even_in_a_circle() {
        let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
        let body = Pointer::parse("/paths/~1pets/post/requestBody").unwrap();
        assert_eq!(
            addresses(&document.schemas_reachable_from(&body)),
            [
                "#/components/requestBodies/Pet/content/application~1json/schema",
                "#/components/schemas/Pet",
                "#/components/schemas/Pet/properties/schema",
                "#/components/schemas/Pet/properties/name",
            ]
        );
    }
}
