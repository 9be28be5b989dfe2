//! Compares parameters: which exist, which are required, and how their values are serialized.

use indexmap::IndexMap;

use super::operations::{Operation, names_in};
use super::{ContractComparison, Part};
use crate::change::{Direction, Outcome, Row};
use crate::literal::literal;
use crate::schema::comparison::Found;
use crate::schema::conjunction::Context;
use crate::schema::notation::{Arrays, Notation};
use crate::schema::types::Types;
use spec_first_document::Root;
use spec_first_document::headers::is_determined;
use spec_first_document::tree::NodeId;

/// What identifies a parameter in a request: its location and name, or its position for a path parameter.
type Key = (&'static str, String);

/// A parameter, and where the operation lists it: the component, and the reference to it.
#[derive(Clone, Copy, Debug)]
struct Written {
    parameter: NodeId,
    written_at: NodeId,
}

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_parameters(
        &mut self,
        old: &Operation<'a>,
        new: &Operation<'a>,
        part: &Part,
    ) {
        let (base, _) = self.parameters(old);
        let (head, _) = self.parameters(new);
        for (key, was) in &base {
            let part = part.named(self.describe(key, was.parameter));
            match head.get(key) {
                Some(is) => self.compare_parameter(key.0, was.parameter, is.parameter, &part),
                None => {
                    let outcome = self.outcome_of_dropping(self.schemas.base, was.parameter, &part);
                    let (row, places) = (Row::Parameter, (Some(was.written_at), Some(new.node)));
                    // A path parameter is sent as long as the path has a place for it.
                    if key.0 == "path" {
                        let message = format!("the {} is no longer described", part.part);
                        self.add(row, outcome, places, &part, message);
                    } else {
                        let message = format!("the {} was dropped", part.part);
                        self.add_removal(row, outcome, places, &part, message);
                    }
                }
            }
        }
        for (key, is) in &head {
            if !base.contains_key(key) {
                let part = part.named(self.describe(key, is.parameter));
                let outcome = self
                    .outcome_of_dropping(self.schemas.head, is.parameter, &part)
                    .flipped();
                let what = if key.0 == "path" {
                    "is now described"
                } else if self.is_required(is.parameter) {
                    "was added, and is required"
                } else {
                    "was added"
                };
                let message = format!("the {} {what}", part.part);
                let places = (Some(old.node), Some(is.written_at));
                self.add(Row::Parameter, outcome, places, &part, message);
            }
        }
    }

    /// A client must not send a parameter that is not described, and ignores one that the server sends. A path parameter is
    /// always sent, and may be any string if it is not described.
    fn outcome_of_dropping(
        &mut self,
        context: Context<'_>,
        parameter: NodeId,
        part: &Part,
    ) -> Outcome {
        if self.tree.get_string(parameter, "in") == Some("path") {
            let is_plain = Serialization::of(self.tree, parameter, "path").style == "simple";
            let (schema, media_type) = self.value_schema(parameter);
            let is_any_text = is_plain
                && media_type.is_none()
                && self
                    .schemas
                    .allows_all_of(context, schema, Types::STRING, part.flow());
            return if is_any_text {
                Outcome::Neutral
            } else {
                Outcome::Wider
            };
        }
        match part.direction {
            Direction::Response => Outcome::Wider,
            Direction::Request if self.is_required(parameter) => Outcome::Incomparable,
            Direction::Request => Outcome::Narrower,
        }
    }

    /// The path parameters that occur in none of their paths, each once, with a sentence about it.
    pub(crate) fn parameters_not_in_path(&self, document: Root) -> Vec<(NodeId, String)> {
        let mut found = IndexMap::new();
        for operation in self.operations(document.root, "paths").values() {
            for (name, Written { parameter, .. }) in self.parameters(operation).1 {
                found.entry(parameter).or_insert_with(|| {
                    format!(
                        "the path parameter {} is not compared: it does not occur in the path {}",
                        literal(name),
                        literal(operation.path)
                    )
                });
            }
        }
        found.into_iter().collect()
    }

    /// The parameters of an operation, and the path parameters that its path lacks. Parameters of the operation override those of
    /// the path item.
    fn parameters(
        &self,
        operation: &Operation<'a>,
    ) -> (IndexMap<Key, Written>, IndexMap<&'a str, Written>) {
        let in_path = names_in(operation.path);
        let mut parameters = IndexMap::new();
        let mut misnamed = IndexMap::new();
        for holder in [operation.path_item, operation.node] {
            let list = self.tree.get(holder, "parameters");
            for written_at in list.into_iter().flat_map(|list| self.tree.items(list)) {
                let Some(parameter) = self.follow(written_at) else {
                    continue;
                };
                let written = Written {
                    parameter,
                    written_at,
                };
                let name = self.tree.get_string(parameter, "name").unwrap_or_default();
                let key = match self.tree.get_string(parameter, "in") {
                    Some("query") => ("query", name.to_owned()),
                    Some("cookie") => ("cookie", name.to_owned()),
                    // The whole query, whatever its name.
                    Some("querystring") => ("querystring", String::new()),
                    Some("header") => ("header", name.to_ascii_lowercase()),
                    Some("path") => match in_path.iter().position(|other| *other == name) {
                        Some(index) => ("path", index.to_string()),
                        None => {
                            misnamed.insert(name, written);
                            continue;
                        }
                    },
                    _ => continue,
                };
                if key.0 != "header" || !is_determined(&key.1) {
                    parameters.insert(key, written);
                }
            }
        }
        // If one parameter is misnamed and one name in the path is not described, they belong together. Callback expressions are
        // not names.
        let keys = in_path.iter().enumerate();
        let undescribed: Vec<Key> = keys
            .filter(|(_, name)| !name.starts_with('$'))
            .map(|(index, _)| ("path", index.to_string()))
            .filter(|key| !parameters.contains_key(key))
            .collect();
        if let ([key], Some((_, written)), 1) =
            (undescribed.as_slice(), misnamed.first(), misnamed.len())
        {
            parameters.insert(key.clone(), *written);
            misnamed.clear();
        }
        (parameters, misnamed)
    }

    fn describe(&self, (location, _): &Key, parameter: NodeId) -> String {
        let name = self.tree.get_string(parameter, "name").unwrap_or_default();
        format!("{location} parameter {}", literal(name))
    }

    fn is_required(&self, parameter: NodeId) -> bool {
        self.tree.is_true(parameter, "required")
            || self.tree.get_string(parameter, "in") == Some("path")
    }

    fn compare_parameter(&mut self, location: &str, old: NodeId, new: NodeId, part: &Part) {
        let tree = self.tree;
        let both = [old, new];
        let [was, is] = both.map(|node| tree.get_string(node, "name").unwrap_or_default());
        if location == "path" && was != is {
            let message = format!(
                "the parameter is now called {}, not {}",
                literal(is),
                literal(was)
            );
            let (row, places) = (Row::PathParameterName, self.places_of(both, "name"));
            self.add(row, Outcome::Neutral, places, part, message);
        }
        self.compare_demand(
            Row::ParameterRequired,
            both.map(|node| self.is_required(node)),
            self.places_of(both, "required"),
            part,
            ["it is now required", "it is no longer required"],
        );
        self.compare_deprecation(old, new, part);
        self.compare_values(location, old, new, part);
    }

    fn compare_values(&mut self, location: &str, old: NodeId, new: NodeId, part: &Part) {
        let part = &part.noted(self.notation(location, old, new));
        let (base, old_media_type) = self.value_schema(old);
        let (head, new_media_type) = self.value_schema(new);
        let places = (Some(old), Some(new));
        if old_media_type != new_media_type {
            let shown = |media_type: Option<&str>| {
                media_type.map_or("plain text".to_owned(), |media_type| {
                    literal(media_type).to_string()
                })
            };
            let message = format!(
                "its value is now written as {}, not as {}",
                shown(new_media_type),
                shown(old_media_type)
            );
            let (row, outcome) = (Row::Serialization, Outcome::Incomparable);
            self.add(row, outcome, places, part, message);
        } else if old_media_type.is_none() {
            self.compare_serialization(location, (old, base), (new, head), part);
        }
        let is_required = self.is_required(old) && self.is_required(new);
        let mut found = Found::default();
        self.schemas.compare_defaults(
            base.as_slice(),
            head.as_slice(),
            is_required,
            part.flow(),
            &mut found,
        );
        for difference in found.differences {
            self.add_difference(difference, part);
        }
        self.compare_schemas_of((old, base), (new, head), part);
    }

    /// The schema of a parameter or header, and its media type if it has `content`.
    pub(super) fn value_schema(&self, parameter: NodeId) -> (Option<NodeId>, Option<&'a str>) {
        match self.parts_of(parameter, "content").first() {
            Some((media_type, content)) => (self.tree.get(*content, "schema"), Some(*media_type)),
            None => (self.tree.get(parameter, "schema"), None),
        }
    }

    /// How the values of a parameter or header are written: as text, unless it has a media type.
    pub(super) fn notation(&self, location: &str, old: NodeId, new: NodeId) -> Notation {
        let has_media_type = |node: NodeId| self.value_schema(node).1.is_some();
        if has_media_type(old) || has_media_type(new) {
            return Notation::Json;
        }
        let arrays = |node: NodeId| Serialization::of(self.tree, node, location).arrays();
        Notation::Parameter(match (arrays(old), arrays(new)) {
            (old, new) if old == new => old,
            (Arrays::Other, _) | (_, Arrays::Other) => Arrays::Other,
            _ => Arrays::Separated,
        })
    }

    pub(super) fn compare_serialization(
        &mut self,
        location: &str,
        (old, old_schema): (NodeId, Option<NodeId>),
        (new, new_schema): (NodeId, Option<NodeId>),
        part: &Part,
    ) {
        let (tree, row) = (self.tree, Row::Serialization);
        let (base, head, flow) = (self.schemas.base, self.schemas.head, part.flow());
        let old_types = self.schemas.types_of(base, old_schema, flow);
        let new_types = self.schemas.types_of(head, new_schema, flow);
        let types = old_types.or(new_types);
        let was = Serialization::of(tree, old, location).shown_by(old_types);
        let is = Serialization::of(tree, new, location).shown_by(new_types);
        let place = |node: NodeId| {
            let keys = ["style", "explode"];
            keys.iter()
                .find_map(|key| tree.get(node, key))
                .or(Some(node))
        };
        if !was.is_like(&is) {
            let message = format!(
                "its value is now written as {}, not {}",
                is.describe(),
                was.describe()
            );
            let places = (place(old), place(new));
            self.add(row, Outcome::Incomparable, places, part, message);
        }
        let has_text = types.meets(Types::STRING.or(Types::ARRAY).or(Types::OBJECT));
        if has_text && tree.is_true(old, "allowReserved") != tree.is_true(new, "allowReserved") {
            let places = self.places_of([old, new], "allowReserved");
            let message = "reserved characters are encoded differently";
            self.add(row, Outcome::Incomparable, places, part, message);
        }
        self.compare_demand(
            row,
            [old, new].map(|node| !tree.is_true(node, "allowEmptyValue")),
            self.places_of([old, new], "allowEmptyValue"),
            part,
            ["it may no longer be empty", "it may now be empty"],
        );
    }
}

/// How a value is serialized.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Serialization {
    style: String,
    is_exploded: Option<bool>,
}

impl Serialization {
    fn of(tree: &spec_first_document::tree::Tree, parameter: NodeId, location: &str) -> Self {
        let default = if matches!(location, "query" | "cookie") {
            "form"
        } else {
            "simple"
        };
        let style = tree
            .get_string(parameter, "style")
            .unwrap_or(default)
            .to_owned();
        let is_exploded = match tree.get(parameter, "explode") {
            Some(_) => tree.is_true(parameter, "explode"),
            None => style == "form",
        };
        Self {
            style,
            is_exploded: Some(is_exploded),
        }
    }

    /// How arrays are written.
    fn arrays(&self) -> Arrays {
        match self.style.as_str() {
            "form" | "spaceDelimited" | "pipeDelimited" if self.is_exploded == Some(true) => {
                Arrays::Repeated
            }
            "form" | "simple" | "spaceDelimited" | "pipeDelimited" => Arrays::Separated,
            _ => Arrays::Other,
        }
    }

    /// Whether a reader of one serialization can read values written in the other.
    fn is_like(&self, other: &Self) -> bool {
        let explode = (self.is_exploded, other.is_exploded);
        self.style == other.style
            && (explode.0 == explode.1 || explode.0.is_none() || explode.1.is_none())
    }

    /// Drops the settings that make no difference to values of these types.
    fn shown_by(mut self, types: Types) -> Self {
        let (array, object) = (types.meets(Types::ARRAY), types.meets(Types::OBJECT));
        if !array && !object {
            self.is_exploded = None;
            // A scalar has neither properties nor separators.
            if matches!(
                self.style.as_str(),
                "spaceDelimited" | "pipeDelimited" | "deepObject"
            ) {
                self.style = "form".to_owned();
            }
        } else if self.style == "simple" && !object {
            self.is_exploded = None;
        }
        self
    }

    fn describe(&self) -> String {
        match self.is_exploded {
            Some(true) => format!("{}, exploded", literal(&self.style)),
            Some(false) => format!("{}, not exploded", literal(&self.style)),
            None => literal(&self.style).to_string(),
        }
    }
}
