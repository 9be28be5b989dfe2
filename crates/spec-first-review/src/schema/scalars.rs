//! Compares types, lists of values, numbers and strings, which involve no other schemas.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;
use serde_json::Number;
use serde_json::Value;

use super::comparison::Found;
use super::number;
use super::patterns::pattern_outcome;
use super::relations::place_of;
use super::shape::{COUNTS, Limit, Shape, Written};
use super::types::Types;
use crate::change::{Outcome, Places, Row};
use crate::literal::{bare, joined, literal, plural};
use spec_first_document::tree::Tree;

/// `null` has its own row, since `nullable` controls it and it breaks most clients.
pub(crate) fn compare_types(base: Types, head: Types, places: Places, found: &mut Found) {
    let (removed, added) = (base.without(head), head.without(base));
    let kinds = (removed.without(Types::NULL), added.without(Types::NULL));
    // A change from or to any type says all about `null`.
    let is_said = (base == Types::ALL || head == Types::ALL) && !kinds.0.or(kinds.1).is_empty();
    let null = Outcome::of_sets(removed.meets(Types::NULL), added.meets(Types::NULL));
    if let Some(outcome) = null.filter(|_| !is_said) {
        let message = if outcome == Outcome::Wider {
            "`null` is now allowed"
        } else {
            "`null` is no longer allowed"
        };
        found.add(Row::Null, outcome, places, message.to_owned());
    }
    if let Some(outcome) = Outcome::of_sets(!kinds.0.is_empty(), !kinds.1.is_empty()) {
        let message = match (name_types(base), name_types(head)) {
            (Some(base), Some(head)) => format!("the type changed from {base} to {head}"),
            (Some(base), None) => format!(
                "the type was {base}, and now no type satisfies the whole schema, so no value is valid"
            ),
            (None, head) => format!(
                "the type is now {}; before, no type satisfied the whole schema, so no value was valid",
                head.unwrap_or_default()
            ),
        };
        found.add(Row::Type, outcome, places, message);
    }
}

/// The types in words, of which `null` is named only if it is the only one, or one of all; `None` if there are none.
fn name_types(types: Types) -> Option<String> {
    if types == Types::ALL {
        return Some(types.to_string());
    }
    let named = types.without(Types::NULL);
    if !named.is_empty() {
        return Some(named.to_string());
    }
    types.meets(Types::NULL).then(|| "`null` alone".to_owned())
}

pub(super) fn compare_values(tree: &Tree, base: &Shape, head: &Shape, found: &mut Found) {
    let places = (
        place_of(base.values.as_ref(), base),
        place_of(head.values.as_ref(), head),
    );
    let (outcome, message) = match (&base.values, &head.values) {
        (None, None) => return,
        (None, Some(values)) if covers_all(&values.value, base.types) => return,
        (Some(values), None) if covers_all(&values.value, head.types) => return,
        (None, Some(values)) => (
            beside_limits(Outcome::Narrower, tree, &values.value, base),
            format!("only {} now allowed", list_and_verb(&values.value)),
        ),
        (Some(values), None) => (
            beside_limits(Outcome::Wider, tree, &values.value, head),
            format!("values other than {} are now allowed", list(&values.value)),
        ),
        (Some(old), Some(new)) => {
            let missing = |from: &[Value], of: &[Value]| -> Vec<Value> {
                let from: FxHashSet<&Value> = from.iter().collect();
                of.iter()
                    .filter(|value| !from.contains(value))
                    .cloned()
                    .collect()
            };
            let (removed, added) = (
                missing(&new.value, &old.value),
                missing(&old.value, &new.value),
            );
            let Some(outcome) = Outcome::of_sets(!removed.is_empty(), !added.is_empty()) else {
                return;
            };
            let message = match outcome {
                Outcome::Narrower => format!("{} no longer allowed", list_and_verb(&removed)),
                Outcome::Wider => format!("{} now allowed", list_and_verb(&added)),
                _ => format!(
                    "{} no longer allowed, {} now allowed",
                    list_and_verb(&removed),
                    list_and_verb(&added)
                ),
            };
            (outcome, message)
        }
    };
    found.add(Row::Enum, outcome, places, message);
}

/// A list of values replaces limits. The outcome holds unless the limits forbid one of the values.
fn beside_limits(outcome: Outcome, tree: &Tree, values: &[Value], limited: &Shape) -> Outcome {
    if values.iter().all(|value| limited.allows(tree, value)) {
        outcome
    } else {
        Outcome::Incomparable
    }
}

/// Whether the values are all possible values of these types.
pub(super) fn covers_all(values: &[Value], types: Types) -> bool {
    let has = |value: bool| values.contains(&Value::Bool(value));
    let all_booleans = !types.meets(Types::BOOLEAN) || (has(true) && has(false));
    types.without(Types::BOOLEAN.or(Types::NULL)).is_empty() && all_booleans
}

pub(super) fn compare_counts(tree: &Tree, base: &Shape, head: &Shape, found: &mut Found) {
    for (index, (keyword, row, greater_is_narrower, absent, _)) in COUNTS.iter().enumerate() {
        let (old, new) = (base.counts[index].as_ref(), head.counts[index].as_ref());
        let value =
            |written: Option<&Written<u64>>| written.map_or(*absent, |written| written.value);
        // Required properties imply this many properties, and are compared separately.
        let demanded = |written, shape: &Shape| match row {
            Row::MinProperties => value(written).max(shape.required.len() as u64),
            _ => value(written),
        };
        let outcome = match value(new).cmp(&value(old)) {
            Ordering::Equal => continue,
            Ordering::Greater if value(new) <= demanded(old, base) => continue,
            Ordering::Less if value(old) <= demanded(new, head) => continue,
            Ordering::Greater if *greater_is_narrower => Outcome::Narrower,
            Ordering::Less if !*greater_is_narrower => Outcome::Narrower,
            _ => Outcome::Wider,
        };
        let idle = |shape: &Shape| {
            let written = shape.nodes.iter().filter_map(|node| {
                let at = tree.get(*node, keyword)?;
                let value = tree.count(at)?;
                Some(Written { value, at })
            });
            let key = |written: &Written<u64>| written.value;
            if *greater_is_narrower {
                written.max_by_key(key)
            } else {
                written.min_by_key(key)
            }
        };
        let (old, new) = (
            old.cloned().or_else(|| idle(base)),
            new.cloned().or_else(|| idle(head)),
        );
        let text = |written: &Option<Written<u64>>| {
            let written = written.as_ref();
            written.map(|written| written.value.to_string())
        };
        let (was, is) = (text(&old), text(&new));
        let message = if was == is {
            let keyword = literal(&format!("{keyword}: {}", was.unwrap_or_default())).to_string();
            match base.counts[index] {
                None => format!("{keyword} now has an effect"),
                Some(_) => format!("{keyword} no longer has an effect"),
            }
        } else {
            went(keyword, was, is)
        };
        let places = (place_of(old.as_ref(), base), place_of(new.as_ref(), head));
        found.add(*row, outcome, places, message);
    }
}

pub(super) fn compare_limits(base: &Shape, head: &Shape, shared: Types, found: &mut Found) {
    for (row, old, new, is_minimum) in [
        (Row::Minimum, &base.minimum, &head.minimum, true),
        (Row::Maximum, &base.maximum, &head.maximum, false),
    ] {
        // A limit that follows from a format counts only if the other side has an explicit limit.
        let by_format = |shape: &Shape, other: &Option<Written<Limit>>| {
            other
                .as_ref()
                .and_then(|_| limit_of_format(shape, is_minimum))
        };
        let (old, new) = (
            &old.clone().or_else(|| by_format(base, new)),
            &new.clone().or_else(|| by_format(head, old)),
        );
        let are_integers = !shared.meets(Types::NUMBER.without(Types::INTEGER));
        let order = match (old, new) {
            (None, None) => continue,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(old), Some(new)) => {
                let old = inclusive(&old.value, is_minimum, are_integers);
                let new = inclusive(&new.value, is_minimum, are_integers);
                let order = number::compare(&new.number, &old.number);
                let order = if is_minimum { order } else { order.reverse() };
                order.then(new.is_exclusive.cmp(&old.is_exclusive))
            }
        };
        let outcome = match order {
            Ordering::Equal => continue,
            Ordering::Greater => Outcome::Narrower,
            Ordering::Less => Outcome::Wider,
        };
        let text = |limit: &Option<Written<Limit>>| {
            limit.as_ref().map(|limit| {
                let exclusive = if limit.value.is_exclusive {
                    " (exclusive)"
                } else {
                    ""
                };
                format!("{}{exclusive}", limit.value.number)
            })
        };
        let places = (place_of(old.as_ref(), base), place_of(new.as_ref(), head));
        found.add(
            row,
            outcome,
            places,
            went(row.as_str(), text(old), text(new)),
        );
    }
}

/// The least or greatest integer that fits a format.
pub(super) fn limit_of_format(shape: &Shape, is_minimum: bool) -> Option<Written<Limit>> {
    let (_, format) = shape.texts.iter().find(|(row, _)| *row == Row::Format)?;
    let (least, greatest) = match format.value.as_str() {
        "int8" => (i64::from(i8::MIN), i64::from(i8::MAX)),
        "int16" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "int32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "int64" => (i64::MIN, i64::MAX),
        "uint8" => (0, i64::from(u8::MAX)),
        "uint16" => (0, i64::from(u16::MAX)),
        "uint32" => (0, i64::from(u32::MAX)),
        _ => return None,
    };
    let number = if is_minimum { least } else { greatest }.into();
    Some(Written {
        value: Limit {
            number,
            is_exclusive: false,
        },
        at: format.at,
    })
}

/// For integers, `exclusiveMinimum: 0` is `minimum: 1`.
pub(super) fn inclusive(limit: &Limit, is_minimum: bool, are_integers: bool) -> Limit {
    let step = if is_minimum { 1 } else { -1 };
    match number::whole(&limit.number).and_then(|whole| i64::try_from(whole + step).ok()) {
        Some(next) if are_integers && limit.is_exclusive => Limit {
            number: next.into(),
            is_exclusive: false,
        },
        _ => limit.clone(),
    }
}

pub(super) fn compare_multiples(base: &Shape, head: &Shape, shared: Types, found: &mut Found) {
    let are_integers = !shared.meets(Types::NUMBER.without(Types::INTEGER));
    let one = Number::from(1);
    let demanded_by = |number: &Number, others: &[Written<Number>]| {
        (are_integers && number::is_multiple(&one, number))
            || others
                .iter()
                .any(|other| number::is_multiple(&other.value, number))
    };
    let is_narrower = !head
        .multiples
        .iter()
        .all(|multiple| demanded_by(&multiple.value, &base.multiples));
    let is_wider = !base
        .multiples
        .iter()
        .all(|multiple| demanded_by(&multiple.value, &head.multiples));
    if let Some(outcome) = Outcome::of_sets(is_narrower, is_wider) {
        let text = |shape: &Shape| {
            shape
                .multiples
                .first()
                .map(|multiple| multiple.value.to_string())
        };
        let places = (
            place_of(base.multiples.first(), base),
            place_of(head.multiples.first(), head),
        );
        found.add(
            Row::MultipleOf,
            outcome,
            places,
            went("multipleOf", text(base), text(head)),
        );
    }
}

pub(super) fn compare_texts(tree: &Tree, base: &Shape, head: &Shape, found: &mut Found) {
    for row in [
        Row::Pattern,
        Row::Format,
        Row::ContentEncoding,
        Row::ContentMediaType,
    ] {
        let only = |of: &Shape, other: &Shape| -> Vec<Written<String>> {
            let is_new = |(known, text): &&(Row, Written<String>)| {
                let mut others = other.texts.iter();
                *known == row && !others.any(|(known, it)| *known == row && it.value == text.value)
            };
            let new = of.texts.iter().filter(is_new);
            new.map(|(_, text)| text.clone()).collect()
        };
        let (removed, added) = (only(base, head), only(head, base));
        // The keywords of OpenAPI 3.0 for bytes cannot state their media type.
        let is_byte = |shape: &Shape| {
            let is_format = |text: &Written<String>| tree.key(text.at) == Some("format");
            let mut texts = shape.texts.iter();
            texts.any(|(row, text)| *row == Row::ContentEncoding && is_format(text))
        };
        let says_more =
            (removed.is_empty() && is_byte(base)) || (added.is_empty() && is_byte(head));
        if row == Row::ContentMediaType && says_more {
            continue;
        }
        let outcome = match (removed.as_slice(), added.as_slice()) {
            ([old], [new]) if row == Row::Format => format_outcome(&old.value, &new.value),
            ([old], [new]) if row == Row::Pattern => {
                match pattern_outcome(&old.value, &new.value) {
                    Some(outcome) => outcome,
                    None => continue,
                }
            }
            (removed, added) => match Outcome::of_sets(!added.is_empty(), !removed.is_empty()) {
                None => continue,
                Some(Outcome::Incomparable) if row == Row::Pattern => Outcome::Undecided,
                Some(outcome) => outcome,
            },
        };
        let text =
            |texts: &[Written<String>]| texts.first().map(|text| literal(&text.value).to_string());
        let places = (
            place_of(removed.first(), base),
            place_of(added.first(), head),
        );
        found.add(
            row,
            outcome,
            places,
            went(row.as_str(), text(&removed), text(&added)),
        );
    }
}

/// Formats of numbers are ranges, so one may be within another.
pub(super) fn format_outcome(old: &str, new: &str) -> Outcome {
    const WITHIN: [&[&str]; 3] = [
        &["int8", "int16", "int32", "int64"],
        &["uint8", "uint16", "uint32", "uint64"],
        &["float", "double"],
    ];
    for chain in WITHIN {
        let place = |format: &str| chain.iter().position(|known| *known == format);
        if let (Some(old), Some(new)) = (place(old), place(new)) {
            return if new > old {
                Outcome::Wider
            } else {
                Outcome::Narrower
            };
        }
    }
    Outcome::Incomparable
}

pub(super) fn compare_unique(base: &Shape, head: &Shape, found: &mut Found) {
    let (outcome, message) = match (base.unique, head.unique) {
        (None, Some(_)) => (Outcome::Narrower, "the items must now be unique"),
        (Some(_), None) => (Outcome::Wider, "the items no longer have to be unique"),
        _ => return,
    };
    found.add(
        Row::UniqueItems,
        outcome,
        (base.unique.or(base.place()), head.unique.or(head.place())),
        message.to_owned(),
    );
}

pub(super) fn went(keyword: &str, old: Option<String>, new: Option<String>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => format!("`{keyword}` changed from {old} to {new}"),
        (None, new) => format!(
            "{} was added",
            literal(&format!("{keyword}: {}", bare(&new.unwrap_or_default())))
        ),
        (Some(old), None) => format!(
            "{} was dropped",
            literal(&format!("{keyword}: {}", bare(&old)))
        ),
    }
}

/// Formats some of the values for a message.
pub(crate) fn list(values: &[Value]) -> String {
    const SHOWN: usize = 5;
    let mut texts: Vec<String> = values.iter().take(SHOWN).map(shown).collect();
    let left = values.len().saturating_sub(SHOWN);
    texts.extend((left > 0).then(|| format!("{left} more")));
    joined(&texts, "and")
}

/// Formats some of the values, followed by "is" or "are".
fn list_and_verb(values: &[Value]) -> String {
    format!("{} {}", list(values), plural(values.len(), "is", "are"))
}

/// Formats a value, shortened for a message.
pub(crate) fn shown(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= LENGTH {
        return literal(&text).to_string();
    }
    let beginning: String = text.chars().take(LENGTH).collect();
    literal(&format!("{beginning}…")).to_string()
}
