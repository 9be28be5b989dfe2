//! All constraints of one alternative of a schema, by keyword, each with the place where it is written.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::conjunction::Alternative;
use super::types::Types;
use super::unevaluated::Unevaluated;
use crate::change::Row;
use spec_first_document::tree::{NodeId, Symbol};

/// Keywords whose value is a count, whether a greater one allows less, their default, and the types that they apply to.
pub(crate) const COUNTS: [(&str, Row, bool, u64, Types); 8] = [
    ("minLength", Row::MinLength, true, 0, Types::STRING),
    ("maxLength", Row::MaxLength, false, u64::MAX, Types::STRING),
    ("minItems", Row::MinItems, true, 0, Types::ARRAY),
    ("maxItems", Row::MaxItems, false, u64::MAX, Types::ARRAY),
    ("minContains", Row::MinContains, true, 1, Types::ARRAY),
    (
        "maxContains",
        Row::MaxContains,
        false,
        u64::MAX,
        Types::ARRAY,
    ),
    ("minProperties", Row::MinProperties, true, 0, Types::OBJECT),
    (
        "maxProperties",
        Row::MaxProperties,
        false,
        u64::MAX,
        Types::OBJECT,
    ),
];

/// A constraint, and the place where it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) at: NodeId,
}

/// A limit for numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    pub(crate) number: Number,
    pub(crate) is_exclusive: bool,
}

/// One alternative of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) branches: Vec<NodeId>,
    /// Each `oneOf` with at least two branches, and the chosen branch.
    pub(crate) exclusive: Vec<(NodeId, NodeId)>,
    pub(crate) types: Types,
    /// Where the types are written.
    pub(crate) types_at: Option<NodeId>,
    pub(crate) values: Option<Written<Vec<Value>>>,
    pub(crate) counts: [Option<Written<u64>>; COUNTS.len()],
    pub(crate) minimum: Option<Written<Limit>>,
    pub(crate) maximum: Option<Written<Limit>>,
    pub(crate) multiples: Vec<Written<Number>>,
    /// Constraints that are compared as strings, by keyword: patterns, formats and encodings. With `Row::Type`, the type of a
    /// value that is written as text.
    pub(crate) texts: Vec<(Row, Written<String>)>,
    pub(crate) unique: Option<NodeId>,
    pub(crate) required: BTreeMap<Symbol, NodeId>,
    pub(crate) dependent_required: BTreeMap<(Symbol, Symbol), NodeId>,
    pub(crate) dependent_schemas: BTreeMap<Symbol, Vec<NodeId>>,
    /// The schemas that describe properties.
    pub(crate) objects: Vec<NodeId>,
    /// The schemas that describe items.
    pub(crate) arrays: Vec<NodeId>,
    pub(crate) unevaluated_properties: Vec<Unevaluated>,
    pub(crate) unevaluated_items: Vec<Unevaluated>,
    pub(crate) property_names: Vec<NodeId>,
    /// The schemas that contain `contains`.
    pub(crate) contains: Vec<NodeId>,
    pub(crate) content_schemas: Vec<NodeId>,
    pub(crate) nots: Vec<NodeId>,
    pub(crate) conditionals: Vec<NodeId>,
    pub(crate) discriminator: Option<NodeId>,
    pub(crate) default: Option<NodeId>,
    pub(crate) deprecated: Option<NodeId>,
    /// A reference that leads nowhere.
    pub(crate) unreadable: Option<NodeId>,
    /// Whether other schemas describe the same values, too.
    pub(crate) is_partial: bool,
}

impl Shape {
    /// The place to report if a keyword is absent.
    pub(crate) fn place(&self) -> Option<NodeId> {
        self.nodes.first().copied()
    }

    /// The place to report if a keyword for objects is absent.
    pub(super) fn object_place(&self) -> Option<NodeId> {
        self.objects.first().copied().or(self.place())
    }

    pub(super) fn count_mut(&mut self, row: Row) -> &mut Option<Written<u64>> {
        &mut self.counts[index_of_count(row)]
    }

    pub(super) fn written_count(&self, row: Row) -> Option<&Written<u64>> {
        self.counts[index_of_count(row)].as_ref()
    }

    pub(super) fn count(&self, row: Row) -> Option<u64> {
        self.written_count(row).map(|count| count.value)
    }

    /// Whether the shape allows every value of its types.
    pub(crate) fn is_unlimited(&self) -> bool {
        self.values.is_none()
            && self.counts.iter().all(Option::is_none)
            && self.minimum.is_none()
            && self.maximum.is_none()
            && self.multiples.is_empty()
            && self.texts.is_empty()
            && self.unique.is_none()
            && self.required.is_empty()
            && self.dependent_required.is_empty()
            && self.dependent_schemas.is_empty()
            && self.objects.is_empty()
            && self.arrays.is_empty()
            && self.property_names.is_empty()
            && self.contains.is_empty()
            && self.nots.is_empty()
            && self.conditionals.is_empty()
            && self.unreadable.is_none()
    }

    /// The part of the shape for these types; `None` if it allows none of them.
    pub(crate) fn of_types(&self, types: Types) -> Option<Self> {
        let mut part = self.clone();
        part.types = self.types.and(types);
        if let Some(values) = &mut part.values {
            values.value.retain(|value| types.meets(Types::of(value)));
            if values.value.is_empty() {
                return None;
            }
        }
        for (index, (_, _, _, _, of)) in COUNTS.iter().enumerate() {
            if !types.meets(*of) {
                part.counts[index] = None;
            }
        }
        if !types.meets(Types::NUMBER) {
            part.forget_numbers();
        }
        part.texts
            .retain(|(row, text)| applies_to(*row, &text.value).meets(types));
        if !types.meets(Types::ARRAY) {
            part.forget_arrays();
        }
        if !types.meets(Types::OBJECT) {
            part.forget_objects();
            part.discriminator = None;
        }
        (!part.types.is_empty()).then_some(part)
    }

    pub(super) fn forget_numbers(&mut self) {
        self.minimum = None;
        self.maximum = None;
        self.multiples.clear();
    }

    pub(super) fn forget_arrays(&mut self) {
        self.unique = None;
        self.arrays.clear();
        self.unevaluated_items.clear();
        self.contains.clear();
    }

    pub(super) fn forget_objects(&mut self) {
        self.required.clear();
        self.dependent_required.clear();
        self.dependent_schemas.clear();
        self.objects.clear();
        self.unevaluated_properties.clear();
        self.property_names.clear();
    }

    pub(super) fn empty(alternative: &Alternative) -> Self {
        Self {
            nodes: alternative.nodes.clone(),
            branches: alternative.branches.clone(),
            exclusive: alternative.exclusive.clone(),
            ..Self::default()
        }
    }
}

fn index_of_count(row: Row) -> usize {
    let index = COUNTS.iter().position(|(_, known, ..)| *known == row);
    index.unwrap_or_default()
}

/// The types of values that a string constraint applies to.
fn applies_to(row: Row, text: &str) -> Types {
    match (row, text) {
        (
            Row::Format,
            "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64"
            | "float" | "double" | "decimal",
        ) => Types::NUMBER,
        _ => Types::STRING,
    }
}
