//! The two documents, as the search for overlaps sees them: what identifies each alternative, which may come from which, and the
//! answers known so far.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use spec_first_document::tree::{NodeId, Symbol, Tree};

use crate::change::{Flow, Places};
use crate::schema::conjunction::Context;
use crate::schema::discriminators::{ToldBy, told_by};
use crate::schema::matching::Budget;
use crate::schema::shape::Shape;
use crate::schema::supports::{Beside, Counted};
use crate::schema::traits::{Pins, are_pinned_apart, fingerprint, pins, reference_name};
use crate::schema::types::Types;

/// If there are more alternatives than this, one may come only from those with the same name, position or fingerprint.
const MOST_CANDIDATES: usize = 16;

/// The alternatives of one document, which are searched for overlaps, and those of the other document.
pub(super) struct Sides<'a, 's> {
    pub(super) own: (Context<'a>, &'s [Shape]),
    pub(super) other: (Context<'a>, &'s [Shape]),
    /// Whether `own` is the head, and the other document the base.
    pub(super) is_head: bool,
    pub(super) flow: Flow,
    /// The places of the two schemas.
    pub(super) places: Places,
    pub(super) counted: Counted,
    /// The properties that the other document knows; `None` if it may know any, or if that does not count.
    pub(super) known: Option<FxHashSet<Symbol>>,
    /// For each alternative: the alternatives of the other document that it may come from.
    pub(super) candidates: Vec<Rc<[usize]>>,
    /// Each `oneOf` that every alternative of the other document leads through.
    pub(super) unavoidable: Vec<NodeId>,
    /// Answers to the question whether an alternative has no values that one of the other document lacks, among those that
    /// satisfy a third one: the pairs that this depends on, or `None` if it has some.
    pub(super) within: FxHashMap<Question, Option<Rc<[Beside]>>>,
    /// The places where an alternative describes properties that another one of the same document forbids.
    pub(super) forbidden: FxHashMap<(usize, usize), Rc<[NodeId]>>,
    /// What identifies each alternative of the own document, and of the other one.
    pub(super) marks: (Vec<Marks<'a>>, Vec<Marks<'a>>),
    pub(super) budget: Budget,
}

/// What identifies an alternative, so that it can be told from another one without comparing them in depth.
pub(super) struct Marks<'a> {
    types: Types,
    told_by: Option<ToldBy<'a>>,
    pins: Pins,
}

impl<'a> Marks<'a> {
    fn of(tree: &'a Tree, shape: &Shape) -> Self {
        Self {
            types: shape.types,
            told_by: told_by(tree, shape),
            pins: pins(tree, shape),
        }
    }

    /// Whether a discriminator tells these alternatives apart.
    pub(super) fn are_told_apart(&self, other: &Self) -> bool {
        let told = self.told_by.as_ref().zip(other.told_by.as_ref());
        told.is_some_and(|(one, other)| one.tells_apart(other))
    }

    /// Whether no value satisfies both alternatives, as far as these marks say.
    pub(super) fn are_apart(&self, other: &Self) -> bool {
        let shared = self.types.and(other.types);
        shared.is_empty()
            || (shared == Types::OBJECT && are_pinned_apart(&self.pins, &other.pins))
            || self.are_told_apart(other)
    }
}

/// An alternative, one of the other document, a third one, and the places of properties of the first that do not count.
pub(super) type Question = (usize, usize, Option<usize>, Rc<[NodeId]>);

impl<'a, 's> Sides<'a, 's> {
    pub(super) fn new(
        own: (Context<'a>, &'s [Shape]),
        other: (Context<'a>, &'s [Shape]),
        is_head: bool,
        (flow, counted): (Flow, Counted),
        places: Places,
        known: Option<FxHashSet<Symbol>>,
    ) -> Self {
        let tree = own.0.tree;
        let is_of_one_of = |shape: &Shape| !shape.exclusive.is_empty();
        let marks = |shapes: &[Shape]| -> Vec<Marks<'a>> {
            shapes.iter().map(|shape| Marks::of(tree, shape)).collect()
        };
        let looks = |shape: &Shape| (reference_name(tree, shape), fingerprint(tree, shape));
        let mut candidates = vec![Vec::new(); own.1.len()];
        if own.1.iter().any(is_of_one_of) && other.1.iter().any(is_of_one_of) {
            let others: Vec<_> = other.1.iter().map(looks).collect();
            for (index, shape) in own.1.iter().enumerate() {
                let (name, look) = looks(shape);
                let all = || 0..others.len();
                let of_name = all().filter(|other| name.is_some() && others[*other].0 == name);
                let alike = all().filter(|other| others[*other].1 == look);
                let alike = alike.take(MOST_CANDIDATES);
                let any = all().filter(|_| others.len() <= MOST_CANDIDATES);
                let in_place = all().filter(|other| *other == index);
                for candidate in of_name.chain(in_place).chain(alike).chain(any) {
                    if !candidates[index].contains(&candidate) {
                        candidates[index].push(candidate);
                    }
                }
            }
        }
        let unavoidable = other.1.first().map_or(Vec::new(), |first| {
            let one_ofs = first.exclusive.iter().map(|(one_of, _)| *one_of);
            let is_unavoidable =
                |one_of: &NodeId| other.1.iter().all(|way| way.leads_through(*one_of));
            one_ofs.filter(is_unavoidable).collect()
        });
        Self {
            own,
            other,
            is_head,
            flow,
            places,
            counted,
            known,
            candidates: candidates.into_iter().map(Rc::from).collect(),
            unavoidable,
            within: FxHashMap::default(),
            forbidden: FxHashMap::default(),
            marks: (marks(own.1), marks(other.1)),
            budget: Budget::of(own.1.len() + other.1.len()),
        }
    }
}

impl Sides<'_, '_> {
    /// Whether the other document refuses the values that satisfy two branches of this `oneOf`, or those of them that satisfy the
    /// alternative `beside`. An alternative that does not lead through the `oneOf` allows them anyway.
    pub(super) fn refuses(&self, one_of: NodeId, beside: Option<usize>) -> bool {
        match beside {
            Some(beside) => self.other.1[beside].leads_through(one_of),
            None => self.unavoidable.contains(&one_of),
        }
    }

    /// Whether every value of these two alternatives has a property that the other document does not know.
    pub(super) fn are_told_by_unknown(&self, one: &Shape, other: &Shape) -> bool {
        let Some(known) = &self.known else {
            return false;
        };
        let mut required = one.required.keys().chain(other.required.keys());
        one.types.and(other.types) == Types::OBJECT && required.any(|name| !known.contains(name))
    }
}

impl Shape {
    pub(super) fn leads_through(&self, one_of: NodeId) -> bool {
        self.chosen(one_of).is_some()
    }

    /// The branch of this `oneOf` that the alternative leads through.
    pub(super) fn chosen(&self, one_of: NodeId) -> Option<NodeId> {
        let mut chosen = self.exclusive.iter();
        chosen.find_map(|(union, branch)| (*union == one_of).then_some(*branch))
    }

    /// Whether the other alternative leads through every `oneOf` that this one leads through.
    pub(super) fn is_no_deeper(&self, other: &Self) -> bool {
        let mut one_ofs = self.exclusive.iter().map(|(one_of, _)| *one_of);
        one_ofs.all(|one_of| other.leads_through(one_of))
    }
}
