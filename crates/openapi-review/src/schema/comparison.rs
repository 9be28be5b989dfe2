//! Two schemas, compared position by position. Each pair of positions is compared once, however many operations lead to it and
//! whether or not it leads back to itself.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::conjunction::{Alternative, Choice, ConjunctionId, Conjunctions, Context};
use super::shape::Shape;
use super::types::Types;
use crate::change::{Difference, Flow, Outcome, Row};
use crate::tree::{Kind, NodeId, Tree};

/// A position in the base and the one in the head that it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    pub(crate) base: ConjunctionId,
    pub(crate) head: ConjunctionId,
    pub(crate) flow: Flow,
}

/// A pair, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PairId(pub(crate) u32);

/// What comparing two positions gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// What differs here.
    pub(crate) differences: Vec<Difference>,
    /// What must be compared besides.
    pub(crate) inner: Vec<PairId>,
}

/// How the values of the head are related to those of the base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) is_wider: bool,
    pub(crate) is_narrower: bool,
    pub(crate) is_undecided: bool,
}

/// All comparisons of schemas of a review.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    pub(crate) base: Context<'a>,
    pub(crate) head: Context<'a>,
    pub(crate) conjunctions: Conjunctions,
    pairs: IndexMap<Pair, Option<Found>, FxBuildHasher>,
    relations: FxHashMap<PairId, Relation>,
    /// How many questions about choices inside of choices are being answered.
    depth: usize,
}

/// Choices inside of choices are followed this deep.
const MAX_DEPTH: usize = 48;

impl Relation {
    pub(crate) fn is_same(self) -> bool {
        self == Self::default()
    }

    /// Whether the head has every value of the base.
    pub(crate) fn head_covers_base(self) -> bool {
        !self.is_narrower && !self.is_undecided
    }

    /// Whether the base has every value of the head.
    pub(crate) fn base_covers_head(self) -> bool {
        !self.is_wider && !self.is_undecided
    }

    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Wider => self.is_wider = true,
            Outcome::Narrower => self.is_narrower = true,
            Outcome::Incomparable => {
                self.is_wider = true;
                self.is_narrower = true;
            }
            Outcome::Undecided => self.is_undecided = true,
            Outcome::Beside => {}
        }
    }

    /// What a difference does to the set of values; a default and the way of writing do nothing to it.
    fn add_difference(&mut self, difference: &Difference) {
        if !matches!(difference.row, Row::Default | Row::Xml) {
            self.add(difference.outcome);
        }
    }

    fn join(&mut self, other: Self) {
        self.is_wider |= other.is_wider;
        self.is_narrower |= other.is_narrower;
        self.is_undecided |= other.is_undecided;
    }

    /// As an outcome; `None` if both are the same.
    pub(crate) fn outcome(self) -> Option<Outcome> {
        if self.is_undecided {
            return Some(Outcome::Undecided);
        }
        Outcome::of_sets(self.is_narrower, self.is_wider)
    }
}

impl Found {
    pub(crate) fn add(
        &mut self,
        row: Row,
        outcome: Outcome,
        places: (Option<NodeId>, Option<NodeId>),
        message: String,
    ) {
        self.differences.push(Difference {
            row,
            outcome,
            base: places.0,
            head: places.1,
            message,
        });
    }
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(base: Context<'a>, head: Context<'a>) -> Self {
        Self {
            base,
            head,
            conjunctions: Conjunctions::default(),
            pairs: IndexMap::default(),
            relations: FxHashMap::default(),
            depth: 0,
        }
    }

    pub(crate) fn tree(&self) -> &'a Tree {
        self.base.tree
    }

    /// The pair of these schemas; it is compared when all are.
    pub(crate) fn pair(&mut self, base: &[NodeId], head: &[NodeId], flow: Flow) -> PairId {
        let pair = Pair {
            base: self.conjunctions.of(self.base, base),
            head: self.conjunctions.of(self.head, head),
            flow,
        };
        self.number(pair)
    }

    /// The positions of a pair.
    pub(crate) fn sides(&self, pair: PairId) -> (ConjunctionId, ConjunctionId) {
        let nothing = (ConjunctionId::NOTHING, ConjunctionId::NOTHING);
        self.pairs
            .get_index(pair.0 as usize)
            .map_or(nothing, |(pair, _)| (pair.base, pair.head))
    }

    fn number(&mut self, pair: Pair) -> PairId {
        let entry = self.pairs.entry(pair);
        let id = PairId(u32::try_from(entry.index()).unwrap_or(u32::MAX));
        entry.or_insert(None);
        id
    }

    /// Compares every pair that was asked for, and those that they lead to.
    pub(crate) fn compare_all(&mut self) {
        let mut next = 0;
        while next < self.pairs.len() {
            self.expand(PairId(u32::try_from(next).unwrap_or(u32::MAX)));
            next += 1;
        }
    }

    /// What comparing a pair gave.
    pub(crate) fn found(&self, pair: PairId) -> Option<&Found> {
        self.pairs.get_index(pair.0 as usize)?.1.as_ref()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (PairId, &Pair, &Found)> {
        (0..)
            .zip(&self.pairs)
            .filter_map(|(index, (pair, found))| Some((PairId(index), pair, found.as_ref()?)))
    }

    fn expand(&mut self, id: PairId) {
        let Some((pair, known)) = self.pairs.get_index_mut(id.0 as usize) else {
            return;
        };
        if known.is_some() {
            return;
        }
        // Who asks while this is being compared is told that it is the same: so it is, unless something else differs.
        *known = Some(Found::default());
        let pair = *pair;
        let found = self.compare(pair);
        if let Some((_, known)) = self.pairs.get_index_mut(id.0 as usize) {
            *known = Some(found);
        }
    }

    /// How the two positions of a pair are related, with everything that they lead to.
    pub(crate) fn relation(&mut self, id: PairId) -> Relation {
        if let Some(relation) = self.relations.get(&id) {
            return *relation;
        }
        let mut relation = Relation::default();
        if self.depth >= MAX_DEPTH {
            relation.is_undecided = true;
            return relation;
        }
        self.depth += 1;
        let mut seen = rustc_hash::FxHashSet::default();
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            self.expand(next);
            if let Some(found) = self.found(next) {
                for difference in &found.differences {
                    relation.add_difference(difference);
                }
                open.extend(&found.inner);
            }
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.relations.insert(id, relation);
        }
        relation
    }

    /// How two ways to satisfy a schema are related.
    pub(crate) fn relation_of_shapes(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
    ) -> Relation {
        let mut found = Found::default();
        self.compare_shapes(base, head, flow, &mut found);
        let mut relation = Relation::default();
        for difference in &found.differences {
            relation.add_difference(difference);
        }
        for inner in found.inner {
            relation.join(self.relation(inner));
        }
        relation
    }

    /// The types that the values of either schema may have.
    pub(crate) fn types_of(
        &mut self,
        base: Option<NodeId>,
        head: Option<NodeId>,
        flow: Flow,
    ) -> Types {
        let sides = [(self.base, base), (self.head, head)];
        sides
            .into_iter()
            .fold(Types::NONE, |types, (context, schema)| {
                let conjunction = self.conjunctions.of(context, schema.as_slice());
                let choice = self.conjunctions.choice(context, conjunction);
                shapes(context, &choice, flow)
                    .iter()
                    .fold(types, |types, shape| types.or(shape.types))
            })
    }

    fn compare(&mut self, pair: Pair) -> Found {
        let mut found = Found::default();
        if pair.base == pair.head {
            return found;
        }
        let places = (self.first(pair.base), self.first(pair.head));
        if pair.base == ConjunctionId::ANYTHING {
            let message = "a schema was added, where anything was allowed".to_owned();
            found.add(Row::Schema, Outcome::Narrower, places, message);
            return found;
        }
        if pair.head == ConjunctionId::ANYTHING {
            found.add(
                Row::Schema,
                Outcome::Wider,
                places,
                "anything is allowed now".to_owned(),
            );
            return found;
        }
        let base_choice = self.conjunctions.choice(self.base, pair.base);
        let head_choice = self.conjunctions.choice(self.head, pair.head);
        let base = shapes(self.base, &base_choice, pair.flow);
        let head = shapes(self.head, &head_choice, pair.flow);
        if base_choice.is_cut_off || head_choice.is_cut_off {
            if self.are_written_alike(pair) {
                return found;
            }
            let message =
                "there are more ways to satisfy this schema than can be compared".to_owned();
            found.add(Row::Unreadable, Outcome::Undecided, places, message);
            return found;
        }
        let (old, new) = (
            self.conjunctions.nodes(pair.base).to_vec(),
            self.conjunctions.nodes(pair.head).to_vec(),
        );
        self.compare_deprecated(&old, &new, &mut found);
        if pair.flow.is_xml {
            self.compare_xml(&old, &new, &mut found);
        }
        match (base.as_slice(), head.as_slice()) {
            ([base], [head]) => self.compare_shapes(base, head, pair.flow, &mut found),
            _ => self.compare_choices(
                &pair,
                (base, &base_choice),
                (head, &head_choice),
                &mut found,
            ),
        }
        found
    }

    /// Whether two positions are written in the same words, through all references.
    fn are_written_alike(&self, pair: Pair) -> bool {
        let tree = self.tree();
        let (base, head) = (
            self.conjunctions.nodes(pair.base),
            self.conjunctions.nodes(pair.head),
        );
        let mut open: Vec<(NodeId, NodeId)> =
            base.iter().copied().zip(head.iter().copied()).collect();
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some((old, new)) = open.pop() {
            if !seen.insert((old, new)) {
                continue;
            }
            let targets = (
                self.base.references.target(old),
                self.head.references.target(new),
            );
            let is_alike = match (tree.kind(old), tree.kind(new)) {
                (Kind::Mapping(..), Kind::Mapping(..)) => {
                    if let (Some(old), Some(new)) = targets {
                        open.push((old, new));
                    }
                    tree.entries(old).count() == tree.entries(new).count()
                        && tree.entries(old).all(|(key, member)| {
                            let other = tree.member(new, key);
                            let is_followed = tree.text(key) == "$ref"
                                && targets.0.is_some()
                                && targets.1.is_some();
                            open.extend(
                                other.filter(|_| !is_followed).map(|other| (member, other)),
                            );
                            other.is_some()
                        })
                }
                (Kind::Sequence(_, old_length), Kind::Sequence(_, new_length)) => {
                    open.extend(tree.items(old).zip(tree.items(new)));
                    old_length == new_length
                }
                (old, new) => old == new,
            };
            if !is_alike {
                return false;
            }
        }
        base.len() == head.len()
    }

    /// A place of the position; the first of those that it is made of.
    pub(crate) fn first(&self, conjunction: ConjunctionId) -> Option<NodeId> {
        self.conjunctions.nodes(conjunction).first().copied()
    }
}

/// The ways to satisfy a schema that some value can take.
fn shapes(context: Context<'_>, choice: &Choice, flow: Flow) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = choice
        .alternatives
        .iter()
        .filter_map(|alternative| context.shape(alternative, flow))
        .collect();
    let allows_null = |shape: &Shape| shape.types.meets(Types::NULL);
    if let Some(node) = choice.nullable
        && !shapes.iter().any(allows_null)
    {
        match shapes.as_mut_slice() {
            [only] if only.values.is_none() => {
                only.types = only.types.or(Types::NULL);
                only.types_at = Some(node);
            }
            _ => {
                let null = Alternative {
                    nodes: Vec::new(),
                    branches: Vec::new(),
                };
                shapes.extend(context.shape(&null, flow).map(|shape| Shape {
                    nodes: vec![node],
                    types: Types::NULL,
                    types_at: Some(node),
                    ..shape
                }));
            }
        }
    }
    shapes
}
