//! Computes the relation of positions that depend on others: on their parts, on what they forbid, and on what decides which parts
//! apply.

use rustc_hash::FxHashSet;

use super::bearing::{Bearing, Relation};
use super::comparison::{Comparison, Found, PairId};
use super::shape::Shape;
use crate::change::{Difference, Flow, Outcome, Places, Row};
use spec_first_document::tree::NodeId;

/// A pair that a position depends on without it being a part.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    pub(crate) pair: PairId,
    pub(crate) bearing: Bearing,
    /// What to report if the pair differs; `None` if that is reported elsewhere.
    pub(crate) told: Option<Told>,
}

/// A difference whose outcome follows from a pair.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) row: Row,
    pub(crate) places: Places,
    pub(crate) message: String,
}

/// Which differences count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Counted {
    /// All differences.
    All,
    /// All differences except those about a property that one document allows without describing it.
    Described,
}

impl Counted {
    fn relation(self, differences: &[Difference]) -> Relation {
        let is_about_undescribed = |difference: &Difference| {
            matches!(
                (difference.row, difference.outcome),
                (Row::PropertyAdded, Outcome::Narrower)
                    | (Row::PropertyDropped, Outcome::Wider)
                    | (Row::ExclusiveProperty | Row::ExclusiveNewProperty, _)
            )
        };
        let counts =
            |difference: &&Difference| self == Self::All || !is_about_undescribed(difference);
        Relation::of_differences(differences.iter().filter(counts))
    }
}

/// Differences that do not count.
#[derive(Debug, Default)]
pub(super) struct Excused {
    pub(super) pairs: Vec<PairId>,
    /// The places of properties that only one of the two alternatives allows.
    pub(super) properties: Vec<NodeId>,
}

impl Excused {
    fn is_about(&self, difference: &Difference) -> bool {
        let mut places = [difference.base, difference.head].into_iter().flatten();
        matches!(difference.row, Row::PropertyAdded | Row::PropertyDropped)
            && places.any(|place| self.properties.contains(&place))
    }
}

/// The maximum depth at which nested choices are followed.
const MAX_DEPTH: usize = 48;

impl Found {
    /// Adds a difference that follows from a pair that is not a part.
    pub(crate) fn rest_on(
        &mut self,
        pair: PairId,
        bearing: Bearing,
        row: Row,
        places: Places,
        message: &str,
    ) {
        let told = Told {
            row,
            places,
            message: message.to_owned(),
        };
        self.besides.push(Beside {
            pair,
            bearing,
            told: Some(told),
        });
    }

    /// All pairs that the position depends on, with their effect on it.
    fn supports(&self) -> impl Iterator<Item = (PairId, Bearing)> + '_ {
        let parts = self.inner.iter().map(|inner| (*inner, Bearing::PART));
        let besides = self.besides.iter();
        parts.chain(besides.map(|beside| (beside.pair, beside.bearing)))
    }
}

impl Comparison<'_> {
    /// Adds the differences that follow from pairs that are not parts, once all pairs are compared.
    pub(super) fn tell_what_follows(&mut self) {
        let besides = self.pairs.values().enumerate().flat_map(|(index, found)| {
            let besides = found.iter().flat_map(|found| &found.besides);
            besides.map(move |beside| (index, beside.clone()))
        });
        let besides: Vec<(usize, Beside)> = besides.collect();
        let mut told = Vec::new();
        for (index, beside) in besides {
            let relation = self.relation(beside.pair);
            let outcome = beside.bearing.apply(relation).outcome();
            let Some((outcome, mut follows)) = outcome.zip(beside.told) else {
                continue;
            };
            if follows.row == Row::Exclusive {
                let described = self.relation_by(beside.pair, Counted::Described);
                if beside.bearing.apply(described).is_same() {
                    follows.row = Row::ExclusiveProperty;
                }
            }
            told.push((index, (outcome, follows)));
        }
        for (index, (outcome, told)) in told {
            let found = self.pairs.get_index_mut(index);
            let Some((_, Some(found))) = found else {
                continue;
            };
            let is_told = found.differences.iter().any(|known| {
                (known.row, known.outcome) == (told.row, outcome) && known.message == told.message
            });
            if !is_told {
                found.add(told.row, outcome, told.places, told.message);
            }
        }
    }

    /// The relation of the two positions of a pair, including all pairs that it leads to. While one of these is being compared,
    /// the result is an assumption; a position that relies on it must record that, with [`Found::rest_on`] or as a part.
    pub(crate) fn relation(&mut self, id: PairId) -> Relation {
        self.relation_by(id, Counted::All)
    }

    fn relation_by(&mut self, id: PairId, counted: Counted) -> Relation {
        if let Some(relation) = self.relations.get(&(id, counted)) {
            return *relation;
        }
        if self.depth >= MAX_DEPTH {
            return Relation::UNDECIDED;
        }
        self.depth += 1;
        let mut relation = Relation::default();
        let mut is_final = true;
        let mut seen = FxHashSet::default();
        let mut open = vec![(id, Bearing::PART)];
        while let Some((next, bearing)) = open.pop() {
            if !seen.insert((next, bearing)) {
                continue;
            }
            self.expand(next);
            is_final &= !self.in_progress.contains(&next);
            if let Some(found) = self.found(next) {
                relation.join(bearing.apply(counted.relation(&found.differences)));
                let supports = found.supports();
                open.extend(supports.map(|(pair, support)| (pair, bearing.then(support))));
            }
        }
        self.depth -= 1;
        if self.depth == 0 && is_final {
            self.relations.insert((id, counted), relation);
        }
        relation
    }

    /// The relation of two alternatives.
    pub(crate) fn relation_of_shapes(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
    ) -> Relation {
        self.relation_with_supports((base, head), flow, &Excused::default(), Counted::All)
            .0
    }

    fn relation_with_supports(
        &mut self,
        (base, head): (&Shape, &Shape),
        flow: Flow,
        excused: &Excused,
        counted: Counted,
    ) -> (Relation, Vec<(PairId, Bearing)>) {
        #[cfg(test)]
        {
            self.deep_comparisons += 1;
        }
        let mut found = Found::default();
        self.compare_shapes(base, head, flow, &mut found);
        found
            .differences
            .retain(|difference| !excused.is_about(difference));
        let mut relation = counted.relation(&found.differences);
        let counts = |(pair, _): &(PairId, Bearing)| !excused.pairs.contains(pair);
        let supports: Vec<(PairId, Bearing)> = found.supports().filter(counts).collect();
        for (pair, bearing) in &supports {
            let support = self.relation_by(*pair, counted);
            relation.join(bearing.apply(support));
        }
        (relation, supports)
    }

    /// The pairs on which it depends that one alternative can replace the other, as the bearing says; `None` if it cannot.
    /// Differences in `excused` do not count.
    pub(super) fn supports(
        &mut self,
        (base, head): (&Shape, &Shape),
        flow: Flow,
        bearing: Bearing,
        excused: &Excused,
        counted: Counted,
    ) -> Option<Vec<Beside>> {
        let (relation, supports) =
            self.relation_with_supports((base, head), flow, excused, counted);
        let besides = supports.into_iter().map(|(pair, support)| Beside {
            pair,
            bearing: bearing.then(support),
            told: None,
        });
        bearing.apply(relation).is_same().then(|| besides.collect())
    }
}
