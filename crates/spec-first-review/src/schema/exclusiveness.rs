//! Compares `oneOf`, which allows values that satisfy exactly one branch: finds values that newly satisfy two branches, or no
//! longer do.

mod nested;
mod sides;

use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use spec_first_document::tree::{NodeId, Symbol, Tree};

use super::bearing::Bearing;
use super::comparison::{Comparison, Found, Pair, PairId};
use super::conjunction::{Alternative, ConjunctionId, Context};
use super::relations::is_absolute;
use super::shape::Shape;
use super::supports::{Beside, Counted, Excused, Told};
use super::traits::branch_name;
use super::types::Types;
use crate::change::{Direction, Flow, Outcome, Places, Row};
use crate::literal::literal;
use sides::{Question, Sides};

const RESTS_ON_ITSELF: &str =
    "whether values satisfy two branches of `oneOf` depends on changes inside the branches";

const TOO_MANY_BRANCHES: &str = "`oneOf` has too many branches to compare each with each, so it is unknown which values satisfy two of them";

/// A document, and the alternatives of a schema in it.
type Side<'a, 's> = (Context<'a>, &'s [Shape]);

/// Two branches of a `oneOf` that a value may satisfy at once.
struct Overlap {
    one_of: NodeId,
    branches: [String; 2],
}

/// What the head newly refuses, and what it newly allows.
type Overlaps = (Option<Overlap>, Option<Overlap>);

impl<'a> Comparison<'a> {
    /// Reports values that are newly refused, or no longer refused, because they satisfy two branches of a `oneOf`.
    pub(super) fn compare_exclusiveness(
        &mut self,
        pair: &Pair,
        base: &[Shape],
        head: &[Shape],
        found: &mut Found,
    ) {
        let (old, new, flow) = ((self.base, base), (self.head, head), pair.flow);
        let places = self.places(pair);
        let is_unknown = Cell::new(false);
        let known = [
            self.known_names((self.head, head), flow),
            self.known_names((self.base, base), flow),
        ];
        let overlaps = |comparison: &mut Self, counted, is_known, found: &mut Found| {
            let mut overlap = |(own, other, is_head): (Side<'a, '_>, Side<'a, '_>, bool)| {
                let mut exclusive = own.1.iter().filter(|shape| !shape.exclusive.is_empty());
                exclusive.nth(1)?;
                let known = known[usize::from(is_head)].clone();
                let known = known.filter(|_| is_known);
                let mut sides = Sides::new(own, other, is_head, (flow, counted), places, known);
                let overlap = comparison.overlap(&mut sides, found);
                is_unknown.set(is_unknown.get() | (overlap.is_none() && sides.budget.is_spent));
                overlap
            };
            (overlap((new, old, true)), overlap((old, new, false)))
        };
        let all = overlaps(self, Counted::All, false, found);
        let is_found = is_unknown.get() || all.0.is_some() || all.1.is_some();
        if !is_found || self.are_written_alike(*pair) {
            return;
        }
        let mut search = |counted| match is_unknown.get() {
            true => (None, None),
            false => overlaps(self, counted, true, &mut Found::default()),
        };
        let sent = search(Counted::All);
        let described = search(Counted::Described);
        if is_unknown.get() {
            found.add(
                Row::Exclusive,
                Outcome::Undecided,
                places,
                TOO_MANY_BRANCHES.to_owned(),
            );
            return;
        }
        let besides = |(refused, allowed): Overlaps, known: &Overlaps| {
            let refused = refused.filter(|_| known.0.is_none());
            (refused, allowed.filter(|_| known.1.is_none()))
        };
        let new = besides(all, &sent);
        let undescribed = besides(sent, &described);
        for (row, overlaps) in [
            (Row::Exclusive, described),
            (Row::ExclusiveProperty, undescribed),
            (Row::ExclusiveNewProperty, new),
        ] {
            self.tell_overlaps(row, overlaps, (base, head), places, found);
        }
    }

    fn tell_overlaps(
        &self,
        row: Row,
        (refused, allowed): Overlaps,
        (base, head): (&[Shape], &[Shape]),
        places: Places,
        found: &mut Found,
    ) {
        let Some(outcome) = Outcome::of_sets(refused.is_some(), allowed.is_some()) else {
            return;
        };
        let tree = self.tree();
        let both = |overlap: &Overlap| {
            let [one, other] = &overlap.branches;
            format!("both {} and {}", literal(one), literal(other))
        };
        let message = match (&refused, &allowed) {
            (Some(refused), None) => format!(
                "values that satisfy {} are no longer allowed: `oneOf` demands exactly one",
                both(refused)
            ),
            (None, Some(allowed)) => {
                format!("values that satisfy {} are now allowed", both(allowed))
            }
            _ => "which values satisfy several branches changed".to_owned(),
        };
        let holder = |shapes: &[Shape]| {
            let (one_of, _) = shapes.iter().find_map(|shape| shape.exclusive.first())?;
            tree.parent(*one_of)
        };
        let at = |overlap: Option<Overlap>| tree.parent(overlap?.one_of);
        let places = (
            at(allowed).or(holder(base)).or(places.0),
            at(refused).or(holder(head)).or(places.1),
        );
        found.add(row, outcome, places, message);
    }

    /// The properties that the alternatives describe or require; `None` if some may have any.
    fn known_names(
        &mut self,
        (context, shapes): Side<'a, '_>,
        flow: Flow,
    ) -> Option<FxHashSet<Symbol>> {
        let mut names = FxHashSet::default();
        let objects = shapes
            .iter()
            .filter_map(|shape| shape.of_types(Types::OBJECT));
        for mut shape in objects {
            let listed = context.listed(&shape, flow);
            let rest = self.conjunctions.of(context, &context.additional(&shape));
            let has_patterns = |object| context.tree.get(object, "patternProperties").is_some();
            if (listed.is_empty() && shape.required.is_empty())
                || !is_absolute(rest)
                || shape.objects.iter().any(|object| has_patterns(*object))
            {
                return None;
            }
            names.extend(listed.into_iter().map(|(name, _)| name));
            names.extend(shape.required.keys());
            // Any other keyword, such as `enum` or `dependentRequired`, may name properties, too.
            shape.objects.clear();
            shape.required.clear();
            if !shape.is_unlimited() {
                return None;
            }
        }
        Some(names)
    }

    /// Finds two branches that a value may satisfy although the other document allows it. If there are none, adds the pairs that
    /// this depends on to `found`.
    fn overlap(&mut self, sides: &mut Sides<'a, '_>, found: &mut Found) -> Option<Overlap> {
        let (context, own) = sides.own;
        let (other_context, others) = sides.other;
        for (index, one) in own.iter().enumerate() {
            for (other, two) in own.iter().enumerate().skip(index + 1) {
                let Some((one_of, branches)) = exclusions(one, two).next() else {
                    continue;
                };
                let ways = [(context, one), (context, two)];
                if sides.are_told_by_unknown(one, two) {
                    continue;
                }
                if sides.marks.0[index].are_apart(&sides.marks.0[other])
                    || self.was_excluded(sides, [index, other], None, found)
                {
                    continue;
                }
                if !sides.budget.take() {
                    return None;
                }
                if self.are_disjoint(&ways, sides.flow) {
                    continue;
                }
                for (beside, third) in others.iter().enumerate() {
                    let ways = [ways[0], ways[1], (other_context, third)];
                    let marks = &sides.marks;
                    if [index, other]
                        .iter()
                        .any(|own| marks.0[*own].are_apart(&marks.1[beside]))
                    {
                        continue;
                    }
                    if !sides.budget.take() {
                        return None;
                    }
                    if !self.are_disjoint(&ways, sides.flow)
                        && !self.was_excluded(sides, [index, other], Some(beside), found)
                        && !self.is_allowed_besides(sides, (one_of, one), third, found)
                    {
                        let branches = branches.map(|branch| describe(self.tree(), branch));
                        return Some(Overlap { one_of, branches });
                    }
                }
            }
        }
        None
    }

    /// Whether the other document refuses the values that these two alternatives share, since two branches of one of its `oneOf`
    /// share them as well. With `beside`, only values that satisfy that third alternative count.
    fn was_excluded(
        &mut self,
        sides: &mut Sides<'a, '_>,
        pair: [usize; 2],
        beside: Option<usize>,
        found: &mut Found,
    ) -> bool {
        if beside.is_none() && sides.unavoidable.is_empty() {
            return false;
        }
        let others = sides.other.1;
        let own = pair.map(|index| &sides.own.1[index]);
        let [ones, twos] = pair.map(|index| Rc::clone(&sides.candidates[index]));
        for one in ones.iter().copied() {
            let of_one = self.has_nothing_more(sides, (pair[0], pair[1]), one, beside);
            let Some(of_one) = of_one else { continue };
            for two in twos.iter().copied() {
                let excluding = [&others[one], &others[two]];
                let mut excluded = exclusions(excluding[0], excluding[1]);
                if !excluded.any(|(one_of, _)| sides.refuses(one_of, beside))
                    // Without its discriminator, a request no longer says which branch it is meant for.
                    || (sides.flow.direction == Direction::Request
                        && sides.marks.1[one].are_told_apart(&sides.marks.1[two]))
                {
                    continue;
                }
                let of_two = self.has_nothing_more(sides, (pair[1], pair[0]), two, beside);
                let Some(of_two) = of_two else { continue };
                let Some(nested) = self.pass_nested(sides, own, excluding, beside) else {
                    continue;
                };
                let besides = of_one.iter().chain(&*of_two).cloned();
                found.besides.extend(besides.chain(nested));
                return true;
            }
        }
        false
    }

    /// Whether every value of an alternative of the other document is allowed by one that does not lead through this `oneOf`.
    fn is_allowed_besides(
        &mut self,
        sides: &Sides<'a, '_>,
        (one_of, one): (NodeId, &Shape),
        third: &Shape,
        found: &mut Found,
    ) -> bool {
        let ways = sides.own.1.iter();
        let mut ways = ways.filter(|way| !way.leads_through(one_of) && way.is_no_deeper(one));
        let besides = ways.find_map(|way| self.allows(sides, third, way));
        let is_allowed = besides.is_some();
        found.besides.extend(besides.into_iter().flatten());
        is_allowed
    }

    /// Whether an alternative allows every value of one of the other document. Returns the pairs that this depends on, or `None` if
    /// it does not.
    fn allows(&mut self, sides: &Sides<'a, '_>, other: &Shape, own: &Shape) -> Option<Vec<Beside>> {
        let (ways, bearing) = if sides.is_head {
            ((other, own), Bearing::STANDS_FOR_THE_BASE)
        } else {
            ((own, other), Bearing::STANDS_FOR_THE_HEAD)
        };
        let excused = Excused::default();
        self.supports(ways, sides.flow, bearing, &excused, sides.counted)
    }

    /// Whether every value of an alternative that also satisfies its partner, and the third one if there is one, satisfies one of
    /// the other document. Returns the pairs that this depends on, or `None` if it does not hold.
    fn has_nothing_more(
        &mut self,
        sides: &mut Sides<'a, '_>,
        (own, partner): (usize, usize),
        other: usize,
        beside: Option<usize>,
    ) -> Option<Rc<[Beside]>> {
        if beside == Some(other) {
            return Some(Rc::default());
        }
        let plain = (own, other, beside, Rc::default());
        let supports = self.known_supports_within(sides, plain);
        if supports.is_some() {
            return supports;
        }
        // The additional properties of one branch may be ones that the other branch forbids.
        let forbidden = match sides.forbidden.get(&(own, partner)) {
            Some(known) => Rc::clone(known),
            None if !sides.budget.take() => return None,
            None => {
                let (context, ways) = sides.own;
                let ways = ((context, &ways[partner]), (context, &ways[own]));
                let forbidden = Rc::from(self.forbidden(ways.0, ways.1, sides.flow));
                sides
                    .forbidden
                    .insert((own, partner), Rc::clone(&forbidden));
                forbidden
            }
        };
        if forbidden.is_empty() {
            return None;
        }
        self.known_supports_within(sides, (own, other, beside, forbidden))
    }

    fn known_supports_within(
        &mut self,
        sides: &mut Sides<'a, '_>,
        question: Question,
    ) -> Option<Rc<[Beside]>> {
        if let Some(known) = sides.within.get(&question) {
            return known.clone();
        }
        if !sides.budget.take() {
            return None;
        }
        let supports = self.supports_within(sides, &question).map(Rc::from);
        sides.within.insert(question, supports.clone());
        supports
    }

    fn supports_within(
        &mut self,
        sides: &Sides<'a, '_>,
        (own, other, beside, forbidden): &Question,
    ) -> Option<Vec<Beside>> {
        let (own_context, ways) = sides.own;
        let (other_context, others) = sides.other;
        let (mut way, whole, flow) = (ways[*own].clone(), &others[*other], sides.flow);
        let demanded = match beside {
            Some(beside) => other_context.without(whole, &others[*beside], flow),
            None => whole.clone(),
        };
        if !demanded.is_unsure() {
            way.forget_unsure();
        }
        let way = &way;
        let mut excused = Excused {
            properties: forbidden.to_vec(),
            ..Excused::default()
        };
        if let Some(beside) = *beside {
            let third = (other_context, &others[beside]);
            let by_third = self.forbidden(third, (own_context, way), flow);
            excused.properties.extend(by_third);
            let rest = (other_context, &demanded, &others[beside]);
            excused.pairs = self.members_in_common(rest, (own_context, way), sides.is_head, flow);
        }
        let (ways, bearing) = if sides.is_head {
            ((&demanded, way), Bearing::PERHAPS_WIDER)
        } else {
            ((way, &demanded), Bearing::PERHAPS_NARROWER)
        };
        let supports = self.supports(ways, flow, bearing, &excused, sides.counted);
        // A pair that is being compared counts as equal for now. If it turns out not to be, this branch has new values, and more
        // of them may satisfy two branches.
        let told = Told {
            row: Row::Exclusive,
            places: sides.places,
            message: RESTS_ON_ITSELF.to_owned(),
        };
        let tell = |beside: Beside| Beside {
            told: Some(told.clone()),
            ..beside
        };
        supports.map(|besides| besides.into_iter().map(tell).collect())
    }

    /// The properties that a third alternative restricts at least as much as `demanded` does, each as the pair that compares it.
    fn members_in_common(
        &mut self,
        (context, demanded, third): (Context<'a>, &Shape, &Shape),
        (own_context, way): (Context<'a>, &Shape),
        is_head: bool,
        flow: Flow,
    ) -> Vec<PairId> {
        let mut pairs = Vec::new();
        for (name, _) in context.listed(demanded, flow) {
            let member =
                |context: Context<'_>, shape| context.member_schemas(shape, name, flow).schemas;
            let (schemas, known) = (member(context, demanded), member(context, third));
            let demanded = self.conjunctions.of(context, &schemas);
            let known = self.conjunctions.of(context, &known);
            let known = self.conjunctions.nodes(known);
            let mut nodes = self.conjunctions.nodes(demanded).iter();
            if nodes.all(|node| known.contains(node)) {
                let own = member(own_context, way);
                let flow = flow.of_member(self.tree(), Some(self.tree().text(name)));
                pairs.push(match is_head {
                    true => self.pair(&schemas, &own, flow),
                    false => self.pair(&own, &schemas, flow),
                });
            }
        }
        pairs
    }

    /// The places where an alternative describes properties that another one forbids.
    fn forbidden(
        &mut self,
        (context, by): (Context<'a>, &Shape),
        (own_context, way): (Context<'a>, &Shape),
        flow: Flow,
    ) -> Vec<NodeId> {
        let mut listed = own_context.listed(way, flow);
        listed.retain(|(name, _)| {
            let schemas = context.member_schemas(by, *name, flow).schemas;
            self.conjunctions.of(context, &schemas) == ConjunctionId::NOTHING
        });
        listed.into_iter().map(|(_, at)| at).collect()
    }
}

impl Context<'_> {
    /// The constraints of an alternative that another one of the same schema lacks.
    fn without(self, way: &Shape, other: &Shape, flow: Flow) -> Shape {
        let nodes = way.nodes.iter().copied();
        let alternative = Alternative {
            nodes: nodes.filter(|node| !other.nodes.contains(node)).collect(),
            branches: way.branches.clone(),
            ..Alternative::default()
        };
        let Some(mut rest) = self.shape(&alternative, flow) else {
            return way.clone();
        };
        // Which values are listed follows from all constraints together.
        rest.values.clone_from(&way.values);
        // A property need not be sent if another constraint says that only the other side sends it.
        rest.required
            .retain(|name, _| way.required.contains_key(name));
        rest
    }
}

/// Each `oneOf` of which two alternatives chose different branches, and these branches.
fn exclusions(one: &Shape, other: &Shape) -> impl Iterator<Item = (NodeId, [NodeId; 2])> {
    one.exclusive.iter().filter_map(|(one_of, branch)| {
        let other = other.chosen(*one_of).filter(|other| other != branch)?;
        Some((*one_of, [*branch, other]))
    })
}

/// The name of a branch in a message.
fn describe(tree: &Tree, branch: NodeId) -> String {
    if let Some(name) = branch_name(tree, branch) {
        return name;
    }
    let pointer = tree.pointer(branch);
    let segments: Vec<&str> = pointer.as_str().rsplit('/').take(2).collect();
    match segments.as_slice() {
        [index, "oneOf"] => format!("oneOf/{index}"),
        // Constants are one list of values, so the branch is not known.
        _ => "oneOf".to_owned(),
    }
}
