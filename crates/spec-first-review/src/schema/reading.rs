//! Reads the keywords of schemas into the constraints of one alternative.

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};
use serde_json::{Number, Value};

use super::conjunction::{Alternative, Context};
use super::number;
use super::patterns::texts_of;
use super::shape::{COUNTS, Limit, Shape, Written};
use super::types::Types;
use crate::change::{Flow, Row};
use spec_first_document::tree::{Kind, NodeId, Symbol};

/// Formats that describe how to display a value, and do not restrict it.
const INFORMATIVE_FORMATS: [&str; 5] = ["password", "markdown", "html", "textarea", "color"];

/// Patterns that match every string.
const ANY_TEXT: [&str; 6] = ["", "^", "$", ".*", "^.*", ".*$"];

impl Context<'_> {
    /// Reads all constraints of an alternative; `None` if no value can satisfy it.
    pub(crate) fn shape(self, alternative: &Alternative, flow: Flow) -> Option<Shape> {
        let mut shape = Shape::empty(alternative);
        for node in &alternative.nodes {
            self.read(*node, &mut shape);
        }
        for constants in &alternative.constants {
            self.read_constants(constants, &mut shape);
        }
        self.read_patterns_as_lists(&mut shape);
        self.drop_what_is_not_sent(flow, &mut shape);
        self.drop_what_has_no_effect(&mut shape);
        shape.apply_limits_to_values(self.tree);
        if let Some(values) = &shape.values {
            let of_values = values
                .value
                .iter()
                .fold(Types::NONE, |types, value| types.or(Types::of(value)));
            shape.types = shape.types.and(of_values);
        }
        (!shape.types.is_empty()).then_some(shape)
    }

    /// A dependent schema with nothing but `required` is equivalent to `dependentRequired`.
    fn read_as_dependent_required(self, name: Symbol, schema: NodeId, shape: &mut Shape) -> bool {
        let tree = self.tree;
        let is_required = |key: Symbol| tree.text(key) == "required";
        if !tree.is_mapping(schema) || !tree.entries(schema).all(|(key, _)| is_required(key)) {
            return false;
        }
        let required = tree.get(schema, "required");
        for item in required
            .into_iter()
            .flat_map(|required| tree.items(required))
        {
            if let Kind::String(other) = tree.kind(item) {
                shape.dependent_required.insert((name, other), item);
            }
        }
        true
    }

    fn read(self, node: NodeId, shape: &mut Shape) {
        if self.tree.get_string(node, "$ref").is_some() && self.references.target(node).is_none() {
            shape.unreadable = Some(node);
        }
        for (key, value) in self.tree.entries(node) {
            self.read_keyword(node, self.tree.text(key), value, shape);
        }
        self.read_limits(node, shape);
    }

    fn read_keyword(self, node: NodeId, key: &str, value: NodeId, shape: &mut Shape) {
        let tree = self.tree;
        if let Some(index) = COUNTS.iter().position(|(keyword, ..)| *keyword == key) {
            let (_, _, greater_is_narrower, absent, _) = COUNTS[index];
            if let Some(count) = tree.count(value).filter(|count| *count != absent) {
                let tightest = shape.counts[index]
                    .as_ref()
                    .is_none_or(|known| (count > known.value) == greater_is_narrower);
                if tightest {
                    shape.counts[index] = Some(Written {
                        value: count,
                        at: value,
                    });
                }
            }
            return;
        }
        let text = |text: &str| Written {
            value: text.to_owned(),
            at: value,
        };
        match key {
            "type" => {
                let types = match tree.string(value) {
                    Some(name) => Types::named(name),
                    None => Some(
                        tree.items(value)
                            .filter_map(|item| Types::named(&tree.scalar_text(item)))
                            .fold(Types::NONE, Types::or),
                    ),
                };
                let is_nullable = !self.is_3_1 && tree.is_true(node, "nullable");
                let null = if is_nullable {
                    Types::NULL
                } else {
                    Types::NONE
                };
                if let Some(types) = types {
                    shape.types = shape.types.and(types.or(null));
                    shape.types_at = Some(value);
                }
            }
            "enum" => {
                let mut values: Vec<Value> =
                    tree.items(value).map(|item| tree.to_json(item)).collect();
                // By the specification, such an enum must list `null`, too, but authors who write `nullable` beside it mean to
                // allow it.
                if !self.is_3_1 && tree.is_true(node, "nullable") {
                    values.push(Value::Null);
                }
                self.restrict(value, values, shape);
            }
            "const" => self.restrict(value, vec![tree.to_json(value)], shape),
            "multipleOf" => {
                // The specification does not allow `multipleOf: 0`.
                let is_positive =
                    |number: &Number| number.as_f64().is_some_and(|value| value > 0.0);
                if let Some(number) = tree.number(value).filter(is_positive) {
                    let (value, at) = (number, value);
                    shape.multiples.push(Written { value, at });
                }
            }
            // `format: byte` of OpenAPI 3.0 is `contentEncoding: base64` in 3.1.
            "format" if tree.string(value) == Some("byte") => {
                shape.texts.push((Row::ContentEncoding, text("base64")));
            }
            // `contentMediaType` of OpenAPI 3.1 may stand for `format: binary` of 3.0.
            "contentMediaType" if self.is_binary(node, value) => {
                shape.texts.push((Row::Format, text("binary")));
            }
            "pattern" if ANY_TEXT.contains(&tree.string(value).unwrap_or("^.*$")) => {}
            "pattern" => self.demand(Row::Pattern, value, shape),
            "format" if !INFORMATIVE_FORMATS.contains(&tree.string(value).unwrap_or_default()) => {
                self.demand(Row::Format, value, shape);
            }
            "contentEncoding" => self.demand(Row::ContentEncoding, value, shape),
            "contentMediaType" => self.demand(Row::ContentMediaType, value, shape),
            "contentSchema" if tree.get(node, "contentMediaType").is_some() => {
                shape.content_schemas.push(value);
            }
            "uniqueItems" if tree.kind(value) == Kind::Boolean(true) => shape.unique = Some(value),
            "unevaluatedItems" => {
                add(&mut shape.arrays, node);
                shape
                    .unevaluated_items
                    .push(self.unevaluated(node, key, value, &shape.branches));
            }
            "items" | "prefixItems" => add(&mut shape.arrays, node),
            "contains" => shape.contains.push(node),
            "unevaluatedProperties" => {
                add(&mut shape.objects, node);
                shape.unevaluated_properties.push(self.unevaluated(
                    node,
                    key,
                    value,
                    &shape.branches,
                ));
            }
            "properties" | "patternProperties" | "additionalProperties" => {
                add(&mut shape.objects, node);
            }
            "propertyNames" => shape.property_names.push(value),
            "required" => {
                for item in tree.items(value) {
                    if let Kind::String(name) = tree.kind(item) {
                        shape.required.insert(name, item);
                    }
                }
            }
            "dependentRequired" => {
                for (name, others) in tree.entries(value) {
                    for other in tree.items(others) {
                        if let Kind::String(required) = tree.kind(other) {
                            shape.dependent_required.insert((name, required), other);
                        }
                    }
                }
            }
            "dependentSchemas" => {
                for (name, schema) in tree.entries(value) {
                    if self.read_as_dependent_required(name, schema, shape) {
                        continue;
                    }
                    shape
                        .dependent_schemas
                        .entry(name)
                        .or_default()
                        .push(schema);
                }
            }
            "not" if tree.kind(value) == Kind::Boolean(false) || self.only_not(value).is_some() => {
            }
            "not" => shape.nots.push(value),
            "if" => shape.conditionals.push(node),
            // Which of several counts must not depend on the order of the document.
            "discriminator" => {
                let all = [Some(value), shape.discriminator].into_iter().flatten();
                shape.discriminator = all.min_by_key(|node| tree.get_string(*node, "propertyName"));
            }
            "default" => shape.default = Some(value),
            "deprecated" if tree.kind(value) == Kind::Boolean(true) => {
                shape.deprecated = Some(value)
            }
            _ => {}
        }
    }

    fn is_binary(self, schema: NodeId, media_type: NodeId) -> bool {
        self.tree.string(media_type) == Some("application/octet-stream")
            && self.tree.get(schema, "contentEncoding").is_none()
    }

    /// Reads the limits of numbers in both dialects: `exclusiveMinimum` is a boolean in OpenAPI 3.0, and a number in 3.1.
    fn read_limits(self, node: NodeId, shape: &mut Shape) {
        for (keyword, exclusive, is_minimum) in [
            ("minimum", "exclusiveMinimum", true),
            ("maximum", "exclusiveMaximum", false),
        ] {
            let is_flagged = self.tree.is_true(node, exclusive);
            for (keyword, is_exclusive) in [(keyword, is_flagged), (exclusive, true)] {
                let written = self.tree.get(node, keyword);
                let Some((at, number)) = written.and_then(|at| Some((at, self.tree.number(at)?)))
                else {
                    continue;
                };
                let value = Limit {
                    number,
                    is_exclusive,
                };
                let limit = Written { value, at };
                let known = if is_minimum {
                    &mut shape.minimum
                } else {
                    &mut shape.maximum
                };
                if known
                    .as_ref()
                    .is_none_or(|known| is_tighter(&limit.value, &known.value, is_minimum))
                {
                    *known = Some(limit);
                }
            }
        }
    }

    /// The values that these constants list.
    pub(super) fn listed_values(self, constants: &[NodeId]) -> Vec<Value> {
        let listed = |schema: &NodeId| -> Vec<Value> {
            let mut one = Shape::empty(&Alternative::default());
            self.read(*schema, &mut one);
            one.values.map(|values| values.value).unwrap_or_default()
        };
        constants.iter().flat_map(listed).collect()
    }

    fn read_constants(self, constants: &[NodeId], shape: &mut Shape) {
        let values = self.listed_values(constants);
        let place = match constants {
            [only] => Some(*only),
            _ => constants.first().and_then(|first| self.tree.parent(*first)),
        };
        if let Some(place) = place {
            self.restrict(place, values, shape);
        }
    }

    /// If only strings are allowed, a pattern that matches a few of them is read as a list of values.
    fn read_patterns_as_lists(self, shape: &mut Shape) {
        if !shape
            .types
            .without(Types::STRING.or(Types::NULL))
            .is_empty()
        {
            return;
        }
        let is_pattern = |(row, _): &mut (Row, Written<String>)| *row == Row::Pattern;
        let patterns: Vec<_> = shape.texts.extract_if(.., is_pattern).collect();
        for (row, pattern) in patterns {
            match texts_of(&pattern.value) {
                Some(texts) => {
                    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
                    values.push(Value::Null);
                    self.restrict(pattern.at, values, shape);
                }
                None => shape.texts.push((row, pattern)),
            }
        }
    }

    fn restrict(self, at: NodeId, values: Vec<Value>, shape: &mut Shape) {
        let mut allowed: IndexSet<Value, FxBuildHasher> = values.into_iter().collect();
        if let Some(known) = &shape.values {
            let known: FxHashSet<&Value> = known.value.iter().collect();
            allowed.retain(|value| known.contains(value));
        }
        let allowed = allowed.into_iter().collect();
        shape.values = Some(Written { value: allowed, at });
    }

    fn demand(self, row: Row, at: NodeId, shape: &mut Shape) {
        let value = self.tree.scalar_text(at);
        if !shape
            .texts
            .iter()
            .any(|(known, text)| *known == row && text.value == value)
        {
            shape.texts.push((row, Written { value, at }));
        }
    }
}

fn is_tighter(limit: &Limit, known: &Limit, is_minimum: bool) -> bool {
    let order = number::compare(&limit.number, &known.number);
    let order = if is_minimum { order } else { order.reverse() };
    order.is_gt() || (order.is_eq() && limit.is_exclusive && !known.is_exclusive)
}

fn add(nodes: &mut Vec<NodeId>, node: NodeId) {
    if !nodes.contains(&node) {
        nodes.push(node);
    }
}
