//! Compares two schemas position by position. Each pair of positions is compared once, however many operations lead to it, and
//! even if it leads back to itself.

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::bearing::Relation;
use super::conjunction::{Alternative, Choice, ConjunctionId, Conjunctions, Context};
use super::exchange::Exchanges;
use super::notation::Notation;
use super::shape::Shape;
use super::supports::{Beside, Counted};
use super::text::read_as_texts;
use super::types::Types;
use crate::change::{Difference, Direction, Flow, Outcome, Places, Row};
use crate::lifecycle::Lifecycle;
use spec_first_document::tree::{NodeId, Tree};

/// The number of pairs that are compared for any document; larger documents are allowed more.
const MOST_PAIRS: usize = 20_000;

pub(crate) const SCHEMA_ADDED: &str = "a schema was added, where anything was allowed";

pub(crate) const SCHEMA_DROPPED: &str = "anything is now allowed";

/// A position in the base and the corresponding position in the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    pub(crate) base: ConjunctionId,
    pub(crate) head: ConjunctionId,
    pub(crate) flow: Flow,
    /// Whether other schemas describe the same values, too.
    pub(crate) is_partial: bool,
    /// The places of the pair, if one of its positions is `ANYTHING` or `NOTHING`, which have no place of their own.
    pub(crate) written_at: Option<Places>,
}

/// A pair, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PairId(pub(crate) u32);

/// The result of comparing two positions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The differences at this position.
    pub(crate) differences: Vec<Difference>,
    /// The pairs of the parts of this position.
    pub(crate) inner: Vec<PairId>,
    /// Other pairs that this position depends on.
    pub(crate) besides: Vec<Beside>,
}

/// All comparisons of schemas in a review.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    pub(crate) base: Context<'a>,
    pub(crate) head: Context<'a>,
    pub(crate) conjunctions: Conjunctions,
    pub(super) pairs: IndexMap<Pair, Option<Found>, FxBuildHasher>,
    pub(super) relations: FxHashMap<(PairId, Counted), Relation>,
    /// The pairs being compared, whose results are incomplete.
    pub(super) in_progress: FxHashSet<PairId>,
    pub(super) exchanges: Exchanges,
    pub(crate) lifecycle: Lifecycle,
    /// The nesting depth of the relation being computed.
    pub(super) depth: usize,
    /// The places where the limit on pairs was exceeded first.
    cut_off_at: Option<Places>,
    /// The schemas with too many alternatives to compare each with each.
    pub(crate) matched_by_likeness: IndexSet<Places, FxBuildHasher>,
    /// The number of alternatives that were compared in depth.
    #[cfg(test)]
    pub(crate) deep_comparisons: usize,
}

impl Found {
    pub(crate) fn add(&mut self, row: Row, outcome: Outcome, places: Places, message: String) {
        let difference = Difference::new(row, outcome, places, message);
        self.differences.push(difference);
    }

    /// Adds everything that another comparison found.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.differences.append(&mut other.differences);
        self.inner.append(&mut other.inner);
        self.besides.append(&mut other.besides);
    }
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(base: Context<'a>, head: Context<'a>, lifecycle: Lifecycle) -> Self {
        Self {
            base,
            head,
            conjunctions: Conjunctions::default(),
            pairs: IndexMap::default(),
            relations: FxHashMap::default(),
            in_progress: FxHashSet::default(),
            exchanges: Exchanges::default(),
            lifecycle,
            depth: 0,
            cut_off_at: None,
            matched_by_likeness: IndexSet::default(),
            #[cfg(test)]
            deep_comparisons: 0,
        }
    }

    pub(crate) fn tree(&self) -> &'a Tree {
        self.base.tree
    }

    /// The pair of these schemas. It is compared by [`Self::compare_all`], or earlier if its relation is needed.
    pub(crate) fn pair(&mut self, base: &[NodeId], head: &[NodeId], flow: Flow) -> PairId {
        self.number(base, head, flow, false)
    }

    /// The pair of these schemas, where other schemas describe the same values, too.
    pub(crate) fn partial_pair(&mut self, base: &[NodeId], head: &[NodeId], flow: Flow) -> PairId {
        self.number(base, head, flow, true)
    }

    /// The positions of a pair.
    pub(crate) fn sides(&self, pair: PairId) -> (ConjunctionId, ConjunctionId) {
        let nothing = (ConjunctionId::NOTHING, ConjunctionId::NOTHING);
        self.pairs
            .get_index(pair.0 as usize)
            .map_or(nothing, |(pair, _)| (pair.base, pair.head))
    }

    fn number(&mut self, base: &[NodeId], head: &[NodeId], flow: Flow, is_partial: bool) -> PairId {
        let sides = (
            self.conjunctions.of(self.base, base),
            self.conjunctions.of(self.head, head),
        );
        let is_placeless = |conjunction| self.first(conjunction).is_none();
        let is_placeless = is_placeless(sides.0) || is_placeless(sides.1);
        let places = (base.first().copied(), head.first().copied());
        let pair = Pair {
            base: sides.0,
            head: sides.1,
            flow,
            is_partial,
            written_at: (is_placeless && sides.0 != sides.1).then_some(places),
        };
        let entry = self.pairs.entry(pair);
        let id = PairId(u32::try_from(entry.index()).unwrap_or(u32::MAX));
        entry.or_insert(None);
        if let ([base], [head]) = (base, head) {
            self.note_references(id, *base, *head);
        }
        id
    }

    /// Compares every requested pair and the pairs that it leads to.
    pub(crate) fn compare_all(&mut self) {
        let mut next = 0;
        while next < self.pairs.len() {
            self.expand(PairId(u32::try_from(next).unwrap_or(u32::MAX)));
            next += 1;
        }
        self.tell_what_follows();
        self.place_at_references();
    }

    pub(super) fn take_differences(&mut self, pair: PairId) -> Vec<Difference> {
        let found = self.pairs.get_index_mut(pair.0 as usize);
        let found = found.and_then(|(_, found)| found.as_mut());
        found.map_or(Vec::new(), |found| std::mem::take(&mut found.differences))
    }

    pub(super) fn put_differences(&mut self, pair: PairId, differences: Vec<Difference>) {
        if let Some((_, Some(found))) = self.pairs.get_index_mut(pair.0 as usize) {
            found.differences = differences;
        }
    }

    /// The result of comparing a pair.
    pub(crate) fn found(&self, pair: PairId) -> Option<&Found> {
        self.pairs.get_index(pair.0 as usize)?.1.as_ref()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (PairId, &Pair, &Found)> {
        (0..)
            .zip(&self.pairs)
            .filter_map(|(index, (pair, found))| Some((PairId(index), pair, found.as_ref()?)))
    }

    pub(super) fn expand(&mut self, id: PairId) {
        let Some((pair, known)) = self.pairs.get_index_mut(id.0 as usize) else {
            return;
        };
        if known.is_some() {
            return;
        }
        // Until the comparison is complete, the pair counts as equal. It is, unless a difference is found elsewhere.
        *known = Some(Found::default());
        let pair = *pair;
        self.in_progress.insert(id);
        let found = if self.is_exhausted() {
            self.cut_off(pair)
        } else {
            self.compare(pair)
        };
        self.in_progress.remove(&id);
        if let Some((_, known)) = self.pairs.get_index_mut(id.0 as usize) {
            *known = Some(found);
        }
    }

    /// Whether there are more pairs, or larger ones, than documents of this size need. The number of combined sets of schemas can
    /// grow exponentially.
    fn is_exhausted(&self) -> bool {
        let most = MOST_PAIRS + 4 * self.tree().number_of_values();
        self.pairs.len() > most || self.conjunctions.size() > 16 * most
    }

    /// Reports where the comparison was cut off, once per review.
    fn cut_off(&mut self, pair: Pair) -> Found {
        let here = self.places(&pair);
        let places = *self.cut_off_at.get_or_insert(here);
        let mut found = Found::default();
        let message = "below this point, schemas are combined in more ways than can be compared";
        found.add(
            Row::Unreadable,
            Outcome::Undecided,
            places,
            message.to_owned(),
        );
        found
    }

    /// The types that the values of a schema may have.
    pub(crate) fn types_of(
        &mut self,
        context: Context<'_>,
        schema: Option<NodeId>,
        flow: Flow,
    ) -> Types {
        let conjunction = self.conjunctions.of(context, schema.as_slice());
        let choice = self.conjunctions.choice(context, conjunction);
        shapes(context, &choice, flow)
            .iter()
            .fold(Types::NONE, |types, shape| types.or(shape.types))
    }

    /// Whether a schema allows every value of these types. An absent schema does.
    pub(crate) fn allows_all_of(
        &mut self,
        context: Context<'_>,
        schema: Option<NodeId>,
        types: Types,
        flow: Flow,
    ) -> bool {
        let conjunction = self.conjunctions.of(context, schema.as_slice());
        let choice = self.conjunctions.choice(context, conjunction);
        let shapes = shapes(context, &choice, flow);
        let allows_all = |shape: &Shape| {
            let part = shape.of_types(types);
            part.is_some_and(|part| part.types == types && part.is_unlimited())
        };
        // `oneOf` may exclude values that satisfy several branches.
        let leaves_out = |shape: &Shape| !shape.exclusive.is_empty();
        !shapes.iter().any(leaves_out) && shapes.iter().any(allows_all)
    }

    fn compare(&mut self, pair: Pair) -> Found {
        let mut found = Found::default();
        if pair.base == pair.head {
            return found;
        }
        let places = self.places(&pair);
        let (old, new) = (
            self.conjunctions.nodes(pair.base).to_vec(),
            self.conjunctions.nodes(pair.head).to_vec(),
        );
        self.compare_deprecated(&old, &new, &mut found);
        self.compare_extensible_enum(&old, &new, &mut found);
        if pair.flow.notation == Notation::Xml {
            self.compare_xml(&old, &new, &mut found);
        }
        let demanded = (
            self.conjunctions.demanded(self.base, pair.base),
            self.conjunctions.demanded(self.head, pair.head),
        );
        if demanded.0 == demanded.1 {
            return found;
        }
        if demanded.0 == ConjunctionId::ANYTHING {
            let message = SCHEMA_ADDED.to_owned();
            found.add(Row::Schema, Outcome::Narrower, places, message);
            return found;
        }
        if demanded.1 == ConjunctionId::ANYTHING {
            let message = SCHEMA_DROPPED.to_owned();
            found.add(Row::Schema, Outcome::Wider, places, message);
            return found;
        }
        let base_choice = self.conjunctions.choice(self.base, pair.base);
        let head_choice = self.conjunctions.choice(self.head, pair.head);
        if base_choice.is_cut_off || head_choice.is_cut_off {
            if self.are_written_alike(pair) {
                return found;
            }
            let message =
                "there are more ways to satisfy this schema than can be compared".to_owned();
            found.add(Row::Unreadable, Outcome::Undecided, places, message);
            return found;
        }
        let shapes = |context, choice| {
            let mut shapes = shapes(context, choice, pair.flow);
            for shape in &mut shapes {
                shape.is_partial = pair.is_partial;
            }
            shapes
        };
        let mut base = shapes(self.base, &base_choice);
        let mut head = shapes(self.head, &head_choice);
        if pair.flow.notation.is_text() {
            // Dropping single values first could drop a branch that another one overlaps.
            let (mut old, mut new) = (base.clone(), head.clone());
            read_as_texts(&mut old, &mut new);
            self.compare_exclusiveness(&pair, &old, &new, &mut found);
            self.drop_single_values(&mut base, &mut head, pair.flow, &mut found);
            read_as_texts(&mut base, &mut head);
        } else {
            self.compare_exclusiveness(&pair, &base, &head, &mut found);
        }
        let contradicts =
            |shapes: &[Shape], side| shapes.is_empty() && side != ConjunctionId::NOTHING;
        let has_contradiction = contradicts(&base, pair.base) || contradicts(&head, pair.head);
        match (base.as_slice(), head.as_slice()) {
            ([base], [head]) if self.compare_with_array(base, head, pair.flow, &mut found) => {}
            ([base], [head]) => self.compare_shapes(base, head, pair.flow, &mut found),
            _ => self.compare_choices(&pair, base, head, &mut found),
        }
        if has_contradiction && pair.flow.direction == Direction::Response {
            // A server sends something even if the parts of the schema leave no value.
            let mut differences = found.differences.iter_mut();
            if let Some(of_type) = differences.find(|difference| difference.row == Row::Type) {
                of_type.outcome = Outcome::Undecided;
            }
        }
        found
    }

    /// The places of a pair.
    pub(super) fn places(&self, pair: &Pair) -> Places {
        let written = pair.written_at.unwrap_or_default();
        (
            written.0.or(self.first(pair.base)),
            written.1.or(self.first(pair.head)),
        )
    }

    /// A place of the position: that of its first schema.
    pub(crate) fn first(&self, conjunction: ConjunctionId) -> Option<NodeId> {
        self.conjunctions.nodes(conjunction).first().copied()
    }
}

/// The alternatives that at least one value can satisfy.
pub(super) fn shapes(context: Context<'_>, choice: &Choice, flow: Flow) -> Vec<Shape> {
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
                let null = Alternative::default();
                shapes.extend(context.shape(&null, flow).map(|shape| Shape {
                    types: Types::NULL,
                    ..shape
                }));
            }
        }
    }
    shapes
}
