//! Whether a value may satisfy several alternatives.

use super::number;
use super::shape::Shape;
use super::traits::constants;
use super::types::Types;
use crate::tree::{Kind, Symbol, Tree};

/// Whether a value may satisfy several of these.
pub(super) fn overlaps(tree: &Tree, shapes: &[Shape]) -> bool {
    shapes.iter().enumerate().any(|(index, shape)| {
        shapes[index + 1..]
            .iter()
            .any(|other| !are_disjoint(tree, shape, other))
    })
}

fn are_disjoint(tree: &Tree, left: &Shape, right: &Shape) -> bool {
    let shared = left.types.and(right.types);
    if shared.is_empty() || left.discriminator.is_some() {
        return true;
    }
    if let (Some(left), Some(right)) = (&left.values, &right.values) {
        return !left.value.iter().any(|value| right.value.contains(value));
    }
    if Types::NUMBER.and(shared) == shared {
        return do_ranges_miss(left, right) || do_ranges_miss(right, left);
    }
    if shared != Types::OBJECT {
        return false;
    }
    if requires_what_is_forbidden(tree, left, right)
        || requires_what_is_forbidden(tree, right, left)
    {
        return true;
    }
    let of_right = constants(tree, right);
    constants(tree, left).iter().any(|(name, values)| {
        let others = of_right.iter().find(|(other, _)| other == name);
        others.is_some_and(|(_, others)| !values.iter().any(|value| others.contains(value)))
    })
}

/// Whether every number of one is below those of the other.
fn do_ranges_miss(low: &Shape, high: &Shape) -> bool {
    match (&low.maximum, &high.minimum) {
        (Some(maximum), Some(minimum)) => {
            let order = number::compare(&maximum.value.number, &minimum.value.number);
            order.is_lt()
                || (order.is_eq() && (maximum.value.is_exclusive || minimum.value.is_exclusive))
        }
        _ => false,
    }
}

/// Whether one demands a property that the other has no room for.
fn requires_what_is_forbidden(tree: &Tree, one: &Shape, other: &Shape) -> bool {
    let closed = other.objects.iter().find(|object| {
        let additional = tree.get(**object, "additionalProperties");
        additional.is_some_and(|additional| tree.kind(additional) == Kind::Boolean(false))
            && tree.get(**object, "patternProperties").is_none()
    });
    closed.is_some_and(|object| {
        let properties = tree.get(*object, "properties");
        let describes = |name: Symbol| {
            properties.is_some_and(|properties| tree.member(properties, name).is_some())
        };
        one.required.keys().any(|name| !describes(*name))
    })
}
