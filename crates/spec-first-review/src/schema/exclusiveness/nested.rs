//! A `oneOf` in a branch of another one: a value that satisfies two of its branches does not satisfy the branch that contains it.

use super::exclusions;
use super::sides::Sides;
use crate::schema::comparison::Comparison;
use crate::schema::shape::Shape;
use crate::schema::supports::Beside;

impl<'a> Comparison<'a> {
    /// Whether the values that two alternatives share satisfy the nested `oneOf`s of two of the other document. Returns the pairs
    /// that this depends on, or `None` if it does not hold.
    pub(super) fn pass_nested(
        &mut self,
        sides: &mut Sides<'a, '_>,
        own: [&Shape; 2],
        excluding: [&Shape; 2],
        beside: Option<usize>,
    ) -> Option<Vec<Beside>> {
        let ((context, ways), (other_context, others)) = (sides.own, sides.other);
        let (outer, _) = exclusions(own[0], own[1]).next()?;
        let is_inside = |one: &Shape, way: &Shape| {
            way.chosen(outer) == one.chosen(outer) && exclusions(one, way).next().is_some()
        };
        let mut besides = Vec::new();
        for turn in [|two: [_; 2]| two, |[one, two]: [_; 2]| [two, one]] {
            let (own, excluding) = (turn(own), turn(excluding));
            // The other document refuses what satisfies two branches of an outer `oneOf`, whatever the nested ones say.
            let rivals = others.iter().filter(|rival| {
                let mut nested = exclusions(excluding[0], rival);
                nested.any(|(one_of, _)| !sides.refuses(one_of, beside))
            });
            let rivals: Vec<&Shape> = rivals.collect();
            for rival in rivals {
                if !sides.budget.take() {
                    return None;
                }
                let others = [Some(rival), beside.map(|beside| &others[beside])];
                let others = others.into_iter().flatten();
                let mut shared = vec![(context, own[0]), (context, own[1])];
                shared.extend(others.map(|other| (other_context, other)));
                if self.are_disjoint(&shared, sides.flow) {
                    continue;
                }
                let mut rivals = ways
                    .iter()
                    .filter(|way| is_inside(own[0], way) && way.is_no_deeper(own[0]));
                besides.extend(rivals.find_map(|way| self.allows(sides, rival, way))?);
            }
        }
        Some(besides)
    }
}
