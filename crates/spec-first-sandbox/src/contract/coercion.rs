//! Converts the text of parameters and form fields to the types that their schemas expect.
//!
//! Text that cannot be converted stays text, so that the schema rejects it.

use std::cell::Cell;

use serde_json::{Map, Number, Value};

use spec_first_document::Node;

use crate::contract::{parameters::text_of, place::Place};

/// Maximum depth of a schema, and maximum number of brackets in a name: deeper than any real document.
const DEPTH: usize = 8;

/// Maximum number of schemas in one: more than any real form has.
const SCHEMAS: usize = 5000;

/// What a schema expects, as far as it matters for converting text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// One of these values.
    Listed(Vec<Value>),
    Number,
    Boolean,
    Array(Box<Kind>),
    Object(Members),
    Choice(Vec<Kind>),
}

/// The members of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    pub(crate) known: Vec<(String, Kind)>,
    additional: Option<Box<Kind>>,
}

/// Text sent under one name, or under names that extend it with brackets: `filter[from]`, `tags[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    Leaf(Vec<String>),
    Branch(Vec<(String, Texts)>),
}

impl Kind {
    pub(crate) fn of(schema: &Place<'_>) -> Self {
        // Of schemas that refer to each other, each level has more.
        let read = (1..=DEPTH).rev().find_map(|depth| {
            let left = Cell::new(SCHEMAS);
            let kind = Self::read_schema(schema, depth, &left);
            (left.get() > 0).then_some(kind)
        });
        read.unwrap_or(Self::Text)
    }

    /// `depth` is how many levels are read, and `left` how many schemas.
    fn read_schema(schema: &Place<'_>, depth: usize, left: &Cell<usize>) -> Self {
        let schema = schema.resolve().filter(|_| depth > 0 && left.get() > 0);
        let Some(schema) = schema else {
            return Self::Text;
        };
        left.update(|left| left - 1);
        match schema.kind() {
            Some("integer" | "number") => return Self::Number,
            Some("boolean") => return Self::Boolean,
            Some("string") | None if schema.get("enum").is_some() => {
                let values = schema.node.items_of("enum").iter().map(Node::to_json);
                return Self::Listed(values.collect());
            }
            Some("string") => return Self::Text,
            Some("array") => {
                let items = schema.get("items");
                let items = items.map_or(Self::Text, |items| {
                    Self::read_schema(&items, depth - 1, left)
                });
                return Self::Array(Box::new(items));
            }
            _ => {}
        }
        let branches = |key| {
            let branches = schema.items_of(key).into_iter();
            // Nothing is `null` as text.
            let branches = branches.filter(|it| it.node.types().ne(["null"]));
            branches.map(move |branch| Self::read_schema(&branch, depth - 1, left))
        };
        let mut choices: Vec<Self> = branches("oneOf").chain(branches("anyOf")).collect();
        let mut members = Members::of(&schema, depth, left);
        for branch in branches("allOf") {
            match branch {
                Self::Object(more) => members.known.extend(more.known),
                other => choices.push(other),
            }
        }
        let is_object = schema.kind() == Some("object") || !members.known.is_empty();
        if is_object && choices.is_empty() {
            return Self::Object(members);
        }
        if is_object {
            choices.push(Self::Object(members));
        }
        match choices.len() {
            0 => Self::Text,
            1 => choices.remove(0),
            _ => Self::Choice(choices),
        }
    }

    /// Converts a single text.
    pub(crate) fn read(&self, text: &str) -> Value {
        let read = match self {
            Self::Text | Self::Array(_) => None,
            // An object in a single text is JSON.
            Self::Object(_) => {
                let object: Option<Map<_, _>> = serde_json::from_str(text).ok();
                object.map(Value::Object)
            }
            Self::Listed(values) => {
                let mut written = values.iter().filter(|value| !value.is_string());
                let named = values.iter().any(|value| value == text);
                let written = written.find(|value| text_of(value) == text).cloned();
                written.filter(|_| !named)
            }
            Self::Number if text.contains(char::is_whitespace) => None,
            Self::Number => serde_json::from_str(text)
                .ok()
                .map(|number: Number| Value::Number(number)),
            Self::Boolean => text.parse().ok().map(Value::Bool),
            Self::Choice(choices) if choices.contains(&Self::Text) => None,
            Self::Choice(choices) => {
                let is_listed = |choice: &Self| match choice {
                    Self::Listed(values) => values.iter().any(|value| value == text),
                    _ => false,
                };
                let mut read = choices.iter().map(|choice| choice.read(text));
                read.find(|value| !value.is_string())
                    .filter(|_| !choices.iter().any(is_listed))
            }
        };
        read.unwrap_or_else(|| Value::String(text.to_owned()))
    }

    /// Converts all text sent under one name.
    pub(crate) fn read_all(&self, texts: &Texts) -> Value {
        match (self.chosen_for(texts), texts) {
            (Self::Array(items), Texts::Leaf(texts)) => {
                texts.iter().map(|text| items.read(text)).collect()
            }
            (Self::Array(items), Texts::Branch(members)) => members
                .iter()
                .flat_map(|(key, texts)| match texts {
                    // `tags[]=a&tags[]=b`.
                    Texts::Leaf(texts) if key.is_empty() => {
                        texts.iter().map(|text| items.read(text)).collect()
                    }
                    texts => vec![items.read_all(texts)],
                })
                .collect(),
            (kind, Texts::Leaf(texts)) if texts.len() == 1 => kind.read(&texts[0]),
            (kind, Texts::Leaf(texts)) => texts.iter().map(|text| kind.read(text)).collect(),
            (kind, Texts::Branch(members)) => {
                let members = members.iter().map(|(name, texts)| {
                    // An object may have members of several branches.
                    let member = kind.member(name).or_else(|| self.member(name));
                    let member = member.unwrap_or(&Self::Text);
                    (name.clone(), member.read_all(texts))
                });
                Value::Object(members.collect())
            }
        }
    }

    /// The kind of a member of an object; `None` if the schema does not define it.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                let mut known = members.known.iter();
                let known = known.find_map(|(known, kind)| (known == name).then_some(kind));
                known.or(members.additional.as_deref())
            }
            Self::Choice(choices) => choices.iter().find_map(|choice| choice.member(name)),
            _ => None,
        }
    }

    /// Whether the schema names this member of an object.
    pub(crate) fn names(&self, name: &str) -> bool {
        match self {
            Self::Object(members) => members.known.iter().any(|(known, _)| known == name),
            Self::Choice(choices) => choices.iter().any(|choice| choice.names(name)),
            _ => false,
        }
    }

    /// Whether even a single text is a list.
    pub(crate) fn is_list(&self) -> bool {
        match self {
            Self::Choice(choices) => choices.iter().all(Self::is_list),
            kind => matches!(kind, Self::Array(_)),
        }
    }

    /// The first of several kinds that matches the text.
    fn chosen_for(&self, texts: &Texts) -> &Self {
        let Self::Choice(choices) = self else {
            return self;
        };
        let are_lists = self.is_list();
        let fits = |choice: &&Self| match texts {
            Texts::Branch(_) => matches!(choice, Self::Object(_) | Self::Array(_)),
            Texts::Leaf(texts) => (texts.len() > 1 || are_lists) && choice.is_list(),
        };
        choices.iter().find(fits).unwrap_or(self)
    }
}

impl Members {
    fn of(schema: &Place<'_>, depth: usize, left: &Cell<usize>) -> Self {
        let properties = schema.entries_of("properties").into_iter();
        let read = |schema: &Place<'_>| Kind::read_schema(schema, depth - 1, left);
        let additional = schema.get("additionalProperties");
        let additional = additional.filter(|additional| additional.node.is_mapping());
        Self {
            known: properties
                .map(|(name, property)| (name.to_owned(), read(&property)))
                .collect(),
            additional: additional.map(|additional| Box::new(read(&additional))),
        }
    }
}

impl Texts {
    /// Groups names and texts by the brackets in the names that are not members of `kind` themselves.
    pub(crate) fn of<'a>(kind: &Kind, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all = Self::Branch(Vec::new());
        for (name, text) in pairs {
            match kind.names(name) {
                true => all.insert(&[name], text),
                false => all.insert(&split_brackets(name), text),
            }
        }
        all
    }

    /// The text sent under `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Branch(members) => members
                .iter()
                .find_map(|(known, texts)| (known == name).then_some(texts)),
            Self::Leaf(_) => None,
        }
    }

    fn insert(&mut self, path: &[&str], text: &str) {
        match (self, path.split_first()) {
            (Self::Leaf(texts), _) => texts.push(text.to_owned()),
            // `a[b]=1&a=2` is ambiguous. The schema sees a member with an empty name, which it rejects.
            (Self::Branch(members), None) => {
                members.push((String::new(), Self::Leaf(vec![text.to_owned()])));
            }
            (Self::Branch(members), Some((name, rest))) => {
                let known = members.iter().position(|(known, _)| known == name);
                let index = known.unwrap_or_else(|| {
                    let empty = if rest.is_empty() {
                        Self::Leaf(Vec::new())
                    } else {
                        Self::Branch(Vec::new())
                    };
                    members.push(((*name).to_owned(), empty));
                    members.len() - 1
                });
                members[index].1.insert(rest, text);
            }
        }
    }
}

/// Splits `a[b][]` into `a`, `b` and an empty name; a name with mismatched brackets is not split.
fn split_brackets(name: &str) -> Vec<&str> {
    let whole = || vec![name];
    let Some((first, rest)) = name.split_once('[') else {
        return whole();
    };
    let Some(rest) = rest.strip_suffix(']').filter(|_| !first.is_empty()) else {
        return whole();
    };
    let mut path = vec![first];
    path.extend(rest.split("]["));
    if path.len() > DEPTH || path.iter().skip(1).any(|part| part.contains(['[', ']'])) {
        return whole();
    }
    path
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spec_first_document::Document;

    use super::*;

    #[track_caller]
    fn check(schema: &str, pairs: &[(&str, &str)], expected: Value) {
        let document = Document::parse("schema.yaml", schema).unwrap();
        let kind = Kind::of(&Place::root(&document));
        let read = kind.read_all(&Texts::of(&kind, pairs.iter().copied()));
        assert_eq!(read, expected, "{schema}");
    }

    #[test]
    fn members_are_converted_to_their_types() {
        check(
            "{properties: {n: {type: integer}, b: {type: boolean}, s: {type: string}}}",
            &[("n", "7"), ("b", "true"), ("s", "7"), ("other", "7")],
            json!({"n": 7, "b": true, "s": "7", "other": "7"}),
        );
        check(
            "{properties: {n: {type: integer}}}",
            &[("n", "seven")],
            json!({"n": "seven"}),
        );
        check(
            "{type: object, additionalProperties: {type: number}}",
            &[("a", "1.5"), ("b", " 1")],
            json!({"a": 1.5, "b": " 1"}),
        );
    }

    #[test]
    fn brackets_may_be_a_part_of_a_name() {
        check(
            "{properties: {'a[b]': {type: integer}, c: {type: object}}}",
            &[("a[b]", "1"), ("c[d]", "2")],
            json!({"a[b]": 1, "c": {"d": "2"}}),
        );
    }

    #[test]
    fn brackets_form_objects_and_arrays() {
        let schema = "{properties: {a: {properties: {b: {type: array, items: {type: integer}}}}, c: {type: array, items: {properties: {d: {type: boolean}}}}}}";
        check(
            schema,
            &[("a[b][]", "1"), ("a[b][]", "2"), ("c[0][d]", "true")],
            json!({"a": {"b": [1, 2]}, "c": [{"d": true}]}),
        );
        check(
            schema,
            &[("a[b]", "1"), ("a[", "x"), ("[]", "y")],
            json!({"a": {"b": [1]}, "a[": "x", "[]": "y"}),
        );
    }

    #[test]
    fn a_name_with_mismatched_or_too_many_brackets_is_whole() {
        let deepest = format!("a{}", "[b]".repeat(DEPTH - 1));
        assert_eq!(split_brackets(&deepest).len(), DEPTH);
        let too_deep = format!("{deepest}[b]");
        for name in ["a[b]c]", "a[b[c]", "a[b", "a]", "[b]", &too_deep] {
            assert_eq!(split_brackets(name), [name]);
        }
    }

    #[test]
    fn the_alternative_that_matches_the_text_is_used() {
        let schema = "{properties: {created: {anyOf: [{properties: {gte: {type: integer}}}, {type: integer}]}}}";
        check(schema, &[("created", "5")], json!({"created": 5}));
        check(
            schema,
            &[("created[gte]", "5")],
            json!({"created": {"gte": 5}}),
        );
        check(
            "{properties: {id: {oneOf: [{type: integer}, {type: string}]}}}",
            &[("id", "5")],
            json!({"id": "5"}),
        );
        let schema =
            "{properties: {n: {anyOf: [{type: number}, {type: string, enum: ['', '7']}]}}}";
        check(schema, &[("n", "5")], json!({"n": 5}));
        check(schema, &[("n", "7")], json!({"n": "7"}));
        check(schema, &[("n", "")], json!({"n": ""}));
        check(
            "{properties: {n: {anyOf: [{type: integer}, {type: 'null'}]}}}",
            &[("n", "5")],
            json!({"n": 5}),
        );
    }

    #[test]
    fn the_members_of_all_branches_are_converted() {
        check(
            "{allOf: [{properties: {n: {type: integer}}}], oneOf: [{properties: {a: {type: boolean}}}, {properties: {b: {type: boolean}}}]}",
            &[("n", "7"), ("b", "true")],
            json!({"n": 7, "b": true}),
        );
    }

    #[test]
    fn an_enum_without_a_type_says_what_a_text_is() {
        let schema = "{properties: {level: {enum: [1, true, a, '2', 2]}}}";
        for (text, expected) in [
            ("1", json!(1)),
            ("true", json!(true)),
            ("a", json!("a")),
            ("2", json!("2")),
            ("3", json!("3")),
        ] {
            check(schema, &[("level", text)], json!({ "level": expected }));
        }
    }

    #[test]
    fn one_text_is_a_list_if_all_alternatives_are_lists() {
        check(
            "{properties: {a: {anyOf: [{type: array, items: {type: integer}}, {type: array}]}}}",
            &[("a", "1")],
            json!({"a": [1]}),
        );
    }

    #[test]
    fn an_object_in_a_single_field_is_json() {
        let schema = "{properties: {o: {type: object}}}";
        check(schema, &[("o", "{\"a\":1}")], json!({"o": {"a": 1}}));
        let list = format!("{{properties: {{l: {{type: array, items: {schema}}}}}}}");
        let pairs = [("l", "{\"o\":1}"), ("l", "{\"b\":2}")];
        check(&list, &pairs, json!({"l": [{"o": 1}, {"b": 2}]}));
        check(schema, &[("o", "{")], json!({"o": "{"}));
    }

    #[test]
    fn a_recursive_schema_terminates() {
        let document = Document::parse(
            "circle.yaml",
            "{components: {schemas: {A: {properties: {a: {$ref: '#/components/schemas/A'}}}}}, $ref: '#/components/schemas/A'}",
        )
        .unwrap();
        assert!(matches!(Kind::of(&Place::root(&document)), Kind::Object(_)));
    }

    #[test]
    fn schemas_that_refer_to_each_other_are_read_as_deep_as_they_are_few() {
        let properties: Vec<String> = (0..9)
            .map(|number| format!("p{number}: {{$ref: '#/properties/a'}}"))
            .collect();
        let schema = format!(
            "{{properties: {{a: {{properties: {{n: {{type: integer}}, {}}}}}}}}}",
            properties.join(", ")
        );
        check(
            &schema,
            &[("a[p1][p2][n]", "7"), ("a[p1][p2][p3][p4][p5][n]", "7")],
            json!({"a": {"p1": {"p2": {"n": 7, "p3": {"p4": {"p5": {"n": "7"}}}}}}}),
        );
    }
}
