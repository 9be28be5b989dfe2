//! A document: its source text and the tree with positions.

use std::sync::Arc;

use crate::bundle::bundle;
use crate::files::{self, Files};
use crate::references::{References, Unresolved, follow, marked};
use crate::tree::{FileId, NodeId, Tree};
use crate::{Finding, Node, Pointer, Position, Version};

/// The name and text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name shown in messages, usually a path relative to the current directory.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A YAML or JSON document that keeps the position of every key and value.
///
/// A document in several files looks like a single file: values from other files are components of the root, and every finding
/// names the file that it is about.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) tree: Arc<Tree>,
    pub(crate) file: FileId,
    /// The references to files that were not read, in source order.
    unread: Arc<[NodeId]>,
}

impl Document {
    /// Parses `text`; messages refer to the document as `name`. Files that it refers to are not read.
    ///
    /// # Errors
    /// Returns a finding with line and column if the text is neither YAML nor JSON, contains a duplicate key or a
    /// number that JSON cannot represent, or exceeds the limits on nesting, size or alias expansion.
    pub fn parse(name: &str, text: &str) -> Result<Self, Finding> {
        let mut tree = Tree::default();
        let file = tree.read(Source {
            name: name.to_owned(),
            text: text.to_owned(),
        })?;
        let (references, unread) = References::within(&tree, file);
        let document = Self {
            tree: Arc::new(tree),
            file,
            unread: unread.into(),
        };
        bundle(document, &references)
    }

    /// Reads the document at `path` and every file that it refers to.
    ///
    /// # Errors
    /// A file cannot be read, a reference leads to another machine or to an absolute path, or a file has one of the
    /// problems that [`Document::parse`] reports.
    pub fn read(files: &dyn Files, path: &str) -> Result<Self, Finding> {
        let (mut tree, mut references) = (Tree::default(), References::default());
        let file = files::load(&mut tree, &mut references, files, path)?;
        let document = Self {
            tree: Arc::new(tree),
            file,
            unread: Arc::default(),
        };
        bundle(document, &references)
    }

    /// The file that contains the root of the document.
    pub fn source(&self) -> &Arc<Source> {
        self.tree.source(self.file)
    }

    /// The root of the document.
    pub fn root(&self) -> Node<'_> {
        Node::new(&self.tree, self.tree.root(self.file))
    }

    /// Whether schemas follow JSON Schema, as they do from OpenAPI 3.1 on.
    pub fn is_3_1(&self) -> bool {
        self.version() >= Some(Version::V3_1)
    }

    pub(crate) fn is_3_2(&self) -> bool {
        self.version() >= Some(Version::V3_2)
    }

    /// The version of OpenAPI that the document declares; `None` if it is not supported.
    pub fn version(&self) -> Option<Version> {
        Version::of(&self.tree, self.root().id())
    }

    /// The version of OpenAPI that the document declares.
    ///
    /// # Errors
    /// It declares none, or one that is not supported.
    pub fn declared_version(&self) -> Result<Version, Finding> {
        Version::declared(&self.tree, self.root().id())
    }

    /// The value at `pointer`, if any.
    pub fn node(&self, pointer: &Pointer) -> Option<Node<'_>> {
        let id = self.tree.at(self.file, pointer)?;
        Some(Node::new(&self.tree, id))
    }

    /// The position to report for `pointer`: its key if it has one, otherwise its value. If nothing is there, the
    /// position of the nearest enclosing value.
    pub fn position(&self, pointer: &Pointer) -> Position {
        self.place(pointer).position
    }

    /// Where to report a problem at `pointer`.
    fn place(&self, pointer: &Pointer) -> Place {
        let tree = &self.tree;
        let root = self.tree.root(self.file);
        let mut node = root;
        let mut place = Place {
            file: self.file,
            position: tree.value_position(root),
            pointer: Pointer::root(),
        };
        for segment in pointer.segments() {
            if let Some(child) = tree.keyed_entry(node, &segment) {
                let (offset, value) = (child.key_offset, child.value);
                place.position = tree.position_of_key(node, offset, value);
                place.file = tree.file_of_key(node, offset, value);
                place.pointer = if place.file == self.file {
                    place.pointer.child(&segment)
                } else if tree.file(node) == place.file {
                    tree.pointer(node).child(&segment)
                } else {
                    tree.pointer(value)
                };
                node = value;
            } else if let Some(item) = segment
                .parse::<usize>()
                .ok()
                .and_then(|index| tree.items(node).nth(index))
            {
                place.position = tree.value_position(item);
                place.file = tree.file(item);
                place.pointer = place.pointer.child(&segment);
                node = item;
            } else {
                break;
            }
        }
        if place.file == self.file {
            place.pointer = pointer.clone();
        }
        place
    }

    /// Follows local references (`$ref: '#/…'`) from `node`; `None` if one is dangling or circular.
    pub fn resolve<'a>(&'a self, node: Node<'a>) -> Option<Node<'a>> {
        self.resolve_with_pointer(node).map(|(_, node)| node)
    }

    /// Like [`Document::resolve`], but also returns the pointer of the final target, or `None` in its place if `node`
    /// is not a reference.
    pub fn resolve_with_pointer<'a>(
        &'a self,
        node: Node<'a>,
    ) -> Option<(Option<Pointer>, Node<'a>)> {
        let mut last = None;
        let step = |node: Node<'a>| {
            node.str_of("$ref")?;
            last = node.reference();
            let target = last.as_ref().and_then(|pointer| self.node(pointer));
            Some(target.ok_or(Unresolved::Missing))
        };
        let node = follow(node, step).ok()?;
        Some((last, node))
    }

    /// Whether a schema says `keyword: true`, or one of those that it consists of, by `$ref` and `allOf`, does. A property
    /// that is `readOnly` is not sent in requests, and one that is `writeOnly` is not sent in responses.
    pub fn is_marked(&self, schema: Node<'_>, keyword: &str) -> bool {
        let target = |node| {
            let reference = Node::new(&self.tree, node).reference()?;
            self.tree.at(self.file, &reference)
        };
        marked(&self.tree, self.is_3_1(), schema.id(), keyword, target).is_some()
    }

    /// The first reference to a file that was not read, if [`Document::parse`] found one.
    pub fn unread_reference(&self) -> Option<Finding> {
        let reference = self.unread.first()?;
        let place = self.tree.get(*reference, "$ref").unwrap_or(*reference);
        let message = Unresolved::Unread.message(self.tree.string(place).unwrap_or_default());
        let (rule, help) = (Unresolved::Unread.rule(), Unresolved::Unread.help());
        Some(self.tree.finding(rule, place, message, help))
    }

    /// Whether the reference at `node` leads to a file that was not read.
    pub(crate) fn is_unread(&self, node: Node<'_>) -> bool {
        self.unread.binary_search(&node.id()).is_ok()
    }

    /// Creates a finding about the value at `pointer` with its file and position filled in.
    pub fn finding(
        &self,
        rule: &'static str,
        pointer: &Pointer,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        let Place {
            file,
            position,
            pointer,
        } = self.place(pointer);
        Finding {
            rule,
            source: Arc::clone(self.tree.source(file)),
            position,
            pointer,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Where a finding is reported.
struct Place {
    file: FileId,
    position: Position,
    /// The pointer in the file.
    pointer: Pointer,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list_pets
      responses:
        200:
          description: Pets
components:
  schemas:
    Pet:
      type: object
      properties:
        name: {$ref: '#/components/schemas/Name'}
    Name: {type: string}
";

    #[test]
    fn positions_have_line_column_and_offset() {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let responses = Pointer::parse("/paths/~1pets/get/responses/200").unwrap();
        let Position {
            line,
            column,
            offset,
        } = document.position(&responses);
        assert_eq!((line, column), (8, 9));
        assert!(PETS[offset..].starts_with("200:"));
    }

    #[test]
    fn references_resolve_and_circular_ones_do_not() {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let name = Pointer::parse("/components/schemas/Pet/properties/name").unwrap();
        let target = document.resolve(document.node(&name).unwrap()).unwrap();
        assert_eq!(target.str_of("type"), Some("string"));

        let circle =
            Document::parse("circle.yaml", "a: {$ref: '#/b'}\nb: {$ref: '#/a'}\n").unwrap();
        assert!(circle.resolve(circle.root().get("a").unwrap()).is_none());
    }

    #[test]
    fn syntax_errors_have_a_position() {
        let finding = Document::parse("pets.yaml", "openapi: 3.0.3\ninfo: [\n").unwrap_err();
        assert_eq!(
            (finding.source.name.as_str(), finding.position.line >= 2),
            ("pets.yaml", true),
            "{finding}"
        );
        let finding = Document::parse("pets.yaml", "a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(
            finding.to_string(),
            "pets.yaml:3:1: duplicate key `a` (syntax)"
        );
        let finding = Document::parse("pets.yaml", "# nothing\n").unwrap_err();
        assert_eq!(
            finding.to_string(),
            "pets.yaml:1:1: the file is empty (syntax)"
        );
    }

    #[test]
    fn yes_and_no_are_strings() {
        let document = Document::parse("pets.yaml", "a: no\nb: Yes\nc: true\n").unwrap();
        assert_eq!(
            document.root().to_json(),
            serde_json::json!({"a": "no", "b": "Yes", "c": true})
        );
    }

    #[test]
    fn exponential_aliases_are_rejected() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let previous = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", vec![previous; 10].join(", "));
        }
        assert_eq!(
            Document::parse("bomb.yaml", &text).unwrap_err().rule,
            "syntax"
        );
    }

    #[test]
    fn deep_nesting_is_rejected_without_overflowing_the_stack() {
        let block: String = (0..200)
            .map(|depth| format!("{}not:\n", " ".repeat(depth)))
            .collect();
        let flow = "[".repeat(5000);
        for text in [block, flow] {
            assert_eq!(
                Document::parse("deep.yaml", &text).unwrap_err().rule,
                "syntax"
            );
        }
    }

    #[test]
    fn a_rendered_finding_shows_the_source_line() {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let pointer = Pointer::parse("/components/schemas/Name").unwrap();
        let finding = document.finding(
            "example",
            &pointer,
            "`Name` has no example",
            "add `example:`",
        );
        assert_eq!(
            finding.to_string(),
            "pets.yaml:16:5: `Name` has no example (example)"
        );
        let text = finding.render(false);
        assert!(
            text.contains("--> pets.yaml:16:5") && text.contains("Name: {type: string}"),
            "{text}"
        );
        assert!(text.contains("help: add `example:`"), "{text}");
    }
}
