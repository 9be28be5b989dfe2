//! Compares everything in a document that is not a schema: operations and their parts.

mod bodies;
mod called_back;
mod encoding;
mod media_type;
mod operations;
mod parameters;
mod responses;
mod security;
mod servers;

use std::collections::VecDeque;

use indexmap::IndexMap;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::change::{Difference, Direction, Flow, Identity, Outcome, Places, Row};
use crate::lifecycle::Lifecycle;
use crate::literal::literal;
use crate::review::Options;
use crate::schema::comparison::{Comparison, PairId, SCHEMA_ADDED, SCHEMA_DROPPED};
use crate::schema::conjunction::{ConjunctionId, Context};
use crate::schema::notation::Notation;
use crate::schema::other_dialect;
use crate::subject::EVERY_OPERATION;
use spec_first_document::Root;
use spec_first_document::references::References;
use spec_first_document::tree::{NodeId, Tree};

/// A use of something that changed: an operation and one of its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// The operation, as `METHOD /path`, preceded by the name of its callback or webhook if it is in one.
    pub operation: String,
    /// The part of the operation, for example ``response 200, `application/json` ``.
    pub part: String,
    /// Who sends the value that changed.
    pub direction: Direction,
}

/// A use, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UseId(pub(crate) usize);

/// The member of a document that names the dialect of its schemas.
const DIALECT: &str = "jsonSchemaDialect";

/// The comparison of two documents.
#[derive(Debug)]
pub(crate) struct ContractComparison<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) references: &'a References,
    pub(crate) base: Root,
    pub(crate) head: Root,
    pub(crate) schemas: Comparison<'a>,
    pub(crate) uses: IndexSet<Use, FxBuildHasher>,
    /// The differences outside of schemas.
    pub(crate) found: IndexMap<Identity, (Difference, Vec<UseId>), FxBuildHasher>,
    /// The schemas that operations use.
    pub(crate) roots: Vec<(PairId, UseId)>,
    /// The operations whose callbacks are still to be compared.
    calling: VecDeque<called_back::Calling>,
    /// The callbacks that were compared, each with the sender of its request.
    called_back: FxHashSet<(NodeId, NodeId, Direction)>,
    /// The number of callbacks around the operations being compared.
    depth: usize,
    pub(crate) options: &'a Options,
}

/// A part of a document, and its name.
type Named<'a> = (&'a str, NodeId);

/// The parts of the base and of the head with the same name: those of the base first.
fn paired<'a>(
    base: &[Named<'a>],
    head: &[Named<'a>],
    is_same: impl Fn(&str, &str) -> bool,
) -> Vec<(&'a str, Option<NodeId>, Option<NodeId>)> {
    let of = |list: &[Named<'a>], name| {
        let mut list = list.iter();
        list.find(|(other, _)| is_same(other, name))
            .map(|named| named.1)
    };
    let known = base
        .iter()
        .map(|(name, was)| (*name, Some(*was), of(head, name)));
    let new = head.iter().filter(|(name, _)| of(base, name).is_none());
    known
        .chain(new.map(|(name, is)| (*name, None, Some(*is))))
        .collect()
}

/// The operation being compared, and one of its parts.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    operation: String,
    part: String,
    direction: Direction,
    notation: Notation,
}

impl Part {
    fn of_operation(operation: String, direction: Direction) -> Self {
        Self {
            operation,
            part: String::new(),
            direction,
            notation: Notation::Json,
        }
    }

    fn flow(&self) -> Flow {
        Flow {
            direction: self.direction,
            notation: self.notation,
        }
    }

    /// The part as a body of this media type.
    fn written_as(&self, media_type: &str) -> Self {
        let notation = Notation::of_body(media_type);
        self.then(&literal(media_type).to_string()).noted(notation)
    }

    fn noted(&self, notation: Notation) -> Self {
        Self {
            notation,
            ..self.clone()
        }
    }

    fn named(&self, part: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            ..self.clone()
        }
    }

    fn toward(&self, direction: Direction) -> Self {
        Self {
            direction,
            ..self.clone()
        }
    }

    fn then(&self, part: &str) -> Self {
        self.named(if self.part.is_empty() {
            part.to_owned()
        } else {
            format!("{}, {part}", self.part)
        })
    }
}

impl<'a> ContractComparison<'a> {
    pub(crate) fn new(
        tree: &'a Tree,
        references: &'a References,
        base: Root,
        head: Root,
        options: &'a Options,
    ) -> Self {
        let context = |document: Root| Context {
            tree,
            references,
            is_3_1: document.is_3_1,
            dialect: other_dialect(tree, tree.get(document.root, DIALECT)),
        };
        Self {
            tree,
            references,
            base,
            head,
            schemas: Comparison::new(context(base), context(head), Lifecycle::new(options)),
            uses: IndexSet::default(),
            found: IndexMap::default(),
            roots: Vec::new(),
            calling: VecDeque::new(),
            called_back: FxHashSet::default(),
            depth: 0,
            options,
        }
    }

    pub(crate) fn run(&mut self) {
        self.compare_dialects();
        self.compare_paths();
        self.compare_webhooks();
        self.compare_all_callbacks();
        self.schemas.compare_all();
    }

    fn compare_dialects(&mut self) {
        if self.schemas.base.dialect != self.schemas.head.dialect {
            let dialect = |document: Root| self.tree.get(document.root, DIALECT);
            let (was, is) = (dialect(self.base), dialect(self.head));
            let part =
                Part::of_operation(EVERY_OPERATION.to_owned(), Direction::Request).named("schemas");
            let places = (was.or(Some(self.base.root)), is.or(Some(self.head.root)));
            let message =
                "the schemas are written in another dialect, so it is unknown what they allow";
            self.add(Row::Dialect, Outcome::Undecided, places, &part, message);
        }
    }

    fn add(
        &mut self,
        row: Row,
        outcome: Outcome,
        places: Places,
        part: &Part,
        message: impl Into<String>,
    ) {
        self.add_difference(Difference::new(row, outcome, places, message), part);
    }

    /// Like [`Self::add`], for something that the head no longer has.
    fn add_removal(
        &mut self,
        row: Row,
        outcome: Outcome,
        places: Places,
        part: &Part,
        message: impl Into<String>,
    ) {
        let difference = Difference {
            is_removal: true,
            ..Difference::new(row, outcome, places, message)
        };
        self.add_difference(difference, part);
    }

    fn add_difference(&mut self, difference: Difference, part: &Part) {
        let id = self.use_of(part);
        let identity = difference.identity();
        let (_, uses) = self
            .found
            .entry(identity)
            .or_insert_with(|| (difference, Vec::new()));
        if !uses.contains(&id) {
            uses.push(id);
        }
    }

    fn use_of(&mut self, part: &Part) -> UseId {
        let (index, _) = self.uses.insert_full(Use {
            operation: part.operation.clone(),
            part: part.part.clone(),
            direction: part.direction,
        });
        UseId(index)
    }

    /// Requests a comparison of the schemas under the keyword `schema`. An absent schema allows everything.
    fn compare_schemas_of(
        &mut self,
        (old, base): (NodeId, Option<NodeId>),
        (new, head): (NodeId, Option<NodeId>),
        part: &Part,
    ) {
        let (old_schema, new_schema, flow) = (base.as_slice(), head.as_slice(), part.flow());
        if self.schemas.are_same_bytes(old_schema, new_schema, flow) {
            return;
        }
        let pair = self.schemas.pair(old_schema, new_schema, flow);
        let (outcome, message) = match self.schemas.sides(pair) {
            (ConjunctionId::ANYTHING, ConjunctionId::ANYTHING) => return,
            (ConjunctionId::ANYTHING, _) => (Outcome::Narrower, SCHEMA_ADDED),
            (_, ConjunctionId::ANYTHING) => (Outcome::Wider, SCHEMA_DROPPED),
            _ => {
                let id = self.use_of(part);
                self.roots.push((pair, id));
                return;
            }
        };
        let places = (base.or(Some(old)), head.or(Some(new)));
        self.add(Row::Schema, outcome, places, part, message);
    }

    /// Compares a statement that only some values satisfy. The sentences say that it was added, and that it was dropped.
    fn compare_demand(
        &mut self,
        row: Row,
        [was, is]: [bool; 2],
        places: Places,
        part: &Part,
        sentences: [&str; 2],
    ) {
        if let Some(outcome) = Outcome::of_sets(is && !was, was && !is) {
            self.add(row, outcome, places, part, sentences[usize::from(was)]);
        }
    }

    /// The values of a keyword, each with the value that holds it as its place where it is absent.
    fn places_of(&self, [old, new]: [NodeId; 2], key: &str) -> Places {
        let place = |node| self.tree.get(node, key).or(Some(node));
        (place(old), place(new))
    }

    fn follow(&self, node: NodeId) -> Option<NodeId> {
        self.references.follow(self.tree, node)
    }

    /// The value of `key`, with references followed.
    fn part_of(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.follow(self.tree.get(node, key)?)
    }

    /// The entries of the mapping `key` with their names, as written.
    fn written_parts_of(&self, node: NodeId, key: &str) -> Vec<Named<'a>> {
        let tree = self.tree;
        let parts = self.part_of(node, key);
        parts
            .into_iter()
            .flat_map(|parts| tree.entries(parts))
            .map(|(name, part)| (tree.text(name), part))
            .collect()
    }

    /// The entries of the mapping `key` with their names, references followed.
    fn parts_of(&self, node: NodeId, key: &str) -> Vec<Named<'a>> {
        let parts = self.written_parts_of(node, key).into_iter();
        parts
            .filter_map(|(name, part)| Some((name, self.follow(part)?)))
            .collect()
    }
}
