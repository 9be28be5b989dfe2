//! What an OpenAPI document consists of: the kinds of objects, the keywords of each, and the values that are valid for them.
//!
//! This is the only place that knows where the objects are. It lists what is read or compared, not everything that the
//! specification allows.

mod keywords;

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use Expected::{
    Count, Flag, Limit, List, Named, Number, Object, Patterned, Positive, Several, Text, Texts,
    TextsByName, TypeName, TypeNames, Word,
};
use keywords::{COMPONENTS, KEYWORDS, OPERATION, SCHEMA_KEYWORDS};

use crate::Version;
use crate::literal::literal;
use crate::operations::{METHODS, QUERY};
use crate::tree::{Kind, NodeId, Symbol, Tree};

/// The names of types.
pub const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// A kind of object in an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the specification describes each")]
pub enum Part {
    Document,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    Server,
    ServerVariable,
    Requirement,
    SecurityScheme,
    Flow,
    Schema,
    Discriminator,
}

impl Part {
    /// The kinds that can be components in this version, in the order of the specification.
    pub fn components(version: Version) -> impl Iterator<Item = Self> {
        let sections = COMPONENTS.iter().filter(move |(section, expected)| {
            since(Self::Components, section, *expected) <= version
        });
        sections.filter_map(|(_, expected)| expected.part())
    }

    /// The key of this kind under `components`; empty if it cannot be a component.
    pub fn section(self) -> &'static str {
        let mut sections = COMPONENTS.iter();
        let found = sections.find(|(_, expected)| expected.part() == Some(self));
        found.map_or("", |(section, _)| section)
    }
}

/// The kind of value that a keyword requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A string.
    Text,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A number above 0.
    Positive,
    /// A non-negative integer.
    Count,
    /// A number; in OpenAPI 3.0 also a boolean, which excludes the limit itself.
    Limit,
    /// The name of a type.
    TypeName,
    /// The name of a type, or a list of them.
    TypeNames,
    /// A list whose items are not checked.
    List,
    /// A list of strings.
    Texts,
    /// An object whose content is not checked.
    Object,
    /// An object with lists of strings.
    TextsByName,
    /// An object of this kind.
    One(Part),
    /// A list of objects of this kind.
    Several(Part),
    /// An object with arbitrary names as keys.
    Named(Part),
    /// The same, but keys that begin with `x-` are extensions.
    Patterned(Part),
}

/// A key or an index.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "they say it")]
pub enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

/// The rule for a value that is not of the kind that its keyword requires.
pub const WRONG_VALUE: &str = "wrong-value";

/// How to correct it.
pub const WRONG_VALUE_HELP: &str = "use a value of that type";

impl Expected {
    /// The kind of the objects in such a value.
    pub fn part(self) -> Option<Part> {
        match self {
            Self::One(part) | Several(part) | Named(part) | Patterned(part) => Some(part),
            _ => None,
        }
    }

    /// What is inside such a value, unless it is itself an object of a kind.
    pub fn inside(
        self,
        tree: &Tree,
        value: NodeId,
    ) -> impl Iterator<Item = (Key<'_>, NodeId, Self)> {
        let of_items = match self {
            Several(part) => Some(Self::One(part)),
            Texts => Some(Text),
            TypeNames => Some(TypeName),
            _ => None,
        };
        let of_members = match self {
            Named(part) | Patterned(part) => Some(Self::One(part)),
            TextsByName => Some(Texts),
            _ => None,
        };
        let has_extensions = matches!(self, Patterned(_));
        let items = of_items.into_iter().flat_map(move |expected| {
            let items = tree.items(value).enumerate();
            items.map(move |(index, item)| (Key::Index(index), item, expected))
        });
        let members = of_members.into_iter().flat_map(move |expected| {
            let members = tree.entries(value);
            members.map(move |(name, member)| (Key::Name(tree.text(name)), member, expected))
        });
        items.chain(members.filter(move |(key, ..)| {
            !has_extensions || !matches!(key, Key::Name(name) if name.starts_with("x-"))
        }))
    }

    /// Whether the value is of this kind, regardless of the values in it.
    pub fn is_met(self, tree: &Tree, node: NodeId) -> bool {
        let kind = tree.kind(node);
        let number = || tree.number(node).and_then(|number| number.as_f64());
        let is_type = |item: NodeId| tree.string(item).is_some_and(|name| TYPES.contains(&name));
        match self {
            Text => tree.string(node).is_some(),
            Word(words) => tree.string(node).is_some_and(|word| words.contains(&word)),
            Flag => matches!(kind, Kind::Boolean(_)),
            Number => number().is_some(),
            Positive => number().is_some_and(|number| number > 0.0),
            Count => tree.count(node).is_some(),
            Limit => matches!(kind, Kind::Boolean(_)) || number().is_some(),
            TypeName => is_type(node),
            // Unknown types are reported each, unless no known type is left.
            TypeNames => is_type(node) || tree.items(node).any(is_type),
            List | Texts | Several(_) => {
                matches!(kind, Kind::Sequence(..) | Kind::Null)
            }
            Object | Named(_) | Patterned(_) | TextsByName => {
                matches!(kind, Kind::Mapping(..) | Kind::Null)
            }
            Self::One(Part::Schema) => tree.is_part_of_a_document(node),
            Self::One(_) => tree.is_mapping(node),
        }
    }

    /// The kind of value, in words.
    fn noun(self) -> Cow<'static, str> {
        let noun = match self {
            Word(words) => {
                let words: Vec<_> = words.iter().map(|word| literal(word).to_string()).collect();
                return format!("one of {}", words.join(", ")).into();
            }
            Text => "a string",
            Flag => "`true` or `false`",
            Number => "a number",
            Positive => "a number above 0",
            Count => "a non-negative integer",
            Limit => "a number, or `true` or `false`",
            TypeName => "the name of a type",
            TypeNames => "the name of a type, or a list of them",
            List | Several(_) => "a list",
            Texts => "a list of strings",
            TextsByName => "an object with lists of strings",
            Self::One(Part::Schema) => "a schema",
            Object | Named(_) | Patterned(_) | Self::One(_) => "an object",
        };
        noun.into()
    }

    /// What is wrong with a value under `key`, which is not of this kind. An index is one below `keyword`.
    pub fn message(self, key: Key<'_>, keyword: &str, tree: &Tree, value: NodeId) -> String {
        let subject = match key {
            Key::Name(name) => literal(name).to_string(),
            Key::Index(_) => format!("an item of {}", literal(keyword)),
        };
        let noun = self.noun();
        let found = match tree.kind(value) {
            Kind::Null => "`null`".to_owned(),
            Kind::Boolean(_) => "a boolean".to_owned(),
            Kind::Number(_) => "a number".to_owned(),
            Kind::String(word) if matches!(self, Word(_) | TypeName | TypeNames) => {
                literal(tree.text(word)).to_string()
            }
            Kind::String(_) => "a string".to_owned(),
            Kind::Sequence(..) => "a list".to_owned(),
            Kind::Mapping(..) => "an object".to_owned(),
        };
        let but = if noun.starts_with(found.as_str()) {
            String::new()
        } else {
            format!(", not {found}")
        };
        format!("{subject} must be {noun}{but}")
    }
}

/// The keywords that occur in a document, each with the kind of value that it requires.
#[derive(Debug)]
pub struct Grammar {
    keywords: FxHashMap<(Part, Symbol), (usize, Expected)>,
    reference: Option<Symbol>,
}

impl Grammar {
    /// The keywords that this version of OpenAPI has.
    pub fn of(tree: &Tree, version: Version) -> Self {
        let tables = KEYWORDS.iter().flat_map(|(part, keywords)| {
            let keywords = keywords.iter();
            keywords.map(move |(keyword, expected)| (*part, *keyword, *expected))
        });
        // The operations of a path item are read in the order in which they are written.
        let methods = METHODS.into_iter().chain([QUERY]);
        let methods = methods.map(|method| (Part::PathItem, method, OPERATION));
        let ranked = tables
            .enumerate()
            .chain(methods.map(|method| (usize::MAX, method)));
        let keywords = ranked.filter_map(|(rank, (part, keyword, expected))| {
            let is_known = since(part, keyword, expected) <= version;
            let symbol = tree.symbol(keyword).filter(|_| is_known)?;
            Some(((part, symbol), (rank, expected)))
        });
        Self {
            keywords: keywords.collect(),
            reference: tree.symbol("$ref"),
        }
    }

    /// The kind of value that the keyword requires; `None` if it is not known.
    pub fn expected(&self, tree: &Tree, part: Part, keyword: Symbol) -> Option<Expected> {
        match part {
            _ if Some(keyword) == self.reference => Some(Text),
            Part::Callback if tree.text(keyword).starts_with("x-") => None,
            Part::Callback => Some(Expected::One(Part::PathItem)),
            Part::Requirement => Some(List),
            _ => Some(self.keywords.get(&(part, keyword))?.1),
        }
    }

    /// The keywords of an object that contain objects, in an order that does not depend on the document.
    pub fn objects_in(
        &self,
        tree: &Tree,
        part: Part,
        node: NodeId,
    ) -> Vec<(Symbol, NodeId, Expected)> {
        let rank = |keyword| self.keywords.get(&(part, keyword)).map(|(rank, _)| *rank);
        let members = tree.entries(node).filter_map(|(keyword, value)| {
            let expected = self.expected(tree, part, keyword)?;
            expected.part().map(|_| (keyword, value, expected))
        });
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|(keyword, ..)| rank(*keyword));
        members
    }
}

/// The version of OpenAPI that introduced the keyword.
fn since(part: Part, keyword: &str, expected: Expected) -> Version {
    match (part, keyword) {
        (Part::PathItem, "query" | "additionalOperations") | (Part::Components, "mediaTypes") => {
            Version::V3_2
        }
        (Part::Document, "webhooks")
        | (Part::Components, "pathItems")
        | (Part::MediaType, "itemSchema") => Version::V3_1,
        (
            Part::Schema,
            "additionalProperties" | "allOf" | "anyOf" | "items" | "not" | "oneOf" | "properties",
        ) => Version::V3_0,
        (Part::Schema, _) if expected.part() == Some(Part::Schema) => Version::V3_1,
        _ => Version::V3_0,
    }
}

/// The keywords of schemas, except those that only describe.
pub fn keywords_of_schemas() -> impl Iterator<Item = &'static str> {
    SCHEMA_KEYWORDS.iter().map(|(keyword, _)| *keyword)
}

/// The keywords whose values have arbitrary names as keys.
pub(crate) static NAMED: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let keywords = KEYWORDS.iter().flat_map(|(_, keywords)| *keywords);
    let named = keywords.filter(|(_, expected)| matches!(expected, Named(_)));
    // What `$defs` was called in earlier versions of JSON Schema.
    let older = ["definitions"].into_iter();
    named.map(|(keyword, _)| *keyword).chain(older).collect()
});

/// How a keyword of JSON Schema contains schemas; `None` if it contains none.
pub fn subschemas(keyword: &str) -> Option<Expected> {
    static KNOWN: LazyLock<FxHashMap<&str, Expected>> =
        LazyLock::new(|| SCHEMA_KEYWORDS.iter().copied().collect());
    let expected = KNOWN.get(keyword).copied();
    expected.filter(|expected| expected.part() == Some(Part::Schema))
}
