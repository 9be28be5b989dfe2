//! Decides whether a value may satisfy several alternatives at once, as far as that can be determined.

use std::collections::BTreeSet;

use serde_json::Value;

use super::comparison::{Comparison, shapes};
use super::conjunction::{ConjunctionId, Context};
use super::discriminators::are_told_apart;
use super::number;
use super::patterns;
use super::scalars::inclusive;
use super::shape::{Limit, Shape, Written};
use super::types::Types;
use crate::change::{Flow, Row};
use spec_first_document::tree::{NodeId, Symbol};

/// The maximum depth at which properties and items are examined.
const DEPTH: usize = 4;

/// The maximum number of combinations of alternatives that are examined.
const MAX_COMBINATIONS: usize = 256;

/// Formats that exclude each other: no string has two of them.
const FORMATS_APART: [&str; 8] = [
    "date",
    "date-time",
    "duration",
    "email",
    "ipv4",
    "ipv6",
    "time",
    "uuid",
];

/// An alternative of a schema in either document.
pub(super) type Way<'a, 's> = (Context<'a>, &'s Shape);

impl<'a> Comparison<'a> {
    /// Whether it is certain that no value satisfies all of these alternatives.
    pub(super) fn are_disjoint(&mut self, ways: &[Way<'a, '_>], flow: Flow) -> bool {
        #[cfg(test)]
        {
            self.deep_comparisons += 1;
        }
        self.are_disjoint_within(ways, flow, DEPTH)
    }

    fn are_disjoint_within(&mut self, ways: &[Way<'a, '_>], flow: Flow, depth: usize) -> bool {
        let shared = ways
            .iter()
            .fold(Types::ALL, |types, (_, shape)| types.and(shape.types));
        if shared.is_empty() || couples(ways).any(|(one, other)| are_told_apart(one, other)) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        if let Some(listed) = ways.iter().find_map(|(_, shape)| shape.values.as_ref()) {
            let tree = self.tree();
            let is_taken = |value: &Value| {
                ways.iter()
                    .all(|(_, shape)| shape.lists(value) && shape.allows(tree, value))
                    && !ways
                        .iter()
                        .any(|(context, shape)| context.forbids(shape, value))
            };
            if !listed.value.iter().any(is_taken) {
                return true;
            }
        }
        let nots = ways.iter().flat_map(|(context, shape)| {
            let nots = shape.nots.iter();
            nots.map(|not| (*context, *not))
        });
        let nots: Vec<(Context<'a>, NodeId)> = nots.collect();
        if nots
            .into_iter()
            .any(|not| self.are_all_within(ways, not, flow, depth - 1))
        {
            return true;
        }
        if ways.iter().any(|(_, shape)| shape.values.is_some()) {
            return false;
        }
        let groups = Types::GROUPS
            .into_iter()
            .filter(|group| shared.meets(*group));
        let mut groups = groups.map(|group| (group, shared.and(group)));
        groups.all(|(group, types)| match group {
            Types::NUMBER => are_numbers_apart(ways, types),
            Types::STRING => are_texts_apart(ways),
            Types::ARRAY => self.are_arrays_apart(ways, flow, depth),
            Types::OBJECT => self.are_objects_apart(ways, flow, depth),
            _ => false,
        })
    }

    fn are_arrays_apart(&mut self, ways: &[Way<'a, '_>], flow: Flow, depth: usize) -> bool {
        let fewest = most_of(ways, Row::MinItems);
        fewest > least_of(ways, Row::MaxItems)
            || (0..fewest.min(3)).any(|index| {
                let item = |(context, shape): &Way<'a, '_>| {
                    (*context, context.item(shape, index as usize).described)
                };
                let items: Vec<_> = ways.iter().map(item).collect();
                self.are_schemas_disjoint(items, flow, depth)
            })
    }

    fn are_objects_apart(&mut self, ways: &[Way<'a, '_>], flow: Flow, depth: usize) -> bool {
        let names = ways.iter().flat_map(|(_, shape)| shape.required.keys());
        let names: BTreeSet<Symbol> = names.copied().collect();
        let fewest = most_of(ways, Row::MinProperties).max(names.len() as u64);
        fewest > least_of(ways, Row::MaxProperties)
            || names.into_iter().any(|name| {
                let member = |(context, shape): &Way<'a, '_>| {
                    (*context, context.member_schemas(shape, name, flow).schemas)
                };
                let members: Vec<_> = ways.iter().map(member).collect();
                self.are_schemas_disjoint(members, flow, depth)
            })
    }

    /// Whether it is certain that no value satisfies the schemas of all entries.
    fn are_schemas_disjoint(
        &mut self,
        schemas: Vec<(Context<'a>, Vec<NodeId>)>,
        flow: Flow,
        depth: usize,
    ) -> bool {
        let ways: Vec<(Context<'a>, Vec<Shape>)> = schemas
            .into_iter()
            .filter(|(_, schemas)| !schemas.is_empty())
            .filter_map(|(context, schemas)| {
                Some((context, self.ways_to_satisfy(context, &schemas, flow)?))
            })
            .collect();
        if ways.iter().any(|(_, shapes)| shapes.is_empty()) {
            return true;
        }
        couples(&ways).any(|((context, shapes), (other_context, others))| {
            shapes.len() * others.len() <= MAX_COMBINATIONS
                && shapes.iter().all(|shape| {
                    others.iter().all(|other| {
                        let ways = [(*context, shape), (*other_context, other)];
                        self.are_disjoint_within(&ways, flow, depth - 1)
                    })
                })
        })
    }

    /// The alternatives of the conjunction of these schemas; `None` if there are too many.
    pub(super) fn ways_to_satisfy(
        &mut self,
        context: Context<'a>,
        schemas: &[NodeId],
        flow: Flow,
    ) -> Option<Vec<Shape>> {
        let conjunction = self.conjunctions.of(context, schemas);
        let choice = self.conjunctions.choice(context, conjunction);
        (!choice.is_cut_off).then(|| shapes(context, &choice, flow))
    }

    /// Whether it is certain that a schema allows every value that satisfies all of these alternatives.
    fn are_all_within(
        &mut self,
        ways: &[Way<'a, '_>],
        (context, schema): (Context<'a>, NodeId),
        flow: Flow,
        depth: usize,
    ) -> bool {
        let tree = self.tree();
        let conjunction = self.conjunctions.of(context, &[schema]);
        if depth == 0 || conjunction == ConjunctionId::NOTHING {
            return false;
        }
        let nodes = self.conjunctions.nodes(conjunction).to_vec();
        let mut demands = nodes.iter().flat_map(|node| tree.entries(*node));
        demands.all(|(key, value)| match tree.text(key) {
            "type" => {
                let names = tree.items(value).map(|name| tree.scalar_text(name));
                let names = names.chain(tree.string(value).map(str::to_owned));
                let allowed = names.filter_map(|name| Types::named(&name));
                let allowed = allowed.fold(Types::NONE, Types::or);
                let types = ways.iter().map(|(_, shape)| shape.types);
                let shared = types.fold(Types::ALL, Types::and);
                shared.without(allowed).is_empty()
            }
            "required" => tree.items(value).all(|name| {
                let name = tree.string(name).and_then(|name| tree.symbol(name));
                let is_required =
                    |name| ways.iter().any(|(_, way)| way.required.contains_key(&name));
                name.is_some_and(is_required)
            }),
            "const" | "enum" => {
                let listed: Vec<Value> = match tree.text(key) {
                    "const" => vec![tree.to_json(value)],
                    _ => tree.items(value).map(|item| tree.to_json(item)).collect(),
                };
                let is_listed = |values: &Written<Vec<Value>>| {
                    values.value.iter().all(|value| listed.contains(value))
                };
                let mut lists = ways.iter().filter_map(|(_, way)| way.values.as_ref());
                lists.any(is_listed)
            }
            "properties" => tree.entries(value).all(|(name, member)| {
                ways.iter().any(|(own, shape)| {
                    let schemas = own.member_schemas(shape, name, flow).schemas;
                    let inner = self.ways_to_satisfy(*own, &schemas, flow);
                    inner.is_some_and(|inner| {
                        inner.iter().all(|inner| {
                            self.are_all_within(
                                &[(*own, inner)],
                                (context, member),
                                flow,
                                depth - 1,
                            )
                        })
                    })
                })
            }),
            "anyOf" => tree
                .items(value)
                .any(|branch| self.are_all_within(ways, (context, branch), flow, depth - 1)),
            // The conjunction already contains the schemas that these lead to.
            "allOf" | "$ref" => true,
            _ => context.is_bare_keyword(key, value),
        })
    }
}

impl Context<'_> {
    /// Whether a `not` of the shape lists the value.
    fn forbids(self, shape: &Shape, value: &Value) -> bool {
        let mut nots = shape.nots.iter();
        nots.any(|not| self.is_constant(*not) && self.listed_values(&[*not]).contains(value))
    }
}

impl Shape {
    /// Whether the value is in the list of values, if there is one.
    fn lists(&self, value: &Value) -> bool {
        let values = self.values.as_ref();
        values.is_none_or(|values| values.value.contains(value))
    }
}

/// Every pair of two elements.
fn couples<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let each = all.iter().enumerate();
    each.flat_map(|(index, one)| all[index + 1..].iter().map(move |other| (one, other)))
}

fn most_of(ways: &[Way<'_, '_>], row: Row) -> u64 {
    let counts = ways.iter().filter_map(|(_, shape)| shape.count(row));
    counts.max().unwrap_or(0)
}

fn least_of(ways: &[Way<'_, '_>], row: Row) -> u64 {
    let counts = ways.iter().filter_map(|(_, shape)| shape.count(row));
    counts.min().unwrap_or(u64::MAX)
}

/// Whether a minimum of one alternative is above a maximum of another.
fn are_numbers_apart(ways: &[Way<'_, '_>], types: Types) -> bool {
    let are_integers = types == Types::INTEGER;
    let limits = |is_minimum: bool| -> Vec<Limit> {
        let limits = ways.iter().filter_map(|(_, shape)| {
            let limit = if is_minimum {
                &shape.minimum
            } else {
                &shape.maximum
            };
            let limit = &limit.as_ref()?.value;
            Some(inclusive(limit, is_minimum, are_integers))
        });
        limits.collect()
    };
    let greatest = limits(false);
    limits(true).iter().any(|minimum| {
        greatest.iter().any(|maximum| {
            let order = number::compare(&maximum.number, &minimum.number);
            order.is_lt() || (order.is_eq() && (maximum.is_exclusive || minimum.is_exclusive))
        })
    })
}

fn are_texts_apart(ways: &[Way<'_, '_>]) -> bool {
    if most_of(ways, Row::MinLength) > least_of(ways, Row::MaxLength) {
        return true;
    }
    let texts = ways.iter().flat_map(|(_, shape)| &shape.texts);
    let texts: Vec<(Row, &str)> = texts
        .map(|(row, text)| (*row, text.value.as_str()))
        .collect();
    couples(&texts).any(|((row, one), (other_row, other))| match (row, other_row) {
        (Row::Pattern, Row::Pattern) => patterns::are_apart(one, other),
        (Row::Format, Row::Format) => {
            one != other && FORMATS_APART.contains(one) && FORMATS_APART.contains(other)
        }
        _ => false,
    })
}
