//! Detects schemas that are written identically, and therefore equal, however large they are.

use rustc_hash::FxHashSet;

use super::comparison::{Comparison, Pair};
use super::conjunction::Context;
use super::traits::writing;
use spec_first_document::tree::{Kind, NodeId, Symbol, Tree};

/// Keywords that do not affect validation.
pub(super) const NOTES: [&str; 7] = [
    "$comment",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
];

/// Further keywords that do not restrict the value: they name or hold schemas, say who sends the value, or only allow more.
const NAMING: [&str; 9] = [
    "$anchor",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "definitions",
    "nullable",
    "readOnly",
    "writeOnly",
];

/// Keywords that do not restrict the value but are compared.
const COMPARED: [&str; 3] = ["default", "deprecated", "xml"];

/// Below these keywords, every key and value counts.
const WORDS: [&str; 4] = ["const", "default", "dependentRequired", "mapping"];

/// Keywords, other than `enum`, that hold a list whose order has no meaning.
const UNORDERED: [&str; 5] = ["allOf", "anyOf", "oneOf", "required", "type"];

/// Keywords that hold schemas by name.
const NAMES: [&str; 3] = ["dependentSchemas", "patternProperties", "properties"];

/// The meaning of the keys of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    Keywords,
    /// Of no meaning: the value of `enum`.
    Listed,
    Names,
    Words,
}

impl Keys {
    /// The meaning of the keys below `key`.
    fn below(self, key: &str) -> Self {
        match self {
            Self::Keywords if key == "enum" => Self::Listed,
            Self::Keywords if WORDS.contains(&key) => Self::Words,
            Self::Keywords if NAMES.contains(&key) => Self::Names,
            Self::Keywords | Self::Names => Self::Keywords,
            Self::Listed | Self::Words => Self::Words,
        }
    }
}

impl Comparison<'_> {
    /// Whether two positions are written identically with references followed, ignoring annotations and the order of branches.
    pub(super) fn are_written_alike(&self, pair: Pair) -> bool {
        let base = self.conjunctions.nodes(pair.base);
        let head = self.conjunctions.nodes(pair.head);
        // In the order of the document, a component that was renamed is found to be the same.
        self.are_alike(base.to_vec(), head.to_vec(), false)
            || self.are_alike(self.sorted(base), self.sorted(head), true)
    }

    fn are_alike(&self, base: Vec<NodeId>, head: Vec<NodeId>, sorts: bool) -> bool {
        if base.len() != head.len() {
            return false;
        }
        let both = base.into_iter().zip(head);
        let mut open: Vec<(NodeId, NodeId, Keys)> =
            both.map(|(old, new)| (old, new, Keys::Keywords)).collect();
        let mut seen = FxHashSet::default();
        while let Some((old, new, keys)) = open.pop() {
            if seen.insert((old, new)) && !self.is_alike((old, new), keys, sorts, &mut open) {
                return false;
            }
        }
        true
    }

    /// The schemas in an order that does not depend on that of the document.
    fn sorted(&self, schemas: &[NodeId]) -> Vec<NodeId> {
        let mut sorted = schemas.to_vec();
        sorted.sort_by_cached_key(|schema| writing(self.tree(), &[*schema]));
        sorted
    }

    /// Whether two values are alike, provided that the values in `open` are.
    fn is_alike(
        &self,
        (old, new): (NodeId, NodeId),
        keys: Keys,
        sorts: bool,
        open: &mut Vec<(NodeId, NodeId, Keys)>,
    ) -> bool {
        let tree = self.tree();
        match (tree.kind(old), tree.kind(new)) {
            (Kind::Mapping(..), Kind::Mapping(..)) => {
                let targets = (
                    self.base.references.target(old),
                    self.head.references.target(new),
                );
                let is_followed = targets.0.is_some() && targets.1.is_some();
                if let (Some(old), Some(new)) = targets {
                    open.push((old, new, Keys::Keywords));
                }
                let counts = |key: Symbol| keys != Keys::Keywords || !is_note(tree, key);
                let count = |node| tree.entries(node).filter(|(key, _)| counts(*key)).count();
                let mut entries = tree.entries(old).filter(|(key, _)| counts(*key));
                count(old) == count(new)
                    && entries.all(|(key, member)| {
                        let is_reference = tree.text(key) == "$ref";
                        let other = tree.member(new, key);
                        let other_open = other.filter(|_| !is_reference || !is_followed);
                        let keys = keys.below(tree.text(key));
                        open.extend(other_open.map(|other| (member, other, keys)));
                        other.is_some()
                    })
            }
            (Kind::Sequence(_, old_length), Kind::Sequence(_, new_length)) => {
                let has_order = match keys {
                    Keys::Keywords => !UNORDERED.contains(&tree.key(old).unwrap_or_default()),
                    Keys::Listed => false,
                    Keys::Names | Keys::Words => true,
                };
                let items = |list| {
                    let items: Vec<NodeId> = tree.items(list).collect();
                    if sorts && !has_order {
                        self.sorted(&items)
                    } else {
                        items
                    }
                };
                let both = items(old).into_iter().zip(items(new));
                let keys = keys.below("");
                open.extend(both.map(|(old, new)| (old, new, keys)));
                old_length == new_length
            }
            (old, new) => old == new,
        }
    }
}

fn is_note(tree: &Tree, key: Symbol) -> bool {
    let key = tree.text(key);
    NOTES.contains(&key) || key.starts_with("x-")
}

impl Context<'_> {
    /// Whether a schema contains only annotations and names.
    pub(super) fn is_bare(self, schema: NodeId) -> bool {
        let mut entries = self.tree.entries(schema);
        entries.all(|(key, value)| self.is_bare_keyword(key, value))
    }

    /// Whether a keyword is an annotation or a name. `deprecated` is compared, unless it says what its absence says.
    pub(super) fn is_bare_keyword(self, key: Symbol, value: NodeId) -> bool {
        let text = self.tree.text(key);
        if text == "deprecated" {
            return self.tree.kind(value) == Kind::Boolean(false);
        }
        is_note(self.tree, key) || NAMING.contains(&text)
    }

    /// Whether a schema restricts nothing, although it may have keywords to compare.
    pub(super) fn is_idle(self, schema: NodeId) -> bool {
        let mut keys = self.tree.entries(schema).map(|(key, _)| key);
        keys.all(|key| {
            let text = self.tree.text(key);
            is_note(self.tree, key) || NAMING.contains(&text) || COMPARED.contains(&text)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Input, Options, Verdict, review};

    /// A document whose schema has more alternatives than are compared, and these keywords.
    fn document(keywords: &str) -> String {
        let one_of = |number: usize| {
            format!("{{oneOf: [{{required: [a{number}]}}, {{required: [b{number}]}}]}}")
        };
        let choices: Vec<String> = (0..11).map(one_of).collect();
        format!(
            "openapi: 3.1.0
paths:
  /a:
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Root'}}}}}}}}
      responses: {{'204': {{description: Done}}}}
components:
  schemas:
    Root:
      allOf: [{}]
      {keywords}
    One: {{type: string, description: One}}
    Same: {{type: string, description: Same}}
    Other: {{type: integer}}
",
            choices.join(", ")
        )
    }

    #[track_caller]
    fn check(old: &str, new: &str, are_alike: bool) {
        let (base, head) = (document(old), document(new));
        let (base, head) = (|_: &str| Ok(base.clone()), |_: &str| Ok(head.clone()));
        let input = |files, path| Input { files, path };
        let options = Options::default();
        let review = review(
            input(&base, "base.yaml"),
            input(&head, "head.yaml"),
            &options,
        );
        let expected = (!are_alike).then_some(Verdict::Undecided);
        assert_eq!(review.unwrap().verdict(), expected, "{old} and {new}");
    }

    #[test]
    fn notes_are_not_compared() {
        for (old, new) in [
            ("properties: {p: {title: A}}", "properties: {p: {title: B}}"),
            ("items: {type: string, x-a: 1}", "items: {type: string}"),
            (
                "not: {anyOf: [{const: 1, description: A}, {const: 2}]}",
                "not: {anyOf: [{const: 1}, {const: 2}]}",
            ),
            (
                "patternProperties: {^a: {title: A}}",
                "patternProperties: {^a: {title: B}}",
            ),
        ] {
            check(old, new, true);
        }
    }

    #[test]
    fn everything_else_is_compared() {
        for (old, new) in [
            ("items: {type: string}", "items: {type: integer}"),
            (
                "items: {type: string}",
                "items: {type: string, minLength: 1}",
            ),
            ("required: [a]", "required: [a, b]"),
            ("required: [a, b]", "required: [a]"),
        ] {
            check(old, new, false);
        }
    }

    #[test]
    fn names_and_values_that_look_like_notes_are_compared() {
        for (old, new) in [
            (
                "properties: {title: {type: string}}",
                "properties: {title: {type: integer}}",
            ),
            ("properties: {x-a: {type: string}}", "properties: {}"),
            (
                "patternProperties: {title: {type: string}}",
                "patternProperties: {title: {type: integer}}",
            ),
            (
                "dependentSchemas: {title: {type: string}}",
                "dependentSchemas: {title: {type: integer}}",
            ),
            (
                "dependentRequired: {title: [a]}",
                "dependentRequired: {title: [b]}",
            ),
            ("enum: [{title: A}]", "enum: [{title: B}]"),
            ("const: {a: {title: A}}", "const: {a: {title: B}}"),
            (
                "items: {default: {title: A}}",
                "items: {default: {title: B}}",
            ),
            (
                "discriminator: {propertyName: a, mapping: {title: One}}",
                "discriminator: {propertyName: a, mapping: {title: Same}}",
            ),
        ] {
            check(old, new, false);
        }
    }

    #[test]
    fn references_are_the_same_if_they_lead_to_the_same() {
        let reference = |name: &str| format!("items: {{$ref: '#/components/schemas/{name}'}}");
        for (old, new, are_alike) in [
            ("One", "One", true),
            ("One", "Same", true),
            ("Root", "Root", true),
            ("One", "Other", false),
            ("One", "Missing", false),
            ("Missing", "One", false),
            ("Missing", "Missing", true),
            ("Missing", "Gone", false),
        ] {
            check(&reference(old), &reference(new), are_alike);
        }
        let beside =
            |keyword: &str| format!("items: {{$ref: '#/components/schemas/One', {keyword}}}");
        check(&beside("minLength: 1"), &beside("minLength: 2"), false);
        check(&beside("title: A"), &beside("title: B"), true);
    }
}
