//! Generates a value that matches a schema, for responses without an example and for sample requests: the minimum that the types
//! require, with the examples of nested schemas where they have one.
//!
//! Does not guarantee that the value conforms: callers validate it like any other response.

mod composition;
mod number;
mod text;

use std::iter;

use serde_json::{Map, Value};
use spec_first_document::{Direction, Node, Pointer};

use crate::contract::place::Place;
use number::number;
use text::text;

/// Nesting depth beyond which optional members are omitted.
const DEPTH: usize = 12;

/// Maximum length of a generated string or array; no example is generated for a schema that requires more.
const LENGTH: u64 = 1000;

/// How many branches of a `oneOf` or `anyOf` are tried in first place.
const BRANCHES: usize = 4;

/// Which members a generated object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Required members, and members with an example.
    Least,
    /// All members that the schema names.
    All,
}

/// Whether the examples and defaults of nested schemas are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartExamples {
    /// If they have the type of their schema.
    Used,
    /// Never, because the value generated with them does not conform.
    Ignored,
}

/// How a value is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strategy {
    pub(crate) extent: Extent,
    pub(crate) part_examples: PartExamples,
    /// The index of the branch to try first in each `oneOf` and `anyOf`; wraps around.
    pub(crate) branch: usize,
    /// Whether the value is for a request or a response.
    pub(crate) direction: Direction,
}

impl Strategy {
    /// What is tried first for a response.
    pub(crate) const FIRST: Self = Self {
        extent: Extent::Least,
        part_examples: PartExamples::Used,
        branch: 0,
        direction: Direction::Response,
    };

    /// The strategies worth trying, the most informative and shortest result first. Alternatives may differ only in their
    /// optional members or in which branch comes first, and the examples of nested schemas do not always match them.
    pub(crate) fn all(direction: Direction) -> impl Iterator<Item = Self> {
        (0..BRANCHES).flat_map(move |branch| {
            [PartExamples::Used, PartExamples::Ignored]
                .into_iter()
                .flat_map(move |part_examples| {
                    [Extent::Least, Extent::All].map(|extent| Self {
                        extent,
                        part_examples,
                        branch,
                        direction,
                    })
                })
        })
    }
}

/// Generates a value for `schema`; `None` if that is not possible.
pub(crate) fn generate(schema: &Place<'_>, strategy: Strategy) -> Option<Value> {
    let mut generator = Generator {
        strategy,
        leaves_undescribed: false,
        open: Vec::new(),
    };
    generator.value(schema)
}

struct Generator {
    strategy: Strategy,
    /// Whether the next object is a branch of an `allOf`, so that another branch may define what this one only requires.
    leaves_undescribed: bool,
    /// The references followed so far, so that recursive schemas terminate.
    open: Vec<Pointer>,
}

impl Generator {
    fn value(&mut self, written: &Place<'_>) -> Option<Value> {
        let schema = written.resolve()?;
        if schema.node.as_bool() == Some(false) {
            return None;
        }
        if self.open.len() >= DEPTH || self.open.contains(&schema.pointer) {
            return None;
        }
        self.open.push(schema.pointer.clone());
        let value = self.resolved(&schema);
        self.open.pop();
        value
    }

    fn resolved(&mut self, schema: &Place<'_>) -> Option<Value> {
        self.described(schema)
            .or_else(|| schema.accepts_null().then_some(Value::Null))
    }

    fn described(&mut self, schema: &Place<'_>) -> Option<Value> {
        if self.strategy.part_examples == PartExamples::Used {
            let listed = schema.node.items_of("examples").iter();
            let examples = ["example", "default"].into_iter();
            let examples = examples.filter_map(|key| schema.node.get(key));
            let mut examples = listed.chain(examples).map(Node::to_json);
            if let Some(example) = examples.find(|example| has_type_of(schema, example)) {
                return Some(example);
            }
        }
        let fixed = schema.node.get("const");
        if let Some(fixed) = fixed.or_else(|| schema.node.items_of("enum").get(0)) {
            return Some(fixed.to_json());
        }
        let branches = schema.items_of("allOf");
        if !branches.is_empty() {
            return self.all_of(schema, &branches);
        }
        for key in ["oneOf", "anyOf"] {
            let branches = schema.items_of(key);
            if !branches.is_empty() {
                return self.one_of(schema, &branches);
            }
        }
        match schema.kind() {
            Some("string") => Some(Value::String(text(schema))),
            Some("integer") => number(schema, true),
            Some("number") => number(schema, false),
            Some("boolean") => Some(Value::Bool(true)),
            Some("array") => self.array(schema),
            None if schema.accepts_null() && !schema.is_true("nullable") => None,
            _ if schema.get("items").is_some() => self.array(schema),
            _ => self.object(schema),
        }
    }

    fn array(&mut self, schema: &Place<'_>) -> Option<Value> {
        let least = limit(schema, "minItems").unwrap_or(0);
        let most = limit(schema, "maxItems").unwrap_or(LENGTH);
        let count = least.max(1).min(most);
        // The first items may have schemas of their own, and `items` describes the others.
        let first = schema.items_of("prefixItems").into_iter();
        let mut values: Vec<_> = first.map_while(|item| self.value(&item)).collect();
        let left = count.saturating_sub(values.len() as u64);
        match schema.get("items").and_then(|items| self.value(&items)) {
            _ if left == 0 || (least == 0 && !values.is_empty()) => {}
            None if least == 0 => {}
            Some(item) if count <= LENGTH => {
                let varied = (1..left).map(|index| vary(&item, index));
                values.extend(iter::once(item.clone()).chain(varied));
            }
            _ => return None,
        }
        values.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Some(Value::Array(values))
    }

    fn object(&mut self, schema: &Place<'_>) -> Option<Value> {
        let leaves_undescribed = std::mem::take(&mut self.leaves_undescribed);
        let required = schema.items_of("required");
        let required: Vec<&str> = required
            .iter()
            .filter_map(|name| name.node.as_str())
            .collect();
        let mut members = Map::new();
        let mut spare = Vec::new();
        for (name, property) in schema.entries_of("properties") {
            let resolved = property.resolve();
            let absent = match self.strategy.direction {
                Direction::Request | Direction::TolerantRequest => "readOnly",
                Direction::Response | Direction::Both => "writeOnly",
            };
            if resolved.as_ref().is_some_and(|it| it.is_true(absent)) {
                continue;
            }
            let has_example = resolved.is_some_and(|it| it.get("example").is_some());
            if required.contains(&name) {
                members.insert(name.to_owned(), self.value(&property)?);
            } else if has_example || self.strategy.extent == Extent::All {
                members.extend(self.value(&property).map(|value| (name.to_owned(), value)));
            } else {
                spare.push((name, property));
            }
        }
        let additional = schema.get("additionalProperties");
        let additional = additional.filter(|additional| additional.node.is_mapping());
        for name in required {
            let is_described = schema
                .get("properties")
                .is_some_and(|all| all.get(name).is_some());
            if !is_described && !leaves_undescribed {
                let value = additional
                    .as_ref()
                    .map_or(Some(Value::Null), |it| self.value(it));
                members.insert(name.to_owned(), value?);
            }
        }
        let least = limit(schema, "minProperties").unwrap_or(0);
        for (name, property) in spare {
            if members.len() as u64 >= least {
                break;
            }
            members.extend(self.value(&property).map(|value| (name.to_owned(), value)));
        }
        while (members.len() as u64) < least.min(LENGTH) {
            let value = additional
                .as_ref()
                .map_or(Some(Value::Null), |it| self.value(it));
            members.insert(format!("property{}", members.len() + 1), value?);
        }
        Some(Value::Object(members))
    }
}

/// Whether a value has the type that the schema requires, if it requires one.
fn has_type_of(schema: &Place<'_>, value: &Value) -> bool {
    match (schema.kind(), value) {
        (Some(_), Value::Null) => schema.accepts_null(),
        (Some("string"), value) => value.is_string(),
        (Some("boolean"), value) => value.is_boolean(),
        (Some("array"), value) => value.is_array(),
        (Some("object"), value) => value.is_object(),
        (Some("number"), value) => value.is_number(),
        (Some("integer"), value) => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => true,
    }
}

/// A variation of `item` that differs from the other items, in case they must be unique.
fn vary(item: &Value, index: u64) -> Value {
    match item {
        Value::String(text) => Value::from(format!("{text}{index}")),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number.saturating_add_unsigned(index)),
            None => item.clone(),
        },
        _ => item.clone(),
    }
}

fn limit(schema: &Place<'_>, key: &str) -> Option<u64> {
    schema.get(key)?.node.number()?.as_u64()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use spec_first_document::{Direction, Document, Survey};

    use crate::contract::{validation::Schemas, violation::Violations};

    use super::*;

    /// Generates a value and validates it like a response.
    #[track_caller]
    fn make(schema: &str) -> Value {
        let document = Arc::new(Document::parse("schema.yaml", schema).unwrap());
        let place = Place::root(&document);
        let value =
            generate(&place, Strategy::FIRST).unwrap_or_else(|| panic!("no value for {schema}"));
        let validator = Schemas::of(&Survey::of(&document), Arc::clone(&document), false)
            .add(Direction::Response, &place);
        assert_eq!(
            validator.violations(&value, None),
            Ok(Violations::default()),
            "{schema}: {value}"
        );
        value
    }

    #[test]
    fn every_type_has_a_value() {
        assert_eq!(make("{type: string}"), json!("string"));
        assert_eq!(make("{type: string, minLength: 9}"), json!("stringaaa"));
        assert_eq!(make("{type: string, maxLength: 2}"), json!("st"));
        assert_eq!(make("{type: integer}"), json!(0));
        assert_eq!(make("{type: integer, minimum: 3, multipleOf: 5}"), json!(5));
        assert_eq!(
            make("{type: integer, maximum: -3, exclusiveMaximum: true}"),
            json!(-4)
        );
        assert_eq!(
            make("{type: number, minimum: 0, exclusiveMinimum: true}"),
            json!(0.5)
        );
        assert_eq!(make("{type: boolean}"), json!(true));
        assert_eq!(make("{enum: [b, a]}"), json!("b"));
        assert_eq!(make("{type: array, items: {type: boolean}}"), json!([true]));
        assert_eq!(
            make("{type: array, uniqueItems: true, minItems: 2, items: {type: integer}}"),
            json!([0, 1])
        );
        assert_eq!(
            make("{type: array, uniqueItems: true, minItems: 3, items: {type: string}}"),
            json!(["string", "string1", "string2"])
        );
        assert_eq!(
            make("{allOf: [{type: string}, {description: A branch without a type.}]}"),
            json!("string")
        );
        assert_eq!(
            make("{type: array, maxItems: 0, items: {type: integer}}"),
            json!([])
        );
    }

    /// As [`make`], for a schema of OpenAPI 3.1.
    #[track_caller]
    fn make_3_1(schema: &str) -> Value {
        make(&format!("{{openapi: 3.1.0, {schema}}}"))
    }

    #[test]
    fn keywords_of_openapi_3_1_are_understood() {
        assert_eq!(make_3_1("type: [string, 'null']"), json!("string"));
        assert_eq!(make_3_1("type: ['null', integer]"), json!(0));
        assert_eq!(make_3_1("type: 'null'"), json!(null));
        assert_eq!(make_3_1("const: 7"), json!(7));
        assert_eq!(make_3_1("type: integer, exclusiveMinimum: 3"), json!(4));
        assert_eq!(make_3_1("type: integer, exclusiveMaximum: -3"), json!(-4));
        assert_eq!(make_3_1("type: string, examples: [Ada]"), json!("Ada"));
        let pair = "type: array, prefixItems: [{type: integer}, {type: string}]";
        assert_eq!(make_3_1(pair), json!([0, "string"]));
        assert_eq!(
            make_3_1(&format!("{pair}, items: {{type: boolean}}, minItems: 4")),
            json!([0, "string", true, true])
        );
    }

    #[test]
    fn every_format_has_a_value() {
        for format in [
            "date-time",
            "date",
            "time",
            "duration",
            "uuid",
            "email",
            "uri",
            "uri-reference",
            "hostname",
            "ipv4",
            "ipv6",
            "byte",
            "binary",
            "password",
            "json-pointer",
            "regex",
        ] {
            make(&format!("{{type: string, format: {format}}}"));
        }
    }

    #[test]
    fn the_tighter_of_two_limits_counts() {
        for (limits, expected) in [
            ("minimum: 5, exclusiveMinimum: 3", 5),
            ("minimum: 3, exclusiveMinimum: 5", 6),
            ("minimum: 5, exclusiveMinimum: 5", 6),
            ("maximum: -5, exclusiveMaximum: -3", -5),
            ("maximum: -3, exclusiveMaximum: -5", -6),
        ] {
            let schema = format!("{{openapi: 3.1.0, type: integer, {limits}}}");
            assert_eq!(make(&schema), json!(expected), "{limits}");
        }
    }

    #[test]
    fn a_schema_that_is_false_has_no_value() {
        let pair = "{openapi: 3.1.0, type: array, prefixItems: [{type: integer}], items: false}";
        assert_eq!(make(pair), json!([0]));
        assert_eq!(
            make("{openapi: 3.1.0, type: array, items: false}"),
            json!([])
        );
        assert_eq!(
            make("{openapi: 3.1.0, oneOf: [false, {type: integer}]}"),
            json!(0)
        );
        let impossible = "{openapi: 3.1.0, type: object, required: [a], properties: {a: false}}";
        let document = Document::parse("impossible.yaml", impossible).unwrap();
        assert_eq!(generate(&Place::root(&document), Strategy::FIRST), None);
    }

    #[test]
    fn patterns_are_matched() {
        for pattern in [
            "^[A-Z]{3}-\\d{2,4}$",
            "^(foo|bar)?x+$",
            "^https://[^/?#@]+([/?#]|$)",
            "[^.]",
            "^\\S+@\\S+$",
            // Look-around, including nested groups and literal brackets.
            "^(?!admin$)[a-z]+$",
            "^(?![0-9a-f]{8}(?:-[0-9a-f]{4})$)^[a-z]([a-z0-9-]*[a-z0-9]+)?$",
            "^(?!.*[)(])(?<!x)[a-z\\)]{3}(?=$)(?<=z|a)$",
            // Syntax that only one of the engines has.
            "^/{id}/{}$",
            "^[[(]x[&&]$",
            "^a{2}}b{,3}$",
        ] {
            make(&format!("{{type: string, pattern: '{pattern}'}}"));
        }
    }

    #[test]
    fn objects_have_required_members_and_members_with_examples() {
        let object = "{required: [id, other], properties: {id: {type: integer}, name: {type: string, example: Ada}, note: {type: string}}}";
        assert_eq!(make(object), json!({"id": 0, "name": "Ada", "other": null}));
        assert_eq!(
            make("{minProperties: 1, properties: {a: {type: integer}}}"),
            json!({"a": 0})
        );
        assert_eq!(
            make("{minProperties: 1, additionalProperties: {type: boolean}}"),
            json!({"property1": true})
        );
    }

    #[test]
    fn combinations_are_built_from_their_branches() {
        assert_eq!(
            make(
                "{allOf: [{properties: {a: {type: integer}}}, {required: [a, b], properties: {a: {type: integer}, b: {type: string}}}]}"
            ),
            json!({"a": 0, "b": "string"})
        );
        assert_eq!(
            make("{required: [a], allOf: [{properties: {a: {type: integer}}}]}"),
            json!({"a": 0})
        );
        assert_eq!(make("{oneOf: [{type: integer}, {type: string}]}"), json!(0));
        assert_eq!(
            make(
                "{properties: {a: {type: integer}, b: {type: integer}}, oneOf: [{required: [a]}, {required: [b]}]}"
            ),
            json!({"a": 0})
        );
    }

    #[test]
    fn a_property_required_in_one_branch_is_generated_from_another_that_defines_it() {
        let described = "{properties: {a: {type: integer, example: 7}, b: {type: string}}}";
        assert_eq!(
            make(&format!("{{allOf: [{described}, {{required: [a, b]}}]}}")),
            json!({"a": 7, "b": "string"})
        );
        assert_eq!(
            make(&format!("{{allOf: [{{required: [a]}}, {described}]}}")),
            json!({"a": 7})
        );
        // The definition and the requirement are both one level deeper.
        assert_eq!(
            make(&format!(
                "{{allOf: [{{allOf: [{{required: [b]}}]}}, {{allOf: [{described}]}}]}}"
            )),
            json!({"a": 7, "b": "string"})
        );
        assert_eq!(
            make(&format!(
                "{{required: [c], properties: {{c: {{allOf: [{described}, {{required: [b, other]}}]}}}}}}"
            )),
            json!({"c": {"a": 7, "b": "string", "other": null}})
        );
    }

    #[test]
    fn an_example_of_the_wrong_type_is_not_used() {
        assert_eq!(make("{type: string, example: 20.04}"), json!("string"));
        assert_eq!(
            make("{required: [a], properties: {a: {type: integer, default: none}}}"),
            json!({"a": 0})
        );
        assert_eq!(
            make("{type: integer, nullable: true, example: null}"),
            json!(null)
        );
        assert_eq!(make("{type: number, example: 1}"), json!(1));
        assert_eq!(make("{type: integer, example: 2.0}"), json!(2.0));
    }

    #[test]
    fn recursive_schemas_terminate() {
        let tree = "{components: {schemas: {Tree: {required: [children], properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}}}, $ref: '#/components/schemas/Tree'}";
        assert_eq!(make(tree), json!({"children": []}));
        let endless = "{components: {schemas: {A: {required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}}}, $ref: '#/components/schemas/A'}";
        let document = Document::parse("endless.yaml", endless).unwrap();
        assert_eq!(generate(&Place::root(&document), Strategy::FIRST), None);
    }
}
