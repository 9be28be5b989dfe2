//! Collects the parts of the documents that are not compared, and why: for example, keywords with an invalid value count as
//! absent.
//!
//! Notes never change a verdict.

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use spec_first_document::tree::{NodeId, Tree};

use crate::contract::ContractComparison;
use crate::literal::plural;
use crate::review::Place;
use spec_first_document::grammar::{Expected, Grammar, Key, Part, WRONG_VALUE};
use spec_first_document::references::{References, Unresolved};
use spec_first_document::{Root, Version};

/// A part of a document that the comparison ignores, or that does not mean what its author expects.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Note {
    /// The kind of note, for example `wrong-value`.
    pub rule: &'static str,
    /// What is not compared and why, in one sentence without a capital or a full stop.
    pub message: String,
    /// The place in the base, if it is present there.
    pub base: Option<Place>,
    /// The place in the head, if it is present there.
    pub head: Option<Place>,
}

impl Note {
    /// The place to show: in the head, or in the base if it is absent in the head.
    pub fn place(&self) -> Option<&Place> {
        self.head.as_ref().or(self.base.as_ref())
    }
}

/// The maximum number of notes per document; the rest are only counted.
const MOST: usize = 1_000;

/// A parameter that lacks what identifies it.
const MISSING_KEY: &str = "missing-key";
/// A path parameter that does not occur in its path.
const NOT_IN_PATH: &str = "parameter-not-in-path";
/// A keyword of OpenAPI 3.0 that has no meaning in 3.1.
const NULLABLE: &str = "nullable-in-3.1";

/// A schema with too many alternatives to compare each with each.
const MANY_ALTERNATIVES: &str = "many-alternatives";

/// The notes on both documents, and the values to ignore because of them.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    all: IndexMap<(&'static str, String, String), Note>,
    /// Invalid values, by the value that contains them.
    pub(crate) malformed: FxHashMap<NodeId, FxHashSet<NodeId>>,
}

impl Notes {
    /// Collects the parts of the documents that are not compared.
    pub(crate) fn of(tree: &Tree, references: &References, [base, head]: [Root; 2]) -> Self {
        let mut notes = Self::default();
        for (side, document) in [(Side::Base, base), (Side::Head, head)] {
            let mut walk = Walk::new(tree, references, document);
            walk.run();
            walk.found.sort_by_key(|(_, _, node)| *node);
            let mut unresolved = FxHashSet::default();
            // A reference gets one note per file, even if it is repeated.
            walk.found.retain(|(rule, message, node)| {
                !rule.ends_with("-reference")
                    || unresolved.insert((tree.file(*node), message.clone()))
            });
            let left = walk.found.len().saturating_sub(MOST);
            let last = walk.found.get(MOST).map(|(_, _, node)| *node);
            walk.found.truncate(MOST);
            let left = last.map(|node| (WRONG_VALUE, and_not_listed(left), node));
            for (rule, message, node) in walk.found.into_iter().chain(left) {
                notes.add(side, rule, message, Place::of(tree, node));
            }
            notes.malformed.extend(walk.malformed);
        }
        notes
    }

    /// Adds a note. The same note in both documents is one.
    fn add(&mut self, side: Side, rule: &'static str, message: String, place: Place) {
        let key = (rule, message.clone(), place.pointer.as_str().to_owned());
        let note = self.all.entry(key).or_insert(Note {
            rule,
            message,
            base: None,
            head: None,
        });
        match side {
            Side::Base => note.base.get_or_insert(place),
            Side::Head => note.head.get_or_insert(place),
        };
    }

    /// All notes, including those that are known only after the comparison.
    pub(crate) fn finish(mut self, comparison: &ContractComparison<'_>) -> Vec<Note> {
        for (side, document) in [(Side::Base, comparison.base), (Side::Head, comparison.head)] {
            for (parameter, message) in comparison.parameters_not_in_path(document) {
                let place = Place::of(comparison.tree, parameter);
                self.add(side, NOT_IN_PATH, message, place);
            }
        }
        for (base, head) in &comparison.schemas.matched_by_likeness {
            for (side, node) in [(Side::Base, base), (Side::Head, head)] {
                let Some(node) = node else { continue };
                let message = "the alternatives of this schema are matched by name and likeness, because there are too many to \
                               compare each with each"
                    .to_owned();
                let place = Place::of(comparison.tree, *node);
                self.add(side, MANY_ALTERNATIVES, message, place);
            }
        }
        self.all.into_values().collect()
    }
}

fn and_not_listed(count: usize) -> String {
    let are = plural(count, "part is", "parts are");
    format!("{count} more {are} not compared below this point, for similar reasons")
}

#[derive(Clone, Copy)]
enum Side {
    Base,
    Head,
}

/// Walks all compared parts of a document, following references. Each part is visited once.
struct Walk<'a> {
    tree: &'a Tree,
    references: &'a References,
    document: Root,
    grammar: Grammar,
    seen: FxHashSet<(NodeId, Part)>,
    open: Vec<(NodeId, Part)>,
    nullable: Vec<NodeId>,
    found: Vec<(&'static str, String, NodeId)>,
    malformed: FxHashMap<NodeId, FxHashSet<NodeId>>,
    circular: FxHashSet<NodeId>,
}

impl<'a> Walk<'a> {
    fn new(tree: &'a Tree, references: &'a References, document: Root) -> Self {
        Self {
            tree,
            references,
            document,
            // The documents may be of different versions.
            grammar: Grammar::of(tree, Version::V3_2),
            seen: FxHashSet::default(),
            open: vec![(document.root, Part::Document)],
            nullable: Vec::new(),
            found: Vec::new(),
            malformed: FxHashMap::default(),
            circular: references.circular(tree),
        }
    }

    fn run(&mut self) {
        while let Some((node, part)) = self.open.pop() {
            if self.seen.insert((node, part)) {
                self.visit(node, part);
            }
        }
        if let Some(first) = self.nullable.iter().min() {
            let count = self.nullable.len();
            let times = plural(count, "time", "times");
            let message = format!(
                "`nullable` is ignored: it has no meaning in OpenAPI 3.1 ({count} {times} in this document); write `type: [string, 'null']`"
            );
            self.found.push((NULLABLE, message, *first));
        }
    }

    fn visit(&mut self, node: NodeId, part: Part) {
        let references = self.references;
        self.open
            .extend(references.target(node).map(|target| (target, part)));
        if let Some(reference) = self.tree.get_string(node, "$ref") {
            let why = match references.target(node) {
                None => Some(Unresolved::Missing),
                Some(_) if self.circular.contains(&node) => Some(Unresolved::Circular),
                Some(_) => None,
            };
            if let Some(why) = why {
                let place = self.tree.get(node, "$ref").unwrap_or(node);
                self.found.push((why.rule(), why.message(reference), place));
            }
            // The siblings of a reference count only in the schemas of OpenAPI 3.1.
            if part != Part::Schema || !self.document.is_3_1 {
                return;
            }
        }
        if part == Part::Schema {
            let subtypes = references.subtypes(node).iter();
            self.open.extend(subtypes.map(|subtype| (*subtype, part)));
            if self.document.is_3_1 && self.tree.is_true(node, "nullable") {
                let keyword = self.tree.get(node, "nullable");
                self.nullable.extend(keyword);
            }
        }
        if part == Part::Parameter {
            for keyword in ["name", "in"] {
                if self.tree.get(node, keyword).is_none() {
                    let message = format!("a parameter is not compared: it has no `{keyword}`");
                    self.found.push((MISSING_KEY, message, node));
                }
            }
        }
        let tree = self.tree;
        for (keyword, value) in tree.entries(node) {
            let Some(expected) = self.grammar.expected(tree, part, keyword) else {
                continue;
            };
            let keyword = tree.text(keyword);
            if self.check(expected, keyword, Key::Name(keyword), value) {
                // Other components are compared where a reference leads to them.
                if part != Part::Components || keyword == "securitySchemes" {
                    self.enter(expected, keyword, value);
                }
            } else {
                self.malformed.entry(node).or_default().insert(value);
            }
        }
    }

    /// Continues with what is inside a value.
    fn enter(&mut self, expected: Expected, keyword: &str, value: NodeId) {
        if let Expected::One(part) = expected {
            return self.open.push((value, part));
        }
        if !self.tree.is_composed(value) {
            return;
        }
        for (key, inner, expected) in expected.inside(self.tree, value) {
            if self.check(expected, keyword, key, inner) {
                let keyword = match key {
                    Key::Name(name) => name,
                    Key::Index(_) => keyword,
                };
                self.enter(expected, keyword, inner);
            } else if let Key::Index(_) = key {
                self.malformed.entry(value).or_default().insert(inner);
            }
            // The name of a member stays even if its value is invalid.
        }
    }

    /// Whether the value is valid. If not, adds a note.
    fn check(&mut self, expected: Expected, keyword: &str, key: Key<'_>, value: NodeId) -> bool {
        let is_met = expected.is_met(self.tree, value);
        if !is_met {
            let message = expected.message(key, keyword, self.tree, value);
            self.found.push((WRONG_VALUE, message, value));
        }
        is_met
    }
}
