//! Whether the values of an alternative are allowed by another one, too.

use super::Budget;
use crate::change::Flow;
use crate::schema::bearing::Bearing;
use crate::schema::comparison::Comparison;
use crate::schema::shape::Shape;
use crate::schema::supports::{Beside, Counted, Excused};
use crate::schema::types::Types;

/// Where an alternative is.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Base,
    Head,
}

impl Comparison<'_> {
    /// The pairs on which it depends that each document allows, by another alternative, every value of the one that is compared: no value
    /// is lost or added with them. `None` if it does not, or if they are objects or arrays, whose members programs are written for.
    pub(super) fn covered_anyway(
        &mut self,
        (base, head): (&[Shape], &[Shape]),
        (old, new): (usize, usize),
        flow: Flow,
        budget: &mut Budget,
    ) -> Option<Vec<Beside>> {
        let types = base[old].types.or(head[new].types);
        if types.meets(Types::ARRAY.or(Types::OBJECT)) {
            return None;
        }
        let in_head = self.covered(Side::Base, &base[old], but(head, new), flow, budget)?;
        let in_base = self.covered(Side::Head, &head[new], but(base, old), flow, budget)?;
        Some([in_head, in_base].concat())
    }

    /// The pairs on which it depends that an alternative of the other document allows every value of this one; `None` if none does.
    pub(super) fn covered<'s>(
        &mut self,
        side: Side,
        shape: &Shape,
        others: impl Iterator<Item = &'s Shape>,
        flow: Flow,
        budget: &mut Budget,
    ) -> Option<Vec<Beside>> {
        let mut wide = others.filter(|wide| may_be_within(shape, wide));
        wide.find_map(|wide| {
            let (ways, bearing) = match side {
                Side::Base => ((shape, wide), Bearing::STANDS_FOR_THE_BASE),
                Side::Head => ((wide, shape), Bearing::STANDS_FOR_THE_HEAD),
            };
            let (excused, counted) = (Excused::default(), Counted::All);
            let is_taken = budget.take();
            is_taken.then(|| self.supports(ways, flow, bearing, &excused, counted))?
        })
    }
}

/// All alternatives but one.
fn but(shapes: &[Shape], index: usize) -> impl Iterator<Item = &Shape> {
    shapes[..index].iter().chain(&shapes[index + 1..])
}

/// Whether an alternative may allow every value of another one, as far as its types and required properties say.
fn may_be_within(narrow: &Shape, wide: &Shape) -> bool {
    let is_object = narrow.values.is_none() && narrow.types.meets(Types::OBJECT);
    let mut required = wide.required.keys();
    narrow.types.without(wide.types).is_empty()
        && (!is_object || required.all(|name| narrow.required.contains_key(name)))
}
